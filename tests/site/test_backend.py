"""Our connections do what Django's do, with fewer questions: errors, cursors, a server that went away."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_started
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.backends.utils import CursorWrapper
from django.db.utils import DataError
from django.test.utils import CaptureQueriesContext
from psycopg.errors import UniqueViolation

from espace.site.backend import base

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """A connection of this test's own, closed after it."""
    connection.close()
    connection.ensure_connection()
    yield
    connection.close()


def one(statement: str, *values: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return row[0] if row else None


def backend() -> int:
    """The number of the server's process that serves us."""
    found = one("SELECT pg_backend_pid()")
    assert isinstance(found, int)
    return found


def begin_request() -> None:
    """What every request begins with."""
    connection.health_check_enabled = True
    request_started.send(sender=None)


def test_cursors_are_kept_for_the_next_statement() -> None:
    with connection.cursor() as first:
        inner = first.cursor
    with connection.cursor() as second, connection.cursor() as third:
        assert second.cursor is inner
        assert third.cursor is not inner
        second.execute("SELECT generate_series(1, 3)")
        third.execute("SELECT 'other'")
        assert (list(second), third.fetchall(), second.rowcount) == ([(1,), (2,), (3,)], [("other",)], 3)


def test_a_closed_cursor_is_of_no_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cursor.close()
    with pytest.raises(InterfaceError, match="closed"):
        cursor.execute("SELECT 1")


def test_a_cursor_of_a_closed_connection_is_not_kept() -> None:
    with connection.cursor():
        connection.close()
        connection.ensure_connection()
    assert one("SELECT 1") == 1


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT 1 / 0", DataError),
        ("SELECT nothing", ProgrammingError),
        ("INSERT INTO known_key_service VALUES (2, '')", ProgrammingError),
        ("SELECT pg_terminate_backend(pg_backend_pid())", OperationalError),
    ],
)
def test_errors_are_djangos(statement: str, error: type[DatabaseError]) -> None:
    with pytest.raises(error), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_error_keeps_its_cause() -> None:
    with pytest.raises(IntegrityError) as raised, transaction.atomic(), connection.cursor() as cursor:
        statement = "INSERT INTO trace_leaf (index, commitment, chains) VALUES (%s, %s, '')"
        cursor.executemany(statement, [[-1, b"1"], [-1, b"2"]])
    assert isinstance(raised.value.__cause__, UniqueViolation)


def test_nothing_is_executed_in_a_broken_transaction() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        connection.needs_rollback = True
        with pytest.raises(transaction.TransactionManagementError), connection.cursor() as cursor:
            cursor.execute("SELECT 1")


def test_values_are_bound_by_the_server_and_statements_prepared() -> None:
    for _ in range(3):
        assert one("SELECT %s::text || '!'", "é'\\") == "é'\\!"
    assert one("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::text ||%%'") == 1


def test_statements_can_be_looked_at_with_djangos_own_tools() -> None:
    with CaptureQueriesContext(connection) as captured:
        assert one("SELECT 1") == 1
        with connection.cursor() as cursor:
            assert isinstance(cursor, CursorWrapper)
    assert [query["sql"] for query in captured] == ["SELECT 1"]


# --- is anybody there? --------------------------------------------------------------------------------------


class Asked(Exception):
    """The server was asked whether it is there."""


@pytest.fixture
def asking_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(self: base.DatabaseWrapper) -> bool:
        raise Asked

    monkeypatch.setattr(base.base.DatabaseWrapper, "is_usable", ask)


@pytest.mark.usefixtures("asking_fails")
def test_a_server_heard_of_a_moment_ago_is_not_asked() -> None:
    first = backend()
    begin_request()
    assert backend() == first


@pytest.mark.usefixtures("asking_fails")
def test_a_server_is_asked_after_a_long_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "TRUSTED_SECONDS", 0.0)
    begin_request()
    with pytest.raises(Asked):
        backend()


@pytest.mark.usefixtures("asking_fails")
def test_a_server_is_asked_after_an_error() -> None:
    connection.errors_occurred = True
    with pytest.raises(Asked):
        begin_request()
    connection.errors_occurred = False


def test_a_connection_that_the_server_ended_is_replaced_unnoticed() -> None:
    first = backend()
    one_terminates(first)
    begin_request()
    assert backend() != first


def one_terminates(number: int) -> None:
    """Another connection of the same role ends this one, as a restart of the server does."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
    finally:
        other.close()
