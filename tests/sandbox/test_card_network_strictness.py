"""What the real API refuses is refused, in its words; what it shows is shown; and nothing is accepted that it lacks."""

import http.client
import importlib
import json
import re
import typing
import urllib.error
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import stripe

from commerce.sandbox.card_network.params import RETIRED, Field, Group, Items
from commerce.sandbox.card_network.resources import ROUTES
from tests.sandbox.asking import intent, paid, refused, until
from tests.sandbox.card_network_process import PUBLISHABLE_KEY, SECRET_KEY, CardNetwork

# Where the typed parameters of the real client live, by route.
TYPED = {
    "POST /v1/payment_intents": "_payment_intent_create_params.PaymentIntentCreateParams",
    "POST /v1/payment_intents/{id}": "_payment_intent_update_params.PaymentIntentUpdateParams",
    "POST /v1/payment_intents/{id}/confirm": "_payment_intent_confirm_params.PaymentIntentConfirmParams",
    "POST /v1/payment_intents/{id}/capture": "_payment_intent_capture_params.PaymentIntentCaptureParams",
    "POST /v1/payment_intents/{id}/cancel": "_payment_intent_cancel_params.PaymentIntentCancelParams",
    "GET /v1/payment_intents": "_payment_intent_list_params.PaymentIntentListParams",
    "GET /v1/payment_intents/search": "_payment_intent_search_params.PaymentIntentSearchParams",
    "POST /v1/refunds": "_refund_create_params.RefundCreateParams",
    "GET /v1/refunds": "_refund_list_params.RefundListParams",
    "GET /v1/charges": "_charge_list_params.ChargeListParams",
    "POST /v1/charges/{id}": "_charge_update_params.ChargeUpdateParams",
    "POST /v1/customers": "_customer_create_params.CustomerCreateParams",
    "POST /v1/customers/{id}": "_customer_update_params.CustomerUpdateParams",
    "POST /v1/payment_methods": "_payment_method_create_params.PaymentMethodCreateParams",
    "POST /v1/payment_methods/{id}": "_payment_method_update_params.PaymentMethodUpdateParams",
    "POST /v1/payment_methods/{id}/attach": "_payment_method_attach_params.PaymentMethodAttachParams",
    "POST /v1/setup_intents": "_setup_intent_create_params.SetupIntentCreateParams",
    "POST /v1/setup_intents/{id}/confirm": "_setup_intent_confirm_params.SetupIntentConfirmParams",
    "POST /v1/payouts": "_payout_create_params.PayoutCreateParams",
    "GET /v1/payouts": "_payout_list_params.PayoutListParams",
    "POST /v1/disputes/{id}": "_dispute_update_params.DisputeUpdateParams",
    "GET /v1/balance_transactions": "_balance_transaction_list_params.BalanceTransactionListParams",
    "GET /v1/events": "_event_list_params.EventListParams",
    "POST /v1/webhook_endpoints": "_webhook_endpoint_create_params.WebhookEndpointCreateParams",
    "POST /v1/webhook_endpoints/{id}": "_webhook_endpoint_update_params.WebhookEndpointUpdateParams",
    "POST /v1/setup_intents/{id}": "_setup_intent_update_params.SetupIntentUpdateParams",
    "GET /v1/setup_intents": "_setup_intent_list_params.SetupIntentListParams",
    "GET /v1/customers": "_customer_list_params.CustomerListParams",
    "GET /v1/disputes": "_dispute_list_params.DisputeListParams",
    "GET /v1/payment_methods": "_payment_method_list_params.PaymentMethodListParams",
    "GET /v1/customers/{id}/payment_methods": "_customer_payment_method_list_params.CustomerPaymentMethodListParams",
    "GET /v1/webhook_endpoints": "_webhook_endpoint_list_params.WebhookEndpointListParams",
    "GET /v1/terminal/locations": "terminal._location_list_params.LocationListParams",
    "POST /v1/terminal/locations/{id}": "terminal._location_update_params.LocationUpdateParams",
    "POST /v1/terminal/connection_tokens": "terminal._connection_token_create_params.ConnectionTokenCreateParams",
    "POST /v1/terminal/readers/{id}": "terminal._reader_update_params.ReaderUpdateParams",
    "POST /v1/terminal/locations": "terminal._location_create_params.LocationCreateParams",
    "POST /v1/terminal/readers": "terminal._reader_create_params.ReaderCreateParams",
    "GET /v1/terminal/readers": "terminal._reader_list_params.ReaderListParams",
    "POST /v1/terminal/readers/{id}/process_payment_intent": (
        "terminal._reader_process_payment_intent_params.ReaderProcessPaymentIntentParams"
    ),
    "POST /v1/terminal/readers/{id}/set_reader_display": (
        "terminal._reader_set_reader_display_params.ReaderSetReaderDisplayParams"
    ),
    "POST /v1/test_helpers/terminal/readers/{id}/present_payment_method": (
        "test_helpers.terminal._reader_present_payment_method_params.ReaderPresentPaymentMethodParams"
    ),
}
# The browser library's own parameters, and raw card numbers, are not among the server client's types.
BROWSER_ONLY = {"client_secret", "number", "exp_month", "exp_year", "cvc", "card", "tax_id"}


@pytest.mark.parametrize("name", TYPED)
def test_no_parameter_is_known_that_the_real_client_lacks(name: str) -> None:
    route = next(one for one in ROUTES if f"{one.method} {one.template}" == name)
    path, _, class_name = f"stripe.params.{TYPED[name]}".rpartition(".")
    module = importlib.import_module(path)
    assert list(_strangers(route.fields, getattr(module, class_name), module)) == []


def _strangers(fields: typing.Mapping[str, Field], typed: Any, module: Any) -> typing.Iterator[str]:
    """Our parameters that the typed dictionary does not have, at any depth."""
    for name, field in fields.items():
        if name in BROWSER_ONLY or name in RETIRED:
            continue
        if name not in typed.__annotations__:
            yield name
            continue
        inner = field.of if isinstance(field, Items) else field
        words = re.findall(r"\w*Params\w*", str(typed.__annotations__[name]))
        known = next((vars(module)[word] for word in words if word in vars(module)), None)
        if isinstance(inner, Group) and known:
            yield from (f"{name}[{one}]" for one in _strangers(inner.fields, known, module))


def test_every_member_that_the_real_client_declares_is_there(card_network: CardNetwork, api: Any) -> None:
    done = paid(api, capture_method="automatic", expand=["latest_charge.balance_transaction", "payment_method"])
    location = api.terminal.locations.create({"display_name": "Main St", "address": {"country": "US"}})
    reader = api.terminal.readers.create({"registration_code": "simulated-wpe", "location": location.id})
    card_network.control("disputes", {"payment_intent": done.id})
    shown = [
        (stripe.PaymentIntent, done),
        (stripe.Charge, done.latest_charge),
        (stripe.BalanceTransaction, done.latest_charge.balance_transaction),
        (stripe.PaymentMethod, done.payment_method),
        (stripe.Refund, api.refunds.create({"payment_intent": paid(api).id})),
        (stripe.Customer, api.customers.create({"name": "Ada"})),
        (stripe.SetupIntent, api.setup_intents.create({})),
        (stripe.Dispute, api.disputes.list().data[0]),
        (stripe.Event, api.events.list().data[0]),
        (stripe.terminal.Location, location),
        (stripe.terminal.Reader, reader),
        (stripe.Payout, _payout(card_network, api)),
    ]
    for kind, found in shown:
        needed = {name for name, hint in kind.__annotations__.items() if _always(hint)}
        assert needed - {"OBJECT_NAME", "deleted"} <= set(found.to_dict()), kind.__name__
        assert found.object == kind.OBJECT_NAME


def _always(hint: Any) -> bool:
    return type(None) not in typing.get_args(hint) and typing.get_origin(hint) is not typing.ClassVar


def _payout(card_network: CardNetwork, api: Any) -> Any:
    paid(api, "pm_card_bypassPending", capture_method="automatic", amount=90000)
    card_network.control("payouts", {})
    return until(lambda: api.payouts.list().data)[0]


@pytest.mark.parametrize(
    ("given", "code", "param", "words"),
    [
        ({"amount": 100, "currency": "usd", "amuont": 1}, "parameter_unknown", "amuont", "Did you mean amount?"),
        ({"currency": "usd"}, "parameter_missing", "amount", "Missing required param: amount."),
        ({"amount": "ten", "currency": "usd"}, "parameter_invalid_integer", "amount", "Invalid integer: ten"),
        ({"amount": -1, "currency": "usd"}, "parameter_invalid_integer", "amount", "greater than or equal to 1"),
        ({"amount": 10**9, "currency": "usd"}, "parameter_invalid_integer", "amount", "no more than 99999999"),
        ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount", "at least $0.50"),
        ({"amount": 100, "currency": "zzz"}, None, "currency", "Invalid currency: zzz"),
        ({"amount": 100, "currency": ""}, "parameter_invalid_empty", "currency", "You passed an empty string"),
        ({"amount": 100, "currency": "usd", "capture_method": "later"}, None, "capture_method", "must be one of"),
        ({"amount": 100, "currency": "usd", "shipping": {"name": "A"}}, "parameter_missing", "shipping[address]", ""),
        ({"amount": 100, "currency": "usd", "shipping": {"nme": "A"}}, "parameter_unknown", "shipping[nme]", ""),
        ({"amount": 100, "currency": "usd", "metadata": {"k" * 41: "v"}}, None, None, "40"),
        (
            {"amount": 100, "currency": "usd", "payment_method": "pm_none"},
            "resource_missing",
            "payment_method",
            "No such",
        ),
        ({"amount": 100, "currency": "usd", "return_url": "http://x"}, None, "return_url", "unless `confirm`"),
    ],
)
def test_bad_parameters_are_refused(api: Any, given: dict[str, Any], code: str | None, param: str, words: str) -> None:
    error = refused(lambda: api.payment_intents.create(given))
    assert isinstance(error, stripe.InvalidRequestError)
    assert (error.http_status, error.code) == (400, code)
    assert param is None or error.param == param
    assert words in error.user_message
    assert api.payment_intents.list().data == []


def test_a_retired_parameter_is_refused_unless_the_caller_pins_an_older_version(
    card_network: CardNetwork, api: Any
) -> None:
    given = {"amount": 100, "currency": "usd", "payment_method_types": ["card"]}
    error = refused(lambda: api.payment_intents.create(given))
    assert (error.code, error.param) == ("payment_method_types_no_longer_supported", "payment_method_types")
    older = api.payment_intents.create(given, {"stripe_version": "2025-03-31.basil"})
    assert older.payment_method_types == ["card"]
    both = {**given, "allowed_payment_method_types": ["card"]}
    assert (
        "only specify one"
        in refused(lambda: api.payment_intents.create(both, {"stripe_version": "2025-03-31.basil"})).user_message
    )


def test_keys_are_checked(card_network: CardNetwork) -> None:
    wrong = stripe.StripeClient("sk_test_somebody_else", base_addresses={"api": card_network.url})
    error = refused(lambda: wrong.v1.payment_intents.list())
    assert isinstance(error, stripe.AuthenticationError)
    assert "Invalid API Key provided: sk_test_" in error.user_message
    assert "somebody" not in error.user_message
    assert refused(lambda: card_network.client().v1.payment_intents.retrieve("pi_none")).http_status == 404


def test_the_publishable_key_opens_only_its_own_intent(card_network: CardNetwork, api: Any) -> None:
    made, other = intent(api, metadata={"secret": "yes"}), intent(api)
    own = {"client_secret": made.client_secret}
    status, body, _ = ask(card_network, "GET", f"/v1/payment_intents/{made.id}?{urlencode(own)}", key=PUBLISHABLE_KEY)
    assert (status, body["status"]) == (200, "requires_payment_method")
    assert not {"metadata", "customer", "latest_charge"} & set(body)
    for method, path, form, expected in (
        ("GET", f"/v1/payment_intents/{made.id}", {}, 401),
        ("GET", f"/v1/payment_intents/{other.id}?{urlencode(own)}", {}, 404),
        ("GET", "/v1/payment_intents", {}, 403),
        ("POST", "/v1/payment_intents", {"amount": 100, "currency": "usd"}, 403),
        ("POST", "/v1/refunds", {"payment_intent": made.id}, 403),
        ("POST", f"/v1/payment_intents/{made.id}/capture", own, 403),
    ):
        assert ask(card_network, method, path, form, key=PUBLISHABLE_KEY)[0] == expected, path


def test_pages_of_this_machine_may_use_the_publishable_key_and_no_other_pages(card_network: CardNetwork) -> None:
    allowed = "Access-Control-Allow-Origin"
    for origin, expected in (("http://localhost:8000", "http://localhost:8000"), ("https://evil.example", None)):
        headers = {"Origin": origin}
        for method, key in (("OPTIONS", PUBLISHABLE_KEY), ("POST", PUBLISHABLE_KEY)):
            _, _, seen = ask(card_network, method, "/v1/payment_methods", {}, key=key, headers=headers)
            assert seen.get(allowed) == expected
    _, _, seen = ask(card_network, "GET", "/v1/charges", headers={"Origin": "http://localhost:8000"})
    assert seen.get(allowed) is None
    with pytest.raises(urllib.error.HTTPError):
        card_network.control("nothing")
    assert ask(card_network, "POST", "/_control/reset", headers={"Origin": "http://localhost:8000"})[0] in (400, 403)


def test_unreadable_requests_are_refused_plainly(card_network: CardNetwork) -> None:
    status, body, headers = ask(card_network, "GET", "/v1/unicorns")
    assert (status, "Unrecognized request URL" in body["error"]["message"]) == (404, True)
    assert headers["Request-Id"].startswith("req_")
    for raw in ("a[b=1", "metadata=1&metadata[a]=2", "a" + "[x]" * 40 + "=1", "%ff=1&amount=%ff"):
        assert ask(card_network, "POST", "/v1/payment_intents", raw=raw)[0] == 400, raw
    json_body = ask(card_network, "POST", "/v1/payment_intents", raw="{}", headers={"Content-Type": "application/json"})
    assert (json_body[0], "content type" in json_body[1]["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({"number": "4242424242424241", "exp_month": 1, "exp_year": 2050}, "incorrect_number"),
        ({"number": "4242424242424242", "exp_month": 13, "exp_year": 2050}, "invalid_expiry_month"),
        ({"number": "4242424242424242", "exp_month": 1, "exp_year": 2020}, "invalid_expiry_year"),
        ({"number": "4242424242424242", "exp_month": 1, "exp_year": 50, "cvc": "12"}, "invalid_cvc"),
        ({"number": "4000056655665564", "exp_month": 1, "exp_year": 2050}, "card_declined"),
    ],
)
def test_cards_that_cannot_be_right_are_refused(api: Any, card: dict[str, Any], code: str) -> None:
    error = refused(lambda: api.payment_methods.create({"type": "card", "card": card}))
    assert (error.http_status, error.code) == (402, code)


def ask(
    network: CardNetwork,
    method: str,
    path: str,
    form: dict[str, Any] | None = None,
    *,
    key: str = SECRET_KEY,
    raw: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, Any, Any]:
    """One request without the client: status, JSON body and headers."""
    connection = http.client.HTTPConnection(urlsplit(network.url).netloc, timeout=10)
    given = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
    connection.request(method, path, raw if raw is not None else urlencode(form or {}), given)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text.startswith(b"{") else None, answer.headers
