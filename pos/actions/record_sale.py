"""A sale at a till has happened: record it once, refuse it never."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from commerce.kernel import idempotency
from commerce.kernel.clock import business_date
from commerce.kernel.db import action, in_transaction
from commerce.kernel.errors import KeyReused
from commerce.kernel.failpoints import failpoint
from commerce.kernel.ids import new_uid
from commerce.kernel.money import Money
from commerce.ledger import journal
from commerce.pricing.currencies import kept_rate
from customers.models import WalletHold
from inventory import shortfalls, stock
from inventory.levels import Demand, Source
from inventory.shortfalls import Shortage
from orders import books, drafts, placement, serial_numbers, timeline, totals
from orders.errors import TenderMismatch
from orders.models import Fulfillment, FulfillmentLine, Order, OrderLine, Payment
from orders.routing import resourcing
from pos import approvals, cards, drawer, oddities, open_prices, sales, wallets
from pos import charged as charges
from pos.envelope import Envelope, TenderPart
from pos.errors import CardNotPaid
from pos.models import CardAttempt, Register, Sale
from pos.sales import Scene


@action
def record_sale(envelope: Envelope, *, register: Register | None = None, at: datetime) -> dict[str, Any]:
    """Record a sale and return the answer for the till; the same sale again gets the same answer and changes nothing.

    `register` is that of the till which sent it, whatever it was called when it sold. Stock goes down whatever it says:
    the goods have left. What is odd about the sale (a web order's promise, a price, a serial number, a receipt number,
    a cashier who may not sell any more, a counted shift, a wrong clock) becomes a case and a warning in the answer.

    Raises `InvalidInput`, `TenderMismatch`, `CardNotPaid`, `WalletNotHeld`, `WalletHoldLost`, and `KeyReused` when the
    uid came with another sale before.
    """
    earlier = _earlier(envelope)
    if earlier is not None:
        return earlier
    scene = sales.scene_of(envelope, register, at=at)
    variants = sales.variants_of(envelope)
    charged = charges.price_again(envelope, scene, variants)
    _check_tenders(envelope, charged.priced)
    order, lines, paid, astray = _write(envelope, scene, variants, charged.priced, at=at)
    failpoint("pos.before_stock")
    source = Source("order", order.uid, scene.cashier, order.business_date)
    # What has no price of its own is work or wrapping, and lies on no shelf.
    stocked = [line for line, variant in zip(lines, variants, strict=True) if not variant.is_open_price]
    demands = [Demand(line.variant_id, scene.location.pk, line.quantity) for line in stocked]
    shortages = stock.sell(demands, source=source, at=at)
    numbered = serial_numbers.sell(lines, scene.location, source=source, at=at)
    rescues = resourcing.rescue(shortages, at=at)
    spent = approvals.use_coupons(order, at=at)
    _report_shortages(shortages, order, at=at)
    _post(order, lines, paid, scene, at=at)
    number, clash = sales.number_of(envelope, scene)
    _tell_history(order, paid, scene, number, at=at)
    odd = [
        *oddities.of_stock(order, rescues),
        *oddities.of_serials(order, numbered),
        *oddities.of_price(order, charged.drift),
        *approvals.of_reductions(envelope, scene, order, charged, variants),
        *approvals.of_coupons(order, spent),
        *open_prices.keep(envelope, scene, order, lines, variants),
        *wallets.of_cards(astray, order),
        *oddities.of_number(envelope, order, clash=clash),
        *oddities.of_scene(envelope, scene, order),
    ]
    warnings = oddities.report(odd, scene, at=at)
    placement.announce(order, [], "order.placed", at=at)
    answer = _answer(order, number, warnings)
    digest = idempotency.fingerprint(envelope.raw)
    sales.keep(envelope, scene, order, receipt_number=number, envelope_hash=digest, answer=answer, at=at)
    failpoint("pos.before_commit")
    return answer


def _report_shortages(shortages: list[Shortage], order: Order, *, at: datetime) -> None:
    """What could not be sent from elsewhere is a case, and so are books that stay below zero."""
    because = _("Sale %(number)s") % {"number": order.number}
    still = shortfalls.among([row.level for row in shortages])
    shortfalls.report(still, because=because, facts={"sale": str(order.number)}, at=at)


def _earlier(envelope: Envelope) -> dict[str, Any] | None:
    idempotency.wait_for_turn("pos.sale", str(envelope.uid))
    kept = Sale.objects.filter(uid=envelope.uid).first()
    if kept is None:
        return None
    if kept.envelope_hash != idempotency.fingerprint(envelope.raw):
        raise KeyReused()
    return dict(kept.answer)


def _check_tenders(envelope: Envelope, priced: dict[str, Any]) -> None:
    attempts = [part.attempt for part in envelope.tenders if part.attempt]
    if len(attempts) != len(set(attempts)):
        raise CardNotPaid()
    due = priced["total"] + envelope.rounding_minor
    paid = sum(part.amount_minor for part in envelope.tenders)
    if paid != due:
        raise TenderMismatch(
            paid=Money(paid, envelope.currency).format(),
            due=Money(due, envelope.currency).format(),
            due_minor=due,
            paid_minor=paid,
        )


@in_transaction
def _write(
    envelope: Envelope, scene: Scene, variants: list[Any], priced: dict[str, Any], *, at: datetime
) -> tuple[Order, list[OrderLine], list[Payment], list[OrderLine]]:
    """The order as it was sold, complete from the start: handed over, and paid."""
    on = business_date(scene.location.time_zone, scene.sold_at)
    order = Order.objects.create(
        uid=new_uid(),
        number=placement.next_number(),
        channel=Order.Channel.POS,
        state=Order.State.CLOSED,
        market=scene.market,
        location=scene.location,
        actor=scene.cashier,
        rounding_minor=envelope.rounding_minor,
        created_at=at,
        placed_at=scene.sold_at,
        business_date=on,
        payment_status=totals.payment_status(due=1, captured=1, refunded=0),
        fulfillment_status=totals.fulfillment_status([(1, 1, 0)]),
        exchange_rate=kept_rate(priced["currency"], on),
        coupons=drafts.coupon_codes(priced),
        **drafts.money_of(priced),
    )
    del order.exchange_rate  # written by the statement; read when somebody asks
    lines = drafts.write_till_lines(order, variants, priced, [line.serials for line in envelope.lines])
    fulfillment = Fulfillment.objects.create(
        uid=new_uid(),
        order=order,
        type="counter",
        location=scene.location,
        state=Fulfillment.State.DONE,
        created_at=at,
        done_at=scene.sold_at,
    )
    FulfillmentLine.objects.bulk_create(
        FulfillmentLine(fulfillment=fulfillment, order_line=line, quantity=line.quantity) for line in lines
    )
    held = wallets.match(envelope)
    paid = Payment.objects.bulk_create(_payment(order, part, envelope, scene, held, at=at) for part in envelope.tenders)
    wallets.take(held, list(zip(envelope.tenders, paid, strict=True)), at=at)
    astray = wallets.load_cards(envelope, lines, variants, actor=scene.cashier, at=at)
    return order, lines, paid, astray


@in_transaction
def _tell_history(order: Order, paid: list[Payment], scene: Scene, number: str, *, at: datetime) -> None:
    timeline.add_many(
        order,
        [
            ("sold", {"receipt": number}),
            *(("paid", {"amount": row.amount.as_json(), "tender": row.tender}) for row in paid),
        ],
        at=at,
        actor=scene.cashier,
    )


def _payment(
    order: Order,
    part: TenderPart,
    envelope: Envelope,
    scene: Scene,
    held: dict[UUID, WalletHold],
    *,
    at: datetime,
) -> Payment:
    payment = Payment(
        uid=new_uid(),
        order=order,
        tender=part.type,
        state=Payment.State.CAPTURED,
        currency=envelope.currency,
        amount_minor=part.amount_minor,
        authorized_minor=part.amount_minor,
        captured_minor=part.amount_minor,
        tendered_minor=part.tendered_minor,
        created_at=at,
        settled_at=scene.sold_at,
        details={**_details(part, scene), **wallets.details(part, held)},
    )
    if part.attempt:
        attempt = CardAttempt.objects.select_for_update().filter(uid=part.attempt).first()
        matches = attempt and (attempt.sale_uid, attempt.state, attempt.amount_minor, attempt.currency) == (
            envelope.uid,
            CardAttempt.State.APPROVED,
            part.amount_minor,
            envelope.currency,
        )
        if not attempt or not matches:
            raise CardNotPaid()
        payment.provider, payment.provider_id, payment.details = "stripe", attempt.provider_id, attempt.details
        cards.take(attempt, at=at)
    return payment


def _details(part: TenderPart, scene: Scene) -> dict[str, str]:
    """Which drawer or card machine has it, and of which card, as far as anybody knows."""
    if part.type == "external_terminal":
        return {"terminal": scene.drawer, **({"last4": part.last4} if part.last4 else {})}
    return {"drawer": scene.drawer} if part.type == "cash" else {}


@in_transaction
def _post(order: Order, lines: list[OrderLine], paid: list[Payment], scene: Scene, *, at: datetime) -> None:
    on, code = order.business_date, scene.location.code
    assert on is not None
    journal.post(
        [
            books.sale(order, placement.charges_of(order), lines=lines, on=on, location_code=code),
            *(books.payment(row, on=on, location_code=code) for row in paid),
        ],
        at=at,
    )
    if scene.shift:
        drawer.record_sale(scene.shift, [row for row in paid if row.tender == "cash"], actor=scene.cashier, at=at)


def _answer(order: Order, number: str, warnings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": str(order.uid),
        "number": order.number,
        "receipt_number": number,
        "total": {"amount": order.total_minor, "currency": order.currency},
        "tax": {"amount": order.tax_minor, "currency": order.currency},
        "warnings": warnings,
    }
