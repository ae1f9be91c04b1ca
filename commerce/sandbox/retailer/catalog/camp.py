"""Camp & sleep: tents, tarps, sleeping bags, mats, hammocks, pillows, chairs."""

from __future__ import annotations

from .builder import Size, Style

_TINDBO = "Tindbo"

STYLES = (
    Style(
        "alder-2-tent", "ALD2", "Alder 2 dome tent", _TINDBO, "tents", "tent", ("moss", "ochre", "slate"),
        usd=28900, eur=29900, cost=12100, grams=2150,
        text="A freestanding two-person tent for three seasons, with two doors, two porches and a fly that goes up "
        "before the inner in rain. Color-coded poles mean one person can pitch it in four minutes. There is room "
        "to sit up and play cards.",
        materials="Fly and floor: recycled ripstop polyester, silicone coated, 3,000 mm. Poles: aluminum, 8.5 mm.",
        care="Dry fully before storing. Sponge with cold water; never machine wash.",
        fit="Sleeps two on standard mats. Inner 130 × 220 cm, 104 cm high.",
        tags=("camping", "two-person", "three-season"), launched="2024-03-14", popularity=24, returns=0.04,
    ),
    Style(
        "alder-5-tent", "ALD5", "Alder 5 family tunnel tent", _TINDBO, "tents", "tunnel_tent", ("moss", "clay"),
        usd=54900, eur=57900, cost=24300, grams=8900,
        text="A tunnel tent with two bedrooms, a living space you can stand in and a groundsheet that zips out for "
        "muddy weeks. Three identical poles go up in any order. The side door becomes a porch with the two "
        "uprights in the bag.",
        materials="Fly: recycled polyester, PU coated, 4,000 mm. Poles: pre-bent steel and fiberglass.",
        care="Dry fully before storing. Reproof the seams every second season.",
        fit="Sleeps five. Standing height 195 cm.",
        tags=("camping", "family", "three-season"), launched="2025-04-03", popularity=6, returns=0.06,
        was=(59900, 62900),
    ),
    Style(
        "awn-tarp", "AWN", "Awn tarp 3 × 3", _TINDBO, "tents", "tarp", ("sand", "moss", "rust"),
        usd=9900, eur=10900, cost=3900, grams=780,
        text="Nine square meters of shade or rain cover, with sixteen reinforced tie-outs so it can be a lean-to, a "
        "roof or a wall. Cut with a slight curve along each edge, which keeps it quiet in wind. Lines and pegs "
        "are in the bag.",
        materials="Recycled ripstop polyester, 2,000 mm. Webbing loops, reflective line.",
        care="Dry before packing. Hand wash cold.",
        tags=("camping", "shade"), launched="2023-05-18", popularity=12, returns=0.03,
    ),
    Style(
        "fjord-down-bag", "FJRD", "Fjord down sleeping bag", _TINDBO, "sleep", "mummy_bag", ("navy", "rust"),
        usd=32900, eur=34900, cost=14800, grams=1080,
        text="A down mummy bag comfortable to −4 °C, with a draft collar that closes with one hand and a foot box "
        "shaped like feet. The zip is backed by a stiff tape, so it does not bite the shell. Packs to the size "
        "of a loaf.",
        materials="Shell: recycled nylon, 20 denier. Fill: 800 fill-power duck down, traceable, 560 g.",
        care="Machine wash at 30 °C with down soap, tumble dry low. Store loose in the cotton sack.",
        fit="Regular to 183 cm, Long to 198 cm.",
        tags=("camping", "down", "cold weather"), launched="2024-09-12", popularity=10, returns=0.05,
        sizes=(Size("Regular", "R"), Size("Long", "L", 2000, 2000, 120)),
    ),
    Style(
        "meadow-bag", "MEAD", "Meadow summer sleeping bag", _TINDBO, "sleep", "quilt_bag", ("sage", "ochre"),
        usd=11900, eur=12900, cost=4700, grams=1240,
        text="A rectangular bag for warm nights that opens flat into a quilt, so two of them zip together. Soft "
        "brushed lining instead of something that crackles when you turn over. Comfortable to 9 °C.",
        materials="Shell and lining: recycled polyester. Fill: hollow-fiber polyester.",
        care="Machine wash at 30 °C, hang to dry.",
        fit="Regular to 185 cm, Wide adds 15 cm across.",
        tags=("camping", "summer", "family"), launched="2024-04-25", popularity=14, returns=0.04,
        sizes=(Size("Regular", "R"), Size("Wide", "W", 1500, 1500, 210)),
    ),
    Style(
        "drift-mat", "DRFT", "Drift insulated air mat", _TINDBO, "sleep", "air_mat", ("slate", "ochre"),
        usd=14900, eur=15900, cost=6100, grams=540,
        text="Nine centimeters of air with a reflective layer inside, warm from spring to first frost. Fills in two "
        "minutes with the pump sack and empties in ten seconds through the wide valve. The fabric is quiet, "
        "which your tent-mate will notice.",
        materials="Recycled 40-denier polyester, TPU laminate. R-value 4.2.",
        care="Wipe with a damp cloth. Store unrolled with the valve open.",
        fit="Regular 183 × 51 cm, Wide 183 × 64 cm.",
        tags=("camping", "sleep"), launched="2025-02-20", popularity=16, returns=0.06,
        sizes=(Size("Regular", "R"), Size("Wide", "W", 2000, 2000, 110)),
    ),
    Style(
        "furl-mat", "FURL", "Furl foam mat", _TINDBO, "sleep", "foam_mat", ("moss", "rust"),
        usd=3900, eur=4200, cost=1300, grams=390,
        text="A closed-cell foam mat that cannot be punctured, leaks nothing and doubles as a seat, a table and a "
        "splint. Two elastic straps hold it on the outside of a pack.",
        materials="Cross-linked polyethylene foam, one third recycled. R-value 2.0.",
        care="Rinse and wipe dry.",
        fit="183 × 56 cm, 12 mm thick.",
        tags=("camping", "sleep", "budget"), launched="2022-05-05", popularity=15, returns=0.02,
    ),
    Style(
        "lull-hammock", "LULL", "Lull hammock", _TINDBO, "camp-comfort", "hammock", ("clay", "teal", "ochre"),
        usd=7900, eur=8400, cost=2900, grams=510,
        text="Wide enough to lie across, which is the trick to sleeping flat in a hammock. Tree straps with fifteen "
        "loops are included, so there are no knots to learn and no bark to harm.",
        materials="Recycled 70-denier nylon. Straps: polyester webbing, 5 cm. Aluminum hooks.",
        care="Machine wash cold in a laundry bag, hang to dry.",
        fit="300 × 190 cm, holds 180 kg.",
        tags=("camping", "garden", "gift"), launched="2023-06-08", popularity=17, returns=0.03,
    ),
    Style(
        "nod-pillow", "NOD", "Nod camp pillow", "Hadlo", "camp-comfort", "pillow", ("sage", "rust", "navy"),
        usd=3400, eur=3600, cost=1150, grams=230,
        text="A pillow that feels like one: shredded foam in a brushed cotton cover, rolled into its own corner when "
        "you leave. Firm enough for reading, soft enough for a train window.",
        materials="Cover: brushed organic cotton. Fill: off-cut foam from our mat makers.",
        care="Cover machine washable at 40 °C.",
        fit="45 × 32 cm.",
        tags=("camping", "travel"), launched="2024-05-16", popularity=19, returns=0.03,
    ),
    Style(
        "perch-chair", "PRCH", "Perch folding chair", "Hadlo", "camp-comfort", "chair", ("moss", "ochre", "navy"),
        usd=12900, eur=13900, cost=5300, grams=1350,
        text="A low chair on an ash frame that sets up without tools and folds into its own strap. Canvas seat and "
        "back come off for washing and can be replaced when they finally fade.",
        materials="Frame: oiled ash. Seat: cotton canvas, 18 oz. Steel pins.",
        care="Oil the frame once a year. Canvas washes at 30 °C.",
        fit="Seat height 34 cm, holds 120 kg.",
        tags=("camping", "garden", "repairable"), launched="2025-05-22", popularity=13, returns=0.03,
    ),
)  # fmt: skip
