"""The shape of what the cart endpoints take. Shape only: rules are in the actions."""

from rest_framework.serializers import CharField, ChoiceField, EmailField, Serializer

from commerce.catalog.quantity_field import QuantityField


class CartInput(Serializer):
    market = CharField(required=False, help_text="A market's code; absent: the default market.")


class LineInput(Serializer):
    sku = CharField(max_length=120)
    quantity = QuantityField(help_text="At most 9999 units.")


class QuantityInput(Serializer):
    quantity = QuantityField(help_text="0 takes the line out.")


class AddressInput(Serializer):
    name = CharField(max_length=120)
    line1 = CharField(max_length=120)
    line2 = CharField(max_length=120, required=False, allow_blank=True, default="")
    city = CharField(max_length=80)
    state = CharField(max_length=10, required=False, allow_blank=True, default="")
    postal_code = CharField(max_length=20)
    country = CharField(min_length=2, max_length=2)


class FulfillmentInput(Serializer):
    type = ChoiceField(choices=["ship", "pickup", "curbside"])
    location = CharField(required=False, max_length=20, help_text="The store's code, for pickup.")
    address = AddressInput(required=False)


class CheckoutInput(Serializer):
    email = EmailField()
    name = CharField(required=False, allow_blank=True, default="", max_length=120)
    fulfillment = FulfillmentInput()


class CompleteInput(Serializer):
    payment_method = CharField(max_length=120, help_text="The card network's id of the card.")
