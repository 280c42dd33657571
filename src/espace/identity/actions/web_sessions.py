"""Open sessions of holders: kept beside Django's own table at sign-in, ended by their holder."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction

from espace import edge
from espace.identity.facts.web_sessions import Browser
from espace.identity.queries.web_sessions import MOST_SESSIONS

QUARTER = timedelta(minutes=15)
"""How exactly the last use is kept: a page that only reads writes this at most four times an hour."""

_BEGIN = """
INSERT INTO identity_web_session (account_id, id, key, browser, system, first_at, last_at)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
# What nobody can list any more goes on the way: its web session was signed out, has expired or is one too many.
_FORGET = """
DELETE FROM identity_web_session AS mine WHERE account_id = %(account)s AND NOT EXISTS (
  SELECT 1 FROM django_session AS web WHERE web.session_key = mine.key AND web.expire_date > %(at)s)
"""
_OLDEST = """
SELECT key FROM identity_web_session WHERE account_id = %s ORDER BY last_at DESC, id DESC OFFSET %s
"""
_END = "DELETE FROM identity_web_session WHERE account_id = %s AND key = ANY(%s)"
_END_WEB = "DELETE FROM django_session WHERE session_key = ANY(%s)"


def begin_web_session(*, account_id: UUID, key: str, browser: Browser, at: datetime) -> None:
    """Keep that this web session (`key`, as in django_session) is the account's.

    An account has fifty at most: the one used the longest ago ends.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, {"account": account_id, "at": at})
        cursor.execute(_BEGIN, [account_id, edge.new_id(), key, browser.name, browser.system, at, at])
        cursor.execute(_OLDEST, [account_id, MOST_SESSIONS])
        _end(account_id, [row[0] for row in cursor.fetchall()])


def touch_web_session(*, account_id: UUID, key: str, at: datetime) -> None:
    """Say that the session is used now. Of two requests of the same moment, one says it for both."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE identity_web_session SET last_at = %s WHERE account_id = %s AND key = %s AND last_at < %s",
                [at, account_id, key, at],
            )
    except OperationalError:
        return


def end_web_session(*, account_id: UUID, session_id: UUID) -> bool:
    """End one session of this account; false when it is not one of theirs, or has ended."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT key FROM identity_web_session WHERE account_id = %s AND id = %s", [account_id, session_id]
        )
        return _end(account_id, [row[0] for row in cursor.fetchall()]) == 1


def end_other_web_sessions(*, account_id: UUID, key: str) -> int:
    """End every session of this account but the one called `key`; how many were open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT key FROM identity_web_session WHERE account_id = %s AND key <> %s", [account_id, key])
        return _end(account_id, [row[0] for row in cursor.fetchall()])


def end_all_web_sessions(*, account_id: UUID) -> int:
    """End every session of this account; how many were open."""
    return end_other_web_sessions(account_id=account_id, key="")


def follow_web_session(*, account_id: UUID, key: str, now_called: str) -> None:
    """Say that a session of this account is called otherwise: its cookie was changed for a new one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_web_session SET key = %s WHERE account_id = %s AND key = %s", [now_called, account_id, key]
        )


def _end(account_id: UUID, keys: list[str]) -> int:
    """Both rows go: without Django's the cookie opens nothing from the next request on."""
    with connection.cursor() as cursor:
        cursor.execute(_END, [account_id, keys])
        cursor.execute(_END_WEB, [keys])
        return int(cursor.rowcount)
