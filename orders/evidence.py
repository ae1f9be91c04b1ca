"""What a bank is told about a disputed payment: the form, filled with what the order knows."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from commerce.kernel.money import Money
from orders.models import Dispute, Fulfillment, Order

LONGEST = 20_000  # characters that the card network takes for a text


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class EvidenceForm(forms.Form):
    """Texts by the card network's names for them."""

    uncategorized_text = forms.CharField(
        label=_("What happened"), required=False, max_length=LONGEST, widget=_long(6),
        help_text=_("In your own words: what was bought, how it was handed over, what the customer said."),
    )  # fmt: skip
    product_description = forms.CharField(label=_("What was bought"), required=False, widget=_long(), max_length=5000)
    customer_name = forms.CharField(label=_("Customer's name"), required=False, max_length=200)
    customer_email_address = forms.CharField(label=_("Customer's e-mail address"), required=False, max_length=200)
    shipping_address = forms.CharField(label=_("Sent to"), required=False, max_length=1000)
    shipping_carrier = forms.CharField(label=_("Carrier"), required=False, max_length=200)
    shipping_date = forms.CharField(label=_("Sent on"), required=False, max_length=100)
    shipping_tracking_number = forms.CharField(label=_("Tracking number"), required=False, max_length=200)
    refund_refusal_explanation = forms.CharField(
        label=_("Why no refund is due, or what was refunded"), required=False, widget=_long(), max_length=LONGEST
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not any(str(value).strip() for value in found.values()):
            raise forms.ValidationError(_("Write something that the bank can read."))
        return found

    @classmethod
    def of(cls, row: Dispute) -> type["EvidenceForm"]:
        """The form with what was drafted before, else what the order says."""
        known = row.evidence or (_facts(row.payment.order, row) if row.payment else {})
        fields = {name: known[name] for name in cls.base_fields if known.get(name)}

        class Filled(cls):  # type: ignore[misc, valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, **{**kwargs, "initial": fields})

        return Filled


def _facts(order: Order, row: Dispute) -> dict[str, str]:
    lines = [f"{line.quantity} × {line.name} ({line.sku})" for line in order.lines.all()]
    sent = order.fulfillments.filter(state=Fulfillment.State.DONE, type="ship").first()
    address = order.shipping_address or {}
    parts = ("name", "line1", "line2", "postal_code", "city", "state", "country")
    refunded = row.payment.refunded_minor if row.payment else 0
    return {
        "product_description": "\n".join(lines),
        "customer_name": str(address.get("name") or ""),
        "customer_email_address": order.email,
        "shipping_address": ", ".join(str(address[part]) for part in parts if address.get(part)),
        "shipping_carrier": sent.carrier if sent else "",
        "shipping_date": f"{sent.done_at:%Y-%m-%d}" if sent and sent.done_at else "",
        "shipping_tracking_number": sent.tracking if sent else "",
        "refund_refusal_explanation": _refunded(row, refunded) if refunded else "",
    }


def _refunded(row: Dispute, minor: int) -> str:
    return f"{Money(minor, row.currency).format()} of this payment was refunded before it was disputed."
