"""Pairing works once; PINs are slow to guess, per person and device; tokens and permissions do what they say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from commerce.company import devices, pins, tokens
from commerce.company.devices import PairingRefused
from commerce.company.models import ApiToken, Device
from commerce.company.permissions import MATRIX, may, require
from commerce.company.pins import PinBlocked, WrongPin
from commerce.kernel.errors import InvalidInput, NotAllowed
from tests.factories.company import LocationFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def device() -> Device:
    with transaction.atomic():
        return devices.invite("Front", LocationFactory(), at=AT)


def test_a_code_pairs_one_browser(device: Device) -> None:
    with transaction.atomic():
        typed = f" {device.pairing_code[:4].lower()}-{device.pairing_code[4:]} "
        paired, token = devices.pair(typed, at=AT)
        assert paired == device
    client = tokens.client_of(token)
    assert client is not None
    assert client.device == device
    with pytest.raises(PairingRefused), transaction.atomic():
        devices.pair(device.pairing_code, at=AT)


@pytest.mark.parametrize("code", ["", "XXXXXXXX"])
def test_a_code_that_is_none_pairs_nothing(device: Device, code: str) -> None:
    with pytest.raises(PairingRefused), transaction.atomic():
        devices.pair(code, at=AT)


def test_a_code_lasts_a_day(device: Device) -> None:
    with pytest.raises(PairingRefused), transaction.atomic():
        devices.pair(device.pairing_code, at=AT + timedelta(hours=25))


def test_a_revoked_device_is_nobody(device: Device) -> None:
    with transaction.atomic():
        _device, token = devices.pair(device.pairing_code, at=AT)
    Device.objects.update(revoked_at=AT)
    assert tokens.client_of(token) is None


def judge(person: object, device: Device, pin: str, at: datetime = AT) -> object:
    with transaction.atomic():
        return pins.check_pin(person, device, pin, at=at)  # type: ignore[arg-type]


def test_wrong_pins_are_counted_down_then_paused_then_locked(device: Device) -> None:
    person = UserFactory(pin="471199")
    for left in (4, 3, 2, 1):
        refusal = judge(person, device, "000000")
        assert isinstance(refusal, WrongPin)
        assert refusal.context == {"left": left}
    assert isinstance(judge(person, device, "000000"), PinBlocked)
    assert isinstance(judge(person, device, "471199"), PinBlocked)  # even the right one has to wait
    later = AT + timedelta(seconds=61)
    assert judge(person, device, "471199", later) is None
    at = later
    for _n in range(10):
        judge(person, device, "000000", at)
        at += timedelta(minutes=2)
    assert isinstance(judge(person, device, "471199", at), PinBlocked)
    assert judge(person, device, "471199", at + timedelta(hours=1)) is None


def test_one_persons_wrong_pins_lock_out_nobody_else(device: Device) -> None:
    mina, noor = UserFactory(pin="111111"), UserFactory(pin="222222")
    for _n in range(12):
        judge(mina, device, "999999")
    assert judge(noor, device, "222222") is None
    with transaction.atomic():
        other = devices.invite("Back", device.location, at=AT)
    assert judge(mina, other, "111111") is None


@pytest.mark.parametrize("pin", ["", "123", "123456789", "12a4", "١٢٣٤"])
def test_a_pin_has_four_to_eight_digits(pin: str) -> None:
    with pytest.raises(InvalidInput), transaction.atomic():
        pins.set_pin(UserFactory(), pin)


def test_the_same_pin_is_kept_differently_for_each() -> None:
    assert UserFactory(pin="4711").pin_hash != UserFactory(pin="4711").pin_hash


def test_a_token_is_shown_once_and_kept_as_a_hash(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_token", "loader", "--scopes", "carts,orders")
    token = capsys.readouterr().out.strip().splitlines()[-1]
    client = tokens.client_of(token)
    assert client is not None
    assert client.scopes == {"carts", "orders"}
    assert token not in ApiToken.objects.values_list("token_hash", flat=True)
    assert tokens.client_of(token + "x") is None


def test_an_unknown_scope_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match=r"Unknown scope shelves. Choose from: availability, cancellations, carts"):
        call_command("api_token", "loader", "--scopes", "shelves")


def test_permissions_follow_the_one_table() -> None:
    here, there = LocationFactory(), LocationFactory()
    for role, allowed in MATRIX.items():
        person = UserFactory(role=role, locations=[here])
        for permission in set().union(*MATRIX.values()):
            assert may(person, permission, here) is (permission in allowed)
            assert may(person, permission, there) is False
    roaming = UserFactory(role="manager")
    assert may(roaming, "sale.record", there)
    gone = UserFactory(role="manager", is_active=False)
    with pytest.raises(NotAllowed):
        require(gone, "sale.record", here)
    require(None, "sale.record", here)  # the system itself
