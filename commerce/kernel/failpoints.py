"""Places where a test may make the process die, fail or wait.

`FAILPOINTS="orders.after_confirm:kill,orders.before_reserve:sleep=0.5"` in the environment arms them; with nothing
armed a failpoint costs one dictionary look-up. Effects: `kill` (exit at once, as kill -9 would), `raise`,
`sleep=SECONDS`, `off` (the named guard is switched off: used by the negative controls of race tests, see `is_off`).
"""

import os
import time

_armed: dict[str, str] = dict(
    entry.split(":", 1) for entry in os.environ.get("FAILPOINTS", "").split(",") if ":" in entry
)


class FailpointReached(RuntimeError):
    """Raised by a failpoint armed with `raise`."""


def failpoint(name: str) -> None:
    """Do what the environment asks for at this point; normally nothing."""
    effect = _armed.get(name)
    if effect is None or effect == "off":
        return
    if effect == "kill":
        os._exit(137)
    if effect.startswith("sleep="):
        time.sleep(float(effect.removeprefix("sleep=")))
    if effect == "raise":
        raise FailpointReached(name)


def is_off(guard: str) -> bool:
    """True when a test has switched this guard off to prove that the test notices."""
    return _armed.get(guard) == "off"


def arm(name: str, effect: str | None) -> None:
    """Arm (or with None disarm) a failpoint in this process; for tests."""
    if effect is None:
        _armed.pop(name, None)
    else:
        _armed[name] = effect
