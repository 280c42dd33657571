"""Whether an account may open one more patient (C39; promises: a stolen account cannot empty the country)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace.access.facts import Budget, Spent
from espace.access.models.alerts import NOBODY
from espace.access.rules.budgets import MINUTES, account_has_room, budget_of, stem_of_number
from espace.kernel.words import Actor
from espace.keys import queries as keys

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# Of the hour before the present one, the part that the window still covers is taken for evenly spread; hours to come,
# where the clock was put back, are counted whole, as the account's own rows are.
_SPENT = """
WITH account AS (
  SELECT count(DISTINCT subject) FILTER (WHERE at > %(hour)s) AS hour, count(DISTINCT subject) AS day,
         count(DISTINCT subject) FILTER (WHERE at > %(minutes)s) AS minutes,
         count(DISTINCT subject) FILTER (WHERE at > %(hour)s AND stem = %(stem)s AND stem <> '') AS in_a_row,
         coalesce(bool_or(subject = %(subject)s), false) AS today
  FROM access_seen WHERE professional_id = %(professional)s AND at > %(day)s
), tally AS (
  SELECT scope, sum(count)::int AS day,
         sum(count * CASE WHEN hour >= %(now)s THEN 1 WHEN hour = %(before)s THEN %(part)s ELSE 0 END)::int AS hour
  FROM access_tally WHERE scope IN (%(organisation)s, %(country)s) AND hour > %(day)s GROUP BY scope
)
SELECT account.hour, account.day, minutes, in_a_row, today,
       coalesce(place.hour, 0), coalesce(place.day, 0), coalesce(country.hour, 0), coalesce(country.day, 0)
FROM account
LEFT JOIN tally place ON place.scope = %(organisation)s
LEFT JOIN tally country ON country.scope = %(country)s
"""


def subject_of(professional: UUID, name: str) -> bytes:
    """One patient, or one INS that nobody bears, as one account's budget knows it."""
    return keys.blind_index("seen", f"{professional}|{name}")


def stem_of(professional: UUID, number: str) -> bytes:
    """How the number asked about begins, as one account's budget knows it; empty for none."""
    stem = stem_of_number(number)
    return keys.blind_index("stem", f"{professional}|{stem}") if stem else b""


def account_budget(actor: Actor) -> Budget:
    """What the account of this professional may open."""
    otherwise = Budget(settings.ESPACE_BUDGET_HOUR, settings.ESPACE_BUDGET_DAY)
    return budget_of(actor.profession, settings.ESPACE_BUDGETS, otherwise)


def scope_of(actor: Actor) -> UUID:
    """Where a professional's openings count together: the organisation where they act, else they alone."""
    return actor.organisation or actor.id


def seen_lately(professional: UUID, subject: bytes, at: datetime) -> bool:
    """Whether this account opened this patient within the hour: that costs nothing more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM access_seen"
            " WHERE professional_id = %s AND subject = %s AND at > %s AND NOT braked)",
            [professional, subject, at - HOUR],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def spent_lately(actor: Actor, subject: bytes, stem: bytes, at: datetime) -> Spent:
    """What the account, the organisation where it acts and the country opened lately. One statement."""
    now = at.replace(minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "professional": actor.id, "organisation": scope_of(actor), "country": NOBODY,
        "subject": subject, "stem": stem,
        "minutes": at - timedelta(minutes=MINUTES), "hour": at - HOUR, "day": at - DAY,
        "now": now, "before": now - HOUR, "part": 1 - (at - now) / HOUR,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SPENT, values)
        found = cursor.fetchone()
    if found is None:
        return Spent()
    hour, day, minutes, in_a_row, today, *others = found
    return Spent(hour, day, minutes, in_a_row, today, Budget(*others[:2]), Budget(*others[2:]))


def has_room(*, actor: Actor, name: str, at: datetime) -> bool:
    """Whether this account may open this patient now; nothing is counted."""
    subject = subject_of(actor.id, name)
    if seen_lately(actor.id, subject, at):
        return True
    return account_has_room(spent_lately(actor, subject, b"", at), account_budget(actor))
