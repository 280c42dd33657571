"""Rows of the record, opened: what a sender stated and what restricts it. An altered row is never believed."""

import logging
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from espace.edge.reading import fetched
from espace.kernel.json import decode
from espace.kernel.words import CARING, PERSONAL, Grant, Purpose, Visibility
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys, Unsealing
from espace.keys.rules import context
from espace.record import rules
from espace.record.facts import Arranged, Document, Linked, Restricted, Stated, Status
from espace.wire.xds import DocumentEntry, Linking

ENTRY = "record_entry"
RESTRICTION = "record_restriction"
CONTENT = "record_content"
SUBMISSION = "record_submission"
ARRANGEMENT = "record_arrangement"
FOLDER = "record_folder"
TOPIC = "record_topic"

About = Collection[UUID] | Literal["each"]
"""The documents that a refusal from here on may tell of: those of these ids, or each that is found. Its line is hidden
from whom they are. A listing is about none: it tells what shows."""

_integrity = logging.getLogger("espace.integrity")
T = TypeVar("T")

_UNREADABLE = Stated(DocumentEntry(place="", unique_id="", mime_type=""), UUID(int=0), "", "")
_NOWHERE = Arranged()
_STATUSES = {one.value: one for one in Status}
_HIDDEN = tuple(Restricted(code, UUID(int=0), datetime.min.replace(tzinfo=UTC)) for code in Visibility)
"""Restrictions that cannot be read hide from everybody until an operator has looked."""

ALL = """
SELECT e.id, e.submission_id, e.status, e.deposited_at, e.changed_at, e.revision, e.size, e.content, e.sealed,
  CASE WHEN EXISTS (SELECT FROM record_restriction WHERE patient_id = %(patient)s) THEN
    (SELECT array_agg(r.id::text ORDER BY r.id) FROM record_restriction r
      WHERE r.patient_id = e.patient_id AND r.entry_id = e.id) END,
  CASE WHEN EXISTS (SELECT FROM record_restriction WHERE patient_id = %(patient)s) THEN
    (SELECT array_agg(r.sealed ORDER BY r.id) FROM record_restriction r
      WHERE r.patient_id = e.patient_id AND r.entry_id = e.id) END,
  CASE WHEN EXISTS (SELECT FROM record_association WHERE patient_id = %(patient)s) THEN
    (SELECT array_agg(a.kind || ' ' || a.target_id ORDER BY a.id) FROM record_association a
      WHERE a.patient_id = e.patient_id AND a.kind <> 'signs' AND a.source_id = e.id) END,
  CASE WHEN EXISTS (SELECT FROM record_association WHERE patient_id = %(patient)s) THEN
    (SELECT a.source_id FROM record_association a
      WHERE a.patient_id = e.patient_id AND a.kind IN ('RPLC', 'XFRM_RPLC') AND a.target_id = e.id LIMIT 1) END,
  CASE WHEN %(arranged)s THEN (SELECT o.sealed FROM record_arrangement o
    WHERE o.patient_id = e.patient_id AND o.entry_id = e.id) END
FROM record_entry e WHERE e.patient_id = %(patient)s
"""
"""How documents are arranged is read for the holder, and for who helps them, only. Whether a record has any restriction
or association is asked once, before asking it of each document."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """`document` is in its own stored state until it is projected."""

    document: Document
    submission: UUID
    content: UUID
    stated: Stated
    restricted: tuple[Restricted, ...]

    @property
    def status(self) -> Status:
        """As its depositor knows it: replaced by whatever replaces it, whoever sees that."""
        return rules.replaced(self.document.status) if self.document.replaced_by else self.document.status


def seen(grant: Grant, found: Iterable[Document]) -> tuple[Document, ...]:
    """The projection of the purpose; a purpose without one sees nothing."""
    if grant.eyes is not None and grant.purpose in PERSONAL:
        return rules.seen_as(found, grant.eyes, helper=grant.purpose is Purpose.PROXY)
    return seen_oneself(grant, found)


def seen_oneself(grant: Grant, found: Iterable[Document]) -> tuple[Document, ...]:
    """The same, with whoever's eyes the holder looks."""
    if grant.purpose is Purpose.HOLDER:
        return rules.seen_by_holder(found)
    if grant.purpose is Purpose.PROXY:
        return rules.seen_by_helper(found)
    return rules.seen_by_professional(found, grant.sight) if grant.purpose in CARING else ()


def documents_of(grant: Grant, statement: str, values: dict[str, Any], *, about: About) -> Iterator[Document]:
    return (row.document for row in rows(grant, statement, values, about=about))


def rows(grant: Grant, statement: str, values: dict[str, Any], *, about: About) -> list[Row]:
    """The rows that a statement selects, opened. `about` has no default: no reader forgets what refusing tells."""
    at_hand, personal = keys.keys_of(grant), grant.purpose in PERSONAL
    asked = {"patient": grant.patient, "arranged": personal and grant.eyes is None, **values}
    sealed = fetched(statement, asked)
    unseal = at_hand.opening(KeyKind.METADATA, ENTRY) if sealed else None
    found = [_row(at_hand, unseal, row) for row in sealed] if unseal else []
    grant.restricted.update({row.document.id: row.document.restrictions for row in found})
    if about and not personal:
        # A holder's or helper's own vain attempt leaves the line that one at nothing leaves.
        told = [row.document for row in found if about == "each" or row.document.id in about]
        grant.hidden_if_refused = grant.hidden_if_refused.union(*(one.restrictions for one in told))
    return found


def _row(at_hand: PatientKeys, unseal: Unsealing, row: tuple[Any, ...]) -> Row:
    entry_id, submission, status, deposited_at, changed_at, revision, size, name, sealed, *more = row
    rids, restricted, related, replaced_by, arranged = more
    replacing, links = _links(related) if related else (None, ())
    restrictions = _restrictions(at_hand, entry_id, zip(rids, restricted, strict=True)) if rids else ()
    try:
        stated = decode(unseal(sealed, entry_id), Stated)
    except SealBroken:
        stated = altered(entry_id, _UNREADABLE)
    where = _arranged(at_hand, entry_id, arranged) if arranged else _NOWHERE
    found = Document(
        id=entry_id,
        entry=stated.entry,
        status=_STATUSES[status],
        deposited_at=deposited_at,
        organisation=stated.organisation,
        organisation_name=stated.organisation_name,
        restrictions=rules.codes(restrictions) if restrictions else frozenset(),
        size=size,
        replaces=replacing.other if replacing else None,
        replaced_by=replaced_by,
        by_transforming=replacing is not None and replacing.kind is Linking.TRANSFORMS_AND_REPLACES,
        related=links,
        damaged=stated is _UNREADABLE,
        professional=stated.professional,
        submission=submission,
        changed_at=changed_at,
        revision=revision,
        signs=stated.signs,
        signs_set=stated.signs_set,
        own=stated.organisation is None,
        folder=where.folder,
        pinned=where.pinned,
        kept_from=rules.kept_from(restrictions) if restrictions else frozenset(),
        topics=where.topics,
        masked_by=rules.masking_rules(restrictions) if restrictions else frozenset(),
    )
    return Row(found, submission, name, stated, restrictions)


def _restrictions(at_hand: PatientKeys, entry_id: UUID, sealed: Iterable[tuple[str, Any]]) -> tuple[Restricted, ...]:
    try:
        return tuple(opened(at_hand, one, RESTRICTION, UUID(row), Restricted) for row, one in sealed)
    except SealBroken:
        return altered(entry_id, _HIDDEN)


def _links(related: list[str]) -> tuple[Linked | None, tuple[Linked, ...]]:
    """What links a document to one that it replaces, and to those that it appends or transforms."""
    links = tuple(Linked(Linking(kind), UUID(other)) for kind, other in (one.split() for one in related))
    replacing = next((one for one in links if one.kind in rules.REPLACING), None)
    return replacing, tuple(one for one in links if one is not replacing)


def _arranged(at_hand: PatientKeys, entry_id: UUID, sealed: Any) -> Arranged:
    """Where the holder put a document; nowhere where that was altered, for it hides nothing."""
    try:
        return opened(at_hand, sealed, ARRANGEMENT, entry_id, Arranged)
    except SealBroken:
        return altered(entry_id, _NOWHERE)


def opened(at_hand: PatientKeys, sealed: Any, table: str, row: UUID, kind: type[T]) -> T:
    return decode(at_hand.open(KeyKind.METADATA, bytes(sealed), context(table, row)), kind)


def altered(entry_id: UUID, instead: T) -> T:
    """One altered row must not close the whole record, nor be believed, nor be left out unsaid."""
    _integrity.error("a row of the record was altered", extra={"entry": str(entry_id)})
    return instead
