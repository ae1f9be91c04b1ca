"""Reading somebody else's CSV: once to see that it is sound, once more to take it. Neither keeps it in memory.

Understood: UTF-8 with or without BOM, else Windows-1252; LF and CRLF; line breaks inside quotation marks; commas,
semicolons or tabs; gzip. Line numbers are those an editor shows.
"""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.sync.errors import Fault, FileRefused
from commerce.sync.guards import unguard

LARGEST = 4 << 30  # bytes, unpacked
RATIO = 100  # unpacked to packed, judged from JUDGED_FROM bytes on (T24)
JUDGED_FROM = 20 << 20
LONGEST_LINE = 10 << 20
MOST_FAULTS = 20

_OTHER_FILES = {
    b"PK\x03\x04": gettext_lazy("This is an Excel workbook or a ZIP archive. Save it as CSV and import that."),
    b"\xd0\xcf\x11\xe0": gettext_lazy("This is an old Excel workbook. Save it as CSV and import that."),
    b"%PDF": gettext_lazy("This is a PDF document, not a CSV file."),
    b"\xff\xfe": gettext_lazy("This file is UTF-16 text. Save it as “CSV UTF-8” and import that."),
    b"\xfe\xff": gettext_lazy("This file is UTF-16 text. Save it as “CSV UTF-8” and import that."),
    b"{": gettext_lazy("This is a JSON file, not a CSV file."),
    b"[": gettext_lazy("This is a JSON file, not a CSV file."),
    b"<": gettext_lazy("This is a web page or XML file, not a CSV file."),
}
csv.field_size_limit(LONGEST_LINE)

Row = tuple[int, list[str]]


@dataclass(slots=True)
class Table:
    """A sound CSV file: its header, and how to read on. `rows` counts those that hold anything."""

    path: Path
    header: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    delimiter: str = ","
    rows: int = 0
    sha256: str = ""

    def read(self) -> Iterator[Row]:
        """Line and values of each row under the header but the empty ones; values without guards and outer blanks."""
        records = _records(self, [])
        next(records, None)
        for line, values in records:
            if any(values):
                yield line, [unguard(value.strip()) for value in values]


class Reader(Protocol):
    """Who reads the file next: sees every row once beforehand."""

    def look(self, line: int, row: list[str]) -> None: ...


R = TypeVar("R", bound=Reader)


def inspect(path: Path, reader_of: Callable[[list[str]], R]) -> tuple[Table, R]:
    """Read the whole file once and judge it. Raises `FileRefused` with the lines that are wrong.

    `reader_of` is given the header, which it may refuse, and returns who is shown the rows on the way.
    """
    if not path.is_file():
        raise FileRefused([Fault(0, _("There is no file %(path)s.") % {"path": path})])
    table = Table(path)
    try:
        _begin(table)
        try:
            return table, _judge(table, reader_of)
        except UnicodeDecodeError:
            table.encoding, table.header, table.rows = "cp1252", [], 0
            return table, _judge(table, reader_of)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused([Fault(0, _("The file is damaged or incomplete: it does not unpack."))]) from error


def _begin(table: Table) -> None:
    with _open(table.path) as file:
        start = file.read(64 << 10)
    if not start.strip():
        raise FileRefused([Fault(0, _("The file is empty."))])
    for mark, text in _OTHER_FILES.items():
        if start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(mark):
            raise FileRefused([Fault(0, str(text))])
    first = start.removeprefix(b"\xef\xbb\xbf").splitlines()[0]
    table.delimiter = max(",;\t", key=lambda mark: first.count(mark.encode()))


def _judge(table: Table, reader_of: Callable[[list[str]], R]) -> R:
    """Set header, number of rows and hash, or refuse. Rows of another width are counted, the first of them named."""
    faults: list[Fault] = []
    ragged = 0
    digest = hashlib.sha256()
    records = _records(table, faults, digest)
    table.header = [unguard(name.strip()) for name in next(records, (1, [""]))[1]]
    reader = reader_of(table.header)
    for line, values in records:
        if len(values) != len(table.header):
            ragged += 1
            if len(faults) < MOST_FAULTS:
                says = _("Line %(line)s does not have %(wanted)s columns, as the header does, but %(found)s.")
                names = {"line": line, "found": len(values), "wanted": len(table.header)}
                faults.append(Fault(line, says % names))
        elif any(values):
            table.rows += 1
            reader.look(line, [unguard(value.strip()) for value in values])
    repeated = sorted({name for name in table.header if name and table.header.count(name) > 1})
    if repeated:
        faults.append(Fault(1, _("Line 1 names these columns twice: %(names)s.") % {"names": ", ".join(repeated)}))
    if faults:
        faults.sort(key=lambda fault: fault.line)
        raise FileRefused(faults[:MOST_FAULTS], max(0, ragged - MOST_FAULTS))
    table.sha256 = digest.hexdigest()
    return reader


def _records(table: Table, faults: list[Fault], digest: "hashlib._Hash | None" = None) -> Iterator[Row]:
    """The file's records with the line each begins on. Broken quoting is noted in `faults`, and passed over."""
    with _open(table.path) as file:
        reader = csv.reader(_lines(file, table, faults, digest), delimiter=table.delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if len(faults) < MOST_FAULTS:
                    faults.append(Fault(line, _broken(str(error), line, reader.line_num)))
                continue
            if len(values) > 1 or any(value.strip() for value in values):
                yield line, values


def _broken(error: str, begins: int, ends: int) -> str:
    names = {"line": begins, "end": ends}
    if "unexpected end of data" in error:
        return _("The quotation mark opened on line %(line)s is never closed.") % names
    if "expected after" in error:
        return _("Line %(end)s: something stands behind the closing quotation mark of a field.") % names
    if "new-line character" in error:
        return _("Line %(end)s: lines end in a way (CR only) that cannot be read. Save it anew as CSV.") % names
    return _("Line %(end)s cannot be read as CSV.") % names


def _lines(file: IO[bytes], table: Table, faults: list[Fault], digest: "hashlib._Hash | None") -> Iterator[str]:
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        if digest is not None:
            digest.update(raw)
        if len(raw) >= LONGEST_LINE:
            raise FileRefused([Fault(number, _("Line %(line)s never ends. Is this a CSV file?") % {"line": number})])
        if b"\0" in raw:
            text = _("Line %(line)s holds binary data (a NUL character). Is this a CSV file?") % {"line": number}
            raise FileRefused([Fault(number, text)])
        try:
            yield raw.decode("utf-8-sig" if number == 1 and table.encoding == "utf-8" else table.encoding)
        except UnicodeDecodeError as error:
            if table.encoding != "cp1252":
                raise
            says = _("Line %(line)s is in an encoding that cannot be read. Save the file as “CSV UTF-8”.")
            raise FileRefused([Fault(number, says % {"line": number})]) from error


def _open(path: Path) -> IO[bytes]:
    file = path.open("rb")
    if file.peek(2)[:2] != b"\x1f\x8b":
        return file
    return io.BufferedReader(_Unpacked(file), 1 << 16)


class _Unpacked(io.RawIOBase):
    """A gzip file that gives up when it unpacks to more than anybody's catalog."""

    def __init__(self, packed: IO[bytes]) -> None:
        self.packed, self.unpacked, self.size = packed, gzip.GzipFile(fileobj=packed), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self.unpacked.read(len(buffer))
        buffer[: len(data)] = data
        self.size += len(data)
        if self.size > LARGEST or (self.size > JUDGED_FROM and self.size > RATIO * max(1, self.packed.tell())):
            raise FileRefused([Fault(0, _("The file unpacks to far more than it should. It was not read."))])
        return len(data)

    def close(self) -> None:
        self.unpacked.close()
        self.packed.close()
        super().close()
