"""The only readers of documents. Every one takes the Grant first and notes on it what it answers."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Purpose, Refused
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.record import rules
from espace.record.adapters import ContentMissing, content_store
from espace.record.facts import Content, Deposit, Document, Kept, Restricted, Stated, Status

ENTRY = "record_entry"
RESTRICTION = "record_restriction"
CONTENT = "record_content"

_DOCUMENTS = """
SELECT e.id, e.submission_id, e.status, e.deposited_at, e.size, e.content, e.sealed,
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


@dataclass(frozen=True, slots=True)
class _Row:
    document: Document
    submission: UUID
    content: UUID
    stated: Stated
    restricted: tuple[Restricted, ...]


def documents(grant: Grant) -> tuple[Document, ...]:
    """What the reader may see of the record, newest deposit first."""
    seen = _seen(grant, (row.document for row in _rows(grant, _DOCUMENTS, {})))
    answered = tuple(sorted(seen, key=lambda d: d.id, reverse=True))
    grant.note(*(d.id for d in answered))
    return answered


def document(grant: Grant, entry_id: UUID) -> Document:
    """One document; Refused(DOCUMENT_UNKNOWN) whether it is absent or may not be seen."""
    return _one(grant, entry_id).document


def content(grant: Grant, entry_id: UUID) -> Content:
    """One document with its bytes as deposited; Refused(DOCUMENT_UNKNOWN) or Refused(CONTENT_UNAVAILABLE)."""
    row = _one(grant, entry_id)
    try:
        sealed = content_store().read(row.content)
        data = keys.keys_of(grant).open(KeyKind.CONTENT, sealed, context(CONTENT, row.content))
    except (ContentMissing, SealBroken) as error:
        raise Refused(reasons.CONTENT_UNAVAILABLE) from error
    grant.count(row.stated.entry.type.code if row.stated.entry.type else "")
    return Content(row.document, data)


def own_deposits(grant: Grant) -> tuple[Deposit, ...]:
    """What the organisation deposited in this record: ids and status, newest first."""
    mine = [r for r in _rows(grant, _DOCUMENTS, {}) if r.stated.organisation == grant.actor.organisation]
    answered = sorted((_deposit(row) for row in mine), key=lambda d: d.id, reverse=True)
    grant.note(*(d.id for d in answered))
    return tuple(answered)


def kept(grant: Grant, entry_ids: Collection[UUID]) -> dict[UUID, Kept]:
    """What bears these ids, seen or not: for filing only, where hidden state never changes the answer."""
    rows = _rows(grant, _DOCUMENTS + " AND e.id = ANY(%(ids)s)", {"ids": list(entry_ids)}) if entry_ids else []
    return {
        row.document.id: Kept(
            row.document.id,
            row.submission,
            row.document.status,
            row.stated.organisation,
            row.stated.sha256,
            row.restricted,
        )
        for row in rows
    }


def visible_ids(grant: Grant) -> frozenset[UUID]:
    """The ids the reader may see, to show the lines of the access log and nothing else; notes nothing."""
    return frozenset(d.id for d in _seen(grant, (row.document for row in _rows(grant, _DOCUMENTS, {}))))


def _one(grant: Grant, entry_id: UUID) -> _Row:
    rows = {row.document.id: row for row in _rows(grant, _DOCUMENTS + _WITH_NEIGHBOURS, {"entry": entry_id})}
    seen = {d.id: d for d in _seen(grant, (row.document for row in rows.values()))}
    if entry_id not in seen:
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    grant.note(entry_id)
    return replace(rows[entry_id], document=seen[entry_id])


def _seen(grant: Grant, found: Iterable[Document]) -> tuple[Document, ...]:
    """The projection of the purpose; a purpose without one sees nothing."""
    return rules.seen_by_holder(found) if grant.purpose is Purpose.HOLDER else ()


def _rows(grant: Grant, statement: str, values: dict[str, Any]) -> list[_Row]:
    opened = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"patient": grant.patient, **values})
        return [_row(opened, row) for row in cursor.fetchall()]


def _row(opened: PatientKeys, row: tuple[Any, ...]) -> _Row:
    entry_id, submission, status, deposited_at, size, name, sealed, rids, restricted, replaces, replaced_by = row
    stated = msgspec.json.decode(opened.open(KeyKind.METADATA, bytes(sealed), context(ENTRY, entry_id)), type=Stated)
    restrictions = tuple(
        msgspec.json.decode(opened.open(KeyKind.METADATA, bytes(one), context(RESTRICTION, UUID(rid))), type=Restricted)
        for rid, one in zip(rids or (), restricted or (), strict=True)
    )
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
    )
    return _Row(found, submission, name, stated, restrictions)


def _deposit(row: _Row) -> Deposit:
    return Deposit(row.document.id, row.stated.entry.unique_id, row.document.status, row.document.deposited_at)
