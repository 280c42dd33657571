"""A mail that brings an archive is deposited by whoever the client certificate of the relay says, or refused by a reply
that names the reason, the file and the line, and nothing of the patient."""

from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from carded import authorities, card_of, practice
from cast import Holder, holder
from espace.exchange.xdm import mail as door
from espace.identity.facts import Organisation
from exchange.publishing import stored
from soap_door import cx, traits
from xdm_made import archive, subset

pytestmark = pytest.mark.django_db
DEPOSITED = "250 2.6.0 Deposited"


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, settings: Settings) -> None:
    settings.ESPACE_AUTHORITIES = authorities(tmp_path)
    settings.ESPACE_REVOCATIONS = ""


@pytest.fixture
def laboratory() -> Organisation:
    return practice("Laboratoire des Tilleuls")


@pytest.fixture
def camille() -> Holder:
    return holder()


def mail(data: bytes, subject: str = "XDM/1.0/DDM+Analyses") -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = "labo@deux-rives.mssante.fr", "depot@espace.mssante.fr", subject
    made.set_content("Ci-joint un compte rendu.")
    made.add_attachment(data, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    return made.as_bytes()


def brought(of: Holder, by: Organisation, content: bytes = b"Analyses", **said: Any) -> bytes:
    """An archive that this organisation sends as itself, whose identifiers are its own."""
    own = {"uid": f"urn:uuid:{uuid4()}", "set_uid": f"urn:uuid:{uuid4()}", "cx": cx(of), "traits": traits(of)}
    made = subset(content, **{**own, **said})
    [source, *_] = by.source_ids
    made["METADATA.XML"] = made["METADATA.XML"].replace(b'value="1.2.250.1.999.1.1"', f'value="{source}"'.encode())
    return archive(made)


def shown(of: Organisation) -> bytes:
    return card_of(f"1{of.finess}").der


def test_the_organisation_of_the_certificate_deposits_once(camille: Holder, laboratory: Organisation) -> None:
    sent = mail(brought(camille, laboratory))
    assert [door.delivered(sent, shown(laboratory)) for _ in range(2)] == [DEPOSITED, DEPOSITED]
    assert len(stored(camille)) == 1


def test_nobody_else_does(camille: Holder, laboratory: Organisation, settings: Settings) -> None:
    sent = mail(brought(camille, laboratory))
    for certificate in (b"", card_of("1999999999").der, card_of("810001288385").der):
        assert door.delivered(sent, certificate).startswith("550-5.7.1 [vihf_")
    settings.ESPACE_AUTHORITIES = ""
    assert door.delivered(sent, shown(laboratory)).startswith("550-5.7.1 [vihf_certificate]")
    assert stored(camille) == []


def test_a_refusal_names_the_reason_and_the_line_and_nobody(camille: Holder, laboratory: Organisation) -> None:
    wrong = (*traits(camille)[:1], "PID-7|19010101", *traits(camille)[2:])
    told = door.delivered(mail(brought(camille, laboratory, traits=wrong)), shown(laboratory)).split("\r\n")
    assert told[0].startswith("554-5.6.0 [traits_disagree] IHE_XDM/SUBSET01/METADATA.XML line 3 ")
    assert told[-1].startswith("554 5.6.0 ") and told[-1].endswith("/erreurs/traits_disagree/")
    held = (camille.ins.number, camille.traits.birth_name, camille.traits.given_names[0], "1901")
    assert [one for one in held if one in "".join(told)] == []
    assert stored(camille) == []


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"nothing", "mail_malformed"),
        (mail(b"PK", "Bonjour"), "mail_not_xdm"),
        (mail(b"PK"), "archive_malformed"),
        (mail(b"PK").replace(b"\r\n", b"\n"), "mail_malformed"),
    ],
)
def test_what_brings_no_archive_is_refused(laboratory: Organisation, data: bytes, reason: str) -> None:
    assert door.delivered(data, shown(laboratory)).startswith(f"554-5.6.0 [{reason}]")


def test_a_fault_of_ours_may_be_tried_again(
    camille: Holder, laboratory: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: bytes) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("espace.exchange.xdm.receiving.read", broken)
    told = door.delivered(mail(brought(camille, laboratory)), shown(laboratory))
    assert told.startswith("451-4.3.0 [unexpected_fault] ")
    assert "inside" not in told
