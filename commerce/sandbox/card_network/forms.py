"""Form-encoded parameters with brackets: ``card[number]=…&items[0][sku]=…&expand[]=…`` to nested values."""

import re
from typing import Any
from urllib.parse import parse_qsl

from .errors import ParamError

NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
MAX_DEPTH = 8


def decode(encoded: str) -> dict[str, Any]:
    """The nested parameters of a query string or form body: text, lists and mappings.

    ``a[]`` appends to a list, ``a[0]`` numbers its items, ``a[b]`` is a member of a mapping. Raises ParamError for a
    name that cannot be read.
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, max_num_fields=5000):
        _place(tree, _steps(name), value, name)
    return {key: _lists(value) for key, value in tree.items()}


def _steps(name: str) -> list[str]:
    found = NAME.match(name)
    if not found:
        raise ParamError(f"Invalid parameter name: {name[:80]}", code="parameter_unknown", param=name[:80])
    steps = [found[1], *re.findall(r"\[([^\[\]]*)\]", found[2])]
    if len(steps) > MAX_DEPTH:
        raise ParamError(f"Parameter is nested too deeply: {name[:80]}", param=name[:80])
    return steps


def _place(tree: dict[str, Any], steps: list[str], value: str, name: str) -> None:
    node = tree
    for step in steps[:-1]:
        child = node.setdefault(_key(node, step), {})
        if not isinstance(child, dict):
            raise ParamError(f"Invalid object: {name[:80]}", param=steps[0])
        node = child
    node[_key(node, steps[-1])] = value


def _key(node: dict[str, Any], step: str) -> str:
    return step or str(len(node))


def _lists(value: Any) -> Any:
    """Mappings whose keys are 0, 1, 2 … become lists, in the order of their numbers."""
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(item) for key, item in value.items()}
