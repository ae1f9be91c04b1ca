"""Value added tax of the member states of the European Union and of the United Kingdom."""

from datetime import date

from commerce.pricing.rates.rate import SINCE_LONG, Rate, percent

# Per country and class: rates in parts per million, each with the day it began; the last one is in force. "reduced" is
# for most goods a shop sells at a reduced rate (food, books), "reduced_2" and "super_reduced" are for the rest.
VAT: dict[str, dict[str, list[tuple[int, date]]]] = {
    "AT": {
        "standard": [(200_000, SINCE_LONG)],
        "reduced": [(100_000, SINCE_LONG)],
        "reduced_2": [(130_000, SINCE_LONG)],
    },
    "BE": {
        "standard": [(210_000, SINCE_LONG)],
        "reduced": [(60_000, SINCE_LONG)],
        "reduced_2": [(120_000, SINCE_LONG)],
    },
    "BG": {"standard": [(200_000, SINCE_LONG)], "reduced": [(90_000, SINCE_LONG)]},
    "CY": {"standard": [(190_000, SINCE_LONG)], "reduced": [(50_000, SINCE_LONG)], "reduced_2": [(90_000, SINCE_LONG)]},
    "CZ": {"standard": [(210_000, SINCE_LONG)], "reduced": [(120_000, SINCE_LONG)]},
    "DE": {
        "standard": [(190_000, SINCE_LONG)],
        "reduced": [(70_000, SINCE_LONG)],
    },
    "DK": {"standard": [(250_000, SINCE_LONG)]},
    "EE": {
        "standard": [(220_000, SINCE_LONG), (240_000, date(2025, 7, 1))],
        "reduced": [(90_000, SINCE_LONG)],
        "reduced_2": [(130_000, date(2025, 1, 1))],
    },
    "ES": {
        "standard": [(210_000, SINCE_LONG)],
        "reduced": [(100_000, SINCE_LONG)],
        "super_reduced": [(40_000, SINCE_LONG)],
    },
    "FI": {
        "standard": [(240_000, SINCE_LONG), (255_000, date(2024, 9, 1))],
        "reduced": [(140_000, SINCE_LONG), (135_000, date(2026, 1, 1))],
        "reduced_2": [(100_000, SINCE_LONG)],
    },
    "FR": {
        "standard": [(200_000, SINCE_LONG)],
        "reduced": [(55_000, SINCE_LONG)],
        "reduced_2": [(100_000, SINCE_LONG)],
        "super_reduced": [(21_000, SINCE_LONG)],
    },
    "GB": {"standard": [(200_000, SINCE_LONG)], "reduced": [(50_000, SINCE_LONG)]},
    "GR": {
        "standard": [(240_000, SINCE_LONG)],
        "reduced": [(130_000, SINCE_LONG)],
        "reduced_2": [(60_000, SINCE_LONG)],
    },
    "HR": {
        "standard": [(250_000, SINCE_LONG)],
        "reduced": [(130_000, SINCE_LONG)],
        "reduced_2": [(50_000, SINCE_LONG)],
    },
    "HU": {
        "standard": [(270_000, SINCE_LONG)],
        "reduced": [(180_000, SINCE_LONG)],
        "reduced_2": [(50_000, SINCE_LONG)],
    },
    "IE": {
        "standard": [(230_000, SINCE_LONG)],
        "reduced": [(135_000, SINCE_LONG)],
        "reduced_2": [(90_000, SINCE_LONG)],
        "super_reduced": [(48_000, SINCE_LONG)],
    },
    "IT": {
        "standard": [(220_000, SINCE_LONG)],
        "reduced": [(100_000, SINCE_LONG)],
        "reduced_2": [(50_000, SINCE_LONG)],
        "super_reduced": [(40_000, SINCE_LONG)],
    },
    "LT": {
        "standard": [(210_000, SINCE_LONG)],
        "reduced": [(90_000, SINCE_LONG), (120_000, date(2026, 1, 1))],
        "reduced_2": [(50_000, SINCE_LONG)],
    },
    "LU": {
        "standard": [(170_000, SINCE_LONG)],
        "reduced": [(80_000, SINCE_LONG)],
        "super_reduced": [(30_000, SINCE_LONG)],
    },
    "LV": {
        "standard": [(210_000, SINCE_LONG)],
        "reduced": [(120_000, SINCE_LONG)],
        "reduced_2": [(50_000, SINCE_LONG)],
    },
    "MT": {"standard": [(180_000, SINCE_LONG)], "reduced": [(50_000, SINCE_LONG)], "reduced_2": [(70_000, SINCE_LONG)]},
    "NL": {"standard": [(210_000, SINCE_LONG)], "reduced": [(90_000, SINCE_LONG)]},
    "PL": {"standard": [(230_000, SINCE_LONG)], "reduced": [(80_000, SINCE_LONG)], "reduced_2": [(50_000, SINCE_LONG)]},
    "PT": {
        "standard": [(230_000, SINCE_LONG)],
        "reduced": [(60_000, SINCE_LONG)],
        "reduced_2": [(130_000, SINCE_LONG)],
    },
    "RO": {
        "standard": [(190_000, SINCE_LONG), (210_000, date(2025, 8, 1))],
        "reduced": [(90_000, SINCE_LONG), (110_000, date(2025, 8, 1))],
    },
    "SE": {
        "standard": [(250_000, SINCE_LONG)],
        "reduced": [(120_000, SINCE_LONG)],
        "reduced_2": [(60_000, SINCE_LONG)],
    },
    "SI": {"standard": [(220_000, SINCE_LONG)], "reduced": [(95_000, SINCE_LONG)], "reduced_2": [(50_000, SINCE_LONG)]},
    "SK": {
        "standard": [(200_000, SINCE_LONG), (230_000, date(2025, 1, 1))],
        "reduced": [(100_000, SINCE_LONG), (190_000, date(2025, 1, 1))],
        "reduced_2": [(50_000, date(2025, 1, 1))],
    },
}


def eu_vat() -> list[Rate]:
    """Rows for the 27 member states and GB, by country, class and day. Territories with rules of their own (Northern
    Ireland, the Canary Islands, Åland) are not told apart."""
    found = []
    for country, classes in VAT.items():
        for tax_class, periods in classes.items():
            found += [_row(country, tax_class, f"VAT {percent(rate)}", rate, day) for rate, day in periods]
        found.append(_row(country, "zero", "VAT 0%", 0, SINCE_LONG))
        found.append(_row(country, "exempt", "VAT exempt", 0, SINCE_LONG))
    return sorted(found)


def _row(country: str, tax_class: str, name: str, rate_ppm: int, valid_from: date) -> Rate:
    return Rate(country, "", tax_class, f"{country.lower()}-vat", name, rate_ppm, valid_from)
