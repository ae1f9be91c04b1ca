"""What a market offers of the ways to hand over and the means of payment. A market that names none offers all."""

from commerce.pricing.models import Market
from orders import fulfillment_types, tenders
from orders.errors import TenderNotOffered, WayNotOffered


def ways(market: Market) -> list[str]:
    """Codes of the ways to hand over that a shopper there may choose, in their usual order."""
    known = [code for code, way in fulfillment_types.registry().items() if way.ships or way.has_code]
    return [code for code in known if not market.fulfillment_types or code in market.fulfillment_types]


def means(market: Market, *, at_till: bool) -> list[str]:
    """Codes of the means of payment that are taken there, in stores or on the web."""
    known = [code for code, tender in tenders.registry().items() if (tender.at_till if at_till else tender.at_shop)]
    return [code for code in known if not market.tenders or code in market.tenders]


def demand_way(market: Market, code: str) -> None:
    """Raise `WayNotOffered` unless the market offers this way to hand over."""
    offered = ways(market)
    if code not in offered:
        labels = [str(fulfillment_types.get(one).label) for one in offered]
        raise WayNotOffered(
            way=str(fulfillment_types.get(code).label), market=market.name, others=", ".join(labels) or "–"
        )


def demand_tender(market: Market, code: str) -> None:
    """Raise `TenderNotOffered` unless the market takes this means of payment."""
    tender = tenders.registry()[code]
    offered = means(market, at_till=tender.at_till)
    if code not in offered:
        labels = [str(tenders.registry()[one].label) for one in offered]
        raise TenderNotOffered(tender=str(tender.label), market=market.name, others=", ".join(labels) or "–")
