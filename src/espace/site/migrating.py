"""Changing tables while the version before still serves: one migration at a time, none that everybody waits behind.

Whoever waits for a table makes those who come after wait too. So a statement waits LOCK_SECONDS at most, lets the
others through, and is tried again; each migration is one transaction, and what was done before stays done.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import sql

from espace.site.config import BadConfiguration

LOCK_SECONDS = 3.0
TRIES = 20
PAUSE_SECONDS = 2.0
TURN_SECONDS = 600.0
TURN = 0x657370616365  # « espace »
"""The advisory lock of the main database that whoever migrates holds."""
ALIASES = ("keys", "owner")
BUSY = "A table was busy each time: end the long transaction that holds it, then run the same command again."
_OTHER = "Another migration of these databases does not end: see to it, then run the same command again."
_PASSING = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)

Tell = Callable[[str], None]


def is_busy(error: BaseException) -> bool:
    """Whether a table was wanted by somebody else: nothing is wrong, it may be free a moment later."""
    return isinstance(error.__cause__, _PASSING)


@contextmanager
def one_at_a_time(tell: Tell) -> Iterator[None]:
    """Both databases are ours to migrate: another node waits here for its turn, and finds everything done.

    Raises BadConfiguration after TURN_SECONDS. The server takes the turn back from whoever falls.
    """
    from django.db import DatabaseError, OperationalError, connections

    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TURN])
        if cursor.fetchone() == (False,):
            tell("another migration is under way: waiting for it")
            _wait_at_most("owner", TURN_SECONDS)
            try:
                cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
            except OperationalError as error:
                if is_busy(error):
                    raise BadConfiguration(_OTHER) from error
                raise
    try:
        for alias in ALIASES:
            _wait_at_most(alias, LOCK_SECONDS)
        yield
    finally:
        # At once, where the connection still lives: the server hears of a closed one a moment later.
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])
        for alias in ALIASES:
            connections[alias].close()


def _wait_at_most(alias: str, seconds: float) -> None:
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{int(seconds * 1000)}ms"])


def patiently(alias: str, work: Callable[[], object], tell: Tell) -> None:
    """Do this, and again while a table is busy. What is tried again must be able to go on where it stopped.

    Raises BadConfiguration after TRIES times, and what else the work raises.
    """
    from django.db import OperationalError

    for left in reversed(range(TRIES)):
        drop_half_made_indexes(alias)
        try:
            work()
            return
        except OperationalError as error:
            if not is_busy(error):
                raise
            if not left:
                raise BadConfiguration(BUSY) from error
        tell("a table is busy: trying again")
        time.sleep(PAUSE_SECONDS)


def drop_half_made_indexes(alias: str) -> None:
    """An index that was made concurrently and given up stays behind, serves nobody, and bars the way to its name."""
    from django.db import connections

    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND n.nspname = 'public'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)).as_string())
