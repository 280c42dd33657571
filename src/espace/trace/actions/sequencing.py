"""The one sequencer: waiting lines become leaves, links of their patients' chains, and full tiles."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from espace.edge import random_bytes
from espace.kernel.ids import PatientId
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys, patient_keys_of
from espace.keys.rules import OVERHEAD, context
from espace.trace.actions.appending import REVEALED, mask_of
from espace.trace.facts import Audience, Head, Linked
from espace.trace.queries.published import LogBroken
from espace.trace.rules import chains
from espace.trace.rules.merkle import leaf_hash
from espace.trace.rules.tiles import HASH_BYTES, WIDTH, complete_root

SEQUENCER_LOCK = 0x7472616365
"""The advisory lock of the one sequencer: « trace » in ASCII."""

LINK = "trace_link"
_ENTRY = HASH_BYTES + chains.CHAINS_BYTES
_ROW = chains.STATE_BYTES + OVERHEAD
_UNREADABLE = (KeysMissing, KeysDestroyed, SealBroken)
_integrity = logging.getLogger("espace.integrity")

_TAKE = """
WITH taken AS (
    DELETE FROM trace_pending
    WHERE arrival IN (SELECT arrival FROM trace_pending ORDER BY arrival LIMIT %s)
    RETURNING arrival, patient_id, line_id, commitment, revealed
)
SELECT t.patient_id, t.line_id, t.commitment, t.revealed, e.sealed
FROM taken t LEFT JOIN trace_event e ON e.patient_id = t.patient_id AND e.id = t.line_id
ORDER BY t.arrival
"""
_HEADS = """
SELECT h.patient_id, h.number, h.sealed FROM unnest(%s::uuid[]) AS asked(patient_id)
CROSS JOIN LATERAL (
    SELECT l.patient_id, l.number, l.sealed FROM trace_link l
    WHERE l.patient_id = asked.patient_id ORDER BY l.number DESC LIMIT 1
) h
"""
_ALL_LINKS = "SELECT number, sealed FROM trace_link WHERE patient_id = %s ORDER BY number"
# What is as long for every row comes as one value that is cut here: ten times faster than lists of values.
_LEAVES = """
INSERT INTO trace_leaf (index, commitment, chains)
SELECT %(first)s::bigint + place,
  substring(of.data FROM place * %(each)s::int + 1 FOR %(own)s::int),
  substring(of.data FROM place * %(each)s::int + %(own)s::int + 1 FOR %(each)s::int - %(own)s::int)
FROM (SELECT %(data)s::bytea AS data) of, generate_series(0, %(count)s::int - 1) AS place
"""
_LINKS = """
INSERT INTO trace_link (patient_id, number, sealed)
SELECT patient, number, substring(of.data FROM (place::int - 1) * %(each)s::int + 1 FOR %(each)s::int)
FROM (SELECT %(data)s::bytea AS data) of,
  unnest(%(patients)s::uuid[], %(numbers)s::bigint[]) WITH ORDINALITY AS row (patient, number, place)
"""
_TILES = "INSERT INTO trace_tile (level, number, root, hashes) VALUES (%s, %s, %s, %s)"
_LAST_LEAVES = "SELECT commitment || chains FROM trace_leaf WHERE index >= %s AND index < %s ORDER BY index"
_LAST_ROOTS = "SELECT root FROM trace_tile WHERE level = %s AND number >= %s AND number < %s ORDER BY number"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row of the queue; `sealed` is the line, None where it was removed meanwhile, at the end of retention."""

    patient: PatientId
    line: UUID
    commitment: bytes
    revealed: bytes | None
    sealed: bytes | None


@dataclass(slots=True)
class _Chains:
    """One patient's chains while a batch is appended. `broken`: the rows that hold them cannot be read or believed."""

    keys: PatientKeys
    of: Mapping[Audience, bytes]
    number: int = 0
    heads: Mapping[Audience, Head] = field(default_factory=lambda: dict(chains.UNSTARTED))
    held: dict[UUID, set[Audience]] | None = None
    broken: bool = False


@dataclass(slots=True)
class _Added:
    """A leaf to be: its place is known once all are sorted."""

    commitment: bytes
    chains: bytes
    patient: _Chains | None = None
    number: int = 0
    linked: Linked | None = None


def sequence(limit: int) -> int:
    """Append at most `limit` waiting lines as leaves, in one transaction; answers how many.

    Indexes follow each other without a gap whatever is killed or rolled back. Inside a batch the
    order is that of the commitments, which is chance: a leaf's place tells no more than its batch. Nought
    when nothing waits, or when another sequencer is at work. A line is added to the chains of those who may read it,
    in the order of arrival; where its keys or chains cannot be read, it has its leaf and no link.

    READ COMMITTED, so that what is read after taking the lock includes all that its last keeper wrote.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        if not locked(cursor):
            return 0
        cursor.execute(_TAKE, [limit])
        waiting = [_Waiting(row[0], row[1], bytes(row[2]), row[3], row[4]) for row in cursor.fetchall()]
        if waiting:
            _append(cursor, _linked(cursor, waiting))
        return len(waiting)


def locked(cursor: CursorWrapper) -> bool:
    """Whether this transaction, which has just begun, is the sequencer's from now on."""
    cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEQUENCER_LOCK])
    return bool(cursor.fetchone() == (True,))


def _linked(cursor: CursorWrapper, waiting: Sequence[_Waiting]) -> list[_Added]:
    known = _chains(cursor, {one.patient for one in waiting})
    revealed = {one.patient for one in waiting if one.revealed is not None}
    for patient in revealed:
        _recall(cursor, patient, known[patient])
    return [_link(one, known[one.patient]) for one in waiting]


def _chains(cursor: CursorWrapper, patients: set[PatientId]) -> dict[PatientId, _Chains]:
    found: dict[PatientId, _Chains] = {}
    for patient, keys in patient_keys_of(patients, (KeyKind.LOG,)).items():
        try:
            of = {one: keys.derived(KeyKind.LOG, chains.chain_name(one)) for one in chains.AUDIENCES}
            found[patient] = _Chains(keys, of)
        except _UNREADABLE:
            found[patient] = _Chains(keys, {}, broken=True)
    cursor.execute(_HEADS, [list(patients)])
    for patient, number, sealed in cursor.fetchall():
        own = found[patient]
        own.number = number
        if not own.broken:
            _take_heads(own, patient, number, bytes(sealed))
    return found


def _take_heads(own: _Chains, patient: PatientId, number: int, sealed: bytes) -> None:
    try:
        own.heads = chains.unpack(own.keys.open(KeyKind.LOG, sealed, link_context(patient, number))).after
    except SealBroken:
        # One altered row must not stop the log of everybody, nor be believed: this patient's proofs will say so.
        _integrity.error("a chain of the access log was altered", extra={"row": number})
        own.broken = True


def _recall(cursor: CursorWrapper, patient: PatientId, own: _Chains) -> None:
    """Which audiences have which lines, for a patient of whom a line is revealed."""
    own.held = {}
    cursor.execute(_ALL_LINKS, [patient])
    for number, sealed in cursor.fetchall():
        if own.broken:
            return
        try:
            said = chains.unpack(own.keys.open(KeyKind.LOG, bytes(sealed), link_context(patient, number)))
        except SealBroken:
            own.broken = True
            return
        own.held.setdefault(said.line, set()).update(one for one in chains.AUDIENCES if said.adds_to(one))


def _link(one: _Waiting, own: _Chains) -> _Added:
    """The leaf of a line, its links made where its chains can be read. What reveals a line bears no commitment of it:
    nobody sees that two leaves are about one line."""
    commitment = one.commitment if one.revealed is None else random_bytes(HASH_BYTES)
    try:
        audiences = _audiences(one, own) if not own.broken else frozenset()
    except _UNREADABLE:
        audiences = frozenset()
    if own.broken:
        return _Added(commitment, random_bytes(chains.CHAINS_BYTES))
    slots, after = list[bytes](), dict(own.heads)
    for audience in chains.AUDIENCES:
        slot = random_bytes(chains.SLOT_BYTES)
        if audience in audiences:
            number, key = own.heads[audience].number + 1, own.of[audience]
            made = chains.link(key, audience, number, own.heads[audience].link, one.commitment)
            slot, after[audience] = chains.tag(key, audience, number) + made, Head(number, made)
        slots.append(slot)
    linked = Linked(one.line, 0, own.heads, after)
    own.heads, own.number = after, own.number + 1
    if own.held is not None:
        own.held.setdefault(one.line, set()).update(audiences)
    return _Added(commitment, b"".join(slots), own, own.number, linked)


def _audiences(one: _Waiting, own: _Chains) -> frozenset[Audience]:
    """Whose chains this line joins now."""
    if one.revealed is not None:
        mask = own.keys.open(KeyKind.LOG, bytes(one.revealed), context(REVEALED, one.line))
        had = (own.held or {}).get(one.line, set())
        return frozenset(each for each in chains.AUDIENCES if mask_of([each])[0] & mask[0] and each not in had)
    if one.sealed is None:
        return frozenset()
    return chains.audiences_of(own.keys.open(KeyKind.LOG, bytes(one.sealed), context("trace_event", one.line)))


def link_context(patient: PatientId, number: int) -> bytes:
    return context(LINK, patient) + number.to_bytes(8)


def _append(cursor: CursorWrapper, added: list[_Added]) -> None:
    added.sort(key=lambda one: one.commitment)
    cursor.execute("SELECT coalesce(max(index), -1) + 1 FROM trace_leaf")
    first = int(cursor.fetchone()[0])
    entries = [one.commitment + one.chains for one in added]
    sizes: dict[str, Any] = {"first": first, "count": len(entries), "each": _ENTRY, "own": HASH_BYTES}
    cursor.execute(_LEAVES, sizes | {"data": b"".join(entries)})
    rows = [_link_row(one, first + place) for place, one in enumerate(added) if one.linked]
    if rows:
        patients, numbers, sealed = zip(*rows, strict=True)
        of: dict[str, Any] = {"patients": list(patients), "numbers": list(numbers), "each": _ROW}
        cursor.execute(_LINKS, of | {"data": b"".join(sealed)})
    _tile(cursor, first, list(map(leaf_hash, entries)))


def _link_row(one: _Added, place: int) -> tuple[PatientId, int, bytes]:
    own, linked = one.patient, one.linked
    if own is None or linked is None:
        raise TypeError("a leaf without chains has no link")
    patient = own.keys.patient
    said = chains.pack(Linked(linked.line, place, linked.before, linked.after))
    return patient, one.number, own.keys.seal(KeyKind.LOG, said, link_context(patient, one.number))


def _tile(cursor: CursorWrapper, first: int, hashes: list[bytes]) -> None:
    """Write every tile that these hashes, from place `first` of the leaves' level on, make full."""
    level = 0
    while (first + len(hashes)) // WIDTH > first // WIDTH:
        start = first // WIDTH * WIDTH
        row = [*_before(cursor, level, start, first), *hashes]
        tiles = [row[place : place + WIDTH] for place in range(0, len(row) - WIDTH + 1, WIDTH)]
        hashes, first = [complete_root(tile) for tile in tiles], start // WIDTH
        cursor.executemany(
            _TILES,
            [
                [level, first + place, root, b"".join(tile)]
                for place, (root, tile) in enumerate(zip(hashes, tiles, strict=True))
            ],
        )
        level += 1


def _before(cursor: CursorWrapper, level: int, start: int, first: int) -> Iterable[bytes]:
    """The hashes of a level from `start` to `first`, which earlier batches made."""
    if start == first:
        return []
    if level == 0:
        cursor.execute(_LAST_LEAVES, [start, first])
        found = [leaf_hash(bytes(row[0])) for row in cursor.fetchall()]
    else:
        cursor.execute(_LAST_ROOTS, [level - 1, start, first])
        found = [bytes(row[0]) for row in cursor.fetchall()]
    if len(found) != first - start:
        raise LogBroken(f"hashes of level {level} from {start} to {first} are missing")
    return found
