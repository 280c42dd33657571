"""Sessions in the database: under REPEATABLE READ, and worthless to whoever reads the table."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connection

from espace.edge import now

ATTEMPTS = 5

_LIVE = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


def row_key(session_key: str | None) -> str:
    """What the table holds in place of the cookie: 160 bits of its SHA-256, as tokens are kept."""
    return hashlib.sha256((session_key or "").encode()).hexdigest()[:40]


class SessionStore(DatabaseSessionStore):
    def save(self, must_create: bool = False) -> None:
        """Keep the session. Two requests of one person at once: the second fails to serialise, and is tried again.

        Raises UpdateError when the session was ended meanwhile, which is for Django to say.
        """
        for _attempt in range(ATTEMPTS - 1):
            try:
                return super().save(must_create=must_create)
            except UpdateError:
                if self.session_key is None or not self.exists(self.session_key):
                    raise
        return super().save(must_create=must_create)

    def exists(self, session_key: str) -> bool:
        return super().exists(row_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(row_key(key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = row_key(row.session_key)
        return row

    def load(self) -> dict[str, Any]:
        """What is kept for this cookie; nothing, under another key, where it is none of ours or has expired. Every
        page of somebody signed in begins with it: Django's own takes three times as long."""
        with connection.cursor() as cursor:
            cursor.execute(_LIVE, [row_key(self.session_key), now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
        return self.decode(row[0]) if row else {}
