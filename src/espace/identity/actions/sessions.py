"""Sessions of professionals: begun at sign-in, ended by them, by their provider or by time; and what time leaves."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from espace import edge
from espace.identity.facts.sessions import ProviderNames
from espace.identity.queries.sessions import sid_index, sub_index

_FORGET = """
DELETE FROM identity_professional_session WHERE id IN (
  SELECT id FROM identity_professional_session WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_SPENT = """
DELETE FROM identity_spent_logout WHERE digest IN (
  SELECT digest FROM identity_spent_logout WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
# Every web session, a holder's or a professional's: Django's own table, which no room keeps.
_FORGET_WEB = """
DELETE FROM django_session WHERE session_key IN (
  SELECT session_key FROM django_session WHERE expire_date < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
# What is kept of a holder's session goes after the web session that it stands beside.
_FORGET_BESIDE = """
DELETE FROM identity_web_session WHERE key IN (
  SELECT key FROM identity_web_session AS mine WHERE last_at < %s AND NOT EXISTS (
    SELECT 1 FROM django_session AS web WHERE web.session_key = mine.key) LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_MAIL_CODES = """
DELETE FROM identity_mail_code WHERE account_id IN (
  SELECT account_id FROM identity_mail_code WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_RECOVERIES = """
DELETE FROM identity_recovery WHERE account_id IN (
  SELECT account_id FROM identity_recovery WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_INVITATIONS = """
DELETE FROM identity_help_invitation WHERE token_hash IN (
  SELECT token_hash FROM identity_help_invitation WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
# How often somebody tried (identity.adapters): nothing else takes a count away before its time.
_FORGET_TALLIES = """
DELETE FROM identity_tally WHERE key IN (
  SELECT key FROM identity_tally WHERE expires_at < %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
ON_THE_WAY = 100
_KINDS = (
    _FORGET_WEB, _FORGET_BESIDE, _FORGET, _FORGET_SPENT, _FORGET_MAIL_CODES, _FORGET_RECOVERIES, _FORGET_INVITATIONS,
    _FORGET_TALLIES,
)  # fmt: skip
KEPT_AFTER_EXPIRY = timedelta(hours=1)
"""A page that was opened at the last moment still saves its session: the row is there for it."""

# An announcement that names both means one session; only the person's name, all of theirs; only the session's, it.
_END = """
UPDATE identity_professional_session SET ended_at = %(at)s
WHERE ended_at IS NULL AND (%(sub)s::bytea IS NULL OR sub = %(sub)s) AND (%(sid)s::bytea IS NULL OR sid = %(sid)s)
"""


def begin_professional_session(
    *,
    professional: UUID,
    organisation: UUID | None,
    names: ProviderNames,
    at: datetime,
    until: datetime,
    regulates: bool = False,
) -> UUID:
    """A new session; its id. `organisation` is None until the professional says where they act.

    What has expired is forgotten on the way, a hundred at a time.
    """
    session_id = edge.new_id()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET, [at, ON_THE_WAY])
        cursor.execute(
            "INSERT INTO identity_professional_session"
            " (id, professional_id, organisation_id, sid, sub, started_at, expires_at, regulates, ended_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, NULL)",
            [
                session_id,
                professional,
                organisation,
                sid_index(names) if names.sid else None,
                sub_index(names),
                at,
                until,
                regulates,
            ],
        )
    return session_id


def act_in(*, session_id: UUID, organisation: UUID) -> bool:
    """Say where the professional acts from now on; false when the session has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_professional_session SET organisation_id = %s WHERE id = %s AND ended_at IS NULL",
            [organisation, session_id],
        )
        return bool(cursor.rowcount == 1)


def end_professional_session(*, session_id: UUID, at: datetime) -> bool:
    """End a session; false when there was nothing to end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE identity_professional_session SET ended_at = %s WHERE id = %s AND ended_at IS NULL",
            [at, session_id],
        )
        return bool(cursor.rowcount == 1)


def obey_announced_logout(*, names: ProviderNames, jti: str, at: datetime, forget_at: datetime) -> int | None:
    """End every session that a verified announcement of log-out names; how many, or None when it served already.

    `forget_at` is when the announcement is refused for its age alone. ValueError when it names nobody.
    """
    if not (names.sub or names.sid):
        raise ValueError("an announced log-out names a person or a session")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_FORGET_SPENT, [at, ON_THE_WAY])
        cursor.execute(
            "INSERT INTO identity_spent_logout (digest, expires_at) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [hashlib.sha256(f"{names.issuer}|{jti}".encode()).digest(), forget_at],
        )
        if cursor.rowcount != 1:
            return None
        cursor.execute(
            _END,
            {
                "at": at,
                "sub": sub_index(names) if names.sub else None,
                "sid": sid_index(names) if names.sid else None,
            },
        )
        return int(cursor.rowcount)


def purge_expired(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` rows of each kind that ended an hour ago: web sessions, professionals' sessions,
    announcements of log-out that served, codes by mail, ways back, invitations to help, counts of tries. How many rows
    went; fewer than `limit` when none is left.

    In its own transaction, which waits for nobody: what a request holds, the next purge takes. READ COMMITTED, so
    that a row which a request changed meanwhile is read again, not fatal.
    """
    ended = at - KEPT_AFTER_EXPIRY
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        count = 0
        for forget in _KINDS:
            cursor.execute(forget, [ended, limit])
            count += cursor.rowcount
    return count
