"""What is known of each document, in SQLite beside the folders: it outlives a restart and a loss of power.

The bytes to send are noted before the first sending and are those of every other; they are kept while they wait.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from espace_feed.facts import Deposit, Prepared, State, Why

FILE = "espace-feed.sqlite3"
_BUSY_SECONDS = 30.0
_TABLES = """
CREATE TABLE IF NOT EXISTS item (
    key TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, unique_id TEXT NOT NULL,
    mime_type TEXT NOT NULL, stated TEXT NOT NULL, content BLOB, taken_at REAL NOT NULL,
    replaces TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0,
    document TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE IF NOT EXISTS server (
    one INTEGER PRIMARY KEY CHECK (one = 1), failures INTEGER NOT NULL, next_try REAL NOT NULL, why TEXT NOT NULL
);
INSERT OR IGNORE INTO server VALUES (1, 0, 0, '[]');
"""


def _written(why: tuple[Why, ...]) -> str:
    return json.dumps([asdict(one) for one in why], ensure_ascii=False)


def _why(text: str) -> tuple[Why, ...]:
    return tuple(Why(**one) for one in json.loads(text))


class Store:
    """One connection a call: the page, the watcher and a program may look at the same time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._path.touch(mode=0o600)
        with self._open() as database:
            database.executescript(_TABLES)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            database.executescript("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
            yield database
        finally:
            database.close()

    def _do(self, statement: str, *values: object) -> int:
        with self._open() as database:
            return database.execute(statement, values).rowcount

    def take(self, item: Prepared, name: str, at: float) -> str:
        """Note a document, once; the name under which it is known. One refused before waits again: it was given again
        once its cause was put right."""
        insert = (
            "INSERT INTO item (key, name, state, unique_id, mime_type, stated, content, taken_at, replaces)"
            " VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET state = 'waiting', failures = 0, next_try = 0,"
            " why = '[]', content = excluded.content, stated = excluded.stated"
            " WHERE item.state = 'refused'"
        )
        values = (item.key, name, item.unique_id, item.mime_type, item.stated, item.content, at, item.replaces)
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            if database.execute("SELECT 1 FROM item WHERE name = ? AND key <> ?", (name, item.key)).fetchone():
                values = (item.key, _other(name, item.key), *values[2:])
            database.execute(insert, values)
            (found,) = database.execute("SELECT name FROM item WHERE key = ?", (item.key,)).fetchone()
            database.execute("COMMIT")
        return str(found)

    def due(self, at: float) -> list[str]:
        """The keys whose turn it is: oldest first, those that failed behind the others, so that one which the platform
        never takes holds back none; none before the document that it replaces."""
        with self._open() as database:
            rows = database.execute(
                "SELECT key FROM item WHERE state = 'waiting' AND next_try <= ? AND NOT EXISTS"
                " (SELECT 1 FROM item AS first WHERE first.unique_id = item.replaces AND first.state = 'waiting')"
                " ORDER BY failures, rowid",
                (at,),
            )
            return [key for (key,) in rows]

    def item(self, key: str) -> Prepared | None:
        """What to send, while it waits."""
        with self._open() as database:
            row = database.execute(
                "SELECT key, unique_id, mime_type, stated, content FROM item WHERE key = ? AND state = 'waiting'",
                (key,),
            ).fetchone()
        return Prepared(*row) if row else None

    def sent(self, key: str, document: str) -> None:
        """Filed: its bytes are the platform's to keep."""
        self._do(
            "UPDATE item SET state = 'sent', document = ?, why = '[]', content = NULL, stated = '' WHERE key = ?",
            document,
            key,
        )

    def refused(self, key: str, why: tuple[Why, ...]) -> None:
        """Its file is beside the reasons; given again, the same file makes the same bytes."""
        self._do(
            "UPDATE item SET state = 'refused', why = ?, content = NULL, stated = ''"
            " WHERE key = ? AND state = 'waiting'",
            _written(why),
            key,
        )

    def later(self, key: str, why: tuple[Why, ...], next_try: float) -> None:
        self._do(
            "UPDATE item SET next_try = ?, why = ? WHERE key = ? AND state = 'waiting'",
            next_try,
            _written(why),
            key,
        )

    def failed(self, key: str) -> None:
        """Once more, for whatever reason: others go before it."""
        self._do("UPDATE item SET failures = failures + 1 WHERE key = ? AND state = 'waiting'", key)

    def failures(self, key: str) -> int:
        with self._open() as database:
            row = database.execute("SELECT failures FROM item WHERE key = ?", (key,)).fetchone()
        return int(row[0]) if row else 0

    def server(self) -> tuple[int, float, tuple[Why, ...]]:
        """Failures of the server in a row, when to try it again, and what it was."""
        with self._open() as database:
            failures, next_try, why = database.execute("SELECT failures, next_try, why FROM server").fetchone()
        return failures, next_try, _why(why)

    def note_server(self, failures: int, next_try: float, why: tuple[Why, ...]) -> None:
        self._do("UPDATE server SET failures = ?, next_try = ?, why = ?", failures, next_try, _written(why))

    def deposit(self, key: str) -> Deposit:
        with self._open() as database:
            row = database.execute(f"{_DEPOSITS} WHERE key = ?", (key,)).fetchone()
        return _deposit(row)

    def known(self, state: State, most: int) -> list[Deposit]:
        """The newest of a state."""
        with self._open() as database:
            rows = database.execute(f"{_DEPOSITS} WHERE state = ? ORDER BY rowid DESC LIMIT ?", (state, most))
            return [_deposit(row) for row in rows]

    def count(self, state: State) -> int:
        with self._open() as database:
            (found,) = database.execute("SELECT count(*) FROM item WHERE state = ?", (state,)).fetchone()
        return int(found)

    def called(self, name: str) -> Deposit | None:
        with self._open() as database:
            row = database.execute(f"{_DEPOSITS} WHERE name = ?", (name,)).fetchone()
        return _deposit(row) if row else None


_DEPOSITS = "SELECT name, state, unique_id, document, why FROM item"


def _deposit(row: tuple[str, str, str, str, str]) -> Deposit:
    name, state, unique_id, document, why = row
    return Deposit(name, State(state), unique_id, document, _why(why))


def _other(name: str, key: str) -> str:
    """Another name for another document of the same name: letter.pdf, letter-3f2a9c01.pdf."""
    path = Path(name)
    return f"{path.stem}-{key[:12]}{path.suffix}"
