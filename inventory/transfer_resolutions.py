"""What can be done about units that did not arrive: see `commerce.cases.resolutions`."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.catalog.units import pieces_of, text_of, total_text
from commerce.company.models import User
from commerce.kernel.errors import NotFound
from inventory import numbered
from inventory.actions.settle_missing import OUTCOMES, settle_missing
from inventory.amount_fields import amount_field
from inventory.models import Transfer
from inventory.serial_fields import fields_of, taken
from inventory.transfers import lines_of
from inventory.transit import CASE

_UNITS = "units_"
EXPLAIN = {
    "arrived": gettext_lazy("They come onto the shelf of the location that waited for them."),
    "never_left": gettext_lazy("They go back onto the shelf of the location that sent them, with what they are worth."),
    "lost": gettext_lazy("They are written off, with what they are worth."),
}


def form_of(transfer: Transfer) -> type[forms.Form]:
    """Asks how many units of each missing product, all of them at first, and how that is known."""
    fields: dict[str, forms.Field] = {
        f"{_UNITS}{line.variant_id}": amount_field(
            line.variant,
            forms.IntegerField(
                label=f"{line.variant.sku} {line.variant.name}",
                initial=line.on_the_way,
                min_value=0,
                help_text=_("%(n)s on the way") % {"n": text_of(line.on_the_way, line.variant)},
            ),
        )
        for line in lines_of(transfer)
        if line.on_the_way
    }
    missing = numbered.under_way(transfer.uid)
    for line in lines_of(transfer):
        if line.on_the_way and line.variant_id in missing:
            hint = _("Still on the way: %(numbers)s. Empty: all of them.") % {
                "numbers": ", ".join(missing[line.variant_id])
            }
            fields |= fields_of([(line.variant, line.on_the_way)], hint=hint)
    fields["reason"] = forms.CharField(
        label=_("How it is known"),
        max_length=300,
        help_text=_("Who said so, what was found."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    return type("MissingForm", (forms.Form,), fields)


def settle(transfer: Transfer, outcome: str, answers: dict[str, Any], *, person: User | None, at: datetime) -> str:
    """Book what the form says; the sentence that tells it."""
    numbers = taken(answers)
    units = {int(name.removeprefix(_UNITS)): count or 0 for name, count in answers.items() if name.startswith(_UNITS)}
    settle_missing(transfer.uid, outcome, units, reason=answers["reason"], person=person, at=at, numbers=numbers)
    lines = lines_of(transfer)
    left = pieces_of((line.on_the_way, line.variant) for line in lines)
    if not left:
        return _("Booked. Nothing of %(number)s is on the way any more.") % {"number": transfer.number}
    said = ngettext("Booked. %(n)s unit of %(number)s is still missing.", "Booked. %(n)s units of %(number)s are still"
                    " missing.", left)  # fmt: skip
    units_left = total_text((line.on_the_way, line.variant.unit_scale) for line in lines)
    return said % {"n": units_left, "number": transfer.number}


def _of_case(case: Case) -> Transfer:
    transfer = Transfer.objects.filter(number=case.subject).first()
    if transfer is None:
        raise NotFound(what="transfer", key=case.subject)
    return transfer


def _run(case: Case, *, outcome: str, person: User | None, at: datetime, **answers: Any) -> str:
    return settle(_of_case(case), outcome, answers, person=person, at=at)


def _form(case: Case) -> type[forms.Form]:
    return form_of(_of_case(case))


def _resolution(outcome: str) -> Resolution:
    run: Callable[..., str] = partial(_run, outcome=outcome)
    return Resolution(
        kind=CASE,
        code=outcome,
        label=OUTCOMES[outcome][0],
        permission="transfer.settle",
        run=run,
        explain=EXPLAIN[outcome],
        form=_form,
        danger=outcome == "lost",
    )


RESOLUTIONS = [_resolution(outcome) for outcome in OUTCOMES]
