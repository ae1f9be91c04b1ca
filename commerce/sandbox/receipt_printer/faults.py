"""How the stand-in printer feels at the moment, and what goes wrong with it on request."""

from dataclasses import asdict, dataclass, fields
from typing import Any

_CHOICES = {
    "paper": ("ok", "low", "out"),
    "cover": ("closed", "open"),
    "drawer": ("closed", "open"),
    "drawer_sensor": ("high", "low", "none"),
}


@dataclass
class Condition:
    """What a person could do to a printer. Changed as a whole by `/_control/`."""

    power: bool = True  # off: nothing listens on its port
    paper: str = "ok"
    cover: str = "closed"
    drawer: str = "closed"
    drawer_sensor: str = "high"  # signal level that means open; none: no sensor wired
    drawer_closes_after: float = 8.0  # seconds; 0: somebody has to close it
    bytes_per_second: int = 0  # 0: at once
    reset_after: int | None = None  # bytes from now until the plug is pulled, once
    answers: bool = True  # false: a cheap printer that never tells its status

    @property
    def online(self) -> bool:
        """Whether it prints what comes in."""
        return self.power and self.paper != "out" and self.cover == "closed"

    def change(self, wanted: dict[str, Any]) -> None:
        """Set some of the fields. Raises ValueError, in words, and then changes nothing."""
        for name, value in wanted.items():
            self._check(name, value)
        for name, value in wanted.items():
            setattr(self, name, value)

    def _check(self, name: str, value: Any) -> None:
        known = {field.name for field in fields(self)}
        if name not in known:
            raise ValueError(f"{name} is not one of {', '.join(sorted(known))}")
        if name in _CHOICES and value not in _CHOICES[name]:
            raise ValueError(f"{name} must be one of {', '.join(_CHOICES[name])}")
        if name in ("power", "answers") and not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false")
        number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
        if name in ("bytes_per_second", "drawer_closes_after") and not number:
            raise ValueError(f"{name} must be a number from 0 up")
        if name == "reset_after" and not (value is None or (number and isinstance(value, int))):
            raise ValueError("reset_after must be a number of bytes or null")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def status(self, question: int) -> int:
        """The byte that answers `DLE EOT question`."""
        if question == 1:
            level_high = (self.drawer == "open") == (self.drawer_sensor == "high")
            drawer = 0x04 if self.drawer_sensor != "none" and level_high else 0
            return 0x12 | drawer | (0 if self.online else 0x08)
        if question == 2:
            return 0x12 | (0x04 if self.cover == "open" else 0) | (0x20 if self.paper == "out" else 0)
        if question == 4:
            return 0x12 | {"ok": 0, "low": 0x0C, "out": 0x6C}[self.paper]
        return 0x12
