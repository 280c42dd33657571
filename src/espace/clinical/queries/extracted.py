"""Facts that were extracted from documents: of those that the reader may see, and no others."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from espace.clinical import rules
from espace.clinical.facts import FREQUENT, Fact, Kind, Known, Origin, Sourced, UnreadCount
from espace.clinical.queries.blocks import EVERY, SEARCHED, SOME, TEXT, Opening
from espace.clinical.queries.profile import stated
from espace.edge.reading import fetched
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import CARING, PERSONAL, Grant, Purpose, Verb
from espace.record import queries as record
from espace.record.facts import Document, Status
from espace.record.rules.extracting import states_facts

CHOICE = "clinical_choice"
REIMBURSEMENTS = "REMB"
"""The typeCode of the insurer's reimbursement history."""
_NOTHING = (None, None, None)
MOST_SEARCHED = 32 * 1024 * 1024
"""Bytes of texts that one search looks into: three thousand long letters."""


def known(grant: Grant, kinds: Collection[Kind] | None = None, *, texts: bool = False) -> Known:
    """What the reader may see of the record, with the facts of its current documents, of these kinds or of all; the
    documents are noted as `record.queries.documents` does; after them what the patient states. Two statements more than
    that, whatever is found."""
    documents = record.documents(grant)
    among, statement = (_is_current, SEARCHED) if texts else (states, EVERY)
    found = facts_among(grant, filter(among, documents), kinds, statement=statement)
    said = stated(grant) if grant.purpose in CARING | PERSONAL else ()
    facts = (*found.facts, *(one for one in said if kinds is None or one.fact.kind in kinds))
    return Known(documents, facts, found.texts, found.unread, found.beyond)


def extracted_facts(grant: Grant, kinds: Collection[Kind] | None = None) -> tuple[Sourced, ...]:
    """The same without what the patient states."""
    return facts_among(grant, [one for one in record.documents(grant) if states(one)], kinds).facts


def facts_of(grant: Grant, entry_id: UUID) -> tuple[Sourced, ...]:
    """The facts of one document, whatever its state; Refused(DOCUMENT_UNKNOWN) whether it is absent or may not be
    seen."""
    return facts_among(grant, [record.document(grant, entry_id)], None, statement=SOME).facts


def _is_current(document: Document) -> bool:
    return document.status is Status.APPROVED and not document.damaged


def states(document: Document) -> bool:
    """What the holder added has words to search, and no facts."""
    return _is_current(document) and not document.own


class Among(NamedTuple):
    """Facts of some documents, their texts where they are asked for, which of them are still to be read, and how many
    have a text that was one too many."""

    facts: tuple[Sourced, ...]
    texts: Mapping[UUID, str]
    unread: tuple[Document, ...]
    beyond: int


def facts_among(
    grant: Grant,
    documents: Iterable[Document],
    kinds: Collection[Kind] | None,
    *,
    statement: str = EVERY,
) -> Among:
    """Of these documents, which the reader may see."""
    by_id, read = {one.id: one for one in documents}, partial(rules.facts_in, kinds=kinds)
    values: dict[str, Any] = {
        "patient": grant.patient,
        "entries": list(by_id),
        "many": kinds is None or not FREQUENT.isdisjoint(kinds),
        "most": MOST_SEARCHED,
    }
    rows = {row[0]: row[1:] for row in fetched(statement, values)}
    opening = Opening(grant)
    found, told, beyond = list[Sourced](), dict[UUID, str](), 0
    for one in by_id.values():
        few, many, text = rows.get(one.id, _NOTHING)
        if few:
            found += sourced(one, opening.facts(one.id, few, many, read))
        if text:
            told[one.id] = opening.part(TEXT, one.id, text, _words, "")
        beyond += text == b""
    waits = () if grant.patient in rows else (one for one in by_id.values() if one.id not in rows and states_facts(one))
    return Among(tuple(found), told, tuple(waits), beyond)


def _words(plain: bytes) -> str:
    return decode(plain, str)


def sourced(document: Document, facts: Iterable[Fact]) -> Iterator[Sourced]:
    kind = document.entry.type.code if document.entry.type else ""
    origin = Origin.REIMBURSED if kind == REIMBURSEMENTS else Origin.EXTRACTED
    return (Sourced(one, origin, document) for one in facts)


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
