"""Changing the state of a document once filed: by the organisation that deposited it, or by its author (D24, D27)."""

from uuid import UUID

from django.db import connection

from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Problem, Purpose, RefusedProblems, Verb, Visibility
from espace.outbox import actions as outbox
from espace.record import queries, rules
from espace.record.actions.relating import family, mask_family
from espace.record.actions.restating import restate
from espace.record.actions.restrictions import lift
from espace.record.events import Changing, DocumentAnnounced, DocumentChanged, DocumentDeleted, Titled
from espace.record.facts import Amendable, Change, Kept, Restricted, Status
from espace.wire.xds import DocumentEntry


def amend(grant: Grant, entry_id: UUID, change: Change) -> Amendable:
    """Archive or not, delete, mask or unmask a document, show it to the patient, state it anew; asked again it changes
    nothing.

    A mask is put on every version, and on what appends or transforms one, and taken off them again;
    what hides from the patient is lifted from the
    version named and from those that it replaces, and so is what hides from a minor's representatives, for good: they
    read no line about that either. The holder's own mask stays. The answer is the document as it
    is now. Raises Refused: NOT_THE_AUTHOR, CHANGE_REFUSED, VISIBILITY_REFUSED, and what `rules.restating` tells.
    """
    grant.require(Purpose.FEED, Verb.AMEND)
    now = queries.amendable(grant, entry_id)
    older_ids, newer_ids, followers = queries.family(grant, entry_id)
    newer = queries.kept(grant, (*newer_ids, *followers)).values()
    before = queries.kept(grant, [entry_id])[entry_id] if change.entry else None
    if problems := (*rules.amending_problems(now, change, newer), *_restating_problems(grant, before, change.entry)):
        raise RefusedProblems(problems)
    grant.note(entry_id)
    status = rules.status_after(now, change) or now.status
    visibility = now.visibility if change.visibility is None else change.visibility
    entry = change.entry if change.entry and before and rules.changed(before.stated.entry, change.entry) else None
    if (status, visibility, entry) == (now.status, now.visibility, None):
        return now
    sealed = restate(grant, before, now.revision, entry) if before and entry else None
    _relabel(grant, now, visibility)
    _announce(grant, now, status, visibility, older_ids, entry)
    _keep(grant, entry_id, None if status is now.status else status, sealed)
    return queries.amendable(grant, entry_id)


def _restating_problems(grant: Grant, before: Kept | None, entry: DocumentEntry | None) -> tuple[Problem, ...]:
    if before is None or entry is None:
        return ()
    return tuple(rules.restating_problems(before.stated, entry, writes=grant.sight.writes, at=grant.at))


def _keep(grant: Grant, entry_id: UUID, status: Status | None, sealed: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET status = COALESCE(%s, status), sealed = COALESCE(%s, sealed), changed_at = %s,"
            " revision = revision + 1 WHERE patient_id = %s AND id = %s",
            [status, sealed, grant.at, grant.patient, entry_id],
        )
        if status is Status.DELETED:
            # Where its holder had put it, and to which topics they had linked it.
            cursor.execute(
                "DELETE FROM record_arrangement WHERE patient_id = %s AND entry_id = %s", [grant.patient, entry_id]
            )


def _announce(
    grant: Grant,
    now: Amendable,
    status: Status,
    visibility: frozenset[Visibility],
    older: tuple[UUID, ...],
    entry: DocumentEntry | None,
) -> None:
    """What the holder is told of: a document that shows to them, that is gone, that professionals see again, or that is
    stated anew."""
    lifted, deleted = now.visibility - visibility, status is Status.DELETED and now.status is not Status.DELETED
    shows = not lifted.isdisjoint({Visibility.INVISIBLE_PATIENT, Visibility.MASQUE_PS})
    if not (deleted or shows or entry):
        return
    if deleted:
        outbox.post(DocumentDeleted(grant.patient, now.id), patient=grant.patient, at=grant.at)
    kept = queries.kept(grant, [now.id])[now.id]
    hidden, title = rules.codes(kept.restricted), (entry or kept.stated.entry).title
    if Visibility.INVISIBLE_PATIENT in lifted:
        announced = DocumentAnnounced(grant.patient, now.id, grant.at, older, still=visibility, title=title)
        outbox.post(announced, patient=grant.patient, at=grant.at)
        return
    unmasked = shows and Visibility.MASQUE_PS not in hidden
    if Visibility.INVISIBLE_PATIENT not in hidden and (deleted or unmasked or entry):
        change = Changing.DELETED if deleted else Changing.UNMASKED if unmasked else Changing.CORRECTED
        told = Titled(now.id, title, hidden & FROM_REPRESENTATIVES)
        who, place = grant.actor.name, grant.actor.organisation_name
        changed = DocumentChanged(grant.patient, told, change, grant.at, who, place)
        outbox.post(changed, patient=grant.patient, at=grant.at)


def _relabel(grant: Grant, now: Amendable, wanted: frozenset[Visibility]) -> None:
    if wanted == now.visibility:
        return
    found = family(grant, now.id)
    theirs = [row for row in found.own if not row[2].by_holder]
    lifted = now.visibility - wanted
    grant.secret |= lifted >= FROM_REPRESENTATIVES
    lift(
        grant,
        [
            row
            for row, entry, said in theirs
            if said.code in lifted and (entry in found.older or said.code is Visibility.MASQUE_PS)
        ],
    )
    for code in sorted(wanted - now.visibility):
        mask_family(grant, found, Restricted(code, grant.actor.id, grant.at))
