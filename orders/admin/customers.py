"""The page of a customer with the cards that they have saved. Removing one tells the card network, which customers know
nothing of, so the page is completed here."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from commerce.kernel.clock import now
from commerce.office.asking import ask, find
from commerce.office.base import page_action, person_of
from commerce.office.columns import chip, moment
from customers import saved_cards
from customers.admin import CustomerAdmin
from customers.models import Customer, SavedCard
from orders.actions.remove_card import remove_card
from orders.actions.send_cards_link import send_cards_link

admin.site.unregister(Customer)


@admin.register(Customer)
class CustomerWithCardsAdmin(CustomerAdmin):
    fields = (*CustomerAdmin.fields, "kept_cards")
    readonly_fields = (*CustomerAdmin.readonly_fields, "kept_cards")
    actions_detail = (*CustomerAdmin.actions_detail, "cards_link")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.removal)
        return [path("<int:pk>/cards/<uuid:uid>/removal/", view, name="customer-card-removal"), *super().get_urls()]

    @admin.display(description=_("saved cards"))
    def kept_cards(self, row: Customer) -> str:
        """Brand, last digits, expiry and since when, each with the way to remove it."""
        cards = saved_cards.of_customer(row)
        if not cards:
            return str(_("None"))
        return format_html_join("", '<p class="stacked">{} {} <a class="office-link" href="{}">{}</a></p>', (
            (_told(card), _state(card), reverse("admin:customer-card-removal", args=[row.pk, card.uid]), _("Remove"))
            for card in cards
        ))  # fmt: skip

    @page_action(description=_("Link to saved cards"), icon="mail", permission="card.remove", url_path="cards-link")
    def cards_link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The customer removes and adds cards there."""
        row: Customer = find(self, request, object_id)

        def run(_data: dict[str, Any]) -> str:
            send_cards_link(row.uid, person=person_of(request), at=now())
            return _t("The link is on its way to %(email)s.") % {"email": row.email}

        return ask(
            self,
            request,
            row,
            title=_t("Send %(customer)s the link to their saved cards") % {"customer": row},
            explain=_t("It goes to %(email)s alone and is good for a week: cards are seen, removed and added there.")
            % {"email": row.email},
            button=_t("Send the link"),
            run=run,
        )

    def removal(self, request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
        """Asks first: only the customer can save it again."""
        row: Customer = find(self, request, str(pk))

        def run(_data: dict[str, Any]) -> str:
            card = remove_card(uid, customer=row, person=person_of(request), at=now())
            return _t("%(card)s is removed.") % {"card": card}

        return ask(
            self,
            request,
            row,
            title=_t("Remove a saved card of %(customer)s") % {"customer": row},
            explain=_t(
                "Nobody can charge it any more, and the card network forgets it. Only the customer can save it again."
            ),
            button=_t("Remove"),
            run=run,
            danger=True,
        )


def _told(card: SavedCard) -> str:
    return format_html(
        "{}", _t("%(card)s, expires %(day)s, saved %(at)s")
        % {"card": card, "day": card.expiry, "at": moment(card.created_at)},
    )  # fmt: skip


def _state(card: SavedCard) -> str:
    return chip(_("Expired"), "warning") if card.is_expired(now().date()) else ""
