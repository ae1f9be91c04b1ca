"""Gift cards of another system: taken over once, in the books, and with no number left lying anywhere."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from commerce.company.models import Location
from commerce.kernel.clock import now
from commerce.kernel.errors import NotAllowed
from commerce.ledger.models import Posting
from commerce.sync.actions import import_file as importing
from commerce.sync.actions.start_import import start_import
from commerce.sync.actions.upload_file import upload_file
from commerce.sync.actions.work_on_import import work_on_import
from commerce.sync.models import ImportRow, ImportRun
from customers import gift_cards
from customers.errors import CodeShown
from customers.models import GiftCard, GiftCardEntry
from tests.concurrency.conftest import audit
from tests.factories.company import UserFactory
from tests.factories.wallets import code_of, gift_card

pytestmark = pytest.mark.django_db(transaction=True)
Upload = Callable[..., ImportRun]
GOOD = b"""Number,Balance,Currency,Expires
6006 4912-3456 7890,25.00,USD,
old-88213-xk,"1,100.50",usd,2099-12-31
"""
BAD = b"""Number;Balance;Currency;Expires
123;25.00;USD;
6006491234567890;25.00;USD;
6006491234567890;25.00;USD;
AAAABBBB1;25.00;GBP;
AAAABBBB2;lots;USD;
AAAABBBB3;-5;USD;
AAAABBBB4;5;USD;soon
AAAABBBB5;5;USD;2001-01-01
AAAABBBB6;0;USD;
"""


@pytest.fixture
def person(store: Location) -> Any:
    return UserFactory(username="nova", role="office")


@pytest.fixture
def upload(person: Any, settings: Any, tmp_path: Path) -> Upload:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": tmp_path / "private", "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "private": private}

    def send(content: bytes, **asked: Any) -> ImportRun:
        given = {"person": person, "file_format": "gift-cards", "options": {}, "at": now(), **asked}
        return upload_file(file=io.BytesIO(content), name="old cards.csv", size=len(content), **given)

    return send


def check_and_import(run: ImportRun, person: Any) -> ImportRun:
    assert work_on_import(clock=now)
    start_import(ImportRun.objects.get(pk=run.pk), person=person, at=now())
    assert work_on_import(clock=now)
    return ImportRun.objects.get(pk=run.pk)


def test_old_cards_pay_here_with_the_numbers_that_people_have(upload: Upload, person: Any) -> None:
    run = upload(GOOD)
    path = run.path
    assert work_on_import(clock=now)
    checked = ImportRun.objects.get(pk=run.pk)
    assert (checked.state, checked.outcomes["created"]) == ("checked", 2)
    assert not GiftCard.objects.exists()
    assert storages["private"].exists(path)
    start_import(checked, person=person, at=now())
    assert work_on_import(clock=now)
    done = ImportRun.objects.get(pk=run.pk)
    assert (done.state, done.outcomes, done.path) == ("finished", {"created": 2}, "")
    assert not storages["private"].exists(path)
    card = gift_cards.by_code("6006491234567890")
    other = gift_cards.by_code("OLD 88213 XK")
    assert card is not None
    assert other is not None
    assert (card.balance_minor, card.last_four, card.state, card.origin) == (2_500, "7890", "active", "imported")
    assert (other.balance_minor, str(other.expires_on)) == (110_050, "2099-12-31")
    assert gift_cards.available(other, at=now()) == 110_050
    assert sorted(Posting.objects.filter(account__code="opening").values_list("amount_minor", flat=True)) == [
        2_500,
        110_050,
    ]
    assert audit() == ""


def test_its_number_is_shown_by_nobody_for_it_does_not_follow_from_the_card(upload: Upload, person: Any) -> None:
    check_and_import(upload(GOOD), person)
    from django.db import transaction

    with pytest.raises(CodeShown), transaction.atomic():
        gift_cards.reveal(GiftCard.objects.latest("pk"), at=now())


def test_the_same_file_again_changes_nothing_whatever_was_spent(upload: Upload, person: Any) -> None:
    check_and_import(upload(GOOD), person)
    again = check_and_import(upload(GOOD.replace(b"25.00", b"99.00")), person)
    assert again.outcomes == {"unchanged": 2}
    assert (GiftCard.objects.count(), GiftCardEntry.objects.count()) == (2, 2)
    assert audit() == ""


def test_one_that_was_stopped_goes_on_where_it_was(
    upload: Upload, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    run = upload(GOOD)
    assert work_on_import(clock=now)
    start_import(ImportRun.objects.get(pk=run.pk), person=person, at=now())
    real, calls = importing.failpoint, []

    def die(name: str) -> None:
        calls.append(name)
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "failpoint", die)
    with pytest.raises(KeyboardInterrupt):
        work_on_import(clock=now)
    assert GiftCard.objects.count() == 1
    monkeypatch.setattr(importing, "failpoint", real)
    stopped = ImportRun.objects.get(pk=run.pk)
    assert stopped.path
    start_import(stopped, person=person, at=now())
    assert work_on_import(clock=now)
    assert ImportRun.objects.get(pk=run.pk).outcomes == {"created": 1, "unchanged": 1}
    assert GiftCard.objects.count() == 2
    assert audit() == ""


def test_every_bad_row_is_named_and_no_number_is(upload: Upload, person: Any) -> None:
    done = check_and_import(upload(BAD), person)
    assert done.outcomes == {"created": 1, "refused": 7, "unchanged": 1}
    told = dict(ImportRow.objects.filter(run=done).values_list("line", "code"))
    assert told == {
        2: "number_unusable",
        4: "number_repeated",
        5: "currency_unknown",
        6: "balance_unusable",
        7: "balance_unusable",
        8: "day_unusable",
        9: "expired",
        10: "empty",
    }
    words = " ".join(ImportRow.objects.values_list("text", flat=True))
    assert "6006491234567890" not in words
    assert "AAAABBBB" not in words
    assert not GiftCardEntry.objects.filter(reason__contains="6006491234567890").exists()


def test_a_number_that_we_gave_out_ourselves_is_refused(upload: Upload, person: Any) -> None:
    card = gift_card(500)
    done = check_and_import(upload(f"number,balance,currency\n{code_of(card)},5,USD\n".encode()), person)
    assert done.outcomes == {"refused": 1}
    assert GiftCard.objects.get().balance_minor == 500


def test_a_file_that_nobody_imports_is_deleted_after_a_day(upload: Upload) -> None:
    run = upload(GOOD, at=now() - timedelta(days=2))
    path = run.path
    assert not work_on_import(clock=now)  # there is nothing to check any more
    assert not storages["private"].exists(path)
    assert ImportRun.objects.get().path == ""


def test_a_file_without_its_columns_is_refused_and_deleted(upload: Upload) -> None:
    run = upload(b"card;worth\n1;2\n")
    path = run.path
    assert work_on_import(clock=now)
    found = ImportRun.objects.get()
    assert (found.state, found.path) == ("refused", "")
    assert "number, balance, currency" in found.faults[0]["text"]
    assert not storages["private"].exists(path)


def test_who_may_not_give_cards_imports_none(upload: Upload) -> None:

    with pytest.raises(NotAllowed):
        upload(GOOD, person=UserFactory(username="lea", role="lead"))
    assert not ImportRun.objects.exists()
