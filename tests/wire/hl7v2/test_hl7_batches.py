"""Batches of messages: cut apart where the envelope is whole, refused as a whole where something may be missing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.words import Problem
from espace.wire.hl7v2 import Batch, answered_batch, is_batch, read_batch
from wire.hl7v2.hl7_samples import PID, msh

FHS = "FHS|^~\\&|SIL-Y|labo|ESPACE|Plateforme|20260304||||F-1"
BHS = "BHS|^~\\&|SIL-Y|labo|ESPACE|Plateforme|20260304||||B-1"
ONE = f"{msh()}\r{PID}"


def made(*lines: str, end: str = "\r") -> bytes:
    return "".join(f"{line}{end}" for line in lines).encode()


def batch(data: bytes) -> Batch:
    found = read_batch(data)
    assert isinstance(found, Batch), found
    return found


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_messages_are_cut_apart(end: str) -> None:
    found = batch(made(FHS, BHS, ONE, ONE, "BTS|2|MSH", "FTS|1", end=end))

    assert (found.id, found.file_id, found.header.sending_application) == ("B-1", "F-1", ("SIL-Y",))
    assert [one.strip().decode() for one in found.messages] == [ONE, ONE]


def test_a_batch_needs_no_file_no_number_and_no_message() -> None:
    assert len(batch(made(BHS, ONE, "BTS")).messages) == 1
    assert batch(made(BHS, ONE, "BTS|1")).file_id is None
    assert batch(made(BHS, "BTS|0")).messages == ()
    assert len(batch(b"\xef\xbb\xbf" + made(BHS, ONE, "BTS")).messages) == 1


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (made(FHS, BHS, ONE, "BTS|1"), "BTS^1"),
        (made(BHS, ONE), "MSH^1"),
        (made(FHS, ONE, "BTS|1", "FTS|1"), "MSH^1"),
        (made(BHS, ONE, "BTS|2"), "BTS^1^1"),
        (made(FHS, BHS, ONE, "BTS|1", "FTS|3"), "FTS^1^1"),
        (made(BHS, ONE, "BTS|un"), "BTS^1^1"),
        (made(BHS, "PID|1", "BTS|0"), "BHS^1"),
        (made(BHS, ONE, "BTS|1", "NTE|x"), "BTS^1"),
        (made(BHS, ONE, "BTS|1", BHS, ONE, "BTS|1"), "BHS^1"),
        (made(BHS, ONE, "BTS|1", ONE), "MSH^1"),
        (made("BHS|||", ONE, "BTS|1"), "BHS^1"),
        (made(BHS, *[ONE] * 51, "BTS|51"), "MSH^1"),
    ],
)
def test_an_envelope_that_is_not_whole_refuses_everything(data: bytes, place: str) -> None:
    found = read_batch(data)

    assert isinstance(found, Problem)
    assert (found.reason.code, found.place) == ("hl7_malformed", place)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (made(FHS), True),
        (b"\xef\xbb\xbf\r\n" + made(BHS), True),
        (made(ONE), False),
        (b"", False),
        (b"BHS", False),
        (b"BHSX|", False),
    ],
)
def test_what_is_a_batch(data: bytes, expected: bool) -> None:
    assert is_batch(data) is expected


def test_answers_say_of_which_batch_they_are() -> None:
    at = datetime(2026, 3, 4, 10, tzinfo=UTC)
    said = answered_batch(batch(made(FHS, BHS, ONE, "BTS|1", "FTS|1")), [b"MSH|1\r"], at=at, id="X")

    assert said.decode().split("\r") == [
        "FHS|^~\\&|ESPACE|Plateforme|SIL-Y|labo|20260304100000+0000||||X|F-1",
        "BHS|^~\\&|ESPACE|Plateforme|SIL-Y|labo|20260304100000+0000||||X|B-1",
        "MSH|1",
        "BTS|1",
        "FTS|1",
        "",
    ]


@pytest.mark.parametrize(
    ("charsets", "codec"),
    [(("8859/1", "8859/1"), "iso-8859-1"), (("8859/1", "UNICODE UTF-8"), "utf-8"), ((), "utf-8")],
)
def test_one_encoding_answers_all(charsets: tuple[str, ...], codec: str) -> None:
    messages = [f"{msh(charset=one)}\r{PID}" for one in charsets]

    assert batch(made(BHS, *messages, "BTS")).header.codec == codec


LINES = st.sampled_from([FHS, BHS, ONE, "BTS|1", "BTS", "FTS|1", "PID|", "BHS", "MSH", "FHS|^~", "BTS\x00", "é"])


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=8), st.sampled_from(["\r", "\n", ""]))
def test_whatever_comes_is_a_batch_or_one_problem(lines: list[str], end: str) -> None:
    found = read_batch(made(*lines, end=end))

    if isinstance(found, Batch):
        assert sum(line == ONE or line == "MSH" for line in lines) >= len(found.messages)
    else:
        assert found.reason.code == "hl7_malformed"
