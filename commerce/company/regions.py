"""Parts of countries that an address must name, and what postal codes look like. Facts, nothing else."""

import re

STATES: dict[str, dict[str, str]] = {
    "US": {
        "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
        "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
        "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
        "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
        "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
        "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
        "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
        "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
        "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
        "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
    },
}  # fmt: skip

POSTAL_CODES: dict[str, tuple[str, str]] = {
    "US": (r"\d{5}(-\d{4})?", "97205"),
    "NL": (r"\d{4} ?[A-Z]{2}", "1013 KH"),
    "BE": (r"\d{4}", "1000"),
    "DE": (r"\d{5}", "10115"),
    "FR": (r"\d{5}", "75011"),
    "AT": (r"\d{4}", "1010"),
    "ES": (r"\d{5}", "28001"),
    "IT": (r"\d{5}", "00184"),
}


def postal_code_problem(country: str, text: str) -> str:
    """An example of what this country's postal codes look like when `text` is none; empty when it is."""
    pattern, example = POSTAL_CODES.get(country, (r"[A-Z0-9][A-Z0-9 -]{1,10}", ""))
    return "" if re.fullmatch(pattern, text.strip().upper()) else example or text
