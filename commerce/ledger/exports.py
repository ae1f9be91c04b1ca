"""The journal as a file for the accountant, in batches: the same period with the same content is the same file, and
what came late is a batch of its own. The only writer of export batches.
"""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from commerce.company.models import User
from commerce.kernel.cells import safe
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.money import minor_digits
from commerce.ledger.errors import NothingToExport
from commerce.ledger.models import Account, ExportBatch

COLUMNS = (
    *("batch", "entry", "date", "original date", "kind", "document", "document id", "location"),
    *("account", "account name", "part", "debit", "credit", "currency"),
)
_LINES = """
    SELECT e.id, e.business_date, e.original_date, e.kind, e.source_type, e.source_uid, e.location_code,
        a.code, a.name, p.sub, p.amount_minor, e.currency
    FROM ledger_journalentry e JOIN ledger_posting p ON p.entry_id = e.id JOIN ledger_account a ON a.id = p.account_id
    WHERE e.business_date BETWEEN %(since)s AND %(until)s AND e.id > %(after)s AND e.id <= %(through)s
    ORDER BY e.id, p.id
"""


@in_transaction
def take(since: date, until: date, *, person: User | None, at: datetime) -> ExportBatch:
    """The batch of what is in a period and in none of its batches yet; without any such entry its last batch.

    Whoever is posting is waited for, so that no entry can come to lie behind the last one that was taken. Raises
    `NothingToExport` for a period without entries.
    """
    rows("LOCK TABLE ledger_journalentry IN SHARE MODE")
    last = ExportBatch.objects.filter(since=since, until=until).order_by("-number").first()
    after = last.through if last else 0
    span = {"since": since, "until": until, "after": after}
    count, through = rows(
        "SELECT count(*), max(id) FROM ledger_journalentry"
        " WHERE business_date BETWEEN %(since)s AND %(until)s AND id > %(after)s",
        span,
    )[0]
    if not count:
        if last is None:
            raise NothingToExport(since=since.isoformat(), until=until.isoformat())
        return last
    number = last.number + 1 if last else 1
    batch = ExportBatch(since=since, until=until, number=number, after=after, through=through, entries=count)
    batch.person, batch.created_at = person, at
    batch.codes = dict(Account.objects.exclude(accountant_code="").values_list("code", "accountant_code"))
    batch.digest = sha256(_body(batch)).hexdigest()
    batch.reference = f"{since:%Y%m%d}-{until:%Y%m%d}-{number}-{batch.digest[:8]}"
    batch.save()
    return batch


def as_csv(batch: ExportBatch) -> bytes:
    """The file of a batch, the same whenever it is made: a line for each posting, UTF-8 with a spreadsheet's mark."""
    lines = [f"{batch.reference},{line}" for line in _body(batch).decode().split("\r\n") if line]
    return ("\ufeff" + "\r\n".join([",".join(COLUMNS), *lines]) + "\r\n").encode()


def _body(batch: ExportBatch) -> bytes:
    """The lines without the batch's reference, which is made of them."""
    out = io.StringIO()
    writer = csv.writer(out)
    span = {"since": batch.since, "until": batch.until, "after": batch.after, "through": batch.through}
    for row in rows(_LINES, span):
        writer.writerow(_line(row, batch.codes))
    return out.getvalue().encode()


def _line(row: tuple[Any, ...], codes: dict[str, str]) -> list[str]:
    entry, day, original, kind, source, uid, place, account, name, part, minor, currency = row
    debit, credit = (minor, 0) if minor > 0 else (0, -minor)
    words = [kind, source, str(uid), place, codes.get(account, account), name, part]
    return [
        *(str(entry), day.isoformat(), original.isoformat() if original else ""),
        *(safe(_in_one_line(word)) for word in words),
        *(_plain(amount, currency) for amount in (debit, credit)),
        currency,
    ]


def _in_one_line(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _plain(minor: int, currency: str) -> str:
    """12.34, as programs read it; nothing for zero."""
    return f"{Decimal(minor).scaleb(-minor_digits(currency)):f}" if minor else ""
