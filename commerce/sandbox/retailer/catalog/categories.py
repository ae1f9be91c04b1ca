"""The shelves of the shop, on two levels."""

from __future__ import annotations

from ..records import Category

_SHELVES: tuple[tuple[str, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("camp", "Camp & sleep", "Shelter, warmth and somewhere to sit once the walking is done.", (
        ("tents", "Tents & tarps", "From a ridge above the trees to a field with friends."),
        ("sleep", "Sleeping bags & mats", "Chosen by the coldest night you expect, not the average one."),
        ("camp-comfort", "Hammocks & camp comfort", "Small luxuries that pack down to nothing."),
        ("by-the-meter", "Cord, webbing & canvas", "Cut to length at the repair bench, to the centimeter."),
    )),
    ("bags", "Packs & travel", "Carried on two shoulders, on one, or rolled along a platform.", (
        ("backpacks", "Backpacks", "Day packs, trekking packs and one for the office."),
        ("travel-bags", "Duffels & luggage", "For trips measured in days rather than miles."),
        ("totes-slings", "Totes & organizers", "The bags inside the bag, and the one you take for bread."),
    )),
    ("clothing", "Clothing", "Layers that work together, in colors that do too.", (
        ("outerwear", "Jackets & vests", "Rain, wind, cold, and the days that have all three."),
        ("tops", "Tops & knitwear", "Merino, lambswool and cotton heavy enough to last."),
        ("bottoms", "Trousers & shorts", "Cut for a long stride and a bicycle saddle."),
    )),
    ("footwear", "Footwear", "Resoled in our own workshops for as long as the uppers hold.", (
        ("boots", "Boots", "For wet grass, loose stone and long winters."),
        ("shoes", "Shoes & sandals", "For the path to the water and the walk to work."),
    )),
    ("accessories", "Accessories", "The small things that decide whether a day outside is a good one.", (
        ("headwear", "Hats & scarves", "Shade in July, warmth in January."),
        ("socks-gloves", "Socks & gloves", "Knitted for use, and sold in pairs that stay pairs."),
        ("eyewear-watches", "Eyewear, watches & umbrellas", "For weather of every kind."),
    )),
    ("kitchen", "Camp kitchen", "Cook outside as you would at home, with less to wash.", (
        ("cook", "Stoves & cookware", "From a fast boil to a slow stew."),
        ("drinkware", "Bottles & mugs", "Hot until noon, cold until evening."),
        ("tools", "Knives & tableware", "Sharp, simple and easy to clean."),
    )),
    ("light", "Light & navigation", "See where you are, and find the way back.", (
        ("lighting", "Lanterns & headlamps", "Warm light for a table, bright light for a trail."),
        ("navigation", "Optics & navigation", "Glass, needle and pole."),
    )),
    ("household", "Home & everyday", "What stays by the door, on the shelf and beside the bath.", (
        ("textiles", "Blankets & towels", "Woven in mills that still do their own dyeing."),
        ("candles-soap", "Candles & soap", "The smell of cedar, fig and smoke, without the damp."),
        ("dogs", "For dogs", "Made to the same standard, tested less carefully."),
    )),
    ("paper", "Paper", "Maps that fold, books that stay open, notebooks that end up full.", (
        ("stationery", "Notebooks & pencils", "For lists, sketches and coordinates."),
        ("maps-books", "Maps & books", "Printed on paper that survives a pocket."),
    )),
    ("pantry", "Pantry", "Things to eat and drink on the way, roasted and wrapped in small batches.", (
        ("coffee-tea", "Coffee & tea", "Roasted on Thursdays, steeped anywhere."),
        ("snacks", "Chocolate & trail food", "Energy, with reasons to look forward to it."),
    )),
)  # fmt: skip


def categories() -> tuple[Category, ...]:
    """All shelves, each top level followed by its own."""
    found: list[Category] = []
    for slug, name, description, shelves in _SHELVES:
        found.append(Category(slug, name, "", description, len(found) + 1))
        for child_slug, child_name, child_description in shelves:
            found.append(Category(child_slug, child_name, slug, child_description, len(found) + 1))
    return tuple(found)
