"""The rules of prices at a store: what its tills keep, and what the server prices their sales by again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from commerce.company.models import Location
from commerce.kernel.idempotency import fingerprint
from commerce.pricing import coupons, rules
from commerce.pricing.models import Channel, Market
from commerce.pricing.queries import market_for
from commerce.pricing.rules import RuleSet


def rules_of(location: Location, market: Market, *, at: datetime) -> tuple[RuleSet, dict[str, Any]]:
    """The rules for sales at a counter, and the fields of the engine's basket that all of its sales share."""
    counted = rules.version()
    where = rules.place_of(location.country, location.state, location.postal_code, counted=counted)
    known = rules.rule_set(market, channel=Channel.POS, location=location, where=where, at=at, counted=counted)
    here = {
        "channel": str(Channel.POS),
        "location": location.code,
        "market": market.code,
        "currency": market.currency,
        "place": where,
    }
    return known, here


def till_rules(location: Location, *, at: datetime) -> dict[str, Any]:
    """Everything that a till decides prices by, with no server and over midnight, too: `version` of all of it, `rules`
    (RULES of the engine), `here` (fields of each basket) and `coupons` that need no counting."""
    market = market_for(location.country)
    known, here = rules_of(location, market, at=at)
    unlocked = [row["id"] for row in known.document["promotions"] if row["needs_coupon"]]
    today = at.astimezone(ZoneInfo(location.time_zone)).date()
    body = {"rules": known.document, "here": here, "coupons": coupons.uncounted(unlocked, since=today)}
    return {"version": fingerprint(body)[:16], **body}
