"""Paper: notebooks, pencils, maps and books."""

from __future__ import annotations

from .builder import Style, alphabetic

STYLES = (
    Style(
        "log-notebook", "LOGNB", "Log notebook A5", "Hadlo", "stationery", "notebook",
        ("moss", "rust", "navy", "butter"),
        usd=1600, eur=1700, cost=480, grams=220,
        text="A sewn notebook that lies flat from the first page, with a cover that takes a coffee ring as "
        "decoration. Pages are numbered and the last eight are an index.",
        materials="144 pages, 90 g recycled paper. Cloth spine.",
        care="Keep dry, or do not.",
        tags=("bestseller", "gift", "everyday"), launched="2021-01-14", popularity=50, returns=0.01,
        sizes=alphabetic("Plain", "Ruled", "Dots"), size_option="Pages", has_old_labels=True,
    ),
    Style(
        "stub-pencils", "STBPC", "Stub pencils, box of 6", "Hadlo", "stationery", "pencils", ("ochre", "pine"),
        usd=1200, eur=1300, cost=360, grams=60,
        text="Six cedar pencils in a card box, sharpened and ready. Round, because these are for pockets and not for "
        "desks.",
        materials="Cedar, graphite HB, water-based lacquer.",
        care="A knife works better than a sharpener.",
        tags=("gift", "everyday"), launched="2022-08-25", popularity=33, returns=0.01,
    ),
    Style(
        "walkers-map", "WLKMP", "Walker's map", "Hadlo", "maps-books", "folded_map", ("pine", "rust", "slate", "ochre"),
        usd=1800, eur=1900, cost=540, grams=90, tax_class="books",
        text="Drawn at 1:30,000 with relief shading, water points and the benches with a view. Waterproof, tear "
        "resistant, and folded so that the sheet you need is the one outside.",
        materials="Printed stone paper, 68 × 98 cm.",
        care="Pencil rubs out.",
        tags=("navigation", "gift"), launched="2024-05-09", popularity=28, returns=0.02,
        look_option="Area", look_names=("Columbia Gorge", "Hill Country", "North Shore", "Veluwe"),
        look_codes=("CLG", "HLC", "NSH", "VLW"),
    ),
    Style(
        "slow-road-book", "SLWBK", "The Slow Road Home", "Hadlo", "maps-books", "book", ("clay",),
        usd=2400, eur=2500, cost=900, grams=380, tax_class="books",
        text="Twelve walks that end at a front door, from a city edge to a fishing village, told by the people who "
        "took them. With hand-drawn maps and a list of the bakeries.",
        materials="Hardback, 224 pages, sewn. 14 × 21 cm.",
        care="Read outdoors.",
        tags=("gift", "reading"), launched="2025-10-16", popularity=21, returns=0.02,
        look_option="Edition", look_names=("Hardback",), look_codes=("HB",),
    ),
    Style(
        "knots-book", "KNTBK", "Knots for Every Day", "Hadlo", "maps-books", "book_knots", ("navy",),
        usd=1900, eur=1950, cost=690, grams=260, tax_class="books",
        text="Thirty knots, each on one spread, each with the reason you would want it. Bound so it stays open while "
        "both your hands are busy, and it comes with a length of cord.",
        materials="Lay-flat paperback, 96 pages, with 1.5 m of cord.",
        care="Wipe the cover.",
        tags=("gift", "reading", "skills"), launched="2023-06-15", popularity=26, returns=0.01,
        look_option="Edition", look_names=("Paperback",), look_codes=("PB",),
    ),
)  # fmt: skip
