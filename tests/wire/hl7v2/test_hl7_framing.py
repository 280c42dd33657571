"""MLLP: messages come out whole however their bytes arrive; what is not framed so ends the connection."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.words import Refused
from espace.wire.hl7v2.framing import Frames, framed

MESSAGES = st.lists(st.binary(max_size=60).map(lambda raw: raw.translate(None, b"\x0b\x1c")), max_size=5)


def fed(frames: Frames, *pieces: bytes) -> list[bytes]:
    return [message for piece in pieces for message in frames.feed(piece)]


@settings(max_examples=50, deadline=None)
@given(MESSAGES, st.integers(1, 20), st.sampled_from([b"", b"\r\n", b"\n"]))
def test_messages_come_out_whole_however_they_are_cut(messages: list[bytes], size: int, between: bytes) -> None:
    stream = b"".join(between + framed(message) for message in messages)
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    frames = Frames(1_000)

    assert fed(frames, *pieces) == messages
    assert not frames.begun


def test_a_message_that_has_begun_is_known_to_have() -> None:
    frames = Frames(100)

    assert fed(frames, b"\x0bMSH") == []
    assert frames.begun
    assert fed(frames, b"|x\r\x1c") == []
    assert fed(frames, b"\r\x0b") == [b"MSH|x\r"]
    assert frames.begun


@pytest.mark.parametrize(
    "pieces",
    [
        (b"MSH|^~\\&|",),
        (b"GET / HTTP/1.1\r\n",),
        (b"\x1c\r",),
        (b"\x0bMSH|\x1c\n",),
        (b"\x0bMSH|\x1c", b"\x0b"),
        (b"\x0bMSH|\x0bMSH|\x1c\r",),
        (b"\x0bMSH|\x1c\rMSH|",),
        (b"\x0b" + b"x" * 101,),
        (b"\x0b", *[b"x" * 10] * 11),
        (b"\x0b" + b"x" * 101 + b"\x1c\r",),
        (b"\x0b" + b"x" * 101 + b"\x1c",),
    ],
)
def test_what_is_not_framed_is_refused(pieces: tuple[bytes, ...]) -> None:
    with pytest.raises(Refused) as caught:
        fed(Frames(100), *pieces)

    assert caught.value.reason.code == "hl7_framing"


def test_the_bound_is_that_of_the_message() -> None:
    assert fed(Frames(100), framed(b"x" * 100)) == [b"x" * 100]


def test_messages_before_a_fault_are_not_lost() -> None:
    found: list[bytes] = []
    with pytest.raises(Refused):
        found.extend(Frames(100).feed(framed(b"one") + framed(b"two") + b"three"))

    assert found == [b"one", b"two"]
