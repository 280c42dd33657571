"""Copies of a whole space, for whoever asked for them and nobody else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from espace.kernel.json import decode
from espace.kernel.reasons import copies as reasons
from espace.kernel.reasons import decisions
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.record import rules
from espace.record.adapters import ContentMissing, ContentUnavailable, content_store
from espace.record.facts import Copy, CopyMember, CopyState
from espace.record.queries.reading import visible_ids
from espace.record.queries.rows import ALL, CONTENT, Row, rows, seen
from espace.wire.ranges import Cut, cut

COPY_PART = "record_copy_part"

_COPY = """
SELECT id, state, asked_at, ready_at, expires_at, step, done, total, size FROM record_copy
WHERE patient_id = %s AND asker = %s AND expires_at > %s
"""
_PARTS = "SELECT id, size, sealed FROM record_copy_part WHERE patient_id = %s AND copy_id = %s ORDER BY number"


@dataclass(frozen=True, slots=True)
class Taken:
    """A copy on its way to whoever asked for it: those of its bytes that were wanted, a part at a time; `tag` is its
    ETag: a copy that is ready never changes."""

    cut: Cut
    tag: str
    bytes: Iterator[bytes]


@dataclass(frozen=True, slots=True)
class Part:
    id: UUID
    size: int
    members: tuple[CopyMember, ...]


def asker(grant: Grant) -> bytes:
    """By what a copy is found: the space and the account that asked."""
    return keys.blind_index("copy_asker", f"{grant.patient}|{grant.actor.id}")


def copy_of(grant: Grant) -> Copy | None:
    """The copy of this space that the actor asked for, being made or ready; None without one."""
    grant.require(PERSONAL)
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [grant.patient, asker(grant), grant.at])
        row = cursor.fetchone()
    return Copy(row[0], CopyState(row[1]), *row[2:]) if row else None


def parts_of(grant: Grant, copy: UUID) -> tuple[Part, ...]:
    """What of a copy is written, in its order; raises SealBroken."""
    grant.require(PERSONAL)
    at_hand = keys.keys_of(grant)
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [grant.patient, copy])
        found = cursor.fetchall()
    return tuple(Part(name, size, _members(at_hand, name, bytes(sealed))) for name, size, sealed in found)


def _members(at_hand: PatientKeys, name: UUID, sealed: bytes) -> tuple[CopyMember, ...]:
    plain = at_hand.open(KeyKind.METADATA, sealed, context(COPY_PART, name))
    return decode(plain, tuple[CopyMember, ...])


def to_copy(grant: Grant) -> list[Row]:
    """Every document of health that the actor sees and whose bytes are here, by ids, with where; notes nothing yet."""
    grant.require(PERSONAL, Verb.COPY)
    found = {row.document.id: row for row in rows(grant, ALL, {}, about=())}
    shown = rules.for_people(seen(grant, (row.document for row in found.values())))
    here = (one for one in shown if not found[one.id].stated.entry.repository)
    return [replace(found[one.id], document=one) for one in sorted(here, key=lambda one: one.id)]


def bytes_to_copy(grant: Grant, row: Row) -> bytes | None:
    """What was deposited, noted; None where it is lost or was altered. ContentUnavailable while the store does not
    answer."""
    grant.require(PERSONAL, Verb.COPY)
    grant.note(row.document.id)
    try:
        if row.document.damaged:
            return None
        sealed, place = content_store().reading(row.content), context(CONTENT, row.content)
        return keys.keys_of(grant).open_in_pieces(KeyKind.CONTENT, *sealed, place)
    except ContentUnavailable:
        raise
    except (ContentMissing, SealBroken):
        return None


def take_copy(grant: Grant, *, wanted: str = "", unless: str = "") -> Taken:
    """The copy that is ready, for the one who asked for it; its documents are noted, whatever part of it is `wanted`
    (the header Range; `unless` is If-Range).

    Refused(COPY_UNKNOWN) without one; Refused(COPY_OUTDATED) where it holds what the actor may not see any more;
    Refused(CONTENT_UNAVAILABLE) where the first of its parts that are wanted cannot be read. Its bytes are read after
    the record is closed: one that fails there cuts the download short.
    """
    grant.require(PERSONAL, Verb.TAKE_COPY)
    copy = copy_of(grant)
    if copy is None or copy.state is not CopyState.READY:
        raise Refused(reasons.COPY_UNKNOWN)
    at_hand, tag = keys.keys_of(grant), f'"{copy.id.hex}"'
    found = cut(wanted, unless=unless, tag=tag, size=copy.size)
    try:
        parts = parts_of(grant, copy.id)
        if sum(part.size for part in parts) != copy.size:
            raise ContentMissing(f"copy {copy.id}")
        for name, _, _ in _pieces(parts, found)[:1]:
            content_store().read(name)
    except (SealBroken, ContentMissing) as error:
        raise Refused(decisions.CONTENT_UNAVAILABLE) from error
    documents = [one.document for part in parts for one in part.members if one.document]
    if not visible_ids(grant).issuperset(documents):
        raise Refused(reasons.COPY_OUTDATED)
    grant.note(*dict.fromkeys(documents))
    return Taken(found, tag, _read(at_hand, _pieces(parts, found)))


def _pieces(parts: Sequence[Part], wanted: Cut) -> list[tuple[UUID, int, int]]:
    """The parts in which the wanted bytes are, each with where these begin and end in it."""
    found, place = [], 0
    for part in parts:
        first, end = max(wanted.first - place, 0), min(wanted.end - place, part.size)
        if first < end:
            found.append((part.id, first, end))
        place += part.size
    return found


def _read(at_hand: PatientKeys, pieces: Sequence[tuple[UUID, int, int]]) -> Iterator[bytes]:
    """One part in memory at a time."""
    for name, first, end in pieces:
        yield at_hand.open(KeyKind.CONTENT, content_store().read(name), context(COPY_PART, name))[first:end]
