from django.utils.translation import gettext_lazy as _

from commerce.kernel.errors import DomainError


class GiftCardUnusable(DomainError):
    """One answer for every code that pays nothing, so that nobody learns which codes exist (T14)."""

    code = "gift_card_unusable"
    message = _(
        "This gift card cannot be used here. Check the number; if it is right, nothing is left on the card, or another"
        " checkout is using it right now."
    )


class TooManyLookups(DomainError):
    code = "too_many_lookups"
    status = 429
    message = _("Too many gift card numbers were tried. Wait %(minutes)d min, then try again.")


class NothingToSpend(DomainError):
    code = "nothing_to_spend"
    message = _("There is no store credit to spend.")


class WalletHoldLost(DomainError):
    """What was held has expired, and somebody else has taken the money."""

    code = "wallet_hold_lost"
    message = _("The gift card or credit was held for too long, and its money has been used elsewhere.")


class WalletNotHeld(DomainError):
    code = "wallet_not_held"
    message = _("This gift card or credit is not held for this sale at this amount.")


class NotForActivation(DomainError):
    code = "gift_card_not_for_sale"
    message = _("This gift card is in use already. Take another one.")


class CodeShown(DomainError):
    code = "code_shown"
    message = _("The number of this card was shown before. Move what is on it to a new card to get a new number.")


class CardReplaced(DomainError):
    code = "gift_card_replaced"
    message = _("Another card has taken the place of this one.")
