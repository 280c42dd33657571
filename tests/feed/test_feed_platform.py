"""espace-feed against the platform itself: its token door, its FHIR door, its records."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings

from cast import Holder, fresh_ins, holder, organisation
from door import call, holder_token, own_deposits
from espace.catalogue import actions
from espace.edge import now
from espace.identity.facts import Organisation
from espace_feed import Feeder, KeyCredentials, State
from espace_feed.credentials import new_key, public_jwk
from espace_feed.net import Request, Unreachable
from espace_feed.store import Store
from espace_feed.verdicts import Answer
from exchange.publishing import frame, report
from feed.scene import PDF, USUAL, Killed, drop, places

pytestmark = pytest.mark.django_db


class Wire:
    """Calls the platform as its web server does; `cut` answers are lost on their way back."""

    def __init__(self) -> None:
        self.down = False
        self.cut = 0
        self.sent = 0

    def __call__(self, request: Request) -> Answer:
        if self.down:
            raise Unreachable("ConnectionRefusedError")
        headers = {name.lower().replace("-", "_"): value for name, value in request.headers.items()}
        kind = headers.pop("content_type", "")
        answer = call(request.method, urlsplit(request.url).path, request.body or b"", kind=kind, **headers)
        if request.url.endswith("/DocumentReference"):
            self.sent += 1
            if self.sent <= self.cut:
                raise Unreachable("TimeoutError")
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.body)


class Practice:
    """An organisation whose software has its key registered, and a patient of theirs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.organisation: Organisation = organisation()
        self.patient: Holder = holder()
        self.wire = Wire()
        key, client = new_key(), f"client-{uuid4()}"
        actions.register_client(
            client_id=client,
            organisation_id=self.organisation.id,
            name="Logiciel",
            jwks={"keys": [public_jwk(key)]},
            at=now(),
        )
        self.credentials = KeyCredentials(client, key)
        self.late = 0.0

    def clock(self) -> float:
        return now().timestamp() + self.late

    def feeder(self) -> Feeder:
        url = f"{settings.ESPACE_PUBLIC_URL}/fhir"
        return Feeder(url, self.credentials, self.folder, usual=USUAL, call=self.wire, clock=self.clock)

    def sidecar(self, **identity: Any) -> dict[str, Any]:
        traits = self.patient.traits
        said = {
            "ins": self.patient.ins.number,
            "oid": self.patient.ins.authority,
            "birth_name": traits.birth_name,
            "given_names": " ".join(traits.given_names),
            "birth_date": traits.birth_date.isoformat(),
            "sex": traits.sex,
            "qualified": True,
        }
        return {"identity": said | identity, "type": "11488-4", "title": "Compte rendu", "date": "2026-03-04T10:00:00Z"}

    def once(self) -> Feeder:
        made = self.feeder()
        made.once(lambda _: None)
        return made

    def seen(self) -> list[dict[str, Any]]:
        """What the patient sees by the FHIR door."""
        answer = call("GET", "/fhir/DocumentReference", token=holder_token(self.patient.patient))
        return [one["resource"] for one in answer.json.get("entry", [])]


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


def test_a_pdf_and_a_cda_are_in_the_record_for_the_patient_and_for_who_deposited(practice: Practice) -> None:
    written = frame(practice.patient)
    drop(practice.folder, "letter.pdf", PDF, practice.sidecar())
    drop(practice.folder, "report.xml", report(written))
    assert practice.once().status().sent == 2
    titles = sorted(one["content"][0]["attachment"]["title"] for one in practice.seen())
    assert titles == ["Compte rendu", "Compte rendu d’examens biologiques"]
    formats = sorted(one["content"][0]["format"]["code"] for one in practice.seen())
    assert formats == ["urn:ihe:iti:xds-sd:pdf:2008", "urn:ihe:lab:xd-lab:2008"]
    assert f"urn:oid:{written.id}" in [one["masterIdentifier"]["value"] for one in practice.seen()]
    assert own_deposits(practice.patient, practice.organisation).json["total"] == 2


@pytest.mark.parametrize("lost", ["the process", "the answer"])
def test_cut_between_the_sending_and_its_note_then_again_it_is_one_document(
    practice: Practice, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    drop(practice.folder, "letter.pdf", PDF, practice.sidecar())
    if lost == "the process":
        with monkeypatch.context() as patched:
            patched.setattr(Store, "sent", killed)
            with pytest.raises(Killed):
                practice.once()
    else:
        practice.wire.cut = 1
        assert practice.once().status().waiting == 1
        practice.late = 31
    [first] = practice.seen()
    assert practice.once().status().sent == 1
    assert (practice.wire.sent, practice.seen()) == (2, [first])


def killed(*_: object) -> None:
    raise Killed


def test_while_the_server_is_down_it_waits_then_goes(practice: Practice) -> None:
    practice.wire.down = True
    assert practice.feeder().submit(report(frame(practice.patient))).state is State.WAITING
    practice.wire.down, practice.late = False, 60
    assert practice.once().status().sent == 1
    assert len(practice.seen()) == 1


def test_a_refusal_of_the_platform_is_told_in_its_own_french_sentence(practice: Practice) -> None:
    drop(practice.folder, "letter.pdf", PDF, practice.sidecar(birth_date="1985-03-08"))
    drop(practice.folder, "other.pdf", PDF, practice.sidecar() | {"organisation": {"facility": "ZZ99"}})
    status = practice.once().status()
    told = dict(status.refused)
    assert "Les traits de l’identité ne concordent pas avec ceux de l’espace." in told["letter.pdf"]
    assert "Règle : traits_disagree" in told["letter.pdf"]
    assert "Que faire : Ne déposez pas" in told["letter.pdf"]
    assert "Règle : code_unknown" in told["other.pdf"]
    assert practice.seen() == []


def test_nobody_by_that_ins_is_a_refusal_and_somebody_not_qualified_is_not_even_asked(practice: Practice) -> None:
    done = practice.feeder().submit(PDF, practice.sidecar(ins=fresh_ins().number)["identity"], **described(practice))
    assert (done.state, [one.code for one in done.why]) == (State.REFUSED, ["space_unknown"])
    sent = practice.wire.sent
    held = practice.feeder().submit(PDF, practice.sidecar(qualified=False)["identity"], **described(practice))
    assert (held.state, practice.wire.sent) == (State.QUARANTINED, sent)


def described(practice: Practice) -> dict[str, Any]:
    return {name: value for name, value in practice.sidecar().items() if name != "identity"}


def test_a_correction_names_what_it_replaces(practice: Practice) -> None:
    first = practice.feeder().submit(PDF, practice.sidecar()["identity"], **described(practice))
    said = described(practice) | {"title": "Corrigé", "replaces": first.unique_id}
    assert practice.feeder().submit(PDF, practice.sidecar()["identity"], **said).state is State.SENT
    [current] = [one for one in practice.seen() if one["status"] == "current"]
    assert current["content"][0]["attachment"]["title"] == "Corrigé"


def test_what_is_hidden_from_professionals_is_so_at_the_deposit(practice: Practice) -> None:
    said = described(practice) | {"hidden_from": ["MASQUE_PS"]}
    assert practice.feeder().submit(PDF, practice.sidecar()["identity"], **said).state is State.SENT
    assert "MASQUE_PS" in json.dumps(practice.seen()[0]["securityLabel"])


def test_a_key_that_is_not_registered_holds_everything_and_refuses_nothing(practice: Practice) -> None:
    practice.credentials = KeyCredentials(practice.credentials.client_id, new_key())
    drop(practice.folder, "report.xml", report(frame(practice.patient)))
    status = practice.once().status()
    assert (status.waiting, status.server[0].code) == (1, "jeton")
    assert "invalid_client" in status.server[0].place
    assert places(practice.folder) == {"waiting": ["report.xml"]}


def test_the_deposit_is_found_by_the_identifier_that_the_feeder_says(practice: Practice) -> None:
    done = practice.feeder().submit(report(frame(practice.patient)))
    found = own_deposits(practice.patient, practice.organisation, identifier=done.unique_id).json
    assert [one["resource"]["id"] for one in found["entry"]] == [done.document]
