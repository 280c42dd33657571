"""The embedded server: a copy of its files (the base), and the log of what changed since, segment by segment.

A replication slot named after the base keeps the segments until they are held; it costs the requests nothing. Once a
back-up took them, the slot lets go of them. Everything runs while the server serves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from espace.kernel.values import replace
from espace.site.backup import files, programs
from espace.site.backup.facts import BASES, Folders, Held, Run, Unusable, Wal
from espace.site.backup.sealing import sealed
from espace.site.databases import SUPERUSER
from espace.site.places import Places, embedded_database
from espace.site.terminal import Failed

BASE = "base.sealed"
JUST_BEFORE = timedelta(milliseconds=1)
_FOLLOWED = ("reserved", "extended")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a run added: the segments held from now on, their files, and the last moment that they reach."""

    wal: Wal
    files: dict[str, Held]
    until: datetime
    end: int


def can_follow(connection: psycopg.Connection, before: Run) -> bool:
    """Whether the changes since the last back-up are still there, on the same line of history."""
    if before.wal is None or _timeline(connection) != before.wal.timeline:
        return False
    slot = connection.execute(
        "SELECT wal_status, restart_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = %s",
        [slot_of(before.base)],
    ).fetchone()
    return slot is not None and slot[0] in _FOLLOWED and int(slot[1]) // before.wal.segment_bytes <= before.wal.next


def make_base(
    connection: psycopg.Connection, places: Places, folders: Folders, base: str, key: bytes
) -> tuple[Wal, dict[str, Held], datetime]:
    """A copy of the server's files, sealed; the changes are kept from now on. From which moment it can be restored."""
    forget_slot(connection, base)
    connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [slot_of(base)])
    files.make_folder(folders.base(base))
    name = f"{BASES}/{base}/{BASE}"
    held = files.write(folders.data / name, sealed(key, name, _copied(places)))
    files.fsync_folder(folders.base(base))
    since = _clock(connection)
    segment_bytes = int(_one(connection, "SELECT pg_size_bytes(current_setting('wal_segment_size'))"))
    kept_from = int(
        _one(
            connection,
            "SELECT restart_lsn - '0/0'::pg_lsn FROM pg_replication_slots WHERE slot_name = %s",
            slot_of(base),
        )
    )
    first = kept_from // segment_bytes
    return Wal(_timeline(connection), segment_bytes, first, first), {name: held}, since


def take_changes(
    connection: psycopg.Connection, places: Places, folders: Folders, base: str, key: bytes, wal: Wal
) -> Changes:
    """What was committed until now, sealed.

    A transaction of our own ends it: a restoration to any moment before finds a commit after that moment to stop at.
    """
    until = _clock(connection) - JUST_BEFORE
    connection.execute("SELECT pg_current_xact_id()")
    end = int(_one(connection, "SELECT pg_switch_wal() - '0/0'::pg_lsn"))
    following = -(-end // wal.segment_bytes)
    held: dict[str, Held] = {}
    files.make_folder(folders.base(base) / "wal")
    for number in range(wal.next, following):
        name = wal_file(base, wal, number)
        source = places.data / "pg_wal" / segment_name(wal, number)
        try:
            held[name] = files.write(folders.data / name, sealed(key, name, files.read(source)))
        except FileNotFoundError:
            gone = "What changed since the last back-up is not kept any more: run it again with --full."
            raise Failed(gone) from None
    files.fsync_folder(folders.base(base) / "wal")
    return Changes(replace(wal, next=following), held, until, end)


def release(connection: psycopg.Connection, base: str, end: int) -> None:
    """The changes until `end` are held elsewhere: the server may do away with them."""
    connection.execute("SELECT pg_replication_slot_advance(%s, '0/0'::pg_lsn + %s::numeric)", [slot_of(base), end])


def forget_slot(connection: psycopg.Connection, base: str) -> None:
    connection.execute(
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s AND NOT active",
        [slot_of(base)],
    )


def slot_of(base: str) -> str:
    return f"espace_{base.lower()}"


def wal_file(base: str, wal: Wal, number: int) -> str:
    return f"{BASES}/{base}/wal/{segment_name(wal, number)}.sealed"


def segment_name(wal: Wal, number: int) -> str:
    """As PostgreSQL names the file of a segment."""
    in_a_log = 0x1_0000_0000 // wal.segment_bytes
    return f"{wal.timeline:08X}{number // in_a_log:08X}{number % in_a_log:08X}"


def _copied(places: Places) -> Iterator[bytes]:
    """One archive (tar) of the server's files, with what a recovery begins from; the log of changes comes apart."""
    superuser = embedded_database(places, "", SUPERUSER)
    yield from programs.output_of(
        "pg_basebackup",
        *("-h", superuser.host, "-p", superuser.port, "-U", superuser.user, "-w"),
        *("-D", "-", "-F", "tar", "-X", "none", "--checkpoint=fast", "--no-manifest"),
        places=places,
        password=superuser.password,
        failure="The copy of the database failed",
    )


def _timeline(connection: psycopg.Connection) -> int:
    return int(_one(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())")[:8], 16)


def _clock(connection: psycopg.Connection) -> datetime:
    found = _one(connection, "SELECT clock_timestamp()")
    if not isinstance(found, datetime):
        raise Unusable("The database does not tell the time.")
    return found.astimezone(UTC)


def _one(connection: psycopg.Connection, question: str, *values: Any) -> Any:
    row = connection.execute(question, list(values)).fetchone()
    if row is None:
        raise Unusable("The database does not answer as PostgreSQL does.")
    return row[0]
