"""Posting events, leasing them to workers, and what becomes of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from espace.edge import new_id
from espace.kernel.ids import PatientId
from espace.keys.actions import ensure_patient_keys
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys, open_system, patient_keys_of, seal_system
from espace.keys.rules import context
from espace.outbox import rules
from espace.outbox.facts import Event, Leased, Registry

TABLE = "outbox_event"

_POST = """
INSERT INTO outbox_event (id, patient_id, kind, sealed, created_at, due_at, attempts, leased_by, last_error)
VALUES (%s, %s, %s, %s, %s, %s, 0, '', '')
"""

_LEASE = """
WITH due AS (
    SELECT id FROM outbox_event
    WHERE dead_at IS NULL AND due_at <= %(at)s AND (leased_until IS NULL OR leased_until <= %(at)s)
        AND kind = ANY(%(kinds)s)
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE outbox_event AS event SET leased_until = %(until)s, leased_by = %(worker)s, attempts = attempts + 1
FROM due WHERE event.id = due.id
RETURNING event.id, event.patient_id, event.kind, event.sealed, event.attempts
"""

_DONE = """
DELETE FROM outbox_event AS event USING unnest(%s::uuid[], %s::int[]) AS handled (id, attempts)
WHERE event.id = handled.id AND event.attempts = handled.attempts
"""

_Row = tuple[UUID, PatientId | None, str, bytes, int]


def post(
    event: Event,
    *,
    patient: PatientId | None,
    at: datetime,
    keys: PatientKeys | None = None,
    due: datetime | None = None,
) -> UUID:
    """Queue an event in the caller's transaction: one statement there, and one in the keys database.

    Nobody handles it before `due`, when one is given.
    It is sealed under the metadata key of `patient`, or the platform's without one. An event about an
    erased patient has no key left: it is posted without patient. `keys` as in `trace.actions.append`.
    """
    event_id, payload = new_id(), rules.encode(event)
    if patient is None:
        sealed = seal_system(TABLE, payload, event_id.bytes)
    else:
        at_hand = keys if keys and keys.complete else ensure_patient_keys(patient)
        sealed = at_hand.seal(KeyKind.METADATA, payload, context(TABLE, event_id))
    with connection.cursor() as cursor:
        cursor.execute(_POST, [event_id, patient, rules.name_of(type(event)), sealed, at, due or at])
    return event_id


def lease(*, worker: str, at: datetime, limit: int, known: Registry) -> list[Leased]:
    """At most `limit` due events of the kinds `known`, for this worker alone until `rules.LEASE` has passed.

    What a dead worker held comes back then; an event that outlived its last attempt is buried. One that
    cannot be opened (keys destroyed, altered bytes, a class that changed) is buried at once. When the key
    service does not answer, nothing is leased and KeyServiceUnavailable is raised: no attempt is spent.
    """
    kinds = list(known)
    values: dict[str, datetime | str | int | list[str]] = {
        "at": at, "until": at + rules.LEASE, "worker": worker, "limit": limit, "kinds": kinds,
    }  # fmt: skip
    with _read_committed() as cursor:
        cursor.execute(_LEASE, values)
        rows: list[_Row] = [(*row[:3], bytes(row[3]), row[4]) for row in cursor.fetchall()]
        keys = patient_keys_of({row[1] for row in rows if row[1] is not None})
        leased: list[Leased] = []
        for row in sorted(rows):
            opened = _opened(row, keys, known)
            if isinstance(opened, str):
                _bury(cursor, row[0], at, opened)
            else:
                leased.append(opened)
    return leased


def done(*leased: Leased) -> bool:
    """Take handled events off the queue; False when the lease of one had ended and somebody else has it."""
    with _read_committed() as cursor:
        cursor.execute(_DONE, [[one.id for one in leased], [one.attempts for one in leased]])
        return int(cursor.rowcount) == len(leased)


def put_back(waiting: Sequence[Leased]) -> None:
    """Give back events that were leased and not begun: due at once, for anybody, and no attempt is spent."""
    with _read_committed() as cursor:
        cursor.executemany(
            "UPDATE outbox_event SET leased_until = NULL, leased_by = '', attempts = attempts - 1 "
            "WHERE id = %s AND attempts = %s AND leased_until IS NOT NULL AND dead_at IS NULL",
            [(leased.id, leased.attempts) for leased in waiting],
        )


def failed(leased: Leased, *, at: datetime, error: str, again: bool = True) -> bool:
    """Put an event back for later, or bury it: after its last attempt, or at once unless `again`.

    False when somebody else has it. `error` is a code or the name of an exception's class; anything else is
    kept as "unnamed".
    """
    wait = rules.next_wait(leased.attempts) if again else None
    due, dead = (at + wait, None) if wait is not None else (at, at)
    with _read_committed() as cursor:
        cursor.execute(
            "UPDATE outbox_event SET due_at = %s, dead_at = %s, last_error = %s, leased_until = NULL, leased_by = '' "
            "WHERE id = %s AND attempts = %s AND dead_at IS NULL",
            [due, dead, rules.error_code(error), leased.id, leased.attempts],
        )
        return int(cursor.rowcount) == 1


def revive(event_id: UUID, *, at: datetime) -> bool:
    """Give a dead letter all its attempts again; False when there is no such dead letter."""
    with _read_committed() as cursor:
        cursor.execute(
            "UPDATE outbox_event SET due_at = %s, dead_at = NULL, attempts = 0, leased_until = NULL, leased_by = '' "
            "WHERE id = %s AND dead_at IS NOT NULL",
            [at, event_id],
        )
        return int(cursor.rowcount) == 1


def revive_all(*, at: datetime) -> int:
    """Give every dead letter all its attempts again; how many there were."""
    with _read_committed() as cursor:
        cursor.execute(
            "UPDATE outbox_event SET due_at = %s, dead_at = NULL, attempts = 0, leased_until = NULL, leased_by = '' "
            "WHERE dead_at IS NOT NULL",
            [at],
        )
        return int(cursor.rowcount)


def discard(event_id: UUID) -> bool:
    """Throw a dead letter away, for good; False when there is no such dead letter."""
    with _read_committed() as cursor:
        cursor.execute("DELETE FROM outbox_event WHERE id = %s AND dead_at IS NOT NULL", [event_id])
        return int(cursor.rowcount) == 1


def _opened(row: _Row, keys: dict[PatientId, PatientKeys], known: Registry) -> Leased | str:
    """The event of a row, or the code of why it is given up."""
    event_id, patient, kind, sealed, attempts = row
    if attempts > rules.MAX_ATTEMPTS:
        return "lease_expired"
    try:
        if patient is None:
            payload = open_system(TABLE, sealed, event_id.bytes)
        else:
            payload = keys[patient].open(KeyKind.METADATA, sealed, context(TABLE, event_id))
        return Leased(event_id, kind, rules.decode(known[kind], payload), patient, attempts)
    except (KeysDestroyed, KeysMissing):
        return "keys_destroyed"
    except SealBroken:
        return "seal_broken"
    except ValueError:
        return "event_unreadable"


def _bury(cursor: CursorWrapper, event_id: UUID, at: datetime, error: str) -> None:
    cursor.execute(
        "UPDATE outbox_event SET dead_at = %s, last_error = %s, leased_until = NULL WHERE id = %s",
        [at, error, event_id],
    )


@contextmanager
def _read_committed() -> Iterator[CursorWrapper]:
    """A transaction of its own in which a row that another worker just changed is read again, not fatal."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        yield cursor
