"""A request's lines, in its own transaction; and lines that somebody may read from now on."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import OperationalError, connection, transaction

from espace.edge import new_id, random_bytes
from espace.kernel.ids import PatientId
from espace.kernel.values import replace
from espace.kernel.words import FROM_REPRESENTATIVES, Visibility
from espace.keys.actions import ensure_patient_keys
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys, patient_keys
from espace.keys.rules import context
from espace.trace.facts import Audience, TraceEvent
from espace.trace.rules.canonical import NONCE_BYTES, canonical, commitment, read
from espace.trace.rules.chains import AUDIENCES, parts, shown_to

NOTHING: Mapping[UUID, frozenset[Visibility]] = {}
REVEALED = "trace_pending"

_APPEND = """
WITH line AS (
    INSERT INTO trace_event (patient_id, id, commitment, sealed) VALUES (%s, %s, %s, %s)
    RETURNING patient_id, id, commitment
)
INSERT INTO trace_pending (patient_id, line_id, commitment) SELECT patient_id, id, commitment FROM line
"""
_REVEAL = "INSERT INTO trace_pending (patient_id, line_id, commitment, revealed) VALUES (%s, %s, %s, %s)"
_LINES = "SELECT id, commitment, sealed FROM trace_event WHERE patient_id = %s ORDER BY id"


def append(
    event: TraceEvent,
    *,
    keys: PatientKeys | None = None,
    restricted: Mapping[UUID, frozenset[Visibility]] = NOTHING,
    always: frozenset[Visibility] = frozenset(),
) -> tuple[TraceEvent, ...]:
    """Write one act, in the caller's transaction: one statement there, one in the keys database. The lines it leaves.

    Each object that is hidden from somebody (`restricted`: by what) has a line and a statement of its own; `always`
    hides the whole act. The lines exist when, and only when, the caller commits. `keys` saves the second statement to a
    caller that has them at hand. OperationalError where the database swallows a line (a rule, a trigger).
    """
    at_hand = keys if keys and keys.complete else ensure_patient_keys(event.patient)
    lines = parts(event, restricted, always)
    for number, part in enumerate(lines):
        said = part if number == 0 else replace(part, id=new_id())
        nonce, line = random_bytes(NONCE_BYTES), canonical(said)
        sealed = at_hand.seal(KeyKind.LOG, nonce + line, context("trace_event", said.id))
        with connection.cursor() as cursor:
            cursor.execute(_APPEND, [event.patient, said.id, commitment(nonce, line), sealed])
            if cursor.rowcount != 1:
                raise OperationalError("the database took no line of the access log: nothing is served without one")
    return lines


def reveal(patient: PatientId, shown: Collection[UUID], *, still: frozenset[Visibility] = frozenset()) -> int:
    """Ask the sequencer to put the lines about these objects in the chains of those from whom they are hidden no more
    (`still` says what hides them yet); how many lines. Asked again, changes no chain.

    What was done while it was hidden from a minor's representatives is never shown to them, though the document is.
    """
    keys = patient_keys(patient)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_LINES, [patient])
        found = [
            (line_id, bytes(committed), audiences)
            for line_id, committed, sealed in cursor.fetchall()
            if (audiences := _now_shown(keys, line_id, bytes(sealed), shown, still))
        ]
        for line_id, committed, audiences in found:
            mark = keys.seal(KeyKind.LOG, mask_of(audiences), context(REVEALED, line_id))
            cursor.execute(_REVEAL, [patient, line_id, committed, mark])
    return len(found)


def mask_of(audiences: Collection[Audience]) -> bytes:
    """One byte, a bit for each audience."""
    return bytes((sum(1 << place for place, one in enumerate(AUDIENCES) if one in audiences),))


def _now_shown(
    keys: PatientKeys, line_id: UUID, sealed: bytes, shown: Collection[UUID], still: frozenset[Visibility]
) -> frozenset[Audience]:
    try:
        event = read(keys.open(KeyKind.LOG, sealed, context("trace_event", line_id))[NONCE_BYTES:])
    except (SealBroken, KeysDestroyed, KeysMissing):
        return frozenset()
    if not event.objects or not set(event.objects) <= set(shown):
        return frozenset()
    return shown_to(event.hidden_from & (still | FROM_REPRESENTATIVES)) - shown_to(event.hidden_from)
