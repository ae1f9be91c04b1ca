"""What can be done about the cases of stock: see `commerce.cases.resolutions`."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from inventory.actions.repair_level import repair_level
from inventory.drift import FIGURES


def _repair(case: Case, *, person: User | None, at: datetime) -> str:
    done = repair_level(int(case.context["level"]), person=person, at=at)
    if not done["after"]:
        return _("The figures are right already. Nothing was changed.")
    changes = ", ".join(f"{name}: {done['before'][name]} → {after}" for name, after in done["after"].items())
    return _("Repaired from the movements and reservations. %(changes)s") % {"changes": changes}


def _can_be_repaired(case: Case) -> bool:
    """The figures of the level are wrong, not only the balance that an old movement says."""
    return "level" in case.context and any(name in case.context for name in FIGURES)


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind="stock_drift",
        code="repair_level",
        label=gettext_lazy("Repair the level"),
        permission="stock.repair",
        run=_repair,
        explain=gettext_lazy("The figures are set to the sums of the movements and of the open reservations."),
        is_open_to=_can_be_repaired,
    ),
]
