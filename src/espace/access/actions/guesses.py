"""What comparing a stated identity costs a professional who may not read the record, so that nobody tries birth dates
until one agrees."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from espace import edge
from espace.access.queries.budget import DAY, HOUR
from espace.access.queries.relations import relation_of
from espace.access.rules import may_read
from espace.access.rules.guessing import COMPARED_WITHIN, may_guess
from espace.kernel.words import ActorKind, Comparing, Grant
from espace.keys.facts import SealBroken

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
_COUNTS = """
SELECT count(*) FILTER (WHERE at > %(hour)s AND (settled OR at <= %(minute)s)),
       count(*) FILTER (WHERE settled OR at <= %(minute)s),
       count(*) FILTER (WHERE NOT settled AND at > %(minute)s)
FROM access_guess WHERE professional_id = %(professional)s AND at > %(day)s
"""
_SETTLE = "UPDATE access_guess SET settled = true WHERE professional_id = %s AND id = %s"
_GIVE_BACK = "DELETE FROM access_guess WHERE professional_id = %s AND id = %s"


@contextmanager
def comparing(grant: Grant) -> Iterator[None]:
    """Around the opening of a record in which a stated identity is compared with the known one: sets what that tells.

    Whoever may read the record knows the traits, and an organisation is told them to put its deposits right. Any other
    professional takes one of few places first, in a transaction of its own, and gets it back unless the identity
    disagreed: requests at the same time cannot each be the last guess.
    """
    if grant.actor.kind is not ActorKind.PROFESSIONAL or _reads(grant):
        grant.comparing = Comparing.OPEN
        yield
        return
    guess = take_guess(professional=grant.actor.id, at=grant.at)
    grant.comparing = Comparing.BLIND if guess else Comparing.FROZEN
    try:
        yield
    finally:
        if guess:
            settle(professional=grant.actor.id, guess=guess, wrong=grant.disagreed)


def _reads(grant: Grant) -> bool:
    """Whether the professional may read this record; not on the word of a row that was altered."""
    try:
        known = relation_of(grant)
    except SealBroken:
        return False
    return known is not None and may_read(
        known, grant.at, regulates=grant.actor.regulates, secret=grant.secret
    )


def take_guess(*, professional: UUID, at: datetime) -> UUID | None:
    """A place for one comparison, or None when the account was wrong too often or compares too many at once."""
    values: dict[str, Any] = {"professional": professional, "hour": at - HOUR, "day": at - DAY}
    values["minute"] = at - COMPARED_WITHIN
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_LOCK, [f"guess|{professional}"])
        cursor.execute(_COUNTS, values)
        wrong_hour, wrong_day, at_once = cursor.fetchone() or (0, 0, 0)
        if not may_guess(wrong_hour=wrong_hour, wrong_day=wrong_day, at_once=at_once):
            return None
        guess = edge.new_id()
        cursor.execute(
            "INSERT INTO access_guess (professional_id, id, at, settled) VALUES (%s, %s, %s, false)",
            [professional, guess, at],
        )
    return guess


def settle(*, professional: UUID, guess: UUID, wrong: bool) -> None:
    """A comparison that ended: it is kept where it did not agree, and costs nothing otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE if wrong else _GIVE_BACK, [professional, guess])
