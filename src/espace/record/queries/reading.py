"""What a reader may see of the documents of a record."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions as reasons
from espace.kernel.reasons import querying
from espace.kernel.values import replace
from espace.kernel.words import CARING, PERSONAL, Grant, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record import rules
from espace.record.adapters import ContentMissing, content_store
from espace.record.facts import Content, Document, Page, Search, Status, Unseen
from espace.record.queries.rows import ALL, CONTENT, Row, documents_of, rows, seen, seen_oneself

ANY = Search()

_WITH_NEIGHBOURS_OF = """ AND e.id IN (WITH RECURSIVE leant(id) AS (
  SELECT unnest(%(ids)s::uuid[]) UNION
  SELECT a.target_id FROM record_association a JOIN leant l ON a.source_id = l.id
  WHERE a.patient_id = %(patient)s AND a.kind IN ('APND', 'XFRM')
)
SELECT id FROM leant UNION ALL
SELECT a.source_id FROM record_association a WHERE a.patient_id = %(patient)s AND a.target_id IN (SELECT id FROM leant)
UNION ALL
SELECT a.target_id FROM record_association a WHERE a.patient_id = %(patient)s AND a.source_id = ANY(%(ids)s))"""
"""Documents with what their state depends on: those linked to them, what they append or transform, and that to what it
does, and what replaces each of these."""


def documents(grant: Grant) -> tuple[Document, ...]:
    """What the reader may see of the record, newest deposit first; for people: without signatures."""
    return rules.for_people(find(grant, ANY).found)


def find(grant: Grant, search: Search) -> Page[Document]:
    """The documents that a search answers, among those the reader may see."""
    return _page(grant, documents_of(grant, ALL, {}, about=()), search)


def _page(grant: Grant, found: Iterable[Document], search: Search) -> Page[Document]:
    page = rules.page_of(seen(grant, found), rules.DOCUMENT_ITEMS, search)
    grant.note(*(d.id for d in page.found))
    if search == ANY and grant.purpose in CARING:
        grant.grounds["listed"] = "all"  # what is not among the objects was not shown
    return page


def document(grant: Grant, entry_id: UUID, *, signatures: bool = False) -> Document:
    """One document; Refused(DOCUMENT_UNKNOWN) whether it is absent or may not be seen. `signatures`: one of them too,
    for software."""
    return _one(grant, entry_id, signatures).document


def content(grant: Grant, entry_id: UUID, *, signatures: bool = False, elsewhere: bool = False) -> Content:
    """One document with its bytes as deposited; Refused(DOCUMENT_UNKNOWN), Refused(CONTENT_UNAVAILABLE) or, where
    another repository keeps them, Refused(CONTENT_ELSEWHERE): with `elsewhere` such a document comes without."""
    row = _one(grant, entry_id, signatures)
    return Content(row.document, b"") if elsewhere and row.stated.entry.repository else _content(grant, row)


def _content(grant: Grant, row: Row) -> Content:
    if row.stated.entry.repository:
        raise Refused(reasons.CONTENT_ELSEWHERE)
    try:
        if row.document.damaged:
            raise SealBroken(f"entry {row.document.id}")
        sealed, place = content_store().reading(row.content), context(CONTENT, row.content)
        data = keys.keys_of(grant).open_in_pieces(KeyKind.CONTENT, *sealed, place)
    except (ContentMissing, SealBroken) as error:
        raise Refused(reasons.CONTENT_UNAVAILABLE) from error
    grant.count(row.stated.entry.type.code if row.stated.entry.type else "")
    return Content(row.document, data)


def contents_of(grant: Grant, ids: Collection[UUID], *, most: int) -> tuple[Content, ...]:
    """These documents with their bytes as deposited, in that order; for people: no signature is one. One statement,
    whatever they are.

    Raises Refused: DOCUMENT_UNKNOWN where one of them is absent or may not be seen, CONTENT_ELSEWHERE,
    CONTENT_UNAVAILABLE, RETRIEVAL_TOO_LARGE where there are several, of more than `most` bytes in all.
    """
    about = tuple(ids)
    found = {row.document.id: row for row in rows(grant, ALL + _WITH_NEIGHBOURS_OF, {"ids": list(about)}, about=about)}
    shown = {one.id: one for one in rules.for_people(seen(grant, (row.document for row in found.values())))}
    if not shown.keys() >= set(about):
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    if any(found[one].stated.entry.repository for one in about):
        raise Refused(reasons.CONTENT_ELSEWHERE)
    if len(about) > 1 and sum(shown[one].size for one in about) > most:
        raise Refused(querying.RETRIEVAL_TOO_LARGE)
    grant.note(*about)
    return tuple(_content(grant, replace(found[one], document=shown[one])) for one in about)


def contents_named(grant: Grant, unique_ids: Collection[str], *, most: int) -> dict[str, Content | None]:
    """The documents of these uniqueIds that the reader may see, with their bytes as deposited; None where those cannot
    be read now. What is absent, may not be seen or is kept by another repository is left out. Two statements, whatever
    is found.

    Raises Refused(RETRIEVAL_TOO_LARGE) where several are asked for that have more than `most` bytes in all.
    """
    named = _named(grant, unique_ids)
    about = tuple(named.values())
    found = {row.document.id: row for row in rows(grant, ALL + _WITH_NEIGHBOURS_OF, {"ids": list(about)}, about=about)}
    shown = {one.id: one for one in seen(grant, (row.document for row in found.values()))}
    here = {one for one in shown if not found[one].stated.entry.repository}
    wanted = {name: replace(found[one], document=shown[one]) for name, one in named.items() if one in here}
    if len(wanted) > 1 and sum(row.document.size for row in wanted.values()) > most:
        raise Refused(querying.RETRIEVAL_TOO_LARGE)
    return {name: _content_if_there(grant, row) for name, row in wanted.items()}


def _named(grant: Grant, unique_ids: Collection[str]) -> dict[str, UUID]:
    """What bears these uniqueIds in this record, seen or not."""
    blinds = {
        keys.blind_index("unique_id", f"{grant.patient}|document|{rules.bare_id(name)}"): name for name in unique_ids
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blind, target_id FROM record_unique_id WHERE patient_id = %s AND blind = ANY(%s)",
            [grant.patient, list(blinds)],
        )
        return {blinds[bytes(blind)]: target for blind, target in cursor.fetchall()}


def _content_if_there(grant: Grant, row: Row) -> Content | None:
    try:
        found = _content(grant, row)
    except Refused:
        return None
    grant.note(row.document.id)
    return found


def visible_ids(grant: Grant) -> frozenset[UUID]:
    """The ids the reader may see, to show the lines of the access log and nothing else; notes nothing.

    A deleted document that they could see is one of them: what was done with it stays in the log (D27, M01).
    """
    return _visible(grant, documents_of(grant, ALL, {}, about=()))


def visible_among(grant: Grant, ids: Collection[UUID]) -> frozenset[UUID]:
    """Which of these ids are among those of `visible_ids`. One statement, even for none; notes nothing."""
    found = documents_of(grant, ALL + _WITH_NEIGHBOURS_OF, {"ids": list(ids)}, about=())
    return _visible(grant, found).intersection(ids)


def documents_and_visible_ids(grant: Grant) -> tuple[tuple[Document, ...], frozenset[UUID]]:
    """What `documents` and `visible_ids` answer, of one reading of the record; signatures are with the documents, for
    lines about one."""
    found = tuple(documents_of(grant, ALL, {}, about=()))
    return _page(grant, found, ANY).found, _visible(grant, found)


def seen_as(grant: Grant) -> tuple[tuple[Document, ...], tuple[tuple[Document, Unseen], ...]]:
    """What `documents` answers to whoever's eyes the holder looks with (`gate.look_as`); and what of their own current
    documents those would not see, with the reason, noted by nobody."""
    grant.require(PERSONAL, Verb.SEE_AS)
    if grant.eyes is None:
        raise TypeError("with nobody's eyes")
    found = tuple(documents_of(grant, ALL, {}, about=()))
    shown = rules.for_people(_page(grant, found, ANY).found)
    there, stored = {one.id for one in shown}, {one.id: one for one in found}
    mine = rules.for_people(seen_oneself(grant, found))
    own = (one for one in mine if one.status is not Status.DEPRECATED and one.id not in there)
    unseen = ((one, rules.unseen_because(stored[one.id], grant.eyes)) for one in own)
    return shown, tuple((one, why) for one, why in unseen if why)


def kept_from(grant: Grant) -> tuple[frozenset[UUID], Mapping[UUID, tuple[Document, ...]]]:
    """What `visible_ids` answers and, of one reading of the record, the documents hidden from each professional by
    name, among those that the holder sees; notes nothing."""
    grant.require(PERSONAL)
    found = tuple(documents_of(grant, ALL, {}, about=()))
    return _visible(grant, found), rules.by_name(rules.for_people(seen(grant, found)))


def hidden_from_some(grant: Grant, ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these documents that anything hides from anybody, be it by name: what others read must not quote them.
    It is told to nobody. One statement."""
    grant.require(CARING | PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT entry_id FROM record_restriction WHERE patient_id = %s AND entry_id = ANY(%s)",
            [grant.patient, list(ids)],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def _visible(grant: Grant, found: Iterable[Document]) -> frozenset[UUID]:
    kept = (replace(d, status=Status.APPROVED) if d.status is Status.DELETED else d for d in found)
    return frozenset(d.id for d in seen(grant, kept))


def patient_of_entry(entry_id: UUID) -> PatientId | None:
    """Whose record holds this document or submission set, for a request that names no patient: it leads to the gate
    and tells nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM record_locator WHERE entry_id = %s", [entry_id])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def look_in_vain(entry_id: UUID) -> None:
    """What looking for a document costs, for whoever was refused before: time must not tell whether it is there."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"patient": entry_id, "arranged": False, "ids": [entry_id]}
        cursor.execute(ALL + _WITH_NEIGHBOURS_OF, values)


def _one(grant: Grant, entry_id: UUID, signatures: bool) -> Row:
    at_hand = rows(grant, ALL + _WITH_NEIGHBOURS_OF, {"ids": [entry_id]}, about=(entry_id,))
    found = {row.document.id: row for row in at_hand}
    shown = {d.id: d for d in seen(grant, (row.document for row in found.values()))}
    if entry_id not in shown or (shown[entry_id].signs and not signatures):
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    grant.note(entry_id)
    return replace(found[entry_id], document=shown[entry_id])
