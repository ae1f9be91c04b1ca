"""The shape of what the cart endpoints take. Shape only: rules are in the actions."""

from rest_framework.serializers import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    DateTimeField,
    EmailField,
    IntegerField,
    ListField,
    Serializer,
)

from commerce.catalog.quantity_field import QuantityField


class CartInput(Serializer):
    market = CharField(required=False, help_text="A market's code; absent: the default market.")


class LineInput(Serializer):
    sku = CharField(max_length=120)
    quantity = QuantityField(help_text="At most 9999 units.")


class QuantityInput(Serializer):
    quantity = QuantityField(help_text="0 takes the line out.")


class CouponInput(Serializer):
    code = CharField(max_length=60, help_text="However it is written: capitals, blanks and dashes are no matter.")


class AmountInput(Serializer):
    amount = IntegerField(min_value=1, max_value=10**12, help_text="Minor units.")
    currency = CharField(min_length=3, max_length=3)


class RecipientInput(Serializer):
    name = CharField(max_length=120)
    email = EmailField()


class GiftCardLineInput(Serializer):
    sku = CharField(max_length=120, help_text="Of an item that is a gift card.")
    amount = AmountInput(help_text="What the card is to hold.")
    recipient = RecipientInput()
    message = CharField(required=False, allow_blank=True, default="", max_length=300)
    send_on = DateField(required=False, help_text="A day in the market's time zone; absent: as soon as it is paid.")


class GiftCardInput(Serializer):
    number = CharField(max_length=60, help_text="However it is written: capitals, blanks and dashes are no matter.")


class PlaceInput(Serializer):
    country = CharField(min_length=2, max_length=2)
    state = CharField(max_length=10, required=False, allow_blank=True, default="")
    postal_code = CharField(max_length=20, required=False, allow_blank=True, default="")


class PricesInput(Serializer):
    market = CharField(required=False, help_text="A market's code; absent: the default market.")
    channel = ChoiceField(choices=["web", "pos", "phone"], default="web")
    location = CharField(required=False, max_length=20, help_text="The store's code, for prices in a store.")
    address = PlaceInput(required=False, help_text="Where the goods go, which decides the taxes.")
    ships = BooleanField(default=False, help_text="Whether delivery is charged.")
    lines = ListField(child=LineInput(), allow_empty=False, max_length=200)
    coupons = ListField(child=CharField(max_length=60), default=list, max_length=10)
    groups = ListField(child=CharField(max_length=60), default=list, max_length=20, help_text="Of the customer.")
    at = DateTimeField(required=False, help_text="Prices and rules as they are at that moment; absent: now.")


class AddressInput(Serializer):
    name = CharField(max_length=120)
    line1 = CharField(max_length=120)
    line2 = CharField(max_length=120, required=False, allow_blank=True, default="")
    city = CharField(max_length=80)
    state = CharField(max_length=10, required=False, allow_blank=True, default="")
    postal_code = CharField(max_length=20)
    country = CharField(min_length=2, max_length=2)


class FulfillmentInput(Serializer):
    type = ChoiceField(
        choices=["ship", "pickup", "curbside", "email"], help_text="email: of a cart that holds gift cards alone."
    )
    location = CharField(required=False, max_length=20, help_text="The store's code, for pickup.")
    address = AddressInput(required=False)


class CheckoutInput(Serializer):
    email = EmailField()
    name = CharField(required=False, allow_blank=True, default="", max_length=120)
    fulfillment = FulfillmentInput()


class CompleteInput(Serializer):
    payment_method = CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=120,
        help_text="The card network's id of the card; absent where gift cards pay for all of it.",
    )
