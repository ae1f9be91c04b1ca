"""The demo's offers, the groups that some are for, and its coupons. They begin when the history ends, so that what was
sold before keeps its price."""

from datetime import date, datetime, time, timedelta
from typing import Any

from commerce.catalog.models import Category, Collection, Product, Variant
from commerce.kernel import demo
from commerce.kernel.clock import business_date
from commerce.pricing import coupon_batches, promotions
from commerce.pricing.coupon_batches import USUAL_LENGTH, Terms
from commerce.pricing.models import CustomerGroup, Market, PriceList, Promotion
from commerce.pricing.promotion_drafts import Draft, Item, Tier

PERCENT = 10_000  # ppm


class Demo(demo.Room):
    def finish(self, *, at: datetime) -> None:
        self._lists()
        self._collections()
        for offer in self.retailer.offers():
            if not Promotion.objects.filter(code=offer.key).exists():
                self._offer(offer, at=at)

    def _lists(self) -> None:
        """What groups pay, in every market."""
        for told in self.retailer.group_prices():
            for market in Market.objects.select_related("price_list"):
                shape = {"factor_ppm": told.factor_ppm, "step_minor": told.step_minor, "rank": told.rank}
                row, is_new = PriceList.objects.get_or_create(
                    code=f"{told.group}-{market.code}",
                    defaults={
                        **shape,
                        "name": f"{told.name}, {market.name}",
                        "currency": market.currency,
                        "ending_minor": told.ending_minor,
                        "derived_from": market.price_list,
                    },
                )
                if is_new:
                    row.only_groups.set(CustomerGroup.objects.filter(code=told.group))
                    row.only_markets.set([market])

    def _collections(self) -> None:
        for told in self.retailer.collections():
            row, is_new = Collection.objects.get_or_create(slug=told.slug, defaults={"name": told.name})
            if is_new:
                row.products.set(Product.objects.filter(slug__in=told.products))

    def _offer(self, offer: Any, *, at: datetime) -> None:
        """Write an offer, make its coupons, and bring it into its state."""
        today = business_date("UTC", at)
        row = promotions.put(_draft(offer, today), at=at)
        if offer.code:
            terms = Terms(batch="", max_uses=None, max_uses_per_customer=offer.uses_per_customer)
            coupon_batches.add(row, terms, [(1, offer.code)], at=at)
        if offer.codes:
            terms = Terms(batch=offer.batch, ends_on=_day(today, offer.ends))
            shape = {"prefix": offer.prefix, "length": USUAL_LENGTH}
            coupon_batches.generate(row, terms, count=offer.codes, most=offer.codes, at=at, **shape)
        if offer.state != "draft":
            promotions.start(row, today=min(today, row.ends_on or today), at=at)
        if offer.state == "paused":
            promotions.pause(row, at=at)


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _draft(offer: Any, today: date) -> Draft:
    begin, end = map(time.fromisoformat, offer.hours) if offer.hours else (None, None)
    return Draft(
        kind=offer.kind,
        name=offer.name,
        label=offer.label,
        code=offer.key,
        scope=offer.scope,
        percent_ppm=offer.percent * PERCENT,
        amounts=dict(offer.amounts),
        min_spend=dict(offer.min_spend),
        buy_quantity=offer.buy,
        get_quantity=offer.get,
        tier_kind="percent" if offer.tiers else "",
        tiers=tuple(Tier(tier.from_quantity, percent_ppm=tier.percent * PERCENT) for tier in offer.tiers),
        groups=tuple(CustomerGroup.objects.filter(code__in=offer.groups).values_list("pk", flat=True)),
        channels=offer.channels,
        weekdays=offer.weekdays,
        starts_on=_day(today, offer.begins),
        ends_on=_day(today, offer.ends),
        daily_from=begin,
        daily_until=end,
        needs_coupon=offer.needs_coupon,
        best_of=offer.best_of,
        items=tuple(item for told in offer.items for item in _items(told)),
    )


def _items(told: Any) -> list[Item]:
    """A category, a collection, or all variants of a product."""
    found: dict[str, Any] = {
        "category": Category.objects.filter(slug=told.key),
        "collection": Collection.objects.filter(slug=told.key),
        "product": Variant.objects.filter(product__slug=told.key).order_by("position", "pk"),
    }
    thing = "variant" if told.thing == "product" else told.thing
    return [Item(thing, key, told.role, told.part) for key in found[told.thing].values_list("pk", flat=True)]
