"""A hostile place for tests: loopback only, warnings are errors, undefined template variables fail.

Databases: one throw-away PostgreSQL for the session (from `./espace test`, or started here), one migrated
pair of databases for each worker. Tests run as the application's role, with no transaction around them and no
cleaning after them: the gate opens its own outermost transaction, so every test uses people of its own.
"""

import gc
import importlib
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_socket import socket_allow_hosts

from espace.site import testbed
from espace.site.config import Config
from espace.site.testbed import fresh_databases, throwaway_installation, without_settings
from logs_check import Watch
from serving import serving

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

CHEAP = 2
"""What a password costs to hash here (the N of scrypt); an installation's costs 16,384."""
_session = ExitStack()
_remove_home = testbed.remove_home


def _watch() -> Watch:
    return Watch(Path(os.environ["ESPACE_HOME"]) / "leaks.txt")


def _remove_searched(config: Config) -> None:
    """A home that a test made goes with its logs: they are searched first."""
    _watch().removing(config.home)
    _remove_home(config)


testbed.remove_home = _remove_searched


def pytest_configure(config: pytest.Config) -> None:
    """Start the throw-away installation unless `./espace test`, or the main process of xdist, gave one."""
    config.addinivalue_line("markers", "slow: takes seconds; run all the same, left out with -m 'not slow'")
    if "ESPACE_TESTBED" not in os.environ:
        installation = _session.enter_context(throwaway_installation())
        for name in set(os.environ) - set(without_settings(os.environ)):
            del os.environ[name]
        os.environ.update(installation, ESPACE_TESTBED="1")
    # As for the databases: what is durable is for processes of their own to show (tests/crash), and here each of
    # thousands of contents would wait for the disk.
    os.fsync = lambda fd: None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """No patient data in logs: those of the whole session are searched, once, by the main process."""
    if hasattr(session.config, "workerinput"):
        return
    config: Any = session.config  # pytest offers the folder of its temporary files to fixtures only
    said = _watch().found(Path(os.environ["ESPACE_HOME"]), config._tmp_path_factory.getbasetemp())
    terminal: Any = config.pluginmanager.get_plugin("terminalreporter")
    for line in said:
        terminal.write_line(f"A log holds {line}", red=True)
    if said:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """The programs and the thousands of tests stay until the end: the collector of garbage waits while they are read,
    never looks at them again, and comes less often."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    _session.close()


_addresses: dict[str, set[str]] = {}
"""What a name leads to, asked once and not before each of the thousands of tests."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True, resolution_cache=_addresses)


@pytest.fixture(scope="session")
def _nothing() -> None:
    """In the place of what pytest-django does before and after each of thousands of tests for marks and classes that
    nobody uses here."""


_django_isolate_apps = _django_set_urlconf = _django_setup_unittest = _live_server_helper = _nothing


_forget: list[Callable[[], None]] = []


def _what_waits(blocker: "DjangoDbBlocker") -> None:
    from django.db import connection

    with blocker.unblock():
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM outbox_event WHERE dead_at IS NULL")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """What the tests of a file left for the worker goes with the file: the next test that runs it would handle what
    thousands of others left, for half a minute, and prove nothing by it."""
    if nextitem is None or nextitem.path != item.path:
        for forget in _forget:
            forget()


class Undefined(str):
    """What an undefined template variable becomes: an error."""

    __slots__ = ()

    def __mod__(self, variable: Any) -> str:
        raise AssertionError(f"undefined template variable: {variable}")


class StillOpen(logging.StreamHandler[Any]):
    """Standard error as it was when somebody set up the logs, or the process's own once pytest has closed that one: a
    command that runs in a test sets them up anew, on the stream of this test."""

    def emit(self, record: logging.LogRecord) -> None:
        if self.stream.closed:
            self.stream = sys.__stderr__
        super().emit(record)


def _use(environment: dict[str, str]) -> None:
    """Point the settings, which were read before this file, at the throw-away installation."""
    from django.conf import settings
    from django.db import connections

    import espace.site.settings as source

    os.environ.update(environment)
    source = importlib.reload(source)
    for name in dir(source):
        if name.startswith(("ESPACE_", "EMAIL_HOST", "EMAIL_PORT")) or name == "SECRET_KEY":
            setattr(settings, name, getattr(source, name))
    settings.LOGGING["handlers"]["stderr"] = {"()": StillOpen, "formatter": "json"}
    for alias, wanted in source.DATABASES.items():
        connections[alias].close()
        connections.settings[alias].update(wanted)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: "DjangoDbBlocker"
) -> Iterator[None]:
    """This worker's databases, empty but migrated, with the rights of a real installation.

    Nearly every test makes an account, and its password would take most of the time of the test: here passwords cost
    little. What they cost elsewhere is for tests/identity/test_password_cost.py to say.
    """
    from django.contrib.auth.hashers import ScryptPasswordHasher
    from django.db import connections
    from django.template import engines

    from espace.site.config import load
    from espace.site.databases import migrate

    ScryptPasswordHasher.work_factor = CHEAP
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw")
    _use(fresh_databases(load({"ESPACE_HOME": os.environ["ESPACE_HOME"]}), worker))
    engines["django"].engine.string_if_invalid = Undefined("%s")
    with django_db_blocker.unblock():
        migrate(load())
        connections["owner"].close()
        _forget.append(partial(_what_waits, django_db_blocker))
        yield
        _forget.clear()
        connections.close_all()


@pytest.fixture(scope="session")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of two web processes that serve what this worker's tests file in its databases; they know it
    themselves: passkeys are made for one address and for no other, and tokens are taken at one."""
    with serving(tmp_path_factory.mktemp("site") / "server.log", says_its_address=True) as address:
        yield address


@pytest.fixture
def _django_db_helper(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """What `db` and the `django_db` mark stand on: the database is reachable, nothing is wrapped or undone."""
    with django_db_blocker.unblock():
        yield
