"""The house palette: every color a product comes in, by key."""

from __future__ import annotations

from .records import Color

_COLORS = (
    ("moss", "Moss", "MOS", "#5f6f43"),
    ("sage", "Sage", "SAG", "#9cab87"),
    ("pine", "Pine", "PIN", "#2f5144"),
    ("teal", "Lagoon", "LAG", "#2e7273"),
    ("sky", "Sky", "SKY", "#8fb3c6"),
    ("slate", "Slate blue", "SLT", "#587189"),
    ("navy", "Navy", "NVY", "#2c3c5b"),
    ("plum", "Plum", "PLM", "#6f4058"),
    ("rose", "Dusty rose", "ROS", "#d39c92"),
    ("red", "Signal red", "RED", "#c2402f"),
    ("rust", "Rust", "RST", "#a84e2c"),
    ("clay", "Clay", "CLY", "#c67a54"),
    ("ochre", "Ochre", "OCH", "#d79c2d"),
    ("butter", "Butter", "BTR", "#edcf7f"),
    ("sand", "Sand", "SND", "#cfb183"),
    ("oat", "Oat", "OAT", "#dccdaf"),
    ("natural", "Natural", "NAT", "#ede2cb"),
    ("chalk", "Chalk", "CHK", "#f4f0e6"),
    ("saddle", "Saddle", "SAD", "#a56a3a"),
    ("walnut", "Walnut", "WAL", "#6c4731"),
    ("cocoa", "Cocoa", "COC", "#4c332a"),
    ("coal", "Coal", "COA", "#34363b"),
    ("steel", "Steel", "STL", "#a9b4b6"),
)


def colors() -> tuple[Color, ...]:
    """The palette in the order in which swatches are shown."""
    return tuple(Color(key, name, code, value) for key, name, code, value in _COLORS)


COLORS: dict[str, Color] = {color.key: color for color in colors()}
