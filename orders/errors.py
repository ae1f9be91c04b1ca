from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class EmptyCart(DomainError):
    code = "empty_cart"
    message = _("The cart is empty. Add something first.")


class CartChanged(DomainError):
    code = "cart_changed"
    message = _("The cart has changed since this checkout began. Look at the new total, then pay.")


class CartClosed(DomainError):
    code = "cart_closed"
    message = _("This cart was ordered already.")


class FixedCart(DomainError):
    code = "fixed_cart"
    message = _("This order was put together for you by our staff. Call us to change it, or pay for it as it is.")


class DiscountBeyondLimit(DomainError):
    code = "discount_beyond_limit"
    status = 403
    message = _("You can take off at most %(most)s (%(percent)s%%) by hand. Ask a manager for more.")


class DiscountBelowCost(DomainError):
    code = "discount_below_cost"
    status = 403
    message = _(
        "With this discount %(sku)s would bring %(net)s and costs %(cost)s: less than the smallest margin. Take off"
        " less, or ask a manager."
    )


class TooManyGiftCards(DomainError):
    code = "too_many_gift_cards"
    message = _("At most %(most)d gift cards can pay for one order.")


class TooMuchOnGiftCards(DomainError):
    code = "too_much_on_gift_cards"
    message = _("One order holds at most %(cards)d gift cards, and %(most)s on them. Order the rest in our stores.")


class CreditNeedsCustomer(DomainError):
    code = "credit_needs_customer"
    message = _("Store credit belongs to a customer, and this order has none. Choose a gift card instead.")


class NoCheckout(DomainError):
    code = "no_checkout"
    message = _("This cart is not checked out yet. Choose delivery or pickup first.")


class NotForSale(DomainError):
    code = "not_for_sale"
    message = _("%(name)s is not for sale here. Remove it, then go on.")


class CannotDeliver(DomainError):
    code = "cannot_deliver"
    message = _("We do not deliver to this address. Choose pickup, or another address.")


class CannotPickUp(DomainError):
    code = "cannot_pick_up"
    message = _("This store does not offer pickup. Choose another store, or delivery.")


class WayNotOffered(DomainError):
    """A way to hand over that the market leaves out."""

    code = "way_not_offered"
    status = 422
    message = _("%(way)s is not offered in %(market)s. What is: %(others)s.")


class TenderNotOffered(DomainError):
    """A means of payment that the market leaves out."""

    code = "tender_not_offered"
    status = 422
    message = _("%(tender)s is not taken in %(market)s. What is: %(others)s.")


class PaymentInProgress(DomainError):
    code = "payment_in_progress"
    message = _("A payment for this cart is under way. Wait for its answer before you change anything.")


class CardDeclined(DomainError):
    code = "card_declined"
    status = 402
    message = _("%(reason)s The card was not charged. Try another card.")


class CardActionRequired(DomainError):
    """The bank wants to hear from the cardholder; `client_secret` goes to the payment element."""

    code = "card_action_required"
    status = 402
    message = _("Your bank asks you to confirm this payment.")


class PaymentUnknown(DomainError):
    code = "payment_unknown"
    status = 503
    message = _(
        "We have not heard from the card network yet. Do not pay again: we keep asking, and show the order here as soon"
        " as it is paid."
    )


class PaymentUnavailable(DomainError):
    code = "payment_unavailable"
    status = 503
    message = _("Card payment cannot be reached right now. Nothing was charged; please try again in a moment.")


class NotAnnounced(PaymentUnavailable):
    """The card network failed while it noted the payment down, and will give the same answer to the same payment."""


class CardNotKept(DomainError):
    code = "card_not_kept"
    message = _("This card was not saved. Nothing was charged; try again.")


class PaidButGone(DomainError):
    code = "paid_but_gone"
    message = _("Your items were sold while you paid. Your card is refunded in full; we are sorry.")


class PickupCodeUnknown(DomainError):
    code = "pickup_code_unknown"
    status = 404
    message = _("No order waits here under this code. Check the store on the customer's order, or search by number.")


class TenderMismatch(DomainError):
    code = "tender_mismatch"
    status = 422
    message = _("The payments add up to %(paid)s, but %(due)s is due.")


class NothingToCancel(DomainError):
    code = "nothing_to_cancel"
    message = _("Nothing of order %(number)s waits to leave. What has left comes back as a return.")


class AlreadyLeft(DomainError):
    code = "already_under_way"
    message = _(
        "Your order is being packed already, so it cannot be canceled here any more. Write to us, or send it back."
    )


class CaptureUnderWay(DomainError):
    code = "capture_under_way"
    status = 503
    message = _("The money of this order is being taken at this moment. Nothing was changed; try again in a minute.")


class StillMissing(DomainError):
    code = "still_missing"
    message = _(
        "%(missing)s of %(sku)s are still missing, and no other location can send them now. Order or transfer some, or"
        " find them on the shelf and adjust the stock."
    )


class SerialsNeeded(DomainError):
    """Goods that have serial numbers cannot leave without them."""

    code = "serials_needed"
    status = 422
    message = _(
        "%(sku)s needs %(units)s serial numbers, one for each piece; %(given)s were given. Scan them, or type what the"
        " label says."
    )

    def __init__(self, sku: str, *, units: int, given: int) -> None:
        super().__init__(sku=sku, units=units, given=given)


class NetworkSilent(DomainError):
    code = "network_silent"
    status = 503
    message = _("The card network does not answer. Nothing was changed; try again in a minute.")


class NetworkRefused(DomainError):
    code = "network_refused"
    message = _("The card network refused this: %(reason)s")


class ChargeDisputed(DomainError):
    code = "charge_disputed"
    message = _(
        "The cardholder disputes this payment, and the bank has given them the money back already. A refund now would"
        " pay twice, whatever it is paid with. Answer the dispute instead."
    )


class DisputeClosed(DomainError):
    code = "dispute_closed"
    message = _("This dispute cannot be answered any more: %(state)s.")


class AlreadySettled(DomainError):
    code = "already_settled"
    message = _("This transaction was settled already. Nothing was changed.")


class DoesNotFit(DomainError):
    code = "does_not_fit"
    status = 422
    message = _("%(amount)s does not fit: of this payment, %(open)s is not yet accounted for.")
