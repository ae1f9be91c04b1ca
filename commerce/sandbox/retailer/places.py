"""Where Hadlo trades: five stores and a warehouse, their registers, and the taxes that apply there.

Streets and coordinates are real shopping districts; house numbers and tenancy are invented. Telephone numbers lie in
the range kept free for fiction (555-01xx) or, in Amsterdam, start with a 0 that no subscriber number there has.
"""

from __future__ import annotations

from .records import CardReader, Location, Market, Register, TaxRate

_WEEK = {
    "city": ((600, 1140),) * 5 + ((600, 1140), (660, 1080)),
    "late": ((600, 1200),) * 5 + ((600, 1200), (660, 1140)),
    "amsterdam": ((660, 1080), (600, 1080), (600, 1080), (600, 1260), (600, 1140), (600, 1080), (720, 1080)),
    "warehouse": ((420, 1080),) * 5 + (None, None),
}
_STORE = ("pickup", "curbside", "ship_from_store", "repairs")


_LOCATIONS = (
    Location(
        code="WH-1",
        name="Sparks warehouse",
        kind="warehouse",
        line1="1890 E Greg Street",
        line2="Dock 4",
        city="Sparks",
        state="NV",
        postal_code="89431",
        country="US",
        latitude=39.5227,
        longitude=-119.7337,
        time_zone="America/Los_Angeles",
        phone="+1 775 555 0120",
        email="warehouse@hadlo.example",
        market="US",
        currency="USD",
        opening_hours=_WEEK["warehouse"],
        services=("ship",),
        safety_stock=0,
        pickup_ready_minutes=0,
        about="Where web orders for the United States are packed, before three in the afternoon on the same day.",
    ),
    Location(
        code="PDX-1",
        name="Portland, Alberta Street",
        kind="store",
        line1="1547 NE Alberta Street",
        line2="",
        city="Portland",
        state="OR",
        postal_code="97211",
        country="US",
        latitude=45.5590,
        longitude=-122.6496,
        time_zone="America/Los_Angeles",
        phone="+1 503 555 0131",
        email="portland@hadlo.example",
        market="US",
        currency="USD",
        opening_hours=_WEEK["city"],
        services=_STORE,
        safety_stock=1,
        pickup_ready_minutes=60,
        about="The first store, with the first repair bench. Coffee on Saturdays.",
    ),
    Location(
        code="MSP-1",
        name="Minneapolis, North Loop",
        kind="store",
        line1="213 N Washington Avenue",
        line2="",
        city="Minneapolis",
        state="MN",
        postal_code="55401",
        country="US",
        latitude=44.9858,
        longitude=-93.2702,
        time_zone="America/Chicago",
        phone="+1 612 555 0147",
        email="minneapolis@hadlo.example",
        market="US",
        currency="USD",
        opening_hours=_WEEK["city"],
        services=_STORE,
        safety_stock=1,
        pickup_ready_minutes=60,
        about="An old seed warehouse two blocks from the river, with a boot wall and a stove in winter.",
    ),
    Location(
        code="BKN-1",
        name="Brooklyn, Atlantic Avenue",
        kind="store",
        line1="361 Atlantic Avenue",
        line2="",
        city="Brooklyn",
        state="NY",
        postal_code="11217",
        country="US",
        latitude=40.6878,
        longitude=-73.9868,
        time_zone="America/New_York",
        phone="+1 718 555 0158",
        email="brooklyn@hadlo.example",
        market="US",
        currency="USD",
        opening_hours=_WEEK["late"],
        services=("pickup", "ship_from_store", "repairs"),
        safety_stock=1,
        pickup_ready_minutes=90,
        about="Two narrow floors: travel and paper below, everything for the weekend above.",
    ),
    Location(
        code="AUS-1",
        name="Austin, South Congress",
        kind="store",
        line1="1722 South Congress Avenue",
        line2="",
        city="Austin",
        state="TX",
        postal_code="78704",
        country="US",
        latitude=30.2467,
        longitude=-97.7513,
        time_zone="America/Chicago",
        phone="+1 512 555 0169",
        email="austin@hadlo.example",
        market="US",
        currency="USD",
        opening_hours=_WEEK["late"],
        services=_STORE,
        safety_stock=1,
        pickup_ready_minutes=60,
        about="Shade, water bottles and a long bench outside. Dogs are welcome and usually fed.",
    ),
    Location(
        code="AMS-1",
        name="Amsterdam, Haarlemmerdijk",
        kind="store",
        line1="Haarlemmerdijk 191",
        line2="",
        city="Amsterdam",
        state="",
        postal_code="1013 KH",
        country="NL",
        latitude=52.3845,
        longitude=4.8869,
        time_zone="Europe/Amsterdam",
        phone="+31 20 020 0176",
        email="amsterdam@hadlo.example",
        market="EU",
        currency="EUR",
        opening_hours=_WEEK["amsterdam"],
        services=("pickup", "ship_from_store", "repairs"),
        safety_stock=2,
        pickup_ready_minutes=120,
        about="The European store, and the stockroom behind it that packs every web order for the continent.",
    ),
)


def locations() -> tuple[Location, ...]:
    """The warehouse first, then the stores in the order they opened."""
    return _LOCATIONS


def registers() -> tuple[Register, ...]:
    """Two registers in each store, a third on Atlantic Avenue; the second of each is a tablet with a narrow printer."""
    found = []
    for location in locations():
        if location.kind != "store":
            continue
        names = ("Front counter", "Shop floor tablet") + (("Upstairs",) if location.code == "BKN-1" else ())
        for number, name in enumerate(names, start=1):
            columns = 32 if number == 2 else 42
            store = location.code[:3]
            found.append(
                Register(
                    code=f"{location.code}-R{number}",
                    location_code=location.code,
                    name=name,
                    receipt_columns=columns,
                    drawer_float_minor=20000,
                    card_reader=f"tmr_demo_{store.lower()}{number}",
                    pairing_code=f"TEST{store}{' ABC'[number]}",
                )
            )
    return tuple(found)


def card_readers() -> tuple[CardReader, ...]:
    """The reader beside each register."""
    return tuple(CardReader(register.card_reader, f"{register.code} {register.name}") for register in registers())


def markets() -> tuple[Market, ...]:
    """The home market first. Parcels are free from about the price of a jacket."""
    abroad = tuple(_VAT_RATES)
    return (
        Market("us", "United States", "USD", ("US",), False, 795, 9900, 1, "America/Los_Angeles"),
        Market("eu", "Europe", "EUR", abroad, True, 695, 9900, 5, "Europe/Amsterdam"),
    )


_STATE_RATES = {
    "OR": ("No sales tax", {}),
    "NV": (
        "Nevada and Washoe County sales tax",
        {"standard": 82650, "clothing": 82650, "candy": 82650, "books": 82650},
    ),
    "MN": ("Minnesota, Hennepin and Minneapolis sales tax", {"standard": 90250, "candy": 90250, "books": 90250}),
    "NY": ("New York State and City sales tax", {"standard": 88750, "clothing": 88750, "candy": 88750, "books": 88750}),
    "TX": ("Texas and Austin sales tax", {"standard": 82500, "clothing": 82500, "candy": 82500, "books": 82500}),
}
_VAT_RATES = {
    "NL": {"standard": 210000, "clothing": 210000, "food": 90000, "candy": 90000, "books": 90000},
    "BE": {"standard": 210000, "clothing": 210000, "food": 60000, "candy": 60000, "books": 60000},
    "DE": {"standard": 190000, "clothing": 190000, "food": 70000, "candy": 70000, "books": 70000},
    "FR": {"standard": 200000, "clothing": 200000, "food": 55000, "candy": 200000, "books": 55000},
}
TAX_CLASSES = ("standard", "clothing", "food", "candy", "books")


def tax_rates() -> tuple[TaxRate, ...]:
    """Rates where Hadlo collects tax: its five states, and the countries it ships to in the EU.

    A state not listed has no tax because the company has no presence there. Minnesota and New York spare clothing (New
    York below 110 dollars an item), and all five states spare groceries; the demo rates are those of the store's city.
    """
    found = []
    for state, (name, rates) in _STATE_RATES.items():
        for tax_class in TAX_CLASSES:
            threshold = 11000 if (state, tax_class) == ("NY", "clothing") else 0
            found.append(TaxRate("US", state, tax_class, rates.get(tax_class, 0), name, threshold))
    for country, rates in _VAT_RATES.items():
        found += [TaxRate(country, "", tax_class, rates[tax_class], f"VAT {country}") for tax_class in TAX_CLASSES]
    return tuple(found)
