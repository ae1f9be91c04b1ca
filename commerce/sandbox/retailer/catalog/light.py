"""Light & navigation by Glimmett: lanterns, headlamps, flashlights, binoculars, compasses, poles."""

from __future__ import annotations

from .builder import Style, alphabetic

_GLIMMETT = "Glimmett"

STYLES = (
    Style(
        "wick-lantern", "WCKLN", "Wick lantern", _GLIMMETT, "lighting", "lantern", ("ochre", "moss", "coal"),
        usd=7900, eur=8400, cost=3000, grams=520,
        text="A lantern with a flame-colored LED, a dial instead of a button and a battery you can replace. Eight "
        "hours at a table, sixty as a night light. Charges a telephone once.",
        materials="Powder-coated steel, frosted glass. USB-C, replaceable 21700 cell.",
        care="Wipe with a dry cloth. Splash proof.",
        tags=("camping", "home", "gift", "bestseller"), launched="2024-08-08", popularity=35, returns=0.03,
    ),
    Style(
        "brow-headlamp", "BRWHL", "Brow headlamp", _GLIMMETT, "lighting", "headlamp", ("red", "coal", "sky"),
        usd=5400, eur=5700, cost=1950, grams=78,
        text="Four hundred lumens when you need them, a warm low beam when you are looking for the spoon. One big "
        "button, a lock for the bag and a strap that comes off to be washed.",
        materials="Recycled ABS, silicone seal. USB-C. IPX6.",
        care="Strap washes at 30 °C.",
        tags=("camping", "running", "bestseller"), launched="2024-02-29", popularity=34, returns=0.03,
    ),
    Style(
        "beck-flashlight", "BCKFL", "Beck flashlight", _GLIMMETT, "lighting", "flashlight", ("coal", "ochre"),
        usd=3900, eur=4100, cost=1350, grams=110,
        text="A flashlight for the drawer by the door. Knurled, so it stays in the hand; balanced, so it stands on "
        "its tail and lights the ceiling.",
        materials="Anodized aluminum. USB-C. IPX7.",
        care="A drop of oil on the thread.",
        tags=("home", "car"), launched="2023-12-07", popularity=16, returns=0.03,
    ),
    Style(
        "tern-binoculars", "TRNBN", "Tern 8×32 binoculars", _GLIMMETT, "navigation", "binoculars", ("coal", "moss"),
        usd=24900, eur=25900, cost=11200, grams=545,
        text="Bright to the edge and light enough to wear all morning. Eight times magnification is the one that "
        "holds still. They focus to two meters, for butterflies.",
        materials="Magnesium body, rubber armor. BAK4 prisms, nitrogen filled.",
        care="Blow off dust first, then the cloth.",
        tags=("birding", "gift"), launched="2024-11-07", popularity=9, returns=0.05, has_serials=True,
    ),
    Style(
        "lode-compass", "LODCM", "Lode compass", _GLIMMETT, "navigation", "compass", ("natural", "red"),
        usd=3600, eur=3800, cost=1250, grams=42,
        text="A baseplate compass that settles in two seconds and can be read with gloves on. Scales for the maps we "
        "sell, a mirror line, and a lanyard.",
        materials="Acrylic plate, liquid-damped capsule.",
        care="Keep away from speakers and telephones.",
        tags=("navigation", "gift"), launched="2022-07-14", popularity=17, returns=0.02,
    ),
    Style(
        "stave-poles", "STVPL", "Stave trekking poles", _GLIMMETT, "navigation", "poles", ("coal", "rust"),
        usd=10900, eur=11500, cost=4300, grams=470,
        text="A pair that folds to forearm length and locks with a click you can feel. Cork grips that take the shape "
        "of your hands. Tips, baskets and cords are sold singly.",
        materials="Aluminum 7075. Cork grips. Carbide tips.",
        care="Dry unfolded. Do not oil the joints.",
        tags=("hiking", "repairable"), launched="2023-04-20", popularity=14, returns=0.04,
        sizes=alphabetic("110 cm", "120 cm", "130 cm"), size_option="Length",
    ),
)  # fmt: skip
