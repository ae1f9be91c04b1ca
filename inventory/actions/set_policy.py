"""Whether a variant may be promised at a location before it is there: backorder, preorder, or not at all."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.company.locations import demand_place
from commerce.company.models import Location, User
from commerce.company.permissions import require
from commerce.events import outbox
from commerce.kernel.clock import business_date
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput, NotFound
from inventory import policies, stock
from inventory.policies import Policy, Terms

LARGEST = 1_000_000


@action
def set_policy(
    variant_pk: int,
    location_pk: int,
    *,
    policy: str,
    limit: int = 0,
    until: datetime | None = None,
    expected_on: date | None = None,
    person: User | None,
    at: datetime,
) -> None:
    """Promise up to `limit` units beyond the stock of a location until a moment; also of what was never there. With
    `deny` nothing else counts. The event `stock.policy_changed` keeps the terms.

    Raises `NotFound`, `NotAllowed`, `InvalidInput`, `KitHasNoStock`, `PromisedBeyondStock`.
    """
    variant = Variant.objects.filter(pk=variant_pk).first()
    location = Location.objects.filter(pk=location_pk).first()
    if variant is None or location is None:
        raise NotFound(what="variant" if variant is None else "location", key=str(variant_pk))
    require(person, "stock.policy", location)
    demand_place(location)
    terms = Terms() if policy == Policy.DENY else Terms(policy, limit, until, expected_on)
    _check(terms, today=business_date(location.time_zone, at), at=at)
    level = stock.own_levels([(variant_pk, location_pk)])[variant_pk, location_pk]
    policies.put(level, terms, at=at)
    facts = {"sku": variant.sku, "location": location.code, "policy": str(terms.policy), "limit": terms.limit}
    facts |= {"until": terms.until.isoformat() if terms.until else None, "person": person.username if person else ""}
    outbox.record("stock.policy_changed", f"{variant.sku} at {location.code}", facts, at=at)


def _check(terms: Terms, *, today: date, at: datetime) -> None:
    problems: dict[str, list[str]] = {}
    if terms.policy not in Policy.values:
        problems["policy"] = [_("Choose a policy.")]
    elif terms.policy != Policy.DENY and not 1 <= terms.limit <= LARGEST:
        problems["limit"] = [_("Promise between 1 and 1,000,000 units beyond the stock.")]
    if terms.until and terms.until <= at:
        problems["until"] = [_("This has passed already. Choose a time to come, or none.")]
    if terms.expected_on and terms.expected_on < today:
        problems["expected_on"] = [_("This day has passed already. Shoppers are told it.")]
    if terms.policy == Policy.PREORDER and not terms.expected_on:
        problems["expected_on"] = [_("Say from which day on it can be delivered: whoever orders ahead is told.")]
    if problems:
        raise InvalidInput(problems)
