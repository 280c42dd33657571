"""Reading a patient's register. Who may see which line is for the caller, who knows the objects."""

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from uuid import UUID

from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.words import CARING, PERSONAL, Grant, Purpose, Verb
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys, keys_of
from espace.keys.rules import context
from espace.trace.facts import History, Outcome, TraceEvent, TraceLine
from espace.trace.rules.canonical import NONCE_BYTES, commitment, read

MOST_LINES = 500
SPARE = 50
"""Lines read beyond those that a page has room for: as many may be hidden from its reader at no other cost."""
MOST_PARTS = 200
"""Lines on either side of one, among which the others of its act are."""
MOST_SEARCHED = 5_000
"""Lines in which the last access of somebody is looked for."""

_integrity = logging.getLogger("espace.integrity")
_READINGS = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD})

_AROUND = """
(SELECT id, commitment, sealed FROM trace_event WHERE patient_id = %s AND id > %s ORDER BY id LIMIT %s)
UNION ALL
(SELECT id, commitment, sealed FROM trace_event WHERE patient_id = %s AND id <= %s ORDER BY id DESC LIMIT %s)
ORDER BY id DESC
"""
_HISTORY = """
SELECT id, commitment, sealed FROM trace_event
WHERE patient_id = %s AND (%s::uuid IS NULL OR id < %s::uuid)
ORDER BY id DESC LIMIT %s
"""


def history(grant: Grant, *, before: UUID | None = None, limit: int = 50) -> tuple[TraceLine, ...]:
    """The lines of `read_history`, for whom altered ones are as none."""
    return read_history(grant, before=before, limit=limit).lines


def read_history(grant: Grant, *, before: UUID | None = None, limit: int = 50) -> History:
    """Lines of the grant's patient, newest first, those before the line `before` (to turn pages).

    The caller leaves out the lines that the reader must not see (`event.hidden_from`, objects). A line that was
    altered in the database is not believed, and counted. KeysDestroyed after the end of retention.
    """
    _may_look(grant)
    read = _rows(grant, before, max(0, min(limit, MOST_LINES)))
    whole = tuple(line for _, line in read if line)
    return History(whole, len(read) - len(whole), rows=len(read), last=read[-1][0] if read else None)


def read_shown(
    grant: Grant, shown: Callable[[TraceEvent], bool], *, most: int, before: UUID | None = None
) -> History:
    """The newest lines that `shown` lets through, `most` of them, before the line `before`. What it does not let
    through takes no room: how many such lines there are, and when, must show neither in what is on a page nor in where
    the next one begins. `rows` counts those given, `last` is the oldest of them. One statement, unless more than SPARE
    lines do not show."""
    _may_look(grant)
    found, altered, place, size = list[TraceLine](), 0, before, most + SPARE
    while len(found) < most:
        read = _rows(grant, place, size)
        for name, line in read:
            place, altered = name, altered + (line is None)
            found += [line] if line and shown(line.event) else []
            if len(found) == most:
                break
        if len(read) < size:
            break
        size = MOST_LINES
    return History(tuple(found), altered, rows=len(found), last=found[-1].event.id if found else None)


def _rows(grant: Grant, before: UUID | None, limit: int) -> list[tuple[UUID, TraceLine | None]]:
    """Rows newest first, each with its line; None where it was altered."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [grant.patient, before, before, limit])
        rows = cursor.fetchall()
    if not rows:
        return []
    keys = keys_of(grant)
    return [(row[0], _opened(grant.patient, keys, row[0], bytes(row[1]), bytes(row[2]))) for row in rows]


def lines_of_act(grant: Grant, line_id: UUID) -> tuple[TraceLine, ...]:
    """The line of that id, with those that the same act left beside it (each hidden object has its own); none for no
    line, and for one that was altered. Newest first. Who may see which is for the caller."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, [grant.patient, line_id, MOST_PARTS, grant.patient, line_id, MOST_PARTS])
        rows = cursor.fetchall()
    keys = keys_of(grant)
    found = [line for row in rows if (line := _opened(grant.patient, keys, row[0], bytes(row[1]), bytes(row[2])))]
    said = next((line.event for line in found if line.event.id == line_id), None)
    if said is None:
        return ()
    act = (said.at, said.actor_id, said.verb, said.outcome)
    return tuple(
        line for line in found if (line.event.at, line.event.actor_id, line.event.verb, line.event.outcome) == act
    )


def _may_look(grant: Grant) -> None:
    """The holder, who helps them, and the professionals who read a register (R1111-43), who say that they do."""
    if grant.purpose is Purpose.CARE:
        grant.require(Purpose.CARE, Verb.HISTORY)
    else:
        grant.require(PERSONAL)


def last_accesses(
    grant: Grant, actors: Collection[UUID], *, shown: Callable[[TraceEvent], bool]
) -> dict[UUID, datetime]:
    """When each of these actors was last let in to list, read or download, for the holder; none for who never was.

    Lines say who acted under the log key only: the newest are opened one by one until everybody is found, MOST_SEARCHED
    at most. `shown` says whether the holder may read a line; the others do not count.
    """
    grant.require(PERSONAL)
    missing, found = set(actors), dict[UUID, datetime]()
    if not missing:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [grant.patient, None, None, MOST_SEARCHED])
        rows = cursor.fetchall()
    keys, named = keys_of(grant), {actor: str(actor).encode() for actor in missing}
    for line_id, committed, sealed in rows:
        plain = _plain(keys, line_id, bytes(sealed))
        if not any(name in plain for name in named.values()):
            continue  # most lines are somebody else's: they need not be read
        line = _checked(grant.patient, line_id, bytes(committed), plain)
        if line is None:
            continue
        event = line.event
        if event.actor_id in named and _entered(event) and shown(event):
            found[event.actor_id] = event.at
            del named[event.actor_id]
            if not named:
                break
    return found


def own_last_visit(grant: Grant, *, before: datetime) -> datetime | None:
    """When this professional was last let in here before that moment; None where they never were, or not among the
    MOST_SEARCHED newest lines. Of oneself only. One statement."""
    grant.require(CARING, Verb.LIST)
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [grant.patient, None, None, MOST_SEARCHED])
        rows = cursor.fetchall()
    keys, own = keys_of(grant), str(grant.actor.id).encode()
    for line_id, committed, sealed in rows:
        plain = _plain(keys, line_id, bytes(sealed))
        line = _checked(grant.patient, line_id, bytes(committed), plain) if own in plain else None
        if line and line.event.actor_id == grant.actor.id and _entered(line.event) and line.event.at < before:
            return line.event.at
    return None


def waiting(grant: Grant) -> frozenset[UUID]:
    """The patient's lines that no leaf holds yet: they can be proved in a few seconds."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute("SELECT line_id FROM trace_pending WHERE patient_id = %s", [grant.patient])
        return frozenset(row[0] for row in cursor.fetchall())


def count_waiting() -> int:
    """Lines that no leaf holds yet, for the operator's monitor: how many, nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM trace_pending")
        return int(cursor.fetchone()[0])


def _entered(event: TraceEvent) -> bool:
    return event.verb in _READINGS and event.outcome is Outcome.ALLOWED


def _opened(patient: PatientId, keys: PatientKeys, line_id: UUID, committed: bytes, sealed: bytes) -> TraceLine | None:
    return _checked(patient, line_id, committed, _plain(keys, line_id, sealed))


def _plain(keys: PatientKeys, line_id: UUID, sealed: bytes) -> bytes:
    """Nothing where the seal is broken."""
    try:
        return keys.open(KeyKind.LOG, sealed, context("trace_event", line_id))
    except SealBroken:
        _integrity.error("a line of the access log was altered", extra={"line": str(line_id)})
        return b""


def _checked(patient: PatientId, line_id: UUID, committed: bytes, plain: bytes) -> TraceLine | None:
    """The line, if it is the one that was committed to."""
    nonce, canonical = plain[:NONCE_BYTES], plain[NONCE_BYTES:]
    if not canonical:
        return None
    event = read(canonical)
    if commitment(nonce, canonical) != committed or (event.id, event.patient) != (line_id, patient):
        _integrity.error("a line of the access log was altered", extra={"line": str(line_id)})
        return None
    return TraceLine(event, nonce, committed)
