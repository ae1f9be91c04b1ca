"""The demo's markets, prices and taxes."""

from datetime import datetime

from django.db import transaction

from commerce.catalog.models import Variant
from commerce.kernel import demo
from commerce.kernel.demo import Advance, Stage
from commerce.pricing import prices, rates
from commerce.pricing.models import CustomerGroup, Market, PriceList, TaxRate
from commerce.pricing.rates import SINCE_LONG, Rate

# Classes of the retailer that the tables of rates know by a wider name. What is not listed is standard there.
_CLASSES = {"US": {"food": "reduced"}, "EU": {"food": "reduced", "books": "reduced"}}
Place = tuple[str, str]


class Demo(demo.Room):
    def stages(self, *, at: datetime) -> list[Stage]:
        self._at = at
        count = sum(len(product.variants) for product in self.retailer.products())
        return [Stage("Prices and taxes", 2 * count, self._price)]

    @transaction.atomic
    def _price(self, advance: Advance) -> None:
        TaxRate.objects.bulk_create(
            [TaxRate(**rate._asdict()) for rate in self._rates()],
            ignore_conflicts=True,  # those that are there already
        )
        for group in self.retailer.groups():
            CustomerGroup.objects.get_or_create(code=group.code, defaults={"name": group.name})
        keys = dict(Variant.objects.values_list("sku", "pk"))
        for market in self.retailer.markets():
            price_list, _created = PriceList.objects.get_or_create(
                code=market.code, defaults={"name": market.name, "currency": market.currency}
            )
            Market.objects.get_or_create(
                code=market.code,
                defaults={
                    "name": market.name,
                    "countries": list(market.countries),
                    "price_list": price_list,
                    "prices_include_tax": market.prices_include_tax,
                    "shipping_minor": market.shipping_minor,
                    "free_shipping_from_minor": market.free_shipping_from_minor,
                    "cash_step_minor": market.cash_step_minor,
                    "time_zone": market.time_zone,
                    "is_default": market == self.retailer.markets()[0],
                },
            )
            suffix = market.currency.lower()
            amounts = {
                keys[variant.sku]: (getattr(variant, f"price_{suffix}"), getattr(variant, f"compare_at_{suffix}"))
                for product in self.retailer.products()
                for variant in product.variants
            }
            prices.put(price_list.pk, amounts, at=self._at)
            advance(len(amounts))

    def _rates(self) -> list[Rate]:
        """The public tables for everywhere the retailer sells, with its own rates where it has stores; places that tax
        nothing have none, so that no document speaks of a tax of 0 %."""
        own: dict[Place, list[Rate]] = {}
        for rate in self.retailer.tax_rates():
            code = f"us-{rate.state.lower()}" if rate.state else f"{rate.country.lower()}-vat"
            row = Rate(rate.country, rate.state, rate.tax_class, code, rate.name, rate.rate_ppm, SINCE_LONG)
            own.setdefault((rate.country, rate.state), []).append(row)
        sells_in = {country for market in self.retailer.markets() for country in market.countries}
        public: dict[Place, list[Rate]] = {}
        for row in [*rates.us_states(), *rates.eu_vat()]:
            if row.country in sells_in and (row.country, row.region) not in own:
                public.setdefault((row.country, row.region), []).append(row)
        found = {**{place: _with_own_classes(rows) for place, rows in public.items()}, **own}
        return [row for rows in found.values() if any(row.rate_ppm for row in rows) for row in rows]


def _with_own_classes(rows: list[Rate]) -> list[Rate]:
    wider = _CLASSES["US" if rows[0].country == "US" else "EU"]
    again = [row._replace(tax_class=own) for own, known in wider.items() for row in rows if row.tax_class == known]
    return rows + again
