"""Spending the budgets, before a record is opened; forgetting what none counts any more."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from espace.access.actions.alerts import raise_alert
from espace.access.actions.purging import purge
from espace.access.facts import AlertKind, Whose
from espace.access.models.alerts import NOBODY
from espace.access.queries.alerts import opened_lately
from espace.access.queries.budget import (
    DAY,
    HOUR,
    account_budget,
    scope_of,
    seen_lately,
    spent_lately,
    stem_of,
    subject_of,
)
from espace.access.rules.budgets import no_room, signs, unexplained
from espace.kernel.words import Actor, Grant

SHARDS = 8
"""Rows among which the accounts of the country count, so that they do not wait for one another."""

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
FORGET_OWN = "DELETE FROM access_seen WHERE professional_id = %s AND at <= %s"
"""What one account opened more than a day ago counts no more."""
# The organisation's row before the country's, always: nobody holds one and waits for the other.
_COUNT = """
WITH seen AS (
  INSERT INTO access_seen (professional_id, subject, at, stem, braked, own_word)
  VALUES (%(professional)s, %(subject)s, %(at)s, %(stem)s, false, false) ON CONFLICT DO NOTHING
)
INSERT INTO access_tally (scope, hour, shard, count)
VALUES (%(place)s, %(slot)s, 0, 1), (%(country)s, %(slot)s, %(shard)s, 1)
ON CONFLICT (scope, hour, shard) DO UPDATE SET count = access_tally.count + 1
"""
_BRAKED = """
INSERT INTO access_seen (professional_id, subject, at, stem, braked, own_word)
SELECT %(professional)s::uuid, %(subject)s::bytea, %(at)s::timestamptz, %(stem)s::bytea, true, false
WHERE NOT EXISTS (SELECT FROM access_seen
  WHERE professional_id = %(professional)s::uuid AND subject = %(subject)s::bytea AND at > %(hour)s)
"""
_OWN_WORD = "UPDATE access_seen SET own_word = true WHERE professional_id = %s AND subject = %s AND at > %s"
_FORGET = """
DELETE FROM access_seen WHERE (professional_id, subject, at) IN (
  SELECT professional_id, subject, at FROM access_seen WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_GUESSES = """
DELETE FROM access_guess WHERE (professional_id, id) IN (
  SELECT professional_id, id FROM access_guess WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FORGET_TALLIES = """
DELETE FROM access_tally WHERE (scope, hour, shard) IN (
  SELECT scope, hour, shard FROM access_tally WHERE hour <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""
_FROZEN = {
    Whose.ACCOUNT: AlertKind.FROZEN,
    Whose.ORGANISATION: AlertKind.ORGANISATION,
    Whose.COUNTRY: AlertKind.COUNTRY,
}


def spend(*, actor: Actor, name: str, number: str = "", at: datetime) -> Whose | None:
    """Whose budget has no room for this professional to open this patient (or to ask about this INS) now; None where
    all have: what an account opens is counted once an hour. `number` is the INS that was asked about, if any.

    In its own short transaction, where one account's new patients wait for each other: requests at the same time
    cannot each find the last place free. READ COMMITTED, so that what is read after the lock is what the last
    keeper wrote. Where only the organisation's or the country's budget is spent, the account's counts on: whom a
    ground links is let in.
    """
    subject = subject_of(actor.id, name)
    if seen_lately(actor.id, subject, at):
        return None
    stem = stem_of(actor.id, number)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(LOCK, [f"budget|{actor.id}"])
        budget = account_budget(actor)
        spent = spent_lately(actor, subject, stem, at)
        if whose := no_room(spent, budget, settings.ESPACE_BUDGETS):
            _freeze(actor, whose, at)
        if whose is Whose.ACCOUNT:
            return whose
        cursor.execute(FORGET_OWN, [actor.id, at - DAY])
        cursor.execute(_BRAKED if whose else _COUNT, _values(actor, subject, stem, at))
        for kind in signs(spent, budget):
            raise_alert(kind=kind, at=at, professional=actor.id, organisation=actor.organisation)
    return whose


def own_word(grant: Grant) -> None:
    """Remember of a patient whom this account opened lately that nothing linked them before the consent that it
    recorded: for the operator, who sees how many those are, and never who, and is told of an account with many."""
    actor, at = grant.actor, grant.at
    with connection.cursor() as cursor:
        cursor.execute(_OWN_WORD, [actor.id, subject_of(actor.id, str(grant.patient)), at - DAY])
    if unexplained(opened_lately(actor.id, at), account_budget(actor)):
        raise_alert(kind=AlertKind.UNEXPLAINED, at=at, professional=actor.id, organisation=actor.organisation)


def _values(actor: Actor, subject: bytes, stem: bytes, at: datetime) -> dict[str, Any]:
    """The account's row, and the rows of this hour that it counts in: of the organisation, and one of the country's."""
    return {
        "professional": actor.id, "subject": subject, "at": at, "stem": stem, "hour": at - HOUR,
        "slot": at.replace(minute=0, second=0, microsecond=0),
        "place": scope_of(actor), "country": NOBODY, "shard": actor.id.int % SHARDS,
    }  # fmt: skip


def _freeze(actor: Actor, whose: Whose, at: datetime) -> None:
    """The operator is told: of the account, else of what is larger than it."""
    raise_alert(
        kind=_FROZEN[whose],
        at=at,
        professional=actor.id if whose is Whose.ACCOUNT else None,
        organisation=None if whose is Whose.COUNTRY else actor.organisation,
    )


def purge_expired(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` rows of each kind older than the longest window, a day, whoever's they are: an account
    that never comes back leaves no trace of whom it opened. How many went; fewer than `limit` when none is left."""
    return purge(((_FORGET, at - DAY), (_FORGET_GUESSES, at - DAY)), limit)


def purge_tallies(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` counts of hours that no window covers any more. How many went."""
    return purge(((_FORGET_TALLIES, at - DAY - HOUR),), limit)
