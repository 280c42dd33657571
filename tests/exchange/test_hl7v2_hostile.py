"""Attacks through the door for HL7 v2: what an acknowledgement repeats, what is somebody else's, what would cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Holder, fresh_ins, holder, opposed, organisation
from door import feeder_token
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from exchange.hl7_messages import Acknowledged, flag, header, message, pid, send
from exchange.publishing import FEED, frame, letter, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation(source_id="1.2.250.1.999.7.1")


@pytest.fixture
def token(hospital: Organisation) -> str:
    return feeder_token(hospital, scope=FEED)


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.mark.parametrize(
    ("said", "repeated"),
    [
        ("A\\X0B\\B", "A\\E\\X0B\\E\\B"),
        ("A\\X1C0D\\B", "A\\E\\X1C0D\\E\\B"),
        ("A\\X0D\\B", "A\\.br\\B"),
        ("A\x0bB", "AB"),
        ("A\x00\x1cB", "AB"),
    ],
)
def test_an_acknowledgement_repeats_nothing_that_ends_a_frame(
    camille: Holder, token: str, said: str, repeated: str
) -> None:
    """VT, FS and CR are the frames of MLLP: whoever chose the number of a message would write the answer to another."""
    answer = send(message(camille, frame(camille), first=header("R01", said), content=b"x"), token)
    assert answer.control_id == repeated
    assert not set(answer.text) & {*map(chr, range(32))} - {"\r"}


def _lines(answer: Acknowledged) -> list[str]:
    return [line for line in answer.text.split("\r") if not line.startswith("MSH")]


@pytest.mark.parametrize("act", ["deletes", "relabels", "replaces"])
def test_what_is_somebody_elses_is_told_of_as_nothing(
    hospital: Organisation, camille: Holder, token: str, act: str
) -> None:
    """In the same words, and as many statements."""
    zoe, theirs = holder(), frame(camille)
    hers = frame(zoe)
    other = feeder_token(organisation("Clinique", source_id="1.2.250.1.999.7.2"), scope=FEED)
    assert send(message(camille, theirs), other).outcome == "AA"
    assert send(message(zoe, hers), token).outcome == "AA"
    before, known = stored(camille), list[tuple[list[str], int]]()
    for one in (frame(camille), theirs, replace(frame(camille), id=hers.id), frame(camille)):
        made = {
            "deletes": lambda one=one: message(camille, one, event="T04", first=header("T04", "7")),
            "relabels": lambda one=one: message(
                camille, one, flag("MODIF_CONF_CODE"), flag("MASQUE_PS"), first=header("R01", "7")
            ),
            "replaces": lambda one=one: message(
                camille, frame(camille), event="T10", parent=one.id, first=header("T10", "7")
            ),
        }
        with CaptureQueriesContext(connection) as seen:
            answer = send(made[act](), token)
        known.append((_lines(answer), len(seen)))
    assert known[1] == known[2] == known[3]
    assert (known[0][0], stored(camille)) == (known[1][0], before)


def test_nobody_and_a_space_that_is_opposed_are_told_alike(token: str) -> None:
    for event in ("R01", "T04"):
        known = []
        for one in (opposed(), replace(holder(), ins=fresh_ins())):
            with CaptureQueriesContext(connection) as seen:
                answer = send(message(one, frame(one), event=event, first=header(event, "7")), token)
            known.append((_lines(answer), len(seen)))
        assert known[0] == known[1]


def test_one_message_is_about_one_person(camille: Holder, token: str) -> None:
    zoe, whole = holder(), message(camille, frame(camille))
    another = f"{pid(zoe)}\rPV1|".encode()
    again = f"^INS~{zoe.ins.number}^^^ASIP-SANTE-INS-NIR&{zoe.ins.authority}&ISO^INS||".encode()
    for spoiled in (
        message(camille, frame(camille), content=letter(frame(zoe))),
        whole.replace(b"PV1|", another),
        whole.replace(b"^INS||", again, 1),
    ):
        assert send(spoiled, token).codes == ("identities_differ",)
    assert send(whole + whole, token).codes[0] == "hl7_malformed"
    assert (stored(camille), stored(zoe)) == ([], [])


def test_base64_full_of_escapes_is_refused_before_it_costs(camille: Holder, token: str) -> None:
    """Line ends within a document may be escaped; anything else that is costs a hundred times its bytes."""
    whole = message(camille, frame(camille))
    assert send(whole.replace(b"Base64^", b"Base64^" + b"\\X41\\" * 30_000), token).codes == ("value_invalid",)
    assert send(whole.replace(b"Base64^", b"Base64^" + b"\\.br\\" * 30_000), token).outcome == "AA"
