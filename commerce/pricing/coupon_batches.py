"""Making coupons: batches of codes that nobody can guess, own codes from a file, and calling a batch off.

`coupons.py` finds and takes them; this is the only other writer of the table. Codes are compared as `coupons.normalize`
does: without case, blanks and dashes.
"""

import csv
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO

from django.utils.translation import gettext as _

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import InvalidInput
from commerce.pricing.coupons import LONGEST, normalize
from commerce.pricing.models import Coupon, Promotion
from commerce.pricing.promotion_words import days_text

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without 0, O, 1, I and L, which look alike
MOST = 100_000
SHORTEST, USUAL_LENGTH, LONGEST_PART = 6, 8, 20
GUESSES = 100_000  # so many guesses find one code on average, at least
GROUP = 4
_CODE = re.compile(r"[^\W_]+([ ._-]+[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Terms:
    """What codes of a batch may be used for. None: no limit."""

    batch: str = ""
    max_uses: int | None = 1
    max_uses_per_customer: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def problems(terms: Terms, *, count: int, prefix: str, length: int) -> dict[str, list[str]]:
    """What keeps a batch from being made, by field."""
    found: dict[str, list[str]] = {}
    if not terms.batch.strip():
        found["batch"] = [_("Give the batch a name, so that you find its codes again.")]
    if not 1 <= count <= MOST:
        found["count"] = [_("Between 1 and %s codes at a time.") % f"{MOST:,}"]
    if prefix and not _CODE.fullmatch(prefix):
        found["prefix"] = [_("A prefix is made of letters and figures.")]
    if not SHORTEST <= length <= LONGEST_PART:
        found["length"] = [_("Between %(least)s and %(most)s characters.") % {"least": SHORTEST, "most": LONGEST_PART}]
    elif len(ALPHABET) ** length < count * GUESSES:
        found["length"] = [_("Too short for so many codes: somebody could guess one. Take more characters.")]
    elif len(prefix) + length + length // GROUP + 1 > LONGEST:
        found["prefix"] = [_("Too long: a code has at most %s characters.") % LONGEST]
    found.update(_problems_of(terms))
    return found


def _problems_of(terms: Terms) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if terms.starts_on and terms.ends_on and terms.ends_on < terms.starts_on:
        found["ends_on"] = [_("The last day lies before the first one.")]
    for name in ("max_uses", "max_uses_per_customer"):
        most = getattr(terms, name)
        if most is not None and most < 1:
            found[name] = [_("At least once, or leave it empty.")]
    return found


@in_transaction
def generate(
    promotion: Promotion, terms: Terms, *, count: int, prefix: str, length: int, most: int, at: datetime
) -> int:
    """Make codes until the batch has `count`, at most `most` of them now; how many it has then. Asked again it goes on
    where it was, so nobody gets more than were asked for. Raises `InvalidInput` by field.
    """
    wrong = problems(terms, count=count, prefix=prefix, length=length)
    if wrong:
        raise InvalidInput(wrong)
    rows("SELECT pg_advisory_xact_lock(hashtext('pricing.coupons'), %s)", [promotion.pk])
    had = Coupon.objects.filter(promotion=promotion, batch=terms.batch.strip()).count()
    wanted = min(count - had, most)
    made = 0
    while made < wanted:
        made += _insert(promotion, terms, [_code(prefix, length) for _number in range(wanted - made)], at)
    return had + max(made, 0)


def _code(prefix: str, length: int) -> str:
    letters = "".join(secrets.choice(ALPHABET) for _place in range(length))
    groups = [letters[place : place + GROUP] for place in range(0, length, GROUP)]
    return "-".join([*([prefix.upper()] if prefix else []), *groups])


def _insert(promotion: Promotion, terms: Terms, codes: Sequence[str], at: datetime) -> int:
    """How many of the codes were new."""
    written = rows(
        "INSERT INTO pricing_coupon (promotion_id, code, code_key, batch, max_uses, max_uses_per_customer, used,"
        " starts_on, ends_on, is_active, created_at)"
        " SELECT %s, n.code, n.code_key, %s, %s, %s, 0, %s, %s, TRUE, %s"
        " FROM unnest(%s::text[], %s::text[]) AS n(code, code_key) ON CONFLICT (code_key) DO NOTHING RETURNING 1",
        [
            promotion.pk, terms.batch.strip(), terms.max_uses, terms.max_uses_per_customer, terms.starts_on,
            terms.ends_on, at, list(codes), [normalize(code) for code in codes],
        ],
    )  # fmt: skip
    return len(written)


@in_transaction
def add(promotion: Promotion, terms: Terms, codes: Sequence[tuple[int, str]], *, at: datetime) -> int:
    """Take over own codes, each with the number of its row. Raises `InvalidInput` whose "codes" name every row that is
    no code, stands there twice or is a coupon already; then none is taken over."""
    wrong = _problems_of(terms)
    texts = list(_wrong_rows(codes))
    if not codes:
        texts.append(_("There is no code in it."))
    if texts:
        wrong["codes"] = texts
    if wrong:
        raise InvalidInput(wrong)
    return _insert(promotion, terms, [code for _row, code in codes], at)


def _wrong_rows(codes: Sequence[tuple[int, str]]) -> Iterator[str]:
    keys = [normalize(code) for _row, code in codes]
    there = dict(
        rows(
            "SELECT c.code_key, p.name FROM pricing_coupon c JOIN pricing_promotion p ON p.id = c.promotion_id"
            " WHERE c.code_key = ANY(%s)",
            [keys],
        )
    )
    first: dict[str, int] = {}
    for (row, code), key in zip(codes, keys, strict=True):
        if not _CODE.fullmatch(code) or len(code) > LONGEST:
            yield _("Row %(row)s: “%(code)s” is no code. Use letters and figures, at most %(most)s.") % {
                "row": row, "code": code[:LONGEST], "most": LONGEST,
            }  # fmt: skip
        elif key in first:
            text = _("Row %(row)s: “%(code)s” stands in row %(first)s already.")
            yield text % {"row": row, "code": code, "first": first[key]}
        elif key in there:
            text = _("Row %(row)s: “%(code)s” is a coupon of “%(name)s” already.")
            yield text % {"row": row, "code": code, "name": there[key]}
        first.setdefault(key, row)


def codes_in(text: str) -> list[tuple[int, str]]:
    """The codes in the first column of a CSV text, each with its row from 1; a heading "code" and empty rows are
    left out."""
    found = []
    for number, cells in enumerate(csv.reader(StringIO(text.lstrip("\ufeff"))), 1):
        code = cells[0].strip() if cells else ""
        if code and not (number == 1 and code.lower() in ("code", "coupon", "codes")):
            found.append((number, code))
    return found


@in_transaction
def deactivate(promotion: Promotion, batch: str) -> int:
    """Let nobody use the codes of a batch any more; how many could be used until now."""
    return Coupon.objects.filter(promotion=promotion, batch=batch, is_active=True).update(is_active=False)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as a page shows it."""

    name: str
    codes: int
    active: int
    used: int
    single: bool
    starts_on: date | None
    ends_on: date | None
    made_at: datetime

    @property
    def days(self) -> str:
        return days_text(self.starts_on, self.ends_on)


def batches(promotion: Promotion) -> list[Batch]:
    """The batches of a promotion, the newest first."""
    return [
        Batch(*row)
        for row in rows(
            "SELECT batch, count(*), count(*) FILTER (WHERE is_active), coalesce(sum(used), 0)::int,"
            " bool_and(max_uses IS NOT DISTINCT FROM 1), min(starts_on), max(ends_on), min(created_at)"
            " FROM pricing_coupon WHERE promotion_id = %s GROUP BY batch ORDER BY min(created_at) DESC, batch",
            [promotion.pk],
        )
    ]


def as_rows(promotion: Promotion, batch: str | None) -> Iterable[list[object]]:
    """[code, batch, uses at most, used, first day, last day, active] of a promotion's coupons, for a file."""
    found = Coupon.objects.filter(promotion=promotion, **({} if batch is None else {"batch": batch})).order_by("pk")
    columns = ("code", "batch", "max_uses", "used", "starts_on", "ends_on", "is_active")
    return (list(row) for row in found.values_list(*columns).iterator(chunk_size=5000))
