"""Tax rates to start with: sales tax of the states of the US, value added tax of the EU and of the United Kingdom.

    from commerce.pricing import rates
    rates.us_states()  rates.eu_vat()      # rows of `Rate`, ready for the table of tax rates

Facts published by the states and by the European Commission, as of 2026; a shop checks them with its tax adviser and
maintains its own rows from then on. What is simplified:

- US: the state's base rate only. Counties, cities and districts add theirs as rows of their own.
- Goods are classed, not listed: `standard`; `reduced`, what most places tax less (in the US unprepared food, in Europe
  the reduced rate that covers most goods); `reduced_2` and `super_reduced`, further European rates; `clothing` where a
  state exempts it at any price; `zero` (taxed at 0 %) and `exempt` everywhere. A class without a row is standard.
- Changes are followed from 2024 on.
- Allowances that depend on a price or a date (clothing below 110 dollars in New York, tax holidays) are left out: such
  goods are taxed in full.
"""

from commerce.pricing.rates.europe import eu_vat
from commerce.pricing.rates.rate import SINCE_LONG, Rate
from commerce.pricing.rates.states import us_states

__all__ = ["SINCE_LONG", "Rate", "eu_vat", "us_states"]
