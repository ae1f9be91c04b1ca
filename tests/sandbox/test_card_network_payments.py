"""Payment intents through the real client: every state, every refusal, and what is left behind."""

from typing import Any

import pytest
import stripe

from tests.sandbox.asking import intent, paid, refused, until
from tests.sandbox.card_network_process import CardNetwork


def test_the_server_side_order_create_then_confirm_pays(api: Any) -> None:
    made = api.payment_intents.create(
        {
            "amount": 1999,
            "currency": "usd",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "description": "Order 1041",
            "receipt_email": "ada@example.com",
            "shipping": {"name": "Ada", "address": {"line1": "1 Main St", "city": "Portland", "country": "US"}},
            "metadata": {"order": "1041"},
        }
    )
    assert made.status == "requires_payment_method"
    assert made.client_secret.startswith(f"{made.id}_secret_")
    assert (made.amount_received, made.latest_charge, made.next_action) == (0, None, None)

    done = api.payment_intents.confirm(made.id, {"payment_method": "pm_card_visa", "expand": ["latest_charge"]})

    assert (done.status, done.amount_received, done.description) == ("succeeded", 1999, "Order 1041")
    charge = done.latest_charge
    assert (charge.paid, charge.captured, charge.amount_captured, charge.payment_intent) == (True, True, 1999, made.id)
    assert charge.payment_method_details.card.last4 == "4242"
    assert charge.shipping.address.city == "Portland"
    assert done.payment_method.startswith("pm_")
    assert done.payment_method != "pm_card_visa"


def test_the_latest_charge_is_an_id_unless_expanded(api: Any) -> None:
    done = paid(api)
    assert done.latest_charge.startswith("ch_")
    wide = api.payment_intents.retrieve(done.id, {"expand": ["latest_charge.balance_transaction", "payment_method"]})
    assert wide.latest_charge.object == "charge"
    assert wide.payment_method.card.brand == "visa"
    assert (
        "cannot be expanded"
        in refused(lambda: api.payment_intents.retrieve(done.id, {"expand": ["amount"]})).user_message
    )


def test_money_of_an_asynchronous_capture_arrives_after_the_charge(api: Any) -> None:
    charge = paid(api).latest_charge
    assert api.charges.retrieve(charge).balance_transaction is None
    entry = until(lambda: api.charges.retrieve(charge, {"expand": ["balance_transaction"]}).balance_transaction)
    assert (entry.amount, entry.fee, entry.net, entry.status) == (1999, 88, 1911, "pending")
    assert entry.fee_details[0].type == "stripe_fee"
    at_once = paid(api, capture_method="automatic", expand=["latest_charge"])
    assert at_once.latest_charge.balance_transaction.startswith("txn_")


@pytest.mark.parametrize(
    ("card", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_processingError", "processing_error", "processing_error"),
    ],
)
def test_a_refused_card_leaves_a_failed_charge_and_an_open_intent(
    api: Any, card: str, code: str, decline_code: str
) -> None:
    made = intent(api)
    error = refused(lambda: api.payment_intents.confirm(made.id, {"payment_method": card}))
    assert isinstance(error, stripe.CardError)
    assert (error.http_status, error.code, error.error.decline_code) == (402, code, decline_code)
    assert error.error.payment_intent.id == made.id

    after = api.payment_intents.retrieve(made.id, {"expand": ["latest_charge"]})
    assert (after.status, after.payment_method) == ("requires_payment_method", None)
    assert after.last_payment_error.decline_code == decline_code
    assert after.last_payment_error.payment_method.card.last4
    assert (after.latest_charge.status, after.latest_charge.paid) == ("failed", False)

    again = api.payment_intents.confirm(made.id, {"payment_method": "pm_card_mastercard"})
    assert (again.status, again.last_payment_error) == ("succeeded", None)


def test_what_has_ended_cannot_be_changed(api: Any) -> None:
    done = paid(api)
    twice = refused(lambda: api.payment_intents.confirm(done.id, {"payment_method": "pm_card_visa"}))
    assert "already succeeded" in twice.user_message
    assert twice.error.payment_intent.status == "succeeded"
    for call in (
        lambda: api.payment_intents.update(done.id, {"amount": 5}),
        lambda: api.payment_intents.capture(done.id),
        lambda: api.payment_intents.cancel(done.id),
    ):
        assert refused(call).code == "payment_intent_unexpected_state"
    assert api.payment_intents.update(done.id, {"metadata": {"note": "x"}}).metadata["note"] == "x"
    assert "note" not in api.payment_intents.update(done.id, {"metadata": {"note": ""}}).metadata


SEVERAL: Any = {
    "capture_method": "manual",
    "payment_method_options": {"card": {"request_multicapture": "if_available"}},
}


def test_held_money_is_captured_in_several_parts_where_that_was_asked_for(api: Any) -> None:
    held = paid(api, **SEVERAL, expand=["latest_charge"])
    card = held.latest_charge.payment_method_details.card
    assert (card.multicapture.status, card.capture_before > held.created) == ("available", True)
    part: Any = {"amount_to_capture": 500, "final_capture": False, "expand": ["latest_charge"]}
    first = api.payment_intents.capture(held.id, part)
    assert (first.status, first.amount_received, first.amount_capturable) == ("requires_capture", 500, 1499)
    assert api.refunds.create({"payment_intent": held.id, "amount": 500}).status == "succeeded"
    assert (
        refused(lambda: api.refunds.create({"payment_intent": held.id, "amount": 1})).code == "charge_already_refunded"
    )
    last = api.payment_intents.capture(held.id, {"amount_to_capture": 1000, "expand": ["latest_charge"]})
    assert (last.status, last.amount_received, last.amount_capturable) == ("succeeded", 1500, 0)
    charge = last.latest_charge
    assert (charge.amount_captured, charge.amount_refunded) == (1500, 999)  # 500 given back, 499 released


def test_one_capture_is_all_where_several_were_not_asked_for(api: Any) -> None:
    held = paid(api, capture_method="manual")
    error = refused(lambda: api.payment_intents.capture(held.id, {"amount_to_capture": 5, "final_capture": False}))
    assert error.param == "final_capture"


def test_canceling_what_was_taken_in_part_releases_the_rest(api: Any) -> None:
    held = paid(api, **SEVERAL)
    api.payment_intents.capture(held.id, {"amount_to_capture": 500, "final_capture": False})
    ended = api.payment_intents.cancel(held.id, {"expand": ["latest_charge"]})
    assert (ended.status, ended.amount_received, ended.latest_charge.amount_refunded) == ("succeeded", 500, 1499)


def test_held_money_is_captured_in_part_and_the_rest_released(api: Any) -> None:
    held = paid(api, capture_method="manual")
    assert (held.status, held.amount_capturable, held.amount_received) == ("requires_capture", 1999, 0)
    assert refused(lambda: api.payment_intents.capture(held.id, {"amount_to_capture": 2000})).code == "amount_too_large"
    assert refused(lambda: api.refunds.create({"payment_intent": held.id})).code == "payment_intent_unexpected_state"

    taken = api.payment_intents.capture(held.id, {"amount_to_capture": 1500, "expand": ["latest_charge"]})

    assert (taken.status, taken.amount_received, taken.amount_capturable) == ("succeeded", 1500, 0)
    charge = taken.latest_charge
    assert (charge.amount, charge.amount_captured, charge.amount_refunded) == (1999, 1500, 499)
    assert api.balance_transactions.retrieve(charge.balance_transaction).amount == 1500


def test_a_canceled_hold_is_released(api: Any) -> None:
    held = paid(api, capture_method="manual")
    gone = api.payment_intents.cancel(held.id, {"cancellation_reason": "requested_by_customer"})
    assert (gone.status, gone.amount_capturable) == ("canceled", 0)
    charge = api.charges.retrieve(held.latest_charge)
    assert (charge.captured, charge.refunded, charge.amount_captured) == (False, True, 0)
    assert refused(lambda: api.payment_intents.capture(held.id)).code == "payment_intent_unexpected_state"


def test_a_hold_that_nobody_captures_expires_after_a_week(card_network: CardNetwork, api: Any) -> None:
    held = paid(api, capture_method="manual")
    card_network.control("clock", {"advance": 7 * 86400 + 60})
    after = until(lambda: (found := api.payment_intents.retrieve(held.id)).status == "canceled" and found)
    assert after.cancellation_reason == "automatic"


def test_three_d_secure_asks_in_the_form_the_caller_can_use(api: Any) -> None:
    in_page = paid(api, "pm_card_threeDSecure2Required")
    assert (in_page.status, in_page.next_action.type) == ("requires_action", "use_stripe_sdk")
    away = paid(api, "pm_card_authenticationRequired", return_url="https://shop.example/thanks")
    assert away.next_action.type == "redirect_to_url"
    assert away.next_action.redirect_to_url.return_url == "https://shop.example/thanks"
    off = refused(lambda: paid(api, "pm_card_authenticationRequired", off_session=True))
    assert off.code == "authentication_required"
    assert off.error.payment_intent.status == "requires_payment_method"


def test_a_return_url_is_asked_for_when_redirects_are_possible(api: Any) -> None:
    error = refused(
        lambda: api.payment_intents.create(
            {"amount": 1999, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
        )
    )
    assert "return_url" in error.user_message


def test_a_used_card_is_not_used_again_without_a_customer(api: Any) -> None:
    first = paid(api)
    assert "may not be used again" in refused(lambda: paid(api, first.payment_method)).user_message
    customer = api.customers.create({"email": "ada@example.com", "name": "Ada"})
    kept = paid(api, customer=customer.id, setup_future_usage="off_session")
    assert api.payment_methods.list({"customer": customer.id}).data[0].id == kept.payment_method
    assert paid(api, kept.payment_method, customer=customer.id, off_session=True).status == "succeeded"
    assert "different Customer" in refused(lambda: paid(api, kept.payment_method)).user_message
    api.payment_methods.detach(kept.payment_method)
    assert api.customers.payment_methods.list(customer.id).data == []


def test_a_card_is_kept_by_a_setup_intent(api: Any) -> None:
    customer = api.customers.create({"name": "Ada"})
    setup = api.setup_intents.create({"customer": customer.id, "allowed_payment_method_types": ["card"]})
    assert setup.status == "requires_payment_method"
    done = api.setup_intents.confirm(setup.id, {"payment_method": "pm_card_visa"})
    assert done.status == "succeeded"
    assert api.payment_methods.retrieve(done.payment_method).customer == customer.id
    asked = api.setup_intents.create({"confirm": True, "payment_method": "pm_card_authenticationRequired"})
    assert asked.status == "requires_action"
    refusal = refused(lambda: api.setup_intents.create({"confirm": True, "payment_method": "pm_card_chargeDeclined"}))
    assert refusal.error.setup_intent.last_setup_error.code == "card_declined"


def test_lists_page_and_searches_find_by_metadata(card_network: CardNetwork, api: Any) -> None:
    made = [intent(api, metadata={"order": f"N{at}"}).id for at in range(25)]
    assert [one.id for one in api.payment_intents.list({"limit": 100}).auto_paging_iter()] == made[::-1]
    page = api.payment_intents.list({"limit": 10, "starting_after": made[10]})
    assert [one.id for one in page.data] == made[9::-1]
    assert page.has_more is False
    assert [one.id for one in api.payment_intents.list({"limit": 7}).auto_paging_iter()] == made[::-1]
    found = api.payment_intents.search({"query": "metadata['order']:'N7' AND status:'requires_payment_method'"})
    assert [one.id for one in found.data] == [made[7]]
    assert api.payment_intents.search({"query": "-status:'succeeded' AND amount>2000"}).data == []
    assert "parse" in refused(lambda: api.payment_intents.search({"query": "metadata=7"})).user_message
    card_network.control("search", {"lag": 60})
    assert api.payment_intents.search({"query": "metadata['order']:'N7'"}).data == []


def test_the_summary_counts_money_by_metadata(card_network: CardNetwork, api: Any) -> None:
    paid(api, metadata={"order": "A"})
    paid(api, metadata={"order": "A"}, amount=500)
    second = paid(api, metadata={"order": "B"})
    paid(api, metadata={"order": "B"}, capture_method="manual")
    refused(lambda: paid(api, "pm_card_chargeDeclined", metadata={"order": "B"}))
    api.refunds.create({"payment_intent": second.id, "amount": 999})
    seen = card_network.control("charges?metadata_key=order")
    assert seen["by"] == {
        "A": {"count": 2, "amount": 2499, "refunded": 0},
        "B": {"count": 1, "amount": 1999, "refunded": 999},
    }
    assert (seen["count"], seen["amount"], seen["refunded"]) == (3, 4498, 999)
