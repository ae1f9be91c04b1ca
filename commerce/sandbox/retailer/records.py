"""The shapes in which the demo retailer is described. Frozen, without Django, money in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Quantity = int | Decimal  # as a person writes it: 3 mugs, 2.35 m of webbing


@dataclass(frozen=True, slots=True)
class Company:
    """The retailer itself, as it signs its receipts, e-mails and legal pages."""

    name: str
    legal_name: str
    legal_name_eu: str
    tagline: str
    about: str
    voice: str
    returns_policy: str
    returns_days: int
    founded: int
    employer_id_us: str
    vat_id_eu: str
    chamber_number_nl: str
    website: str
    email: str
    email_orders: str
    phone: str


@dataclass(frozen=True, slots=True)
class Location:
    """A store or warehouse.

    `opening_hours` has seven pairs of opening and closing time in local minutes, Monday first; None: closed.
    """

    code: str
    name: str
    kind: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    latitude: float
    longitude: float
    time_zone: str
    phone: str
    email: str
    market: str
    currency: str
    opening_hours: tuple[tuple[int, int] | None, ...]
    services: tuple[str, ...]
    safety_stock: int
    pickup_ready_minutes: int
    about: str


@dataclass(frozen=True, slots=True)
class Register:
    """A till position. `receipt_columns` is the width of its printer's paper in characters; `card_reader` is the id of
    its reader at the card network, `pairing_code` what the demo's browsers are paired with."""

    code: str
    location_code: str
    name: str
    receipt_columns: int
    drawer_float_minor: int
    card_reader: str
    pairing_code: str


@dataclass(frozen=True, slots=True)
class Market:
    """Countries that see the same prices. `cash_step_minor` is the smallest coin that totals are rounded to; the web's
    prices begin and end by `time_zone`."""

    code: str
    name: str
    currency: str
    countries: tuple[str, ...]
    prices_include_tax: bool
    shipping_minor: int
    free_shipping_from_minor: int
    cash_step_minor: int
    time_zone: str


@dataclass(frozen=True, slots=True)
class CardReader:
    """A card reader as the card network knows it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One rate in parts per million. `exempt_below_minor`: a cheaper item is not taxed (New York clothing)."""

    country: str
    state: str
    tax_class: str
    rate_ppm: int
    name: str
    exempt_below_minor: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Someone on the payroll; `location_code` is empty for people of the head office. Log-ins are for the demo only."""

    key: str
    first_name: str
    last_name: str
    username: str
    email: str
    role: str
    location_code: str
    pin: str
    password: str
    hired_on: date


@dataclass(frozen=True, slots=True)
class Customer:
    """An invented shopper. `home_store` is the store they visit; empty where none is near."""

    key: str
    first_name: str
    last_name: str
    email: str
    phone: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str
    market: str
    home_store: str
    is_member: bool
    accepts_marketing: bool
    joined_on: date


@dataclass(frozen=True, slots=True)
class Category:
    """A shelf of the shop. `parent` is empty on the first level; `drawing` names its banner."""

    slug: str
    name: str
    parent: str
    description: str
    position: int


@dataclass(frozen=True, slots=True)
class Color:
    """A color of the house palette; `code` is its part of a SKU."""

    key: str
    name: str
    code: str
    hex: str


@dataclass(frozen=True, slots=True)
class Option:
    """One axis along which a product varies, with its values in the order a shopper sees them."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """What is sold. Prices and cost are minor units; EUR prices include VAT, USD prices do not include sales tax.

    Goods by the meter have the `unit` m, for which their prices are, and are cut to a hundredth of it (`unit_scale`).
    Their makers send whole reels of `reel` meters; `packs` are the barcodes of coils with the meters in each. What has
    `parts` is a kit: it has no stock of its own, one of it is so much of other SKUs. `content` is what one piece
    holds, an amount and a unit.
    """

    sku: str
    barcode: str
    alternate_barcodes: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    color: str
    price_usd: int
    price_eur: int
    compare_at_usd: int | None
    compare_at_eur: int | None
    cost_usd: int
    weight_grams: int
    position: int
    unit: str
    unit_scale: int
    reel: int
    packs: tuple[tuple[str, int], ...]
    parts: tuple[tuple[str, Quantity], ...]
    content: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Product:
    """A style with its variants. `picture_option` names the option whose values have a picture each.

    `has_serials`: each piece has a number of its own. `popularity` is a relative weight of demand, `return_rate` the
    share of units that come back (0 to 1), `looks` maps each value of the picture option to the color in which it is
    drawn.
    """

    key: str
    title: str
    brand: str
    category: str
    description: str
    materials: str
    care: str
    fit: str
    drawing: str
    options: tuple[Option, ...]
    picture_option: str
    looks: tuple[tuple[str, str], ...]
    variants: tuple[Variant, ...]
    tax_class: str
    tags: tuple[str, ...]
    launched_on: date
    popularity: float
    return_rate: float
    is_discontinued: bool
    has_serials: bool


@dataclass(frozen=True, slots=True)
class SaleLine:
    """So much of one SKU in a basket."""

    sku: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Tender:
    """How (a part of) a sale is paid; `settle` turns tenders into amounts once the total is known.

    `fixed_minor` is the amount this tender covers, None the remainder. `rounded_to_minor`: cash handed over is the
    amount rounded up to a multiple of this, the difference is change.
    """

    kind: str
    fixed_minor: int | None = None
    rounded_to_minor: int = 1


@dataclass(frozen=True, slots=True)
class Sale:
    """One basket that was paid for. `channel` is pos or web; times are aware and in UTC.

    `location_code` is where the goods leave from. `register_code` and `cashier` are empty on the web; `customer` is
    empty for an unknown person at the till. `ready_at` and `handed_over_at` are None while that has not happened.
    """

    number: int
    channel: str
    market: str
    currency: str
    location_code: str
    at: datetime
    lines: tuple[SaleLine, ...]
    tenders: tuple[Tender, ...]
    customer: str
    is_guest: bool
    fulfillment_type: str
    register_code: str
    cashier: str
    campaign: str
    ready_at: datetime | None
    handed_over_at: datetime | None


@dataclass(frozen=True, slots=True)
class StockLine:
    """So much of one SKU that stands at, or arrives at, a location."""

    location_code: str
    sku: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who makes the goods of a brand; `lead_days` pass from an order to its delivery."""

    code: str
    name: str
    brand: str
    email: str
    phone: str
    currency: str
    lead_days: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods that were sent from one location to another (`source_code`), or ordered from a `supplier` (its code).

    `at` is when they came, None while they have not; `arrived` is what came then: now and then less than `lines`, from
    suppliers also more.
    """

    number: int
    sent_at: datetime
    due_at: datetime
    at: datetime | None
    location_code: str
    source_code: str
    supplier: str
    lines: tuple[SaleLine, ...]
    arrived: tuple[SaleLine, ...]


@dataclass(frozen=True, slots=True)
class Mishap:
    """Units that came or went beside trade: broken, lost, used up. `quantity` has a minus for those that are gone;
    `reason` is a word of the stockroom's, `note` what somebody wrote to it."""

    at: datetime
    location_code: str
    sku: str
    quantity: Quantity
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class Stocktake:
    """A part of the shelves that was counted. `found` has every SKU of it, with what was there beyond what the books
    said: mostly 0, with a minus for what was missing."""

    number: int
    at: datetime
    location_code: str
    found: tuple[tuple[str, Quantity], ...]


@dataclass(frozen=True, slots=True)
class TillShift:
    """A register's working day, with no `closed_at` while the till is open.

    `difference_minor` is what the drawer count was over (positive) or short.
    """

    register_code: str
    business_date: date
    opened_at: datetime
    closed_at: datetime | None
    opened_by: str
    closed_by: str
    float_minor: int
    difference_minor: int


@dataclass(frozen=True, slots=True)
class Login:
    """A way into the demo: `secret` is a PIN at the till and a password in the back office. With an empty `user` it is
    the code that makes a browser the register `name`."""

    name: str
    role: str
    where: str
    user: str
    secret: str
