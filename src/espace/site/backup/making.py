"""Making a back-up: the databases first, then the contents, and the manifest at the very end.

What a row names was in the store before the row was committed, so that contents listed after the databases were copied
are all those that the copy names, and perhaps some more. Killed at any moment, a run leaves no manifest: the back-ups
from before stay as they were.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import psycopg

from espace.edge import now
from espace.kernel.values import replace
from espace.site.backup import cluster, contents, dump, files, keys, manifest
from espace.site.backup.facts import (
    BASE_EVERY,
    BASES,
    CONTENTS,
    INDEX,
    KEPT,
    RUNS,
    RUNS_KEPT,
    Folders,
    Held,
    Kind,
    Run,
    Unusable,
)
from espace.site.config import Config, read_mark
from espace.site.databases import superuser_connection
from espace.site.places import databases, places_of
from espace.site.terminal import Failed

OURS = frozenset({RUNS, BASES, CONTENTS, INDEX, ".lock"})


@dataclass(frozen=True, slots=True)
class Made:
    """A back-up that is whole: how many contents it added, how many destroyed keys are known."""

    run: Run
    full: bool
    contents: int
    tombstones: int


def back_up(config: Config, folders: Folders, *, full: bool = False) -> Made:
    """One back-up of an installation whose databases are up, and the end of those that are too old.

    The first one, one after a week, and one with `full` copy the databases whole; the others what changed since.
    Raises Failed with a sentence.
    """
    check_apart(config, folders)
    with _alone(folders):
        before = _last(folders)
        installation = _installation(config)
        if before is not None and before.installation != installation:
            raise Failed(f"{folders.data} holds the back-ups of another installation: choose another folder.")
        made = _made(config, folders, before, installation, full)
        _forget_old(config, folders, made.run)
        return made


def check_apart(config: Config, folders: Folders) -> None:
    """Whoever holds the data must not hold the keys: never one folder, nor one inside the other, nor in the home."""
    places = [folder.resolve() for folder in (folders.data, folders.keys, config.home)]
    for one in places:
        if sum(one == other or one in other.parents for other in places) > 1:
            raise Failed(
                "The back-up, its keys and the home must be in three places, none inside another: "
                "whoever found the data beside the keys could read everything. Choose other folders."
            )


def store_of(config: Config) -> Path | None:
    """The folder of the contents; None where a store of objects has them."""
    parts = urlsplit(config.content_url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def program_version() -> str:
    try:
        return version("espace-sante")
    except PackageNotFoundError:
        return "source"


def _last(folders: Folders) -> Run | None:
    try:
        last = next(manifest.runs(folders), None)
        keys.listed_tombstones(folders, last.tombstones if last else None)
        return last
    except Unusable as why:
        raise Failed(f"{why} Nothing was backed up: begin again in new folders.") from None


def _made(config: Config, folders: Folders, before: Run | None, installation: str, full: bool) -> Made:
    taken = _of_cluster if config.embedded else _of_dumps
    run, whole, end = taken(config, folders, before, full)
    key = manifest.read_key(folders, run.base)
    keys.refresh(folders, run.base, key, config.home)
    dead = before.tombstones if before else None
    tombstones, count = keys.gather_tombstones(folders, config, databases(config)["keys"], dead)
    store, index, added = store_of(config), before.contents if before else None, 0
    if store is not None:
        index, added = contents.add(store, folders.data, index)
    held = index if store is not None else None
    run = replace(run, installation=installation, contents=held, tombstones=tombstones)
    manifest.write_run(folders, run, key)
    if end is not None:
        with superuser_connection(places_of(config.home)) as connection:
            cluster.release(connection, run.base, end)
    return Made(run, whole, added, count)


def _of_cluster(config: Config, folders: Folders, before: Run | None, full: bool) -> tuple[Run, bool, int | None]:
    places = places_of(config.home)
    with superuser_connection(places) as connection:
        whole = full or before is None or _is_old(before) or not cluster.can_follow(connection, before)
        run = _new_base(connection, config, folders) if whole or before is None else before
        key = manifest.read_key(folders, run.base)
        if run.wal is None:
            raise Failed(f"{folders.data} holds back-ups of another kind of databases: choose another folder.")
        changes = cluster.take_changes(connection, places, folders, run.base, key, run.wal)
    after = replace(
        run, id=manifest.run_id(now()), until=changes.until, wal=changes.wal, files=run.files | changes.files
    )
    return after, whole, changes.end


def _new_base(connection: psycopg.Connection, config: Config, folders: Folders) -> Run:
    base = manifest.run_id(now())
    key = keys.make(folders, base)
    wal, held, since = cluster.make_base(connection, places_of(config.home), folders, base, key)
    postgres = connection.info.server_version // 10_000
    return replace(_fresh(config, base, Kind.CLUSTER, postgres, since), wal=wal, files=held)


def _of_dumps(config: Config, folders: Folders, before: Run | None, full: bool) -> tuple[Run, bool, int | None]:
    with keys.connection_to(databases(config)["owner"]) as connection:
        postgres = connection.info.server_version // 10_000
    at = now()
    base = manifest.run_id(at)
    held, key_files = dump.take(config, folders, base, keys.make(folders, base))
    return replace(_fresh(config, base, Kind.DUMP, postgres, at), files=held, key_files=key_files), True, None


def _fresh(config: Config, base: str, kind: Kind, postgres: int, at: datetime) -> Run:
    return Run(
        id=base,
        kind=kind,
        base=base,
        installation="",
        since=at,
        until=at,
        mark=read_mark(config.home).value,
        program=program_version(),
        postgres=postgres,
        wal=None,
        files={},
        key_files={},
        contents=None,
        tombstones=Held(0, ""),
    )


def _is_old(before: Run) -> bool:
    return now() - before.since > BASE_EVERY


def _installation(config: Config) -> str:
    """What tells this installation from others: the key service that its databases are sealed with."""
    with keys.connection_to(databases(config)["keys"]) as connection:
        there = connection.execute("SELECT to_regclass('known_key_service') IS NOT NULL").fetchone() == (True,)
        row = connection.execute("SELECT fingerprint FROM known_key_service").fetchone() if there else None
    if row is None:
        raise Failed("There is nothing to back up: nothing was ever sealed in this installation.")
    return sha256(bytes(row[0])).hexdigest()


def _forget_old(config: Config, folders: Folders, newest: Run) -> None:
    """Away with the bases whose last back-up is too old, and with those that no back-up ever named."""
    oldest = manifest.run_id(now() - KEPT)
    stated = manifest.stated_bases(folders)
    kept = {base for run, base in stated.items() if run >= oldest} | {newest.base}
    of_base: dict[str, int] = {}
    for run in sorted(stated, reverse=True):
        base = stated[run]
        of_base[base] = of_base.get(base, 0) + 1
        if base not in kept or of_base[base] > RUNS_KEPT:
            files.forget(folders.data / RUNS / f"{run}.json")
    found = {path.name for above in (folders.data / BASES, folders.keys) for path in above.iterdir()}
    for base in sorted(name for name in found - kept if manifest.is_run_id(name)):
        shutil.rmtree(folders.of_keys(base), ignore_errors=True)
        shutil.rmtree(folders.base(base), ignore_errors=True)
        if config.embedded:
            with superuser_connection(places_of(config.home)) as connection:
                cluster.forget_slot(connection, base)


@contextmanager
def _alone(folders: Folders) -> Iterator[None]:
    """The two folders, made, ours alone, and no other back-up under way in them."""
    for folder in (folders.data, folders.keys):
        files.make_folder(folder)
    strange = {path.name for path in folders.data.iterdir()} - OURS
    if strange:
        raise Failed(f"{folders.data} holds other things than back-ups ({min(strange)}): choose another folder.")
    with os.fdopen(os.open(folders.data / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"Another back-up into {folders.data} is under way.") from None
        yield
