"""What money ought to do, in plain Python: sums in dictionaries, and no knowledge of tables, statements or entries."""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

# The policy by which money goes back: wallets first, then cards, then cash; among equals the older payment.
RANKS = {
    "gift_card": 10, "store_credit": 20, "card_online": 30, "card_present": 30, "external_terminal": 30, "cash": 50,
}  # fmt: skip
CARDS = ("card_online", "card_present")
Key = tuple[str, str, str]  # account, part, currency


def half_up(numerator: int, denominator: int) -> int:
    """A fraction to the nearest whole number, halves away from zero."""
    return (2 * numerator + denominator) // (2 * denominator)


def to_coins(minor: int, step: int) -> int:
    """An amount as coins can pay it, halves up."""
    return half_up(minor, step) * step


@dataclass
class Good:
    """Something for sale: its price by currency, whether it is taxed, and whether it lies on a shelf."""

    sku: str
    prices: dict[str, int]
    is_taxed: bool = True


def total_of(lines: list[tuple[Good, int]], currency: str, *, rate: int, is_included: bool, shipping: int = 0) -> int:
    """What a basket costs: goods, shipping, and on top of the goods their tax, rounded once; or prices that hold it."""
    net = sum(good.prices[currency] * quantity for good, quantity in lines) + shipping
    if is_included:
        return net
    taxed = sum(good.prices[currency] * quantity for good, quantity in lines if good.is_taxed)
    return net + half_up(taxed * rate, 1_000_000)


@dataclass
class Paid:
    """A payment: which part of which account has its money, what was taken, what has gone back or is on its way."""

    uid: UUID
    tender: str
    account: str
    part: str
    taken: int
    back: int = 0
    is_contested: bool = False
    was_contested: bool = False  # how it ended may not have been heard
    is_gone: bool = False  # its card takes nothing back any more


@dataclass
class Line:
    """Units of a line: sold, handed over, come back."""

    pk: int
    good: str
    sold: int
    out: int
    back: int = 0
    is_goods: bool = True

    @property
    def left(self) -> int:
        return self.out - self.back if self.is_goods else 0


@dataclass
class Bought:
    """An order: what it cost, what paid for it, what of it was owed back (returns and allowances)."""

    uid: UUID
    pk: int
    currency: str
    total: int
    paid: list[Paid]
    lines: list[Line]
    email: str = ""
    cards_sold: int = 0  # gift cards are money of their own, which is not given back
    owed_back: int = 0
    unpaid: int = 0  # authorized, and not taken yet
    is_web: bool = False
    is_lowered: bool = False  # an allowance has lowered what its units are worth

    @property
    def left(self) -> int:
        """What can still be promised back."""
        return self.total - self.cards_sold - self.owed_back

    @property
    def caps(self) -> int:
        return sum(one.taken - one.back for one in self.paid)

    def plan(self, amount: int, tender: str = "") -> list[tuple[Paid, int]]:
        """Which payments give so much back."""
        order = sorted(enumerate(self.paid), key=lambda row: (row[1].tender != tender, RANKS[row[1].tender], row[0]))
        parts = []
        for _place, one in order:
            some = min(one.taken - one.back, amount)
            if some > 0:
                parts.append((one, some))
                amount -= some
        return parts


@dataclass
class Money:
    """Every sum that the books should show: by account, part and currency; debits positive."""

    sums: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    wallets: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    taken_by_cards: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # by the card network's payment
    orders: list[Bought] = field(default_factory=list)

    def move(self, account: str, part: str, currency: str, minor: int) -> None:
        self.sums[account, part, currency] += minor
        if account in ("gift_cards", "store_credit"):
            self.wallets[part] -= minor

    def sell(self, bought: Bought) -> None:
        """A sale, with all that pays for it at once."""
        self.orders.append(bought)
        for one in bought.paid:
            self.take(bought, one, one.taken)
        taken = sum(one.taken for one in bought.paid)
        assert taken + bought.unpaid == bought.total, bought
        self.move("receivable", "", bought.currency, bought.unpaid)

    def take(self, bought: Bought, one: Paid, minor: int) -> None:
        """Money arrives on a payment's account."""
        self.move(one.account, one.part, bought.currency, minor)

    def owe(self, bought: Bought, minor: int) -> None:
        """A return or an allowance: money is owed to the customer."""
        bought.owed_back += minor
        self.move("refunds_due", "", bought.currency, -minor)

    def leave(self, bought: Bought, account: str, part: str, minor: int) -> None:
        """Money that was counted as on its way has left an account: less is owed to the customer."""
        self.move("refunds_due", "", bought.currency, minor)
        self.move(account, part, bought.currency, -minor)

    def come_back(self, bought: Bought, one: Paid, minor: int) -> None:
        """A refund has failed: it is owed again."""
        one.back -= minor
        self.move("refunds_due", "", bought.currency, -minor)
        self.move(one.account, one.part, bought.currency, minor)
