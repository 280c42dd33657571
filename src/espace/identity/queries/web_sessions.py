"""Where a holder is signed in."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from espace.identity.facts.web_sessions import Browser, WebSession

MOST_SESSIONS = 50


def web_sessions(account_id: UUID, *, at: datetime) -> list[WebSession]:
    """The open sessions of this account, the last used first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mine.id, mine.key, mine.browser, mine.system, mine.first_at, mine.last_at"
            " FROM identity_web_session AS mine JOIN django_session AS web ON web.session_key = mine.key"
            " WHERE mine.account_id = %s AND web.expire_date > %s ORDER BY mine.last_at DESC, mine.id DESC LIMIT %s",
            [account_id, at, MOST_SESSIONS],
        )
        rows = cursor.fetchall()
    return [WebSession(row[0], row[1], Browser(row[2], row[3]), row[4], row[5]) for row in rows]
