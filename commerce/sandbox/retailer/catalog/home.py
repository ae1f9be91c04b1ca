"""Home & everyday: blankets, towels, candles, soap, first aid, and things for dogs."""

from __future__ import annotations

from .builder import Size, Style, alphabetic

STYLES = (
    Style(
        "bothy-blanket", "BTHBL", "Bothy wool blanket", "Hadlo", "textiles", "blanket", ("clay", "slate", "moss"),
        usd=15900, eur=16500, cost=6800, grams=1450,
        text="A heavy wool blanket with stripes that mark its weight: three for winter. Woven from recycled yarn in a "
        "mill that has sorted old sweaters by color for a century.",
        materials="Recycled wool 70 %, mixed fibers 30 %.",
        care="Air it; dry clean or wash cold on wool.",
        fit="180 × 130 cm.",
        tags=("wool", "home", "gift"), launched="2022-09-29", popularity=22, returns=0.03,
    ),
    Style(
        "dune-towel", "DUNTW", "Dune travel towel", "Hadlo", "textiles", "towel", ("teal", "clay", "sand", "navy"),
        usd=3200, eur=3400, cost=1000, grams=190,
        text="A waffle towel that dries you in a minute and itself in an hour. Soft like a towel at home, flat like a "
        "shirt in the bag. Elastic loop to roll it up, or hang it from a branch.",
        materials="Organic cotton 70 %, linen 30 %.",
        care="Machine wash at 60 °C.",
        tags=("travel", "swim", "beach"), launched="2024-06-06", popularity=27, returns=0.02,
        sizes=(Size("Hand", "H"), Size("Bath", "B", 1600, 1600, 260)),
    ),
    Style(
        "picnic-rug", "PCNRG", "Green picnic rug", "Hadlo", "textiles", "picnic_rug", ("pine", "red"),
        usd=8900, eur=9200, cost=3400, grams=1600,
        text="A checked wool rug on a waterproof back, with a leather carrier. Big enough for four people and a cake.",
        materials="Recycled wool, TPU backing. Leather strap.",
        care="Shake out; sponge clean.",
        fit="150 × 190 cm.",
        tags=("picnic", "gift", "summer"), launched="2025-04-24", popularity=10, returns=0.03, was=(9900, 10200),
        is_discontinued=True,
    ),
    Style(
        "cabin-candle", "CBNCN", "Cabin candle", "Marrowby", "candles-soap", "candle", ("pine", "plum", "cocoa"),
        usd=2800, eur=2900, cost=850, grams=420,
        text="Soy wax in an enamel cup you will use for years afterwards. Forty hours, a cotton wick and a scent that "
        "stays in the room without taking it over.",
        materials="Soy wax, natural fragrance oils. Enameled steel cup.",
        care="Trim the wick to 5 mm. Never leave it alone.",
        tags=("home", "gift"), launched="2023-10-12", popularity=39, returns=0.01,
        look_option="Scent", look_names=("Cedar & Resin", "Fig & Rain", "Smoke & Leather"),
        look_codes=("CED", "FIG", "SMK"),
        has_old_labels=True, holds="220 g",
    ),
    Style(
        "field-soap", "FLDSP", "Field soap bar", "Marrowby", "candles-soap", "soap", ("sage", "ochre", "slate"),
        usd=900, eur=950, cost=240, grams=120,
        text="One bar for hands, hair and shirts, made with olive oil and nothing that harms a stream. Wrapped in "
        "paper; lasts about a month.",
        materials="Saponified olive and coconut oil, essential oils.",
        care="Let it dry between uses.",
        tags=("travel", "home", "gift"), launched="2021-09-16", popularity=55, returns=0.01,
        look_option="Scent", look_names=("Rosemary", "Orange & Clove", "Sea Salt"), look_codes=("RSM", "ORC", "SEA"),
        has_old_labels=True, holds="115 g",
    ),
    Style(
        "mend-first-aid", "MNDFA", "Mend first-aid kit", "Hadlo", "candles-soap", "first_aid", ("red", "pine"),
        usd=3900, eur=4100, cost=1400, grams=340,
        text="Arranged by problem instead of by item: cuts, blisters, sprains, burns. Each pocket says what to do in "
        "four lines. Refills by the pocket.",
        materials="Recycled nylon case. 46 pieces.",
        care="Check the dates each spring.",
        tags=("safety", "camping", "car"), launched="2024-03-28", popularity=18, returns=0.01,
    ),
    Style(
        "heel-dog-lead", "HELDL", "Heel rope lead", "Hadlo", "dogs", "dog_lead", ("rust", "teal", "navy"),
        usd=3200, eur=3400, cost=1050, grams=210,
        text="Climbing rope and a brass hook that opens with one thumb, spliced rather than clamped. Floats, dries, "
        "does not smell.",
        materials="Recycled polyester rope, 10 mm. Solid brass. Leather whipping.",
        care="Machine wash at 30 °C in a bag.",
        tags=("dogs", "gift"), launched="2023-07-06", popularity=21, returns=0.02,
        sizes=alphabetic("1.2 m", "1.8 m"), size_option="Length",
    ),
    Style(
        "lap-dog-bowl", "LAPDB", "Lap travel bowl", "Hadlo", "dogs", "dog_bowl", ("ochre", "slate"),
        usd=1900, eur=2000, cost=560, grams=95,
        text="A folding bowl for water and dinner. Stiff enough to stand, soft enough to clip shut with half a dinner "
        "in it.",
        materials="Waxed canvas, food-safe lining.",
        care="Rinse and dry open.",
        fit="1.2 liters.",
        tags=("dogs", "travel"), launched="2024-07-18", popularity=15, returns=0.01,
    ),
)  # fmt: skip
