"""Changing the state of a document once filed: by the organisation that deposited it, or by its author (D24, D27)."""

from uuid import UUID

from django.db import connection

from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Purpose, RefusedProblems, Verb, Visibility
from espace.outbox import actions as outbox
from espace.record import queries, rules
from espace.record.actions.restrictions import hold, lift, restrict, restrictions
from espace.record.events import Changing, DocumentAnnounced, DocumentChanged, Titled
from espace.record.facts import Amendable, Change, Restricted, Status


def amend(grant: Grant, entry_id: UUID, change: Change) -> Amendable:
    """Archive or not, delete, mask or unmask a document, show it to the patient; asked again it changes nothing.

    A mask is put on every version and taken off every version; what hides from the patient is lifted from the
    version named and from those that it replaces, and so is what hides from a minor's representatives, for good: they
    read no line about that either. The holder's own mask stays. The answer is the document as it
    is now. Raises Refused: NOT_THE_AUTHOR, CHANGE_REFUSED, VISIBILITY_REFUSED.
    """
    grant.require(Purpose.FEED, Verb.AMEND)
    now = queries.amendable(grant, entry_id)
    older_ids, newer_ids = queries.versions(grant, entry_id)
    newer = queries.kept(grant, newer_ids).values()
    if problems := rules.amending_problems(now, change, newer):
        raise RefusedProblems(problems)
    grant.note(entry_id)
    status = rules.status_after(now, change) or now.status
    visibility = now.visibility if change.visibility is None else change.visibility
    if (status, visibility) == (now.status, now.visibility):
        return now
    _relabel(grant, now, visibility)
    _announce(grant, now, status, visibility, older_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET status = COALESCE(%s, status), changed_at = %s, revision = revision + 1"
            " WHERE patient_id = %s AND id = %s",
            [None if status is now.status else status, grant.at, grant.patient, entry_id],
        )
        if status is Status.DELETED:
            # Where its holder had put it, and to which topics they had linked it.
            cursor.execute(
                "DELETE FROM record_arrangement WHERE patient_id = %s AND entry_id = %s", [grant.patient, entry_id]
            )
    return queries.amendable(grant, entry_id)


def _announce(
    grant: Grant, now: Amendable, status: Status, visibility: frozenset[Visibility], older: tuple[UUID, ...]
) -> None:
    """What the holder is told of: a document that shows to them, that is gone, or that professionals see again."""
    lifted, deleted = now.visibility - visibility, status is Status.DELETED and now.status is not Status.DELETED
    if not deleted and lifted.isdisjoint({Visibility.INVISIBLE_PATIENT, Visibility.MASQUE_PS}):
        return
    kept = queries.kept(grant, [now.id])[now.id]
    hidden, title = rules.codes(kept.restricted), kept.stated.entry.title
    if Visibility.INVISIBLE_PATIENT in lifted:
        announced = DocumentAnnounced(grant.patient, now.id, grant.at, older, still=visibility, title=title)
        outbox.post(announced, patient=grant.patient, at=grant.at)
    elif Visibility.INVISIBLE_PATIENT not in hidden and (deleted or Visibility.MASQUE_PS not in hidden):
        change = Changing.DELETED if deleted else Changing.UNMASKED
        told = Titled(now.id, title, hidden & FROM_REPRESENTATIVES)
        who, place = grant.actor.name, grant.actor.organisation_name
        changed = DocumentChanged(grant.patient, told, change, grant.at, who, place)
        outbox.post(changed, patient=grant.patient, at=grant.at)


def _relabel(grant: Grant, now: Amendable, wanted: frozenset[Visibility]) -> None:
    if wanted == now.visibility:
        return
    older, newer = queries.versions(grant, now.id)
    every = (*older, *newer)
    hold(grant, every)
    theirs = [row for row in restrictions(grant, every) if not row[2].by_holder]
    lifted = now.visibility - wanted
    grant.secret |= lifted >= FROM_REPRESENTATIVES
    lift(
        grant,
        [
            row
            for row, entry, said in theirs
            if said.code in lifted and (entry in older or said.code is Visibility.MASQUE_PS)
        ],
    )
    for code in sorted(wanted - now.visibility):
        restricted = {entry for _, entry, said in theirs if said.code is code}
        for entry in every:
            if entry not in restricted:
                restrict(grant, entry, Restricted(code, grant.actor.id, grant.at))
