"""The same statements, or their writes alone, in bare SQL: what the database alone could do, for the same clients.

One errand of the application is recorded twice, with other goods each time. What differs between the two recordings is
what must differ between any two errands: ids that the errand mints, ids that the database gave out, the goods. The
errand's statements can then be repeated by nothing but prepared statements, in the same transactions.
"""

import json
import re
import secrets
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo
from psycopg.types.json import Json, Jsonb

_WRITES = re.compile(r"\b(INSERT INTO|DELETE FROM|UPDATE|nextval|pg_advisory_xact_lock|pg_notify)\b", re.IGNORECASE)
_NOT_COUNTED = re.compile(r"^\s*(SAVEPOINT|RELEASE|ROLLBACK)", re.IGNORECASE)


@dataclass
class Statement:
    """One statement as it was sent, with its parameters and the rows that came back."""

    sql: str
    params: list[Any]
    answer: list[tuple[Any, ...]]

    @property
    def writes(self) -> bool:
        return bool(_WRITES.search(self.sql))


@dataclass
class Recording:
    """Everything that an errand sent, in its transactions. `count` leaves savepoints out."""

    transactions: list[list[Statement]] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.transactions))

    def writing(self) -> list[list[Statement]]:
        """The writes, in the transactions that write."""
        kept = [[statement for statement in one if statement.writes] for one in self.transactions]
        return [one for one in kept if one]


@contextmanager
def recording() -> Iterator[Recording]:
    """Record what this thread's connection sends while the block lasts."""
    found = Recording()
    is_open = False

    def close() -> None:
        nonlocal is_open
        is_open = False

    def listen(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        nonlocal is_open
        result = execute(sql, params, many, context)
        if _NOT_COUNTED.match(sql):
            return result
        if not is_open:
            found.transactions.append([])
            if connection.in_atomic_block:
                is_open = True
                transaction.on_commit(close)
        cursor = context["cursor"].cursor
        answer = cursor.fetchall() if cursor.description else []
        if answer:
            cursor.scroll(0, mode="absolute")  # the application reads them, too
        found.transactions[-1].append(Statement(str(sql), list(params or ()), answer))
        return result

    with connection.execute_wrapper(listen):
        yield found


def spread_ids() -> None:
    """Let every table go on counting from a number of its own, so that no two ids of a recording are the same."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass,"
            " coalesce(last_value, 1) + 1000 + (random() * 10000000)::int)"
            " FROM pg_sequences WHERE data_type = 'bigint'::regtype AND schemaname = 'public'"
        )


@dataclass
class Errand:
    """What one repetition knows: its goods, what it has minted, what the database has answered."""

    goods: Sequence[Any]
    minted: dict[Any, Any] = field(default_factory=dict)
    answers: list[list[tuple[Any, ...]]] = field(default_factory=list)


Slot = Callable[[Errand], Any]  # gives a parameter its value in one repetition


class Script:
    """The writes of an errand, or with `reads` all that it sends, ready to be repeated: `goods` are the values that
    stood for the goods in either recording, by which they are found among the parameters, and replaced."""

    def __init__(
        self, first: Recording, second: Recording, goods: Sequence[tuple[Any, Any]], *, reads: bool = False
    ) -> None:
        self._known: dict[tuple[Any, Any], Slot] = {
            pair: partial(_good, place=place) for place, pair in enumerate(goods)
        }
        self.transactions: list[list[tuple[str, Slot]]] = []
        done = 0
        pair = (first.transactions, second.transactions) if reads else (first.writing(), second.writing())
        for ours, theirs in zip(*pair, strict=True):
            self.transactions.append([])
            for a, b in zip(ours, theirs, strict=True):
                if a.sql != b.sql:
                    raise ValueError(f"The two recordings differ:\n{a.sql}\n{b.sql}")
                self.transactions[-1].append((a.sql, self._slot(a.params, b.params)))
                self._learn(a, b, done)
                done += 1

    @property
    def statements(self) -> int:
        return sum(map(len, self.transactions))

    def repeat(self, database: "psycopg.Connection[Any]", goods: Sequence[Any]) -> None:
        """Do the errand once more, with other goods."""
        errand = Errand(goods)
        for one in self.transactions:
            for sql, slot in one:
                cursor = database.execute(sql, slot(errand), prepare=True)
                errand.answers.append(cursor.fetchall() if cursor.description else [])
            database.commit()

    def _learn(self, a: Statement, b: Statement, statement: int) -> None:
        """What the database gave out is known from here on."""
        for row, (left, right) in enumerate(zip(a.answer, b.answer, strict=False)):
            for column, pair in enumerate(zip(left, right, strict=True)):
                if pair[0] != pair[1] and isinstance(pair[0], int | str | uuid.UUID):
                    self._known.setdefault(pair, partial(_answered, statement=statement, row=row, column=column))

    def _slot(self, a: Any, b: Any) -> Slot:
        if isinstance(a, list | tuple):
            if len(a) != len(b):
                raise ValueError(f"The two recordings differ in length: {a} and {b}")
            slots = [self._slot(left, right) for left, right in zip(a, b, strict=True)]
            return lambda errand: [slot(errand) for slot in slots]
        if isinstance(a, dict):
            named = {key: self._slot(value, b[key]) for key, value in a.items()}
            return lambda errand: {key: slot(errand) for key, slot in named.items()}
        if isinstance(a, Json | Jsonb):
            document = self._slot(a.obj, b.obj)
            return lambda errand: type(a)(document(errand))
        if a == b:
            return lambda errand: a
        if (a, b) in self._known:
            known = self._known[a, b]
            return (lambda errand: type(a)(known(errand))) if isinstance(a, int) else known
        if isinstance(a, uuid.UUID):
            return self._mint((a, b), uuid.uuid4)
        if isinstance(a, str):
            return self._text(a, b)
        return lambda errand: a  # times, and amounts of goods at other prices

    def _text(self, a: str, b: str) -> Slot:
        """A document, a moment, a text in which known values stand, or else one that the errand mints."""
        if a[:1] in "{[" and a[:1] == b[:1]:
            document = self._slot(json.loads(a), json.loads(b))
            return lambda errand: json.dumps(document(errand))
        if _MOMENT.match(a) and _MOMENT.match(b):
            return lambda errand: a
        marked_a, marked_b = a, b
        marks: list[Slot] = []
        for (left, right), slot in sorted(self._known.items(), key=lambda known: -len(str(known[0][0]))):
            left, right = str(left), str(right)
            if len(left) > 2 and left in marked_a and right in marked_b:
                mark = f"\x00{len(marks)}\x01"
                marked_a, marked_b = marked_a.replace(left, mark), marked_b.replace(right, mark)
                marks.append(slot)
        while marked_a != marked_b and (found := _uids(marked_a, marked_b)):
            mark = f"\x00{len(marks)}\x01"
            marks.append(self._mint((uuid.UUID(found[0]), uuid.UUID(found[1])), uuid.uuid4))
            marked_a, marked_b = marked_a.replace(found[0], mark), marked_b.replace(found[1], mark)
        if marked_a == marked_b:
            return lambda errand: re.sub("\x00(\\d+)\x01", lambda mark: str(marks[int(mark[1])](errand)), marked_a)
        if len(a) > 200:
            raise ValueError(f"It is not clear what differs between\n{marked_a}\n{marked_b}")
        return self._mint((a, b), lambda: secrets.token_hex(len(a) // 2 + 1)[: len(a)])

    def _mint(self, pair: tuple[Any, Any], make: Callable[[], Any]) -> Slot:
        def minted(errand: Errand) -> Any:
            if pair not in errand.minted:
                errand.minted[pair] = make()
            return errand.minted[pair]

        return self._known.setdefault(pair, minted)


def _good(errand: Errand, *, place: int) -> Any:
    return errand.goods[place]


def _answered(errand: Errand, *, statement: int, row: int, column: int) -> Any:
    return errand.answers[statement][row][column]


_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _uids(a: str, b: str) -> tuple[str, str] | None:
    """The first identifiers that stand at the same place of both texts and differ."""
    pairs = zip(_UID.findall(a), _UID.findall(b), strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def repeat(script: Script, goods: Callable[[int], Sequence[Any]], count: int, *, at_once: int) -> float:
    """Repeat the script `count` times from `at_once` connections; repetitions per second."""
    waiting = iter(range(count))
    taking = threading.Lock()
    problems: list[BaseException] = []
    barrier = threading.Barrier(at_once + 1)

    address = dsn()

    def client() -> None:
        try:
            with psycopg.connect(address) as database:
                script.repeat(database, goods(count))  # prepares the statements
                barrier.wait()
                while True:
                    with taking:
                        number = next(waiting, None)
                    if number is None:
                        return
                    script.repeat(database, goods(number))
        except BaseException as problem:
            problems.append(problem)
            barrier.abort()
            raise

    threads = [threading.Thread(target=client) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    try:
        barrier.wait()
    except threading.BrokenBarrierError:
        raise problems[0] from None
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return count / (time.perf_counter() - began)


def dsn() -> str:
    """The database that this process works on, for connections beside Django's."""
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    given = {name: str(connection.settings_dict[key]) for name, key in names.items() if connection.settings_dict[key]}
    return make_conninfo(**given)
