"""The grid of a price list: variants down, what they cost now and next across; many cells, one preview, one save."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commerce.catalog.models import Category, Variant
from commerce.catalog.skus import normalize_sku
from commerce.kernel.errors import DomainError
from commerce.kernel.money import Money, minor_digits
from commerce.office.asking import remember
from commerce.office.base import person_of
from commerce.office.paginator import EstimatingPaginator
from commerce.pricing import prices, timeline
from commerce.pricing.actions.change_prices import change_prices
from commerce.pricing.admin.margins import Margins, market_of
from commerce.pricing.admin.scope import derivation_of, scope_of
from commerce.pricing.drafts import Draft, Fault, differences, offered, read_amounts
from commerce.pricing.models import PriceList
from commerce.pricing.timeline import ALWAYS, Amount, Span

PER_PAGE = 50
EDIT, COSTS = "price.edit", "cost.view"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of a grid; nonsense is read as nothing."""

    text: str
    category: str
    show: str
    as_of: date | None
    page: str

    @classmethod
    def of(cls, params: QueryDict) -> "Asked":
        try:
            as_of = parse_date(params.get("on", ""))
        except ValueError:
            as_of = None
        show = params.get("show", "")
        text = params.get("q", "").replace("\0", "").strip()[:120]
        return cls(text, params.get("category", "")[:140], show if show in SHOWN else "", as_of, params.get("p", "1"))

    def query(self, **other: Any) -> str:
        said = {"q": self.text, "category": self.category, "show": self.show, "on": self.as_of, **other}
        return urlencode({name: value for name, value in said.items() if value})

    def variants(self, price_list: PriceList) -> "QuerySet[Variant]":
        """The variants that are asked for, those that are sold."""
        found = Variant.objects.filter(is_active=True).exclude(product__status="archived").select_related("product")
        if self.text:
            key = normalize_sku(self.text).value
            by_name = Q(product__title__icontains=self.text) | Q(title__icontains=self.text)
            found = found.filter(by_name | Q(sku_key__startswith=key) if key else by_name)
        if self.category:
            found = found.filter(product__facets__contains=[f"category:{self.category}"])
        if self.show:
            own = Q(prices__price_list=price_list, prices__withdrawn_at=None)
            own &= Q(prices__is_limited=True) if self.show == "planned" else Q()
            known = Variant.objects.filter(own).values("pk")
            found = found.exclude(pk__in=known) if self.show == "without" else found.filter(pk__in=known)
        return found.order_by("sku_key")


SHOWN = ("own", "without", "planned")


@dataclass(slots=True)
class Cell:
    """A row of the grid. `typed` is what the person has typed; `now` the standing price on this list, None without one;
    `limited` a price that stands in for it today."""

    variant: Variant
    now: Amount | None
    limited: Span | None
    base_minor: int | None
    cost_minor: int | None
    margin: Any
    following: Span | None
    on_day: Amount | None
    typed: tuple[str, str]
    seen: str  # what the page first showed, so that saving notices what somebody else has changed since
    placeholder: str = ""
    fault: str = ""


def _seen(amount: Amount | None) -> str:
    return "" if amount is None else f"{amount[0]}:{'' if amount[1] is None else amount[1]}"


def grid_page(admin: Any, request: HttpRequest, price_list: PriceList, *, at: datetime) -> HttpResponse:
    """The page; its POST shows what would change, and with `save` changes it."""
    asked = Asked.of(request.GET)
    is_sent = request.method == "POST" and person_of(request).has_perm(EDIT) and asked.as_of is None
    page = EstimatingPaginator(asked.variants(price_list), PER_PAGE).get_page(asked.page)
    cells = cells_of(price_list, list(page), request.POST if is_sent else None, asked.as_of, at=at)
    draft, changed = Draft(), []
    if is_sent:
        draft = drafted(cells, request.POST, price_list.currency)
        changed = differences(price_list, draft, at=at)
        for fault in draft.faults:
            for cell in cells:
                cell.fault = cell.fault or (fault.text if cell.variant.sku == fault.row else "")
    if is_sent and "save" in request.POST and not draft.faults:
        try:
            messages.success(request, save(request, price_list, draft, at=at))
            return HttpResponseRedirect(request.get_full_path())
        except DomainError as error:  # somebody was faster
            draft.faults.append(Fault(price_list.name, str(error)))
    context = {
        **admin.admin_site.each_context(request),
        **_words(price_list, asked, request),
        "title": price_list.name,
        "opts": admin.opts,
        "cells": cells,
        "page": page,
        "numbers": _numbers(page),
        "changed": changed,
        "faults": draft.faults,
        "is_judged": is_sent,
    }
    return TemplateResponse(request, "office/price_grid.html", context, status=422 if draft.faults else 200)


def _words(price_list: PriceList, asked: Asked, request: HttpRequest) -> dict[str, Any]:
    person = person_of(request)
    base = base_of(price_list)
    return {
        "price_list": price_list,
        "currency": price_list.currency,
        "scope": scope_of(price_list),
        "derivation": derivation_of(price_list),
        "base": base,
        "asked": asked,
        "query": asked.query(),
        "categories": [("", _("All categories")), *Category.objects.values_list("slug", "name")],
        "shows": [
            ("", _("All variants")),
            ("own", _("With a price here")),
            ("without", _("Without a price here")),
            ("planned", _("With a limited price")),
        ],
        "may_edit": person.has_perm(EDIT) and asked.as_of is None,
        "may_manage": person.has_perm(EDIT),
        "may_cost": person.has_perm(COSTS),
    }


def base_of(price_list: PriceList) -> PriceList | None:
    """The list whose prices stand beside these: that it is derived from, else its market's own."""
    if price_list.derived_from:
        return price_list.derived_from
    market = market_of(price_list)
    return market.price_list if market and market.price_list_id != price_list.pk else None


def cells_of(
    price_list: PriceList, variants: list[Variant], sent: QueryDict | None, as_of: date | None, *, at: datetime
) -> list[Cell]:
    """Rows for variants, in a fixed number of statements."""
    keys = [variant.pk for variant in variants]
    spans = prices.known(price_list.pk, [(pk, 1) for pk in keys])
    today = prices.day_of(price_list.pk, at)
    base = base_of(price_list)
    below = offered(base, keys, at=at) if base else {}
    standing = offered(price_list, keys, at=at)
    own = prices.standing(price_list.pk, keys, at=at)
    margins = Margins.of(price_list, keys, on=today)
    found = []
    for variant in variants:
        pk, timeline_of = variant.pk, spans[variant.pk, 1]
        running, asked_day = timeline.on(timeline_of, today), timeline.on(timeline_of, as_of or today)
        now = own.get(pk)
        shown = running.amount if running else standing.get(pk)
        typed = _typed(sent, pk, now, price_list.currency)
        cell = Cell(
            variant,
            now,
            running if running and running.is_limited else None,
            below[pk][0] if pk in below else None,
            margins.by_variant.get(pk),
            margins.on(pk, variant.product.tax_class, shown[0]) if shown else None,
            timeline.after(timeline_of, today),
            asked_day.amount if asked_day else None,
            typed,
            _seen(now) if sent is None else sent.get(f"seen-{pk}", ""),
            "" if now or pk not in standing else _plain(standing[pk][0], price_list.currency),
        )
        found.append(cell)
    return found


def _typed(sent: QueryDict | None, pk: int, now: Amount | None, currency: str) -> tuple[str, str]:
    if sent is not None and f"price-{pk}" in sent:
        return sent.get(f"price-{pk}", "")[:40], sent.get(f"was-{pk}", "")[:40]
    price, was = now or (None, None)
    return _plain(price, currency), _plain(was, currency)


def _plain(minor: int | None, currency: str) -> str:
    """An amount as it is typed: "1234.50", in the language of the page, without its sign."""
    if minor is None:
        return ""
    amount = Money(minor, currency).as_decimal()
    return str(number_format(amount, decimal_pos=minor_digits(currency), use_l10n=True, force_grouping=False))


def drafted(cells: list[Cell], sent: QueryDict, currency: str) -> Draft:
    """What was typed, cell by cell; what is as it was is no change."""
    draft = Draft()
    for cell in cells:
        price, was = cell.typed
        sku, key = cell.variant.sku, (cell.variant.pk, 1)
        if f"price-{cell.variant.pk}" not in sent:
            continue
        try:
            amount = read_amounts(price, was, currency) if price.strip() or was.strip() else None
        except ValueError as error:
            draft.faults.append(Fault(sku, str(error)))
            continue
        if amount == cell.now:
            continue
        if cell.seen != _seen(cell.now):
            draft.faults.append(Fault(sku, _("Somebody has changed this price meanwhile. Look at it again.")))
        elif amount is None:
            draft.wanted[key], draft.rows[key] = None, sku
        else:
            draft.add(sku, key, ALWAYS, amount)
    return draft


def save(request: HttpRequest, price_list: PriceList, draft: Draft, *, at: datetime) -> str:
    """Save a draft without faults, and say so. Raises what `change_prices` raises."""
    written = change_prices(price_list.pk, draft.wanted, person=person_of(request), at=at)
    count = len(written.created | written.updated)
    done = ngettext("%(n)s price is changed.", "%(n)s prices are changed.", count) % {"n": count}
    if count:
        remember(request, price_list, done)
    return done


def _numbers(page: Any) -> list[int | None]:
    found = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in found]
