"""What a means of payment has to say. One file each; settings.TENDERS lists them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tender:
    """`account` of the ledger receives the money; `gives_change` and `opens_drawer` are for the till."""

    code: str
    label: Any
    account: str
    at_till: bool = False
    gives_change: bool = False
    opens_drawer: bool = False
