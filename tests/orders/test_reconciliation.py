"""The pages on which money at the card network is reconciled, disputes are answered and files are brought."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commerce.cases.models import Case
from commerce.kernel.clock import now
from orders import gateway, reconciliation
from orders.actions.pull_settlements import pull_settlements
from orders.actions.settle_dispute import settle_dispute
from orders.models import Dispute, NetworkTransaction, PayoutFile
from tests.factories.company import UserFactory
from tests.orders.settling import paid, reaches_balance, steered
from tests.sandbox.card_network_process import CardNetwork
from tests.servers import Server
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(card_network: Server) -> CardNetwork:
    steer = steered(card_network.url)
    steer.reset()
    return steer


@pytest.fixture
def world(db: None, network: CardNetwork) -> World:
    return World.make()


@pytest.fixture
def as_staff(world: World) -> Callable[[str], Client]:
    """`as_staff("office")`: that person's browser, logged in."""

    def client(role: str) -> Client:
        browser = Client()
        browser.force_login(UserFactory(username=role, role=role))
        return browser

    return client


def page(browser: Client, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def stray(amount: int) -> str:
    made = gateway.client().v1.payment_intents.create(
        params={
            "amount": amount, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
        }
    )  # fmt: skip
    reaches_balance(made.id)
    return str(made.id)


def test_the_page_proves_what_the_card_network_owes(
    world: World, network: CardNetwork, as_staff: Callable[[str], Client]
) -> None:
    office = as_staff("office")
    payment = paid(world)
    (proof,) = reconciliation.proofs("stripe")
    assert (proof.clearing, proof.unreported, proof.rest) == (1_728, 1_728, 0)
    office.post(reverse("admin:reconciliation"))
    (proof,) = reconciliation.proofs("stripe")
    assert (proof.unreported, proof.unpaid, proof.rest) == (0, 1_728 - 80, 0)
    stray(500)
    paid(world, 2)
    dispute = str(network.control("disputes", {"payment_intent": payment.provider_id})["id"])
    network.control("clock", {"advance": 3 * 86_400})
    network.control("payouts", {})
    pull_settlements(at=now() + timedelta(days=3))
    (proof,) = reconciliation.proofs("stripe")
    assert (proof.rest, proof.unexplained) == (0, -(500 - 45))
    text = page(office, reverse("admin:reconciliation"))
    for words in ("To the cent", "One transaction without an explanation", "Match to a payment", "Open disputes"):
        assert words in text
    assert (
        dispute in page(office, reverse("admin:orders_dispute_changelist") + "?q=" + dispute) or Dispute.objects.get()
    )
    for row in (NetworkTransaction.objects.get(state="open"), *Dispute.objects.all()):
        name = f"admin:orders_{type(row)._meta.model_name}_change"
        assert row.provider_id in page(office, reverse(name, args=[row.pk]))
    order = page(office, reverse("admin:orders_order_change", args=[payment.order.pk]))
    for words in ("Disputes", "Held back by disputes", "Fees of payment providers"):  # its journal, too
        assert words in order


def test_the_page_costs_the_same_however_much_there_is(
    world: World, network: CardNetwork, as_staff: Callable[[str], Client]
) -> None:
    office = as_staff("office")
    counts = []
    for _round in range(2):
        for amount in (500, 600):
            paid(world)
            stray(amount)
        network.control("clock", {"advance": 3 * 86_400})
        network.control("payouts", {})
        pull_settlements(at=now() + timedelta(days=3))
        page(office, reverse("admin:reconciliation"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(office, reverse("admin:reconciliation"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 30


def test_an_open_transaction_is_settled_by_its_buttons(
    world: World, network: CardNetwork, as_staff: Callable[[str], Client]
) -> None:
    office = as_staff("office")
    payment = paid(world)
    type(payment).objects.filter(pk=payment.pk).update(
        provider_id="pi_before", uid="0190a000-0000-7000-8000-000000000001"
    )
    stray(700)
    pull_settlements(at=now())
    cases = {case.subject: case for case in Case.objects.filter(kind="unmatched_transaction")}
    rows = {row.gross_minor: row for row in NetworkTransaction.objects.all()}
    match = reverse("admin:case-resolution", args=[cases[rows[1_728].provider_id].pk, "match"])
    asked = page(office, match)
    assert "same amount" in asked
    assert payment.order.number in asked
    assert office.post(match, {"payment": payment.pk, "note": ""}).status_code == 302
    book = reverse("admin:case-resolution", args=[cases[rows[700].provider_id].pk, "book"])
    assert office.post(book, {"account": "write_off", "note": ""}).status_code == 422
    assert office.post(book, {"account": "write_off", "note": "Test of the reader"}).status_code == 302
    assert {row.state for row in NetworkTransaction.objects.all()} == {"matched", "booked"}
    assert not Case.objects.filter(status="open").exists()


def test_evidence_is_sent_from_the_page_of_a_dispute(
    world: World, network: CardNetwork, as_staff: Callable[[str], Client]
) -> None:
    payment = paid(world)
    dispute = settle_dispute(str(network.control("disputes", {"payment_intent": payment.provider_id})["id"]), at=now())
    address = reverse("admin:orders_dispute_evidence_page", args=[dispute.pk])
    assert as_staff("manager").get(address).status_code == 403
    office = as_staff("office")
    assert "MUG" in page(office, address)  # what was bought is there already
    assert office.post(address, {"uncategorized_text": " "}).status_code == 422
    assert office.post(address, {"uncategorized_text": "It was collected."}).status_code == 302
    assert Dispute.objects.get().state == "under_review"
    assert "It was collected." in page(office, reverse("admin:orders_dispute_change", args=[dispute.pk]))
    case = Case.objects.get(kind="dispute")
    assert (case.status, page(office, reverse("admin:cases_case_change", args=[case.pk])).count("Accept as lost")) == (
        "resolved", 0,
    )  # fmt: skip


def test_a_file_is_brought_and_its_problems_are_named(
    world: World, network: CardNetwork, as_staff: Callable[[str], Client]
) -> None:
    upload = reverse("admin:orders_payoutfile_upload_page")
    assert as_staff("manager").get(upload).status_code == 403
    office = as_staff("office")
    assert office.post(upload, {}).status_code == 422
    answer = office.post(upload, {"file": SimpleUploadedFile("payouts.csv", b"id,amount\n1,2\n")})
    assert answer.status_code == 302
    text = page(office, reverse("admin:orders_payoutfile_change", args=[PayoutFile.objects.get().pk]))
    assert "These columns are missing" in text
    assert "Nothing of the file was taken" in text
