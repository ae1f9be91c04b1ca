"""Tax certificates: typed at the customer, and what they spare at a place on a day."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from customers import certificates
from customers.models import Customer, TaxCertificate
from tests.office.conftest import Company
from tests.office.test_catalog_forms import inline

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
OAKLAND = ["US", "US-CA", "US-CA-ALAMEDA", "US-CA-ALAMEDA/OAKLAND"]


@pytest.fixture
def customer() -> Customer:
    return Customer.objects.create(email="school@example.com", email_key="school@example.com", created_at=NOON)


def certify(customer: Customer, number: str, *jurisdictions: str, first: str = "2026-01-01", last: str = "") -> None:
    TaxCertificate.objects.create(
        customer=customer,
        number=number,
        jurisdictions=list(jurisdictions),
        valid_from=date.fromisoformat(first),
        valid_until=date.fromisoformat(last) if last else None,
    )


@pytest.mark.parametrize(
    ("told", "place", "spared"),
    [
        ([], OAKLAND, None),
        ([("A-1",)], OAKLAND, ("A-1", [])),
        ([("A-1", "US-CA")], OAKLAND, ("A-1", ["US-CA"])),
        ([("A-1", "US-CA")], ["US", "US-OR"], None),
        ([("A-1", "US-CA")], [], ("A-1", ["US-CA"])),
        ([("A-1", "US-CA", "US-OR")], OAKLAND, ("A-1", ["US-CA"])),
        ([("A-1", "US-CA"), ("B-2", "US-CA-ALAMEDA/OAKLAND")], OAKLAND, ("A-1, B-2", ["US-CA", OAKLAND[3]])),
        ([("A-1", "US-CA"), ("B-2",)], OAKLAND, ("B-2", [])),
        ([("A-1", "US-CA-ALAMEDA")], ["US", "US-CA"], None),
    ],
)
def test_what_certificates_spare(
    customer: Customer,
    told: list[tuple[str, ...]],
    place: list[str],
    spared: tuple[str, list[str]] | None,
    django_assert_num_queries: Callable[[int], object],
) -> None:
    for number, *where in told:
        certify(customer, number, *where)
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        found = certificates.exempt(customer.pk, at=NOON, place=place)
    assert found == ({"certificate": spared[0], "jurisdictions": spared[1]} if spared else None)


@pytest.mark.parametrize(
    ("at", "time_zone", "counts"),
    [
        (datetime(2026, 1, 1, 7, 59, tzinfo=UTC), "America/Los_Angeles", False),
        (datetime(2026, 1, 1, 8, 0, tzinfo=UTC), "America/Los_Angeles", True),
        (datetime(2027, 1, 1, 7, 59, tzinfo=UTC), "America/Los_Angeles", True),
        (datetime(2027, 1, 1, 8, 0, tzinfo=UTC), "America/Los_Angeles", False),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "Europe/Amsterdam", False),
    ],
)
def test_a_certificate_counts_on_the_days_of_the_place(
    customer: Customer, at: datetime, time_zone: str, counts: bool
) -> None:
    certify(customer, "A-1", last="2026-12-31")
    assert (certificates.exempt(customer.pk, at=at, time_zone=time_zone) is not None) is counts
    assert certificates.exempt(None, at=at) is None


def form(**row: str) -> dict[str, str]:
    told = {"number": "A-1", "jurisdictions": "us-or, US-ca", "valid_from": "2026-01-01", "valid_until": "", "note": ""}
    return inline("certificates", [{**told, **row}])


def test_a_certificate_is_typed_at_the_customer(company: Company, as_staff: Callable[..., Client]) -> None:
    customer = Customer.objects.earliest("pk")
    page = reverse("admin:customers_customer_change", args=[customer.pk])
    assert as_staff("office").post(page, form()).status_code == 302
    assert TaxCertificate.objects.get(customer=customer).jurisdictions == ["US-CA", "US-OR"]
    assert "A-1" in as_staff("manager").get(page).content.decode()
    assert as_staff("manager").post(page, form()).status_code == 403


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"jurisdictions": "California"}, "is no place"),
        ({"number": ""}, "required"),
        ({"valid_until": "2025-12-31"}, "before the first"),
        ({"valid_from": "soon"}, "valid date"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    row: dict[str, str], says: str, company: Company, as_staff: Callable[..., Client]
) -> None:
    page = reverse("admin:customers_customer_change", args=[Customer.objects.earliest("pk").pk])
    assert says in as_staff("office").post(page, form(**row)).content.decode()
    assert not TaxCertificate.objects.exists()


def test_nobody_types_over_who_a_customer_is(company: Company, as_staff: Callable[..., Client]) -> None:
    customer = Customer.objects.earliest("pk")
    page = reverse("admin:customers_customer_change", args=[customer.pk])
    as_staff("admin").post(
        page, {**inline("certificates", []), "name": "X", "email": "x@example.com", "email_key": "x"}
    )
    assert Customer.objects.get(pk=customer.pk).email == customer.email
    assert as_staff("admin").get(reverse("admin:customers_customer_add")).status_code == 403
