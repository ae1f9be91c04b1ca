"""Gift cards with their entries. The number of a card is on no page; one that is made here is shown once."""

import csv
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.kernel.money import Money
from commerce.office.asking import ask, find, remember, show_secret
from commerce.office.base import HistoryAdmin, page_action, person_of
from commerce.office.columns import amount, chip, when
from commerce.office.filters import ValuesFilter
from customers import gift_cards, wallets
from customers.actions.block_gift_card import block_gift_card, unblock_gift_card
from customers.actions.issue_gift_card import issue_gift_card
from customers.actions.print_gift_cards import print_gift_cards
from customers.actions.show_gift_card import show_gift_card
from customers.actions.transfer_gift_card import transfer_gift_card
from customers.admin.wallet_forms import GiveForm, PrintForm, ReasonForm
from customers.models import GiftCard

TONES = {"active": "positive", "blocked": "danger", "inactive": ""}
ONCE = _("Hand it over or write it down now: it is kept as a fingerprint only and cannot be shown again.")


class StateFilter(ValuesFilter):
    title, parameter_name, field = _("state"), "state", "state"

    def choices_of(self) -> list[tuple[str, Any]]:
        return list(GiftCard.State.choices)


@admin.register(GiftCard)
class GiftCardAdmin(HistoryAdmin):
    """Money of others that we keep: what each card has, and how it came to have it."""

    source_types = ("gift_card",)
    list_display = ("ends_with", "shown_state", "figure_balance", "shown_origin", "last_day", "since")
    list_filter = (StateFilter,)
    views = ((_("With money on them"), "state=active"), (_("Blocked"), "state=blocked"))
    search_fields = ("last_four__iexact",)
    search_help_text = _("The last four characters")
    ordering = ("-pk",)
    list_before_template = "office/_gift_cards_owed.html"
    change_form_template = "office/gift_card.html"
    actions_list = ("issue_page", "print_page")
    actions_detail = ("show_page", "transfer_page", "block_page", "unblock_page")
    when_empty = _("Cards appear when they are sold, printed ahead, or given here.")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """A number is offered where nobody has seen it yet."""
        offered = super().get_actions_detail(request, object_id)
        if GiftCard.objects.filter(pk=object_id, origin=GiftCard.Origin.REFUND, shown_at=None).exists():
            return offered
        return [one for one in offered if not one.action_name.endswith("show_page")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """With what is owed on all cards, per currency."""
        owed = GiftCard.objects.filter(balance_minor__gt=0).order_by("currency").values_list("currency")
        sums = [Money(int(minor), currency) for currency, minor in owed.annotate(sum=Sum("balance_minor"))]
        return super().changelist_view(request, {"owed": sums, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        card = self.get_object(request, object_id)
        more: dict[str, Any] = {}
        if card:
            at = now()
            more = {
                "card": card,
                "entries": card.entries.select_related("actor").order_by("-pk")[:200],
                "held": wallets.held(card, at=at),
                "available": gift_cards.available(card, at=at),
                "expired": chip(_("Expired"), "warning") if gift_cards.is_expired(card, at=at) else "",
                "shown_state": self.shown_state(card),
                "before": GiftCard.objects.filter(replaced_by=card).first(),
                "heading": str(card),
            }
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})

    def get_search_results(self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str) -> Any:
        """A whole number finds its card, too: by its fingerprint."""
        card = gift_cards.by_code(search_term) if len(search_term.strip()) > 4 else None
        if card:
            return queryset.filter(Q(pk=card.pk)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("ends with"), ordering="last_four")
    def ends_with(self, row: GiftCard) -> str:
        return str(row)

    @admin.display(description=_("state"), ordering="state")
    def shown_state(self, row: GiftCard) -> str:
        return chip(row.get_state_display(), TONES[row.state])

    @admin.display(description=_("balance"), ordering="balance_minor")
    def figure_balance(self, row: GiftCard) -> str:
        return amount(row.balance_minor, row.currency)

    @admin.display(description=_("origin"), ordering="origin")
    def shown_origin(self, row: GiftCard) -> str:
        return row.get_origin_display()

    @admin.display(description=_("last day"), ordering="expires_on")
    def last_day(self, row: GiftCard) -> Any:
        return row.expires_on

    @admin.display(description=_("since"), ordering="created_at")
    def since(self, row: GiftCard) -> str:
        return when(row.activated_at or row.created_at)

    @page_action(
        description=_("Give a gift card"), icon="redeem", permission="wallet.give", url_path="issue", primary=True
    )
    def issue_page(self, request: HttpRequest) -> HttpResponse:
        def run(data: dict[str, Any]) -> HttpResponse:
            card, code = issue_gift_card(**data, person=person_of(request), at=now())
            remember(request, card, data["reason"])
            return self._show(request, card, code)

        return ask(
            self,
            request,
            None,
            title=_("Give a gift card"),
            explain=_("Out of goodwill: nobody pays for it. Its number is shown once."),
            form=GiveForm,
            button=_("Make the card"),
            run=run,
        )

    @page_action(description=_("Numbers for the printer"), icon="print", permission="wallet.give", url_path="print")
    def print_page(self, request: HttpRequest) -> HttpResponse:
        def run(data: dict[str, Any]) -> HttpResponse:
            made = print_gift_cards(**data, person=person_of(request), at=now())
            answer = HttpResponse(content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = 'attachment; filename="gift-cards.csv"'
            answer["Cache-Control"] = "no-store"
            sheet = csv.writer(answer)
            sheet.writerow(["number", "currency", "ends_with"])
            sheet.writerows([code, card.currency, card.last_four] for card, code in made)
            return answer

        return ask(
            self,
            request,
            None,
            title=_("Numbers for the printer"),
            explain=_("New cards that are worth nothing until a till sells them. The file is made once."),
            form=PrintForm,
            button=_("Make the file"),
            run=run,
        )

    @page_action(description=_("Show the number"), icon="visibility", permission="wallet.give", url_path="show")
    def show_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = find(self, request, object_id)

        def run(_data: dict[str, Any]) -> HttpResponse:
            return self._show(request, card, show_gift_card(card, person=person_of(request), at=now()))

        return ask(
            self,
            request,
            card,
            title=_("Show the number of %(card)s") % {"card": card},
            explain=_("It was made for money that was given back, and nobody has seen its number. It is shown once."),
            button=_("Show the number"),
            run=run,
        )

    @page_action(description=_("New number"), icon="swap_horiz", permission="wallet.give", url_path="transfer")
    def transfer_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = find(self, request, object_id)

        def run(data: dict[str, Any]) -> HttpResponse:
            new, code = transfer_gift_card(card, reason=data["reason"], person=person_of(request), at=now())
            return self._show(request, new, code)

        return ask(
            self,
            request,
            card,
            title=_("Move what is on %(card)s to a new number") % {"card": card},
            explain=_(
                "For a card that was lost, or whose number somebody else knows. The old number pays nothing more."
            ),
            form=ReasonForm,
            button=_("Make a new number"),
            danger=True,
            run=run,
        )

    @page_action(description=_("Block"), icon="block", permission="wallet.block", url_path="block")
    def block_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = find(self, request, object_id)

        def run(data: dict[str, Any]) -> str:
            block_gift_card(card, reason=data["reason"], person=person_of(request))
            return _("Nobody can pay with %(card)s now.") % {"card": card}

        return ask(
            self,
            request,
            card,
            title=_("Block %(card)s") % {"card": card},
            explain=_("Its money stays on it. It can be used again when it is unblocked."),
            form=ReasonForm,
            button=_("Block"),
            danger=True,
            run=run,
        )

    @page_action(description=_("Unblock"), icon="lock_open", permission="wallet.block", url_path="unblock")
    def unblock_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        card = find(self, request, object_id)

        def run(_data: dict[str, Any]) -> str:
            unblock_gift_card(card, person=person_of(request))
            return _("%(card)s can be used again.") % {"card": card}

        return ask(self, request, card, title=_("Unblock %(card)s") % {"card": card}, button=_("Unblock"), run=run)

    def _show(self, request: HttpRequest, card: GiftCard, code: str) -> HttpResponse:
        return show_secret(
            self,
            request,
            title=_("Gift card over %(amount)s") % {"amount": card.balance.format()},
            name=_("Gift card number"),
            secret=code,
            explain=ONCE,
        )
