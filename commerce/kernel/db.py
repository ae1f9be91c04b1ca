"""Transactions and locks. The lock page of the whole product.

Verbs (`actions/`) open a transaction with `action`; nouns (steps) demand one with `in_transaction`. Isolation is READ
COMMITTED: lock, then read, then check. Never call the outside world with a transaction open.

LOCK ORDER. Every transaction takes its locks in this order and may skip any of them:

    1. idempotency key      the row that makes a repeated request one request
    2. shift                (a register's open shift)
    3. cart                 (a shopper's basket while it is checked out)
    4. order
    5. payment, wallets     (by primary key; gift cards before store credit; the mail of a card before the card), then
                            refunds and captures
    6. stock documents      (a transfer, a purchase order, a count; then its lines by primary key),
                            then `inventory.supplier_items` (advisory: whoever orders notes what it costs)
    7. stock levels         (by primary key; demand summed per level first; one guarded UPDATE each),
                            those that are there before others are made,
                            then serial numbers (by primary key; see `inventory.serials`)
    8. coupons, the open holds of an address (advisory, `storefront.holds`)
    9. cases                (the one that what was done settles)
    10. sequences           (hottest rows, held for the shortest time)

Before all of these: the counts of what was tried (`pos.pairing_attempts`, `storefront.coupon_attempts`; rows by key),
the advisory locks `sync.import` (a batch of an import; `sync.claim` is held alone), then
`catalog.products` (whoever writes the catalog), then `inventory.kits` (whoever says what a kit is made of) and the row
of the variant that becomes a kit, then the row of a price list (whoever writes prices on it); of promotions the locks
`pricing.promotions` (whoever writes one) and `pricing.coupons` (whoever makes codes of one); and `orders.settlement`
(whoever writes what the card network reports: transactions, payouts, disputes), and the journal's table (whoever
closes a period, and waits for all who post). No sale and no checkout ever asks for them.

Scarce things (stock, wallets, coupons) are taken by ONE guarded UPDATE with a CHECK behind it, as late as possible.
Waiting for a lock ends after `lock_timeout` (settings.DATABASES) and becomes `Busy`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

from commerce.kernel.errors import Busy

P = ParamSpec("P")
R = TypeVar("R")
_shared: ContextVar[bool] = ContextVar("shared", default=False)


def in_own_transaction() -> bool:
    """True inside a transaction that the product opened, not just the one that a test case wraps around a test."""
    # Private to Django, and therefore used in this one place.
    return any(not block._from_testcase for block in connection.atomic_blocks)  # type: ignore[attr-defined]


def in_transaction(step: Callable[P, R]) -> Callable[P, R]:
    """Mark a step: a function that writes and therefore must run inside a transaction that somebody else opened.

    The transaction that a test case wraps around a test does not count, so that tests find the same mistakes.
    """

    @wraps(step)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not in_own_transaction():
            raise RuntimeError(f"{step.__module__}.{step.__qualname__} must run inside a transaction")
        return step(*args, **kwargs)

    return checked


def action(use_case: Callable[P, R]) -> Callable[P, R]:
    """Mark a use case: runs in one durable transaction of its own (but see `one_commit`); a lock that cannot be had in
    time becomes `Busy`."""
    durable = transaction.atomic(durable=True)(use_case)

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if _shared.get():
            return use_case(*args, **kwargs)
        try:
            return durable(*args, **kwargs)
        except OperationalError as error:
            if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
                raise Busy() from error
            raise

    return run


@in_transaction
def advisory_lock(name: str) -> None:
    """Hold the lock of this name to the end of the transaction. Raises `Busy` when it cannot be had in time; the
    transaction can go on without it."""
    try:
        with transaction.atomic():
            rows("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
    except OperationalError as error:
        if isinstance(error.__cause__, pg.LockNotAvailable | pg.DeadlockDetected):
            raise Busy() from error
        raise


@contextmanager
def one_commit() -> Iterator[None]:
    """Let the actions inside share one durable transaction: all of them have happened, or none.

    For entering many things that have happened already, where a commit for each would take most of the time. A use case
    that calls the outside world refuses to run in here.
    """
    with transaction.atomic(durable=True):
        token = _shared.set(True)
        try:
            yield
        finally:
            _shared.reset(token)


@contextmanager
def one_picture() -> Iterator[None]:
    """Let all reads inside see one picture of the database, which disturbs nobody. Nothing can be written.

    Inside a transaction that somebody else has opened, theirs is the picture.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(durable=True):
        rows("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def rows(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    """All rows of one SQL statement on the default connection."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall()) if cursor.description else []
