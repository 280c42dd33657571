"""A batch of messages: each is done in a transaction of its own and has its acknowledgement, at HTTP and over MLLP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError
from pytest_django import Settings

from carded import authorities, card_of, practice
from cast import Holder, holder, organisation
from door import Answer, feeder_token, post
from espace.exchange.hl7v2 import mllp
from exchange.hl7_messages import TYPE, header, message, pid
from exchange.publishing import FEED, frame, stored

pytestmark = pytest.mark.django_db

BHS = b"BHS|^~\\&|SIL-Y|labo|ESPACE|MES|20260304||||B-1\r"


@pytest.fixture
def token() -> str:
    return feeder_token(organisation(source_id="1.2.250.1.999.9.1"), scope=FEED)


@pytest.fixture
def camille() -> Holder:
    return holder()


def batch(*messages: bytes) -> bytes:
    return BHS + b"".join(messages) + f"BTS|{len(messages)}\r".encode()


def outcomes(body: bytes) -> list[tuple[str, str, str]]:
    """MSA-1, MSA-2 and the first reason of each acknowledgement."""
    said: list[tuple[str, str, str]] = []
    for line in (one.split("|") for one in body.decode().split("\r")):
        if line[0] == "MSA":
            said.append((line[1], line[2], ""))
        elif line[0] == "ERR" and not said[-1][2]:
            said[-1] = (*said[-1][:2], line[5].split("^")[0])
    return said


def sent(data: bytes, token: str) -> Answer:
    return post("/hl7v2", data, token=token, kind=TYPE)


def test_each_message_is_answered_and_none_waits_for_another(camille: Holder, token: str) -> None:
    one, two = frame(camille), frame(camille)
    answer = sent(
        batch(
            message(camille, one, first=header("R01", "1")),
            message(camille, frame(camille), first=header("R01", "2"), patient=pid(camille, birth_name="AUTRE")),
            b"MSH|^~|nothing\r",
            message(camille, two, first=header("R01", "4")),
        ),
        token,
    )

    assert answer.status == 200
    assert outcomes(answer.body) == [
        ("AA", "1", ""), ("AE", "2", "traits_disagree"), ("AR", "", "hl7_malformed"), ("AA", "4", ""),
    ]  # fmt: skip
    assert answer.body.startswith(b"BHS|^~\\&|ESPACE|MES|SIL-Y|labo|")
    assert answer.body.endswith(b"BTS|4\r")
    assert len(stored(camille)) == 2


def test_a_correction_follows_what_it_corrects_and_again_nothing_is_doubled(camille: Holder, token: str) -> None:
    old, new = frame(camille), frame(camille)
    data = batch(message(camille, old, event="T02"), message(camille, new, event="T10", parent=old.id))
    first, again = sent(data, token), sent(data, token)

    done = [[line.split(b"|")[3] for line in one.body.split(b"\r") if line[:3] == b"ZAM"] for one in (first, again)]
    assert done == [[b"FILED", b"REPLACED"], [b"REPEATED", b"REPEATED"]]


@pytest.mark.parametrize("spoil", ["count", "end", "token"])
def test_an_envelope_that_is_not_whole_does_nothing(camille: Holder, token: str, spoil: str) -> None:
    whole = batch(message(camille, frame(camille)))
    spoiled = {"count": whole.replace(b"BTS|1", b"BTS|2"), "end": whole.replace(b"BTS|1\r", b""), "token": whole}
    answer = sent(spoiled[spoil], "" if spoil == "token" else token)

    expected = [("AR", "", "token_missing" if spoil == "token" else "hl7_malformed")]
    assert (answer.status, outcomes(answer.body)) == (401 if spoil == "token" else 400, expected)
    assert stored(camille) == []


def test_a_fault_of_ours_is_that_of_one_message(
    camille: Holder, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from espace.exchange.hl7v2 import acting

    made: list[int] = []

    def failing(once: Callable[..., object]) -> Callable[..., object]:
        def done(*given: object) -> object:
            made.append(1)
            if len(made) == 1:
                raise OperationalError("the inside")
            return once(*given)

        return done

    monkeypatch.setattr(acting, "_filed", failing(acting._filed))
    answer = sent(batch(message(camille, frame(camille)), message(camille, frame(camille))), token)

    assert [one[::2] for one in outcomes(answer.body)] == [("AR", "temporarily_unavailable"), ("AA", "")]
    assert b"inside" not in answer.body


def test_one_message_may_ask_for_more_than_the_token_covers(camille: Holder) -> None:
    only = feeder_token(organisation(source_id="1.2.250.1.999.9.2"), scope="system/DocumentReference.c")
    one = frame(camille)
    answer = sent(batch(message(camille, one), message(camille, one, event="T04")), only)

    assert [found[::2] for found in outcomes(answer.body)] == [("AA", ""), ("AR", "scope_insufficient")]


def test_over_mllp(camille: Holder, tmp_path: Path, settings: Settings) -> None:
    settings.ESPACE_AUTHORITIES, settings.ESPACE_REVOCATIONS = authorities(tmp_path), ""
    laboratory = practice("Laboratoire des Tilleuls")
    certificate = card_of(f"1{laboratory.finess}").der
    data = batch(message(camille, frame(camille)), b"MSH|?\r")

    assert [one[::2] for one in outcomes(mllp.answer(data, certificate))] == [("AA", ""), ("AR", "hl7_malformed")]
    assert [one[::2] for one in outcomes(mllp.answer(data, card_of("1999999999").der))] == [("AR", "vihf_nobody")] * 2
    assert outcomes(mllp.answer(BHS, certificate)) == [("AR", "", "hl7_malformed")]
