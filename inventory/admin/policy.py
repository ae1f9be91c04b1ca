"""The form about what may be promised of a level beyond its stock."""

from datetime import datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.catalog.units import Measured, text_of
from commerce.kernel.clock import now
from commerce.office.asking import ask
from commerce.office.base import person_of
from inventory.actions.set_policy import set_policy
from inventory.amount_fields import amount_field
from inventory.models import StockLevel


class PolicyForm(forms.Form):
    policy = forms.ChoiceField(label=_("When nothing is left"), choices=StockLevel.Policy.choices)
    limit = forms.IntegerField(
        label=_("Units beyond the stock"), required=False, min_value=0, help_text=_("The web promises no more of them.")
    )
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At this location; empty: until it is changed here."),
    )
    expected_on = forms.DateField(
        label=_("Expected on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Told to the shopper."),
    )

    def __init__(self, *args: Any, of: Measured, limit: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["limit"].initial = limit
        self.fields["limit"] = amount_field(of, self.fields["limit"])


def answer(admin: Any, request: HttpRequest, level: StockLevel) -> HttpResponse:
    """The page that asks for the terms and sets them."""
    zone = ZoneInfo(level.location.time_zone)

    def run(data: dict[str, Any]) -> Any:
        last = data["last_day"]
        set_policy(
            level.variant_id,
            level.location_id,
            policy=data["policy"],
            limit=data["limit"] or 0,
            until=datetime.combine(last + timedelta(days=1), time(), zone) if last else None,
            expected_on=data["expected_on"],
            person=person_of(request),
            at=now(),
        )
        return _("Done. The web promises by this from now on.")

    initial = {
        "policy": level.policy,
        "last_day": (level.policy_until.astimezone(zone) - timedelta(microseconds=1)).date()
        if level.policy_until
        else None,
        "expected_on": level.expected_on,
    }
    return ask(
        admin,
        request,
        level,
        title=_("Backorders of %(sku)s at %(place)s") % {"sku": level.variant.sku, "place": level.location.name},
        explain=_("%(on_hand)s are on hand, %(reserved)s of them or of what comes are promised.")
        % {"on_hand": text_of(level.on_hand, level.variant), "reserved": text_of(level.reserved, level.variant)},
        form=partial(PolicyForm, of=level.variant, limit=level.backorder_limit or None, initial=initial),
        button=_("Set"),
        run=run,
    )
