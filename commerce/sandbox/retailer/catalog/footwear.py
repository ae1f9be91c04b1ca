"""Boots, shoes and sandals by Skerrin."""

from __future__ import annotations

from .builder import Style, alphabetic

_SIZES = alphabetic("37", "38", "39", "40", "41", "42", "43", "44", "45")
_WHOLE = alphabetic("37", "38", "39", "40", "41", "42", "43", "44")
_HALF_RANGE = alphabetic("36-37", "38-39", "40-41", "42-43", "44-45")

STYLES = (
    Style(
        "cairn-boot", "CRNBT", "Cairn mid boot", "Skerrin", "boots", "boot", ("walnut", "moss"),
        usd=20900, eur=21900, cost=9100, grams=1120, tax_class="clothing", sizes=_SIZES, size_option="EU size",
        text="A leather boot for loose paths and long days, stiff where it meets rock and soft around the ankle. The "
        "sole is stitched, and stitched again after a thousand miles. Break them in on the way to work.",
        materials="Nubuck, 2.2 mm. Waterproof bootie. Natural-rubber sole.",
        care="Brush, dry away from heat, wax twice a season.",
        fit="True to size, medium width. Weight per pair in 42.",
        tags=("hiking", "waterproof", "repairable"), launched="2022-09-01", popularity=23, returns=0.14,
    ),
    Style(
        "puddle-boot", "PDLBT", "Puddle rain boot", "Skerrin", "boots", "rain_boot", ("pine", "ochre", "navy"),
        usd=8900, eur=9200, cost=3300, grams=1240, tax_class="clothing", sizes=_WHOLE, size_option="EU size",
        text="An ankle-high rain boot in natural rubber, with a loop front and back and a footbed that comes out to "
        "dry. Looks right in the garden and on a tram.",
        materials="Natural rubber. Lining: recycled polyester. Cork footbed.",
        care="Rinse; treat with silicone oil once a year.",
        fit="Roomy; between sizes take the smaller.",
        tags=("rain", "garden"), launched="2024-02-08", popularity=19, returns=0.09,
    ),
    Style(
        "scree-runner", "SCRRN", "Scree trail runner", "Skerrin", "shoes", "trail_shoe", ("teal", "rust"),
        usd=13900, eur=14500, cost=5700, grams=560, tax_class="clothing", sizes=_SIZES, size_option="EU size",
        text="Deep lugs, a low heel and a plate under the forefoot that takes the edge off stones. The upper is one "
        "piece of woven mesh, with nothing inside to rub.",
        materials="Recycled polyester mesh. Rubber sole, 5 mm lugs.",
        care="Rinse off mud, stuff with newspaper.",
        fit="Snug; half a size up for thick socks.",
        tags=("running", "trail", "new"), launched="2025-08-14", popularity=21, returns=0.15,
    ),
    Style(
        "dory-sneaker", "DRYSN", "Dory canvas sneaker", "Skerrin", "shoes", "sneaker", ("natural", "navy", "ochre"),
        usd=7900, eur=8200, cost=2900, grams=640, tax_class="clothing", sizes=_WHOLE, size_option="EU size",
        text="A plain canvas shoe, vulcanized the slow way so the sole stays on. Laces in organic cotton, eyelets "
        "that do not rust, no logo on the outside.",
        materials="Organic cotton canvas. Natural-rubber sole.",
        care="Hand wash with soap and a brush.",
        fit="True to size.",
        tags=("everyday", "summer"), launched="2023-04-06", popularity=28, returns=0.12, was=(8900, 9200),
    ),
    Style(
        "shoal-sandal", "SHLSN", "Shoal river sandal", "Skerrin", "shoes", "sandal", ("coal", "clay"),
        usd=8900, eur=9500, cost=3500, grams=520, tax_class="clothing", sizes=_WHOLE, size_option="EU size",
        text="Two straps, one buckle and a footbed with grip in water and out. The webbing runs through the sole, so "
        "every part of it adjusts.",
        materials="Polyester webbing, recycled. EVA midsole, rubber sole.",
        care="Rinse after salt water.",
        fit="True to size.",
        tags=("summer", "water"), launched="2025-05-08", popularity=14, returns=0.11,
    ),
    Style(
        "hut-slipper", "HUTSL", "Hut felt slipper", "Skerrin", "shoes", "slipper", ("oat", "rust", "slate"),
        usd=6900, eur=7200, cost=2600, grams=380, tax_class="clothing", sizes=_HALF_RANGE, size_option="EU size",
        text="Boiled wool in one piece with a suede sole, the kind kept in a basket beside every hut door. Warm, "
        "quiet and happy on a stone floor.",
        materials="Boiled wool felt. Suede sole.",
        care="Brush; spot clean with cold water.",
        fit="Snug at first, then yours.",
        tags=("home", "wool", "gift"), launched="2024-10-17", popularity=27, returns=0.08,
    ),
)  # fmt: skip
