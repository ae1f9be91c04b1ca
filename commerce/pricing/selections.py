"""Which variants a promotion's items mean: a category with those below it, a collection, a variant itself."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from commerce.catalog.models import Category, Variant
from commerce.pricing.promotion_drafts import Draft, Item, Role


class Shelves:
    """The tree of categories, read once."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = dict(Category.objects.values_list("pk", "parent_id"))

    def with_those_above(self, category: int | None) -> list[int]:
        """The category and everything that it lies in."""
        found: list[int] = []
        while category is not None and category not in found:
            found.append(category)
            category = self.parents.get(category)
        return found

    def with_those_below(self, categories: Iterable[int]) -> set[int]:
        """The categories and everything that lies in them."""
        wanted = set(categories)
        return {key for key in self.parents if wanted.intersection(self.with_those_above(key))}


def condition(items: Iterable[Item], shelves: Shelves) -> Q:
    """What a variant must be to be meant by one of `items`; nothing when there are none."""
    keys: dict[str, list[int]] = {"variant": [], "category": [], "collection": []}
    for item in items:
        keys[item.thing].append(item.pk)
    found = Q(pk__in=keys["variant"])
    if keys["category"]:
        found |= Q(product__category__in=shelves.with_those_below(keys["category"]))
    if keys["collection"]:
        found |= Q(product__collections__in=keys["collection"])
    return found


def variants_of(draft: Draft, items: list[Item], shelves: Shelves) -> "QuerySet[Variant]":
    """The active variants that `items` of a draft mean (no items: all), without those that it leaves out."""
    found = Variant.objects.filter(is_active=True)
    if items:
        found = found.filter(pk__in=Variant.objects.filter(condition(items, shelves)).values("pk"))
    excluded = draft.named(Role.EXCLUDE)
    if excluded:
        found = found.exclude(pk__in=Variant.objects.filter(condition(excluded, shelves)).values("pk"))
    return found
