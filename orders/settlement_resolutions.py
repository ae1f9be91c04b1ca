"""What can be done about money that moved at the card network: see `commerce.cases.resolutions`."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commerce.cases.models import Case
from commerce.cases.queue import resolve_about
from commerce.cases.resolutions import Resolution
from commerce.company.models import User
from commerce.kernel.db import action
from commerce.kernel.errors import InvalidInput
from commerce.kernel.money import Money
from commerce.ledger.models import Account
from orders import settlement_books
from orders.actions.answer_dispute import TEXTS, accept_dispute, submit_evidence
from orders.actions.settle_payout import settle_payout
from orders.actions.settle_transaction import book_transaction, match_transaction, open_transaction
from orders.evidence import EvidenceForm
from orders.models import Dispute, NetworkTransaction, Payment
from orders.suggestions import Suggestion, suggest


def _is_charge(case: Case) -> bool:
    return NetworkTransaction.objects.filter(provider_id=case.subject, state="open", gross_minor__gt=0).exists()


def _label(found: Suggestion) -> str:
    """An order's payment with why it may be the one."""
    payment = found.payment
    left = Money(found.left_minor, payment.currency).format()
    card = " ".join(str(payment.details[name]) for name in ("brand", "last4") if payment.details.get(name))
    number = payment.order.number or payment.order.uid
    return " · ".join(part for part in (f"{number}, {left}", card.capitalize(), found.words) if part)


def _match_form(case: Case) -> type[forms.Form]:
    choices = [(found.payment.pk, _label(found)) for found in suggest(open_transaction(case.subject))]

    class MatchForm(forms.Form):
        payment = forms.TypedChoiceField(
            label=_("Likely payments"),
            choices=[*choices, ("", _("Another order's:"))],
            coerce=int,
            empty_value=None,
            required=False,
            initial=choices[0][0] if choices else "",
        )
        order = forms.CharField(label=_("Order number"), required=False, max_length=40)
        note = forms.CharField(label=_("Note"), required=False, max_length=300)

    return MatchForm


def _match(
    case: Case, *, person: User | None, at: datetime, payment: int | None = None, order: str = "", note: str = ""
) -> str:
    row = open_transaction(case.subject)
    found = Payment.objects.filter(pk=payment).first() if payment else _payment_of(order, row)
    if found is None:
        raise InvalidInput({"order": [_("Choose a payment, or type the number of an order that was paid by card.")]})
    match_transaction(row.pk, found.pk, note=note, person=person, at=at)
    return _("%(amount)s is matched to order %(order)s.") % {
        "amount": row.gross.format(),
        "order": found.order.number or found.order.uid,
    }


def _payment_of(number: str, row: NetworkTransaction) -> Payment | None:
    of_order = Payment.objects.filter(order__number__iexact=number.strip(), provider=row.provider, captured_minor__gt=0)
    exact = of_order.filter(captured_minor=row.gross_minor).first()
    return exact or of_order.first()


def _book_form(case: Case) -> type[forms.Form]:
    names = dict(Account.objects.filter(code__in=settlement_books.ACCOUNTS).values_list("code", "name"))

    class BookForm(forms.Form):
        account = forms.ChoiceField(
            label=_("Account"),
            choices=[(code, names[code]) for code in settlement_books.ACCOUNTS if code in names],
        )
        note = forms.CharField(label=_("Reason"), max_length=300)

    return BookForm


def _book(case: Case, *, person: User | None, at: datetime, account: str, note: str) -> str:
    row = book_transaction(open_transaction(case.subject).pk, account=account, note=note, person=person, at=at)
    return _("%(amount)s is booked.") % {"amount": row.gross.format()}


def _dispute(case: Case) -> Dispute:
    return Dispute.objects.get(provider_id=case.subject)


def _answer(case: Case, *, person: User | None, at: datetime, **texts: Any) -> str:
    submit_evidence(_dispute(case).pk, {name: texts.get(name, "") for name in TEXTS}, person=person, at=at)
    return _("The evidence is with the bank. It takes weeks to decide; the order shows what came of it.")


def _accept(case: Case, *, person: User | None, at: datetime) -> str:
    row = accept_dispute(_dispute(case).pk, person=person, at=at)
    return _("Accepted: %(amount)s is lost.") % {"amount": row.amount.format()}


def _read_again(case: Case, *, person: User | None, at: datetime) -> str:
    row = settle_payout(case.subject, at=at)
    if row.is_complete:
        _close(case, person=person, at=at)
        return _("The payout is the sum of its transactions now.")
    return _("It is still not the sum of its transactions. Ask the card network's support.")


@action
def _close(case: Case, *, person: User | None, at: datetime) -> None:
    resolve_about(case.kind, case.subject, at=at, by=person)


RESOLUTIONS: list[Resolution] = [
    Resolution(
        kind="unmatched_transaction",
        code="match",
        label=gettext_lazy("Match to a payment"),
        permission="settlement.match",
        run=_match,
        form=_match_form,
        is_open_to=_is_charge,
        explain=gettext_lazy("Say which payment this money is. The likeliest come first, with the reason why."),
    ),
    Resolution(
        kind="unmatched_transaction",
        code="book",
        label=gettext_lazy("Book it"),
        permission="settlement.match",
        run=_book,
        form=_book_form,
        explain=gettext_lazy("It is none of our payments. Say which account it goes on, and why."),
    ),
    Resolution(
        kind="dispute",
        code="answer",
        label=gettext_lazy("Send evidence"),
        permission="dispute.answer",
        run=_answer,
        form=lambda case: EvidenceForm.of(_dispute(case)),
        explain=gettext_lazy("What you write goes to the cardholder's bank. It is read once, so say everything."),
    ),
    Resolution(
        kind="dispute",
        code="accept",
        label=gettext_lazy("Accept as lost"),
        permission="dispute.answer",
        run=_accept,
        form=lambda case: forms.Form,  # asks first
        explain=gettext_lazy("You do not contest it. The money is gone, and this cannot be taken back."),
        danger=True,
    ),
    Resolution(
        kind="payout_mismatch",
        code="read_again",
        label=gettext_lazy("Read it again"),
        permission="settlement.match",
        run=_read_again,
        explain=gettext_lazy("Asks the card network once more which transactions the payout is made of."),
    ),
]
