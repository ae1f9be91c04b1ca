"""Who works at Hadlo, and the log-ins of the demo. Names, PINs and passwords are invented and serve the demo alone."""

from __future__ import annotations

from datetime import date

from .places import locations, registers
from .records import Login, Person

_STAFF = (
    # first, last, role, location, PIN, password, hired
    ("Maren", "Oyelaran", "admin", "", "310027", "larch-kettle-27", "2011-04-02"),
    ("Tobias", "Fenwick", "back_office_manager", "", "310141", "harbor-pencil-41", "2014-09-15"),
    ("Priya", "Raman", "back_office_manager", "", "310268", "copper-meadow-68", "2018-02-05"),
    ("Walter", "Quintero", "manager", "WH-1", "420113", "pallet-juniper-13", "2016-06-20"),
    ("Noemi", "Castellano", "associate", "WH-1", "420285", "ribbon-granite-85", "2022-10-03"),
    ("June", "Halvorsen", "manager", "PDX-1", "503101", "cedar-window-01", "2012-03-12"),
    ("Desmond", "Achebe", "lead", "PDX-1", "503246", "walnut-signal-46", "2019-05-27"),
    ("Ivy", "Nakagawa", "associate", "PDX-1", "503378", "thimble-river-78", "2023-04-10"),
    ("Rafael", "Montoya", "associate", "PDX-1", "503412", "lantern-plum-12", "2024-08-19"),
    ("Astrid", "Lindqvist", "manager", "MSP-1", "612105", "birch-anchor-05", "2015-10-01"),
    ("Kofi", "Mensah", "lead", "MSP-1", "612233", "saddle-comet-33", "2020-01-13"),
    ("Hannah", "Whitcomb", "associate", "MSP-1", "612381", "mitten-orchard-81", "2023-11-06"),
    ("Salvatore", "Bruno", "manager", "BKN-1", "718109", "ferry-marble-09", "2016-11-14"),
    ("Yuki", "Arakawa", "lead", "BKN-1", "718220", "paper-falcon-20", "2020-09-07"),
    ("Tamika", "Broussard", "associate", "BKN-1", "718354", "velvet-canyon-54", "2022-05-16"),
    ("Leo", "Abramov", "associate", "BKN-1", "718467", "engine-clover-67", "2024-03-25"),
    ("Guadalupe", "Reyes", "manager", "AUS-1", "512108", "pecan-bridge-08", "2017-02-20"),
    ("Colton", "Hargrove", "lead", "AUS-1", "512297", "saddle-pepper-97", "2021-07-12"),
    ("Mei-Lin", "Zhao", "associate", "AUS-1", "512335", "cactus-ribbon-35", "2024-01-22"),
    ("Femke", "de Graaf", "manager", "AMS-1", "200104", "tulip-harbor-04", "2019-03-18"),
    ("Joris", "van Houten", "lead", "AMS-1", "200256", "canal-copper-56", "2021-02-01"),
    ("Amina", "El Idrissi", "associate", "AMS-1", "200389", "bicycle-rain-89", "2023-09-11"),
)
_ROLE_NAMES = {
    "admin": "Administrator",
    "back_office_manager": "Back-office manager",
    "manager": "Store manager",
    "lead": "Shift lead",
    "associate": "Associate",
}


def staff() -> tuple[Person, ...]:
    """Everyone on the payroll, head office first, then by location with the manager first."""
    found = []
    for first, last, role, location, pin, password, hired in _STAFF:
        username = first.lower().replace("-", "")
        found.append(
            Person(
                key=username,
                first_name=first,
                last_name=last,
                username=username,
                email=f"{username}@hadlo.example",
                role=role,
                location_code=location,
                pin=pin,
                password=password,
                hired_on=date.fromisoformat(hired),
            )
        )
    return tuple(found)


def demo_logins() -> tuple[Login, ...]:
    """The log-ins worth printing: the back office with passwords, then each store's till: the code that pairs a browser
    with a register, and the PINs, manager first."""
    people = staff()
    office = [
        Login(
            f"{person.first_name} {person.last_name}",
            _ROLE_NAMES[person.role],
            "/admin/",
            person.username,
            person.password,
        )
        for person in people
        if person.role in ("admin", "back_office_manager")
        or (person.role == "manager" and person.location_code == "PDX-1")
    ]
    return tuple(office + [login for location in locations() for login in _till_logins(location.code)])


def _till_logins(location_code: str) -> list[Login]:
    """How to make a browser one of a store's registers, and who may sell there."""
    where = f"/till/ {location_code}"
    codes = [
        Login(register.name, "Pairing code", where, "", f"{register.pairing_code[:4]}-{register.pairing_code[4:]}")
        for register in registers()
        if register.location_code == location_code
    ]
    people = [
        Login(f"{person.first_name} {person.last_name}", _ROLE_NAMES[person.role], where, person.username, person.pin)
        for person in staff()
        if person.location_code == location_code
    ]
    return codes + people if codes else []
