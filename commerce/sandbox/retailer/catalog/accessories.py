"""Hats, scarves, socks, gloves, eyewear, watches, umbrellas."""

from __future__ import annotations

from .builder import Style, alphabetic

_HANDS = alphabetic("S", "M", "L")

STYLES = (
    Style(
        "field-cap", "FLDCP", "Field cap", "Hadlo", "headwear", "cap", ("moss", "navy", "sand", "rust"),
        usd=3200, eur=3400, cost=980, grams=85, tax_class="clothing",
        text="A five-panel cap with a brim short enough for a hood and a strap that ends in a brass loop. Washed "
        "until it looks like you have had it for a while.",
        materials="Organic cotton twill. Brass.",
        care="Hand wash, dry on a bowl.",
        fit="One size, 54 to 61 cm.",
        tags=("bestseller", "summer", "gift"), launched="2021-04-15", popularity=52, returns=0.03,
    ),
    Style(
        "dock-beanie", "DCKBN", "Dock beanie", "Hadlo", "headwear", "beanie", ("rust", "navy", "ochre", "oat", "pine"),
        usd=2900, eur=3100, cost=900, grams=80, tax_class="clothing",
        text="A ribbed watch cap knitted from lambswool left over from our sweaters. Wear it rolled once or twice.",
        materials="Lambswool.",
        care="Hand wash cold, dry flat.",
        fit="One size.",
        tags=("bestseller", "wool", "gift", "cold weather"), launched="2020-10-08", popularity=60, returns=0.03,
    ),
    Style(
        "brook-sun-hat", "BRKHT", "Brook sun hat", "Hadlo", "headwear", "sun_hat", ("sand", "moss", "sky"),
        usd=4200, eur=4500, cost=1400, grams=110, tax_class="clothing",
        text="A brim of seven centimeters that holds its shape when wet and folds into a pocket when dry. Mesh in the "
        "crown, a cord for the ferry.",
        materials="Recycled nylon, UPF 50+.",
        care="Hand wash.",
        tags=("summer", "sun"), launched="2024-04-11", popularity=18, returns=0.05,
        sizes=alphabetic("S/M", "L/XL"), fit="S/M to 57 cm, L/XL to 61 cm.",
    ),
    Style(
        "spool-scarf", "SPLSC", "Spool lambswool scarf", "Hadlo", "headwear", "scarf", ("clay", "slate", "oat"),
        usd=6900, eur=7200, cost=2600, grams=190, tax_class="clothing",
        text="Long enough to wrap twice, light enough to keep on indoors. Woven with a border in a second color and "
        "fringes twisted by hand.",
        materials="Lambswool, woven in Scotland.",
        care="Hand wash cold or dry clean.",
        fit="190 × 30 cm.",
        tags=("wool", "gift", "cold weather"), launched="2023-10-19", popularity=24, returns=0.04,
    ),
    Style(
        "tinker-bandana", "TNKBD", "Tinker bandana", "Hadlo", "headwear", "bandana", ("red", "navy", "ochre"),
        usd=1600, eur=1700, cost=420, grams=40, tax_class="clothing",
        text="A cotton square printed with the tools of the repair bench. Sun cover, coffee filter, dog collar, "
        "napkin.",
        materials="Organic cotton, printed with low-impact dyes.",
        care="Machine wash at 40 °C.",
        fit="56 × 56 cm.",
        tags=("gift", "everyday"), launched="2022-06-02", popularity=41, returns=0.01,
    ),
    Style(
        "hike-sock", "HKSCK", "Cushioned hike sock", "Hadlo", "socks-gloves", "socks", ("moss", "rust", "navy", "oat"),
        usd=2200, eur=2300, cost=720, grams=85, tax_class="clothing", sizes=_HANDS,
        text="Terry loops under the heel and toe, a flat seam and a cuff that stays where it is. Guaranteed for as "
        "long as you have both of them.",
        materials="Merino wool 62 %, nylon 36 %, elastane 2 %.",
        care="Machine wash at 40 °C.",
        fit="S 36-39, M 40-43, L 44-47.",
        tags=("bestseller", "merino", "hiking"), launched="2020-09-03", popularity=70, returns=0.02,
    ),
    Style(
        "ankle-sock-3", "ANSCK", "Everyday ankle socks, 3 pairs", "Hadlo", "socks-gloves", "ankle_socks",
        ("natural", "slate"),
        usd=2600, eur=2800, cost=850, grams=120, tax_class="clothing", sizes=_HANDS,
        text="Three pairs in a paper band, dense at the heel and open over the instep. The stripe tells you which two "
        "belong together.",
        materials="Organic cotton 78 %, nylon 20 %, elastane 2 %.",
        care="Machine wash at 40 °C.",
        fit="S 36-39, M 40-43, L 44-47.",
        tags=("everyday", "organic cotton"), launched="2022-08-11", popularity=44, returns=0.02,
    ),
    Style(
        "rag-wool-gloves", "RAGGL", "Rag wool gloves", "Hadlo", "socks-gloves", "gloves", ("oat", "navy", "rust"),
        usd=3400, eur=3600, cost=1150, grams=90, tax_class="clothing", sizes=_HANDS,
        text="Rag wool with a leather patch in the palm, and a thumb and finger that work on a screen. Warm when wet, "
        "like everything made of wool.",
        materials="Wool 85 %, nylon 15 %. Goatskin palm.",
        care="Hand wash cold, dry flat.",
        tags=("wool", "cold weather"), launched="2023-10-26", popularity=22, returns=0.05,
    ),
    Style(
        "snowline-mitten", "SNWMT", "Snowline mitten", "Hadlo", "socks-gloves", "mitten", ("coal", "ochre"),
        usd=5900, eur=6200, cost=2200, grams=150, tax_class="clothing", sizes=_HANDS,
        text="An insulated mitten with a long cuff, a nose-wipe thumb and a leash so it never blows away. Wear it "
        "over the rag wool glove when it gets serious.",
        materials="Recycled nylon shell, synthetic insulation. Goatskin palm.",
        care="Hand wash, dry flat, wax the leather.",
        tags=("cold weather", "snow", "new"), launched="2025-10-02", popularity=11, returns=0.06,
    ),
    Style(
        "halyard-sunglasses", "HLYSG", "Halyard sunglasses", "Glimmett", "eyewear-watches", "sunglasses",
        ("walnut", "coal", "sage"),
        usd=11900, eur=12500, cost=3900, grams=32,
        text="Polarized lenses in a frame with just enough curve to keep out side light. Hinges have real screws, and "
        "we keep the screwdriver at the counter.",
        materials="Bio-acetate frame. Polarized lenses, category 3.",
        care="Rinse, then wipe with the cloth provided.",
        fit="Medium, 51-20-145.",
        tags=("summer", "sun"), launched="2024-05-02", popularity=20, returns=0.06,
    ),
    Style(
        "meridian-watch", "MRDWT", "Meridian field watch", "Glimmett", "eyewear-watches", "watch",
        ("sand", "coal", "navy"),
        usd=18900, eur=19500, cost=7600, grams=58,
        text="Thirty-six millimeters, a dial you can read at arm's length and a second hand that shows it is running. "
        "The strap slides off without tools; spares come in every color.",
        materials="Steel case, mineral glass. Quartz movement. Cotton strap.",
        care="Water resistant to 100 m. Battery changed free in store.",
        fit="Case 36 mm, strap 18 mm.",
        tags=("gift",), launched="2023-11-02", popularity=14, returns=0.04,
    ),
    Style(
        "lee-umbrella", "LEEUM", "Lee umbrella", "Hadlo", "eyewear-watches", "umbrella",
        ("coal", "ochre", "navy", "pine"),
        usd=5900, eur=5900, cost=2100, grams=420,
        text="A stick umbrella with eight ribs that bend before they break and a beech handle that hooks over a "
        "chair. Every rib can be replaced in ten minutes.",
        materials="Recycled polyester canopy. Fiberglass ribs. Beech handle.",
        care="Dry open.",
        fit="Canopy 104 cm.",
        tags=("rain", "repairable", "gift"), launched="2022-10-20", popularity=23, returns=0.03,
    ),
)  # fmt: skip
