"""Coupons: finding one by what was typed, and taking it in the order's own transaction. The only writer of uses.

The limit of a code is taken by one guarded UPDATE with a CHECK behind it; that row's lock makes the limit per customer
safe, too: whoever counts the uses of a customer holds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import DomainError
from commerce.kernel.failpoints import is_off
from commerce.pricing.errors import CouponEnded, CouponUnknown, CouponUsedByCustomer, CouponUsedUp

_BETWEEN = str.maketrans("", "", " -_.\u00a0")
LONGEST = 40


@dataclass(frozen=True, slots=True)
class FoundCoupon:
    """A code as it is written, and the code of the promotion that it unlocks."""

    code: str
    promotion: str

    def as_asked(self) -> dict[str, str]:
        """As the engine's basket has it."""
        return {"code": self.code, "promotion": self.promotion}


def normalize(code: str) -> str:
    """As codes are compared: capitals, without blanks and dashes."""
    return code.strip().translate(_BETWEEN).upper()[:LONGEST]


@dataclass(frozen=True, slots=True)
class Entered:
    """Codes that somebody has entered, looked up: what may be used, and why what may not."""

    usable: list[FoundCoupon]
    refused: dict[str, DomainError]
    same: dict[str, str]  # a second code of one promotion gives nothing more: by code, the one that counts


def find(code: str, *, today: date) -> FoundCoupon:
    """A coupon that may be used on a day of the place. Raises `CouponUnknown`, `CouponEnded`, `CouponUsedUp`."""
    entered = look_up([code], today=today)
    for refusal in entered.refused.values():
        raise refusal
    return entered.usable[0]


def look_up(codes: Sequence[str], *, today: date, held_by: Sequence[UUID] = ()) -> Entered:
    """Codes as they stand on a day of the place; one statement, none without a code. What one of the orders `held_by`
    holds is not used up for whoever holds it."""
    entered = Entered([], {}, {})
    found = {row[1]: row for row in _known([normalize(code) for code in codes], held_by)} if codes else {}
    counted: dict[str, str] = {}
    for code in dict.fromkeys(codes):
        row = found.get(normalize(code))
        if row is None:
            entered.refused[code] = CouponUnknown(coupon=code.strip()[:LONGEST])
            continue
        written, _key, promotion, is_active, starts, ends, is_full = row
        if is_full:
            entered.refused[code] = CouponUsedUp(coupon=written)
        elif not is_active or (starts and today < starts) or (ends and today > ends):
            entered.refused[code] = CouponEnded(coupon=written)
        elif promotion in counted:
            entered.same[written] = counted[promotion]
        else:
            counted[promotion] = written
            entered.usable.append(FoundCoupon(written, promotion))
    return entered


def uncounted(promotions: Sequence[str], *, since: date) -> list[dict[str, str]]:
    """Codes that anybody may use any number of times, for tills with no server: {code, key, promotion, starts, ends} of
    those that have not ended before a day. Codes with a limit have to be asked for."""
    found = rows(
        "SELECT c.code, c.code_key, p.code, coalesce(c.starts_on::text, ''), coalesce((c.ends_on + 1)::text, '')"
        " FROM pricing_coupon c JOIN pricing_promotion p ON p.id = c.promotion_id"
        " WHERE p.code = ANY(%s) AND c.is_active AND c.max_uses IS NULL AND c.max_uses_per_customer IS NULL"
        " AND (c.ends_on IS NULL OR c.ends_on >= %s) ORDER BY c.code_key",
        [list(promotions), since],
    )
    return [dict(zip(("code", "key", "promotion", "starts", "ends"), row, strict=True)) for row in found]


def _known(
    keys: list[str], held_by: Sequence[UUID]
) -> list[tuple[str, str, str, bool, date | None, date | None, bool]]:
    return rows(
        "SELECT c.code, c.code_key, p.code, c.is_active AND p.is_active, c.starts_on, c.ends_on,"
        " c.max_uses IS NOT NULL AND c.used >= c.max_uses AND NOT EXISTS (SELECT FROM pricing_couponuse u"
        " WHERE u.coupon_id = c.id AND u.released_at IS NULL AND u.source_uid = ANY(%s::uuid[]))"
        " FROM pricing_coupon c JOIN pricing_promotion p ON p.id = c.promotion_id WHERE c.code_key = ANY(%s)",
        [list(held_by), keys],
    )


@in_transaction
def take(
    codes: Sequence[str],
    *,
    source_uid: UUID,
    customer_key: str = "",
    instead_of: Sequence[UUID] = (),
    at: datetime,
) -> None:
    """Use coupons up, each once, for an order; the same order again changes nothing. `customer_key`: the customer's
    e-mail as it is compared, or "" when nobody is known, who then has no limit of their own. `instead_of`: orders that
    this one replaces, whose uses are given back first, all under one set of locks.

    Raises `CouponUsedUp` and `CouponUsedByCustomer`: keep nothing then.
    """
    wanted = {normalize(code): code for code in codes}
    if instead_of:
        _lock(list(wanted), instead_of)
        for replaced in instead_of:
            release(replaced, at=at)
    for key in sorted(wanted):
        _take_one(key, wanted[key], source_uid=source_uid, customer_key=customer_key, at=at)


def _lock(keys: list[str], sources: Sequence[UUID]) -> None:
    """Everything that is given back and everything that is taken, in the one order, or two shoppers who swap coupons
    would wait for each other."""
    rows(
        "SELECT 1 FROM pricing_coupon c WHERE c.code_key = ANY(%s) OR c.id IN"
        " (SELECT coupon_id FROM pricing_couponuse WHERE source_uid = ANY(%s::uuid[]) AND released_at IS NULL)"
        " ORDER BY c.code_key FOR NO KEY UPDATE",
        [keys, list(sources)],
    )


def _take_one(key: str, code: str, *, source_uid: UUID, customer_key: str, at: datetime) -> None:
    guard = "TRUE" if is_off("pricing.coupon_guard") else "(max_uses IS NULL OR used < max_uses)"
    taken = rows(
        f"UPDATE pricing_coupon SET used = used + 1 WHERE code_key = %s AND is_active AND {guard}"
        " AND NOT EXISTS (SELECT FROM pricing_couponuse u WHERE u.coupon_id = pricing_coupon.id"
        " AND u.source_uid = %s AND u.released_at IS NULL) RETURNING id, code, max_uses_per_customer",
        [key, source_uid],
    )
    if not taken:
        if _has(key, source_uid):
            return
        raise CouponUsedUp(coupon=code)
    pk, written, per_customer = taken[0]
    if per_customer is not None and customer_key and _uses_of(pk, customer_key) >= per_customer:
        raise CouponUsedByCustomer(coupon=written)
    rows(
        "INSERT INTO pricing_couponuse (coupon_id, source_uid, customer_key, used_at) VALUES (%s, %s, %s, %s)",
        [pk, source_uid, customer_key, at],
    )


def _has(key: str, source_uid: UUID) -> bool:
    return bool(
        rows(
            "SELECT 1 FROM pricing_couponuse u JOIN pricing_coupon c ON c.id = u.coupon_id"
            " WHERE c.code_key = %s AND u.source_uid = %s AND u.released_at IS NULL",
            [key, source_uid],
        )
    )


def _uses_of(coupon: int, customer_key: str) -> int:
    found = rows(
        "SELECT count(*) FROM pricing_couponuse WHERE coupon_id = %s AND customer_key = %s AND released_at IS NULL",
        [coupon, customer_key],
    )
    return int(found[0][0])


@in_transaction
def release(source_uid: UUID, *, at: datetime) -> None:
    """Give back what an order took that came to nothing."""
    held = rows(
        "SELECT c.id FROM pricing_coupon c JOIN pricing_couponuse u ON u.coupon_id = c.id"
        " WHERE u.source_uid = %s AND u.released_at IS NULL ORDER BY c.code_key FOR NO KEY UPDATE OF c",
        [source_uid],
    )
    if held:
        rows(
            "WITH back AS (UPDATE pricing_couponuse SET released_at = %s WHERE source_uid = %s AND released_at IS NULL"
            " RETURNING coupon_id) UPDATE pricing_coupon c SET used = c.used - 1 FROM back WHERE c.id = back.coupon_id",
            [at, source_uid],
        )
