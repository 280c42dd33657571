"""What counts tries: Django's cache, as allauth asks for it, in a table from which nothing alive is ever taken.

Django's own cache in the database drops any of its rows once it has three hundred: whoever makes other counters would
make that of their victim go. Here each row stays until its time is over, and the worker deletes it then
(`identity.actions.sessions.purge_expired`). A row does not say what it counts: its key is a blind index, of an address
or of an identifier, and its value nothing but times.
"""

from datetime import timedelta
from typing import Any

import msgspec
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import OperationalError, connection
from psycopg.errors import SerializationFailure

from espace.edge import now
from espace.keys.queries import blind_index

DOMAIN = "tally"
ATTEMPTS = 5

_READ = "SELECT value FROM identity_tally WHERE key = %(key)s AND expires_at > %(at)s"
_SET = """
INSERT INTO identity_tally (key, value, expires_at) VALUES (%(key)s, %(value)s, %(until)s)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
"""
_ADD = f"{_SET} WHERE identity_tally.expires_at <= %(at)s"
_DELETE = "DELETE FROM identity_tally WHERE key = %(key)s"


class Tallies(BaseCache):
    """Values that JSON can hold, each for a stated time: a tally without an end is refused (ValueError).

    A table or a key service that does not answer is an outage, and raises: a try that cannot be counted is not made.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = _run(_READ, self._named(key, version))
        return msgspec.json.decode(bytes(found[0][0])) if found else default

    def set(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _run(_SET, self._named(key, version) | self._kept(value, timeout))

    def add(self, key: Any, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """False where there is one that is not over; of several at once, one alone is told True."""
        return bool(_run(f"{_ADD} RETURNING true", self._named(key, version) | self._kept(value, timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(_run(f"{_DELETE} RETURNING true", self._named(key, version)))

    def clear(self) -> None:
        _run("DELETE FROM identity_tally", {})

    def _named(self, key: Any, version: int | None) -> dict[str, Any]:
        return {"key": blind_index(DOMAIN, self.make_key(key, version)), "at": now()}

    def _kept(self, value: Any, timeout: float | None) -> dict[str, Any]:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is None:
            raise ValueError("a tally has an end")
        return {"value": msgspec.json.encode(value), "until": now() + timedelta(seconds=seconds)}


def _run(statement: str, values: dict[str, Any]) -> list[Any]:
    """The rows answered. Where somebody else changed the same tally at the same time, the statement is run again; in a
    transaction of the caller's, which cannot go on, that is for the caller to do."""
    for left in reversed(range(ATTEMPTS)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []
        except OperationalError as error:
            again = isinstance(error.__cause__, SerializationFailure) and not connection.in_atomic_block
            if not again or not left:
                raise
    return []
