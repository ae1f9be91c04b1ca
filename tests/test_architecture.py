"""Holds the house to its rules, and each rule to examples of what it must and must not catch."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from commerce.celery import app as celery
from tests import house_rules, template_rules
from tests.house_rules import APPS, Source

ROOT = Path(__file__).resolve().parents[1]
Rule = Callable[[Source], list[str]]


def assert_none(breaches: Iterable[str]) -> None:
    """Fail with one line for each breach, all of them."""
    listed = list(breaches)
    if listed:
        pytest.fail("\n".join(listed), pytrace=False)


def _files(pattern: str, folders: list[str]) -> Iterator[Source]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield Source(path.relative_to(ROOT).as_posix(), path.read_text())


@pytest.mark.parametrize("rule", house_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps(rule: Rule) -> None:
    sources = [*_files("*.py", [*APPS, "hardware"]), Source("manage.py", (ROOT / "manage.py").read_text())]
    assert len(sources) > 50
    assert_none(breach for source in sources for breach in rule(source))


def test_tests_keep_to_the_sizes_too() -> None:
    assert_none(breach for source in _files("*.py", ["tests"]) for breach in house_rules.sizes(source))


@pytest.mark.parametrize("rule", template_rules.RULES, ids=lambda rule: rule.__name__)
def test_the_templates_keep(rule: Rule) -> None:
    sources = list(_files("*.html", ["templates", *APPS]))
    assert sources
    assert_none(breach for source in sources for breach in rule(source))


GOOD = [
    (house_rules.direction, "pos/views/till.py", "from orders.actions import settle_payment\nimport hardware.protocol"),
    (house_rules.direction, "orders/payments.py", "from inventory import stock\nfrom commerce.kernel import db"),
    (house_rules.direction, "orders/payments.py", "from . import errors\nfrom .models import Payment"),
    (house_rules.direction, "commerce/pricing/quotes.py", "from commerce.catalog.models import Variant\nimport django"),
    (house_rules.direction, "commerce/events/admin.py", "from commerce.office.base import HistoryAdmin"),
    (house_rules.direction, "commerce/company/admin/tokens.py", "from commerce.office import columns"),
    (house_rules.direction, "commerce/settings.py", "from commerce.runtime.database import database_url"),
    (house_rules.direction, "commerce/sandbox/retailer/seed.py", "from commerce.kernel import ids"),
    (house_rules.direction, "commerce/sandbox/receipt_printer/paper.py", "from hardware.printers import render"),
    (house_rules.direction, "hardware/server.py", "from hardware import protocol\nimport aiohttp"),
    (house_rules.sizes, "orders/payments.py", "def pay():\n" + "    pass\n" * 59),
    (house_rules.sizes, "orders/demo.py", "def rows():\n    return [\n" + "        1,\n" * 99 + "    ]\n"),
    (house_rules.sizes, "orders/migrations/0001_initial.py", "x = 1\n" * 900),
    (house_rules.names, "orders/stock.py", "def reserve(): ..."),
    (house_rules.names, "commerce/kernel/http.py", "class M:\n    def process_exception(self, request, error): ..."),
    (house_rules.signals, "orders/payments.py", "from commerce.events import record\nimport signal"),
    (house_rules.save_overrides, "orders/models/order.py", "class Order:\n    def is_open(self): ..."),
    (house_rules.save_overrides, "orders/forms.py", "class OrderForm:\n    def save(self): ..."),
    (house_rules.clocks, "orders/views/cart.py", "at = timezone.now()"),
    (house_rules.clocks, "commerce/office/home.py", "def context(request): return {'at': now()}"),
    (house_rules.clocks, "orders/management/commands/audit.py", "at = timezone.now()"),
    (house_rules.clocks, "orders/payments.py", "def take(order, *, at): order.taken_at = at"),
    (house_rules.clocks, "hardware/clock.py", "import time\ntime.time()"),
    (house_rules.writes_in_views, "orders/views/cart.py", "context.update(x=1)\nCart.objects.get(pk=1)"),
    (house_rules.writes_in_views, "orders/views/cart.py", "request.session.save()\ncache.delete(key)\nurl.create(1)"),
    (house_rules.writes_in_views, "orders/carts.py", "Cart.objects.create()"),
    (house_rules.transactions, "orders/actions/place_order.py", "with transaction.atomic(durable=True): ..."),
    (house_rules.transactions, "orders/carts.py", "transaction.on_commit(call)"),
    (template_rules.inline_code, "templates/a.html", '<script type="module" src="{% static "js/a.js" %}"></script>'),
    (template_rules.inline_code, "templates/a.html", '<script type="application/json">{}</script><p class="on">'),
    (template_rules.inline_code, "templates/a.html", "{# <style> #}<!-- <style> -->{% if a > b %}<p>{% endif %}"),
    (template_rules.inline_code, "templates/emails/a.html", '<p style="color: red">'),
    (template_rules.fragments, "templates/shop/_cart_lines.html", '{% load i18n %}<ul id="cart-lines"><li><br></ul>'),
    (template_rules.fragments, "templates/shop/_line.html", '<li id="line-{{ line.pk }}">{{ line }}</li>'),
    (
        template_rules.fragments,
        "templates/shop/_x.html",
        '{% if a %}<p id="x">1</p>{% else %}<p id="x">2</p>{% endif %}',
    ),
    (template_rules.fragments, "templates/shop/_facet.html", "<li>no id needed</li>"),
    (template_rules.fragments, "templates/errors/_refusal.html", '{% component "toast" message=error %}'),
    (template_rules.fragments, "templates/components/_icon.html", "<b></b><i></i>"),
    (template_rules.fragments, "templates/shop/cart.html", '<a id="b"></a><a></a>'),
]
BAD = [
    (house_rules.direction, "commerce/kernel/db.py", "from commerce.events import outbox"),
    (house_rules.direction, "commerce/catalog/search.py", "def f():\n    from commerce.pricing import engine"),
    (house_rules.direction, "commerce/cases/models.py", "from commerce import ledger"),
    (house_rules.direction, "commerce/events/models.py", "from commerce.office.base import HistoryAdmin"),
    (house_rules.direction, "commerce/events/admin.py", "from commerce.catalog.models import Product"),
    (house_rules.direction, "commerce/kernel/db.py", "from ..catalog import models"),
    (house_rules.direction, "commerce/urls.py", "import pos.views"),
    (house_rules.direction, "inventory/stock.py", "from orders.models import Order"),
    (house_rules.direction, "inventory/stock.py", "import customers"),
    (house_rules.direction, "pos/drawer.py", "if TYPE_CHECKING:\n    from storefront import views"),
    (house_rules.direction, "pos/drawer.py", "from hardware import printers"),
    (house_rules.direction, "orders/payments.py", "from hardware import protocol"),
    (house_rules.direction, "orders/payments.py", "from commerce.sandbox import card_network"),
    (house_rules.direction, "orders/payments.py", "from commerce.runtime import ports"),
    (house_rules.direction, "commerce/events/live.py", "from commerce import settings"),
    (house_rules.direction, "commerce/runtime/startup.py", "from commerce.kernel import clock"),
    (house_rules.direction, "commerce/sandbox/card_network/api.py", "from hardware import server"),
    (house_rules.direction, "hardware/spool.py", "from commerce.kernel import ids"),
    (house_rules.sizes, "orders/payments.py", "x = 1\n" * 401),
    (house_rules.sizes, "orders/payments.py", "def pay():\n" + "    pass\n" * 60),
    (house_rules.names, "orders/utils.py", ""),
    (house_rules.names, "orders/payments.py", "def process_payment(): ..."),
    (house_rules.names, "orders/payments.py", "async def handle_refund(): ..."),
    (house_rules.signals, "orders/payments.py", "from django.db.models.signals import post_save"),
    (house_rules.signals, "orders/payments.py", "from django.dispatch import receiver"),
    (house_rules.signals, "orders/payments.py", "from allauth.account import signals"),
    (house_rules.save_overrides, "orders/models/order.py", "class Order:\n    def save(self, *args): ..."),
    (house_rules.save_overrides, "orders/models.py", "class Order:\n    def delete(self): ..."),
    (house_rules.clocks, "orders/payments.py", "at = timezone.now()"),
    (house_rules.clocks, "orders/actions/place_order.py", "import datetime as dt\ndt.datetime.now(tz)"),
    (house_rules.clocks, "orders/payments.py", "from django.utils.timezone import now\nat = now()"),
    (house_rules.clocks, "orders/models.py", "at = DateTimeField(default=timezone.now)"),
    (house_rules.clocks, "orders/models.py", "at = DateTimeField(auto_now_add=True)"),
    (house_rules.clocks, "orders/payments.py", "day = date.today()"),
    (house_rules.clocks, "orders/payments.py", "import time\nstamp = time.time()"),
    (house_rules.clocks, "orders/payments.py", "from commerce.kernel import clock\nat = clock.now()"),
    (house_rules.writes_in_views, "orders/views/cart.py", "Cart.objects.create()"),
    (house_rules.writes_in_views, "orders/views/cart.py", "Cart.objects.filter(pk=1).update(x=1)"),
    (house_rules.writes_in_views, "orders/api.py", "order.lines.all().delete()"),
    (house_rules.writes_in_views, "orders/api.py", "order.save(update_fields=['state'])"),
    (house_rules.writes_in_views, "orders/forms.py", "line.delete()"),
    (house_rules.transactions, "orders/views/cart.py", "@transaction.atomic\ndef view(request): ..."),
    (house_rules.transactions, "orders/carts.py", "with transaction.atomic(): ..."),
    (template_rules.inline_code, "templates/a.html", "<script>alert(1)</script>"),
    (template_rules.inline_code, "templates/a.html", "<style>p {}</style>"),
    (template_rules.inline_code, "templates/a.html", "<p {% if a %}style='x'{% endif %}>"),
    (template_rules.inline_code, "templates/a.html", '<button onclick="x()">'),
    (template_rules.inline_code, "templates/a.html", '<button hx-on:click="x()">'),
    (template_rules.inline_code, "templates/a.html", '<a href="javascript:x()">'),
    (template_rules.inline_code, "templates/a.html", '<div hx-vals="js:{a: 1}">'),
    (template_rules.fragments, "templates/shop/_cart.html", '<div id="basket"></div>'),
    (template_rules.fragments, "templates/shop/_cart.html", "<div></div><div></div>"),
    (template_rules.fragments, "templates/shop/_cart.html", "only text"),
]


@pytest.mark.parametrize(("rule", "path", "text"), GOOD)
def test_rule_lets_pass(rule: Rule, path: str, text: str) -> None:
    assert rule(Source(path, text)) == []


@pytest.mark.parametrize(("rule", "path", "text"), BAD)
def test_rule_catches(rule: Rule, path: str, text: str) -> None:
    assert len(rule(Source(path, text))) == 1


def test_every_path_named_in_settings_leads_somewhere() -> None:
    modules = [
        *settings.AUDITS,
        *settings.SYNC_ENTITIES,
        *settings.TAX_ENTITIES,
        *settings.TAX_PROVIDERS,
        *settings.DEMO,
        *settings.TENDERS,
        *settings.FULFILLMENT_TYPES,
        *settings.CASE_RESOLUTIONS,
        *settings.STOCK_DOCUMENTS,
        settings.PROMOTION_RECORDS,
    ]
    missing = [name for name in modules if not _module_exists(name)]
    subscribers = [path for paths in settings.EVENT_SUBSCRIBERS.values() for path in paths]
    missing += [path for path in [settings.DEMO_LOGINS, *subscribers] if not _resolves(path)]
    assert_none(missing)


def test_every_scheduled_task_exists() -> None:
    celery.loader.import_default_modules()
    scheduled = {entry["task"] for entry in celery.conf.beat_schedule.values()}
    assert scheduled
    assert_none(sorted(scheduled - set(celery.tasks)))


def _module_exists(name: str) -> bool:
    return (ROOT / name.replace(".", "/")).with_suffix(".py").exists() or (ROOT / name.replace(".", "/")).is_dir()


def _resolves(path: str) -> bool:
    try:
        return callable(import_string(path))
    except ImportError:
        return False
