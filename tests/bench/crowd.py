"""Many connections at once to the database, from a few processes: an errand of the application, or its bare SQL.

The processes are forked, so that both sides of a comparison get the same number of them, and nothing else.
"""

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, connections

from tests.bench import bare

PROCESSES = 4
WARM_UP = 5  # repetitions of each connection before the clock starts: its statements are prepared then

Errand = Callable[[int], Any]
Client = Callable[[], Any]  # a context manager around the errand of one connection


def rate(client: Client, count: int, *, at_once: int) -> float:
    """Errands per second: `count` of them over `at_once` connections. Each gets numbers of its own, from 0 on."""
    connections.close_all()  # a connection must not be shared with a child
    fork = multiprocessing.get_context("fork")
    share, per = at_once // PROCESSES, count // at_once
    ready, done = fork.Barrier(PROCESSES + 1), fork.Barrier(PROCESSES + 1)
    children = [
        fork.Process(target=_work, args=(client, number * share, share, at_once, per, ready, done))
        for number in range(PROCESSES)
    ]
    for child in children:
        child.start()
    try:
        ready.wait(120)
        began = time.perf_counter()
        done.wait(300)
        seconds = time.perf_counter() - began
    finally:
        for child in children:
            child.join(10)
            child.kill()
    return per * at_once / seconds


def _work(client: Client, first: int, share: int, at_once: int, per: int, ready: Any, done: Any) -> None:
    """One process: a thread per connection. A problem breaks the barriers, which ends the parent's wait."""
    start, problems = threading.Barrier(share + 1), []

    def one(number: int) -> None:
        try:
            with client() as errand:
                for turn in range(WARM_UP):
                    errand(turn * at_once + number)
                start.wait(120)
                for turn in range(WARM_UP, WARM_UP + per):
                    errand(turn * at_once + number)
        except BaseException as problem:
            problems.append(problem)
            start.abort()
            raise

    threads = [threading.Thread(target=one, args=(first + number,)) for number in range(share)]
    for thread in threads:
        thread.start()
    try:
        start.wait(120)
        ready.wait(120)
        for thread in threads:
            thread.join()
        if problems:
            raise problems[0]
        done.wait(300)
    except BaseException:
        ready.abort()
        done.abort()
        raise
    finally:
        os._exit(1 if problems else 0)


def application(errand: Errand) -> Client:
    """Clients that run the application's own code on Django's connection of their thread."""

    @contextmanager
    def client() -> Iterator[Errand]:
        try:
            yield errand
        finally:
            connection.close()

    return client


def plain(script: bare.Script, goods: Callable[[int], Any]) -> Client:
    """Clients that repeat a recorded script on a connection of psycopg's."""
    dsn = bare.dsn()

    @contextmanager
    def client() -> Iterator[Errand]:
        with psycopg.connect(dsn) as database:
            yield lambda number: script.repeat(database, goods(number))

    return client
