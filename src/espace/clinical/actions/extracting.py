"""Extracting facts from documents, as the holder lets it be done."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone, localdate

from espace.clinical import rules
from espace.clinical.adapters import KINDS, File, plain, words_of
from espace.clinical.events import ExtractionGoesOn
from espace.clinical.facts import Choice, Extracted, Unread
from espace.clinical.queries import CHOICE, PARTS, read_already, switched_off
from espace.clinical.rules.extraction import extract as facts_of
from espace.kernel.words import PERSONAL, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.actions import ensure_patient_keys
from espace.keys.facts import KeyKind
from espace.keys.rules import context
from espace.outbox import actions as outbox
from espace.record import queries as record
from espace.record.rules.extracting import has_words, states_facts
from espace.wire.cda import CdaDocument, parse
from espace.wire.files import TEXT as PLAIN

BATCH, BATCH_BYTES = 50, 20_000_000
"""What is read in one opening: so many documents, and no more bytes than these, or one document."""

Reader = Callable[[CdaDocument], Extracted]

_KEEP = """
INSERT INTO clinical_block (patient_id, entry_id, rules, made_at, heads, sealed, many, text)
SELECT %(patient)s, entry, %(rules)s, %(at)s, heads, sealed, many, words
FROM unnest(%(entries)s::uuid[], %(heads)s::bytea[], %(sealed)s::bytea[], %(many)s::bytea[], %(words)s::bytea[])
    AS made (entry, heads, sealed, many, words)
ON CONFLICT (patient_id, entry_id) DO UPDATE SET rules = EXCLUDED.rules, made_at = EXCLUDED.made_at,
    heads = EXCLUDED.heads, sealed = EXCLUDED.sealed, many = EXCLUDED.many, text = EXCLUDED.text
"""
_COUNT = """
INSERT INTO clinical_unread AS known (day, model, template, section, why, count)
SELECT %s, * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[])
ON CONFLICT (day, model, template, section, why) DO UPDATE SET count = known.count + EXCLUDED.count
"""

Unreads = Mapping[tuple[str, str, str, str], int]


@dataclass(frozen=True, slots=True)
class Done:
    """One batch: how many documents were looked at, how many facts they gave, what made none, and whether others
    wait."""

    documents: int = 0
    facts: int = 0
    unread: Unreads = field(default_factory=dict)
    more: bool = False


def extract(grant: Grant, *, only: Collection[UUID] | None = None, read: Reader = facts_of) -> Done:
    """Extract the facts and the words of the documents that were not read by the present rules, of all of them or of
    these; again changes nothing. Nothing where the holder does not want it.

    A document that cannot be read gives nothing, and is not tried again; what has no words, a picture, is looked at
    once. The line names all of them, and is hidden as each is. Raises ContentUnavailable, Refused as `words_of`.
    """
    grant.require(Purpose.EXTRACTION, Verb.EXTRACT)
    if switched_off(grant.patient):
        return Done()
    known = read_already(grant)
    waiting = [row for row in record.to_extract(grant, only) if row.document.id not in known]
    batch = _batch(waiting)
    found = _with_words({row.document.id: _read(grant, row, read) for row in batch})
    _keep(grant, found)
    grant.note(*found)
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in found.values():
        counts.update(rules.counted(one))
    facts = sum(len(one.facts) for one in found.values())
    return Done(len(found), facts, counts, len(waiting) > len(found))


def _batch(waiting: Iterable[record.Row]) -> list[record.Row]:
    batch: list[record.Row] = []
    size = 0
    for row in waiting:
        size += row.document.size if has_words(row.document) else 0
        if batch and (size > BATCH_BYTES or len(batch) == BATCH):
            break
        batch.append(row)
    return batch


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of a document here, and the file in it whose words are asked for elsewhere."""

    extracted: Extracted
    file: File | None = None


def _read(grant: Grant, row: record.Row, read: Reader) -> _Read:
    if not has_words(row.document):
        return _Read(Extracted(""))
    if row.document.size > settings.ESPACE_EXTRACTED_BYTES:
        return _Read(rules.NOT_READ[Unread.TOO_LARGE])
    data = record.bytes_to_extract(grant, row)
    if data is None:
        return _Read(rules.NOT_READ[Unread.BROKEN])
    if states_facts(row.document):
        return _read_cda(data, read)
    return _read_file(row.document.entry.mime_type, data)


def _read_cda(data: bytes, read: Reader) -> _Read:
    """Whatever a document does to those who read it, it is kept as it is, and stops nobody."""
    try:
        cda = parse(data, zone=get_default_timezone()).document
        if cda is None:
            return _Read(rules.NOT_READ[Unread.BROKEN])
        body = next((one for one in cda.media if cda.body_level == 1 and one.media_type in KINDS), None)
        return _Read(rules.within(read(cda)), File(body.media_type, body.data) if body else None)
    except Exception:  # its message may quote the document
        return _Read(rules.NOT_READ[Unread.BROKEN])


def _read_file(kind: str, data: bytes) -> _Read:
    """The words of a file that is no CDA, or that the holder added; it states no fact."""
    if kind == PLAIN:
        return _Read(Extracted("", text=plain(data)[: rules.MOST_TEXT]))
    return _Read(Extracted(""), File(kind, data) if kind in KINDS else None)


def _with_words(found: Mapping[UUID, _Read]) -> dict[UUID, Extracted]:
    """With the words of their files; without the documents of which these are still to be taken."""
    files = [one.file for one in found.values() if one.file]
    answers = iter(words_of(files, most=rules.MOST_TEXT))
    whole: dict[UUID, Extracted] = {}
    for entry, one in found.items():
        if one.file is None:
            whole[entry] = one.extracted
        elif (said := next(answers, None)) is not None:
            whole[entry] = rules.with_words(one.extracted, said.words, said.fault)
    return whole


def _keep(grant: Grant, found: Mapping[UUID, Extracted]) -> None:
    if not found:
        return
    at_hand = keys.keys_of(grant)
    at_hand = at_hand if at_hand.complete else ensure_patient_keys(grant.patient)
    sealed: list[list[bytes | None]] = [[], [], [], []]
    for entry, extracted in found.items():
        parts = rules.parts_of(extracted) or (None, None, None, None)
        for column, table, part in zip(sealed, PARTS, parts, strict=True):
            column.append(at_hand.seal(KeyKind.METADATA, part, context(table, entry)) if part else None)
    values: dict[str, Any] = {
        "patient": grant.patient,
        "rules": rules.RULES,
        "at": grant.at,
        "entries": list(found),
        **dict(zip(("heads", "sealed", "many", "words"), sealed, strict=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)


def go_on(grant: Grant) -> None:
    """Have the next batch extracted."""
    outbox.post(ExtractionGoesOn(grant.patient), patient=grant.patient, at=grant.at, keys=keys.keys_of(grant))


def count_unread(unread: Unreads, *, at: datetime) -> None:
    """Add to the day's counters, in a transaction of their own: READ COMMITTED, so that two workers that add to the
    same one wait, and in order, so that they do not wait for each other."""
    if not unread:
        return
    ordered = sorted(unread.items())
    columns = [list(column) for column in zip(*(key for key, _ in ordered), strict=True)]
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_COUNT, [localdate(at), *columns, [count for _, count in ordered]])


def forget(patient: UUID, document: UUID) -> None:
    """What was extracted from a document goes with it. A worker's job: it serves nobody and opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM clinical_block WHERE patient_id = %s AND entry_id = %s", [patient, document])


def switch_extraction(grant: Grant, *, on: bool) -> None:
    """The holder's choice, or that of who stands for them: off removes at once what was extracted, and nothing is any
    more; on has the whole record read again. Asked again it changes nothing; the line says which."""
    grant.require(PERSONAL, Verb.SETTINGS)
    grant.asked["extraction"] = "on" if on else "off"
    if on is not switched_off(grant.patient):
        return
    with connection.cursor() as cursor:
        if on:
            cursor.execute("DELETE FROM clinical_choice WHERE patient_id = %s", [grant.patient])
            go_on(grant)
            return
        plain = msgspec.json.encode(Choice(grant.actor.id, grant.at))
        at_hand = ensure_patient_keys(grant.patient)
        sealed = at_hand.seal(KeyKind.METADATA, plain, context(CHOICE, grant.patient))
        cursor.execute("INSERT INTO clinical_choice (patient_id, sealed) VALUES (%s, %s)", [grant.patient, sealed])
        cursor.execute("DELETE FROM clinical_block WHERE patient_id = %s", [grant.patient])
