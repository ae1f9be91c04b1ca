"""T08: pairing codes cannot be found by guessing, and nobody is locked out for long by somebody who tries."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from commerce.company.devices import PairingRefused
from commerce.company.models import Device
from commerce.kernel.clock import now
from pos import pairing_attempts
from pos.actions.pair_register import pair_register
from pos.errors import TooManyPairings
from pos.models import PairingAttempts, Register
from tests.factories.company import LocationFactory
from tests.factories.pricing import MarketFactory
from tests.factories.trade import register_at
from tests.faults.conftest import together
from tests.pos.conftest import PAIRING_CODE, invite

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> Register:
    MarketFactory()
    made = register_at(LocationFactory(code="PDX-1"))
    invite(made)
    return made


def guess(code: str, address: str = "192.0.2.7", **headers: str) -> Any:
    return Client().post(
        "/till/api/pairing",
        json.dumps({"code": code}),
        content_type="application/json",
        REMOTE_ADDR=address,
        headers={"Accept": "application/json", **headers},
    )


def test_ten_wrong_codes_from_one_address_and_it_waits(register: Register) -> None:
    answers = [guess(f"WRNG{n:04d}") for n in range(pairing_attempts.PER_ADDRESS)]
    assert {answer.json()["code"] for answer in answers} == {"pairing_refused"}
    blocked = guess(PAIRING_CODE)  # the right one, too: an answer would tell a guesser
    assert (blocked.status_code, blocked.json()["code"]) == (429, "too_many_pairings")
    assert 500 < int(blocked["Retry-After"]) <= 600
    assert "Wait 10 minutes" in blocked.json()["detail"]
    assert Device.objects.get().paired_at is None
    assert guess(PAIRING_CODE, "192.0.2.8").status_code == 201  # another shop goes on


def test_after_ten_minutes_it_may_try_again(register: Register) -> None:
    begun = now()
    for _n in range(pairing_attempts.PER_ADDRESS + 5):
        with pytest.raises((PairingRefused, TooManyPairings)):
            pair_register("WRNGCODE", address="192.0.2.7", at=begun)
    with pytest.raises(TooManyPairings):
        pair_register(PAIRING_CODE, address="192.0.2.7", at=begun + timedelta(minutes=9))
    paired, _token = pair_register(PAIRING_CODE, address="192.0.2.7", at=begun + timedelta(minutes=10))
    assert paired == register


def test_a_right_code_forgives_the_wrong_ones_before_it(register: Register) -> None:
    for _n in range(pairing_attempts.PER_ADDRESS - 1):
        guess("WRNGCODE")
    assert guess("abcd-efgh").status_code == 201
    assert guess("WRNGCODE").json()["code"] == "pairing_refused"


def test_many_addresses_are_counted_together(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing_attempts, "ALTOGETHER", 20)
    answers = [guess("WRNGCODE", f"192.0.2.{n}") for n in range(21)]
    assert [answer.status_code for answer in answers] == [409] * 20 + [429]


def test_no_address_is_kept(register: Register) -> None:
    guess("WRNGCODE")
    assert len(PairingAttempts.objects.all()) == 2
    assert not PairingAttempts.objects.filter(key__contains="192.0.2").exists()


def test_the_address_is_the_proxys_word_only_where_there_is_one(register: Register) -> None:
    """Otherwise a guesser would have a new address for every try."""
    for n in range(pairing_attempts.PER_ADDRESS):
        guess("WRNGCODE", **{"X-Forwarded-For": f"198.51.100.{n}"})
    assert guess("WRNGCODE", **{"X-Forwarded-For": "198.51.100.99"}).status_code == 429
    with override_settings(BEHIND_TLS=True, SECURE_SSL_REDIRECT=False):
        spoofed = {"X-Forwarded-For": "203.0.113.1, 198.51.100.99", "X-Forwarded-Proto": "https"}
        assert guess("WRNGCODE", **spoofed).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_guesses_in_parallel_are_counted_one_by_one() -> None:
    invite(register_at(LocationFactory(code="PDX-1")))

    def attempt() -> str:
        try:
            pair_register("WRNGCODE", address="192.0.2.7", at=now())
        except (PairingRefused, TooManyPairings) as error:
            return error.code
        return "paired"

    outcomes = together(*[attempt] * 16)
    assert outcomes.count("pairing_refused") == pairing_attempts.PER_ADDRESS
    assert outcomes.count("too_many_pairings") == 16 - pairing_attempts.PER_ADDRESS
