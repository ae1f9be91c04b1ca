"""Jackets, vests, trousers and shorts."""

from __future__ import annotations

from .builder import Style, alphabetic

_LETTERS = alphabetic("XS", "S", "M", "L", "XL")
_WAISTS = alphabetic("28", "30", "32", "34", "36", "38")

STYLES = (
    Style(
        "squall-shell", "SQLSH", "Squall rain shell", "Hadlo", "outerwear", "shell", ("ochre", "pine", "navy"),
        usd=22900, eur=23900, cost=9300, grams=410, tax_class="clothing", sizes=_LETTERS,
        text="Three layers, taped throughout, with a hood that turns with your head and a hem that covers a saddle. "
        "Pit zips run long enough to matter. When the fabric stops beading, bring it in and we will reproof it "
        "for the cost of the wash.",
        materials="Recycled nylon face, PU membrane, PFAS-free finish. 20,000 mm.",
        care="Machine wash at 30 °C with technical soap, tumble dry low to renew the finish.",
        fit="Regular, room for a fleece underneath.",
        tags=("bestseller", "waterproof", "repairable"), launched="2023-09-07", popularity=36, returns=0.11,
    ),
    Style(
        "hearth-down-jacket", "HRTDJ", "Hearth down jacket", "Hadlo", "outerwear", "puffer", ("rust", "coal", "moss"),
        usd=24900, eur=25900, cost=10400, grams=460, tax_class="clothing", sizes=_LETTERS,
        text="Warm without the shine: a matte shell, deep pockets lined with fleece and a collar that zips to the "
        "nose. The baffles are sewn through, so cold spots can be refilled at the bench.",
        materials="Shell: recycled nylon, 30 denier. Fill: 700 fill-power traceable down.",
        care="Machine wash at 30 °C with down soap, tumble dry low with two clean tennis balls.",
        fit="Regular, slightly cropped.",
        tags=("cold weather", "down", "repairable"), launched="2024-10-10", popularity=33, returns=0.12,
    ),
    Style(
        "harbor-jacket", "HRBJK", "Harbor waxed jacket", "Hadlo", "outerwear", "field_jacket", ("moss", "navy"),
        usd=27900, eur=28900, cost=12300, grams=1180, tax_class="clothing", sizes=_LETTERS,
        text="A short waxed coat with a corduroy collar and pockets cut for hands, gloves and a folded newspaper. It "
        "softens to its owner in a season and can be rewaxed for decades.",
        materials="Waxed cotton, 8 oz. Lining: recycled wool flannel. Brass zip.",
        care="Do not wash. Sponge with cold water, rewax yearly.",
        fit="Relaxed, sized for knitwear.",
        tags=("waxed cotton", "repairable", "new"), launched="2025-09-25", popularity=16, returns=0.10,
    ),
    Style(
        "tuck-vest", "TCKVS", "Tuck insulated vest", "Hadlo", "outerwear", "vest", ("ochre", "navy", "sage"),
        usd=13900, eur=14500, cost=5400, grams=290, tax_class="clothing", sizes=_LETTERS,
        text="The layer for days that change their mind. Synthetic fill that stays warm when damp, side panels that "
        "stretch, and it packs into its own pocket.",
        materials="Shell: recycled polyester. Fill: recycled polyester, 60 g.",
        care="Machine wash at 30 °C.",
        fit="Slim, as a mid-layer.",
        tags=("layering",), launched="2024-09-19", popularity=21, returns=0.09, was=(15900, 16500),
    ),
    Style(
        "burr-fleece", "BURFL", "Burr pile fleece", "Hadlo", "outerwear", "fleece", ("natural", "sage", "navy"),
        usd=12900, eur=13500, cost=4900, grams=430, tax_class="clothing", sizes=_LETTERS,
        text="A deep-pile fleece with a woven chest pocket and binding in a second color. Knitted on old machines "
        "that make the pile dense instead of long, so it sheds next to nothing.",
        materials="Recycled polyester pile, 320 g; nylon trim.",
        care="Machine wash at 30 °C in a filter bag, hang to dry.",
        fit="Regular.",
        tags=("bestseller", "layering", "gift"), launched="2022-10-13", popularity=40, returns=0.08,
    ),
    Style(
        "stride-trousers", "STRTR", "Stride trail trousers", "Hadlo", "bottoms", "trousers", ("moss", "coal", "sand"),
        usd=11900, eur=12500, cost=4500, grams=380, tax_class="clothing", sizes=_WAISTS, size_option="Waist",
        text="Trousers that step over a fence without complaint: gusseted, articulated at the knee, with four-way "
        "stretch that dries on the walk home. The right pocket takes a folded map.",
        materials="Recycled nylon 92 %, elastane 8 %. PFAS-free finish.",
        care="Machine wash at 30 °C.",
        fit="Straight; inseam 32 inches, hemmed free of charge in any store.",
        tags=("hiking", "stretch", "bestseller"), launched="2023-03-30", popularity=34, returns=0.13,
    ),
    Style(
        "bench-pants", "BNCPT", "Bench canvas pants", "Hadlo", "bottoms", "work_pants", ("saddle", "navy"),
        usd=12900, eur=13500, cost=5100, grams=640, tax_class="clothing", sizes=_WAISTS, size_option="Waist",
        text="What the people at our repair benches wear. Double knees that open at the bottom to let the dust out, a "
        "hammer loop that mostly holds a tape measure, and canvas that breaks in within a week.",
        materials="Organic cotton canvas, 12 oz.",
        care="Wash cold, inside out. Expect them to fade.",
        fit="Relaxed through the leg; inseam 32 inches.",
        tags=("workwear", "repairable"), launched="2024-02-22", popularity=17, returns=0.12,
    ),
    Style(
        "ford-shorts", "FRDSH", "Ford shorts", "Hadlo", "bottoms", "shorts", ("sand", "navy", "pine"),
        usd=6900, eur=7200, cost=2500, grams=210, tax_class="clothing", sizes=_WAISTS, size_option="Waist",
        text="Shorts for wading in and walking on, with a drawcord, a zip pocket and a seven-inch inseam. Dry before "
        "lunch.",
        materials="Recycled nylon, 120 g.",
        care="Machine wash at 30 °C.",
        fit="Regular, sits just above the knee.",
        tags=("summer", "quick-dry"), launched="2025-04-10", popularity=20, returns=0.10, was=(7900, 8200),
    ),
)  # fmt: skip
