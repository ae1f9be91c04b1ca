"""Who says what taxes are: the registry of providers, and asking the one of a market.

    answer = tax_providers.ask(market, TaxQuestion(…), at=now())     # outside of any transaction
    answer.rows, answer.place, answer.fell_back

The table of rates is built in and always there. A provider that is asked over a network has little time, is left alone
for a while when it fails (`breaker`), and what it said is kept for a few minutes. Where it does not answer the table
does, and the answer says so: nobody is sold to without tax because somebody else's computer is down.
"""

import logging
from datetime import datetime, timedelta
from functools import cache as once
from hashlib import sha256
from importlib import import_module

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from commerce.kernel.db import in_own_transaction
from commerce.pricing.models import Market
from commerce.pricing.tax_providers.base import NoAnswer, TaxAnswer, TaxProvider, TaxQuestion
from commerce.pricing.tax_providers.breaker import Breaker
from commerce.pricing.tax_providers.table import PROVIDER as TABLE
from commerce.pricing.taxes import TaxRow

KEPT_SECONDS = 300
FAILURES = 3
REST = timedelta(seconds=30)
_log = logging.getLogger(__name__)


@once
def registry() -> dict[str, TaxProvider]:
    """All providers by their code, in the order of settings.TAX_PROVIDERS."""
    found: list[TaxProvider] = [import_module(path).PROVIDER for path in settings.TAX_PROVIDERS]
    return {provider.code: provider for provider in found}


@once
def breaker_of(code: str) -> Breaker:
    """This process's breaker of a provider."""
    return Breaker(FAILURES, REST)


def is_any_remote() -> bool:
    """Whether there is any provider to be asked over a network."""
    return any(provider.is_remote for provider in registry().values())


def provider_of(market: Market) -> TaxProvider:
    """Whom a market asks; the table for one whose provider is not known any more."""
    return registry().get(market.tax_provider or settings.TAX_PROVIDER, TABLE)


def ask(market: Market, asked: TaxQuestion, *, at: datetime) -> TaxAnswer:
    """The rates for a question, by the market's provider or else by the table. Raises RuntimeError in a transaction."""
    provider = provider_of(market)
    if not provider.is_remote:
        return TaxAnswer(*provider.rates(asked), provider.code)
    if in_own_transaction():
        raise RuntimeError("a tax provider must not be asked inside a transaction")
    key = f"tax:{provider.code}:{sha256(repr(asked).encode()).hexdigest()}"
    found: tuple[list[str], list[TaxRow]] | None = cache.get(key)
    if found is None:
        try:
            found = _asked(provider, asked, at=at)
        except NoAnswer as error:
            _log.warning("tax provider %s did not answer: %s", provider.code, error)
            return TaxAnswer(*TABLE.rates(asked), provider.code, fell_back=True, reason=str(error))
        cache.set(key, found, KEPT_SECONDS)
    return TaxAnswer(*found, provider.code)


def _asked(provider: TaxProvider, asked: TaxQuestion, *, at: datetime) -> tuple[list[str], list[TaxRow]]:
    breaker = breaker_of(provider.code)
    if not breaker.may_ask(at):
        raise NoAnswer(_("It failed several times and is left alone for a moment."))
    try:
        found = provider.rates(asked)
    except NoAnswer:
        breaker.failed(at)
        raise
    except Exception as error:
        breaker.failed(at)
        _log.exception("tax provider %s broke", provider.code)
        raise NoAnswer(_("It broke: %(error)s.") % {"error": type(error).__name__}) from error
    breaker.answered()
    return found
