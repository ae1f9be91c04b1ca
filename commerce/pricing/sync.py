"""What imports may bring to prices: of a record of kind variant, `price` and `compare_at` as the file has them.

Option `market` (a code; by default the default market) says whose price list they are for.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from commerce.catalog.models import Variant
from commerce.kernel.errors import InvalidInput, NotFound
from commerce.kernel.exchange import CREATED, UNCHANGED, UPDATED, Record, Run
from commerce.kernel.money import InvalidAmount, Money, parse_money
from commerce.pricing import listings, prices
from commerce.pricing.models import Market
from commerce.pricing.queries import market_for

PLAIN = re.compile(r"\d{1,12}(\.\d{1,4})?")


class PriceEntity:
    """Prices of variants on one price list."""

    def __init__(self) -> None:
        self._currency = ""
        self._price_list = 0

    def prepare(self, options: dict[str, Any]) -> None:
        market = _market(options.get("market") or "")
        self._currency, self._price_list = market.currency, market.price_list_id
        options["currency"] = market.currency

    def apply(self, records: Sequence[Record], run: Run) -> None:
        described = [part.found["variant"] for part in _variants(records) if part.outcome == UPDATED]
        asked: list[tuple[Record, prices.Amount]] = []
        for record in _variants(records):
            amount = self._amount(record, "price")
            if amount is None:
                record.note("price_missing", _("There is no price, so this cannot be sold yet."))
            else:
                asked.append((record, (amount, self._compare_at(record, amount))))
        known = prices.standing(
            self._price_list, [record.found["variant"] or 0 for record, _amount in asked], at=run.at
        )
        changed = {}
        for record, price in asked:
            variant = record.found["variant"]
            before = known.get(variant or 0)
            outcome = CREATED if before is None else UNCHANGED if before == price else UPDATED
            run.tally["prices"][outcome] += 1
            record.became(UPDATED if outcome == CREATED else outcome)
            if variant is not None and outcome != UNCHANGED:
                changed[variant] = price
        if changed and not run.dry_run:
            prices.put(self._price_list, changed, at=run.at)
        if not run.dry_run:
            _show_again([variant for variant in described if variant and variant not in changed], at=run.at)

    def _compare_at(self, record: Record, amount: int) -> int | None:
        if record.data.get("compare_at", "").strip("0.,") == "":
            return None
        compare_at = self._amount(record, "compare_at")
        if compare_at is not None and compare_at <= amount:
            text = _("The compare-at price %(compare_at)s is not above the price %(price)s and was left out.")
            record.note("compare_at_not_above", text % {name: record.data[name] for name in ("compare_at", "price")})
            return None
        return compare_at

    def _amount(self, record: Record, name: str) -> int | None:
        """Minor units, None when there is nothing or nothing usable, which is noted."""
        text = record.data.get(name, "")
        if not text:
            return None
        try:
            if PLAIN.fullmatch(text):
                money = Money.from_decimal(Decimal(text), self._currency)
            else:
                money = parse_money(text, self._currency, "en")
        except InvalidAmount as error:
            record.note(f"{name}_unusable", str(error))
            return None
        except ValueError:
            says = _("“%(text)s” has more decimals than amounts in %(currency)s have.")
            record.note(f"{name}_unusable", says % {"text": text, "currency": self._currency})
            return None
        if not 0 <= money.minor <= prices.MAX_MINOR:
            record.note(f"{name}_unusable", _("“%(text)s” cannot be a price.") % {"text": text})
            return None
        return money.minor


ENTITY = PriceEntity


def _variants(records: Iterable[Record]) -> list[Record]:
    parts = [part for record in records for part in record.parts]
    return [part for part in parts if part.kind == "variant" and not part.is_refused and "variant" in part.found]


def _show_again(variants: Sequence[int], *, at: datetime) -> None:
    """Lists show what pieces hold and leave out what is not sold: both may have changed without a price."""
    if variants:
        products = Variant.objects.filter(pk__in=variants).values_list("product_id", flat=True).distinct()
        listings.refresh(list(products), at=at)


def _market(code: str) -> Market:
    if not code:
        try:
            return market_for(None)
        except NotFound as error:
            text = _("There is no default market, so nobody knows which currency the prices are in. Set one up first.")
            raise InvalidInput({"market": [text]}) from error
    market = Market.objects.select_related("price_list").filter(code=code).first()
    if market is None:
        known = ", ".join(Market.objects.values_list("code", flat=True).order_by("code"))
        text = _("There is no market “%(code)s”. There are: %(known)s.")
        raise InvalidInput({"market": [text % {"code": code, "known": known or "–"}]})
    return market
