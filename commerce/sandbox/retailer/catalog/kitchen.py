"""Camp kitchen: stoves, cookware, drinkware, knives, tableware."""

from __future__ import annotations

from .builder import Size, Style

_EMBERLEA = "Emberlea"

STYLES = (
    Style(
        "cinder-stove", "CNDST", "Cinder canister stove", _EMBERLEA, "cook", "stove", ("steel", "rust"),
        usd=6900, eur=7200, cost=2600, grams=96,
        text="A burner that folds to the size of an egg and boils a liter in three and a half minutes. The wide head "
        "simmers as well, which most of them do not.",
        materials="Stainless steel, brass jet, aluminum supports.",
        care="Wipe dry; clean the jet with the pin provided. Canister not included.",
        tags=("cooking", "ultralight"), launched="2024-03-07", popularity=18, returns=0.03, has_serials=True,
    ),
    Style(
        "billy-pot", "BILPT", "Billy pot", _EMBERLEA, "cook", "cook_pot", ("steel", "coal", "moss"),
        usd=4900, eur=5200, cost=1800, grams=310,
        text="A pot with a bail handle, a lid that strains and marks for every quarter liter. Hangs over a fire, sits "
        "on a stove, nests with the next size up.",
        materials="Stainless steel, 0.6 mm; colored pots are enameled.",
        care="Dishwasher safe. Soak, do not scour, the enamel.",
        tags=("cooking", "campfire"), launched="2022-04-21", popularity=20, returns=0.02,
        sizes=(Size("1.2 L", "12"), Size("2.0 L", "20", 1000, 1000, 140)), size_option="Capacity",
    ),
    Style(
        "forge-skillet", "FRGSK", "Forge cast-iron skillet", _EMBERLEA, "cook", "skillet", ("coal",),
        usd=5900, eur=6200, cost=2300, grams=1900,
        text="Cast thinner than the old ones and machined smooth inside, so eggs slide from the first week. Seasoned "
        "with linseed oil, ready to use.",
        materials="Cast iron.",
        care="Rinse hot, dry on the stove, a drop of oil.",
        tags=("cooking", "campfire", "home"), launched="2023-11-16", popularity=12, returns=0.02,
        sizes=(Size("20 cm", "20"), Size("26 cm", "26", 2000, 2000, 700)), size_option="Diameter",
    ),
    Style(
        "perk-moka", "PRKMK", "Perk moka pot", _EMBERLEA, "cook", "moka", ("steel", "rust", "pine"),
        usd=4500, eur=4700, cost=1650, grams=420,
        text="Coffee for three on any flame. The handle stays cool, the lid stays up by itself and the gasket is a "
        "standard size sold in every hardware store.",
        materials="Stainless steel; beech handle.",
        care="Rinse with water only.",
        tags=("coffee", "cooking", "gift"), launched="2023-08-24", popularity=26, returns=0.02,
    ),
    Style(
        "larder-cooler", "LRDCL", "Larder cool box 18 L", _EMBERLEA, "cook", "cooler", ("ochre", "teal"),
        usd=15900, eur=16900, cost=6900, grams=4100,
        text="Keeps ice for three days and seats one person. The latch works with gloves, the drain works without "
        "tipping, and the lid has a groove for cutting bread.",
        materials="Recycled polyethylene, PU foam.",
        care="Rinse and dry with the lid open.",
        fit="18 liters, 42 × 32 × 36 cm.",
        tags=("camping", "picnic"), launched="2025-05-29", popularity=8, returns=0.03,
    ),
    Style(
        "enamel-mug", "ENAMG", "Enamel mug", _EMBERLEA, "drinkware", "mug", ("natural", "moss", "navy", "rust"),
        usd=1800, eur=1900, cost=520, grams=140,
        text="Enamel on steel, with a rolled rim that does not burn your lip. Chips where you drop it, and is better "
        "for it.",
        materials="Enameled steel, 350 ml.",
        care="Dishwasher safe. Not for the microwave.",
        tags=("bestseller", "coffee", "gift"), launched="2020-05-07", popularity=66, returns=0.02, has_old_labels=True,
    ),
    Style(
        "spring-bottle", "SPRBT", "Spring insulated bottle", _EMBERLEA, "drinkware", "bottle",
        ("ochre", "pine", "navy", "chalk"),
        usd=3200, eur=3400, cost=1050, grams=310,
        text="Cold for a day, hot for twelve hours. The cap opens in a quarter turn and its loop takes two fingers or "
        "a carabiner. Fits the side pocket of every pack we make.",
        materials="Stainless steel, double wall. Powder coat. Polypropylene cap.",
        care="Hand wash; cap in the dishwasher.",
        tags=("bestseller", "everyday", "hiking"), launched="2021-06-17", popularity=68, returns=0.02,
        has_old_labels=True,
        sizes=(Size("500 ml", "05"), Size("750 ml", "07", 500, 500, 80), Size("1 L", "10", 900, 900, 150)),
        size_option="Capacity",
    ),
    Style(
        "stoveside-flask", "FLASK", "Stoveside flask", _EMBERLEA, "drinkware", "thermos", ("steel", "moss", "red"),
        usd=4900, eur=5200, cost=1750, grams=520,
        text="The flask with the cup on top, for soup in the car and tea on the summit. The stopper comes apart for "
        "cleaning, all three pieces of it.",
        materials="Stainless steel, double wall.",
        care="Hand wash; leave open to dry.",
        fit="1 liter.",
        tags=("tea", "cold weather", "gift"), launched="2022-11-24", popularity=24, returns=0.02,
    ),
    Style(
        "amble-tumbler", "AMBTM", "Amble travel cup", _EMBERLEA, "drinkware", "tumbler",
        ("rose", "coal", "sage", "butter"),
        usd=2800, eur=2900, cost=880, grams=240,
        text="A cup for the barista and the car. The lid slides shut with a thumb and does not drip in a bag. Ceramic "
        "inside, so coffee tastes of coffee.",
        materials="Stainless steel, ceramic lined. 350 ml.",
        care="Top rack of the dishwasher.",
        tags=("coffee", "commute", "gift"), launched="2025-03-20", popularity=46, returns=0.02,
    ),
    Style(
        "enamel-bowl", "ENABW", "Enamel bowl", _EMBERLEA, "tools", "bowl", ("natural", "navy", "rust"),
        usd=1600, eur=1700, cost=470, grams=180,
        text="A deep bowl for porridge and noodles, with a rim to hold on to. Stacks, floats and never breaks.",
        materials="Enameled steel, 16 cm.",
        care="Dishwasher safe.",
        tags=("cooking", "home"), launched="2021-05-13", popularity=32, returns=0.01, has_old_labels=True,
    ),
    Style(
        "trio-cutlery", "TRICT", "Trio cutlery set", _EMBERLEA, "tools", "cutlery", ("moss", "rust", "navy"),
        usd=2400, eur=2500, cost=760, grams=120,
        text="Knife, fork and spoon in a canvas roll, full size and balanced. What you use on the train instead of "
        "something wooden.",
        materials="Stainless steel. Cotton canvas roll.",
        care="Dishwasher safe; roll washes at 40 °C.",
        tags=("travel", "lunch", "gift"), launched="2023-01-26", popularity=29, returns=0.01,
    ),
    Style(
        "finn-knife", "FINKN", "Finn pocket knife", _EMBERLEA, "tools", "knife", ("walnut", "saddle", "coal"),
        usd=5400, eur=5700, cost=2100, grams=74,
        text="One blade, one lock, one good piece of wood. Takes an edge on a kitchen stone; we sharpen it free of "
        "charge for as long as you bring it in.",
        materials="Carbon steel blade, 8 cm. Walnut, beech or stained ash. Brass.",
        care="Wipe dry, a drop of oil on the pivot.",
        tags=("gift", "repairable"), launched="2022-06-23", popularity=19, returns=0.02,
    ),
)  # fmt: skip
