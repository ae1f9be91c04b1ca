"""An import on the terminal: progress while it runs, then what became of every row, and what to look at."""

from types import TracebackType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from commerce.kernel.exchange import OUTCOMES
from commerce.sync.errors import FileRefused
from commerce.sync.report import Report


class Bar:
    """Rows done, rows per second and time left; on a terminal only."""

    def __init__(self, console: Console) -> None:
        self.report: Report | None = None
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]} rows/s"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._progress.stop()

    def show(self, report: Report) -> None:
        self.report = report
        if self._task is None:
            self._task = self._progress.add_task(escape(report.file_name), total=report.rows, rate="–")
        rate = f"{report.done / report.seconds:,.0f}" if report.seconds else "–"
        self._progress.update(self._task, completed=report.done, rate=rate)


def show(console: Console, report: Report) -> None:
    """The whole report."""
    if report.dry_run:
        console.print(_("Dry run: nothing was written. This is what would happen."))
    console.print(escape(report.file_name))
    console.print(_things(report))
    _print_problems(console, report)
    _print_columns(console, report)
    console.print(_summary(report))


def _things(report: Report) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for outcome in OUTCOMES:
        table.add_column(outcome, justify="right")
    for kind, counts in {"rows of the file": report.outcomes, **report.tally}.items():
        table.add_row(kind, *(f"{counts[outcome]:,}" for outcome in OUTCOMES))
    return table


def _print_problems(console: Console, report: Report) -> None:
    for kind in report.problems:
        count = ngettext("%(count)s line", "%(count)s lines", kind.count) % {"count": f"{kind.count:,}"}
        refused = _(", refused") if kind.refuses else ""
        console.print(f"\n[bold]{kind.code.replace('_', ' ')}[/bold]: {count}{refused}")
        for note in kind.first:
            console.print(_("  line %(line)s: %(text)s") % {"line": note.line, "text": escape(note.text)})
        if kind.count > len(kind.first):
            more = {"more": f"{kind.count - len(kind.first):,}"}
            console.print(_("  … and %(more)s more (--problems FILE lists all)") % more)


def _print_columns(console: Console, report: Report) -> None:
    console.print()
    if report.encoding != "utf-8":
        console.print(_("The file is not UTF-8; it was read as Windows-1252. Look at names with accents."))
    for says, names in (
        (_("Columns without use here: %(names)s"), report.columns.ignored),
        (_("Unknown columns, not read: %(names)s"), report.columns.unknown),
    ):
        if names:
            console.print(escape(says % {"names": ", ".join(names)}))


def _summary(report: Report) -> str:
    rate = report.done / report.seconds if report.seconds else 0
    return _("%(done)s rows in %(seconds).1f s (%(rate)s a second): %(outcomes)s.") % {
        "done": f"{report.done:,}",
        "seconds": report.seconds,
        "rate": f"{rate:,.0f}",
        "outcomes": ", ".join(f"{report.outcomes[outcome]:,} {outcome}" for outcome in OUTCOMES),
    }


def interrupted(console: Console, report: Report | None) -> None:
    """After Ctrl-C."""
    names = {"done": f"{report.done:,}" if report else "0", "rows": f"{report.rows:,}" if report else "?"}
    console.print(_("Interrupted after %(done)s of %(rows)s rows.") % names)
    if report and not report.dry_run:
        console.print(_("What was written until then stays. The same command goes on from there."))


def refusal(refused: FileRefused) -> str:
    """Why a file was refused, line by line."""
    texts = [str(refused).replace(refused.faults[0].text, "").strip(), *(f"  {fault.text}" for fault in refused.faults)]
    if refused.more:
        texts.append(_("  … and %(more)s more lines.") % {"more": refused.more})
    return "\n".join(texts)
