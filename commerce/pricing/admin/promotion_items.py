"""Choosing what a promotion is for: a search over categories, collections, products and SKUs, kept as ticked boxes, so
that it works without a script, too."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.admin.variants import variants_with_code
from commerce.catalog.models import Category, Collection, Product, Variant
from commerce.pricing.promotion_drafts import Item
from commerce.pricing.promotion_words import active_variants

FOUND = 6  # of each sort
MOST = 500  # boxes that are read
THINGS = ("variant", "category", "collection")


@dataclass(frozen=True, slots=True)
class Choice:
    """A box: `value` is "category:7"; `note` says which sort of thing it is."""

    value: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Picker:
    """What is chosen and found for one role (`key`: "select", "part-0")."""

    key: str
    title: Any
    hint: Any
    chosen: list[Choice]
    found: list[Choice]
    query: str = ""
    error: str = ""
    pieces: str = ""

    @property
    def pieces_name(self) -> str:
        """The field with the pieces of a part of a bundle."""
        return self.key.replace("part-", "pieces-") if self.key.startswith("part-") else ""

    @property
    def says_nothing(self) -> bool:
        return bool(self.query) and not self.found


def values_of(data: Any, key: str) -> list[str]:
    """The ticked boxes of a picker, each once, in their order."""
    return list(dict.fromkeys(data.getlist(f"items-{key}")))[:MOST]


def items_of(values: Iterable[str], role: str, part: int = 0, quantity: int = 1) -> list[Item]:
    """The items that boxes stand for; a product stands for its variants. What is unknown is left out."""
    keys: dict[str, list[int]] = {}
    for value in values:
        thing, _colon, key = value.partition(":")
        if key.isdecimal():
            keys.setdefault(thing, []).append(int(key))
    models: dict[str, Any] = {"variant": Variant, "category": Category, "collection": Collection}
    found = []
    for thing in THINGS:
        known = set(models[thing].objects.filter(pk__in=keys.get(thing, [])).values_list("pk", flat=True))
        found += [Item(thing, key, role, part, quantity) for key in keys.get(thing, []) if key in known]
    whole = Variant.objects.filter(product__in=keys.get("product", []), is_active=True).order_by("product", "position")
    found += [Item("variant", key, role, part, quantity) for key in whole.values_list("pk", flat=True)]
    return list(dict.fromkeys(found))


def value_of(item: Item) -> str:
    return f"{item.thing}:{item.pk}"


def choices_of(values: Iterable[str]) -> list[Choice]:
    """The boxes with their names, products as the variants that they stand for."""
    items = items_of(values, "")
    keys: dict[str, list[int]] = {thing: [item.pk for item in items if item.thing == thing] for thing in THINGS}
    named: dict[str, Choice] = {}
    for category in Category.objects.filter(pk__in=keys["category"]):
        named[f"category:{category.pk}"] = Choice(f"category:{category.pk}", category.name, _("category"))
    for collection in Collection.objects.filter(pk__in=keys["collection"]):
        named[f"collection:{collection.pk}"] = Choice(f"collection:{collection.pk}", collection.name, _("collection"))
    variants = {row.pk: row for row in Variant.objects.filter(pk__in=keys["variant"]).select_related("product")}
    whole = active_variants({row.product_id for row in variants.values()})
    for pk, row in variants.items():
        of = whole[row.product_id]
        if len(of) > 1 and of <= set(variants):
            named[f"variant:{pk}"] = Choice(f"product:{row.product_id}", row.product.title, _all(len(of)))
        else:
            named[f"variant:{pk}"] = Choice(f"variant:{pk}", row.name, row.sku)
    return list(dict.fromkeys(named[value_of(item)] for item in items if value_of(item) in named))


def search(term: str, *, without: Iterable[str] = ()) -> list[Choice]:
    """Categories, collections, products and variants that fit what was typed, without those chosen already."""
    term = term.strip()[:80]
    if not term:
        return []
    found = [
        Choice(f"category:{pk}", name, _("category"))
        for pk, name in Category.objects.filter(name__icontains=term).order_by("name").values_list("pk", "name")[:FOUND]
    ]
    collections = Collection.objects.filter(name__icontains=term).order_by("name").values_list("pk", "name")
    found += [Choice(f"collection:{pk}", name, _("collection")) for pk, name in collections[:FOUND]]
    found += [_product(row) for row in Product.objects.filter(title__icontains=term).order_by("title")[:FOUND]]
    variants = variants_with_code(term).filter(is_active=True).select_related("product").order_by("sku_key")
    found += [Choice(f"variant:{row.pk}", row.name, row.sku) for row in variants.distinct()[: 2 * FOUND]]
    taken = set(without)
    return [choice for choice in found if choice.value not in taken]


def _product(row: Product) -> Choice:
    return Choice(f"product:{row.pk}", row.title, _all(row.variants.filter(is_active=True).count()))


def _all(count: int) -> str:
    return ngettext("%s variant", "all %s variants", count) % count
