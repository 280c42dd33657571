"""Migrations beside a version that serves: one at a time, no long wait, no right missing for a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, connection, connections

from espace.site import migrating
from espace.site.config import BadConfiguration
from espace.site.databases import grant_rights
from espace.site.migrating import TURN, drop_half_made_indexes, one_at_a_time, patiently
from espace.site.places import APPLICATION

pytestmark = pytest.mark.django_db


@contextmanager
def somebody_else() -> Iterator[psycopg.Connection]:
    """Another session of the owner of the tables."""
    made = connections["owner"].get_connection_params()
    with psycopg.connect(**{name: made[name] for name in ("dbname", "user", "password", "host", "port")}) as other:
        yield other


@pytest.fixture
def scratch() -> Iterator[str]:
    """A table of the owner's, gone afterwards."""
    name = f"scratch_{uuid4().hex}"
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (id int)")
    yield name
    with connections["owner"].cursor() as cursor:
        cursor.execute("RESET lock_timeout")
        cursor.execute(f"DROP TABLE {name}")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(migrating, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 0.02)
    yield
    connections["owner"].close()


def execute(statement: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall()) if cursor.cursor.description else []


def test_a_second_node_waits_for_its_turn_then_goes_on() -> None:
    said: list[str] = []
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [TURN])

        def tell(line: str) -> None:
            said.append(line)
            other.execute("SELECT pg_advisory_unlock(%s)", [TURN])

        with one_at_a_time(tell):
            held = other.execute("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone()
        free = other.execute("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone()
    assert said == ["another migration is under way: waiting for it"]
    assert (held, free) == ((False,), (True,))


def test_a_turn_that_never_comes_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrating, "TURN_SECONDS", 0.02)
    with somebody_else() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [TURN])
        with pytest.raises(BadConfiguration, match="Another migration"), one_at_a_time(lambda line: None):
            raise AssertionError("not our turn")


def test_the_turn_is_given_back_when_a_migration_fails() -> None:
    with pytest.raises(ZeroDivisionError), one_at_a_time(lambda line: None):
        raise ZeroDivisionError
    with somebody_else() as other:
        assert other.execute("SELECT pg_try_advisory_lock(%s)", [TURN]).fetchone() == (True,)


def test_a_busy_table_is_tried_again_and_nobody_waits_behind_us_meanwhile(scratch: str) -> None:
    said: list[str] = []
    with somebody_else() as reader, one_at_a_time(said.append):
        reader.execute(f"SELECT * FROM {scratch}")

        def tell(line: str) -> None:
            said.append(line)
            reader.execute(f"SELECT * FROM {scratch}")  # it is not held behind a statement of ours that waits
            if len(said) == 3:
                reader.rollback()

        patiently("owner", lambda: execute(f"ALTER TABLE {scratch} ADD COLUMN more int"), tell)
        assert execute(f"SELECT more FROM {scratch}") == []
    assert said == ["a table is busy: trying again"] * 3


def test_a_table_that_is_never_free_is_said_and_stays_as_it_was(scratch: str) -> None:
    with somebody_else() as reader, one_at_a_time(lambda line: None):
        reader.execute(f"SELECT * FROM {scratch}")
        said: list[str] = []
        with pytest.raises(BadConfiguration, match="A table was busy each time"):
            patiently("owner", lambda: execute(f"ALTER TABLE {scratch} ADD COLUMN more int"), said.append)
        assert len(said) == migrating.TRIES - 1
        with pytest.raises(DatabaseError, match="more"):
            execute(f"SELECT more FROM {scratch}")


def test_any_other_fault_is_not_tried_again() -> None:
    tries = []

    def work() -> None:
        tries.append(1)
        raise OperationalError("gone")

    with pytest.raises(OperationalError, match="gone"):
        patiently("owner", work, lambda line: None)
    assert tries == [1]


def test_an_index_that_was_given_up_half_made_does_not_bar_the_way(scratch: str) -> None:
    made = f"CREATE UNIQUE INDEX CONCURRENTLY {scratch}_once ON {scratch} (id)"
    whole = f"CREATE INDEX {scratch}_whole ON {scratch} (id)"
    execute(f"INSERT INTO {scratch} VALUES (1), (1)")
    execute(whole)
    with pytest.raises(DatabaseError):
        execute(made)
    execute(f"DELETE FROM {scratch}")
    with pytest.raises(DatabaseError, match="already exists"):
        execute(made)
    drop_half_made_indexes("owner")
    execute(made)
    found = execute(f"SELECT indexname FROM pg_indexes WHERE tablename = '{scratch}' ORDER BY 1")
    assert found == [(f"{scratch}_once",), (f"{scratch}_whole",)]


def test_a_server_that_runs_never_misses_a_right() -> None:
    seen: set[bool] = set()

    def watched(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        done = execute(sql, params, many, context)  # type: ignore[operator]  # Django's wrappers are untyped here
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege('outbox_event', 'INSERT')")
            seen.add(cursor.fetchone() == (True,))
        return done

    with connections["owner"].execute_wrapper(watched):
        grant_rights(APPLICATION)
    assert seen == {True}
