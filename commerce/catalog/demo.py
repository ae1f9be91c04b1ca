"""The demo's shelves and products, with their pictures."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.html import format_html, format_html_join

from commerce.catalog import lexicon, products
from commerce.catalog.barcodes import normalize_barcode
from commerce.catalog.demo_amounts import Amounts
from commerce.catalog.drafts import CategoryDraft, MediaDraft, ProductDraft, VariantDraft
from commerce.catalog.models import Barcode, Variant
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage, put_file


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        self._at = at
        sold = self.retailer.products()
        pictures = sum(len(_pictures(product)) for product in sold)
        return [Stage("Pictures", pictures, self._draw), Stage("Catalog", len(sold), self._fill)]

    def _draw(self, advance: Advance) -> None:
        for category in self.retailer.categories():
            if not category.parent:
                put_file(_banner_path(category.slug), self.retailer.illustrations.banner(category.slug))
        for product in self.retailer.products():
            pictures = _pictures(product)
            for path, (color, view, _alt) in pictures.items():
                put_file(path, self.retailer.illustrations.draw(product.key, color, view))
            advance(len(pictures))

    @transaction.atomic
    def _fill(self, advance: Advance) -> None:
        shelves = products.put_categories(
            [
                CategoryDraft(
                    slug=category.slug,
                    name=category.name,
                    parent=category.parent,
                    description=category.description,
                    picture="" if category.parent else _banner_path(category.slug),
                    position=category.position,
                )
                for category in self.retailer.categories()
            ],
            at=self._at,
        )
        hexes = {color.key: color.hex for color in self.retailer.colors()}
        drafts = [_product(product, shelves, hexes) for product in self.retailer.products()]
        products.put(drafts, at=self._at)
        self._measure()
        lexicon.rebuild()
        advance(len(drafts))

    def _measure(self) -> None:
        """What each piece has a number of, what is sold by the meter, and what a scan of a coil means."""
        known = self.retailer.variants_by_sku().values()
        numbered = [variant.sku for product, variant in known if product.has_serials]
        Variant.objects.filter(sku__in=numbered).update(tracks_serials=True)
        for _product, variant in known:
            if variant.unit_scale > 1:
                Variant.objects.filter(sku=variant.sku).update(unit=variant.unit, unit_scale=variant.unit_scale)
        amounts = Amounts()
        for _product, variant in known:
            for code, length in variant.packs:
                held = amounts.of(variant.sku, length)
                Barcode.objects.filter(key=normalize_barcode(code).value).update(units=held)


def _banner_path(slug: str) -> str:
    return f"banners/{slug}.svg"


def _pictures(product: Any) -> dict[str, tuple[str, str, str]]:
    """Path, and what is drawn there: color, view, words. First what lists show, then every color, then all together."""
    first = product.looks[0][1]
    shown = [(name, color, "front") for name, color in product.looks]
    shown.insert(1, (product.looks[0][0], first, "detail"))
    shown += [(name, color, "detail") for name, color in product.looks[1:]]
    pictures = {}
    for name, color, view in shown:
        of = f"{product.title} in {name}" if len(product.looks) > 1 else product.title
        pictures[f"products/{product.key}/{color}-{view}.svg"] = (color, view, f"{of}, {view} view")
    if len(product.looks) > 1:
        pictures[f"products/{product.key}/range.svg"] = (first, "range", f"{product.title} in all its colors")
    return pictures


def _product(product: Any, shelves: dict[str, int], hexes: dict[str, str]) -> ProductDraft:
    pictures = _pictures(product)
    colored = len(product.looks) > 1
    return ProductDraft(
        slug=product.key,
        title=product.title,
        description_html=_description(product),
        brand=product.brand,
        category_id=shelves[product.category],
        tags=product.tags,
        status="active",
        tax_class=product.tax_class,
        popularity=round(10 * product.popularity),
        launched_at=f"{product.launched_on.isoformat()}T08:00:00Z",
        options=tuple(option.name for option in product.options),
        media=[
            MediaDraft(path=path, alt=alt, position=position)
            for position, (path, (_color, _view, alt)) in enumerate(pictures.items(), start=1)
        ],
        variants=[
            VariantDraft(
                sku=variant.sku,
                option_values=tuple(value for _name, value in variant.options),
                barcodes=(variant.barcode, *variant.alternate_barcodes, *(code for code, _length in variant.packs)),
                weight_grams=variant.weight_grams,
                content=variant.content,
                swatch=hexes[variant.color] if colored else "",
                picture=f"products/{product.key}/{variant.color}-front.svg",
                position=variant.position,
                is_active=True,
            )
            for variant in product.variants
        ],
    )


def _description(product: Any) -> str:
    parts = (("Materials", product.materials), ("Care", product.care), ("Size and fit", product.fit))
    words = format_html_join("", "<h3>{}</h3><p>{}</p>", [(name, text) for name, text in parts if text])
    return str(format_html("<p>{}</p>{}", product.description, words))
