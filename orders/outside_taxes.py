"""Taxes that somebody else says: asking a market's tax provider about an order, and telling when it does not answer.

taxed = outside_taxes.ask(cart.market, contents, wish, at=at)    # outside of any transaction; None: the table's
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from commerce.cases.queue import open_case
from commerce.catalog.models import Variant
from commerce.kernel.clock import business_date
from commerce.kernel.db import action
from commerce.pricing import tax_providers
from commerce.pricing.models import Market
from commerce.pricing.tax_providers import TaxAnswer, TaxQuestion
from commerce.pricing.taxes import STANDARD
from orders.fulfillment_types.base import Wish


def ask(market: Market, contents: Sequence[tuple[Variant, int]], wish: Wish, *, at: datetime) -> TaxAnswer | None:
    """What the market's provider says of where these goods go; None where the table is asked anyway, or nobody has
    said a whole address yet. Never raises: see `tax_providers.ask`."""
    question = _question(market, contents, wish, at)
    if question is None or not contents or not tax_providers.provider_of(market).is_remote:
        return None
    return tax_providers.ask(market, question, at=at)


def _question(market: Market, contents: Sequence[tuple[Variant, int]], wish: Wish, at: datetime) -> TaxQuestion | None:
    classes = tuple(sorted({STANDARD, *(variant.product.tax_class for variant, _quantity in contents)}))
    day = business_date(market.time_zone, at)
    if wish.location is not None:
        store = wish.location
        return TaxQuestion(store.country, store.state, store.postal_code, store.city, classes, day)
    address = wish.address or {}
    if not (address.get("country") and address.get("postal_code")):
        return None
    city, state = address.get("city", ""), address.get("state", "")
    return TaxQuestion(address["country"], state, address["postal_code"], city, classes, day)


@action
def report(answer: TaxAnswer, market: Market, *, at: datetime) -> None:
    """Open the case of an outage, once for as long as it is open."""
    open_case(
        "tax_outage",
        subject=answer.provider,
        text=_("The tax provider of %(market)s did not answer. %(reason)s Orders are taxed by the table and flagged.")
        % {"market": market.name, "reason": answer.reason},
        at=at,
        context={"provider": answer.provider, "market": market.code, "reason": answer.reason},
    )
