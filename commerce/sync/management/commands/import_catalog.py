"""Import a catalog or stock file of another platform.

Exit code 0 when the whole file was gone through (rows that were refused are listed), 1 when nothing could be taken, 130
after Ctrl-C: what was written until then stays, and the same command goes on from there.
"""

import csv
import io
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from rich.console import Console

from commerce.kernel.clock import now
from commerce.kernel.errors import DomainError
from commerce.kernel.exchange import Note
from commerce.sync import printing
from commerce.sync.actions.import_file import import_file
from commerce.sync.errors import FileRefused
from commerce.sync.formats import FORMATS
from commerce.sync.guards import guard
from commerce.sync.report import Report


class Command(BaseCommand):
    help = "Import products, prices and stock from a file. The same file twice changes nothing."
    options: tuple[str, ...] = ("location", "market")  # those that the apps understand

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV file, also packed as .gz")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="whose export it is")
        parser.add_argument("--location", default="", help="code of the location that holds the stock in the file")
        parser.add_argument("--market", default="", help="code of the market whose prices they are (the default one)")
        self.add_ways(parser)

    def add_ways(self, parser: CommandParser) -> None:
        """What can be asked of every import."""
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--problems", type=Path, help="list every problem, with its line, in this CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(file=_Stream(self.stdout), highlight=False, soft_wrap=True)
        with ExitStack() as stack:
            problems = _Problems(stack, options["problems"])
            bar = stack.enter_context(printing.Bar(console))

            def progress(report: Report, notes: list[Note]) -> None:
                problems.write(notes)
                bar.show(report)

            try:
                report = import_file(
                    path=options["file"],
                    file_format=options["format"],
                    options={name: options[name] for name in self.options},
                    person=None,
                    at=now(),
                    dry_run=options["dry_run"],
                    progress=progress,
                )
            except KeyboardInterrupt:
                bar.close()
                printing.interrupted(console, bar.report)
                sys.exit(130)
            except FileRefused as refused:
                bar.close()
                raise CommandError(printing.refusal(refused)) from refused
            except DomainError as refused:
                bar.close()
                raise CommandError(str(refused)) from refused
        printing.show(console, report)


class _Stream(io.StringIO):
    """The command's output as rich wants it: `OutputWrapper` would end every piece with a new line."""

    def __init__(self, output: OutputWrapper) -> None:
        super().__init__()
        self.output = output

    def write(self, text: str) -> int:
        self.output.write(text, ending="")
        return len(text)

    def flush(self) -> None:
        self.output.flush()

    def isatty(self) -> bool:
        return self.output.isatty()


class _Problems:
    """The list of problems as CSV, when one was asked for. Texts come from a stranger's file: see `guards`."""

    def __init__(self, stack: ExitStack, path: Path | None) -> None:
        self.writer = None
        if path is not None:
            try:
                file = stack.enter_context(path.open("w", newline="", encoding="utf-8-sig"))
            except OSError as error:
                raise CommandError(f"The list of problems cannot be written: {error}") from error
            self.writer = csv.writer(file)
            self.writer.writerow(["line", "kind", "refused", "problem"])

    def write(self, notes: list[Note]) -> None:
        if self.writer is not None:
            self.writer.writerows([n.line, n.code, "yes" if n.refuses else "no", guard(n.text)] for n in notes)
