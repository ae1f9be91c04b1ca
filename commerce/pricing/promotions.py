"""The only writer of promotions. Every change tells of itself (`rules.changed`), for tills that are open."""

from datetime import date, datetime

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from commerce.company.models import User
from commerce.events import outbox
from commerce.kernel.db import in_transaction, rows
from commerce.kernel.errors import DomainError, InvalidInput
from commerce.pricing import promotion_checks
from commerce.pricing.models import Promotion, PromotionItem
from commerce.pricing.promotion_drafts import COLUMNS, Draft, draft_of


class PromotionInUse(DomainError):
    code = "promotion_in_use"
    message = _("“%(name)s” has run or has coupons: orders may name it. Pause it instead.")


@in_transaction
def put(draft: Draft, *, promotion: Promotion | None = None, person: User | None = None, at: datetime) -> Promotion:
    """Write what a draft says, into a new promotion (which does not run) or over one that is there.

    Raises `InvalidInput` with the fields of `promotion_checks.problems`. Without a code one is made of the name. A code
    stays what it is, because orders name it.
    """
    _hold_all()
    if promotion is not None:
        promotion = Promotion.objects.select_for_update(of=("self",)).get(pk=promotion.pk)
    wrong = promotion_checks.problems(draft, own=promotion)
    if promotion is not None and promotion.is_active and draft.needs_coupon and not promotion.needs_coupon:
        wrong = wrong or _without_coupons(promotion)
    if wrong:
        raise InvalidInput(wrong)
    row = promotion or Promotion(created_at=at, created_by=person)
    code = row.code or draft.code or _free_code(draft.name)
    for name in COLUMNS:
        setattr(row, name, getattr(draft, name))
    row.code, row.name, row.label = code, draft.name.strip(), draft.label.strip()
    row.tiers = [tier.as_json() for tier in draft.tiers]
    row.only_channels, row.weekdays = list(draft.channels), list(draft.weekdays)
    row.save()
    row.only_markets.set(draft.markets)
    row.only_locations.set(draft.locations)
    row.only_groups.set(draft.groups)
    row.items.all().delete()
    PromotionItem.objects.bulk_create(
        PromotionItem(
            promotion=row, role=item.role, part=item.part, quantity=item.quantity, **{f"{item.thing}_id": item.pk}
        )
        for item in draft.items
    )
    announce(row.code, at=at)
    return row


@in_transaction
def start(promotion: Promotion, *, today: date, at: datetime) -> None:
    """Let a promotion run on its days. Raises `InvalidInput` when it cannot."""
    row = Promotion.objects.select_for_update(of=("self",)).get(pk=promotion.pk)
    wrong = promotion_checks.problems_of_start(draft_of(row), own=row, today=today)
    if wrong:
        raise InvalidInput(wrong)
    Promotion.objects.filter(pk=row.pk).update(is_active=True, started_at=row.started_at or at)
    announce(row.code, at=at)


@in_transaction
def pause(promotion: Promotion, *, at: datetime) -> None:
    """Let nobody have it any more, until it is started again."""
    row = Promotion.objects.select_for_update(of=("self",)).get(pk=promotion.pk)
    Promotion.objects.filter(pk=row.pk).update(is_active=False, started_at=row.started_at or at)
    announce(row.code, at=at)


@in_transaction
def discard(promotion: Promotion, *, at: datetime) -> None:
    """Delete a draft. Raises `PromotionInUse` for one that has run or has coupons."""
    row = Promotion.objects.select_for_update(of=("self",)).get(pk=promotion.pk)
    if row.is_active or row.started_at or row.coupons.exists():
        raise PromotionInUse(name=row.name)
    row.delete()
    announce(row.code, at=at)


@in_transaction
def announce(code: str, *, at: datetime) -> None:
    """Record that the rules of prices have changed; servers and tills that keep a set of them fetch a new one."""
    outbox.record("rules.changed", code, {"promotion": code}, at=at)


def _hold_all() -> None:
    """Writers of promotions pass one after the other, so that no two give away the same code."""
    rows("SELECT pg_advisory_xact_lock(hashtext('pricing.promotions'))")


def _without_coupons(promotion: Promotion) -> promotion_checks.Problems:
    if promotion.coupons.filter(is_active=True).exists():
        return {}
    return {"needs_coupon": [str(_("It runs, and there is no coupon for it yet. Make coupons first, or pause it."))]}


def _free_code(name: str) -> str:
    """A code that nobody has, made of a name."""
    stem = slugify(name)[:32].strip("-") or "offer"
    taken = set(Promotion.objects.filter(code__startswith=stem).values_list("code", flat=True))
    return next(code for code in _codes(stem) if code not in taken)


def _codes(stem: str):  # type: ignore[no-untyped-def]
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1
