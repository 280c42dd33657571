"""Documents that go by secure mail alone: looked at as those of a deposit are, and never in the record."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Grant, Problem, Purpose, RefusedProblems, Verb
from espace.keys import queries as keys
from espace.record import rules
from espace.record.actions.submit import require_fileable
from espace.record.events import Enclosed
from espace.wire.headers import Header
from espace.wire.xds import NewDocument, Submission

_ASK = "INSERT INTO record_unique_id (patient_id, blind, target_id) VALUES (%s, %s, %s)"
_ASKED = "SELECT blind, target_id FROM record_unique_id WHERE patient_id = %s AND blind = ANY(%s)"


def enclose(
    grant: Grant, *, submission: Submission, headers: Sequence[Header | None], act: str
) -> tuple[Enclosed, ...]:
    """Those of the submission that nobody of this organisation asked to send before, for this `act`: each is asked for
    once, by its uniqueId; nothing of the record is looked at. Raises Refused with every problem listed: those of a
    deposit, UNIQUE_ID_REUSED for other bytes under a uniqueId that was sent."""
    grant.require(Purpose.FEED, Verb.MAIL)
    require_fileable(grant, submission, headers)
    names = [_name(grant, act, one) for one in submission.documents]
    bytes_of = [_digest(grant, one) for one in submission.documents]
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [grant.patient, names])
        asked: dict[bytes, UUID] = {bytes(blind): target for blind, target in cursor.fetchall()}
        rows = list(zip(submission.documents, names, bytes_of, strict=True))
        if other := [one for one, name, target in rows if asked.get(name, target) != target]:
            raise RefusedProblems(
                tuple(Problem(reasons.UNIQUE_ID_REUSED, f"{one.entry.place}.masterIdentifier") for one in other)
            )
        new = {name: (one, target) for one, name, target in rows if name not in asked}
        cursor.executemany(_ASK, [(grant.patient, name, target) for name, (_, target) in new.items()])
    return tuple(_enclosed(one) for one, _ in new.values())


def _name(grant: Grant, act: str, document: NewDocument) -> bytes:
    """What was sent is known by who sent it: it is in nobody's way."""
    said = f"{grant.patient}|mail|{grant.actor.organisation}|{act}|{rules.bare_id(document.entry.unique_id)}"
    return keys.blind_index("unique_id", said)


def _digest(grant: Grant, document: NewDocument) -> UUID:
    digest = hashlib.sha256(document.content).hexdigest()
    return UUID(bytes=keys.blind_index("unique_id", f"{grant.patient}|mail|{digest}")[:16])


def _enclosed(document: NewDocument) -> Enclosed:
    entry = document.entry
    kind = entry.type.code if entry.type else ""
    return Enclosed(entry.unique_id, entry.title, kind, entry.mime_type, bytes(document.content), entry.visibility)
