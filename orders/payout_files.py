"""The provider's files of payouts: each line a transaction that a payout was made of. Pure: bytes in, rows out.

Two layouts are read: the itemized payout reconciliation report (amounts in units of the currency, "12.34") and tables
of balance transactions as data warehouses keep them (amounts in minor units). A line that cannot be read is a problem
with its number; nothing is guessed.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from commerce.kernel.money import minor_digits
from orders.gateway_settlement import Movement

MOST_ROWS = 200_000
# Column of ours -> the names that it has in files, the first that is there counts.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("balance_transaction_id", "id"),
    "payout": ("automatic_payout_id", "payout_id"),
    "arrives": ("automatic_payout_effective_at_utc", "automatic_payout_effective_at", "payout_arrival_date"),
    "created": ("created_utc", "created"),
    "available": ("available_on_utc", "available_on"),
    "category": ("reporting_category",),
    "type": ("type", "reporting_category"),
    "currency": ("currency",),
    "gross": ("gross", "amount"),
    "fee": ("fee",),
    "net": ("net",),
    "source": ("source_id", "source", "charge_id"),
    "intent": ("payment_intent_id",),
    "charge": ("charge_id",),
    "brand": ("card_brand",),
    "description": ("description",),
}
NEEDED = ("id", "payout", "created", "type", "currency", "gross", "fee", "net", "source")


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable, `text` is for people; line 1 is the heading."""

    line: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file: a transaction, and the payout that it was paid out with."""

    line: int
    payout: str
    arrives_on: date
    move: Movement


@dataclass(slots=True)
class Reading:
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(content: bytes) -> Reading:
    """Every line of a file, or what is wrong with it. Nothing here asks a database."""
    found = Reading()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Reading(problems=[Problem(1, "encoding", "The file is not UTF-8 text.")])
    lines = csv.DictReader(io.StringIO(text, newline=""))
    try:
        names = _names([name.strip().lower() for name in lines.fieldnames or []])
        lines.fieldnames = [name.strip().lower() for name in lines.fieldnames or []]
        if missing := [name for name in NEEDED if name not in names]:
            wanted = ", ".join(" or ".join(COLUMNS[name]) for name in missing)
            return Reading(problems=[Problem(1, "columns", f"These columns are missing: {wanted}.")])
        for line, row in _numbered(lines):
            if len(found.rows) + len(found.problems) >= MOST_ROWS:
                found.problems.append(Problem(line, "too_long", f"More than {MOST_ROWS} lines. Bring it in parts."))
                break
            _take(found, line, row, names)
    except csv.Error as error:
        found.problems.append(Problem(lines.line_num, "csv", f"The line cannot be read: {error}."))
    _find_repeated(found)
    return found


def _names(heading: list[str]) -> dict[str, str]:
    pairs = ((own, next((name for name in names if name in heading), "")) for own, names in COLUMNS.items())
    return {own: name for own, name in pairs if name}


def _numbered(lines: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    for row in lines:
        if any((value or "").strip() for value in row.values() if isinstance(value, str)):
            yield lines.line_num, row


def _take(found: Reading, line: int, row: Mapping[str, str | None], names: Mapping[str, str]) -> None:
    cells = {own: (row.get(name) or "").strip() for own, name in names.items()}
    try:
        found.rows.append(_row(line, cells, in_units=names["gross"] == "gross"))
    except ValueError as error:
        found.problems.append(Problem(line, "unreadable", str(error)))


def _row(line: int, cells: dict[str, str], *, in_units: bool) -> Row:
    for name in ("id", "payout", "currency", "type"):
        if not cells[name]:
            raise ValueError(f"The column {name} is empty.")
    currency = cells["currency"].upper()
    gross, fee, net = (_minor(cells[name], currency, name, in_units) for name in ("gross", "fee", "net"))
    if gross - fee != net:
        raise ValueError(f"Gross {cells['gross']} less fee {cells['fee']} is not net {cells['net']}.")
    created = _moment(cells["created"], "created")
    arrives = cells.get("arrives") or cells.get("available") or cells["created"]
    move = Movement(
        id=cells["id"],
        type=cells["type"],
        category=cells.get("category", ""),
        currency=currency,
        gross=gross,
        fee=fee,
        net=net,
        source=cells["source"],
        created_at=created,
        available_at=_moment(cells["available"], "available") if cells.get("available") else created,
        intent=cells.get("intent", ""),
        charge=cells.get("charge", ""),
        description=cells.get("description", "")[:500],
        card={"brand": cells["brand"]} if cells.get("brand") else {},
    )
    return Row(line, cells["payout"], _moment(arrives, "arrival").date(), move)


def _minor(text: str, currency: str, name: str, in_units: bool) -> int:
    try:
        amount = Decimal(text or "0")
        minor = amount.scaleb(minor_digits(currency)) if in_units else amount
    except (InvalidOperation, KeyError, ValueError):
        raise ValueError(f"{text!r} is no {name} in {currency}.") from None
    if not minor.is_finite() or minor != minor.to_integral_value() or abs(minor) >= 2**62:
        raise ValueError(f"{text!r} is no {name} in {currency}.")
    return int(minor)


def _moment(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        raise ValueError(f"{text!r} is no time ({name}).") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _find_repeated(found: Reading) -> None:
    first: dict[str, int] = {}
    for row in found.rows:
        earlier = first.setdefault(row.move.id, row.line)
        if earlier != row.line:
            text = f"The transaction {row.move.id} stands on line {earlier} already."
            found.problems.append(Problem(row.line, "repeated", text))
