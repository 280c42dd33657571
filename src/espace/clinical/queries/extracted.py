"""Facts that were extracted from documents: of those that the reader may see, and no others."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from espace.clinical import rules
from espace.clinical.facts import FREQUENT, Fact, Kind, Known, Origin, Sourced, UnreadCount
from espace.clinical.queries.profile import stated
from espace.edge.reading import fetched
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import CARING, PERSONAL, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys, Unsealing
from espace.record import queries as record
from espace.record.facts import Document, Status

PARTS = _HEADS, _BLOCK, _MANY, _TEXT = tuple(f"clinical_block{part}" for part in ("_heads", "", "_many", "_text"))
"""Where each part of a block is sealed for, in the order of `rules.Parts`."""
CHOICE = "clinical_choice"
REIMBURSEMENTS = "REMB"
"""The typeCode of the insurer's reimbursement history."""

_OF_THE_RECORD = """
FROM clinical_block b WHERE b.patient_id = %(patient)s
  AND NOT EXISTS (SELECT FROM clinical_choice c WHERE c.patient_id = b.patient_id)
"""
_BLOCKS = f"""
SELECT b.entry_id, b.sealed, CASE WHEN %(many)s THEN b.many END, CASE WHEN %(texts)s THEN b.text END
{_OF_THE_RECORD} AND b.sealed IS NOT NULL"""
_OF_SOME = " AND b.entry_id = ANY(%(entries)s)"
"""For some documents only: to look up a thousand one by one takes longer than to read all of a record."""
_TOLD_APART = f"SELECT b.entry_id, b.heads{_OF_THE_RECORD} AND b.heads IS NOT NULL"
_integrity = logging.getLogger("espace.integrity")
_Read = Callable[[bytes, rules.Many | None], tuple[Fact, ...]]
"""The facts of a block, out of its parts: the few and the frequent."""
T = TypeVar("T")


def newest(grant: Grant, kinds: Collection[Kind], *, most: int) -> Known:
    """What `known` answers, but of each thing that the record says again and again the `most` newest facts only, of the
    newest documents first. One statement more, and a fraction of the time."""
    documents = record.documents(grant)
    dated = {one.id: one for one in sorted(filter(_states, documents), key=_written_at, reverse=True)}
    facts = _at(grant, dated, _worth(grant, dated, rules.newest_of_each(kinds, most)))
    said = stated(grant) if grant.purpose in CARING | PERSONAL else ()
    return Known(documents, (*facts, *(one for one in said if one.fact.kind in kinds)))


def _written_at(document: Document) -> datetime:
    return document.entry.service_start or document.entry.creation_time or document.deposited_at


def known(grant: Grant, kinds: Collection[Kind] | None = None, *, texts: bool = False) -> Known:
    """What the reader may see of the record, with the facts of its current documents, of these kinds or of all; the
    documents are noted as `record.queries.documents` does; after them what the patient states. Two statements more than
    that, whatever is found."""
    documents = record.documents(grant)
    facts, told = _facts(grant, filter(_is_current if texts else _states, documents), kinds, texts=texts)
    said = stated(grant) if grant.purpose in CARING | PERSONAL else ()
    return Known(documents, (*facts, *(one for one in said if kinds is None or one.fact.kind in kinds)), told)


def extracted_facts(grant: Grant, kinds: Collection[Kind] | None = None) -> tuple[Sourced, ...]:
    """The same without what the patient states."""
    return _facts(grant, [one for one in record.documents(grant) if _states(one)], kinds)[0]


def facts_of(grant: Grant, entry_id: UUID) -> tuple[Sourced, ...]:
    """The facts of one document, whatever its state; Refused(DOCUMENT_UNKNOWN) whether it is absent or may not be
    seen."""
    return _facts(grant, [record.document(grant, entry_id)], None, statement=_BLOCKS + _OF_SOME)[0]


def _is_current(document: Document) -> bool:
    return document.status is Status.APPROVED and not document.damaged


def _states(document: Document) -> bool:
    """What the holder added has words to search, and no facts."""
    return _is_current(document) and not document.own


def _facts(
    grant: Grant,
    documents: Iterable[Document],
    kinds: Collection[Kind] | None,
    *,
    texts: bool = False,
    statement: str = _BLOCKS,
) -> tuple[tuple[Sourced, ...], Mapping[UUID, str]]:
    by_id, read = {one.id: one for one in documents}, partial(rules.facts_in, kinds=kinds)
    values: dict[str, Any] = {
        "patient": grant.patient,
        "entries": list(by_id),
        "many": kinds is None or not FREQUENT.isdisjoint(kinds),
        "texts": texts,
    }
    rows = {row[0]: row[1:] for row in fetched(statement, values)}
    found, told = list[Sourced](), dict[UUID, str]()
    unseal = _Unsealing(keys.keys_of(grant)) if rows else None
    for one in by_id.values():
        if unseal and (row := rows.get(one.id)):
            few, many, text = row
            found += _sourced(one, _opened(unseal, one.id, few, many, read))
            if text:
                told[one.id] = _text(unseal, one.id, text)
    return tuple(found), told


def _worth(
    grant: Grant, documents: Mapping[UUID, Document], choose: Callable[[bytes], rules.Places]
) -> dict[UUID, rules.Places]:
    """Which facts of these documents are worth showing, of those that have any."""
    rows = dict(fetched(_TOLD_APART, {"patient": grant.patient}))
    unseal = keys.keys_of(grant).opening(KeyKind.METADATA, _HEADS) if rows else None
    found: dict[UUID, rules.Places] = {}
    for entry in documents if unseal else ():
        if unseal and entry in rows and (places := _chosen(unseal, entry, rows[entry], choose)):
            found[entry] = places
    return found


def _chosen(unseal: Unsealing, entry: UUID, heads: bytes, choose: Callable[[bytes], rules.Places]) -> rules.Places:
    try:
        return choose(unseal(heads, entry))
    except SealBroken:
        return _altered(entry, ())


def _at(grant: Grant, documents: Mapping[UUID, Document], places: Mapping[UUID, rules.Places]) -> tuple[Sourced, ...]:
    values = {"patient": grant.patient, "entries": list(places), "many": True, "texts": False}
    rows = {entry: (few, many) for entry, few, many, _ in fetched(_BLOCKS + _OF_SOME, values)}
    unseal = _Unsealing(keys.keys_of(grant)) if rows else None
    found = list[Sourced]()
    for entry, chosen in places.items():
        if unseal and (row := rows.get(entry)):
            facts = _opened(unseal, entry, *row, partial(rules.facts_at, chosen))
            found += _sourced(documents[entry], facts)
    return tuple(found)


class _Unsealing:
    """The parts of the blocks of one patient, opened one after the other."""

    def __init__(self, at_hand: PatientKeys) -> None:
        self.few, self.many, self.text = (at_hand.opening(KeyKind.METADATA, one) for one in (_BLOCK, _MANY, _TEXT))


def _sourced(document: Document, facts: Iterable[Fact]) -> Iterator[Sourced]:
    kind = document.entry.type.code if document.entry.type else ""
    origin = Origin.REIMBURSED if kind == REIMBURSEMENTS else Origin.EXTRACTED
    return (Sourced(one, origin, document) for one in facts)


def _opened(unseal: _Unsealing, entry: UUID, few: bytes, many: bytes | None, read: _Read) -> tuple[Fact, ...]:
    try:
        plain = unseal.few(few, entry)
        return read(plain, partial(unseal.many, many, entry) if many else None)
    except SealBroken:
        return _altered(entry, ())


def _altered(entry: UUID, instead: T) -> T:
    """Nothing of a block that was altered: what it says is in its document still."""
    _integrity.error("a block of facts was altered", extra={"entry": str(entry)})
    return instead


def _text(unseal: _Unsealing, entry: UUID, sealed: bytes) -> str:
    try:
        return decode(unseal.text(sealed, entry), str)
    except SealBroken:
        return _altered(entry, "")


def extracts(grant: Grant) -> bool:
    """Whether the holder lets facts be extracted from their documents."""
    grant.require(PERSONAL)
    return not switched_off(grant.patient)


def read_already(grant: Grant) -> frozenset[UUID]:
    """The documents that were read by the present rules: to read the others."""
    grant.require(Purpose.EXTRACTION, Verb.EXTRACT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id FROM clinical_block WHERE patient_id = %s AND rules >= %s", [grant.patient, rules.RULES]
        )
        return frozenset(row[0] for row in cursor.fetchall())


def switched_off(patient: PatientId) -> bool:
    """Whether a holder does not want it: before their record is opened for it, so that no line says that it was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM clinical_choice WHERE patient_id = %s)", [patient])
        return bool(cursor.fetchone()[0])


def unread_counts(most: int) -> tuple[UnreadCount, ...]:
    """What made no fact, the most frequent first: of nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(day), model, template, section, why, sum(count)::bigint AS times FROM clinical_unread "
            "GROUP BY model, template, section, why ORDER BY times DESC, model, template, section, why LIMIT %s",
            [most],
        )
        return tuple(UnreadCount(*row) for row in cursor.fetchall())
