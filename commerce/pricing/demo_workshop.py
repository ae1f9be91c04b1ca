"""The demo's services and gift cards, whose price is said by a person, with the limits of what may be said."""

from datetime import datetime
from typing import Any

from commerce.catalog import lexicon, products
from commerce.catalog.drafts import MediaDraft, ProductDraft, VariantDraft
from commerce.catalog.models import Category, Variant
from commerce.kernel import demo
from commerce.kernel.demo import put_file
from commerce.pricing.models import Market, OpenPriceLimit

OFFERED = (2_500, 5_000, 10_000, 20_000)


class Demo(demo.Room):
    def finish(self, *, at: datetime) -> None:
        for service in self.retailer.services():
            path = put_file(f"products/{service.key}/front.svg", self.retailer.picture_of(service))
            products.put([_draft(service, path)], at=at)
            for work in service.works:
                self._open(work, is_gift_card=service.is_gift_card)
        Market.objects.update(gift_card_amounts=list(OFFERED))
        lexicon.rebuild()

    def _open(self, work: Any, *, is_gift_card: bool) -> None:
        """Its price is said, within limits; it lies on no shelf."""
        Variant.objects.filter(sku=work.sku).update(
            is_open_price=True, is_open_to_all=work.for_all, needs_note=work.needs_note, is_gift_card=is_gift_card
        )
        variant = Variant.objects.get(sku=work.sku)
        most = dict(work.most)
        for currency, least in work.least:
            OpenPriceLimit.objects.update_or_create(
                variant=variant, currency=currency, defaults={"least_minor": least, "most_minor": most[currency]}
            )


def _draft(service: Any, path: str) -> ProductDraft:
    return ProductDraft(
        slug=service.key,
        title=service.title,
        description_html=f"<p>{service.text}</p>",
        brand=service.brand,
        category_id=Category.objects.get(slug=service.category).pk,
        tags=service.tags,
        status="active",
        on_web=service.on_web,
        at_till=not service.on_web,
        tax_class="standard",
        options=(service.option,),
        media=[MediaDraft(path=path, alt=service.title, position=1)],
        variants=[
            VariantDraft(
                sku=work.sku, option_values=(work.name,), barcodes=(work.barcode,), picture=path, position=position
            )
            for position, work in enumerate(service.works, start=1)
        ],
    )
