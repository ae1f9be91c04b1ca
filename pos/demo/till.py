"""A till as it stands in a store: it knows prices and taxes, counts its receipts, and sends the server what it sold."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.models import Variant
from commerce.catalog.units import in_units
from commerce.company.models import User
from commerce.kernel.clock import business_date
from commerce.kernel.ids import new_uid
from commerce.pricing.engine import price_cart
from commerce.pricing.models import Market, Price
from commerce.pricing.queries import Taxes, market_for
from inventory import numbered
from orders.demo import paid_by_card
from orders.quotes import Place, taxes_at
from pos import cards, queries
from pos.actions.record_sale import record_sale
from pos.envelope import parse_envelope
from pos.models import Register, Shift


class Till:
    """One register. `receipts` is the number of the last receipt that it printed."""

    def __init__(self, register: Register, retailer: Any, amounts: Amounts) -> None:
        self.register = register
        self.receipts = queries.last_receipt(register)
        self._retailer = retailer
        self._amounts = amounts
        self._taxes: dict[date, Taxes] = {}

    @cached_property
    def market(self) -> Market:
        return market_for(self.register.location.country)

    @cached_property
    def prices(self) -> dict[str, int]:
        """Its own catalog: unit prices by SKU."""
        found = Price.objects.filter(price_list=self.market.price_list_id, from_quantity=1, is_limited=False)
        return dict(found.values_list("variant__sku", "amount_minor"))

    @cached_property
    def _tax_classes(self) -> dict[str, str]:
        return dict(Variant.objects.values_list("sku", "product__tax_class"))

    @cached_property
    def _numbered(self) -> dict[str, int]:
        """What has serial numbers: primary keys by SKU."""
        return dict(Variant.objects.filter(tracks_serials=True).values_list("sku", "pk"))

    def sell(
        self,
        lines: list[tuple[str, int]],
        tenders: Iterable[Any],
        *,
        shift: Shift | None,
        cashier: User,
        at: datetime,
        received_at: datetime | None = None,
        receipt: int = 0,
        prices: dict[str, int] | None = None,
    ) -> None:
        """Sell SKUs and quantities (smallest amounts). `received_at` is when the server hears of it, at once unless
        given; `receipt` is a number other than the next one; `prices` are those by SKU that this till has wrong."""
        tenders = tuple(tenders)
        priced = self._price(lines, prices or {}, at=at)
        rounding = priced["cash"]["rounding"] if all(tender.kind == "cash" for tender in tenders) else 0
        if not receipt:
            receipt = self.receipts = self.receipts + 1
        uid = new_uid()
        envelope = {
            "id": str(uid),
            "register": self.register.code,
            "shift": str(shift.uid) if shift else None,
            "cashier": cashier.username,
            "sold_at": at.isoformat(),
            "receipt_number": f"{self.register.code}-{receipt:06d}",
            "currency": self.market.currency,
            "lines": [self._line(line, at=at) for line in priced["lines"]],
            "tenders": [
                self._tender(part, uid, cashier, at=at)
                for part in self._retailer.settle(priced["total"] + rounding, tenders)
            ],
            "total": self._money(priced["total"]),
            "rounding": rounding,
        }
        record_sale(parse_envelope(envelope), at=received_at or at)

    def _price(self, lines: list[tuple[str, int]], wrong: dict[str, int], *, at: datetime) -> dict[str, Any]:
        return price_cart(
            {
                "currency": self.market.currency,
                "prices_include_tax": self.market.prices_include_tax,
                "tax_rounding": "document",
                "lines": [
                    {
                        "id": f"{n}",
                        "sku": sku,
                        "quantity": quantity,
                        "scale": self._amounts.scale(sku),
                        "unit_minor": wrong.get(sku, self.prices[sku]),
                        "taxes": self._taxes_of(sku, at=at),
                        "discounts": [],
                    }
                    for n, (sku, quantity) in enumerate(lines)
                ],
                "order_discounts": [],
                "charges": [],
                "cash_rounding": {"step_minor": self.market.cash_step_minor},
            }
        )

    def _taxes_of(self, sku: str, *, at: datetime) -> list[Any]:
        place = self.register.location
        day = business_date(place.time_zone, at)
        if day not in self._taxes:
            self._taxes = {day: taxes_at(Place.of_location(place), at=at)}
        return [dict(tax) for tax in self._taxes[day][self._tax_classes[sku]]]

    def _line(self, line: dict[str, Any], *, at: datetime) -> dict[str, Any]:
        variant = self._numbered.get(line["sku"])
        here = numbered.in_stock_at(self.register.location_id, variant) if variant else []
        return {
            "serials": here[: line["quantity"]],
            "sku": line["sku"],
            "quantity": in_units(line["quantity"], self._amounts.scale(line["sku"])),
            "unit_price": self._money(line["unit"]),
            "taxes": self._taxes_of(line["sku"], at=at),
            "discounts": [],
        }

    def _tender(self, part: Any, sale_uid: UUID, cashier: User, *, at: datetime) -> dict[str, Any]:
        sent = {"type": part.kind, "amount": self._money(part.amount_minor)}
        if part.kind == "cash":
            return {**sent, "tendered": self._money(part.handed_minor)}
        attempt = new_uid()
        intent = paid_by_card(f"pi_demo_{attempt.hex}", part.amount_minor, self.market.currency)
        cards.enter_approved(self.register, uid=attempt, sale_uid=sale_uid, intent=intent, person=cashier, at=at)
        return {**sent, "attempt": str(attempt)}

    def _money(self, minor: int) -> dict[str, Any]:
        return {"amount": minor, "currency": self.market.currency}
