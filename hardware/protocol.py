"""What a page and the bridge say to each other. The only module of `hardware` that other code may import.

Pure data and one validator; the standard library only, so that the server, tests and the bridge all share it.

**The wire.** One WebSocket, JSON text frames. The page sends requests `{"id", "kind", …}` (`id`: any number or string
of its choice, unique while it waits); the bridge answers each with `{"id", "kind", "ok": true, …}` or
`{"id", "kind", "ok": false, "error": {"code", "message"}}` and sends events `{"event", …}` of its own accord. The first
frame must be `hello`. Anything that is not a JSON object with `id` and `kind` closes the socket.

| kind             | sends                                        | answer holds                                  |
|------------------|----------------------------------------------|-----------------------------------------------|
| `hello`          | `token`, `protocol`                          | `protocol`, `document_version`, `status`      |
| `status`         |                                              | `status` (`BridgeStatus`)                     |
| `print`          | `job_id`, `document`, `columns`?, `printer`? | `job` (`Job`)                                 |
| `print.test`     | `job_id`, `printer`?                         | `job`: a page with ruler, code pages and codes|
| `kick`           | `job_id`, `reason` (`KICK_REASONS`)          | `job`                                         |
| `kick.list`      | `after`? (number)                            | `kicks`: `{number, job_id, reason, state, at}`|
| `job`            | `job_id`                                     | `job` or null                                 |
| `journal.append` | `sale_uid`, `envelope`                       | `stored`: false when it was there already     |
| `journal.list`   | `acked`? (true: those acknowledged too)      | `entries`: `{sale_uid, envelope, at, acked}`  |
| `journal.ack`    | `sale_uids`                                  | `count` acknowledged now                      |
| `scale.read`     |                                              | `weight` (`Weight`)                           |
| `display.show`   | `lines` (up to 4)                            |                                               |

| event     | holds                                       |
|-----------|---------------------------------------------|
| `scan`    | `code`, `device`                            |
| `printer` | `printer` (`PrinterStatus`), `drawer`       |
| `scanner` | `scanner` (`DeviceStatus`)                  |
| `job`     | `job`: its state changed after the answer   |

**Jobs** are idempotent by `job_id`: sending one again answers with its state, and prints only when it is certain that
nothing of it was printed before (`blocked` and `failed`). To print again what is `done` or `unknown`, send the
document under a new `job_id` with `copy` raised by one.
"""

import re
from collections.abc import Callable
from typing import Any, Literal, NotRequired, TypedDict

PROTOCOL_VERSION = 1
DOCUMENT_VERSION = 1

MAX_FRAME_BYTES = 1024 * 1024
MAX_BLOCKS = 2000

JobState = Literal["queued", "printing", "done", "failed", "unknown", "blocked"]
PrinterState = Literal["ready", "off", "paper_out", "cover_open", "error", "none"]
DrawerState = Literal["open", "closed", "unknown"]

KICK_REASONS = ("cash_sale", "refund", "paid_in", "paid_out", "drop", "float", "count", "no_sale")
"""Why a drawer opens. Each kick is journaled on the bridge, to be matched with a row of the server."""

REASONS = {
    "printer_none": "No printer is set up on this computer.",
    "printer_off": "The printer is off or not connected. Switch it on, then press Reprint.",
    "paper_out": "The printer is out of paper. Put in a new roll, then press Reprint.",
    "cover_open": "The printer's cover is open. Close it, then press Reprint.",
    "printer_error": "The printer reports an error. Check its lights, then press Reprint.",
    "printer_stuck": "The printer does not take data. Switch it off and on, then press Reprint.",
    "restarted": "The bridge restarted before this was printed. Press Reprint.",
    "interrupted": "The printer stopped in the middle. Look at the paper: if it is not complete, print a copy.",
    "paper_ran_out": "The paper ran out in the middle. Put in a new roll. If the paper is not complete, print a copy.",
    "killed": "The bridge stopped while this was printing. Look at the paper: if it is not complete, print a copy.",
    "document": "The document could not be laid out, so nothing was printed.",
    "kick_failed": "The drawer could not be opened: the printer is off or not connected. Use the key.",
    "kick_unknown": "It is not known whether the drawer opened. Look at it, or use the key.",
    "kick_too_many": "The drawer was opened too often in the last minute. Wait a moment or use the key.",
}
"""Reason code of a job or printer state → the sentence for the person at the till (translate by code)."""


class Job(TypedDict):
    """The state of one print or kick."""

    job_id: str
    kind: Literal["print", "kick"]
    state: JobState
    printer: str  # its name in the bridge's configuration
    code: NotRequired[str]  # key of REASONS, for every state but queued, printing, done
    reason: NotRequired[str]  # the sentence of that code
    confirmed: NotRequired[bool]  # done only: the printer itself said that it got to the end
    warnings: NotRequired[list[str]]  # e.g. characters that no font of this computer has
    at: str  # ISO 8601 UTC, of the last change


class PrinterStatus(TypedDict):
    """One printer as last seen."""

    name: str
    state: PrinterState
    code: NotRequired[str]
    message: str  # "Ready", or a sentence that says what to do
    paper_low: bool
    columns: int  # characters per line of its normal font
    at: str | None  # ISO 8601 UTC, when it last answered


class DeviceStatus(TypedDict):
    """A scanner, scale or display."""

    name: str
    state: Literal["ready", "off", "none"]


class BridgeStatus(TypedDict):
    """What the till's health panel shows."""

    printers: list[PrinterStatus]  # the first one is the default
    drawer: DrawerState
    scanners: list[DeviceStatus]
    scale: DeviceStatus
    display: DeviceStatus
    journal: dict[str, Any]  # {"count": sales not yet acknowledged, "oldest": ISO 8601 or null}
    jobs: dict[str, int]  # number of jobs of the last day by state


class Weight(TypedDict):
    """A scale's answer. `stable` is false while the weight still moves: do not charge by it."""

    value: str  # decimal text, "1.245"
    unit: str  # as the scale says it: kg, g, lb, oz
    stable: bool


class ReceiptDocument(TypedDict):
    """What to print, free of any device. Amounts, dates and words come formatted and translated; the bridge lays out.

    A finished paper always ends with a feed and a cut. A copy prints its `copy_label` in a band on top and at the end.
    """

    version: int  # DOCUMENT_VERSION
    kind: str  # one of DOCUMENT_KINDS
    title: str  # for job lists and logs: "Receipt 1-000123"
    locale: str  # BCP 47, "de-DE"
    currency: str  # ISO 4217
    copy: NotRequired[int]  # 0 the original, n the nth copy
    copy_label: NotRequired[str]  # translated; "COPY n" without it
    blocks: list[dict[str, Any]]  # see BLOCKS


DOCUMENT_KINDS = (
    "receipt",
    "gift_receipt",
    "return_receipt",
    "x_report",
    "z_report",
    "cash_movement",
    "pick_ticket",
    "packing_slip",
    "no_sale",
    "parked_sale",
    "gift_card",
    "test_page",
)
ALIGNMENTS = ("left", "center", "right")
SYMBOLOGIES = ("code128", "code39", "ean13", "ean8", "upca", "itf")


class DocumentError(ValueError):
    """A document that cannot be printed. `problems` names every field that is wrong, in words."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


Check = Callable[[Any], str | None]
"""Gives what the value must be ("must be …") or None when it is fine."""


def _text(longest: int = 500, empty: bool = True) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "must be text"
        if not empty and not value.strip():
            return "must not be empty"
        return f"must be at most {longest} characters, not {len(value)}" if len(value) > longest else None

    return check


def _one_of(*choices: str) -> Check:
    return lambda value: None if value in choices else f"must be one of {', '.join(choices)}, not {value!r}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _whole(least: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole and least <= value <= most else f"must be a whole number from {least} to {most}"

    return check


def _list_of(check_item: Check, longest: int) -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not value or len(value) > longest:
            return f"must be a list of 1 to {longest}"
        problems = ((number, check_item(item)) for number, item in enumerate(value))
        return next((f"[{number}] {problem}" for number, problem in problems if problem), None)

    return check


def _shape(fields: "Fields") -> Check:
    def check(value: Any) -> str | None:
        problems = _field_problems(value, fields) if isinstance(value, dict) else ["must be an object"]
        return "; ".join(problems) or None

    return check


def _note(value: Any) -> str | None:
    return (
        _text()(value)
        if isinstance(value, str)
        else _shape({"text": (True, _text()), "amount": (False, _text(40))})(value)
    )


Fields = dict[str, tuple[bool, Check]]
_CELL: Fields = {
    "text": (True, _text()),
    "align": (False, _one_of(*ALIGNMENTS)),  # left
    "width": (False, _whole(0, 100)),  # share of the line beside the other cells; 0: as wide as its text. 1
}
BLOCKS: dict[str, Fields] = {
    # A paragraph; wraps at words; "\n" starts a new line. `wide` and `tall` double one side, `large` both.
    "text": {
        "text": (True, _text(2000)),
        "align": (False, _one_of(*ALIGNMENTS)),  # left
        "bold": (False, _flag),  # false
        "size": (False, _one_of("normal", "small", "wide", "tall", "large")),  # normal
    },
    # White on black across the whole paper: TRAINING, GIFT RECEIPT, COPY.
    "banner": {"text": (True, _text(80, empty=False))},
    # Cells beside each other; each wraps within its own width.
    "columns": {"cells": (True, _list_of(_shape(_CELL), 6)), "bold": (False, _flag)},
    # Rows whose columns are as wide as their longest text, the first one taking the rest: tax table, report.
    "table": {
        "header": (False, _list_of(_text(60), 6)),
        "rows": (True, _list_of(_list_of(_text(120), 6), 500)),
        "align": (False, _list_of(_one_of(*ALIGNMENTS), 6)),  # first left, others right
    },
    # One line of a sale: name and amount, under it the detail ("2 × $19.00") and notes, indented. A note is text or
    # {"text", "amount"}: a discount under its line.
    "line_item": {
        "name": (True, _text(empty=False)),
        "amount": (False, _text(40)),  # absent on gift receipts and pick tickets
        "detail": (False, _text()),
        "notes": (False, _list_of(_note, 50)),
    },
    # Label left, amount right. `grand` is the one figure of the paper, double height.
    "total": {
        "label": (True, _text(200)),
        "amount": (True, _text(40)),
        "emphasis": (False, _one_of("normal", "bold", "grand")),  # normal
    },
    "rule": {"style": (False, _one_of("single", "double", "dashed"))},  # single
    "feed": {"lines": (False, _whole(1, 20))},  # 1
    # `data` as it scans, check digit included; `caption` prints it in figures below.
    "barcode": {
        "symbology": (True, _one_of(*SYMBOLOGIES)),
        "data": (True, _text(48, empty=False)),
        "caption": (False, _flag),  # true
    },
    "qr": {
        "data": (True, _text(700, empty=False)),
        "size": (False, _one_of("small", "medium", "large")),  # medium
        "caption": (False, _text(200)),
    },
    # A logo: black and white after dithering; never wider than the paper.
    "image": {
        "png_base64": (True, _text(400_000, empty=False)),
        "align": (False, _one_of(*ALIGNMENTS)),  # center
        "width": (False, _whole(5, 100)),  # percent of the paper's width; without it the picture's own dots
    },
    "cut": {"mode": (False, _one_of("full", "partial"))},  # partial; only between two papers of one document
}
"""Block type → field → (required, check). The comment after a field is its default."""

_HEADER: Fields = {
    "version": (True, _whole(1, DOCUMENT_VERSION)),
    "kind": (True, _one_of(*DOCUMENT_KINDS)),
    "title": (True, _text(120, empty=False)),
    "locale": (True, _text(35, empty=False)),
    "currency": (True, lambda value: None if re.fullmatch("[A-Z]{3}", str(value)) else "must be a currency code (USD)"),
    "copy": (False, _whole(0, 999)),
    "copy_label": (False, _text(40)),
    "blocks": (True, lambda value: _blocks_problem(value)),
}


def validate_document(document: Any, *, strict: bool = True) -> ReceiptDocument:
    """Check a document and give it back.

    `strict=False` (the bridge, which may be older than the page) drops fields that it does not know instead of
    refusing them. Raises `DocumentError` with every problem found, each with its path: "blocks[3].align must be …".
    """
    if not isinstance(document, dict):
        raise DocumentError(["The document must be an object."])
    known = document if strict else _without_unknown(document)
    problems = _field_problems(known, _HEADER)
    if problems:
        raise DocumentError(problems)
    for number, block in enumerate(known["blocks"]):
        fields = BLOCKS[block["type"]]
        rest = {name: value for name, value in block.items() if name != "type"}
        problems += [f"blocks[{number}].{problem}" for problem in _field_problems(rest, fields)]
        if not problems and block["type"] == "barcode":
            problem = barcode_problem(block["symbology"], block["data"])
            problems += [f"blocks[{number}].data {problem}"] if problem else []
    if problems:
        raise DocumentError(problems)
    return known  # type: ignore[return-value]


def barcode_problem(symbology: str, data: str) -> str | None:
    """What is wrong with `data` for this symbology ("must be …"), or None."""
    digits = {"ean13": (13,), "ean8": (8,), "upca": (12,)}.get(symbology)
    if digits:
        if not data.isascii() or not data.isdigit() or len(data) not in digits:
            return f"must be {digits[0]} digits"
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(data)))
        return None if weighted % 10 == 0 else "has a wrong check digit"
    if symbology == "itf":
        return None if re.fullmatch(r"([0-9]{2})+", data) else "must be an even number of digits"
    if symbology == "code39":
        return None if re.fullmatch(r"[0-9A-Z $%+./-]+", data) else "may hold 0-9, A-Z and $%+-./ only"
    return None if re.fullmatch(r"[ -~]+", data) else "may hold printable ASCII characters only"


def _field_problems(value: dict[str, Any], fields: Fields) -> list[str]:
    problems = [f"{name} is missing" for name, (required, _) in fields.items() if required and name not in value]
    problems += [f"{name} is not a known field" for name in value if name not in fields]
    for name, (_, check) in fields.items():
        problem = check(value[name]) if name in value else None
        if problem:
            problems.append(f"{name}{'' if problem.startswith('[') else ' '}{problem}")
    return problems


def _blocks_problem(value: Any) -> str | None:
    if not isinstance(value, list) or not value or len(value) > MAX_BLOCKS:
        return f"must be a list of 1 to {MAX_BLOCKS}"
    for number, block in enumerate(value):
        if not isinstance(block, dict):
            return f"[{number}] must be an object"
        if not isinstance(block.get("type"), str) or block["type"] not in BLOCKS:
            return f"[{number}].type {_one_of(*BLOCKS)(block.get('type'))}"
    return None


def _without_unknown(document: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in document.items() if name in _HEADER}
    if isinstance(known.get("blocks"), list):
        known["blocks"] = [
            {name: value for name, value in block.items() if name == "type" or name in BLOCKS[block["type"]]}
            if isinstance(block, dict) and isinstance(block.get("type"), str) and block["type"] in BLOCKS
            else block
            for block in known["blocks"]
        ]
    return known
