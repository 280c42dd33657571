"""The embedded PostgreSQL server of a home: made, started, shared by the commands, repaired and stopped.

No TCP, a socket in a 0700 folder, generated passwords, an unprivileged account when we are root. The
process that starts it owns it: the kernel tells the server when that process dies, even by kill -9.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import psycopg

from espace.site.config import MEBIBYTE, BadConfiguration, Config
from espace.site.databases import SUPERUSER, bootstrap, superuser_connection
from espace.site.engine import binaries, major_version
from espace.site.places import ROLES, SOCKET_PORT, Places, places_of, read_passwords
from espace.site.private import write_private
from espace.site.processes import start_child, stop_child

LEAST_FREE_BYTES = 300 * MEBIBYTE
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "mmap",
    # what was sent must not reach the server's log: no statement, no « Key (…)=(…) »
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_min_duration_statement": "-1",
    # what the next back-up waits for is kept so far; beyond it, that back-up begins again from a whole copy
    "max_slot_wal_keep_size": "4GB",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
HASTY_MAKING = {True: ("--no-sync",), False: ()}
NOTHING_MORE: Mapping[str, str] = {}

OWNING_SECONDS = 30


class ServerFailed(BadConfiguration):
    """The server cannot be made or started; the message is a sentence."""


@contextmanager
def running(
    config: Config,
    *,
    patient: bool = True,
    hasty: bool = False,
    owning: bool = False,
    more: Mapping[str, str] = NOTHING_MORE,
    within: float = START_SECONDS,
) -> Iterator[subprocess.Popen[bytes] | None]:
    """The database server, for the time of the block; its process where it was started here.

    Started here when nobody runs it, and stopped at the end; else the one that another command runs.
    Whoever stops it waits until the other users of the moment are done, when `patient`. `owning` waits for
    a passing command to stop its own first: what lives long must not lean on what ends in a moment.
    `hasty` gives up durability, for tests. `more` are settings of the server for this time, which may take `within`
    seconds to answer: a restoration goes through the changes of days. Does nothing when database URLs are configured.
    """
    if not config.embedded:
        yield None
        return
    with _opened(config, "users") as users, _opened(config, "server") as owner:
        if not _take(users, owner, OWNING_SECONDS if owning else 0):
            _wait_until_ready(places_of(config.home), None)
            yield None
            return
        server = start(config, hasty=hasty, more=more, within=within)
        try:
            yield server
        finally:
            fcntl.flock(users, fcntl.LOCK_UN)
            if patient:
                _wait_lock(users, 60)
            stop(server)


def start(
    config: Config, *, hasty: bool = False, more: Mapping[str, str] = NOTHING_MORE, within: float = START_SECONDS
) -> subprocess.Popen[bytes]:
    """Make what is missing, repair what was interrupted, start the server and its roles and databases."""
    places = places_of(config.home)
    folder = binaries(places)
    _make_folders(config.home, places)
    _make_passwords(places)
    _end_orphan(places)
    _make_data(places, folder, hasty=hasty)
    server = _launch(places, folder, (HASTY if hasty else {}) | dict(more))
    try:
        _wait_until_ready(places, server, within)
        bootstrap(places)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    stop_child(server, by=signal.SIGINT, within=30)


def is_running(config: Config) -> bool:
    """Whether some process owns the server of this home."""
    if not (config.home / "run").is_dir():
        return False
    with _opened(config, "server") as owner:
        return not _try_lock(owner)


def _opened(config: Config, name: str) -> IO[str]:
    return (config.home / "run" / f"{name}.lock").open("a")


def _try_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take(users: IO[str], owner: IO[str], seconds: float) -> bool:
    """Count as a user, and whether the server is now ours; until then, others may end what they started."""
    limit = time.monotonic() + seconds
    while True:
        fcntl.flock(users, fcntl.LOCK_SH)
        if _try_lock(owner):
            return True
        if time.monotonic() >= limit:
            return False
        fcntl.flock(users, fcntl.LOCK_UN)
        time.sleep(0.05)


def _wait_lock(file: IO[str], seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not _try_lock(file) and time.monotonic() < limit:
        time.sleep(0.05)


def _make_folders(home: Path, places: Places) -> None:
    root = places.base.parent
    if shutil.disk_usage(_existing(root)).free < LEAST_FREE_BYTES:
        raise ServerFailed(
            f"The disk of {root} is nearly full: the database needs {LEAST_FREE_BYTES // MEBIBYTE} MB. "
            "Free some room or choose another ESPACE_HOME."
        )
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    if places.account.uid is not None:
        root.chmod(root.stat().st_mode | 0o011)
    for folder in (places.base, places.socket):
        _make_private(folder, places)


def _existing(folder: Path) -> Path:
    return next(above for above in (folder, *folder.parents) if above.exists())


def _make_private(folder: Path, places: Places) -> None:
    """A 0700 folder of the server's account; one that somebody else put there is refused."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if places.account.uid is not None and places.account.gid is not None:
            os.chown(folder, places.account.uid, places.account.gid)
    found = folder.lstat()
    expected = os.geteuid() if places.account.uid is None else places.account.uid
    if folder.is_symlink() or not folder.is_dir() or found.st_uid not in (expected, os.geteuid()):
        raise ServerFailed(f"{folder} belongs to another account: remove it or choose another ESPACE_HOME.")
    if found.st_uid != expected and places.account.gid is not None:
        os.chown(folder, expected, places.account.gid)
    folder.chmod(0o700)


def _make_passwords(places: Places) -> None:
    words = read_passwords(places)
    missing = [role for role in (SUPERUSER, *ROLES) if role not in words]
    if not missing:
        return
    if places.data.is_dir() and SUPERUSER in missing:
        raise ServerFailed(
            f"The passwords of the database are lost ({places.passwords}): put the file back from a backup, "
            "or run ./espace reset if this is a demonstration."
        )
    words |= {role: secrets.token_urlsafe(24) for role in missing}
    write_private(places.passwords, json.dumps(words))


def _make_data(places: Places, folder: Path, *, hasty: bool = False) -> None:
    """`initdb` in a sibling, renamed when complete: an interrupted one is simply made again."""
    if places.data.is_dir():
        _check_version(places, folder)
        return
    half_made = places.base / "data.new"
    shutil.rmtree(half_made, ignore_errors=True)
    secret = places.base / "initdb.password"
    secret.unlink(missing_ok=True)
    write_private(secret, read_passwords(places)[SUPERUSER])
    if places.account.uid is not None and places.account.gid is not None:
        os.chown(secret, places.account.uid, places.account.gid)
    options = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", *HASTY_MAKING[hasty])
    with tempfile.TemporaryFile() as output:
        child = start_child(
            [folder / "initdb", "-D", half_made, "-U", SUPERUSER, f"--pwfile={secret}", *options],
            account=places.account,
            environment=_environment(),
            output=output,
            death_signal=signal.SIGKILL,
            folder=places.base,
        )
        failed = child.wait() != 0
        secret.unlink(missing_ok=True)
        if failed:
            output.seek(0)
            last = output.read().decode(errors="replace").strip().splitlines()[-1:]
            raise ServerFailed(f"The database could not be made in {places.base}: {' '.join(last)}")
    half_made.replace(places.data)


def _check_version(places: Places, folder: Path) -> None:
    made_by = int((places.data / "PG_VERSION").read_text(encoding="ascii"))
    present = major_version(folder)
    if made_by != present:
        raise ServerFailed(
            f"The data of {places.base} were made by PostgreSQL {made_by} and version {present} is installed: "
            "export them with the former version, or run ./espace reset if this is a demonstration."
        )


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _launch(places: Places, folder: Path, more: Mapping[str, str]) -> subprocess.Popen[bytes]:
    settings = SETTINGS | {"unix_socket_directories": str(places.socket)} | dict(more)
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    if places.log.exists() and places.log.stat().st_size > 10 * MEBIBYTE:
        places.log.replace(places.log.with_suffix(".log.1"))
    with places.log.open("ab") as log:
        return start_child(
            [folder / "postgres", "-D", places.data, "-p", SOCKET_PORT, *options],
            account=places.account,
            environment=_environment(),
            output=log,
            death_signal=signal.SIGINT,
            folder=places.base,
        )


def _wait_until_ready(
    places: Places, server: subprocess.Popen[bytes] | None, within: float = START_SECONDS
) -> None:
    """Until a connection succeeds; `server` is None when another process starts it."""
    limit = time.monotonic() + within
    while time.monotonic() < limit:
        if server is not None and server.poll() is not None:
            raise ServerFailed(f"The database server did not start: see the end of {places.log}.")
        try:
            superuser_connection(places).close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return
    raise ServerFailed(f"The database server does not answer: see the end of {places.log}.")


def _end_orphan(places: Places) -> None:
    """End a server whose owner was killed, and take away what a kill -9 or a reboot left.

    We hold the owner's lock: a server still alive on these data is an orphan that is stopping. A stale
    `postmaster.pid` matters when its number now belongs to another process of the same account.
    """
    pid_file = places.data / "postmaster.pid"
    limit = time.monotonic() + 30
    while (pid := _postmaster(places)) is not None and time.monotonic() < limit:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        time.sleep(0.05)
    if _postmaster(places) is not None:
        raise ServerFailed(f"A database server still runs on {places.data} and does not stop: process {pid}.")
    _end_left_over(places)
    pid_file.unlink(missing_ok=True)
    for name in (f".s.PGSQL.{SOCKET_PORT}", f".s.PGSQL.{SOCKET_PORT}.lock"):
        (places.socket / name).unlink(missing_ok=True)


def _end_left_over(places: Places) -> None:
    """End what a server that was killed left at work: a busy one notices that only when it next waits, and until then
    no other server starts on its memory. Nothing is lost: what it has not committed, nobody was told.
    """
    limit = time.monotonic() + 30
    while (left := _working_in(places.data.resolve())) and time.monotonic() < limit:
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)


def _working_in(folder: Path) -> list[int]:
    """The processes of PostgreSQL in this folder (proc(5)): their own, or of the account that we run it under."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == folder:
                found += [int(entry.name)] if (entry / "comm").read_text() == "postgres\n" else []
    return found


def _postmaster(places: Places) -> int | None:
    """The process named by `postmaster.pid`, if it is really a server working in our data folder."""
    try:
        pid = int((places.data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
        working_in = Path(f"/proc/{pid}/cwd").readlink()
    except (OSError, ValueError):
        return None
    return pid if working_in == places.data.resolve() else None
