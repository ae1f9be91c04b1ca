"""What stands on each category's banner."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prop:
    """A product in a scene: its color, where its foot (or middle, when it hangs) is, and its scale."""

    product: str
    color: str
    x: float
    y: float
    scale: float


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category's banner: ground color and the things on it, for the wide and the tall picture."""

    ground: str
    wide: tuple[Prop, ...]
    tall: tuple[Prop, ...]


SHELVES: dict[str, Shelf] = {
    "camp": Shelf(
        "#dbe0cc",
        (
            Prop("alder-2-tent", "moss", 1120, 790, 0.86),
            Prop("perch-chair", "ochre", 760, 810, 0.5),
            Prop("furl-mat", "rust", 1420, 822, 0.34),
        ),
        (Prop("alder-2-tent", "moss", 400, 850, 0.8), Prop("furl-mat", "rust", 620, 900, 0.34)),
    ),
    "bags": Shelf(
        "#d3e0e0",
        (
            Prop("ridge-22-pack", "ochre", 800, 800, 0.72),
            Prop("field-duffel", "navy", 1130, 810, 0.66),
            Prop("market-tote", "natural", 1430, 800, 0.56),
        ),
        (Prop("ridge-22-pack", "ochre", 260, 870, 0.7), Prop("field-duffel", "navy", 540, 900, 0.56)),
    ),
    "clothing": Shelf(
        "#f3dccb",
        (
            Prop("squall-shell", "ochre", 830, 420, 0.72),
            Prop("croft-sweater", "navy", 1160, 430, 0.66),
            Prop("stride-trousers", "moss", 1430, 440, 0.66),
        ),
        (Prop("squall-shell", "ochre", 270, 560, 0.66), Prop("stride-trousers", "moss", 590, 610, 0.62)),
    ),
    "footwear": Shelf(
        "#efe7d4",
        (
            Prop("cairn-boot", "walnut", 820, 790, 0.66),
            Prop("puddle-boot", "ochre", 1160, 800, 0.56),
            Prop("dory-sneaker", "navy", 1440, 814, 0.46),
        ),
        (Prop("cairn-boot", "walnut", 300, 860, 0.7), Prop("dory-sneaker", "navy", 570, 910, 0.5)),
    ),
    "accessories": Shelf(
        "#e0d9ea",
        (
            Prop("lee-umbrella", "ochre", 860, 460, 0.74),
            Prop("dock-beanie", "rust", 1180, 330, 0.52),
            Prop("hike-sock", "moss", 1440, 430, 0.52),
            Prop("field-cap", "navy", 1180, 640, 0.5),
        ),
        (
            Prop("lee-umbrella", "ochre", 270, 600, 0.66),
            Prop("dock-beanie", "rust", 600, 560, 0.5),
            Prop("field-cap", "navy", 600, 800, 0.46),
        ),
    ),
    "kitchen": Shelf(
        "#f4e4b8",
        (
            Prop("billy-pot", "moss", 1000, 790, 0.6),
            Prop("cinder-stove", "steel", 720, 800, 0.5),
            Prop("enamel-mug", "natural", 1250, 812, 0.44),
            Prop("spring-bottle", "ochre", 1450, 800, 0.6),
        ),
        (
            Prop("billy-pot", "moss", 240, 860, 0.56),
            Prop("spring-bottle", "ochre", 480, 870, 0.62),
            Prop("enamel-mug", "natural", 630, 910, 0.42),
        ),
    ),
    "light": Shelf(
        "#f3dccb",
        (
            Prop("tern-binoculars", "moss", 820, 800, 0.6),
            Prop("wick-lantern", "ochre", 1130, 800, 0.72),
            Prop("lode-compass", "red", 1410, 560, 0.46),
        ),
        (Prop("wick-lantern", "ochre", 290, 870, 0.74), Prop("tern-binoculars", "moss", 570, 900, 0.52)),
    ),
    "household": Shelf(
        "#d3e0e0",
        (
            Prop("bothy-blanket", "slate", 840, 790, 0.66),
            Prop("cabin-candle", "pine", 1170, 806, 0.52),
            Prop("dune-towel", "clay", 1440, 470, 0.6),
        ),
        (Prop("bothy-blanket", "slate", 300, 870, 0.66), Prop("cabin-candle", "pine", 610, 900, 0.46)),
    ),
    "paper": Shelf(
        "#dbe0cc",
        (
            Prop("slow-road-book", "clay", 800, 800, 0.68),
            Prop("log-notebook", "moss", 1120, 470, 0.6),
            Prop("walkers-map", "pine", 1400, 520, 0.56),
        ),
        (Prop("slow-road-book", "clay", 280, 870, 0.7), Prop("log-notebook", "moss", 580, 640, 0.5)),
    ),
    "pantry": Shelf(
        "#efe0cb",
        (
            Prop("daybreak-coffee", "teal", 830, 800, 0.72),
            Prop("windbreak-tea", "red", 1130, 806, 0.56),
            Prop("switchback-mix", "moss", 1420, 800, 0.62),
        ),
        (Prop("daybreak-coffee", "teal", 260, 870, 0.72), Prop("windbreak-tea", "red", 560, 890, 0.56)),
    ),
}
