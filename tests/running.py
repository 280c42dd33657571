"""A whole installation in its own processes, and a client that we did not write for it."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from pathlib import Path

from espace.site.config import load
from espace.site.demo.people import Person
from espace.site.demo.stories import Deposit, stories
from espace.site.supervisor import answers_ready
from espace.site.testbed import throwaway_installation
from espace.wire.cda_writing import Patient

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@contextmanager
def fresh_installation() -> Iterator[dict[str, str]]:
    """The environment of a new installation, migrated, with its database up."""
    with throwaway_installation() as given:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ESPACE_")} | given
        espace(environment, "migrate")
        yield environment


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
