import dataclasses
from typing import Any, TextIO

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection

from commerce.runtime import preparation
from commerce.runtime.errors import CannotStart
from commerce.runtime.steps import Step
from tests.factories.catalog import VariantFactory


@dataclasses.dataclass
class Login:
    name: str
    role: str
    where: str
    user: str
    secret: str


def demo_people() -> list[Login]:
    return [
        Login("June", "Manager", "/admin/", "june", "cedar"),
        Login("Desmond", "Lead", "/till/", "desmond", "503246"),
        Login("Front counter", "Pairing code", "/till/", "", "TEST-PDXA"),
    ]


@pytest.fixture
def step() -> Step:
    return Step()


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that were called to make demo data; the command itself is tested where it lives."""
    called: list[str] = []

    def call(name: str, *, on_start: bool, stdout: TextIO) -> None:
        called.append(name if on_start else "")
        stdout.write("80 products\n")

    monkeypatch.setattr(preparation, "get_commands", lambda: {"seed_demo": "commerce.sandbox"})
    monkeypatch.setattr(preparation, "call_command", call)
    return called


def test_nothing_is_migrated_twice(db: None, step: Step) -> None:
    preparation.migrate(step)
    assert step.note == "up to date"


def test_old_server_is_refused(db: None, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    preparation.reach_database(step)
    assert step.note.startswith("PostgreSQL ")
    monkeypatch.setattr(preparation, "OLDEST_POSTGRESQL", 990000)
    with pytest.raises(CannotStart, match=r"Counterpart needs 99 or newer"):
        preparation.reach_database(step)


def test_silent_server_is_named_by_its_variable(db: None, step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "ensure_connection", refuse)
        with pytest.raises(CannotStart, match=r"DATABASE_URL does not answer:\n\nconnection refused"):
            preparation.reach_database(step)


def test_the_shop_gets_its_demo_data(db: None, step: Step, seeded: list[str]) -> None:
    shown: list[str] = []
    step.on_progress = shown.append
    preparation.seed(step)
    assert seeded == ["seed_demo"]
    assert shown == ["80 products"]
    assert step.note == "80 products"


def test_a_shop_with_a_product_keeps_to_itself(db: None, step: Step) -> None:
    VariantFactory()
    preparation.seed(step)
    assert step.note == "not needed: there is a shop already"
    assert VariantFactory._meta.model.objects.count() == 1


def test_log_ins_are_shown_of_people_who_work_here(db: None, settings: Any) -> None:
    settings.DEMO_LOGINS = "tests.runtime.test_preparation.demo_people"
    assert preparation.demo_logins() == []
    get_user_model()._default_manager.create(username="june")
    assert preparation.demo_logins() == [
        ("June", "Manager", "/admin/", "june", "cedar"),
        ("Front counter", "Pairing code", "/till/", "", "TEST-PDXA"),
    ]
