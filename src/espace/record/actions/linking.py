"""Links between objects that are there: made and ended by the organisation that filed them (ITI-57)."""

from uuid import UUID

from django.db import connection

from espace.kernel.reasons import care, relations
from espace.kernel.values import replace
from espace.kernel.words import Grant, Purpose, Refused, RefusedProblems, Verb
from espace.record import queries, rules
from espace.record.actions.foldering import put_in
from espace.record.actions.relating import follow, link
from espace.record.actions.restating import note_changed
from espace.record.facts import ENDED, MEMBER, NO_SET, Amendable, Kept, OwnLink, Status
from espace.wire.xds import Linking

_END = """
WITH gone AS (
    DELETE FROM record_association
    WHERE patient_id = %(patient)s AND kind = %(kind)s AND source_id = %(source)s AND target_id = %(target)s
), out AS (
    DELETE FROM record_filed_member
    WHERE patient_id = %(patient)s AND %(kind)s = 'HasMember' AND folder_id = %(source)s AND entry_id = %(target)s
)
INSERT INTO record_ended_link (patient_id, source_id, target_id, kind, depositor, ended_at)
VALUES (%(patient)s, %(source)s, %(target)s, %(kind)s, %(depositor)s, %(at)s)
ON CONFLICT (patient_id, source_id, target_id) DO UPDATE SET kind = EXCLUDED.kind, ended_at = EXCLUDED.ended_at
"""


def make_link(grant: Grant, wanted: OwnLink) -> None:
    """Have one own document append or transform another, or put one into an own folder; again changes nothing.

    What it appends or transforms hands it all its restrictions. Raises Refused: RELATION_UNRESOLVED for what is not
    there and for what is somebody else's, alike; RELATION_OUTDATED, RELATION_REFUSED, VISIBILITY_REFUSED; at `source`,
    `target` or `kind`.
    """
    grant.require(Purpose.FEED, Verb.AMEND)
    if wanted.kind == MEMBER:
        _put(grant, wanted)
    else:
        _relate(grant, wanted)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM record_ended_link WHERE patient_id = %s AND source_id = %s AND target_id = %s",
            [grant.patient, wanted.source, wanted.target],
        )


def end_link(grant: Grant, ended: OwnLink) -> None:
    """No longer tell of a link of one's own (`queries.own_links`); what was inherited by it stays, for no change
    unmasks anything. Raises Refused: NOT_THE_AUTHOR, CHANGE_REFUSED for one that stays."""
    grant.require(Purpose.FEED, Verb.AMEND)
    if ended.kind not in ENDED:
        raise Refused(care.CHANGE_REFUSED, detail=f"{ended.kind} stays")
    if ended.kind == MEMBER:
        queries.kept(grant, [ended.target])  # the line is hidden as the document is
    else:
        queries.amendable(grant, ended.source)
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {
                "patient": grant.patient,
                "kind": ended.kind,
                "source": ended.source,
                "target": ended.target,
                "depositor": queries.depositor(grant, grant.actor.organisation),
                "at": grant.at,
            },
        )
    _note(grant, ended)


def _put(grant: Grant, wanted: OwnLink) -> None:
    folder = queries.kept_folders(grant, [wanted.source]).get(wanted.source)
    status, _ = _own(grant, wanted.target, rules.TARGET)
    if folder is None:
        raise Refused(relations.RELATION_UNRESOLVED, place=rules.SOURCE)
    if folder.status is not Status.APPROVED:
        raise Refused(relations.RELATION_OUTDATED, place=rules.SOURCE)
    if status.status not in rules.CURRENT:
        raise Refused(relations.RELATION_OUTDATED, place=rules.TARGET)
    if wanted.target not in folder.members:
        put_in(grant, [(wanted.source, wanted.target)], submission=NO_SET)
    _note(grant, wanted)


def _relate(grant: Grant, wanted: OwnLink) -> None:
    (source, first), (target, second) = (
        _own(grant, one, place)
        for one, place in ((wanted.source, rules.SOURCE), (wanted.target, rules.TARGET))
    )
    between = queries.links_between(grant, wanted.source, wanted.target)
    grant.note(wanted.source)
    if between == (replace(wanted, ended=False),):
        return
    older, newer, followers = queries.family(grant, wanted.source)
    with_it = queries.kept(grant, (*older, *newer, *followers))
    circular = bool(between) or wanted.target in with_it
    statuses = source.status, target.status
    if found := (*rules.link_problems((first, second), statuses, circular=circular, with_it=with_it.values()),):
        raise RefusedProblems(found)
    leaning = queries.reach(grant, (wanted.source, wanted.target))
    if leaning[wanted.target][0] + 1 + leaning[wanted.source][1] > rules.DEEP:
        raise Refused(relations.RELATION_REFUSED, place="kind", detail=f"≤ {rules.DEEP}")
    link(grant, [(Linking(wanted.kind), wanted.source, wanted.target)])
    follow(grant, (*older, *newer, *followers), wanted.target)
    _note(grant, wanted)


def _own(grant: Grant, entry_id: UUID, place: str) -> tuple[Amendable, Kept]:
    """A document as its depositor knows it; whoever wrote it elsewhere files no link of it."""
    try:
        found = queries.amendable(grant, entry_id)
    except Refused as refusal:
        raise Refused(relations.RELATION_UNRESOLVED, place=place) from refusal
    kept = queries.kept(grant, [entry_id])[entry_id]
    if kept.stated.organisation != grant.actor.organisation:
        raise Refused(relations.RELATION_UNRESOLVED, place=place)
    return found, kept


def _note(grant: Grant, link_: OwnLink) -> None:
    """The line is about the document that is put somewhere, or linked: it is hidden from whom that is."""
    if link_.kind == MEMBER:
        note_changed(grant, link_.target, "folder")
    else:
        note_changed(grant, link_.source, "relatesTo")
