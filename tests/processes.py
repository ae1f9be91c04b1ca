"""Work in processes of its own: races between real processes, each with a database connection of its own."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.db import connection

from commerce.kernel.failpoints import arm


def in_processes(works: Sequence[Callable[[], Any]], *, failpoints: Mapping[str, str] = {}) -> list[Any]:
    """What each of these returns (JSON values), all of them at work at the same time, with failpoints armed there.

    Fails when a process ends in any other way than by returning; then, and when the test is interrupted, all of them
    are ended.
    """
    running = [_start(work, failpoints) for work in works]
    try:
        answers = [_hear(descriptor) for _pid, descriptor in running]
    finally:
        for pid, _descriptor in running:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return answers


def _start(work: Callable[[], Any], failpoints: Mapping[str, str]) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        connection.connection = None  # the parent's; libpq leaves the connections of other processes alone
        for name, effect in failpoints.items():
            arm(name, effect)
        answer = json.dumps(work())
        with os.fdopen(writing, "w") as out:
            out.write(answer)
        connection.close()
    except BaseException:  # noqa: BLE001 - a child must not return into pytest
        traceback.print_exc(file=sys.stderr)
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def _hear(descriptor: int) -> Any:
    with os.fdopen(descriptor) as answers:
        text = answers.read()
    assert text, "a process ended without an answer: see its traceback above"
    return json.loads(text)
