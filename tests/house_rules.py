"""The rules of the house for Python files, each as a function from a file to its breaches.

`Source` is one file: its path inside the repository and its text. A breach is a line for the person who reads the
failed test. `tests/test_architecture.py` runs every rule over the repository and proves each with its own examples.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

APPS = ["commerce", "customers", "inventory", "orders", "pos", "storefront"]
_APP_RANK = {"commerce": 0, "customers": 1, "inventory": 1, "orders": 2, "pos": 3, "storefront": 3}
_FLOOR_RANK = {
    room: rank
    for rank, rooms in enumerate(
        ["kernel", "events", "company", "cases ledger", "catalog", "pricing", "sync office", "sandbox"]
    )
    for room in rooms.split()
}
_OFFICE_ROOMS = {"admin", "tiles"}  # an app's face in the back office uses its frame
_ROOT = {"asgi", "celery", "settings", "urls", "wsgi"}  # the composition root, imported by nobody

LONGEST_FILE = 400
ONE_FILE = "commerce/pricing/engine.py"  # a till fetches, hashes and runs it as one; it can import nothing
LONGEST_FUNCTION = 60
_NAMELESS = {"utils.py", "helpers.py", "services.py", "misc.py", "common.py"}
_NAMES_OF_FRAMEWORKS = {
    *("process_request", "process_view", "process_exception", "process_response", "process_template_response"),
    *("handle_starttag", "handle_endtag", "handle_startendtag", "handle_data"),
}
_CLOCK_ROOMS = {"views", "api", "tasks", "admin", "webhooks", "consumers", "management", "middleware"}
_CLOCKS = {"now", "utcnow", "today"}
_CLOCK_OWNERS = {"timezone", "datetime", "date", "dt", "clock"}
_CLOCK_PATHS = {"time.time", "timezone.localdate"}
_OWN_PROCESSES = ("hardware/", "commerce/sandbox/", "commerce/runtime/")  # nothing below a view: they have their own
_TRANSLATING_ROOMS = {"views", "api", "forms"}
_ROW_WRITES = {
    *("create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete", "save"),
    *("acreate", "aupdate", "adelete", "asave"),
}
_QUERYSET_PARTS = {"objects", "_default_manager", "_base_manager", "filter", "exclude", "all", "select_for_update"}


@dataclass(frozen=True)
class Source:
    """One file of the repository."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.path).with_suffix("").parts

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @property
    def rooms(self) -> set[str]:
        """The rooms this file belongs to: `orders/views/cart.py` and `orders/views.py` are both `views`."""
        return set(self.parts[1:])


def imports(source: Source) -> Iterator[tuple[int, str]]:
    """Line and absolute module of every import, also inside functions and under `TYPE_CHECKING`."""
    package = list(source.parts[:-1])
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def direction(source: Source) -> list[str]:
    """Imports point down."""
    return [
        f"{source.path}:{line} imports {module}: {reason}"
        for line, module in imports(source)
        if (reason := _objection(source.parts, tuple(module.split("."))))
    ]


def _objection(here: tuple[str, ...], there: tuple[str, ...]) -> str:
    ours = there[0] in _APP_RANK or there[0] == "hardware"
    if not ours or here[0] not in (*_APP_RANK, "hardware", "manage"):
        return ""
    if "hardware" in (here[0], there[0]):
        return _hardware_objection(here, there)
    if here[0] == "manage":
        return ""
    if here[0] != there[0]:
        if _APP_RANK[there[0]] >= _APP_RANK[here[0]]:
            return f"{there[0]} is not below {here[0]}"
        return _floor_objection("", there[1] if len(there) > 1 else "")
    if here[0] != "commerce" or (there[1:2] == ("office",) and {*here[2:3]} & _OFFICE_ROOMS):
        return ""
    return _floor_objection(here[1] if len(here) > 1 else "", there[1] if len(there) > 1 else "")


def _hardware_objection(here: tuple[str, ...], there: tuple[str, ...]) -> str:
    if here[0] == there[0]:
        return ""
    if here[0] == "pos" and there[:2] == ("hardware", "protocol"):
        return ""
    if here[:2] == ("commerce", "sandbox") and there[:2] == ("hardware", "printers"):
        return ""  # the simulated printer reads what the bridge's printers write
    return "the bridge is a program of its own; only pos may import hardware.protocol"


def _floor_objection(here: str, there: str) -> str:
    """Between rooms of `commerce`; `here` is empty for the apps above."""
    if here == there:
        return ""
    if there in _ROOT:
        return "the composition root is imported by nobody"
    if there == "sandbox":
        return "stand-ins are known by their addresses only"
    if there == "runtime" and here not in ("settings", "outside"):
        return "start-up is used by settings alone"
    if here == "runtime":
        return "start-up knows the apps by name only"
    if here in _FLOOR_RANK and there in _FLOOR_RANK and _FLOOR_RANK[there] >= _FLOOR_RANK[here]:
        return f"{there} is not below {here}"
    return ""


def sizes(source: Source) -> list[str]:
    """Files and functions stay readable in one sitting."""
    if source.is_migration:
        return []
    found = []
    lines = source.text.count("\n")
    if lines > LONGEST_FILE and source.path != ONE_FILE:
        found.append(f"{source.path} has {lines} lines, {LONGEST_FILE} is the most")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not _is_table(node):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                found.append(f"{source.path}:{node.lineno} {node.name} has {length} lines")
    return found


def _is_table(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function does nothing but return one value, however long that is to write down."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return len(body) == 1 and isinstance(body[0], ast.Return)


def names(source: Source) -> list[str]:
    """A file or function is named after what it is about."""
    vague_file = PurePosixPath(source.path).name in _NAMELESS
    found = [f"{source.path}: name the file after what it holds"] if vague_file else []
    return found + [
        f"{source.path}:{node.lineno} {node.name}: say what it does"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith(("process_", "handle_"))
        and node.name not in _NAMES_OF_FRAMEWORKS
    ]


def signals(source: Source) -> list[str]:
    """No effect at a distance: what follows from a change is an event with a listed subscriber."""
    return [
        f"{source.path}:{line} uses {module}: record an event instead of a signal"
        for line, module in imports(source)
        if "signals" in module.split(".") or module.startswith("django.dispatch")
    ]


def save_overrides(source: Source) -> list[str]:
    """Tables hold rows; what must happen with them stands in a step."""
    if "models" not in source.rooms:
        return []
    return [
        f"{source.path}:{method.lineno} {node.name}.{method.name}: write a step instead"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        and method.name in {"save", "asave", "delete", "adelete", "save_base"}
    ]


def clocks(source: Source) -> list[str]:
    """Time comes in as an argument, so that a test can fix it and one operation has one time."""
    if source.is_migration or source.rooms & _CLOCK_ROOMS or source.path.startswith(_OWN_PROCESSES):
        return []
    if source.path == "commerce/kernel/clock.py":
        return []
    return [
        f"{source.path}:{line} reads the clock ({text}): take the time as an argument"
        for line, text in _clock_readings(source.tree)
    ]


def _clock_readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in _below_views(tree):
        if isinstance(node, ast.Attribute):
            if ast.unparse(node) in _CLOCK_PATHS or (node.attr in _CLOCKS and _leaf(node.value) in _CLOCK_OWNERS):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in {"now", "localdate"}:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno, f"{node.arg}="


def _below_views(node: ast.AST) -> Iterator[ast.AST]:
    """Every node outside functions that take the `request`: those are views, wherever they stand."""
    yield node
    for child in ast.iter_child_nodes(node):
        takes = child.args.args if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else []
        if not any(argument.arg == "request" for argument in takes):
            yield from _below_views(child)


def writes_in_views(source: Source) -> list[str]:
    """Views, API and forms translate; rows are written by the action or step they call."""
    if not source.rooms & _TRANSLATING_ROOMS or "management" in source.rooms:
        return []
    return [
        f"{source.path}:{node.lineno} {ast.unparse(node.func)[:80]}: call an action or a step"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes_rows(node, node.func)
    ]


def _writes_rows(call: ast.Call, method: ast.Attribute) -> bool:
    if method.attr not in _ROW_WRITES:
        return False
    if _QUERYSET_PARTS & set(_chain(method.value)):
        return True
    if method.attr in {"save", "asave", "delete", "adelete"}:
        about_a_row = all(
            word.arg in {"update_fields", "force_insert", "force_update", "using"} for word in call.keywords
        )
        return not call.args and about_a_row and _leaf(method.value) != "session"
    return False


def transactions(source: Source) -> list[str]:
    """Verbs open the transaction, nouns demand one, views do neither."""
    allowed = {"actions", "demo", "events", "kernel", "management", "migrations", "sandbox", "sync"}
    if source.rooms & allowed:
        return []
    return [
        f"{source.path}:{node.lineno} opens a transaction: that is for actions; a step is @in_transaction"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "transaction.atomic"
    ]


def _leaf(node: ast.expr) -> str:
    """The last name of an expression: `request.session` is `session`, `datetime.datetime` is `datetime`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _chain(node: ast.expr) -> Iterable[str]:
    """Every attribute on the way to the root of `a.b(…).c`."""
    while True:
        if isinstance(node, ast.Attribute):
            yield node.attr
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return


RULES = [direction, sizes, names, signals, save_overrides, clocks, writes_in_views, transactions]
