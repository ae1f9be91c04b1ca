"""Sales tax of the states of the US and the District of Columbia."""

from datetime import date

from commerce.pricing.rates.rate import SINCE_LONG, Rate

# Base rates in parts per million. California's includes the 1.25 % and Virginia's the 1 % that every place there adds.
# Five states have no sales tax.
STANDARD = {
    "AK": 0, "AL": 40_000, "AR": 65_000, "AZ": 56_000, "CA": 72_500, "CO": 29_000, "CT": 63_500, "DC": 60_000,
    "DE": 0, "FL": 60_000, "GA": 40_000, "HI": 40_000, "IA": 60_000, "ID": 60_000, "IL": 62_500, "IN": 70_000,
    "KS": 65_000, "KY": 60_000, "LA": 50_000, "MA": 62_500, "MD": 60_000, "ME": 55_000, "MI": 60_000, "MN": 68_750,
    "MO": 42_250, "MS": 70_000, "MT": 0, "NC": 47_500, "ND": 50_000, "NE": 55_000, "NH": 0, "NJ": 66_250,
    "NM": 48_750, "NV": 68_500, "NY": 40_000, "OH": 57_500, "OK": 45_000, "OR": 0, "PA": 60_000, "RI": 70_000,
    "SC": 60_000, "SD": 42_000, "TN": 70_000, "TX": 62_500, "UT": 48_500, "VA": 53_000, "VT": 60_000, "WA": 65_000,
    "WI": 50_000, "WV": 60_000, "WY": 40_000,
}  # fmt: skip
CHANGED = {"LA": date(2025, 1, 1)}
BEFORE = {"LA": 44_500}

# Unprepared food, in the states that tax it at all; the others exempt it. With the local share where it is the same in
# the whole state (North Carolina 2 %, Utah 1.25 of 3 %, Virginia 1 %).
FOOD = {
    "AL": 20_000, "HI": 40_000, "ID": 60_000, "MO": 12_250, "MS": 50_000, "NC": 20_000, "SD": 42_000, "TN": 40_000,
    "UT": 30_000, "VA": 10_000,
}  # fmt: skip
FOOD_CHANGED = {
    "AL": date(2025, 9, 1),
    "AR": date(2026, 1, 1),
    "IL": date(2026, 1, 1),
    "KS": date(2025, 1, 1),
    "MS": date(2025, 7, 1),
    "OK": date(2024, 8, 29),
}
FOOD_BEFORE = {"AL": 30_000, "AR": 1_250, "IL": 10_000, "KS": 20_000, "MS": 70_000, "OK": 45_000}

# Everyday clothing of any price.
CLOTHING_EXEMPT = ("MN", "NJ", "PA", "VT")


def us_states() -> list[Rate]:
    """Rows for all fifty states and DC, by state, class and day; states without sales tax have rates of 0."""
    found = []
    for state, rate in STANDARD.items():
        if state in CHANGED:
            found.append(_row(state, "standard", BEFORE[state], SINCE_LONG))
        found.append(_row(state, "standard", rate, CHANGED.get(state, SINCE_LONG)))
        if state in FOOD_CHANGED:
            found.append(_row(state, "reduced", FOOD_BEFORE[state], SINCE_LONG))
        found.append(_row(state, "reduced", FOOD.get(state, 0), FOOD_CHANGED.get(state, SINCE_LONG)))
        found += [_row(state, tax_class, 0, SINCE_LONG) for tax_class in ("zero", "exempt")]
        if state in CLOTHING_EXEMPT:
            found.append(_row(state, "clothing", 0, SINCE_LONG))
    return sorted(found)


def _row(state: str, tax_class: str, rate_ppm: int, valid_from: date) -> Rate:
    return Rate("US", state, tax_class, f"us-{state.lower()}", f"{state} sales tax", rate_ppm, valid_from)
