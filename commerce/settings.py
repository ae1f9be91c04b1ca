"""Composition root: the only place that names every app, and only as strings."""

import mimetypes
import os
import secrets
from contextlib import suppress
from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from commerce.outside import (  # noqa: F401 - settings are the names of this module
    BRIDGE_URL,
    CONTENT_SECURITY_POLICY,
    OFFICE_CONTENT_SECURITY_POLICY,
    STRIPE_ACCOUNT,
    STRIPE_API_BASE,
    STRIPE_JS_URL,
    STRIPE_PUBLISHABLE_KEY,
    STRIPE_SECRET_KEY,
    STRIPE_TIMEOUT_SECONDS,
    STRIPE_WEBHOOK_SECRET,
)
from commerce.runtime import ports
from commerce.runtime.database import database_url
from commerce.runtime.paths import data_directory

django_stubs_ext.monkeypatch()  # Django's generic classes take their type arguments at run time, too

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_directory()


def _kept_secret(name: str) -> str:
    """A random secret that survives restarts, for installations that set none in the environment.

    Programs that start together agree on one: it appears whole or not at all, and the first to write it wins.
    """
    path = DATA_DIR / name
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


DEBUG = os.environ.get("DEBUG", "") == "1"
SECRET_KEY = os.environ.get("SECRET_KEY") or _kept_secret("secret_key")
PIN_PEPPER = os.environ.get("PIN_PEPPER") or _kept_secret("pin_pepper")
GIFT_CARD_PEPPER = os.environ.get("GIFT_CARD_PEPPER") or _kept_secret("gift_card_pepper")  # a new one ends all cards
# In years; 0: for ever. What is left on a card after them is income, which the law of a place may forbid.
GIFT_CARD_YEARS = int(os.environ.get("GIFT_CARD_YEARS", "0"))
# How far a card machine's slip or batch may be off before it is a case, in minor units.
BATCH_DIFFERENCE_LIMIT = int(os.environ.get("BATCH_DIFFERENCE_LIMIT", "0"))
# Worked events of the card network are kept so many days; what failed stays.
NETWORK_EVENT_DAYS = int(os.environ.get("NETWORK_EVENT_DAYS", "90"))
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if origin]
BEHIND_TLS = os.environ.get("BEHIND_TLS", "") == "1"
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{ports.web()}")

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the site object is ours
    "unfold.contrib.filters",
    "commerce.office.apps.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "commerce.runtime",
    "commerce.kernel",
    "commerce.events",
    "commerce.company",
    "commerce.ledger",
    "commerce.cases",
    "commerce.catalog",
    "commerce.pricing",
    "commerce.sync",
    "commerce.office",
    "commerce.sandbox",
    "customers",
    "inventory",
    "orders",
    "pos",
    "storefront",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "commerce.office.middleware.OfficePolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "commerce.office.middleware.OfficeClockMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "storefront.languages.MarketLanguageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "commerce.kernel.http.DomainErrorMiddleware",
]

ROOT_URLCONF = "commerce.urls"
WSGI_APPLICATION = "commerce.wsgi.application"
ASGI_APPLICATION = "commerce.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commerce.kernel.http.page_context",
                "commerce.company.shop.page_context",
                "storefront.context.page_context",
            ],
        },
    },
]

# Statements that a connection has sent a few times are prepared: parsing and planning was half of the database's work.
# Poolers of transactions understand this from PgBouncer 1.22 on; with an older one, PREPARED_STATEMENTS=0.
_PREPARED = (
    {"server_side_binding": True, "prepare_threshold": 3} if os.environ.get("PREPARED_STATEMENTS", "1") == "1" else {}
)

# One PostgreSQL for everything. Lock waits are bounded here, once: a caller that cannot get a row in time gets the
# retryable `busy` answer instead of a hanging page.
DATABASE_DSN = database_url()  # also used as it is by the live stream's listener and the queue, which need no pooler
_dsn = conninfo_to_dict(DATABASE_DSN)
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _dsn.pop("dbname", "counterpart"),
        "USER": _dsn.pop("user", ""),
        "PASSWORD": _dsn.pop("password", ""),
        "HOST": _dsn.pop("host", ""),
        "PORT": _dsn.pop("port", ""),
        "OPTIONS": {
            **_dsn,
            **_PREPARED,
            "options": "-c lock_timeout=3000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000",
        },
        "CONN_MAX_AGE": int(os.environ.get("CONN_MAX_AGE", "600")),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "company.User"
AUTHENTICATION_BACKENDS = ["commerce.company.roles.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", _("English")), ("de", _("German")), ("nl", _("Dutch"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "commerce.formats"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
mimetypes.add_type("image/webp", ".webp")  # not among those that every Python knows
MEDIA_URL = "media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Files that no address leads to. Web servers and workers share both.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "commerce.runtime.stylesheets.BundledStaticFilesStorage"},
}
WHITENOISE_MIMETYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}

UNFOLD = {
    "SITE_TITLE": "Counterpart",
    "SITE_HEADER": "Counterpart",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "commerce.office.theme.favicon"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": ["commerce.office.theme.stylesheet"],
    "SCRIPTS": ["commerce.office.theme.labels"],
    "LOGIN": {"form": "commerce.office.login.LoginForm"},
    "SIDEBAR": {"navigation": "commerce.office.navigation.groups"},
}

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL", "pgmq://")

# What happens above or beside the step that recorded an event: topic -> tasks, by dotted path. One list, greppable.
EVENT_SUBSCRIBERS: dict[str, list[str]] = {
    "order.placed": ["storefront.tasks.email_confirmation", "orders.tasks.look_at_margins", "orders.tasks.keep_card"],
    "order.returned": ["storefront.tasks.email_money_back"],
    "order.refunded": ["storefront.tasks.email_money_back"],
    "gift_card.bought": ["storefront.tasks.email_gift_cards"],
    "order.goods_gone": ["storefront.tasks.email_goods_gone"],
    "order.canceled": ["storefront.tasks.email_cancellation"],
    "phone_order.sent": ["storefront.tasks.email_payment_link"],
    "cards.link_asked": ["storefront.tasks.email_cards_link"],
    "fulfillment.ready": ["storefront.tasks.email_ready_for_pickup"],
    "location.changed": ["inventory.tasks.keep_safety_stock"],
    "catalog.changed": ["commerce.catalog.tasks.learn_words", "commerce.pricing.tasks.refresh_listings"],
    "lists.changed": ["commerce.pricing.tasks.relist"],
}

# Who works what the card network tells: a prefix of the event's type -> `work(event, *, at)`, by dotted path. The
# longest prefix wins; what has no worker is kept and left alone.
NETWORK_EVENT_WORKERS: dict[str, str] = {
    "payment_intent.": "orders.network_workers.payment_intent",
    "payment_method.": "orders.card_events.payment_method",
    "setup_intent.": "orders.card_events.setup_intent",
    "charge.dispute.": "orders.actions.settle_dispute.work",
    "payout.": "orders.actions.settle_payout.work",
    "refund.": "orders.refund_events.work",
    "charge.refund": "orders.refund_events.work",
}

# Rooms that each app may offer; the collectors in kernel, sync and sandbox walk these lists.
AUDITS = [
    "commerce.kernel.audit", "commerce.events.audit", "commerce.ledger.audit", "commerce.catalog.audit",
    "commerce.pricing.audit", "customers.audit", "inventory.audit", "orders.audit", "orders.settlement_audit",
    "orders.refund_audit", "pos.audit",
]  # fmt: skip
CONTROLS = ["orders.control", "pos.control", "inventory.control", "customers.control"]  # the daily control page
HOME_TILES = [
    "orders.tiles",
    "orders.phone_tiles",
    "commerce.cases.tiles",
    "inventory.tiles",
    "inventory.count_tiles",
    "pos.tiles",
]
CASE_RESOLUTIONS = [
    "orders.resolutions",
    "orders.serial_resolutions",
    "orders.settlement_resolutions",
    "orders.refund_resolutions",
    "orders.bank_transfer_resolutions",
    "inventory.resolutions",
    "inventory.transfer_resolutions",
    "pos.resolutions",
]
GOODS_COSTS = "inventory.costs.average_costs"
PROMOTION_RECORDS = "orders.promotion_records"  # what promotions gave
STOCK_DOCUMENTS = ["inventory.sources", "orders.sources"]
SYNC_ENTITIES = ["commerce.catalog.sync", "commerce.pricing.sync", "inventory.sync"]
WALLET_ENTITIES = ["customers.sync"]
TAX_ENTITIES = ["commerce.pricing.tax_sync"]
# Who says taxes on the web, where a market names nobody: the code of one of TAX_PROVIDERS. Tills always use the table.
TAX_SERVICE_URL = os.environ.get("TAX_SERVICE_URL", "")
TAX_SERVICE_KEY = os.environ.get("TAX_SERVICE_KEY", "")
TAX_PROVIDERS = ["commerce.pricing.tax_providers.table"]
if TAX_SERVICE_URL:
    TAX_PROVIDERS.append("commerce.pricing.tax_providers.web_service")
TAX_PROVIDER = os.environ.get("TAX_PROVIDER", "table")
TAX_PROVIDER_SECONDS = float(os.environ.get("TAX_PROVIDER_SECONDS", "2"))
DEMO = [
    "commerce.company.demo",
    "commerce.catalog.demo",
    "commerce.pricing.demo",
    "inventory.demo",
    "customers.demo",
    "orders.demo",
    "pos.demo",
    "orders.demo_refunds",
    "orders.demo_settlements",
    "commerce.pricing.demo_offers",
    "commerce.pricing.demo_workshop",
]
DEMO_LOGINS = "commerce.sandbox.retailer.demo_logins"
DEMO_CARD_PAYMENTS = "orders.demo_history.card_payments"
DEMO_READERS = "commerce.sandbox.retailer.card_readers"
# Charges a card that a customer has left with us, for an order by phone: the checkout is above the back office.
SAVED_CARD_CHARGE = "storefront.actions.charge_saved_card.charge_saved_card"
TENDERS = [
    "orders.tenders.cash",
    "orders.tenders.card_online",
    "orders.tenders.card_present",
    "orders.tenders.external_terminal",
    "orders.tenders.gift_card",
    "orders.tenders.store_credit",
    "orders.tenders.bank_transfer",
]
FULFILLMENT_TYPES = [
    "orders.fulfillment_types.counter", "orders.fulfillment_types.pickup", "orders.fulfillment_types.curbside",
    "orders.fulfillment_types.ship", "orders.fulfillment_types.email",
]  # fmt: skip

# How long a checkout keeps its units, and how long the payment step may stretch that.
HOLD_MINUTES = 15
PHONE_ORDER_DAYS = 7  # so long the link to pay for an order by phone is good
PAYMENT_GRACE_MINUTES = 10

# What the shop's pages promise: a pickup is ready so long after the order, in opening hours; a parcel ordered before
# the cut-off (at the warehouse) leaves the same working day and arrives within so many working days.
PICKUP_READY_MINUTES = 60
DISPATCH_CUTOFF = "15:00"
DELIVERY_DAYS = (2, 4)
# Categories, stores and markets hardly ever change, and every page of the shop shows them: kept so long per process.
SHOP_FRAME_SECONDS = int(os.environ.get("SHOP_FRAME_SECONDS", "30"))
# Refused cards in one hour after which a cart, and an address on the net, must wait (T15: card testing).
DECLINES_PER_CART = 6
DECLINES_PER_ADDRESS = 20
# Unpaid checkouts that one address on the net may have open at once, and what share of an item they may hold together,
# where that is more than so many units (T30: bots that hold goods from everybody else).
HOLDS_PER_ADDRESS = 20
HOLD_PERCENT = 50
HOLD_UNITS = 10

DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20  # of a body that is no file: a batch of 500 long sales fits

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["commerce.company.tokens.ApiTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["commerce.kernel.api.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["commerce.kernel.api.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "commerce.kernel.http.api_exception",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Counterpart API",
    "VERSION": "1",
    "DESCRIPTION": "One stock, one order record, one ledger for the counter and the web.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": [],
}

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "shop@example.com")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "commerce.kernel.logs.LineFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "stripe": {"level": "WARNING"}, "celery": {"level": "WARNING"}},
}
