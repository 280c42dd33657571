"""Sessions in the database, under REPEATABLE READ."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore

ATTEMPTS = 5


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
