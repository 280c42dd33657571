"""kill −9 of the whole application while it takes deposits: what was acknowledged is there, whole and once."""

import base64
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from espace.site.config import load
from espace.site.demo.people import CAMILLE
from espace.site.demo.stories import stories
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from espace.site.supervisor import answers_ready
from espace.site.testbed import throwaway_installation

KILLS = 2
BETWEEN_KILLS = 12
SENDERS = 3
WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Ledger:
    """What the senders know: every document that they sent, and those that were acknowledged."""

    sent: dict[str, bytes] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


@pytest.fixture
def installation() -> Iterator[dict[str, str]]:
    with throwaway_installation() as environment:
        yield {**{k: v for k, v in os.environ.items() if not k.startswith("ESPACE_")}, **environment}


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
            assert b"Serving" in process.stderr.readline()
            assert answers_ready(load(environment))
            yield process
        finally:
            kill_all(process)


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the server and every worker: they share one process group."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def ask(base: str, path: str, token: str, body: bytes | None = None) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
    with _opener.open(urllib.request.Request(f"{base}{path}", body, headers), timeout=20) as answer:
        found: bytes = answer.read()
        return found


TOLD = next(d for d in stories(7, date(2026, 3, 4)) if d.person is CAMILLE)


def letter(number: int) -> tuple[str, bytes]:
    """A document of Camille's under an identifier of its own."""
    old = TOLD.entry.unique_id.removeprefix("urn:oid:").encode()
    new = f"2.25.7500.9.{number}"
    assert TOLD.content.count(b'"' + old + b'"') >= 1
    return new, TOLD.content.replace(b'"' + old + b'"', f'"{new}"'.encode())


def deposit(base: str, token: str, ledger: Ledger, unique_id: str) -> None:
    bundle = bundle_of(ledger.sent[unique_id], source_id=HOSPITAL.source_id, at=WHEN)
    answer = json.loads(ask(base, "/fhir", token, bundle))
    places = [entry["response"]["location"] for entry in answer["entry"]]
    with ledger.lock:
        ledger.acknowledged[unique_id] = next(p for p in places if p.startswith("Binary/"))


def send_until_it_dies(base: str, token: str, ledger: Ledger, first: int) -> None:
    for number in range(first, first + 10_000, SENDERS):
        unique_id, content = letter(number)
        with ledger.lock:
            ledger.sent[unique_id] = content
        try:
            deposit(base, token, ledger, unique_id)
        except urllib.error.HTTPError as refused:
            with refused:
                raise AssertionError(refused.read()) from refused
        except (OSError, http.client.HTTPException):
            return


def kill_while_sending(environment: dict[str, str], base: str, token: str, ledger: Ledger, start: int) -> None:
    """Kill once enough is acknowledged: the senders are then in the middle of others."""
    before = len(ledger.acknowledged)
    with server(environment) as process:
        senders = [
            threading.Thread(target=send_until_it_dies, args=(base, token, ledger, start + n)) for n in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        while len(ledger.acknowledged) < before + BETWEEN_KILLS and any(s.is_alive() for s in senders):
            senders[0].join(0.002)
        kill_all(process)
        for sender in senders:
            sender.join()
    assert len(ledger.acknowledged) >= before + BETWEEN_KILLS


def test_what_was_acknowledged_survives_and_nothing_is_there_twice(
    installation: dict[str, str], tmp_path: Path
) -> None:
    base = f"http://127.0.0.1:{installation['ESPACE_PORT']}"
    who = CAMILLE.patient
    people = tmp_path / "people.csv"
    people.write_text(
        "ins,oid,birth_name,given_names,birth_date,sex,birth_place,email\n"
        f"{who.ins},{who.authority},{who.birth_name},{' '.join(who.given_names)},"
        f"{who.birth_date},{who.sex},{who.birth_place},\n",
        encoding="utf-8",
    )
    espace(installation, "migrate")
    espace(installation, "enrol", str(people))
    feeding, reading = (espace(installation, "token", member) for member in ("hospital", "holder"))
    ledger = Ledger()
    for turn in range(KILLS):
        kill_while_sending(installation, base, feeding, ledger, 1 + turn * 100_000)

    with server(installation):
        unknown = set(ledger.sent) - set(ledger.acknowledged)
        first = dict(ledger.acknowledged)
        for unique_id in sorted(ledger.sent):
            deposit(base, feeding, ledger, unique_id)
        assert {unique_id: ledger.acknowledged[unique_id] for unique_id in first} == first
        for unique_id, place in ledger.acknowledged.items():
            assert ask(base, f"/fhir/{place}", reading) == ledger.sent[unique_id]
        listed = json.loads(ask(base, "/fhir/DocumentReference", reading))
    assert listed["total"] == len(ledger.sent)
    assert len(unknown) <= KILLS * SENDERS
    contents = [path for path in (Path(installation["ESPACE_HOME"]) / "contents").rglob("*") if path.is_file()]
    assert len(contents) >= len(ledger.sent)
    assert not any(base64.b64encode(b"Marchand") in path.read_bytes() for path in contents)
