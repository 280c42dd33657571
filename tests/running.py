"""A whole installation in its own processes, and a client that we did not write for it."""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path

from espace.site import testbed
from espace.site.config import Mark, load, prepare_home, write_mark
from espace.site.demo.people import Person
from espace.site.demo.stories import Deposit, stories
from espace.site.places import places_of
from espace.site.postgres import running
from espace.site.supervisor import answers_ready
from espace.wire.cda_writing import Patient

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def fresh_installation() -> Iterator[dict[str, str]]:
    """The environment of a new installation, migrated, with its database up."""
    environment = environment_of(Path(tempfile.mkdtemp(prefix="espace-test-")))
    config = load(environment)
    try:
        fill(config.home)
        with running(config, hasty=True, patient=False):
            yield environment
    finally:
        testbed.remove_home(config)


def environment_of(home: Path, *, processes: int = 1) -> dict[str, str]:
    """The settings of this home, at a port of its own, and no other setting.

    One process serves the web unless said otherwise: each takes two seconds of CPU to read its programs.
    """
    own = {"ESPACE_HOME": str(home), "ESPACE_PORT": str(testbed.free_port()), "ESPACE_PROCESSES": str(processes)}
    return testbed.without_settings(os.environ) | own


def fill(home: Path) -> None:
    """Make of this folder a migrated home, marked « test », whose server is stopped.

    It is a copy of the one that `./espace migrate` made for all of the session's processes, and that nobody uses: its
    secrets and its keys are those of every copy.
    """
    copy_of(migrated(), home)


def copy_of(source: Path, home: Path) -> None:
    """All of a home whose server is stopped, with what its server keeps elsewhere."""
    folders = {home: source, places_of(home).base.parent: places_of(source).base.parent}
    for folder, copied in folders.items():
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        subprocess.run(["cp", "-a", f"{copied}/.", str(folder)], check=True)


def migrated() -> Path:
    """The home that all are copies of, made by the first who asks for it; the others wait."""
    home = Path(os.environ["ESPACE_HOME"]) / "migrated"
    with home.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := home.with_suffix(".done")).exists():
            environment = environment_of(home)
            prepare_home(load(environment))
            write_mark(home, Mark.TEST)
            with running(load(environment), hasty=True, patient=False):
                espace(environment, "migrate")
            done.touch()
    return home


def espace(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-P", "-m", "espace", *words]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def server(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The server, ready; whatever happens, none of its processes is left."""
    command = [sys.executable, "-P", "-m", "espace", "serve"]
    with subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.PIPE) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline().decode()
            assert "Serving" in said, said
            assert answers_ready(load(environment))
            yield process
        finally:
            kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the server and to everything that it started, the youngest last, and none of them is left."""
    doomed = [process.pid, *descendants(process.pid)]
    for pid in doomed:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs (Linux, proc(5))."""
    try:
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return [one for child in children for one in (child, *descendants(child))]


@cache
def told_of(person: Person) -> Deposit:
    """The first document of somebody of the demonstration: telling takes a second, so not while tests are collected."""
    return next(deposit for deposit in stories(7, date(2026, 3, 4)) if deposit.person is person)


def ask(base: str, path: str, token: str, body: bytes | None = None) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    with _opener.open(urllib.request.Request(f"{base}{path}", body, headers), timeout=20) as answer:
        found: bytes = answer.read()
        return found


def enrol(environment: dict[str, str], who: Patient, file: Path, email: str = "") -> None:
    """Open the space of one person, as an operator would."""
    file.write_text(
        "ins,oid,birth_name,given_names,birth_date,sex,birth_place,email\n"
        f"{who.ins},{who.authority},{who.birth_name},{' '.join(who.given_names)},"
        f"{who.birth_date},{who.sex},{who.birth_place},{email}\n",
        encoding="utf-8",
    )
    espace(environment, "enrol", str(file))
