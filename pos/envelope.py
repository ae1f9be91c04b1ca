"""The sale envelope: what a till sends of a sale that has happened. Parsed whole, or refused with every reason.

    {
      "id": UUIDv7 of the sale, minted by the till,
      "register": code of the register, or "location": code of the location when no register of ours was used,
      "shift": uid of the shift | null,  "cashier": user name | null,
      "sold_at": ISO time by the till's clock,
      "receipt_number": "PDX-1-1-000123" | absent: the server numbers it,
      "priced_at"?: the store's wall clock by which it was priced, "2026-05-03T14:10:00",  "rules"?: their version,
      "currency": "USD",
      "lines": [{"id"?, "sku", "quantity", "unit_price"?: {"amount", "currency"}, "taxes"?: [...], "discounts"?: [...],
                 "override"?: {"original": minor units, "reason", "approved_by"} where the price was set by hand,
                 "open_price"?: {"note", "approved_by"} where the goods have no price and somebody said one,
                 "serials"?: [serial numbers of its units, where they have some],
                 "gift_card"?: uid of the card that this line puts money on}],
      "order_discounts"?: [...],  "charges"?: [{"id", "kind", "label", "amount": {...}, "taxes", "discounts"}],
      "coupons"?: [{"code", ...}],
      "tenders": [{"type": "cash" | "card_present" | …, "amount": {"amount", "currency"},
                   "tendered"?: {...}, "attempt"?: uid of the card attempt, "card"?: {"last4"} of a card machine,
                   "hold"?: uid of what the server holds of a gift card or store credit for this sale}],
      "total"?: {"amount", "currency"},  "rounding"?: minor units of cash rounding
    }

A quantity is in units: a whole number of pieces, or "0.35" (or 0.35) of what is sold by the meter.

Discounts are those of the price engine's cart, `order_discounts` name lines by their `id`; one by hand says who
`approved_by` it. Prices, taxes, discounts and charges that are absent are the server's: the envelope of another program
need not know them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from commerce.catalog.skus import normalize_sku
from commerce.kernel.errors import InvalidInput
from inventory.serials import tidy
from orders.tenders import registry as tender_registry

MAX_LINES = 500
MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    sku_key: str
    sku: str
    quantity: Decimal
    unit_minor: int | None
    taxes: list[dict[str, Any]] | None
    discounts: list[dict[str, Any]] | None
    serials: list[str]
    id: str = ""
    compare_at_minor: int | None = None
    override: dict[str, Any] | None = None
    open_price: dict[str, str] = field(default_factory=dict)
    gift_card: UUID | None = None


@dataclass(frozen=True, slots=True)
class TenderPart:
    type: str
    amount_minor: int
    tendered_minor: int | None
    attempt: UUID | None
    last4: str = ""
    hold: UUID | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    uid: UUID
    register: str
    location: str
    shift: UUID | None
    cashier: str
    sold_at: datetime
    receipt_number: str
    currency: str
    lines: list[Line]
    tenders: list[TenderPart]
    total_minor: int | None
    rounding_minor: int
    raw: dict[str, Any] = field(repr=False)
    priced_at: str = ""
    rules: str = ""
    order_discounts: list[dict[str, Any]] = field(default_factory=list)
    charges: list[dict[str, Any]] = field(default_factory=list)
    coupons: list[str] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        """Whether it says what the whole sale was charged beside its lines."""
        return "order_discounts" in self.raw


class _Reader:
    """Reads fields and collects what is wrong with them, so that all of it can be said at once."""

    def __init__(self) -> None:
        self.problems: dict[str, list[str]] = {}

    def blame(self, name: str, text: str) -> None:
        self.problems.setdefault(name, []).append(text)

    def text(self, data: dict[str, Any], name: str, *, at: str = "", most: int = 120) -> str:
        value = data.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most or any(ord(char) < 32 for char in value):
            self.blame(at + name, _("This must be a short text."))
            return ""
        return value.strip()

    def parsed(self, data: dict[str, Any], name: str, parse: Callable[[str], Any], text: str, *, at: str = "") -> Any:
        value = data.get(name)
        if value is None or value == "":
            return None
        try:
            found = parse(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if found is None:
            self.blame(at + name, text)
        return found

    def whole(self, value: Any, name: str, *, low: int, high: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.blame(name, _("This must be a whole number."))
            return low
        if not low <= value <= high:
            self.blame(name, _("This must be between %(low)d and %(high)d.") % {"low": low, "high": high})
            return low
        return value

    def quantity(self, value: Any, name: str) -> Decimal:
        """In units; how finely its variant is sold is judged by `sales.price`."""
        try:
            found = Decimal(str(value)[:40]) if type(value) in (int, float, str) else Decimal("NaN")
        except ArithmeticError:
            found = Decimal("NaN")
        if not found.is_finite():
            self.blame(name, _('This must be a number, such as 2 or "0.35".'))
            return Decimal(1)
        if not 0 < found <= MAX_QUANTITY:
            self.blame(name, _("The quantity must be more than 0 and at most %(high)d.") % {"high": MAX_QUANTITY})
            return Decimal(1)
        return found

    def money(self, value: Any, name: str, currency: str) -> int:
        if not isinstance(value, dict) or value.get("currency") != currency:
            self.blame(
                name, _('Send money as {"amount": minor units, "currency": "%(currency)s"}.') % {"currency": currency}
            )
            return 0
        return self.whole(value.get("amount"), f"{name}.amount", low=0, high=10**12)

    def rows(self, data: dict[str, Any], name: str, *, most: int) -> list[dict[str, Any]]:
        value = data.get(name)
        if (
            not isinstance(value, list)
            or not 1 <= len(value) <= most
            or not all(isinstance(row, dict) for row in value)
        ):
            self.blame(name, _("Send a list of 1 to %(most)d entries.") % {"most": most})
            return []
        return value


def parse_envelope(data: Any) -> Envelope:
    """From JSON values to an `Envelope`. Raises `InvalidInput` naming every field that is wrong."""
    if not isinstance(data, dict):
        raise InvalidInput({"body": [_("Send a sale as a JSON object.")]})
    read = _Reader()
    uid = read.parsed(data, "id", UUID, _("This must be a UUID."))
    if uid is None and "id" not in read.problems:
        read.blame("id", _("Every sale needs an id of its own: a UUID minted by the till."))
    sold_at = read.parsed(data, "sold_at", _aware, _("This must be an ISO time with its offset."))
    if sold_at is None and "sold_at" not in read.problems:
        read.blame("sold_at", _("Say when the sale happened."))
    currency = read.text(data, "currency", most=3)
    if len(currency) != 3:
        read.blame("currency", _("Name the currency, e.g. USD."))
    lines = [
        _line(read, row, f"lines.{n}.", currency) for n, row in enumerate(read.rows(data, "lines", most=MAX_LINES))
    ]
    parts = [_tender(read, row, f"tenders.{n}.", currency) for n, row in enumerate(read.rows(data, "tenders", most=20))]
    if sum(line.quantity for line in lines) > MAX_QUANTITY:
        read.blame("lines", _("One sale holds at most %(most)d units.") % {"most": MAX_QUANTITY})
    register, location = read.text(data, "register"), read.text(data, "location")
    if not register and not location:
        read.blame("register", _("Name the register, or the location, that sold."))
    shift = read.parsed(data, "shift", UUID, _("This must be a UUID."))
    cashier, receipt_number = read.text(data, "cashier", most=150), read.text(data, "receipt_number", most=60)
    total = read.money(data["total"], "total", currency) if data.get("total") is not None else None
    rounding = read.whole(data.get("rounding", 0), "rounding", low=-(10**6), high=10**6)
    decided = _decided(read, data, currency)
    if read.problems:
        raise InvalidInput(read.problems)
    said = (uid, register, location, shift, cashier, sold_at, receipt_number, currency, lines, parts, total, rounding)
    return Envelope(*said, data, **decided)


def _aware(text: str) -> datetime | None:
    found = parse_datetime(text)
    # Clocks may be wrong by decades (1970: a dead battery), but must leave room for every time zone.
    return found if found and found.tzinfo and 1970 <= found.year < 9000 else None


def _line(read: _Reader, row: dict[str, Any], at: str, currency: str) -> Line:
    sku = read.text(row, "sku", at=at)
    if not sku:
        read.blame(f"{at}sku", _("Every line needs its SKU."))
    price, before = row.get("unit_price"), row.get("compare_at")
    quantity = read.quantity(row.get("quantity"), f"{at}quantity")
    return Line(
        sku_key=normalize_sku(sku).value if sku else "",
        sku=sku,
        quantity=quantity,
        unit_minor=None if price is None else read.money(price, f"{at}unit_price", currency),
        taxes=_dicts(read, row.get("taxes"), f"{at}taxes"),
        discounts=_dicts(read, row.get("discounts"), f"{at}discounts"),
        serials=_serials(read, row.get("serials"), f"{at}serials", quantity),
        id=read.text(row, "id", at=at, most=50),
        compare_at_minor=None if before is None else read.whole(before, f"{at}compare_at", low=0, high=10**12),
        override=_override(read, row.get("override"), f"{at}override"),
        gift_card=read.parsed(row, "gift_card", UUID, _("This must be a UUID."), at=at),
        open_price=_open_price(read, row.get("open_price"), f"{at}open_price"),
    )


def _override(read: _Reader, value: Any, name: str) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        read.blame(name, _("Send an object."))
        return None
    original = read.whole(value.get("original"), f"{name}.original", low=0, high=10**12)
    words = {key: read.text(value, key, at=f"{name}.", most=150) for key in ("reason", "approved_by")}
    return {"original": original, **words}


def _open_price(read: _Reader, value: Any, name: str) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        read.blame(name, _("Send an object."))
        return {}
    return {key: read.text(value, key, at=f"{name}.", most=150) for key in ("note", "approved_by")}


def _decided(read: _Reader, data: dict[str, Any], currency: str) -> dict[str, Any]:
    """What was charged beside the lines, and by which rules."""
    charges = [
        {
            **{key: read.text(row, key, at=f"charges.{n}.") for key in ("id", "kind", "label")},
            "amount_minor": read.money(row.get("amount"), f"charges.{n}.amount", currency),
            "taxes": _dicts(read, row.get("taxes"), f"charges.{n}.taxes") or [],
            "discounts": _dicts(read, row.get("discounts"), f"charges.{n}.discounts") or [],
        }
        for n, row in enumerate(_dicts(read, data.get("charges"), "charges", most=MAX_LINES) or [])
    ]
    return {
        "priced_at": read.text(data, "priced_at", most=19),
        "rules": read.text(data, "rules", most=40),
        "order_discounts": _dicts(read, data.get("order_discounts"), "order_discounts", most=100) or [],
        "charges": charges,
        "coupons": [
            read.text(row, "code", at=f"coupons.{n}.", most=60)
            for n, row in enumerate(_dicts(read, data.get("coupons"), "coupons") or [])
        ],
    }


def _serials(read: _Reader, value: Any, name: str, quantity: Decimal) -> list[str]:
    """A line may have fewer numbers than units: it was sold, and a case asks for the others."""
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > quantity or not all(isinstance(number, str) for number in value):
        read.blame(name, _("Send a list of serial numbers, at most one for each unit."))
        return []
    try:
        return tidy(value)
    except InvalidInput as error:
        read.blame(name, " ".join(error.fields["serials"]))
        return []


def _dicts(read: _Reader, value: Any, name: str, *, most: int = 20) -> list[dict[str, Any]] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) > most or not all(isinstance(row, dict) for row in value):
        read.blame(name, _("Send a list of objects."))
        return None
    return value


def _tender(read: _Reader, row: dict[str, Any], at: str, currency: str) -> TenderPart:
    kind = read.text(row, "type", at=at)
    known = [code for code, tender in tender_registry().items() if tender.at_till]
    if kind not in known:
        read.blame(f"{at}type", _("Choose one of: %(types)s.") % {"types": ", ".join(known)})
    amount = read.money(row.get("amount"), f"{at}amount", currency)
    given = None if row.get("tendered") is None else read.money(row["tendered"], f"{at}tendered", currency)
    if given is not None and kind in known and not (tender_registry()[kind].gives_change and given >= amount):
        read.blame(f"{at}tendered", _("Only cash gives change, and never less was given than is paid with it."))
    return TenderPart(
        type=kind,
        amount_minor=amount,
        tendered_minor=given,
        attempt=read.parsed(row, "attempt", UUID, _("This must be a UUID."), at=at),
        hold=read.parsed(row, "hold", UUID, _("This must be a UUID."), at=at),
        last4=_last4(read, row.get("card"), f"{at}card") if kind == "external_terminal" else "",
    )


def _last4(read: _Reader, value: Any, name: str) -> str:
    """The end of a card's number as somebody typed it: four figures and no more, or nothing."""
    found = value.get("last4", "") if isinstance(value, dict) else ("" if value is None else None)
    if isinstance(found, str) and (not found or (len(found) == 4 and found.isascii() and found.isdigit())):
        return found
    read.blame(name, _("Send the last four figures of the card, and never more of it."))
    return ""
