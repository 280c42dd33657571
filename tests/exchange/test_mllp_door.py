"""A message by MLLP is done by whoever the client certificate says: the organisation of that number, in force."""

from pathlib import Path

import pytest
from pytest_django import Settings

from carded import authorities, card_of, practice
from cast import Holder, holder
from espace.exchange.hl7v2 import mllp
from espace.identity.facts import Organisation
from espace.kernel.reasons import hl7v2 as reasons
from espace.kernel.words import Refused
from exchange.hl7_messages import message
from exchange.publishing import frame, stored

pytestmark = pytest.mark.django_db


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


def said(answer: bytes) -> list[str]:
    """MSA-1 and the reasons."""
    lines = [line.split("|") for line in answer.decode().split("\r")]
    return [lines[1][1], *(line[5].split("^")[0] for line in lines if line[0] == "ERR")]


def shown(number: str) -> bytes:
    return card_of(number).der


def test_the_organisation_of_the_certificate_deposits(camille: Holder, laboratory: Organisation) -> None:
    written = frame(camille)
    certificate = shown(f"1{laboratory.finess}")
    first = mllp.answer(message(camille, written), certificate)

    assert said(first) == ["AA"]
    assert b"|DESTDMP|FILED|" in first
    assert b"|DESTDMP|REPEATED|" in mllp.answer(message(camille, written), certificate)
    assert b"|DESTDMP|DELETED|" in mllp.answer(message(camille, written, status="D"), certificate)


@pytest.mark.parametrize("number", ["1999999999", "810001288385", ""])
def test_nobody_else_does(camille: Holder, number: str) -> None:
    answer = said(mllp.answer(message(camille, frame(camille)), shown(number) if number else b""))

    assert answer == ["AR", "vihf_nobody" if number else "vihf_certificate"]
    assert stored(camille) == []


def test_without_authorities_nobody_does(camille: Holder, laboratory: Organisation, settings: Settings) -> None:
    settings.ESPACE_AUTHORITIES = ""
    answer = mllp.answer(message(camille, frame(camille)), shown(f"1{laboratory.finess}"))

    assert said(answer) == ["AR", "vihf_certificate"]


def test_what_is_wrong_with_a_message_is_told_to_who_is_known(laboratory: Organisation) -> None:
    assert said(mllp.answer(b"nothing", shown("1999999999"))) == ["AR", "vihf_nobody"]
    assert said(mllp.answer(b"nothing", shown(f"1{laboratory.finess}"))) == ["AR", "hl7_malformed"]


def test_what_was_no_message_is_answered() -> None:
    assert said(mllp.misframed(Refused(reasons.HL7_FRAMING))) == ["AR", "hl7_framing"]


def test_a_fault_of_ours_is_a_number_and_nothing_of_the_inside(
    camille: Holder, laboratory: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(data: bytes) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("espace.exchange.hl7v2.receiving.read", broken)
    answer = mllp.answer(message(camille, frame(camille)), shown(f"1{laboratory.finess}"))

    assert said(answer) == ["AR", "unexpected_fault"]
    assert b"inside" not in answer
