"""What a reader may see of the documents of a record."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.reasons import decisions as reasons
from espace.kernel.words import Grant, Refused
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.record import rules
from espace.record.adapters import ContentMissing, content_store
from espace.record.facts import Content, Document, Page, Search, Status
from espace.record.queries.rows import ALL, CONTENT, Row, documents_of, rows, seen

ANY = Search()

_WITH_NEIGHBOURS = """ AND (e.id = %(entry)s
  OR e.id IN (SELECT a.source_id FROM record_association a
              WHERE a.patient_id = %(patient)s AND a.target_id = %(entry)s)
  OR e.id IN (SELECT a.target_id FROM record_association a
              WHERE a.patient_id = %(patient)s AND a.source_id = %(entry)s))"""


def documents(grant: Grant) -> tuple[Document, ...]:
    """What the reader may see of the record, newest deposit first."""
    return find(grant, ANY).found


def find(grant: Grant, search: Search) -> Page[Document]:
    """The documents that a search answers, among those the reader may see."""
    return _page(grant, documents_of(grant, ALL, {}, about=()), search)


def _page(grant: Grant, found: Iterable[Document], search: Search) -> Page[Document]:
    page = rules.page_of(seen(grant, found), rules.DOCUMENT_ITEMS, search)
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


def visible_ids(grant: Grant) -> frozenset[UUID]:
    """The ids the reader may see, to show the lines of the access log and nothing else; notes nothing.

    A deleted document that they could see is one of them: what was done with it stays in the log (D27, M01).
    """
    return _visible(grant, documents_of(grant, ALL, {}, about=()))


def documents_and_visible_ids(grant: Grant) -> tuple[tuple[Document, ...], frozenset[UUID]]:
    """What `documents` and `visible_ids` answer, of one reading of the record."""
    found = tuple(documents_of(grant, ALL, {}, about=()))
    return _page(grant, found, ANY).found, _visible(grant, found)


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


def _one(grant: Grant, entry_id: UUID) -> Row:
    at_hand = rows(grant, ALL + _WITH_NEIGHBOURS, {"entry": entry_id}, about=(entry_id,))
    found = {row.document.id: row for row in at_hand}
    shown = {d.id: d for d in seen(grant, (row.document for row in found.values()))}
    if entry_id not in shown:
        raise Refused(reasons.DOCUMENT_UNKNOWN)
    grant.note(entry_id)
    return replace(found[entry_id], document=shown[entry_id])
