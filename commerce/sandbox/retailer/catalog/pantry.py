"""Pantry by Marrowby: coffee, tea, chocolate, trail food."""

from __future__ import annotations

from .builder import Size, Style

_MARROWBY = "Marrowby"

STYLES = (
    Style(
        "daybreak-coffee", "DBCOF", "Daybreak coffee", _MARROWBY, "coffee-tea", "coffee", ("ochre", "rust", "teal"),
        usd=1700, eur=1550, cost=620, grams=250, tax_class="food",
        text="Whole beans from two cooperatives in Huila and Sidama, roasted on Thursdays and on the shelf by "
        "Saturday. Breakfast is round and sweet, Summit is darker, and Afternoon is decaffeinated with water.",
        materials="Arabica coffee, whole bean.",
        care="Best within six weeks of roasting; keep closed and cool.",
        tags=("coffee", "bestseller", "gift"), launched="2022-02-10", popularity=62, returns=0.01,
        look_option="Roast", look_names=("Breakfast", "Summit", "Afternoon decaf"), look_codes=("BRK", "SUM", "DEC"),
        sizes=(Size("250 g", "250", holds="250 g"), Size("1 kg", "1K", 3800, 3350, 750, "1 kg")),
        size_option="Weight", has_old_labels=True,
    ),
    Style(
        "windbreak-tea", "WNDTE", "Windbreak tea", _MARROWBY, "coffee-tea", "tea_tin", ("pine", "red", "butter"),
        usd=1400, eur=1350, cost=460, grams=120, tax_class="food",
        text="Loose tea in a tin with a lid that pops. Hedgerow is caffeine-free, Breakfast stands up to milk, and "
        "Ginger is for when you come in soaked.",
        materials="Black tea or herbs, 100 g.",
        care="Keep closed and dry.",
        tags=("tea", "gift"), launched="2023-09-21", popularity=30, returns=0.01,
        look_option="Blend", look_names=("Hedgerow", "Breakfast", "Ginger & Lemon"), look_codes=("HDG", "BRK", "GNG"),
        has_old_labels=True, holds="100 g",
    ),
    Style(
        "summit-chocolate", "SMTCH", "Summit chocolate bar", _MARROWBY, "snacks", "chocolate",
        ("cocoa", "rust", "sky", "plum"),
        usd=600, eur=550, cost=210, grams=70, tax_class="candy",
        text="Stone-ground chocolate in seven squares, one for each day of a long week. Made in a workshop of four "
        "people from beans with one farm's name on the sack.",
        materials="Cocoa beans, cane sugar, cocoa butter. Sea Salt contains salt; Hazelnut contains nuts.",
        care="Keep under 20 °C.",
        tags=("bestseller", "gift", "vegan"), launched="2021-11-11", popularity=74, returns=0.005,
        look_option="Flavor", look_names=("Dark 72 %", "Orange", "Sea Salt", "Hazelnut"),
        look_codes=("D72", "ORG", "SLT", "HZL"),
        has_old_labels=True, holds="70 g",
    ),
    Style(
        "switchback-mix", "SWBMX", "Switchback trail mix", _MARROWBY, "snacks", "trail_mix", ("moss", "clay"),
        usd=900, eur=850, cost=320, grams=180, tax_class="food",
        text="Almonds, seeds and enough dried fruit to make it a treat. Resealable, paper outside, and the corner "
        "tears where it says it will.",
        materials="Nuts, seeds, dried fruit. Contains nuts.",
        care="Keep dry; best within four months.",
        tags=("hiking", "vegan"), launched="2024-06-27", popularity=45, returns=0.005,
        look_option="Flavor", look_names=("Apple & Oat", "Cherry & Cocoa"), look_codes=("APL", "CHR"),
        has_old_labels=True, holds="180 g",
    ),
)  # fmt: skip
