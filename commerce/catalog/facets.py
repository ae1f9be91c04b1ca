"""The filters beside a list. A facet is a text on the product: "brand:Northfold", "option:size=XL", "category:hats"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

CATEGORY = "category"
SIZES = ["XXXS", "XXS", "XS", "S", "M", "L", "XL", "XXL", "2XL", "XXXL", "3XL", "4XL", "5XL", "ONE SIZE"]


@dataclass(frozen=True, slots=True)
class Facet:
    """One box to tick: `key` is what `search` takes; `count` says how many products ticking it would leave."""

    key: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Facets of one kind, of which any may hold; between groups all must hold."""

    key: str
    label: str
    facets: tuple[Facet, ...]


def group_of(facet: str) -> str:
    """ "brand" of "brand:Northfold", "option:size" of "option:size=XL"."""
    return facet.partition("=")[0] if facet.startswith("option:") else facet.partition(":")[0]


def by_group(selected: Iterable[str]) -> dict[str, list[str]]:
    """Chosen facets by group, without the categories, each of which must hold by itself."""
    groups: dict[str, list[str]] = {}
    for facet in selected:
        if group_of(facet) != CATEGORY:
            groups.setdefault(group_of(facet), []).append(facet)
    return groups


def build(counts: Mapping[str, int], selected: Sequence[str], shelves: Sequence[tuple[str, str]]) -> list[Group]:
    """The groups to show. `shelves` are slug and name of the categories worth offering, in their order.

    Chosen facets stay even where nothing is left of them, so that they can be taken back.
    """
    found: dict[str, list[Facet]] = {}
    for key in {**counts, **dict.fromkeys(selected, 0)}:
        if group_of(key) != CATEGORY:
            facet = Facet(key, _value_of(key), counts.get(key, 0), key in selected)
            found.setdefault(group_of(key), []).append(facet)
    names = {f"{CATEGORY}:{slug}": name for slug, name in shelves}
    offered = [Facet(key, name, counts[key], key in selected) for key, name in names.items() if counts.get(key)]
    groups = [Group(CATEGORY, _("Category"), tuple(offered))] if offered else []
    groups += [Group(key, _label_of(key), _sorted(facets)) for key, facets in found.items()]
    return sorted(groups, key=_place)


def _sorted(facets: list[Facet]) -> tuple[Facet, ...]:
    """Sizes from small to large, everything else by how much there is of it."""
    sizes = {facet.key: _size(facet.label) for facet in facets}
    if all(size is not None for size in sizes.values()):
        return tuple(sorted(facets, key=lambda facet: sizes[facet.key] or (0, 0.0)))
    return tuple(sorted(facets, key=lambda facet: (-facet.count, facet.label)))


def _size(label: str) -> tuple[int, float] | None:
    number = re.match(r"\D{0,4}(\d+(?:[.,]\d+)?)", label)
    if label.upper() in SIZES:
        return (0, SIZES.index(label.upper()))
    return (1, float(number[1].replace(",", "."))) if number else None


def _value_of(key: str) -> str:
    return key.partition("=")[2] if key.startswith("option:") else key.partition(":")[2]


def _label_of(group: str) -> str:
    names = {"brand": _("Brand"), "option:color": _("Color"), "option:size": _("Size")}
    return names.get(group) or group.removeprefix("option:").capitalize()


def _place(group: Group) -> tuple[int, str]:
    order = [CATEGORY, "option:color", "option:size", "brand"]
    return (order.index(group.key) if group.key in order else len(order), group.label)
