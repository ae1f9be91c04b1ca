"""`python -m tests.bench [NAME …] [--json] [--quick]`: how fast the product is, here and now.

Every bench gets a fresh database on a PostgreSQL that forces commits to disk, web processes as in production, and a
process of its own. Progress and the machine's description go to standard error, figures to standard output. The exit
code says whether every bench ran to its end, not whether the goals were met.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from commerce.runtime.errors import CannotStart
from commerce.runtime.paths import PROJECT
from tests.bench import machine
from tests.bench.figures import Figure, as_json, show
from tests.bench.place import Place

PATIENCE_SECONDS = 400


@dataclass(frozen=True)
class Bench:
    """One bench: the module whose `run(ground)` yields its figures, and what it measures, in a line."""

    module: str
    about: str
    migrated: bool = True


BENCHES = {
    "setup": Bench("setup", "an empty database becomes ready for use", migrated=False),
    "checkout": Bench("checkout", "guest checkouts through the API, and two flash sales"),
    "sale": Bench("sale", "till sales of five lines, from one till and from eight"),
    "storefront": Bench("storefront", "list, product and search pages of 20,000 products"),
    "import": Bench("importing", "a Shopify export of 20,000 variants"),
    "live": Bench("live", "from a commit to a hundred open pages"),
    "till": Bench("till", "a till's catalog of 100,000 variants in the browser"),
    "pricing": Bench("pricing", "30 lines with 200 promotions, on the server and in the browser", migrated=False),
    "stock": Bench("stock", "reservations beside bare SQL; a million movements audited and explained"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benches that were named, by default all; 0 when each ran to its end, 2 for a name that is none."""
    asked = _arguments(arguments)
    unknown = [name for name in asked.names if name not in BENCHES]
    if unknown:
        print(f"There is no bench {', '.join(unknown)}. Choose from: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        place = Place()
        _describe(errors, machine.describe(place.postgresql()))
        figures, failed = _run(place, asked.names or list(BENCHES), errors, quick=asked.quick)
    except CannotStart as problem:
        errors.print(str(problem), markup=False)
        return 1
    except KeyboardInterrupt:
        errors.print("Stopped.")
        return 130
    if asked.json:
        print(as_json(figures))
    else:
        show(Console(width=None if sys.stdout.isatty() else 150), figures)
    if failed:
        errors.print(f"\nDid not run to the end: {', '.join(failed)}.")
    return 1 if failed else 0


def _arguments(arguments: Sequence[str] | None) -> Any:
    about = "\n".join(f"  {name:<12}{bench.about}" for name, bench in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", epilog=f"benches:\n{about}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="benches to run; none: all of them")
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    parser.add_argument("--quick", action="store_true", help="smaller sizes: to see that it runs, not how fast")
    return parser.parse_args(arguments)


def _describe(errors: Console, described: dict[str, str]) -> None:
    width = max(map(len, described))
    for name, text in described.items():
        errors.print(f"[dim]{name:<{width}}[/]  {text}")
    errors.print()


def _run(place: Place, names: Iterable[str], errors: Console, *, quick: bool) -> tuple[list[Figure], list[str]]:
    """The figures of the benches that ran to their end, and the names of those that did not."""
    figures: list[Figure] = []
    failed = []
    for name in names:
        errors.print(f"[bold]{name}[/]: {BENCHES[name].about} [dim](load average {machine.load_average()})[/]")
        began = time.monotonic()
        with place.database(name, migrated=BENCHES[name].migrated) as variables:
            found = _alone(name, variables, quick=quick)
        if found is None:
            failed.append(name)
        else:
            figures += found
        errors.print(f"  [dim]{time.monotonic() - began:.0f} s, load average {machine.load_average()}[/]")
    return figures, failed


def _alone(name: str, variables: dict[str, str], *, quick: bool) -> list[Figure] | None:
    """Run one bench in a process of its own; None when it failed, after it has said why."""
    with tempfile.TemporaryDirectory() as directory:
        answer = Path(directory) / "figures.json"
        command = [sys.executable, "-m", "tests.bench.alone", name, BENCHES[name].module, str(answer)]
        process = subprocess.Popen(
            [*command, *(["--quick"] if quick else [])], cwd=PROJECT, env=variables, stdout=sys.stderr
        )
        try:
            code = process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            print(f"  {name}: not done after {PATIENCE_SECONDS} s, given up.", file=sys.stderr)
            code = 1
        finally:
            _end(process)
        return [Figure(**row) for row in json.loads(answer.read_text())] if code == 0 else None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a bench with everything that it started; asked first, so that it can stop its servers itself."""
    if process.poll() is not None:
        return
    started = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
    for left in started:
        if left.is_running():
            left.kill()


if __name__ == "__main__":
    sys.exit(main())
