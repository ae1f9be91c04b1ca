"""The builder: one page per kind of offer, with the rule read back at the side while it is typed."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.models import ADDITION, LogEntry
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.kernel.errors import DomainError, InvalidInput
from commerce.office.asking import remember
from commerce.office.base import person_of
from commerce.office.columns import address, grouped
from commerce.pricing.actions.save_promotion import save_promotion
from commerce.pricing.actions.start_promotion import start_promotion
from commerce.pricing.admin import promotion_items as items
from commerce.pricing.admin.promotion_form import PromotionForm
from commerce.pricing.admin.promotion_items import Picker
from commerce.pricing.admin.promotion_offers import EXCLUDED, OFFERED, Offered, offered_as, state_chip
from commerce.pricing.given import given_by
from commerce.pricing.models import Promotion
from commerce.pricing.promotion_cautions import cautions
from commerce.pricing.promotion_checks import currencies_of
from commerce.pricing.promotion_conflicts import Offer, conflicts
from commerce.pricing.promotion_drafts import WITH_RELATED, Draft, Item, Kind, Role, draft_of, state_of
from commerce.pricing.promotion_margins import below_cost
from commerce.pricing.promotion_words import Names, money, read_back

MOST_PARTS = 6


def choose_kind(admin: Any, request: HttpRequest) -> HttpResponse:
    """The cards."""
    context = {**admin.admin_site.each_context(request), "opts": admin.opts, "title": _("New promotion")}
    return TemplateResponse(request, "office/promotion_kinds.html", {**context, "cards": OFFERED})


class Builder:
    """One promotion on its page: what is typed, what is kept, and what is said about it."""

    def __init__(self, request: HttpRequest, offered: Offered, row: Promotion | None) -> None:
        self.request, self.offered, self.row = request, offered, row
        self.sent = request.POST if request.method == "POST" else None
        self.kept = draft_of(row) if row else None
        self.form = PromotionForm(offered, currencies_of(()), self.sent, self.kept)
        self.parts = self._parts()
        self.pickers = self._pickers()

    @classmethod
    def of(cls, request: HttpRequest, row: Promotion) -> "Builder":
        return cls(request, offered_as(row.kind, row.scope), row)

    def _parts(self) -> list[tuple[list[str], str]]:
        """(ticked boxes, pieces) of each part of a bundle, two at least."""
        if self.offered.kind != Kind.BUNDLE:
            return []
        if self.sent is not None:
            numbers = range(sum(1 for name in self.sent if name.startswith("pieces-")))
            parts = [(items.values_of(self.sent, f"part-{at}"), self.sent.get(f"pieces-{at}", "")) for at in numbers]
            parts += [([], "1")] if self.sent.get("do") == "part" else []
        else:
            kept = self.kept.parts() if self.kept else []
            parts = [([items.value_of(each) for each in part], str(part[0].quantity)) for part in kept]
        return [*parts, *[([], "1")] * (2 - len(parts))][:MOST_PARTS]

    def _pickers(self) -> list[Picker]:
        """The choices of items, each with what was searched in it."""
        found = [
            self.picker(f"part-{at}", _("Part %s") % (at + 1), _("Any of these."), values, pieces)
            for at, (values, pieces) in enumerate(self.parts)
        ]
        pickings = (*self.offered.pickings, EXCLUDED)
        return found + [self.picker(one.role, one.title, one.hint, self._values(one.role)) for one in pickings]

    def _values(self, role: str) -> list[str]:
        if self.sent is not None:
            return items.values_of(self.sent, role)
        return [items.value_of(item) for item in self.kept.named(role)] if self.kept else []

    def picker(self, key: str, title: Any, hint: Any, values: list[str], pieces: str = "") -> Picker:
        query = str(self.sent.get(f"find-{key}", "")) if self.sent is not None else ""
        chosen = items.choices_of(values)
        found = items.search(query, without=[choice.value for choice in chosen])
        return Picker(key, title, hint, chosen, found, query, pieces=pieces)

    def items(self) -> tuple[Item, ...]:
        """All that is chosen, as the draft names it."""
        found: list[Item] = []
        for picking in (*self.offered.pickings, EXCLUDED):
            found += items.items_of(self._values(picking.role), picking.role)
        for at, (values, pieces) in enumerate(self.parts):
            quantity = int(pieces) if pieces.isdecimal() and 0 < int(pieces) <= 1000 else 1
            found += items.items_of(values, Role.PART, at, quantity)
        return tuple(found)

    def draft(self) -> Draft:
        """What the page says now."""
        if self.sent is None:
            return self.kept or Draft(kind=self.offered.kind, scope=self.offered.scope)
        self.form.is_valid()
        return self.form.draft(self.items(), self.row.code if self.row else "")

    def save(self, *, today: date, at: datetime) -> Promotion | None:
        """Keep it, and with "start" let it run; None when it was refused, the reasons then stand in the form."""
        assert self.sent is not None
        person, draft = person_of(self.request), self.draft()
        self._check_pieces()
        if self.form.has_problems:
            return None
        try:
            row = save_promotion(draft, promotion=self.row, person=person, at=at)
        except InvalidInput as error:
            self.form.take_problems(error.fields)
            return None
        if self.row is None:
            LogEntry.objects.log_actions(person.pk, [row], ADDITION, change_message=_("Made"), single_object=True)
        else:
            remember(self.request, row, _("Changed"))
        if self.sent.get("do") == "start":
            _start(self.request, row, today=today, at=at)
        return row

    def _check_pieces(self) -> None:
        for at, (_values, pieces) in enumerate(self.parts):
            if not (pieces.isdecimal() and 0 < int(pieces) <= 1000):
                self.form.problems[f"part_{at}"] = _("How many pieces: a number from 1 on.")

    def summary(self, *, today: date) -> dict[str, Any]:
        """What stands at the side: the rule in words, its state, and what may not be meant."""
        draft = self.draft()
        warned = [] if self.sent is None and self.row is None else warnings_of(draft, self.row)
        state = state_of(self.row, today=today) if self.row else ""
        return {
            "sentence": read_back(draft, Names([draft])),
            "warnings": warned,
            "state_chip": state_chip(state),
            "row": self.row,
        }

    def context(self, *, today: date) -> dict[str, Any]:
        for picker in self.pickers:
            problem = self.form.problems.get(picker.key.replace("-", "_"), "")
            object.__setattr__(picker, "error", problem)
        self.form.mark_needed()
        by_key = {picker.key: picker for picker in self.pickers}
        return {
            "form": self.form,
            "offered": self.offered,
            "pickers": [picker for picker in self.pickers if picker.key != Role.EXCLUDE],
            "excluded": by_key[Role.EXCLUDE],
            "is_bundle": self.offered.kind == Kind.BUNDLE,
            "more_parts": len(self.parts) < MOST_PARTS,
            **self.summary(today=today),
        }


def _start(request: HttpRequest, row: Promotion, *, today: date, at: datetime) -> None:
    """Let it run; what keeps it from that is told, and it stays what it was."""
    try:
        start_promotion(row, person=person_of(request), today=today, at=at)
    except DomainError as error:
        messages.warning(request, _("It is saved, and does not run yet. %s") % error)
    else:
        remember(request, row, _("Started"))


def warnings_of(draft: Draft, row: Promotion | None) -> list[str]:
    """Sentences about what a promotion cannot do and which others it stands in the way of."""
    own = row.pk if row else 0
    others = Promotion.objects.filter(is_active=True).prefetch_related(*WITH_RELATED).order_by("priority", "code")
    offers = [Offer(other.pk, draft_of(other)) for other in (others.exclude(pk=own) if own else others)]
    everything = [Offer(own, draft), *offers]
    found = [*conflicts(everything, of=own), *below_cost(everything, of=own)]
    return [*cautions(draft), *(each.text for each in found)]


def page(admin: Any, request: HttpRequest, builder: Builder, *, at: datetime) -> HttpResponse:
    """The form, or what became of it."""
    today = localdate(at)
    row = builder.row
    searches = builder.sent is not None and builder.sent.get("do") not in ("save", "start", "try")
    if builder.sent is not None and not searches:
        saved = builder.save(today=today, at=at)
        if saved is not None:
            for text in warnings_of(draft_of(saved), saved):
                messages.warning(request, text)
            messages.success(request, _("“%s” is saved.") % saved.name)
            simulator = f"{reverse('admin:promotion-simulator')}?with={saved.pk}"
            return HttpResponseRedirect(simulator if builder.sent["do"] == "try" else address(saved))
    if builder.sent is not None and searches:
        builder.form.is_valid()
        builder.form.errors.clear()
        builder.form.problems.clear()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": row.name if row else builder.offered.title,
        "original": row,
        **builder.context(today=today),
        "given": _given(row) if row else "",
        "buttons": admin.buttons(request, row) if row else [],
        "may_edit": admin.has_change_permission(request),
        "find_address": reverse("admin:promotion-find"),
        "who": ("groups", "channels", "locations", "markets"),
        "runs": row is not None and row.is_active,
        "summary_address": _summary_address(builder),
    }
    status = 422 if builder.form.has_problems else 200
    return TemplateResponse(request, "office/promotion.html", context, status=status)


def _summary_address(builder: Builder) -> str:
    row = builder.row.pk if builder.row else ""
    return f"{reverse('admin:promotion-summary')}?offer={builder.offered.key}&row={row}"


def _given(row: Promotion) -> str:
    """What it gave so far, in words; "" for nothing."""
    found = given_by([row.code]).get(row.code)
    if found is None:
        return ""
    text = ngettext("%(discount)s off in %(n)s order", "%(discount)s off in %(n)s orders", found.orders)
    return text % {"n": grouped(found.orders), "discount": money(dict(found.discounts))}
