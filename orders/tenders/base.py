"""What a means of payment has to say. One file each; settings.TENDERS lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orders.models import Payment, Refund


class Back(Enum):
    """How money goes back by a tender: the card network sends it, somebody hands it over, it is written to a card or an
    account of ours in the same transaction, or somebody orders it at the bank (see `orders.bank_transfers`)."""

    NETWORK = "network"
    HAND = "hand"
    WALLET = "wallet"
    TRANSFER = "transfer"


def _no_part(payment: "Payment") -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Tender:
    """`account` of the ledger receives the money, and `part` says which part of it (a drawer, a provider, a card).

    What it can: `works_offline` (a till may take it with no server), `multi_capture` (an authorization can be captured
    in parts), `partial_refund`. `refund_rank` is its place in the order in which money is given back, the lowest first;
    `is_fallback` lets it stand in when the original one cannot take its money back. A tender that writes to a wallet
    gives `give_back`, a step: it credits the refund and returns details for its row.
    """

    code: str
    label: Any
    account: str
    at_till: bool = False
    at_shop: bool = False
    gives_change: bool = False
    opens_drawer: bool = False
    works_offline: bool = False
    multi_capture: bool = False
    partial_refund: bool = True
    back: Back = Back.HAND
    refund_rank: int = 50
    is_fallback: bool = False
    part: Callable[["Payment"], str] = _no_part
    give_back: Callable[["Refund", datetime], dict[str, Any]] | None = None
