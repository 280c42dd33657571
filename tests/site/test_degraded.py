"""What still works when a part is down, compared with the table that the operators read.

docs/explanation/degraded-life.md is the expectation: each part is taken away, every kind of request is asked, and the
column of the part must say what was answered. Then the part comes back, and everything works without anybody's help.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from joserfc import jwt
from joserfc.jwk import ECKey

import door
from cast import consents, organisation, professional
from degraded import JSON, PARTS, Browser, Told, ask
from espace import edge
from espace.access import gate
from espace.catalogue import actions as catalogue
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Verb
from espace.outbox import queries as outbox
from espace.record import queries as record
from espace.site.worker import run_until_idle
from espace.trace import queries as trace
from portal.helpers import PASSWORD, PDF, Member, cda, file, member, signed_in
from stores import own_folder
from workstation.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "degraded-life.md"
KEY = ECKey.generate_key("P-384", parameters={"kid": "k"})
PLANTED = "Zygomatique"
"""In everything that is sent: the search of the logs, at the end of the session, must not meet it."""
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True)
class World:
    """A holder with a document, a doctor whom they let read, a hospital and its software; all signed in already."""

    camille: Member
    document: UUID
    hospital: Organisation
    client: str
    feeder: str
    reader: str
    signed_out: Browser
    home: Browser
    desk: Browser

    @property
    def record(self) -> str:
        return f"/pro/patients/{self.camille.of.patient}/"


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    own_folder(settings, tmp_path / "contents")
    cache.clear()
    camille, doctor, hospital, client = member(), professional(), organisation(), f"client-{uuid4()}"
    at = edge.now()
    consents(camille.of, doctor, at=at, until=at + timedelta(hours=1))
    keys = {"keys": [KEY.as_dict(private=False)]}
    catalogue.register_client(client_id=client, organisation_id=hospital.id, name="DPI", jwks=keys, at=at)
    for folder in range(256):
        (tmp_path / "contents" / f"{folder:02x}").mkdir(exist_ok=True)
    return World(
        camille,
        file(camille.of, cda(camille.of), at=at),
        hospital,
        client,
        door.feeder_token(hospital),
        door.holder_token(camille.of.patient),
        Browser(),
        Browser(signed_in(camille)),
        Browser(Desk(doctor)),
    )


def _token(world: World) -> Told:
    at = int(edge.now().timestamp())
    said = {"iss": world.client, "sub": world.client, "aud": f"{settings.ESPACE_PUBLIC_URL}/oauth/token"}
    said |= {"jti": str(uuid4())}
    assertion = jwt.encode(
        {"alg": "ES384", "kid": "k", "typ": "JWT"}, {**said, "exp": at + 240, "iat": at}, KEY, algorithms=["ES384"]
    )
    return world.signed_out.post(
        "/oauth/token",
        grant_type="client_credentials",
        scope=door.FEED,
        client_assertion_type=ASSERTION,
        client_assertion=assertion,
    )


def _deposit(world: World, uid: str = "") -> Told:
    body = json.dumps(door.deposit_of(world.camille.of, f"{PLANTED} {uid}".encode(), uid=uid)).encode()
    return ask("POST", "/fhir", body, kind=JSON, authorization=f"Bearer {world.feeder}")


def _fhir(world: World, path: str) -> Told:
    return ask("GET", path, authorization=f"Bearer {world.reader}")


def _add(world: World) -> Told:
    sent = SimpleUploadedFile("note.txt", f"{PLANTED} du soir".encode(), "text/plain")
    return world.home.send("/documents/ajouter/", chosen=[sent], type_code="DOCPAT02", title="", day="")


def _desk_deposit(world: World) -> Told:
    sent = SimpleUploadedFile("lettre.pdf", PDF, "application/pdf")
    said = {"born": "1985-03-07", "type": "34874-8", "title": PLANTED, "happened": "2026-03-01", "visibility": ""}
    return world.desk.send(f"{world.record}deposer/", file=sent, **said)


REQUESTS: dict[str, Callable[[World], Told]] = {
    "capability statement": lambda w: ask("GET", "/fhir/metadata"),
    "token": _token,
    "deposit": _deposit,
    "search": lambda w: _fhir(w, "/fhir/DocumentReference"),
    "reading of a document": lambda w: _fhir(w, f"/fhir/Binary/{w.document}"),
    "first page, signed out": lambda w: w.signed_out.get("/"),
    "sign-in form": lambda w: w.signed_out.get("/connexion/"),
    "password": lambda w: w.signed_out.post("/connexion/", login=w.camille.identifier, password=PASSWORD),
    "home": lambda w: w.home.get("/"),
    "list of documents": lambda w: w.home.get("/documents/"),
    "a document": lambda w: w.home.get(f"/documents/{w.document}/"),
    "its download": lambda w: w.home.get(f"/documents/{w.document}/telecharger/"),
    "masking": lambda w: w.home.post(f"/documents/{w.document}/masquer/"),
    "adding a file": _add,
    "history": lambda w: w.home.get("/partage/historique/"),
    "first page, signed out (pro)": lambda w: w.signed_out.get("/pro/"),
    "finding a patient": lambda w: w.desk.post("/pro/", ins=w.camille.of.ins.number),
    "a patient’s screen": lambda w: w.desk.get(w.record),
    "deposit by hand": _desk_deposit,
    "/healthz": lambda w: ask("GET", "/healthz"),
    "/readyz": lambda w: ask("GET", "/readyz"),
}


def column(part: str) -> dict[str, str]:
    """What the page says of each request while this part is down."""
    found: dict[str, str] = {}
    heads: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [re.sub(r"[`*]", "", cell).strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| "):
            heads = heads if line.startswith("|--") else []
        elif not heads:
            heads = cells
        elif part in heads and (said := cells[heads.index(part)]):
            found[cells[0]] = said
    return found


READINGS = ("reading of a document", "a document", "its download")
OPENED = {Verb.READ, Verb.DOWNLOAD}


@pytest.mark.parametrize("part", PARTS)
def test_what_works_without_a_part_is_what_the_page_says(part: str, world: World) -> None:
    uid = f"urn:uuid:{uuid4()}"
    whole = _fhir(world, f"/fhir/Binary/{world.document}").body
    with PARTS[part]():
        told = {name: request(world) for name, request in REQUESTS.items()}
        sent = [_deposit(world, uid) for _ in range(2)]
    assert {name: one.cell for name, one in told.items()} == column(part)
    _check_forms(told)

    # By itself, and whole: the same requests, then what is there.
    after = {name: request(world) for name, request in REQUESTS.items()}
    assert {name: one.cell for name, one in after.items()} == dict.fromkeys(REQUESTS, "yes")
    assert after["reading of a document"].body == whole
    sent.append(_deposit(world, uid))
    assert sent[-1].status == 200
    _check_nothing_lost(world, told, after)
    _check_every_reading_has_its_line(world, told, after)


def _check_forms(told: dict[str, Told]) -> None:
    """A machine is told when to come back, a person what happened and what to do; no answer quotes the inside."""
    for name, one in told.items():
        assert one.status != 500, name
        if one.status == 429:
            assert "Trop d’essais" in one.body.decode()
        if one.status < 500 or name == "/readyz":
            continue
        if "json" in one.headers["Content-Type"]:
            assert one.headers["Retry-After"] == "5", name
        else:
            assert one.headers["Retry-After"] == "60", name
            assert one.is_for_people, name
        assert not re.search(rb"psycopg|Traceback|PGSQL|permission denied|SELECT ", one.body), name


def _check_nothing_lost(world: World, told: dict[str, Told], after: dict[str, Told]) -> None:
    """What was answered « done » is there, once; what was refused is not."""
    done = [answers[name].cell for name in ("deposit", "deposit by hand") for answers in (told, after)].count("yes")
    titles = sorted(one.entry.title for one in _documents(world))
    # The one that was there, the one sent again and again under one uniqueId, the file added twice, which is one.
    assert len(titles) == 3 + done
    assert titles.count("note") == 1


def _documents(world: World) -> Any:
    who = world.camille.of
    with gate.open_record(
        actor=who.actor, patient=who.patient, purpose=Purpose.HOLDER, verb=Verb.LIST, at=edge.now()
    ) as grant:
        return record.documents(grant)


def _check_every_reading_has_its_line(world: World, *answers: dict[str, Told]) -> None:
    served = [told[name].cell for told in answers for name in READINGS].count("yes")
    lines = [line for line in door.lines_of(world.camille.of) if line.verb in OPENED]
    allowed = [line for line in lines if line.outcome == "allowed"]
    assert len(allowed) == served + 1  # the one before
    refused = [told[name].cell for told in answers for name in READINGS].count("503 content_unavailable")
    assert len(lines) - len(allowed) == refused


@pytest.mark.parametrize("part", ["mail server down", "worker down"])
def test_what_waits_for_a_worker_is_not_lost(part: str, world: World) -> None:
    run_until_idle()
    dead = outbox.count_of_dead_letters()
    with PARTS[part]():
        assert _deposit(world).status == 200
        assert trace.count_waiting() > 0
        if part == "mail server down":
            run_until_idle()
    run_until_idle()
    assert (trace.count_waiting(), outbox.count_of_dead_letters()) == (0, dead)
