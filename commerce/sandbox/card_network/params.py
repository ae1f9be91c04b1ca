"""The parameters an endpoint knows, read strictly: a typing mistake is an error here, as it is at the real API."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from .errors import ParamError


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter. ``clearable`` ones may be unset by an empty string and then read as None."""

    required: bool = False
    clearable: bool = False

    def read(self, value: Any, name: str) -> Any:
        """The value in its own type. Raises ParamError."""
        if value == "":
            if self.clearable:
                return None
            raise ParamError(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
                f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
                "value.",
                code="parameter_invalid_empty",
                param=name,
            )
        return self.parse(value, name)

    def parse(self, value: Any, name: str) -> Any:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Field):
    """Text of at most ``longest`` characters."""

    longest: int = 5000

    def parse(self, value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise ParamError(f"Invalid string: {name}", param=name)
        if len(value) > self.longest:
            raise ParamError(
                f"Invalid {name}: must be at most {self.longest} characters",
                code="parameter_invalid_string",
                param=name,
            )
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer(Field):
    """A whole number within bounds."""

    least: int = 0
    most: int = 99_999_999

    def parse(self, value: Any, name: str) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,18}", value):
            raise ParamError(f"Invalid integer: {str(value)[:80]}", code="parameter_invalid_integer", param=name)
        number = int(value)
        if not self.least <= number <= self.most:
            bound = f"greater than or equal to {self.least}" if number < self.least else f"no more than {self.most}"
            raise ParamError(f"This value must be {bound}.", code="parameter_invalid_integer", param=name)
        return number


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Field):
    """``true`` or ``false``."""

    def parse(self, value: Any, name: str) -> bool:
        if value not in ("true", "false"):
            raise ParamError(f"Invalid boolean: {str(value)[:80]}", param=name)
        return bool(value == "true")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Field):
    """One of a few words."""

    words: tuple[str, ...]

    def parse(self, value: Any, name: str) -> str:
        if value not in self.words:
            listed = ", ".join(self.words[:-1]) + f", or {self.words[-1]}" if len(self.words) > 1 else self.words[0]
            raise ParamError(f"Invalid {name}: must be one of {listed}", param=name)
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Items(Field):
    """A list of values of one type."""

    of: Field

    def parse(self, value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise ParamError("Invalid array", param=name)
        return [self.of.read(item, f"{name}[{at}]") for at, item in enumerate(value)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Field):
    """A mapping with parameters of its own."""

    fields: Mapping[str, Field]

    def parse(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ParamError("Invalid object", param=name)
        return read(self.fields, value, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(Field):
    """The caller's own keys and values; an empty value removes its key, an empty mapping removes all."""

    clearable: bool = True
    required: bool = field(default=False)

    def parse(self, value: Any, name: str) -> dict[str, str]:
        if not isinstance(value, dict):
            raise ParamError("Invalid object", param=name)
        if len(value) > 50:
            raise ParamError("Metadata can have at most 50 keys.", param=name)
        for key, text in value.items():
            if not isinstance(text, str) or len(key) > 40 or len(text) > 500:
                raise ParamError(
                    f"Metadata keys can be up to 40 and values up to 500 characters long. '{key[:40]}' is not.",
                    param=f"{name}[{key[:40]}]",
                )
        return dict(value)


def merged_metadata(have: dict[str, str], given: dict[str, str] | None) -> dict[str, str]:
    """Metadata after an update: empty values remove their key, None removes all."""
    merged = {} if given is None else have | given
    return {name: value for name, value in merged.items() if value != ""}


ADDRESS = {part: Text(clearable=True) for part in ("city", "country", "line1", "line2", "postal_code", "state")}
SPAN = Group(fields={edge: Integer(most=10**12) for edge in ("gt", "gte", "lt", "lte")})


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment(Field):
    """A time in seconds, or a mapping of bounds (``created[gte]``)."""

    def parse(self, value: Any, name: str) -> dict[str, int]:
        if isinstance(value, dict):
            return dict(SPAN.parse(value, name))
        exact = Integer(most=10**12).parse(value, name)
        return {"gte": exact, "lte": exact}


# Parameters that the real API no longer takes since a version, with the code it refuses them by.
RETIRED = {"payment_method_types": ("2026-09-30", "payment_method_types_no_longer_supported")}
COMMON: Mapping[str, Field] = {"expand": Items(of=Text())}
PAGING: Mapping[str, Field] = {
    "limit": Integer(least=1, most=100),
    "starting_after": Text(),
    "ending_before": Text(),
}
LISTING: Mapping[str, Field] = {**PAGING, "created": Moment()}


def refuse_retired(given: Mapping[str, Any], version: str) -> None:
    """Raises ParamError for a parameter that the caller's API version (a date and a name) has dropped."""
    for name in given:
        since, code = RETIRED.get(name, ("9999", ""))
        if version[:10] >= since:
            raise ParamError(
                f"`{name}` is no longer supported since API version {since}. Use `allowed_{name}` to choose, or leave "
                "it out.",
                code=code,
                param=name,
            )


def read(fields: Mapping[str, Field], given: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """The given parameters in their own types; names that were not given are absent. Raises ParamError."""
    known = fields if within else {**COMMON, **fields}
    path = {name: f"{within}[{name}]" if within else name for name in [*known, *given]}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise _unknown(unknown, path, known)
    for name, spec in known.items():
        if spec.required and name not in given:
            raise ParamError(f"Missing required param: {path[name]}.", code="parameter_missing", param=path[name])
    return {name: known[name].read(value, path[name]) for name, value in given.items()}


def _unknown(unknown: list[str], path: Mapping[str, str], known: Mapping[str, Field]) -> ParamError:
    plural = "s" if len(unknown) > 1 else ""
    message = f"Received unknown parameter{plural}: {', '.join(path[name][:80] for name in unknown)}"
    close = get_close_matches(unknown[0], known, n=1) if len(unknown) == 1 else []
    if close:
        message += f". Did you mean {path[close[0]]}?"
    return ParamError(message, code="parameter_unknown", param=path[unknown[0]][:80])
