"""The shop's own table of rates: what tills use without a line, and what everything falls back to."""

from django.utils.translation import gettext_lazy

from commerce.pricing import places
from commerce.pricing.queries import tax_rows
from commerce.pricing.tax_providers.base import TaxQuestion
from commerce.pricing.taxes import TaxRow


class Table:
    code = "table"
    label = gettext_lazy("The table of tax rates")
    is_remote = False

    def rates(self, asked: TaxQuestion) -> tuple[list[str], list[TaxRow]]:
        place = places.of(asked.country, asked.region, asked.postal_code)
        return place, tax_rows(place, on=asked.day)


PROVIDER = Table()
