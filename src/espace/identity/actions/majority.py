"""Finding, once a day, whose majority comes near: by the month of birth, which is in clear, and by opening those of
that month for whom somebody stands; nobody else's identity is opened (A22)."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from espace.identity.events import MajorityNears
from espace.identity.facts import Person
from espace.identity.rules.reminding import LATE, months_reminded, reminder_due
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.outbox import actions as outbox

_integrity = logging.getLogger("espace.integrity")
_KEPT = LATE + timedelta(days=46)
"""How long it is remembered that somebody was told: longer than they might be told again."""
_NOBODY = UUID(int=0)

_ADD = """
INSERT INTO identity_tally (key, value, expires_at) VALUES (%(key)s, %(value)s, %(until)s) ON CONFLICT DO NOTHING
"""
_HOLD = "SELECT value FROM identity_tally WHERE key = %(key)s FOR UPDATE"
_MOVE = "UPDATE identity_tally SET value = %(value)s, expires_at = %(until)s WHERE key = %(key)s"
_CANDIDATES = """
SELECT patient_id, sealed FROM identity_person one
WHERE birth_month = ANY(%(months)s) AND patient_id > %(after)s
  AND EXISTS (SELECT FROM identity_mandate of_them WHERE of_them.patient_id = one.patient_id)
ORDER BY patient_id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class _Sweep:
    """How far this day's look has come: after whom it goes on, and whether it is done."""

    day: date
    after: UUID = _NOBODY
    done: bool = False


def remind_of_majority(*, at: datetime, limit: int) -> int:
    """Look at the next `limit` people of this day's look, and post what is due to be told of them, each once. How many
    were looked at: fewer than `limit` at the end of a day's look, and 0 until the next day.

    In its own transaction: of two workers, the second goes on where the first stopped.
    """
    today, reminders = localdate(at), settings.ESPACE_MAJORITY_REMINDERS
    if not reminders:
        return 0
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        first = _Sweep(today)
        cursor.execute(_ADD, _row("sweep", first, at))
        cursor.execute(_HOLD, _row("sweep", first, at))
        kept = decode(bytes(cursor.fetchone()[0]), _Sweep)
        sweep = kept if kept.day == today else first
        if sweep.done:
            return 0
        months = sorted(months_reminded(reminders, today))
        cursor.execute(_CANDIDATES, {"months": months, "after": sweep.after, "limit": limit})
        rows = cursor.fetchall()
        _tell(rows, today, at)
        last = rows[-1][0] if rows else sweep.after
        cursor.execute(_MOVE, _row("sweep", _Sweep(today, last, done=len(rows) < limit), at))
        return len(rows)


def _tell(rows: Sequence[tuple[UUID, bytes]], today: date, at: datetime) -> None:
    """Post one event for each of these people who is due one and had it not yet."""
    at_hand = keys.patient_keys_of({PatientId(row[0]) for row in rows})
    for person in _opened(rows, at_hand):
        days = reminder_due(person.traits.birth_date, settings.ESPACE_MAJORITY_REMINDERS, today)
        if days is not None and _first(person.patient, days, at):
            event = MajorityNears(person.patient, days, at)
            outbox.post(event, patient=person.patient, at=at, keys=at_hand[person.patient])


def _opened(rows: Sequence[tuple[UUID, bytes]], at_hand: dict[PatientId, PatientKeys]) -> Iterable[Person]:
    """Those people; nobody for one who was erased meanwhile."""
    for patient, sealed in rows:
        opened = at_hand[PatientId(patient)]
        try:
            plain = opened.open(KeyKind.METADATA, bytes(sealed), context("identity_person", patient))
        except (KeysDestroyed, KeysMissing):
            continue
        except SealBroken:
            _integrity.error("a person was altered", extra={"patient": str(patient)})
            continue
        yield decode(plain, Person)


def _first(patient: PatientId, days: int, at: datetime) -> bool:
    """Whether nobody was told this of them yet; remembered under a name that leads to nobody."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD, _row(f"{patient}|{days}", True, at))
        return bool(cursor.rowcount)


def _row(name: str, value: object, at: datetime) -> dict[str, Any]:
    """The last moment is that of a month, so that it tells nobody's day of birth."""
    until = (at + _KEPT).replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=31)
    return {"key": keys.blind_index("majority", name), "value": msgspec.json.encode(value), "until": until}
