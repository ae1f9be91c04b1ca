"""Whether promotions are for the same goods, told by what they name: each item becomes a few keys, once, so that a pair
is a comparison of sets. Only which shelves named collections and variants lie on is read from the database."""

from collections.abc import Iterable
from typing import Any

from commerce.kernel.db import rows
from commerce.pricing.promotion_drafts import Draft, Item, Kind, Role
from commerce.pricing.selections import Shelves

Keys = frozenset[tuple[str, int]]  # (variant, category or collection, primary key)
NOTHING: Keys = frozenset()


def goods_of(draft: Draft) -> list[Item]:
    """What a promotion may reduce; [] is everything."""
    return draft.named(Role.PART) if draft.kind == Kind.BUNDLE else draft.named(Role.SELECT)


class Overlaps:
    """For the promotions that are compared. Two items have goods in common when the key of one is among those that the
    other touches: a variant touches its shelf, everything above it, and its collections."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        items = {(item.thing, item.pk) for draft in drafts for item in draft.items}
        shelves = Shelves()
        above = {key: [("category", one) for one in shelves.with_those_above(key)] for key in shelves.parents}
        self._touched: dict[tuple[str, int], Keys] = {("category", key): frozenset(keys) for key, keys in above.items()}
        for key, own, named in _read(items):
            found = {key, *(pair for shelf in own for pair in above.get(shelf, ()))}
            self._touched[key] = frozenset(found | {("collection", one) for one in named})
        self._kept: dict[int, tuple[Draft, Keys, Keys]] = {}

    def touched(self, item: Item) -> Keys:
        return self._touched.get((item.thing, item.pk), NOTHING)

    def covers(self, wide: Item, narrow: Item) -> bool:
        """Whether everything that `narrow` means is meant by `wide`, too, as far as what they say tells."""
        key = (wide.thing, wide.pk)
        if key == (narrow.thing, narrow.pk):
            return True
        return narrow.thing in ("variant", "category") and key in self.touched(narrow)

    def same_goods(self, one: Draft, other: Draft) -> bool:
        """Whether something is meant by both and left out by neither."""
        out = [*one.named(Role.EXCLUDE), *other.named(Role.EXCLUDE)]
        if out:
            mine, theirs = self._without(goods_of(one), out), self._without(goods_of(other), out)
            own, touched = self._keys(mine)
            their_own, their_touched = self._keys(theirs)
        else:
            (own, touched), (their_own, their_touched) = self._known(one), self._known(other)
        if not own or not their_own:  # one of them is for everything, unless all it named is left out
            return (bool(own) or not goods_of(one)) and (bool(their_own) or not goods_of(other))
        return not own.isdisjoint(their_touched) or not their_own.isdisjoint(touched)

    def _without(self, items: list[Item], out: list[Item]) -> list[Item]:
        return [item for item in items if not any(self.covers(gone, item) for gone in out)]

    def _known(self, draft: Draft) -> tuple[Keys, Keys]:
        kept = self._kept.get(id(draft))
        if kept is None:
            kept = self._kept[id(draft)] = (draft, *self._keys(goods_of(draft)))
        return kept[1], kept[2]

    def _keys(self, items: list[Item]) -> tuple[Keys, Keys]:
        own = frozenset((item.thing, item.pk) for item in items)
        return own, frozenset(key for item in items for key in self.touched(item))


def _read(items: set[tuple[str, int]]) -> list[tuple[tuple[str, int], list[int], list[int]]]:
    """Of named variants and collections: their key, their shelves, and the collections that share goods with them."""
    keys: dict[str, list[int]] = {"variant": [], "collection": [], "category": []}
    for thing, key in sorted(items):
        keys[thing].append(key)
    found: list[Any] = rows(
        "SELECT 'variant', v.id, ARRAY[p.category_id],"
        " ARRAY(SELECT o.collection_id FROM catalog_collection_products o WHERE o.product_id = p.id)"
        " FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id WHERE v.id = ANY(%s)",
        [keys["variant"]],
    )
    found += rows(
        "SELECT 'collection', o.collection_id, array_agg(DISTINCT p.category_id),"
        " ARRAY(SELECT DISTINCT b.collection_id FROM catalog_collection_products a"
        " JOIN catalog_collection_products b USING (product_id) WHERE a.collection_id = o.collection_id)"
        " FROM catalog_collection_products o JOIN catalog_product p ON p.id = o.product_id"
        " WHERE o.collection_id = ANY(%s) GROUP BY o.collection_id",
        [keys["collection"]],
    )
    return [((thing, key), [one for one in own if one is not None], named) for thing, key, own, named in found]
