"""A folder, a patient, and a platform of a few lines that files what it is sent and can be told to fail."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from espace_feed import Author, Deposit, Description, Feeder, Organisation
from espace_feed.net import Call, Request, Unreachable
from espace_feed.verdicts import Answer

URL = "https://platform.example/fhir"
PDF = b"%PDF-1.4\nLettre de sortie\n%%EOF\n"
NOON = 1_772_622_000.0
USUAL = Description(
    organisation=Organisation("1990000010", "Centre hospitalier des Deux-Rives", "SA01", "ETABLISSEMENT"),
    author=Author("810999000069", "LE GOFF", "Anne", "G15_10/SM54"),
)
SIDECAR: dict[str, Any] = {
    "identity": {
        "ins": "285054499900161",
        "oid": "1.2.250.1.213.1.4.10",
        "birth_name": "GUERIN",
        "given_names": "ALICE MARIE",
        "birth_date": "1985-05-14",
        "sex": "F",
        "birth_place": "44109",
        "qualified": True,
    },
    "type": "11488-4",
    "type_label": "CR ou fiche de consultation ou de visite",
    "title": "Compte rendu de consultation",
    "date": "2026-03-04T10:00:00+01:00",
}
CDA = b"""<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><id root="2.25.7"/><recordTarget><patientRole>
<id root="1.2.250.1.213.1.4.10" extension="285054499900161"/></patientRole></recordTarget></ClinicalDocument>"""
WITHOUT_INS = CDA.replace(b"1.2.250.1.213.1.4.10", b"1.2.3.4")


class Platform:
    """Files each identifier once; `fail` is asked first, and what it answers is the answer."""

    def __init__(self) -> None:
        self.filed: dict[str, bytes] = {}
        self.requests: list[Request] = []
        self.fail: Callable[[Request], Answer | None] = lambda _: None

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        if failed := self.fail(request):
            return failed
        resource = json.loads(request.body or b"")
        uid = resource["masterIdentifier"]["value"]
        data = base64.b64decode(resource["content"][0]["attachment"]["data"])
        known = uid in self.filed
        if self.filed.setdefault(uid, data) != data:
            return refusal("content_differs")
        return Answer(200 if known else 201, {}, json.dumps({"id": f"id-{uid}"}).encode())


class Token:
    """Credentials that count how often they are asked."""

    def __init__(self) -> None:
        self.asked = 0

    def token(self, call: Call, base: str, at: float) -> tuple[str, float]:
        self.asked += 1
        return f"token-{self.asked}", at + 3600


class Clock:
    """A clock that goes when it is told to, by sleeping."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class Killed(BaseException):
    """The process ends here: nothing of what follows is done."""


def feeder(folder: Path, platform: Call, clock: Clock | None = None, token: Token | None = None) -> Feeder:
    return Feeder(URL, token or Token(), folder, usual=USUAL, call=platform, clock=clock or Clock())


def once(folder: Path, platform: Call, clock: Clock | None = None) -> Feeder:
    """A process that looks once and ends."""
    clock = clock or Clock()
    made = feeder(folder, platform, clock)
    made.once(clock.sleep)
    return made


def drop(folder: Path, name: str, data: bytes, beside: object = None) -> None:
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    if beside is not None:
        (inbox / f"{name}.json").write_text(json.dumps(beside), encoding="utf-8")
    (inbox / name).write_bytes(data)


def refusal(code: str, status: int = 422, issue: str = "invalid") -> Answer:
    said = {
        "severity": "error",
        "code": issue,
        "details": {"coding": [{"system": "urn:espace:reason", "code": code}], "text": "Une phrase du serveur."},
        "diagnostics": "DocumentReference.type : JDV_J07 — Corrigez la valeur.",
    }
    return Answer(status, {}, json.dumps({"resourceType": "OperationOutcome", "issue": [said]}).encode())


def unreachable(_: Request) -> Answer:
    raise Unreachable("ConnectionRefusedError")


def places(folder: Path) -> dict[str, list[str]]:
    """The files of each place that has some."""
    found = {one.name: sorted(file.name for file in one.iterdir()) for one in folder.iterdir() if one.is_dir()}
    return {name: files for name, files in found.items() if files}


def state(deposit: Deposit) -> str:
    return str(deposit.state)
