"""Tops, shirts and knitwear."""

from __future__ import annotations

from .builder import Style, alphabetic

_LETTERS = alphabetic("XS", "S", "M", "L", "XL")

STYLES = (
    Style(
        "merino-tee", "MERTE", "Everyday merino tee", "Hadlo", "tops", "tee", ("coal", "clay", "sage", "natural"),
        usd=7900, eur=8200, cost=3100, grams=165, tax_class="clothing", sizes=_LETTERS,
        text="Merino fine enough to wear on its own and light enough for July. It shrugs off three days on the trail "
        "and a night in a hostel without anyone noticing. Shoulder seams are moved forward, clear of pack "
        "straps.",
        materials="Merino wool 87 %, nylon 13 %, 150 g. Mulesing-free.",
        care="Machine wash cold on wool, dry flat.",
        fit="Regular.",
        tags=("bestseller", "merino", "travel"), launched="2021-05-20", popularity=48, returns=0.07,
    ),
    Style(
        "post-tee", "PSTTE", "Post pocket tee", "Hadlo", "tops", "pocket_tee", ("chalk", "navy", "ochre"),
        usd=4200, eur=4500, cost=1400, grams=230, tax_class="clothing", sizes=_LETTERS,
        text="A heavy tee with a collar that stays flat and a pocket cut on the grain. Washed before it is sewn, so "
        "the size you try on is the size you keep.",
        materials="Organic cotton, 220 g.",
        care="Machine wash at 40 °C.",
        fit="Relaxed.",
        tags=("everyday", "organic cotton"), launched="2022-03-17", popularity=37, returns=0.07,
    ),
    Style(
        "croft-sweater", "CRFSW", "Croft lambswool sweater", "Hadlo", "tops", "sweater", ("oat", "navy", "moss"),
        usd=14900, eur=15500, cost=6200, grams=480, tax_class="clothing", sizes=_LETTERS,
        text="A crew neck in two-ply lambswool, knitted in one piece over the shoulders so that nothing rubs under a "
        "strap. Ribbed hem and cuffs that keep their shape. It comes with a card of matching yarn.",
        materials="Lambswool, two-ply, spun in Scotland.",
        care="Hand wash cold, dry flat. A comb every autumn.",
        fit="Regular; size up for a looser fit.",
        tags=("wool", "gift", "cold weather"), launched="2023-09-28", popularity=26, returns=0.09,
    ),
    Style(
        "mill-flannel", "MILFL", "Mill flannel shirt", "Hadlo", "tops", "flannel", ("rust", "pine"),
        usd=8900, eur=9200, cost=3400, grams=340, tax_class="clothing", sizes=_LETTERS,
        text="A yarn-dyed check, brushed on both sides and heavy enough to be a jacket in September. Corozo buttons, "
        "two chest pockets, one of them split for a pencil.",
        materials="Organic cotton flannel, 240 g. Corozo buttons.",
        care="Machine wash at 40 °C, hang to dry.",
        fit="Regular, long in the body.",
        tags=("flannel", "everyday"), launched="2024-09-05", popularity=25, returns=0.08,
    ),
    Style(
        "lodge-hoodie", "LDGHD", "Lodge hoodie", "Hadlo", "tops", "hoodie", ("coal", "rose", "pine"),
        usd=8900, eur=9500, cost=3300, grams=560, tax_class="clothing", sizes=_LETTERS,
        text="Loopback cotton, a three-panel hood that stays up, flat cords that stay even. For the car, the cabin "
        "and the long way home.",
        materials="Organic cotton loopback, 400 g.",
        care="Machine wash at 30 °C, inside out.",
        fit="Relaxed.",
        tags=("everyday", "organic cotton", "new"), launched="2025-09-11", popularity=29, returns=0.08,
    ),
)  # fmt: skip
