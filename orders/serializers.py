"""The shape of what the endpoints of orders take. Shape only: rules are in the actions."""

from rest_framework.serializers import BooleanField, CharField, ChoiceField, ListField, Serializer, UUIDField

from commerce.catalog.quantity_field import QuantityField
from orders.models import ReturnLine


class ReturnLineInput(Serializer):
    sku = CharField(max_length=120, required=False, help_text="What comes back, or name its `line`.")
    line = UUIDField(required=False, help_text="The id of the order's line, where a SKU stands on several.")
    quantity = QuantityField()
    reason = ChoiceField(choices=ReturnLine.Reason.values, default=ReturnLine.Reason.UNWANTED.value)
    disposition = ChoiceField(
        choices=ReturnLine.Disposition.values,
        default=ReturnLine.Disposition.RESTOCK.value,
        help_text="restock: on the shelf and for sale at once. damaged: set aside. none: nothing came back.",
    )
    serials = ListField(
        child=CharField(max_length=80),
        default=list,
        max_length=1000,
        help_text="The serial numbers of what comes back, one for each piece, where it has some.",
    )


class RefundInput(Serializer):
    tender = CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=20,
        help_text="Another tender than those that paid; absent: back to where it came from.",
    )
    with_shipping = BooleanField(
        default=False, help_text="Also the share of shipping and fees of the goods that are back."
    )


class CancelInput(Serializer):
    reason = CharField(required=False, allow_blank=True, default="", max_length=200, help_text="The customer reads it.")
    tender = CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=20,
        help_text="Another tender than those that paid; absent: back to where it came from.",
    )


class ReturnInput(Serializer):
    lines = ListField(child=ReturnLineInput(), allow_empty=False, max_length=200)
    location = CharField(max_length=20, help_text="The code of the location that takes the goods.")
    refund = RefundInput(required=False)
    note = CharField(required=False, allow_blank=True, default="", max_length=500)
