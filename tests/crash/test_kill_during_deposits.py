"""kill −9 of the whole application while it takes deposits: what was acknowledged is there, whole and once."""

import base64
import http.client
import json
import threading
import urllib.error
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from espace.site.demo.people import CAMILLE
from espace.site.demo.structures import HOSPITAL
from espace.site.feeding import bundle_of
from running import ask, enrol, espace, kill_all, server, told_of

KILLS = 2
BETWEEN_KILLS = 12
SENDERS = 3
WHEN = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@dataclass
class Ledger:
    """What the senders know: every document that they sent, and those that were acknowledged."""

    sent: dict[str, bytes] = field(default_factory=dict)
    acknowledged: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


def letter(number: int) -> tuple[str, bytes]:
    """A document of Camille's under an identifier of its own."""
    told = told_of(CAMILLE)
    old = told.entry.unique_id.removeprefix("urn:oid:").encode()
    new = f"2.25.7500.9.{number}"
    assert told.content.count(b'"' + old + b'"') >= 1
    return new, told.content.replace(b'"' + old + b'"', f'"{new}"'.encode())


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
    installation |= {"ESPACE_PROCESSES": "2"}
    base = f"http://127.0.0.1:{installation['ESPACE_PORT']}"
    enrol(installation, CAMILLE.patient, tmp_path / "people.csv")
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
