"""Materials that many things share, as planes of tone."""

from __future__ import annotations

from .tones import tones

BRASS = tones("#c7963c")
CORK = tones("#c79f74")
CREAM = tones("#f3ead8")
GLASS = tones("#cfe0e2")
INK = tones("#2f3238")
LEATHER = tones("#a2683b")
RUBBER = tones("#3c3d42")
STEEL = tones("#b3bdc0")
WOOD = tones("#c99c6b")
