"""A document that is held from its patient until it is announced: what happens when nobody does (D53, CSP R1111-53).

Two events wait in the outbox from the deposit on: one to tell the patient to consult, one to show the document. Each
looks at what is so when its time has come: a document that was announced, or whose patient is erased, is left alone;
so is one that an event was already about. They are posted without patient, for in clear they would say whose record
has such a document.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection

from espace import edge
from espace.kernel.ids import PatientId
from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Purpose, Verb, Visibility
from espace.keys.facts import KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import patient_keys
from espace.outbox import actions as outbox
from espace.outbox.queries import database_now
from espace.record import queries, rules
from espace.record.actions.restrictions import hold, lift, restrictions
from espace.record.events import DocumentAnnounced, HoldEnds, HoldLasts
from espace.record.facts import Held, Restricted, Status
from espace.record.queries import RESTRICTION
from espace.record.queries.rows import opened

_HELD = """
SELECT e.id, e.status, r.id, r.sealed FROM record_entry e
JOIN record_restriction r ON r.patient_id = e.patient_id AND r.entry_id = e.id
WHERE e.patient_id = %s AND (%s::uuid IS NULL OR e.id = %s)
"""


def await_announcement(grant: Grant, held: Mapping[UUID, datetime]) -> None:
    """Have these documents, held since then, looked at again when the law says."""
    for document, since in held.items():
        for event, days in (
            (HoldLasts(grant.patient, document), settings.ESPACE_HOLD_TELL_DAYS),
            (HoldEnds(grant.patient, document), settings.ESPACE_HOLD_DAYS),
        ):
            outbox.post(event, patient=None, at=grant.at, due=since + timedelta(days=days))


def held_now(event: HoldLasts | HoldEnds, *, days: int) -> Held | None:
    """The hold that an event is about, if there is one still and so many days of it have passed.

    By the slower of our clock and the database's; for one that ran ahead the event waits again, for the right moment.
    Opens no record, serves nobody and leaves no line: nothing is done yet.
    """
    found = _held(PatientId(event.patient), event.document).get(event.document)
    if found is None:
        return None
    now = edge.now()
    if rules.over(found.since, days=days, at=min(now, database_now())):
        return found
    outbox.post(event, patient=None, at=now, due=found.since + timedelta(days=days))
    return None


def end_hold(grant: Grant, document: UUID) -> None:
    """Show a document, and the versions that it replaces, to the patient from whom they were held; again changes
    nothing. One that was deleted meanwhile stays so: what was done with it is no secret any more."""
    grant.require(Purpose.FEED, Verb.ANNOUNCE)
    older, _ = queries.versions(grant, document)
    hold(grant, older)
    lift(grant, [row for row, _, said in restrictions(grant, older) if said.code is Visibility.INVISIBLE_PATIENT])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET changed_at = %s, revision = revision + 1 WHERE patient_id = %s AND id = %s",
            [grant.at, grant.patient, document],
        )
    shown = queries.kept(grant, older)[document]
    told, still = shown.status is not Status.DELETED, rules.codes(shown.restricted)
    grant.note(document)
    title = shown.stated.entry.title
    announced = DocumentAnnounced(grant.patient, document, grant.at, older, told, still, title)
    outbox.post(announced, patient=grant.patient, at=grant.at)


def first_to_tell(event: HoldLasts, held: Held) -> bool:
    """Whether this document is the first of those that are held since that day: one mail is for all of them.

    Asked of the record, for no table says in clear who was invited to consult.
    """
    every = _held(PatientId(event.patient)).items()
    told = (it for it in every if not (it[1].deleted or it[1].secret))
    alike = (one for one, found in told if found.since.date() == held.since.date())
    return min(alike, default=None) == event.document


def _held(patient: PatientId, only: UUID | None = None) -> dict[UUID, Held]:
    """The documents of somebody that are held from them, or the one named. A restriction that was altered holds until
    an operator has looked, and counts no longer here."""
    keys, deleted, said = patient_keys(patient), set[UUID](), dict[UUID, list[Restricted]]()
    with connection.cursor() as cursor:
        cursor.execute(_HELD, [patient, only, only])
        rows = cursor.fetchall()
    for entry, status, row, sealed in rows:
        if status == Status.DELETED:
            deleted.add(entry)
        with suppress(SealBroken, KeysDestroyed, KeysMissing):
            said.setdefault(entry, []).append(opened(keys, sealed, RESTRICTION, row, Restricted))
    since = {entry: rules.held_since(every) for entry, every in said.items()}
    secret = {entry for entry, every in said.items() if rules.codes(every) >= FROM_REPRESENTATIVES}
    return {entry: Held(when, entry in deleted, entry in secret) for entry, when in since.items() if when}
