"""Packs & travel: backpacks, duffels, luggage, totes, slings, organizers."""

from __future__ import annotations

from .builder import Size, Style

STYLES = (
    Style(
        "ridge-22-pack", "RDG22", "Ridge 22 day pack", "Hadlo", "backpacks", "backpack",
        ("moss", "ochre", "navy", "coal"),
        usd=11900, eur=12900, cost=4600, grams=720,
        text="The pack we started with, now in its sixth version. One main space, a lid pocket for keys and a map, "
        "two side pockets that really hold a bottle. The back panel lifts out and is replaced at our bench if it "
        "ever creases.",
        materials="Recycled nylon canvas, 420 denier. Saddle-leather tabs. YKK zips.",
        care="Brush off dry mud, sponge with mild soap.",
        fit="22 liters, for backs of 40 to 52 cm. Fits a 15-inch laptop.",
        tags=("bestseller", "day hike", "commute", "repairable"), launched="2021-03-04", popularity=58, returns=0.04,
    ),
    Style(
        "ridge-48-pack", "RDG48", "Ridge 48 trekking pack", "Hadlo", "backpacks", "trek_pack",
        ("pine", "rust", "slate"),
        usd=22900, eur=24500, cost=9400, grams=1480,
        text="A trekking pack for five days, with a hip belt that carries and a frame that flexes with you. The whole "
        "front unzips, so the dry socks are never at the bottom. Rain cover in the base.",
        materials="Recycled ripstop nylon, 210 denier; base 500 denier. Aluminum stay.",
        care="Empty, shake out, sponge clean. Rinse buckles after sea air.",
        fit="48 liters. S/M for backs to 46 cm, M/L from 46 cm.",
        tags=("trekking", "multi-day", "repairable"), launched="2023-03-23", popularity=18, returns=0.07,
        sizes=(Size("S/M", "SM"), Size("M/L", "ML", 0, 0, 70)),
    ),
    Style(
        "quay-rolltop", "QUAY", "Quay roll-top 24", "Hadlo", "backpacks", "rolltop", ("coal", "clay", "teal"),
        usd=13900, eur=14900, cost=5500, grams=890,
        text="A roll-top for the bicycle and the bus: welded seams keep rain out, the padded sleeve opens from the "
        "side. Rolled down it is a slim work bag, rolled up it takes the groceries too.",
        materials="Recycled polyester, TPU laminate, 600 denier. Aluminum hook.",
        care="Wipe with a damp cloth.",
        fit="18 to 24 liters. Fits a 16-inch laptop.",
        tags=("commute", "waterproof", "cycling"), launched="2025-08-28", popularity=31, returns=0.05,
    ),
    Style(
        "field-duffel", "FDUF", "Field duffel", "Hadlo", "travel-bags", "duffel", ("ochre", "navy", "moss"),
        usd=12900, eur=13900, cost=5100, grams=980,
        text="A duffel with a mouth that opens the full length of the bag, straps that turn it into a backpack and "
        "daisy chains for lashing it to a roof. Folds into its own end pocket between trips.",
        materials="Recycled polyester, TPU coated, 900 denier. Bar-tacked webbing.",
        care="Hose down, hang open to dry.",
        tags=("travel", "expedition"), launched="2022-09-15", popularity=27, returns=0.03,
        sizes=(Size("45 L", "45"), Size("70 L", "70", 2500, 2500, 220)), size_option="Capacity",
    ),
    Style(
        "holm-weekender", "HOLM", "Holm weekender", "Hadlo", "travel-bags", "weekender", ("sand", "navy", "walnut"),
        usd=18900, eur=19900, cost=8200, grams=1320,
        text="Waxed canvas and bridle leather for two nights away, sized for the space under a train seat. Shoes go "
        "in the base compartment, papers in the outer pocket. It looks better every year.",
        materials="Waxed cotton canvas, 16 oz. Vegetable-tanned leather. Brass hardware.",
        care="Rewax yearly, treat leather with balm.",
        fit="34 liters, 52 × 30 × 24 cm.",
        tags=("travel", "leather", "gift"), launched="2023-10-05", popularity=15, returns=0.04,
        was=(21900, 22900),
    ),
    Style(
        "glide-cabin-case", "GLID", "Glide cabin case", "Hadlo", "travel-bags", "suitcase", ("pine", "coal", "sand"),
        usd=21900, eur=22900, cost=9600, grams=2900,
        text="A cabin case with wheels that come off with a coin, because wheels are what fails. Ribbed shell, quiet "
        "bearings, two equal halves inside with a divider on each.",
        materials="Shell: recycled polycarbonate. Handle: aluminum. Lining: recycled polyester.",
        care="Wipe with a damp cloth. Spare wheels from any store.",
        fit="37 liters, 55 × 36 × 22 cm: within most cabin limits.",
        tags=("travel", "cabin size", "repairable"), launched="2025-06-12", popularity=17, returns=0.05,
    ),
    Style(
        "market-tote", "MKTT", "Market tote", "Hadlo", "totes-slings", "tote", ("natural", "moss", "rust", "navy"),
        usd=3400, eur=3500, cost=1050, grams=310,
        text="A tote in canvas heavy enough to stand on its own, with handles long enough for a winter coat. One "
        "inside pocket, no lining, nothing to go wrong.",
        materials="Organic cotton canvas, 18 oz.",
        care="Wash at 30 °C, reshape and hang. It will soften.",
        fit="16 liters, 38 × 40 × 14 cm.",
        tags=("bestseller", "everyday", "gift"), launched="2020-11-12", popularity=64, returns=0.02,
    ),
    Style(
        "loop-sling", "LOOP", "Loop hip sling", "Hadlo", "totes-slings", "sling", ("coal", "ochre", "teal", "rose"),
        usd=4900, eur=5200, cost=1700, grams=210,
        text="Passport, telephone, sunglasses and a snack, worn across the chest or around the waist. The back pocket "
        "lies against you and closes with a zip that has no puller to find.",
        materials="Recycled nylon, 210 denier. Mesh back.",
        care="Hand wash cold.",
        fit="3 liters.",
        tags=("travel", "everyday", "gift"), launched="2024-06-20", popularity=38, returns=0.03,
    ),
    Style(
        "sort-cubes", "SORT", "Sort packing cubes, set of 3", "Hadlo", "totes-slings", "packing_cubes",
        ("sage", "navy"),
        usd=4200, eur=4400, cost=1350, grams=260,
        text="Three cubes that turn a bag into a chest of drawers. The tops are mesh, so the cube with the socks is "
        "the one you open. Sized to fill our duffel and cabin case exactly.",
        materials="Recycled ripstop polyester, 40 denier; polyester mesh.",
        care="Machine wash cold.",
        tags=("travel", "organizer", "gift"), launched="2023-02-16", popularity=30, returns=0.02,
    ),
    Style(
        "basin-wash-bag", "BASN", "Basin wash bag", "Hadlo", "totes-slings", "wash_bag", ("navy", "clay", "moss"),
        usd=4500, eur=4700, cost=1550, grams=180,
        text="A wash bag that stands open on any shelf and hangs from any hook. The lining wipes clean; the tooth "
        "brush has its own sleeve.",
        materials="Waxed cotton outside, TPU-coated lining.",
        care="Wipe inside and out. Rewax when it looks dry.",
        fit="4 liters, 24 × 14 × 12 cm.",
        tags=("travel", "organizer", "gift"), launched="2022-11-03", popularity=25, returns=0.02,
    ),
    Style(
        "keel-dry-bag", "KEEL", "Keel dry bag", "Hadlo", "totes-slings", "dry_bag", ("ochre", "teal", "red"),
        usd=2900, eur=3100, cost=980, grams=190,
        text="Rolls shut three times and stays shut. Welded, not sewn, with a flat base that stands in a boat and a "
        "strap for the walk to the water.",
        materials="Recycled polyester, TPU laminate, 420 denier.",
        care="Rinse after salt water, dry open.",
        tags=("paddling", "waterproof"), launched="2023-05-11", popularity=22, returns=0.02,
        sizes=(Size("10 L", "10"), Size("20 L", "20", 800, 800, 60)), size_option="Capacity",
    ),
)  # fmt: skip
