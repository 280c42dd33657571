"""The rights of the roles in a migrated database, and the isolation of the application's connection."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from espace.trace.facts import INSERT_ONLY_TABLES

pytestmark = pytest.mark.django_db


def test_the_application_runs_as_its_own_role_in_repeatable_read() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('transaction_isolation')")
        assert cursor.fetchone() == ("espace_app", "repeatable read")


def test_no_transaction_is_wrapped_around_a_test() -> None:
    with transaction.atomic(durable=True):
        assert connection.in_atomic_block


@pytest.mark.parametrize("table", INSERT_ONLY_TABLES)
@pytest.mark.parametrize(
    "statement", ["DELETE FROM {}", "UPDATE {} SET commitment = ''", "TRUNCATE {}", "DROP TABLE {}"]
)
def test_the_application_cannot_change_nor_remove_a_line_of_the_access_log(table: str, statement: str) -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_application_cannot_make_tables() -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE intruder (id int)")


def test_the_application_cannot_read_the_key_database() -> None:
    """Its role may not even connect there."""
    keys = connections["keys"].settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(current_user, %s, 'CONNECT')", [keys])
        assert cursor.fetchone() == (False,)


def test_the_key_role_cannot_connect_to_the_main_database() -> None:
    main = connections["default"].settings_dict["NAME"]
    with connections["keys"].cursor() as cursor:
        cursor.execute("SELECT current_user, has_database_privilege(current_user, %s, 'CONNECT')", [main])
        assert cursor.fetchone() == ("espace_keys", False)


def test_each_table_lives_in_one_database_only() -> None:
    """The key tables are not in the main database, nor the others in the key database."""
    found = {}
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            found[alias] = {row[0] for row in cursor.fetchall()} - {"django_migrations"}
    assert not found["default"] & found["keys"]
    assert "wrapped_key" in found["keys"]
    assert {"identity_tally", "trace_event", "outbox_event"} <= found["default"]
