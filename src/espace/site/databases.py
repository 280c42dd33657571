"""Roles, databases, migrations and rights: who may do what to which table."""

from collections.abc import Callable
from functools import partial

import psycopg
from psycopg import sql

from espace.site.config import BadConfiguration, Config
from espace.site.migrating import ALIASES, one_at_a_time, patiently
from espace.site.places import (
    APPLICATION,
    KEYS,
    KEYS_DATABASE,
    MAIN_DATABASE,
    OWNER,
    ROLES,
    Places,
    databases,
    read_passwords,
)
from espace.trace.facts import INSERT_ONLY_TABLES

SUPERUSER = "postgres"
_DISK_FULL = "The disk of the database is full: free some room, then run the same command again."
_UNMARKED = (
    "The content store bears no mark and none of the last contents: is its volume mounted? Deposits are refused until "
    "it is (docs/explanation/degraded-life.md)."
)
_NO_CONTENTS = "The content store, or what seals its mark, does not answer: run this again when it does."
_NAMES = {"keys": "database of keys", "owner": "main database"}
_NO_ANSWER = "A database does not answer: check its URL, or its server."


def superuser_connection(places: Places, database: str = "postgres") -> psycopg.Connection:
    return psycopg.connect(
        host=str(places.socket),
        port=5432,
        user=SUPERUSER,
        password=read_passwords(places).get(SUPERUSER, ""),
        dbname=database,
        autocommit=True,
        connect_timeout=5,
    )


def bootstrap(places: Places) -> None:
    """The three roles and the two databases of the embedded server; run at every start, changes nothing twice."""
    words = read_passwords(places)
    with superuser_connection(places) as connection:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in ROLES:
            verb = sql.SQL("ALTER" if role in present else "CREATE")
            connection.execute(
                sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(words[role]))
            )
        create_databases(connection, MAIN_DATABASE, KEYS_DATABASE)


def create_databases(connection: psycopg.Connection, main: str, keys: str) -> None:
    """A main database and its key database, each closed to the other's role."""
    present = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
    for name, owner, guests in ((main, OWNER, (APPLICATION,)), (keys, KEYS, ())):
        target = sql.Identifier(name)
        if name not in present:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(target, sql.Identifier(owner)))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(target))
        for guest in guests:
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(target, sql.Identifier(guest)))


def drop_databases(connection: psycopg.Connection, *names: str) -> None:
    for name in names:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def migrate(config: Config, *, tell: Callable[[str], None] = lambda line: None) -> None:
    """Bring both databases to the present tables, then give the application its rights.

    The version before may go on serving, and another node may do the same at the same time. Django must be set up.
    Raises BadConfiguration when a database does not answer, or a table is never free.
    """
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        with one_at_a_time(tell):
            for alias in ALIASES:
                tell(f"tables of the {_NAMES[alias]}")
                work = partial(call_command, "migrate", database=alias, interactive=False, verbosity=0)
                patiently(alias, work, tell)
            patiently("owner", partial(grant_rights, databases(config)["default"].user), tell)
    except OperationalError as error:
        full = isinstance(error.__cause__, psycopg.errors.DiskFull)
        raise BadConfiguration(_DISK_FULL if full else _NO_ANSWER) from error
    if said := _mark_contents():
        tell(said)


def _mark_contents() -> str:
    """Mark the store of contents when it is first made; what is wrong with it, for it waits for nobody here."""
    from django.db import OperationalError

    from espace.keys.facts import KeyServiceUnavailable
    from espace.record.actions.contents import make_store

    try:
        return "" if make_store() else _UNMARKED
    except (OSError, KeyServiceUnavailable, OperationalError):
        return _NO_CONTENTS


def grant_rights(application: str) -> None:
    """What the application's role may do, given by the owner of the tables to the ones that exist now.

    At once: a server that runs meanwhile never misses a right that it keeps.
    """
    from django.db import connections, transaction

    role = sql.Identifier(application)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted(row[0] for row in cursor.fetchall())
        cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role).as_string())
        cursor.execute(sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(role).as_string())
        for table in tables:
            name = sql.Identifier(table)
            rights = "SELECT, INSERT" if table in INSERT_ONLY_TABLES else "SELECT, INSERT, UPDATE, DELETE"
            rights = "SELECT" if table == "django_migrations" else rights
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(name, role).as_string())
            cursor.execute(sql.SQL("GRANT {} ON {} TO {}").format(sql.SQL(rights), name, role).as_string())
