"""What the rows say of the contents of the store, for the jobs that check and tidy it.

The one reader without a Grant: it serves nobody. It opens a content to compare its digest, answers ids and verdicts,
never a patient nor a byte of theirs, and leaves no line in anybody's log, where nobody read anything
(docs/how-to/check-nothing-is-lost.md).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys, patient_keys_of
from espace.keys.rules import context
from espace.record.adapters import ContentMissing, ContentUnavailable, Stored, content_store
from espace.record.facts import NO_CONTENT, Ailment, Stated
from espace.record.queries.copying import COPY_PART
from espace.record.queries.rows import CONTENT, ENTRY

_NAMED = """
SELECT content FROM record_entry WHERE content = ANY(%(names)s)
UNION ALL SELECT id FROM record_copy_part WHERE id = ANY(%(names)s)
"""
_PARTS = """
SELECT p.patient_id, p.id, p.copy_id, p.size, p.sealed,
  EXISTS (SELECT FROM record_copy c
    WHERE c.patient_id = p.patient_id AND c.id = p.copy_id AND c.expires_at > statement_timestamp())
FROM record_copy_part p WHERE (p.patient_id, p.id) > (%s, %s) ORDER BY p.patient_id, p.id LIMIT %s
"""
_CUT = """
SELECT c.id FROM record_copy c WHERE c.state = 'ready' AND c.expires_at > statement_timestamp() AND c.size <> (
  SELECT coalesce(sum(p.size), 0) FROM record_copy_part p WHERE p.patient_id = c.patient_id AND p.copy_id = c.id)
ORDER BY c.id
"""
FIRST = (UUID(int=0), UUID(int=0))
"""Before every row."""
FEW = 20
"""Orphans that are never too many, however few the contents beside them."""


@dataclass(frozen=True, slots=True)
class Ailing:
    entry: UUID
    content: UUID
    ailment: Ailment


@dataclass(frozen=True, slots=True)
class Checked:
    """One batch: how many rows, of how many erased people (whose keys are destroyed: nothing to compare), what is
    wrong, and after which row the next batch begins; None at the end."""

    rows: int
    erased: int
    ailing: tuple[Ailing, ...]
    last: tuple[UUID, UUID] | None


def check(after: tuple[UUID, UUID], limit: int) -> Checked:
    """Read `limit` contents one at a time and compare each with what its row states.

    Raises KeyServiceUnavailable. Rows filed meanwhile may be checked or not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT patient_id, id, content, size, sealed FROM record_entry WHERE (patient_id, id) > (%s, %s) "
            "ORDER BY patient_id, id LIMIT %s",
            [*after, limit],
        )
        rows = cursor.fetchall()
    keys = patient_keys_of({PatientId(row[0]) for row in rows})
    erased, ailing = 0, []
    for patient, entry, content, size, sealed in rows:
        try:
            if found := _ailment(keys[PatientId(patient)], entry, content, size, sealed):
                ailing.append(Ailing(entry, content, found))
        except KeysDestroyed:
            erased += 1
    return Checked(len(rows), erased, tuple(ailing), (rows[-1][0], rows[-1][1]) if len(rows) == limit else None)


def _ailment(keys: PatientKeys, entry: UUID, content: UUID, size: int, sealed: Any) -> Ailment | None:
    if keys.destroyed(KeyKind.CONTENT):
        raise KeysDestroyed(KeyKind.CONTENT)
    try:
        metadata = keys.open(KeyKind.METADATA, bytes(sealed), context(ENTRY, entry))
        stated = decode(metadata, Stated)
    except (SealBroken, msgspec.DecodeError):
        return Ailment.ROW_ALTERED
    except KeysMissing:
        return Ailment.NO_KEY
    if not stated.sha256 or stated.entry.repository:
        return None  # removed by its holder and forgotten, or kept by another repository
    data = _opened(keys, content, context(CONTENT, content))
    if isinstance(data, Ailment):
        return data
    same = len(data) == size and hashlib.sha256(data).hexdigest() == stated.sha256
    return None if same else Ailment.ALTERED


def check_copies(after: tuple[UUID, UUID], limit: int) -> Checked:
    """Read `limit` parts of copies of whole spaces (`actions.copying`), one at a time; `entry` is the copy. Parts of
    copies that are over are not looked at: they are being destroyed, bytes first.

    Raises KeyServiceUnavailable.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, [*after, limit])
        rows = cursor.fetchall()
    keys = patient_keys_of({PatientId(row[0]) for row in rows})
    erased, ailing = 0, []
    for patient, part, copy, size, sealed, _ in (row for row in rows if row[5]):
        try:
            if found := _part_ailment(keys[PatientId(patient)], part, size, sealed):
                ailing.append(Ailing(copy, part, found))
        except KeysDestroyed:
            erased += 1
    return Checked(len(rows), erased, tuple(ailing), (rows[-1][0], rows[-1][1]) if len(rows) == limit else None)


def _part_ailment(keys: PatientKeys, part: UUID, size: int, sealed: Any) -> Ailment | None:
    if keys.destroyed(KeyKind.CONTENT):
        raise KeysDestroyed(KeyKind.CONTENT)
    try:
        keys.open(KeyKind.METADATA, bytes(sealed), context(COPY_PART, part))
    except SealBroken:
        return Ailment.ROW_ALTERED
    except KeysMissing:
        return Ailment.NO_KEY
    found = _opened(keys, part, context(COPY_PART, part))
    return found if isinstance(found, Ailment) else None if len(found) == size else Ailment.ALTERED


def _opened(keys: PatientKeys, content: UUID, place: bytes) -> bytes | Ailment:
    try:
        return keys.open_in_pieces(KeyKind.CONTENT, *content_store().reading(content), place)
    except ContentUnavailable:
        return Ailment.UNREADABLE
    except ContentMissing:
        return Ailment.MISSING
    except KeysMissing:
        return Ailment.NO_KEY
    except SealBroken:
        return Ailment.ALTERED


def cut_copies() -> tuple[UUID, ...]:
    """Copies that are ready and have not all their parts."""
    with connection.cursor() as cursor:
        cursor.execute(_CUT)
        return tuple(row[0] for row in cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Orphans:
    """Of a batch of contents: how many every clock says were written before then, and those of them that no
    committed row names."""

    old: int
    names: tuple[UUID, ...]

    @property
    def plausible(self) -> bool:
        """Whether deposits that failed may have left so many. Otherwise the database is rather not the one that goes
        with this store, or was restored to an earlier time."""
        return len(self.names) <= FEW or len(self.names) * 2 <= self.old


def orphans(stored: Sequence[Stored], *, before: datetime) -> Orphans:
    old = [one.name for one in stored if one.latest < before]
    borne = named(old)
    return Orphans(len(old), tuple(name for name in old if name not in borne))


def named(names: Iterable[UUID]) -> frozenset[UUID]:
    """Those that a committed row names, whatever the state of its document: the law keeps versions and deletions."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"names": list(names)})
        return frozenset(row[0] for row in cursor.fetchall())


def latest_named(most: int) -> tuple[UUID, ...]:
    """The contents given last of those that rows name; none where there is no document yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content FROM record_entry WHERE content > %s ORDER BY content DESC LIMIT %s", [NO_CONTENT, most]
        )
        return tuple(row[0] for row in cursor.fetchall())


def open_transactions() -> frozenset[tuple[int, datetime]]:
    """Every transaction of the application that is under way, this session's own left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, xact_start FROM pg_stat_activity WHERE datname = current_database() "
            "AND usename = current_user AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        return frozenset(cursor.fetchall())
