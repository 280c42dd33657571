"""The only readers of documents. Every one takes the Grant first and notes on it what it answers."""

import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Purpose, Refused, Verb, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.record import rules
from espace.record.adapters import ContentMissing, content_store
from espace.record.facts import (
    Amendable,
    Content,
    Deposit,
    Document,
    Kept,
    Page,
    Restricted,
    Search,
    Stated,
    Status,
)
from espace.wire.xds import DocumentEntry

ENTRY = "record_entry"
RESTRICTION = "record_restriction"
CONTENT = "record_content"

ANY = Search()

_integrity = logging.getLogger("espace.integrity")
T = TypeVar("T")

_UNREADABLE = Stated(DocumentEntry(place="", unique_id="", mime_type=""), UUID(int=0), "", "")
_HIDDEN = tuple(Restricted(code, UUID(int=0), datetime.min.replace(tzinfo=UTC)) for code in Visibility)
"""Restrictions that cannot be read hide from everybody until an operator has looked."""

_ALL = """
SELECT e.id, e.submission_id, e.status, e.deposited_at, e.changed_at, e.size, e.content, e.sealed,
  (SELECT array_agg(r.id::text ORDER BY r.id) FROM record_restriction r
    WHERE r.patient_id = e.patient_id AND r.entry_id = e.id),
  (SELECT array_agg(r.sealed ORDER BY r.id) FROM record_restriction r
    WHERE r.patient_id = e.patient_id AND r.entry_id = e.id),
  (SELECT a.target_id FROM record_association a
    WHERE a.patient_id = e.patient_id AND a.kind = 'RPLC' AND a.source_id = e.id LIMIT 1),
  (SELECT a.source_id FROM record_association a
    WHERE a.patient_id = e.patient_id AND a.kind = 'RPLC' AND a.target_id = e.id LIMIT 1)
FROM record_entry e WHERE e.patient_id = %(patient)s
"""

_WITH_NEIGHBOURS = """ AND (e.id = %(entry)s
  OR e.id IN (SELECT a.source_id FROM record_association a
              WHERE a.patient_id = %(patient)s AND a.target_id = %(entry)s)
  OR e.id IN (SELECT a.target_id FROM record_association a
              WHERE a.patient_id = %(patient)s AND a.source_id = %(entry)s))"""

_VERSIONS = """
WITH RECURSIVE older(id, depth) AS (
  SELECT %(entry)s::uuid, 0 UNION ALL
  SELECT a.target_id, o.depth - 1 FROM record_association a JOIN older o ON a.source_id = o.id
  WHERE a.patient_id = %(patient)s AND a.kind = 'RPLC' AND o.depth > -1000
), newer(id, depth) AS (
  SELECT %(entry)s::uuid, 0 UNION ALL
  SELECT a.source_id, n.depth + 1 FROM record_association a JOIN newer n ON a.target_id = n.id
  WHERE a.patient_id = %(patient)s AND a.kind = 'RPLC' AND n.depth < 1000
)
SELECT id, depth FROM older UNION SELECT id, depth FROM newer ORDER BY depth
"""


@dataclass(frozen=True, slots=True)
class _Row:
    document: Document
    submission: UUID
    content: UUID
    stated: Stated
    restricted: tuple[Restricted, ...]


def documents(grant: Grant) -> tuple[Document, ...]:
    """What the reader may see of the record, newest deposit first."""
    return find(grant, ANY).found


def find(grant: Grant, search: Search) -> Page[Document]:
    """The documents that a search answers, among those the reader may see."""
    page = rules.page_of(_seen(grant, _documents(grant, _ALL, {})), lambda d: d.entry.unique_id, search)
    grant.note(*(d.id for d in page.found))
    return page


def document(grant: Grant, entry_id: UUID) -> Document:
    """One document; Refused(DOCUMENT_UNKNOWN) whether it is absent or may not be seen."""
    return _one(grant, entry_id).document


def content(grant: Grant, entry_id: UUID) -> Content:
    """One document with its bytes as deposited; Refused(DOCUMENT_UNKNOWN) or Refused(CONTENT_UNAVAILABLE)."""
    row = _one(grant, entry_id)
    try:
        if row.document.damaged:
            raise SealBroken(f"entry {entry_id}")
        sealed = content_store().read(row.content)
        data = keys.keys_of(grant).open(KeyKind.CONTENT, sealed, context(CONTENT, row.content))
    except (ContentMissing, SealBroken) as error:
        raise Refused(reasons.CONTENT_UNAVAILABLE) from error
    grant.count(row.stated.entry.type.code if row.stated.entry.type else "")
    return Content(row.document, data)


def own_deposits(grant: Grant, search: Search = ANY) -> Page[Deposit]:
    """What the organisation deposited in this record, and nothing of anybody else: ids and status."""
    grant.require(Purpose.FEED, Verb.OWN_DEPOSITS)
    mine = {"depositor": depositor(grant, grant.actor.organisation)}
    found = (_deposit(row) for row in _rows(grant, _ALL + " AND e.depositor = %(depositor)s", mine))
    page = rules.page_of(found, lambda d: d.unique_id, search)
    grant.note(*(d.id for d in page.found))
    return page


def depositor(grant: Grant, organisation: UUID | None) -> bytes:
    """By what a feeder's own deposits in one record are found."""
    return keys.blind_index("depositor", f"{grant.patient}|{organisation}")


def kept(grant: Grant, entry_ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What bears these ids, seen or not: for filing only, where hidden state never changes the answer."""
    grant.require(Purpose.FEED, Verb.DEPOSIT, Verb.AMEND)
    rows = _rows(grant, _ALL + " AND e.id = ANY(%(ids)s)", {"ids": list(entry_ids)}) if entry_ids else []
    return {
        row.document.id: Kept(row.document.id, row.submission, row.document.status, row.stated, row.restricted)
        for row in rows
    }


def amendable(grant: Grant, entry_id: UUID) -> Amendable:
    """A document as whoever deposited or wrote it knows it: to change its state, and for nothing else.

    Refused(NOT_THE_AUTHOR) for anybody else's and for none alike; the line of a refusal is hidden as the document is.
    """
    grant.require(Purpose.FEED, Verb.AMEND)
    for row in _rows(grant, _ALL + " AND e.id = %(entry)s", {"entry": entry_id}):
        grant.hidden_from |= row.document.restrictions
        if not row.document.damaged and _theirs(grant, row.stated):
            return _amendable(row)
    raise Refused(care.NOT_THE_AUTHOR)


def _theirs(grant: Grant, stated: Stated) -> bool:
    deposited = grant.actor.organisation is not None and stated.organisation == grant.actor.organisation
    return deposited or rules.written_by(stated.entry, grant.actor.national_id)


def _amendable(row: _Row) -> Amendable:
    found, stated = row.document, row.stated.entry
    return Amendable(
        id=found.id,
        unique_id=stated.unique_id,
        status=found.status,
        deposited_at=found.deposited_at,
        changed_at=found.changed_at,
        confidentiality=stated.confidentiality,
        visibility=frozenset(one.code for one in row.restricted if not one.by_holder),
    )


def versions(grant: Grant, entry_id: UUID) -> tuple[tuple[UUID, ...], tuple[UUID, ...]]:
    """The versions of a document, seen or not: it and those it replaces, then those that replace it, oldest first.

    For restrictions, which hold for all of them; notes nothing and answers nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, {"patient": grant.patient, "entry": entry_id})
        found = cursor.fetchall()
    return tuple(one for one, depth in found if depth <= 0), tuple(one for one, depth in found if depth > 0)


def visible_ids(grant: Grant) -> frozenset[UUID]:
    """The ids the reader may see, to show the lines of the access log and nothing else; notes nothing.

    A deleted document that they could see is one of them: what was done with it stays in the log (D27, M01).
    """
    found = _documents(grant, _ALL, {})
    kept = (replace(d, status=Status.APPROVED) if d.status is Status.DELETED else d for d in found)
    return frozenset(d.id for d in _seen(grant, kept))


def _one(grant: Grant, entry_id: UUID) -> _Row:
    rows = {row.document.id: row for row in _rows(grant, _ALL + _WITH_NEIGHBOURS, {"entry": entry_id})}
    seen = {d.id: d for d in _seen(grant, (row.document for row in rows.values()))}
    if entry_id not in seen:
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    grant.note(entry_id)
    return replace(rows[entry_id], document=seen[entry_id])


def patient_of_entry(entry_id: UUID) -> PatientId | None:
    """Whose record holds this document, for a request that names no patient: it leads to the gate and tells nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM record_locator WHERE entry_id = %s", [entry_id])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def _seen(grant: Grant, found: Iterable[Document]) -> tuple[Document, ...]:
    """The projection of the purpose; a purpose without one sees nothing."""
    if grant.purpose is Purpose.HOLDER:
        return rules.seen_by_holder(found)
    return rules.seen_by_professional(found, grant.sight) if grant.purpose is Purpose.CARE else ()


def _documents(grant: Grant, statement: str, values: dict[str, Any]) -> Iterator[Document]:
    return (row.document for row in _rows(grant, statement, values))


def _rows(grant: Grant, statement: str, values: dict[str, Any]) -> list[_Row]:
    opened = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"patient": grant.patient, **values})
        return [_row(opened, row) for row in cursor.fetchall()]


def _row(opened: PatientKeys, row: tuple[Any, ...]) -> _Row:
    entry_id, submission, status, deposited_at, changed_at, size, name, sealed, *more = row
    rids, restricted, replaces, replaced_by = more
    try:
        pairs = zip(rids or (), restricted or (), strict=True)
        restrictions = tuple(_opened(opened, one, RESTRICTION, UUID(rid), Restricted) for rid, one in pairs)
    except SealBroken:
        restrictions = _altered(entry_id, _HIDDEN)
    try:
        stated = _opened(opened, sealed, ENTRY, entry_id, Stated)
    except SealBroken:
        stated = _altered(entry_id, _UNREADABLE)
    found = Document(
        id=entry_id,
        entry=stated.entry,
        status=Status(status),
        deposited_at=deposited_at,
        organisation=stated.organisation,
        organisation_name=stated.organisation_name,
        restrictions=frozenset(r.code for r in restrictions),
        size=size,
        replaces=replaces,
        replaced_by=replaced_by,
        damaged=stated is _UNREADABLE,
        submission=submission,
        changed_at=changed_at,
    )
    return _Row(found, submission, name, stated, restrictions)


def _opened(keys_at_hand: PatientKeys, sealed: Any, table: str, row: UUID, kind: type[T]) -> T:
    return msgspec.json.decode(keys_at_hand.open(KeyKind.METADATA, bytes(sealed), context(table, row)), type=kind)


def _altered(entry_id: UUID, instead: T) -> T:
    """One altered row must not close the whole record, nor be believed, nor be left out unsaid."""
    _integrity.error("a row of the record was altered", extra={"entry": str(entry_id)})
    return instead


def _deposit(row: _Row) -> Deposit:
    stated = row.stated
    return Deposit(row.document.id, stated.entry.unique_id, row.document.status, row.document.deposited_at)
