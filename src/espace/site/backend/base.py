"""The same backend, cheaper for each statement: cursors kept, no question asked to be sure of an answer.

Django makes two objects for every statement and throws them away; here a connection keeps its cursors for the next
one. With the prepared statements that the settings ask for, a short look-up costs the server a third of what it did,
and us less than half (docs/reference/figures.md).
"""

import select
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property
from psycopg.errors import ReadOnlySqlTransaction
from psycopg.pq import ConnStatus, TransactionStatus

TRUSTED_SECONDS = 10.0
"""A connection that was heard of so recently, and on which nothing arrived since, is believed alive."""


class _Errors(DatabaseErrorWrapper):
    """The driver's errors as Django's. A server that only reads for now is one more that cannot serve, not a fault."""

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(value, ReadOnlySqlTransaction):
            raise OperationalError(*value.args).with_traceback(traceback) from value
        super().__exit__(kind, value, traceback)


class KeptCursor:
    """What Django's wrapper of a cursor does, on a cursor that goes back to its connection when it is closed."""

    __slots__ = ("_db", "_inner")

    def __init__(self, db: "DatabaseWrapper", inner: "psycopg.Cursor[Any]") -> None:
        self._db = db
        self._inner: psycopg.Cursor[Any] | None = inner

    @property
    def cursor(self) -> "psycopg.Cursor[Any]":
        """The driver's own; InterfaceError once closed."""
        if self._inner is None:
            raise InterfaceError("the cursor is closed")
        return self._inner

    def execute(self, sql: Any, params: Any = None) -> Any:
        self._db.validate_no_broken_transaction()
        with self._db.wrap_database_errors:
            return self.cursor.execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        self._db.validate_no_broken_transaction()
        with self._db.wrap_database_errors:
            return self.cursor.executemany(sql, param_list)

    def fetchone(self) -> Any:
        with self._db.wrap_database_errors:
            return self.cursor.fetchone()

    def fetchmany(self, size: int = 0) -> Any:
        with self._db.wrap_database_errors:
            return self.cursor.fetchmany(size)

    def fetchall(self) -> Any:
        with self._db.wrap_database_errors:
            return self.cursor.fetchall()

    @property
    def rowcount(self) -> int:
        return self.cursor.rowcount

    def close(self) -> None:
        inner, self._inner = self._inner, None
        if inner is not None:
            self._db.keep(inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def __iter__(self) -> Iterator[Any]:
        with self._db.wrap_database_errors:
            yield from self.cursor

    def __enter__(self) -> "KeptCursor":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection, with the cursors that nobody uses at the moment."""

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default") -> None:
        super().__init__(settings_dict, alias)
        self._kept: list[psycopg.Cursor[Any]] = []
        self._heard_of = 0.0

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return _Errors(self)

    def cursor(self) -> Any:
        """A cursor of this connection, opened where there is none; Django's own while statements are looked at."""
        if self.queries_logged or self.execute_wrappers:
            return super().cursor()
        self.close_if_health_check_failed()
        self.ensure_connection()
        self.validate_thread_sharing()
        inner = self._kept.pop() if self._kept else None
        if inner is None or inner.connection is not self.connection:
            self._kept.clear()
            with self.wrap_database_errors:
                inner = self.create_cursor()
        return KeptCursor(self, inner)

    def keep(self, inner: "psycopg.Cursor[Any]") -> None:
        """Take a cursor back; one of a connection that was closed since is dropped."""
        if inner.connection is self.connection and not inner.closed:
            self._kept.append(inner)

    def connect(self) -> None:
        super().connect()
        self._heard_of = time.monotonic()

    def is_usable(self) -> bool:
        """Whether the server still answers, at no cost where there is no doubt.

        A server that stops or is killed closes the connection: there is then something to read, and nobody to
        write to. Only where there is, or after a silence in which a network may have lost the other side without a
        word, is the server asked (`SELECT 1`).
        """
        now = time.monotonic()
        if self.connection is None:
            return False
        believed = not self.errors_occurred and now - self._heard_of < TRUSTED_SECONDS
        if believed and _is_quiet(self.connection):
            self._heard_of = now
            return True
        usable = bool(super().is_usable())
        self._heard_of = now if usable else 0.0
        return usable


def _is_quiet(connection: "psycopg.Connection[Any]") -> bool:
    """Nothing under way, and nothing that arrived unasked: a farewell, or the end of the stream."""
    pgconn = connection.pgconn
    if pgconn.status != ConnStatus.OK or pgconn.transaction_status != TransactionStatus.IDLE:
        return False
    waiting = select.poll()
    waiting.register(pgconn.socket, select.POLLIN)
    return not waiting.poll(0)
