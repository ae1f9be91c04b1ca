"""The kinds of offer as the builder shows them: a card with an example, and which fields belong to it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from commerce.office.columns import chip
from commerce.pricing.promotion_drafts import DRAFT, ENDED, PAUSED, RUNNING, SCHEDULED, Kind, Role, Scope

STATES: dict[str, tuple[Any, str, str]] = {
    DRAFT: (_("Draft"), "open", "pencil"),
    SCHEDULED: (_("Scheduled"), "accent", "calendar"),
    RUNNING: (_("Running"), "positive", "play"),
    ENDED: (_("Ended"), "", "check"),
    PAUSED: (_("Paused"), "warning", "pause"),
}


def state_chip(state: str) -> str:
    """The state of a promotion as a chip; "" for none."""
    return chip(*STATES[state]) if state else ""


@dataclass(frozen=True, slots=True)
class Picking:
    """A choice of items: its role in the promotion, and the words above it."""

    role: str
    title: Any
    hint: Any = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A card of the builder. `fields` are those that the offer cannot do without, `more` belongs to its conditions."""

    key: str
    kind: str
    scope: str
    title: Any
    example: Any
    icon: str
    fields: tuple[str, ...]
    pickings: tuple[Picking, ...] = ()
    more: tuple[str, ...] = ()


_ON = Picking(Role.SELECT, _("What is reduced"), _("Nothing chosen: everything."))
_LIMITS = ("min_spend", "max_discount", "min_quantity")

OFFERED = (
    Offered("percent", Kind.PERCENT, Scope.LINE, _("Percent off"), _("20% off boots"), "percent", ("percent",),
            (_ON,), _LIMITS),
    Offered("amount", Kind.AMOUNT, Scope.LINE, _("Amount off"), _("$5 off every mug"), "tag", ("amount",), (_ON,),
            _LIMITS),
    Offered("fixed_price", Kind.FIXED_PRICE, Scope.LINE, _("Fixed price"), _("Any T-shirt for $15"), "tags",
            ("amount",), (_ON,), _LIMITS),
    Offered("buy_get", Kind.BUY_GET, Scope.LINE, _("Buy X, get Y"), _("3 for 2 on socks"), "shopping-basket",
            ("buy_quantity", "get_quantity", "percent"),
            (Picking(Role.SELECT, _("What is free"), _("Nothing chosen: everything.")),
             Picking(Role.QUALIFY, _("What has to be bought"), _("Nothing chosen: the same as what is free."))),
            (*_LIMITS, "max_times")),
    Offered("bundle", Kind.BUNDLE, Scope.LINE, _("Bundle price"), _("Tent and mat for $299"), "package", ("amount",),
            (), ("max_discount", "max_times")),
    Offered("tiers", Kind.TIERS, Scope.LINE, _("Quantity tiers"), _("3 for 10% off, 6 for 15%"), "layers",
            ("tier_kind",), (_ON,), ("min_spend", "max_discount")),
    Offered("order_percent", Kind.PERCENT, Scope.ORDER, _("Percent off the order"), _("Spend $100, 10% off"),
            "badge-percent", ("percent", "min_spend"),
            (Picking(Role.SELECT, _("What takes part"), _("Nothing chosen: the whole order.")),),
            ("max_discount", "min_quantity")),
    Offered("order_amount", Kind.AMOUNT, Scope.ORDER, _("Amount off the order"), _("$10 off from $60 on"), "banknote",
            ("amount", "min_spend"),
            (Picking(Role.SELECT, _("What takes part"), _("Nothing chosen: the whole order.")),),
            ("min_quantity",)),
    Offered("gift", Kind.GIFT, Scope.LINE, _("Gift with purchase"), _("Free wax with any boots"), "gift",
            ("get_quantity", "min_spend"),
            (Picking(Role.SELECT, _("What is given away"), _("Who puts it into the cart gets it free.")),
             Picking(Role.QUALIFY, _("What has to be bought"), _("Nothing chosen: anything else."))),
            ("min_quantity",)),
    Offered("free_shipping", Kind.FREE_SHIPPING, Scope.SHIPPING, _("Free shipping"), _("Spend $100, free shipping"),
            "truck", ("min_spend",),
            (Picking(Role.SELECT, _("Only with these items"), _("Nothing chosen: any order.")),), ("min_quantity",)),
)  # fmt: skip
EXCLUDED = Picking(Role.EXCLUDE, _("Left out"), _("These are never reduced by this offer."))
BY_KEY = {offered.key: offered for offered in OFFERED}


def offered_as(kind: str, scope: str) -> Offered:
    """The card that a promotion was made with."""
    for offered in OFFERED:
        if offered.kind == kind and (offered.scope == scope or kind not in (Kind.PERCENT, Kind.AMOUNT)):
            return offered
    raise ValueError(f"no card is of kind {kind} and scope {scope}")
