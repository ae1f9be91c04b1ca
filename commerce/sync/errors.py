from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a file; `line` 0 is the file as a whole."""

    line: int
    text: str


class FileRefused(DomainError):
    """A file that cannot be taken at all; nothing of it was written. `faults`: the first of them, with their lines."""

    code = "file_refused"
    status = 422
    message = _("This file cannot be imported, and nothing of it was. %(summary)s")

    def __init__(self, faults: list[Fault], more: int = 0) -> None:
        self.faults, self.more = faults, more
        context = [{"line": fault.line, "text": fault.text} for fault in faults]
        super().__init__(summary=faults[0].text, faults=context, more=more)


class AnotherImport(DomainError):
    code = "import_running"
    message = _("Another import is at work right now. Start this one when it is done.")


class NotNow(DomainError):
    """What was asked of a run does not fit its state."""

    code = "import_not_now"
    message = _("This import has gone on since you looked. This is how it stands now.")


class Stopped(Exception):
    """Somebody asked for the end of an import, or another worker took it over: the next batch is not begun."""
