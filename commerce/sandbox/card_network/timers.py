"""Things that happen later by themselves: they wait in the journal, so a restart forgets none."""

from typing import Any

from .ids import token
from .store import Unit


def schedule(unit: Unit, after: float, verb: str, **details: Any) -> None:
    """Let ``verb`` (a name in clockwork.VERBS) run with these details once ``after`` seconds have passed."""
    unit.add("timer", {"id": f"tm_{token(12)}", "due": unit.at + after, "verb": verb, "details": details})
