"""The message of docs/vendors/soap.md, sent as it stands there."""

import re
import runpy
import sys
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

import door
import soap_door as soap
import soaping
from attesting import structure
from cast import Holder, holder
from soap_door import as_feeder, post, security

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[3] / "docs" / "vendors" / "soap.md").read_text("utf-8")
CONTENT = "Glycémie à jeun : 0,92 g/l".encode()


def block(kind: str, begins: str = "") -> str:
    found = re.search(rf"^```{kind}\n({begins}.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def _ours(message: str, alice: Holder) -> str:
    return message.replace("285054499900161", alice.ins.number).replace("2.25.7500.1", "1.2.250.1.999.1.1")


def test_the_message_of_the_page_is_a_deposit() -> None:
    """Only the numbers and the assertion are the test's: a number serves one alone."""
    alice = holder(birth_name="GUERIN", given_names=("ALICE", "MARIE"), born=date(1985, 5, 14))
    card, said = as_feeder(soap.hospital())
    message = re.sub(r"<wsse:Security.*</wsse:Security>", lambda _: security(card, said), block("xml"), flags=re.DOTALL)
    message = _ours(message, alice)
    kind = block("text", "Content-Type: ").splitlines()[0].removeprefix("Content-Type: ")
    body = soaping.in_parts(message, **{"document01@hopital.example.fr": CONTENT})
    body = body.replace(b"<root@test>", b"<root@hopital.example.fr>")
    answer = post(soap.REPOSITORY, kind, body, certificate=card.der)
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    query = f"patient.identifier=urn:oid:{alice.ins.authority}|{alice.ins.number}"
    found = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(alice.patient), query=query)
    [entry] = found.json["entry"]
    read = door.call("GET", f"/fhir/Binary/{entry['resource']['id']}", token=door.holder_token(alice.patient))
    assert read.body == CONTENT


def test_the_script_of_the_page_signs_a_request_that_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = holder(birth_name="GUERIN", given_names=("ALICE", "MARIE"), born=date(1985, 5, 14))
    number = soap.struct_id(soap.hospital())
    card, ac = structure(number), tmp_path / "ac"
    ac.mkdir()
    (ac / f"{number}.signature.pem").write_bytes(card.certificate.public_bytes(Encoding.PEM))
    key = card.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (ac / f"{number}.signature.key").write_bytes(key)
    (tmp_path / "message.xml").write_text(_ours(block("xml"), alice), "utf-8")
    (tmp_path / "sign.py").write_text(block("python").replace("1990000010", number), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sign.py", settings.ESPACE_PUBLIC_URL])
    runpy.run_path("sign.py")
    kind = block("text", "Content-Type: ").splitlines()[0].removeprefix("Content-Type: ")
    answer = post(soap.REPOSITORY, kind, (tmp_path / "body.bin").read_bytes(), certificate=card.der)
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
