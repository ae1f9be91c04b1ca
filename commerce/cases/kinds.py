"""The kinds of cases: who owns one, and how long they have."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """`needs_answer`: only one of its own resolutions closes it, since something else waits for the answer."""

    code: str
    label: Any
    owner_role: str
    due_in: timedelta
    needs_answer: bool = False


KINDS = {
    kind.code: kind
    for kind in (
        Kind("oversell", _("Sold at the till what the web was promised"), "manager", timedelta(hours=4)),
        Kind("negative_stock", _("Sold what the books did not have"), "manager", timedelta(days=1)),
        Kind("stock_drift", _("The figures of a shelf do not add up"), "manager", timedelta(hours=8)),
        Kind("serial_clash", _("A serial number was sold that the books did not have"), "manager", timedelta(days=2)),
        Kind("serial_missing", _("Left without its serial number"), "manager", timedelta(days=2)),
        Kind("transfer_short", _("Less arrived than was sent"), "manager", timedelta(days=3)),
        Kind("paid_unfulfillable", _("Paid, but the goods are gone"), "office", timedelta(hours=1)),
        Kind("price_drift", _("The till charged another price than the server's"), "office", timedelta(days=2)),
        Kind("discount_over_limit", _("More was taken off by hand than the person may"), "manager", timedelta(days=2)),
        Kind("sold_below_cost", _("Sold by hand below cost"), "manager", timedelta(days=2)),
        Kind("offer_below_cost", _("An offer sells below cost"), "office", timedelta(days=2)),
        Kind("open_price", _("Sold at an open price that is not allowed"), "manager", timedelta(days=2)),
        Kind("coupon_overused", _("A till gave a coupon that was used up"), "office", timedelta(days=2)),
        Kind("sale_refused", _("A sale from a till could not be recorded"), "office", timedelta(hours=4)),
        Kind("receipt_number_clash", _("Two sales with one receipt number"), "office", timedelta(days=2)),
        Kind("cashier_not_allowed", _("Sold by somebody who may not sell there"), "manager", timedelta(days=1)),
        Kind("sale_after_count", _("A sale came in after its shift was counted"), "manager", timedelta(days=1)),
        Kind("clock_wrong", _("The clock of a till is wrong"), "manager", timedelta(days=1)),
        Kind("card_without_sale", _("Paid by card at a till, but there is no sale"), "manager", timedelta(hours=2)),
        Kind("gift_card_astray", _("A gift card was sold that could not be activated"), "manager", timedelta(hours=4)),
        Kind("gift_card_unsent", _("A gift card could not be mailed"), "office", timedelta(hours=8)),
        Kind("tax_outage", _("The tax provider does not answer"), "office", timedelta(hours=4)),
        Kind("refund_failed", _("Money did not reach the customer; it is still owed"), "office", timedelta(days=1)),
        Kind("bank_transfer_due", _("Money is to go back by bank transfer"), "office", timedelta(days=2), True),
        Kind("network_event_parked", _("Word of the card network could not be worked"), "office", timedelta(hours=4)),
        Kind(
            "authorization_expiring",
            _("Authorized money can soon not be taken any more"),
            "office",
            timedelta(hours=12),
        ),
        Kind(
            "authorization_lapsed", _("An authorization ended before the money was taken"), "office", timedelta(hours=8)
        ),
        Kind("capture_failed", _("Goods have left, and their money could not be taken"), "office", timedelta(hours=4)),
        Kind("payment_mismatch", _("The card network's amount is not the order's"), "office", timedelta(hours=1)),
        Kind("dispute", _("A cardholder disputes a payment"), "office", timedelta(days=7)),
        Kind("unmatched_transaction", _("Money moved that no payment explains"), "office", timedelta(days=2)),
        Kind("payout_mismatch", _("A payout is not the sum of its transactions"), "office", timedelta(days=2)),
        Kind("batch_difference", _("Card takings of a shift differ from their batch"), "manager", timedelta(days=2)),
        Kind("payout_failed", _("The bank refused a payout"), "office", timedelta(days=1)),
    )
}
