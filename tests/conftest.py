"""What every test may ask for: the test database, a browser, real servers and the accessibility check."""

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import environment

environment.enter()

import django  # noqa: E402

django.setup()

import psycopg  # noqa: E402
import pytest_django  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase, override_settings  # noqa: E402
from playwright.sync_api import BrowserContext  # noqa: E402
from psycopg.conninfo import make_conninfo  # noqa: E402

from commerce.runtime import browser_files, static_files  # noqa: E402
from tests import accessibility, emptying, migrated  # noqa: E402
from tests.chromium import ARGUMENTS, chromium  # noqa: E402
from tests.servers import Server, Site  # noqa: E402

_BUILT_STORAGES = settings.STORAGES

# Tests in this process read static files where they are written and hash passwords in no time; servers that tests
# start run with the real settings, and read these hashes, too.
settings.STORAGES = {
    **_BUILT_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2PasswordHasher"]


def pytest_configure(config: pytest.Config) -> None:
    """Workers of pytest-xdist read the settings in a place of their own, not in that of the run they start from."""
    if config.getoption("numprocesses", None):
        del os.environ["DJANGO_SETTINGS_MODULE"]


def pytest_xdist_auto_num_workers() -> int:
    """Half of a test run is waiting for pages and programs: three workers for two cores, four at most."""
    return min((os.cpu_count() or 1) * 3 // 2, 4)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole programs that start, end and are waited for come first: they leave the cores to the other workers."""
    items.sort(key=lambda item: "runtime" not in item.path.parts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why tests were run again: one that passes the second time is still a finding."""
    for report in terminalreporter.stats.get("rerun", []):
        said = [line for line in report.longreprtext.splitlines() if re.match(r"E  |\S+\.py:\d+:", line)]
        terminalreporter.write_line(f"RUN AGAIN {report.nodeid}, {report.when}", yellow=True)
        terminalreporter.write_line("\n".join(said[:8]) or report.longreprtext[-1000:])


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium that was found; without one the test fails, here and on CI."""
    path = chromium()
    if path is None:
        pytest.fail("Browser tests need Chromium: run `make test`, which installs it, or set CHROMIUM to its path.")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture
def axe() -> Callable[..., list[accessibility.Violation]]:
    """`axe(page)` checks the page as it is now; `assert axe(page) == []`. `context`: a selector to look at alone."""
    return accessibility.check


@pytest.fixture
def axe_light_and_dark() -> Callable[..., list[accessibility.Violation]]:
    """`axe_light_and_dark(page)` checks the page in both color schemes of the system."""
    return accessibility.check_light_and_dark


@pytest.fixture
def new_context(_database_first: None, new_context: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Pages are closed before the tables are emptied, in whichever order a test names the two."""
    return new_context


@pytest.fixture
def _database_first(request: pytest.FixtureRequest) -> None:
    if {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")


@pytest.fixture(scope="session")
def static_root() -> None:
    """Static files as production serves them, for the servers that tests start."""
    browser_files.bring_up_to_date()
    with override_settings(STORAGES=_BUILT_STORAGES):
        static_files.collect()


TransactionTestCase._fixture_teardown = lambda self: emptying.empty()  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def _seconds_left() -> float:
    """The clock of pytest-timeout stands still while a database is migrated: that is no test's fault."""
    return signal.setitimer(signal.ITIMER_REAL, 0)[0]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, _seconds_left: float) -> None:
    """Copy the test database from one that was migrated before, on a server of our own."""
    if environment.has_own_database():
        migrated.copy_from_template()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker, _seconds_left: float
) -> Iterator[None]:
    """The test database, which nothing uses any more when it is dropped."""
    signal.setitimer(signal.ITIMER_REAL, _seconds_left)
    with django_db_blocker.unblock():
        if environment.has_own_database():
            migrated.keep_as_template()
        emptying.state_as_migrated()
    yield
    _end_sessions()


def _end_sessions() -> None:
    """What still holds the database, which is dropped next: a server that has just gone, and this process itself.

    Django keeps a connection for each context. Playwright's event loop is one, and may have ended before this.
    """
    connection.close()
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(_test_database()["DATABASE_URL"], autocommit=True) as database:
        database.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session")
def _session_site(django_db_setup: None, static_root: None) -> Iterator[Site]:
    site = Site(port=int(os.environ["PORT"]), variables=_test_database())
    site.start()
    yield site
    site.close()


@pytest.fixture
def site(transactional_db: None, _session_site: Site) -> Site:
    """The web server on the test database, one process: `site.url`. What the test commits, it sees."""
    return _session_site


@pytest.fixture
def serve(transactional_db: None, static_root: None) -> Iterator[Callable[..., Site]]:
    """`serve(processes=2, SOME_VARIABLE="value")` starts a web server of the test's own, to be killed and restarted."""
    sites: list[Site] = []

    def start(processes: int = 1, **variables: str) -> Site:
        site = Site(f"site-{len(sites)}", variables={**_test_database(), **variables})
        sites.append(site)
        site.start(processes)
        return site

    yield start
    for site in sites:
        site.close()


@pytest.fixture(scope="session")
def card_network() -> Iterator[Server]:
    """The stand-in for the payment provider, as a process that settings point at: `card_network.url`."""
    url = f"http://127.0.0.1:{os.environ['CARD_NETWORK_PORT']}"
    server = Server("card-network", [sys.executable, "-m", "commerce.sandbox.card_network"], url, variables={})
    server.start()
    yield server
    server.stop()


def _test_database() -> dict[str, str]:
    """Programs started by tests work on the test database, where tests can see what they did."""
    address = connection.settings_dict
    parts = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    given = {name: str(address[key]) for name, key in parts.items() if address[key]}
    return {"DATABASE_URL": make_conninfo(**given)}
