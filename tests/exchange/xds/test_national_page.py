"""The messages of docs/vendors/national-requests.md, sent as they stand there; only the numbers are the tests'."""

import re
import runpy
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

import soap_door as soap
from attesting import structure
from cast import Holder, consents, holder, professional
from espace import edge
from espace.exchange.xds.door import ADDRESSES
from espace.exchange.xds.wsdl_national import PREFIXES
from exchange.xds.national_asking import HABILITATIONS, PATIENTS, listed, observed, said
from exchange.xds.test_vendor_page import block as of_deposit
from soap_door import as_doctor, as_feeder, post, security, send

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[3] / "docs" / "vendors" / "national-requests.md").read_text("utf-8")
MESSAGES = re.findall(r"^```xml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
KIND = "application/soap+xml; charset=utf-8"


def ours(message: str, alice: Holder) -> str:
    return message.replace("285054499900161", alice.ins.number)


def test_the_message_of_the_page_asks_whether_there_is_a_space() -> None:
    alice = holder()
    card, words = as_feeder(soap.hospital())
    message = re.sub(r"<wsse:Security.*</wsse:Security>", lambda _: security(card, words), MESSAGES[0], flags=re.DOTALL)
    answer = post(PATIENTS, KIND, ours(message, alice).encode(), certificate=card.der)
    assert (answer.http, observed(answer)["STATUT_DMP"]) == (200, "ACTIF")


def test_the_other_messages_add_an_authorisation_list_and_open() -> None:
    alice, place = holder(), soap.hospital("Cabinet des Tilleuls")
    anne = professional(at=place)
    consents(alice, anne, at=edge.now())
    told = []
    for body in MESSAGES[1:]:
        name = re.findall(r"<(\w+)", body)[0]
        action = f"{PREFIXES['dmp']}:{name}"
        told.append(send(ours(body, alice), as_doctor(anne, place), path=HABILITATIONS, action=action))
    assert [said(one)["status"] for one in told] == ["OK"] * 3
    assert [one["ins"] for one in listed(told[1])] == [alice.ins.number]
    assert re.search(r"/pro/ouvrir/[\w-]{43}/$", said(told[2])["adresse"])


def test_the_script_of_the_deposit_s_page_signs_this_message_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, number = holder(), soap.struct_id(soap.hospital())
    card, ac = structure(number), tmp_path / "ac"
    ac.mkdir()
    (ac / f"{number}.signature.pem").write_bytes(card.certificate.public_bytes(Encoding.PEM))
    key = card.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (ac / f"{number}.signature.key").write_bytes(key)
    (tmp_path / "message.xml").write_text(ours(MESSAGES[0], alice), "utf-8")
    [last] = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    script = of_deposit("python").partition("PART = ")[0] + last
    (tmp_path / "sign.py").write_text(script.replace("1990000010", number), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["sign.py", settings.ESPACE_PUBLIC_URL])
    runpy.run_path("sign.py")
    answer = post(PATIENTS, KIND, (tmp_path / "body.xml").read_bytes(), certificate=card.der)
    assert observed(answer)["STATUT_DMP"] == "ACTIF"


def test_the_page_names_every_address_and_action() -> None:
    actions = [action for path in (PATIENTS, HABILITATIONS) for action in ADDRESSES[path]]
    assert [one for one in (PATIENTS, HABILITATIONS, *actions) if f"{one}`" not in PAGE] == []
