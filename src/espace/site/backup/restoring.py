"""Restoring a back-up into a home that is empty, after every byte of it was checked.

The home bears a mark while this lasts: nothing else starts there, and the same command begins again what was
interrupted. What follows a restoration is in `after`.
"""

import os
import shlex
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from espace.site.backup import cluster, contents, dump, files, keys, manifest, programs
from espace.site.backup.facts import BASES, RUNS, Folders, Held, Kind, Run, Unusable
from espace.site.backup.making import check_apart, store_of
from espace.site.backup.sealing import Stream, opened
from espace.site.config import HOME_FOLDERS, RESTORING, Config, make_home
from espace.site.engine import major_version
from espace.site.places import Places, databases, places_of
from espace.site.postgres import is_running, running
from espace.site.private import write_private
from espace.site.terminal import Failed

RECOVERY_SECONDS = 24 * 3600.0
FREE = frozenset({"run", "logs", "engine"})
"""What may be in a home that is empty."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back; `at` is the moment of the databases."""

    run: Run
    at: datetime
    contents: int


def restore(config: Config, folders: Folders, *, at: datetime | None = None) -> Restored:
    """Put back the last back-up, or the state of a moment (`at`, aware); Unusable or Failed with a sentence.

    `after.finish` must follow: until then the home bears the mark of a restoration under way.
    """
    check_apart(config, folders)
    run = chosen(folders, at)
    key = manifest.read_key(folders, run.base)
    held = check_whole(folders, run, key)
    _check_target(config, run)
    _clear(config)
    make_home(config)
    write_private(config.home / RESTORING, f"{run.id}\n")
    keys.put_back(folders, run.base, held, config.home)
    if run.mark:
        write_private(config.home / "mark", f"{run.mark}\n")
    store = store_of(config)
    count = contents.put_back(folders.data, run.contents, store) if run.contents and store else 0
    put_back = _put_back_cluster if run.kind is Kind.CLUSTER else _put_back_dumps
    put_back(config, folders, run, key, at)
    return Restored(run, at or run.until, count)


def chosen(folders: Folders, at: datetime | None) -> Run:
    """The last back-up; for a moment, the first one that reaches it."""
    found = list(manifest.runs(folders)) if at else [run for run in [next(manifest.runs(folders), None)] if run]
    if not found:
        raise Unusable(f"There is no back-up in {folders.data} that was ended (nothing in {RUNS}).")
    if at is None:
        return found[0]
    fit = [run for run in found if run.since <= at <= run.until and run.kind is Kind.CLUSTER]
    if not fit:
        told = "; ".join(f"{a:%Y-%m-%dT%H:%M:%SZ} to {b:%Y-%m-%dT%H:%M:%SZ}" for a, b in _covered(found))
        raise Unusable(f"No back-up of {folders.data} holds that moment. In UTC, they hold: {told or 'none'}.")
    return fit[-1]


def check_whole(folders: Folders, run: Run, key: bytes) -> dict[str, Held]:
    """Every file of a back-up read again; what is held of the home's keys. Unusable at the first that is other."""
    for name, expected in run.files.items():
        files.check(folders.data / name, expected, name)
    for name, expected in run.key_files.items():
        files.check(folders.of_keys(run.base) / name, expected, name)
    if run.wal is not None:
        wanted = {cluster.wal_file(run.base, run.wal, number) for number in range(run.wal.first, run.wal.next)}
        if missing := sorted(wanted - set(run.files)):
            raise Unusable(f"The back-up is damaged: its manifest leaves out {missing[0]}.")
    if run.contents is not None:
        contents.check(folders.data, run.contents)
    # The last back-up knows the most: a moment from before does not bring back whom it names.
    for one in (run, next(manifest.runs(folders), run)):
        keys.listed_tombstones(folders, one.tombstones)
    return keys.check(folders, run.base, key)


def _covered(runs: list[Run]) -> list[tuple[datetime, datetime]]:
    """From when to when each base can be restored."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for run in runs:
        if run.kind is Kind.CLUSTER:
            _, until = found.get(run.base, (run.since, run.until))
            found[run.base] = (run.since, max(until, run.until))
    return sorted(found.values())


def _check_target(config: Config, run: Run) -> None:
    """An empty home, or empty databases, of the same kind and version as what was backed up."""
    embedded = run.kind is Kind.CLUSTER
    if config.embedded != embedded:
        raise Failed(
            "This back-up is that of an embedded database server: take away ESPACE_DATABASE_URL and the two others."
            if embedded
            else "This back-up is that of databases of your own: give ESPACE_DATABASE_URL and the two others."
        )
    if run.contents is not None and store_of(config) is None:
        raise Failed("This back-up holds the contents in files: ESPACE_CONTENT_URL must be a folder (file:///…).")
    interrupted = (config.home / RESTORING).exists()
    if not interrupted:
        _check_empty(config)
    if embedded:
        present = major_version(programs.folder(places_of(config.home)))
        if present != run.postgres:
            raise Failed(f"This back-up was made by PostgreSQL {run.postgres}, and version {present} is installed.")
        if is_running(config):
            raise Failed(f"A server runs in {config.home}: stop it first.")
        return
    for name in ("owner", "keys"):
        if not interrupted and not dump.is_empty(databases(config)[name]):
            raise Failed("A restoration needs two empty databases: those of ESPACE_DATABASE_URL and ESPACE_KEYS_URL.")


def _check_empty(config: Config) -> None:
    store = store_of(config)
    strange = [path for path in _all_files(config.home) if path.relative_to(config.home).parts[0] not in FREE]
    if strange or places_of(config.home).data.exists() or (store and next(_all_files(store), None)):
        raise Failed(
            f"A restoration needs an empty home, and {config.home} or its contents are not: nothing was changed. "
            "Choose another ESPACE_HOME."
        )


def _all_files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if not path.is_dir())


def _clear(config: Config) -> None:
    """What an interrupted restoration left, but its mark, and the contents, which are checked one by one."""
    if not (config.home / RESTORING).exists():
        return
    places = places_of(config.home)
    shutil.rmtree(places.base, ignore_errors=True)
    for name in HOME_FOLDERS:
        if name not in ("contents", "run", "logs"):
            shutil.rmtree(config.home / name, ignore_errors=True)
    (config.home / "mark").unlink(missing_ok=True)


def _put_back_cluster(config: Config, folders: Folders, run: Run, key: bytes, at: datetime | None) -> None:
    """The base, then every change since, played again by the server itself; it stops at the moment, if one is asked."""
    places = places_of(config.home)
    changes = places.base / "changes"
    _make_for(places, places.base.parent, 0o711)
    for folder in (places.base, changes):
        _make_for(places, folder, 0o700)
    _unpack(folders, run, key, places)
    if run.wal is None:
        raise Unusable("The back-up is damaged: its manifest does not say which changes it holds.")
    for number in range(run.wal.first, run.wal.next):
        name = cluster.wal_file(run.base, run.wal, number)
        target = changes / cluster.segment_name(run.wal, number)
        files.write(target, _opened(folders.data / name, key, name))
        _give(places, target)
    asked = {"recovery_target_time": at.astimezone(UTC).isoformat()} if at else {}
    recovery = {
        "restore_command": f'cp {shlex.quote(str(changes))}/%f "%p"',
        "recovery_target_action": "promote",
        # nobody is answered before the recovery is at its end
        "hot_standby": "off",
    }
    with running(config, owning=True, more=recovery | asked, within=RECOVERY_SECONDS):
        pass
    shutil.rmtree(changes)


def _unpack(folders: Folders, run: Run, key: bytes, places: Places) -> None:
    """The server's files in their place once they are whole."""
    name = f"{BASES}/{run.base}/{cluster.BASE}"
    half_made = places.base / "data.new"
    _make_for(places, half_made, 0o700)
    stream = Stream(_opened(folders.data / name, key, name))
    with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|") as archive:
        archive.extractall(half_made, filter="data")
    while stream.read(files.CHUNK):
        pass
    (half_made / "pg_wal" / "archive_status").mkdir(mode=0o700, parents=True, exist_ok=True)
    files.write(half_made / "recovery.signal", ())
    for path in (half_made, *half_made.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        _give(places, path)
    os.sync()
    half_made.replace(places.data)


def _put_back_dumps(config: Config, folders: Folders, run: Run, key: bytes, at: datetime | None) -> None:
    """Each dump into its database; what an interrupted restoration put is what the same dump would put."""
    found = databases(config)
    main = dump.main_dump(run.base)
    if dump.is_empty(found["keys"]):
        keys_dump = folders.of_keys(run.base) / dump.KEYS_DUMP
        dump.put_back(config, found["keys"], _opened(keys_dump, key, dump.KEYS_DUMP))
    if dump.is_empty(found["owner"]):
        dump.put_back(config, found["owner"], _opened(folders.data / main, key, main))


def _opened(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from opened(key, name, file)


def _make_for(places: Places, folder: Path, mode: int) -> None:
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    if mode == 0o700:
        _give(places, folder)


def _give(places: Places, path: Path) -> None:
    """To the account that runs the server."""
    if places.account.uid is not None and places.account.gid is not None:
        os.chown(path, places.account.uid, places.account.gid)
