"""What those who deposit may know of a record: their own deposits, and what filing and amending need."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db import connection

from espace.kernel.reasons import care
from espace.kernel.words import Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.record import rules
from espace.record.facts import Amendable, Deposit, Kept, Page, Search, Stated, Status
from espace.record.queries.rows import ALL, Row, rows

ANY = Search()
_CURRENT = frozenset({Status.APPROVED, Status.ARCHIVED})

_FAMILY = """
WITH RECURSIVE older(id, depth) AS (
  SELECT %(entry)s::uuid, 0 UNION ALL
  SELECT a.target_id, o.depth - 1 FROM record_association a JOIN older o ON a.source_id = o.id
  WHERE a.patient_id = %(patient)s AND a.kind IN ('RPLC', 'XFRM_RPLC') AND o.depth > -1000
), newer(id, depth) AS (
  SELECT %(entry)s::uuid, 0 UNION ALL
  SELECT a.source_id, n.depth + 1 FROM record_association a JOIN newer n ON a.target_id = n.id
  WHERE a.patient_id = %(patient)s AND a.kind IN ('RPLC', 'XFRM_RPLC') AND n.depth < 1000
), near(id) AS (
  SELECT id FROM older UNION SELECT id FROM newer UNION
  SELECT CASE WHEN a.source_id = n.id THEN a.target_id ELSE a.source_id END
  FROM near n JOIN record_association a ON a.patient_id = %(patient)s AND a.kind <> 'signs'
    AND (a.target_id = n.id OR (a.source_id = n.id AND a.kind <> 'APND'))
)
SELECT id, depth FROM older UNION SELECT id, depth FROM newer
UNION SELECT id, NULL FROM near ORDER BY depth NULLS LAST, id
"""

_REACH = """
WITH RECURSIVE up(root, id, depth) AS (
  SELECT id, id, 0 FROM unnest(%(ids)s::uuid[]) AS named (id) UNION
  SELECT u.root, a.target_id, u.depth + 1 FROM up u
  JOIN record_association a ON a.patient_id = %(patient)s AND a.source_id = u.id AND a.kind IN ('APND', 'XFRM')
  WHERE u.depth <= %(most)s
), down(root, id, height) AS (
  SELECT id, id, 0 FROM unnest(%(ids)s::uuid[]) AS named (id) UNION
  SELECT d.root, a.source_id, d.height + 1 FROM down d
  JOIN record_association a ON a.patient_id = %(patient)s AND a.target_id = d.id AND a.kind IN ('APND', 'XFRM')
  WHERE d.height <= %(most)s
)
SELECT named.id, (SELECT max(depth) FROM up WHERE root = named.id), (SELECT max(height) FROM down WHERE root = named.id)
FROM unnest(%(ids)s::uuid[]) AS named (id)
"""

_WITH_SUCCESSOR = """ AND e.id IN (WITH RECURSIVE leant(id) AS (
  SELECT %(entry)s::uuid UNION
  SELECT a.target_id FROM record_association a JOIN leant l ON a.source_id = l.id
  WHERE a.patient_id = %(patient)s AND a.kind IN ('APND', 'XFRM')
)
SELECT id FROM leant UNION ALL SELECT a.source_id FROM record_association a
WHERE a.patient_id = %(patient)s AND a.kind IN ('RPLC', 'XFRM_RPLC') AND a.target_id = %(entry)s)"""
"""With what replaces it, and what it appends or transforms."""


def own_deposits(grant: Grant, search: Search = ANY) -> Page[Deposit]:
    """What the organisation deposited in this record, and nothing of anybody else: ids and status."""
    grant.require(Purpose.FEED, Verb.OWN_DEPOSITS)
    mine = {"depositor": depositor(grant, grant.actor.organisation)}
    every = rows(grant, ALL + " AND e.depositor = %(depositor)s", mine, about=())
    states = _states(every)
    found = (_deposit(row, states[row.document.id]) for row in every)
    page = rules.page_of(found, rules.DEPOSIT_ITEMS, search)
    grant.note(*(d.id for d in page.found))
    return page


def _states(found: Iterable[Row]) -> Mapping[UUID, Status]:
    """As their depositor knows them, who deposited too what they append or transform."""
    links = ((row.document.id, row.status, row.document.related) for row in found)
    return rules.with_followers({one: (status, {link.other for link in to}) for one, status, to in links})


def _deposit(row: Row, status: Status) -> Deposit:
    found = row.document
    return Deposit(
        id=found.id,
        unique_id=row.stated.entry.unique_id,
        status=status,
        deposited_at=found.deposited_at,
        changed_at=found.changed_at,
        revision=found.revision,
    )


def depositor(grant: Grant, organisation: UUID | None) -> bytes:
    """By what a feeder's own deposits in one record are found, and the holder's (by the patient)."""
    return keys.blind_index("depositor", f"{grant.patient}|{organisation}")


def kept(grant: Grant, entry_ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What bears these ids, seen or not: for filing only, where hidden state never changes the answer.

    The line of a refusal that comes after is hidden as they are.
    """
    grant.require(Purpose.FEED, Verb.DEPOSIT, Verb.AMEND, Verb.ANNOUNCE)
    ids = {"ids": list(entry_ids)}
    found = rows(grant, ALL + " AND e.id = ANY(%(ids)s)", ids, about="each") if entry_ids else []
    return {
        row.document.id: Kept(row.document.id, row.submission, row.status, row.stated, row.restricted)
        for row in found
    }


def bearer(grant: Grant, unique_id: str) -> UUID | None:
    """The document that bears this uniqueId in the record, whoever deposited it: to change it, which needs more."""
    grant.require(Purpose.FEED, Verb.AMEND)
    blind = keys.blind_index("unique_id", f"{grant.patient}|document|{rules.bare_id(unique_id)}")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT target_id FROM record_unique_id WHERE patient_id = %s AND blind = %s", [grant.patient, blind]
        )
        row = cursor.fetchone()
    return row[0] if row else None


def own_version(grant: Grant, *, unique_id: str, parent: str, set_id: str) -> UUID | None:
    """The version that a new document replaces, among what the organisation deposited: the one that bears the uniqueId
    `parent`; where none does, the current one of this setId, if it is one only. For one that is there already, by its
    `unique_id`, the one that it replaced."""
    grant.require(Purpose.FEED, Verb.DEPOSIT)
    mine = {"depositor": depositor(grant, grant.actor.organisation)}
    every = rows(grant, ALL + " AND e.depositor = %(depositor)s", mine, about=())
    named = {rules.bare_id(row.stated.entry.unique_id): row for row in every if row.stated.entry.unique_id}
    if there := named.get(rules.bare_id(unique_id)):
        return there.stated.replaces
    if older := named.get(rules.bare_id(parent)):
        return older.document.id
    current = [one for one in every if set_id and one.stated.entry.set_id == set_id and one.status in _CURRENT]
    return current[0].document.id if len(current) == 1 else None


def of_set(grant: Grant, set_id: UUID) -> tuple[UUID, ...]:
    """The documents that a set brought, seen or not: for filing only."""
    grant.require(Purpose.FEED, Verb.DEPOSIT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM record_entry WHERE patient_id = %s AND submission_id = %s", [grant.patient, set_id]
        )
        return tuple(row[0] for row in cursor.fetchall())


def amendable(grant: Grant, entry_id: UUID) -> Amendable:
    """A document as whoever deposited or wrote it knows it: to change its state, or to say what was just filed.

    Refused(NOT_THE_AUTHOR) for anybody else's and for none alike; the line of a refusal is hidden as the document is.
    """
    grant.require(Purpose.FEED, Verb.AMEND, Verb.DEPOSIT)
    at_hand = rows(grant, ALL + _WITH_SUCCESSOR, {"entry": entry_id}, about=(entry_id,))
    found = {row.document.id: row for row in at_hand}
    if row := found.get(entry_id):
        grant.hidden_from |= row.document.restrictions
        if not row.document.damaged and _theirs(grant, row.stated):
            successor = found.get(row.document.replaced_by) if row.document.replaced_by else None
            grant.hidden_if_refused |= successor.document.restrictions if successor else frozenset()
            known = _deposited(grant, row.stated) or (successor is not None and _theirs(grant, successor.stated))
            theirs = _states(at_hand)[entry_id] if _deposited(grant, row.stated) else row.status
            return _amendable(row, theirs if known else row.document.status)
    raise Refused(care.NOT_THE_AUTHOR)


def _deposited(grant: Grant, stated: Stated) -> bool:
    return grant.actor.organisation is not None and stated.organisation == grant.actor.organisation


def _theirs(grant: Grant, stated: Stated) -> bool:
    """What they wrote, or what their organisation deposited: of this a professional changes only the kinds that the
    matrix lets them write, which are all for the organisation's own software."""
    kind = stated.entry.type.code if stated.entry.type else ""
    theirs = _deposited(grant, stated) and (grant.verb is Verb.DEPOSIT or kind in grant.sight.writes)
    return theirs or rules.written_by(stated.entry, grant.actor.national_id)


def _amendable(row: Row, status: Status) -> Amendable:
    """In the status that they may know: an author who acts elsewhere knows of a new version that is theirs only."""
    found, stated = row.document, row.stated.entry
    return Amendable(
        id=found.id,
        unique_id=stated.unique_id,
        status=status,
        deposited_at=found.deposited_at,
        changed_at=found.changed_at,
        revision=found.revision,
        confidentiality=stated.confidentiality,
        visibility=frozenset(one.code for one in row.restricted if not one.by_holder),
    )


def versions(grant: Grant, entry_id: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """The versions of a document, seen or not: it and those it replaces, then those that replace it, oldest first.

    For restrictions, which hold for all of them; notes nothing and answers nobody.
    """
    return family(grant, entry_id)[:2]


def family(grant: Grant, entry_id: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...], tuple[UUID, ...]]:
    """What `versions` answers, and what follows them: what appends or transforms one of them, what one of them
    transforms, and so on, with their versions. For masks, which are put on all of it; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, {"patient": grant.patient, "entry": entry_id})
        found = cursor.fetchall()
    older = tuple(one for one, depth in found if depth is not None and depth <= 0)
    newer = tuple(one for one, depth in found if depth is not None and depth > 0)
    return older, newer, tuple(one for one, depth in found if depth is None and one not in {*older, *newer})


def reach(grant: Grant, entry_ids: Collection[UUID]) -> dict[UUID, tuple[int, int]]:
    """Of each document, how many others it leans on one after the other (those that it appends or transforms, those
    that these do), and how many lean on it so: for filing only, and counted no further than is allowed."""
    grant.require(Purpose.FEED, Verb.DEPOSIT, Verb.AMEND)
    with connection.cursor() as cursor:
        cursor.execute(_REACH, {"patient": grant.patient, "ids": list(entry_ids), "most": rules.DEEP})
        return {one: (depth, height) for one, depth, height in cursor.fetchall()}
