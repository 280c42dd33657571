"""The place of the keys: for each base the key that opens it, with the key service's own file and the secrets of the
home; and, for ever, whose keys were destroyed."""

from datetime import UTC
from pathlib import Path

import msgspec
import psycopg
from psycopg.conninfo import make_conninfo

from espace.keys.adapters.tombstones import Tombstone, parse, read_line, text_of
from espace.site.backup import files, manifest
from espace.site.backup.facts import TOMBSTONES, Folders, Held, Unusable
from espace.site.backup.sealing import new_key
from espace.site.config import Config, Database

HELD = "held.json"
SECRET_FOLDERS = ("keys", "secrets")
"""Folders of the home of which every file is copied here, under the same names."""


def make(folders: Folders, base: str) -> bytes:
    """The folder of a new base, with its key."""
    folder = folders.of_keys(base)
    files.make_folder(folder)
    key = new_key()
    files.write_durably(folder / manifest.LOCK_KEY, f"{key.hex()}\n".encode())
    return key


def refresh(folders: Folders, base: str, key: bytes, home: Path) -> None:
    """The home's keys and secrets as they are now."""
    held: dict[str, Held] = {}
    for name in SECRET_FOLDERS:
        files.make_folder(folders.of_keys(base) / name)
        for source in sorted(path for path in (home / name).iterdir() if _is_kept(path)):
            held[f"{name}/{source.name}"] = files.copy(source, folders.of_keys(base) / name / source.name)
        files.fsync_folder(folders.of_keys(base) / name)
    files.write_durably(folders.of_keys(base) / HELD, manifest.signed(manifest.held(held), key))


def check(folders: Folders, base: str, key: bytes) -> dict[str, Held]:
    """What is held of the home's keys and secrets, read again; Unusable when anything is missing or other."""
    path = folders.of_keys(base) / HELD
    held = msgspec.convert(manifest.verified(path, key, f"{base}/{HELD}"), dict[str, Held])
    for name, expected in held.items():
        if Path(name).parent.name not in SECRET_FOLDERS or len(Path(name).parts) != 2:
            raise Unusable(f"The back-up is damaged: {base}/{HELD} names a place that is not one.")
        files.check(folders.of_keys(base) / name, expected, f"{base}/{name}")
    return held


def put_back(folders: Folders, base: str, held: dict[str, Held], home: Path) -> None:
    for name in held:
        files.make_folder((home / name).parent)
        files.copy(folders.of_keys(base) / name, home / name)
    for name in SECRET_FOLDERS:
        files.fsync_folder(home / name)


def gather_tombstones(folders: Folders, config: Config, keys: Database, before: Held | None) -> tuple[Held, int]:
    """Add to the list of destroyed keys those that the database tells and those of the home: the list that is vouched
    for now, and how many it names.

    Nothing is ever taken out of it, and what comes is added at its end: each back-up vouches for its beginning.
    Unusable when it is not the one that the back-up from before vouches for.
    """
    text, known = _listed(folders, before)
    found = known | read_tombstones(config.home / "keys" / TOMBSTONES) | _destroyed(keys)
    held = files.write_durably(folders.keys / TOMBSTONES, (text + text_of(found - known)).encode("ascii"))
    return held, len(found)


def listed_tombstones(folders: Folders, vouched: Held | None) -> frozenset[Tombstone]:
    """The keys that the list names, which are at least those that a back-up vouches for.

    Unusable where the list is missing, begins otherwise, or has a line that is not one; but a last line that was cut
    short, of what somebody was adding, names none. Without a back-up (None) there may be no list yet.
    """
    return _listed(folders, vouched)[1]


def _listed(folders: Folders, vouched: Held | None) -> tuple[str, frozenset[Tombstone]]:
    """The whole lines of the list, as they stand there, and what they name."""
    path = folders.keys / TOMBSTONES
    if vouched is None and not path.exists():
        return "", frozenset()
    if vouched is not None:
        files.check(path, vouched, TOMBSTONES, beginning=True)
    whole, end, last = path.read_text(encoding="ascii", errors="replace").rpartition("\n")
    found: set[Tombstone] = set()
    for number, line in enumerate(whole.split("\n"), start=1):
        if (one := read_line(line)) is not None:
            found.add(one)
        elif line:
            raise Unusable(f"The list of destroyed keys is damaged: line {number} of {path} is not one.")
    if (one := read_line(last)) is not None:
        return f"{whole}{end}{last}\n", frozenset(found | {one})
    return f"{whole}{end}", frozenset(found)


def read_tombstones(path: Path) -> frozenset[Tombstone]:
    """Those of the home, empty where there is no file; half a line, of somebody who was killed, is not one."""
    try:
        return parse(path.read_text(encoding="ascii", errors="replace"))
    except FileNotFoundError:
        return frozenset()


def connection_to(database: Database) -> psycopg.Connection:
    return psycopg.connect(address_of(database), password=database.password, autocommit=True, connect_timeout=5)


def address_of(database: Database) -> str:
    """Where a database is, as PostgreSQL's own programs take it too; without the password."""
    stated = {"host": database.host, "port": database.port, "user": database.user, "dbname": database.name}
    return make_conninfo("", **{name: value for name, value in (stated | dict(database.options)).items() if value})


def _destroyed(keys: Database) -> frozenset[Tombstone]:
    with connection_to(keys) as connection:
        rows = connection.execute(
            "SELECT patient_id, kind, destroyed_at FROM wrapped_key WHERE destroyed_at IS NOT NULL"
        )
        return frozenset(Tombstone(patient, kind, at.astimezone(UTC)) for patient, kind, at in rows)


def _is_kept(path: Path) -> bool:
    """Not half-written drafts, and not the tombstones, which have a place of their own."""
    return path.is_file() and not path.name.startswith(".") and path.name != TOMBSTONES
