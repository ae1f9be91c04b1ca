"""The shoppers of the demo: invented people in real towns, with e-mail addresses that reach nobody."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import cycle

from .records import Customer

# city, state, postal code, country, home store, streets, how many shoppers live there
_TOWNS = (
    ("Portland", "OR", "97211", "US", "PDX-1", ("NE Killingsworth Street", "NE 24th Avenue", "NE Prescott Street"), 9),
    ("Portland", "OR", "97214", "US", "PDX-1", ("SE Hawthorne Boulevard", "SE Taylor Street"), 6),
    ("Beaverton", "OR", "97005", "US", "PDX-1", ("SW Hall Boulevard", "SW Watson Avenue"), 2),
    ("Vancouver", "WA", "98660", "US", "PDX-1", ("Columbia Street", "Franklin Street"), 2),
    ("Minneapolis", "MN", "55401", "US", "MSP-1", ("N 2nd Street", "River Street"), 6),
    ("Minneapolis", "MN", "55408", "US", "MSP-1", ("Emerson Avenue S", "W 31st Street"), 5),
    ("Saint Paul", "MN", "55105", "US", "MSP-1", ("Grand Avenue", "Goodrich Avenue"), 4),
    ("Brooklyn", "NY", "11217", "US", "BKN-1", ("Dean Street", "Bergen Street", "Pacific Street"), 9),
    ("Brooklyn", "NY", "11215", "US", "BKN-1", ("Garfield Place", "7th Avenue"), 5),
    ("New York", "NY", "10003", "US", "BKN-1", ("E 10th Street", "Irving Place"), 4),
    ("Austin", "TX", "78704", "US", "AUS-1", ("South 1st Street", "Kinney Avenue", "Bouldin Avenue"), 8),
    ("Austin", "TX", "78751", "US", "AUS-1", ("Avenue G", "Duval Street"), 5),
    ("San Marcos", "TX", "78666", "US", "AUS-1", ("W Hopkins Street",), 2),
    ("Reno", "NV", "89501", "US", "", ("Riverside Drive", "Court Street"), 3),
    ("Seattle", "WA", "98103", "US", "", ("Fremont Avenue N", "Stone Way N"), 4),
    ("Denver", "CO", "80205", "US", "", ("Larimer Street", "Williams Street"), 4),
    ("Chicago", "IL", "60614", "US", "", ("N Halsted Street", "W Webster Avenue"), 3),
    ("Burlington", "VT", "05401", "US", "", ("Pine Street", "Howard Street"), 2),
    ("Asheville", "NC", "28801", "US", "", ("Montford Avenue",), 2),
    ("Amsterdam", "", "1013", "NL", "AMS-1", ("Haarlemmerdijk", "Palmgracht", "Brouwersgracht"), 10),
    ("Amsterdam", "", "1072", "NL", "AMS-1", ("Ferdinand Bolstraat", "Govert Flinckstraat"), 5),
    ("Haarlem", "", "2011", "NL", "AMS-1", ("Kleine Houtstraat", "Zijlstraat"), 4),
    ("Utrecht", "", "3512", "NL", "AMS-1", ("Oudegracht", "Voorstraat"), 4),
    ("Berlin", "", "10997", "DE", "", ("Wrangelstraße", "Oranienstraße"), 5),
    ("Hamburg", "", "20357", "DE", "", ("Schanzenstraße", "Bartelsstraße"), 3),
    ("Antwerpen", "", "2000", "BE", "", ("Kloosterstraat", "Nationalestraat"), 3),
    ("Paris", "", "75011", "FR", "", ("Rue Oberkampf", "Rue de Charonne"), 3),
)
_FIRST = {
    "US": (
        "Adaeze Alana Amos Beatriz Bennett Bridget Caleb Camila Carmen Casper Clara Dalia Damon Delphine Dev Edith "
        "Elijah Esperanza Ezra Farah Flora Gideon Greta Hakeem Harriet Hugo Imani Ines Isaac Jada Jasper Joelle Jonah "
        "Kavya Keiko Lamar Leila Linus Lucia Malik Marisol Maude Micah Minh Nadia Naomi Nolan Odessa Omar Opal Otis "
        "Paloma Pearl Quentin Ravi Rosa Rowan Ruth Samir Selma Silas Simone Soren Stella Tariq Tessa Theo Thuy Uma "
        "Vera Victor Wanda Willa Xavier Yara Yusuf Zadie Zeke"
    ),
    "NL": (
        "Anouk Bas Cato Daan Eline Floor Gijs Hanneke Ilse Jelle Karel Lieke Marloes Niels Noor Pepijn Roos Sanne Sem "
        "Tijn Wouter Yfke Emre Fatima Aylin Piet"
    ),
    "DE": "Jonas Katharina Lena Matthias Nele Ulrike Cem Friederike Moritz Svenja",
    "BE": "Brecht Lotte Joost Amélie",
    "FR": "Camille Étienne Manon Théo",
}
_LAST = {
    "US": (
        "Abernathy Alvarado Appiah Baird Bancroft Bello Bhatt Blackwood Boucher Callahan Cardenas Chaudhry Cobb "
        "Delacroix Diallo Donnelly Duong Eastman Ellery Espinoza Faulkner Figueroa Frost Gallagher Goldberg Greer "
        "Hale Haddad Hendricks Hoang Ibarra Iverson Jacoby Jurado Kapoor Kessler Kowalski Lachance Langford Lozano "
        "Macintyre Maddox Marchetti Meeks Mercado Nazari Nguyen Norwood Obi Okafor Osterman Pacheco Park Pellegrino "
        "Prather Quigley Radcliffe Rosen Sandoval Schaefer Shapiro Sokolov Stavros Sterling Takeda Tanaka Thibodeaux "
        "Tran Underhill Valdez Vance Varga Wexler Whitaker Yamada Yilmaz Zamora Zeller"
    ),
    "NL": (
        "Bakker Boersma Brouwer Dekker Dijkstra Hoekstra Hofman Jansen Kuiper Meijer Mulder Postma Schouten Smit "
        "Veenstra Verbeek Visser Vos Wolters Zijlstra Demir Haddou Sarac"
    ),
    "DE": "Albrecht Baumann Fischer Hartmann Krüger Neumann Özdemir Vogel Brandt Lorenz",
    "BE": "Claes Janssens Peeters Wauters",
    "FR": "Bernard Garnier Lefèvre Moreau",
}
_AREA_CODES = {
    "OR": "503", "WA": "360", "MN": "612", "NY": "718", "TX": "512", "NV": "775", "CO": "303", "IL": "312", "VT": "802",
    "NC": "828",
}  # fmt: skip
_DIALING = {"NL": "+31 6 000", "DE": "+49 170 000", "BE": "+32 470 00", "FR": "+33 6 00 00"}
_FIRST_DAY = date(2021, 3, 1)


@cache
def customers() -> tuple[Customer, ...]:
    """All shoppers, by town. Numbers of telephones abroad have a 0 where none can stand, so they reach nobody."""
    dice = random.Random("hadlo customers")
    names = {country: _names(dice, country) for country in _FIRST}
    found: list[Customer] = []
    for town in _TOWNS:
        market = "US" if town[3] == "US" else "EU"
        for _ in range(town[6]):
            found.append(_customer(dice, len(found) + 1, market, town, *next(names[town[3]])))
    return tuple(found)


def _names(dice: random.Random, country: str) -> Iterator[tuple[str, str]]:
    """Pairs of first and last name; the two lists shift against each other with every turn, so no pair comes twice."""
    firsts = dice.sample(_FIRST[country].split(), _FIRST[country].count(" ") + 1)
    lasts = dice.sample(_LAST[country].split(), _LAST[country].count(" ") + 1)
    for turn, first in enumerate(cycle(firsts)):
        yield first, lasts[(turn + turn // len(firsts)) % len(lasts)]


def _customer(
    dice: random.Random,
    number: int,
    market: str,
    town: tuple[str, str, str, str, str, tuple[str, ...], int],
    first: str,
    last: str,
) -> Customer:
    city, state, postal_code, country, home_store, streets, _ = town
    street, house = dice.choice(streets), dice.randint(3, 288)
    if state in ("OR", "MN", "TX"):
        house += 1200
    line1 = f"{house} {street}" if country in ("US", "FR") else f"{street} {house}"
    if country == "NL":
        postal_code = f"{postal_code} {dice.choice('ABCEGHKLNPRSTVWXZ')}{dice.choice('ABCEGHKLNPRSTVWXZ')}"
    handle = f"{_plain(first)}.{_plain(last)}"
    is_member = dice.random() < 0.62
    return Customer(
        key=handle,
        first_name=first,
        last_name=last,
        email=f"{handle}@example.{dice.choice(('com', 'com', 'org', 'net'))}",
        phone=f"{_DIALING.get(country) or f'+1 {_AREA_CODES[state]} 555'} {100 + number % 100:04d}",
        line1=line1,
        line2=f"Apt {dice.randint(1, 24)}" if market == "US" and dice.random() < 0.3 else "",
        city=city,
        state=state,
        postal_code=postal_code,
        country=country,
        market=market,
        home_store=home_store,
        is_member=is_member,
        accepts_marketing=is_member and dice.random() < 0.7,
        joined_on=_FIRST_DAY + timedelta(days=dice.randint(0, 1500)),
    )


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    return folded.lower().replace(" ", "").replace("'", "")
