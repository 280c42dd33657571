"""Large requests at once are bounded; what is refused holds nothing, and gives back what it held."""

from io import BytesIO
from threading import Thread
from typing import Any

import pytest

import soap_door as soap
from door import call
from espace.exchange.http import Request
from espace.exchange.room import HELD, SMALL, Room
from espace.kernel.words import Refused
from soap_door import post

MEBIBYTE = 1024 * 1024
TEXT = frozenset({"text/plain"})


def request(data: bytes, *, length: int | None, held: Any) -> Request:
    announced = "" if length is None else str(length)
    environ = {"CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": announced, "wsgi.input": BytesIO(data), HELD: held}
    return Request({**environ, "wsgi.input_terminated": True})


def codes(caught: pytest.ExceptionInfo[Refused]) -> str:
    return caught.value.reason.code


@pytest.mark.parametrize("announced", [True, False])
def test_a_second_large_body_is_refused_until_the_first_is_done(announced: bool) -> None:
    room, data = Room(), b"x" * (3 * MEBIBYTE)
    length = len(data) if announced else None
    with room.entered(5 * MEBIBYTE) as one, room.entered(5 * MEBIBYTE) as other:
        assert request(data, length=length, held=one).body(len(data), TEXT) == data
        with pytest.raises(Refused) as caught:
            request(data, length=length, held=other).body(len(data), TEXT)
        assert codes(caught) == "large_requests_busy"
        assert request(data[:SMALL], length=SMALL, held=other).body(len(data), TEXT) == data[:SMALL]
    with room.entered(5 * MEBIBYTE) as third:
        assert request(data, length=length, held=third).body(len(data), TEXT) == data


@pytest.mark.parametrize("announced", [True, False])
def test_one_that_is_alone_has_room_however_large(announced: bool) -> None:
    room, data = Room(), b"x" * (3 * MEBIBYTE)
    with room.entered(MEBIBYTE) as held:
        body = request(data, length=len(data) if announced else None, held=held).body(len(data), TEXT)
        assert (body, held.bytes) == (data, len(data))


def test_what_was_announced_and_never_came_is_given_back() -> None:
    room = Room()
    for _ in range(3):
        with room.entered(4 * MEBIBYTE) as held, pytest.raises(Refused) as caught:
            request(b"short", length=3 * MEBIBYTE, held=held).body(9 * MEBIBYTE, TEXT)
        assert codes(caught) == "request_malformed"


def test_what_is_announced_and_has_not_come_keeps_nobody_out() -> None:
    room, data = Room(), b"x" * (3 * MEBIBYTE)
    with room.entered(5 * MEBIBYTE) as slow, room.entered(5 * MEBIBYTE) as other:
        slow.expect(4 * MEBIBYTE)
        assert request(data, length=len(data), held=other).body(len(data), TEXT) == data
        with pytest.raises(Refused) as caught:
            slow.reach(4 * MEBIBYTE)
    assert codes(caught) == "large_requests_busy"


def test_many_at_once_never_hold_more_than_there_is() -> None:
    room, most, seen = Room(), 10 * MEBIBYTE, list[int]()

    def hold() -> None:
        for count in range(2, 6):
            with room.entered(most) as held:
                try:
                    held.reach(count * MEBIBYTE)
                except Refused:
                    continue
                seen.append(room.bytes)

    threads = [Thread(target=hold) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(seen) <= most
    assert room.bytes == 0


def test_a_door_says_so_in_its_own_form_and_asks_to_come_again(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Room()
    monkeypatch.setattr("espace.exchange.wsgi._room", full)
    settings.ESPACE_LARGE_BYTES_AT_ONCE = MEBIBYTE
    with full.entered(MEBIBYTE) as held:
        held.reach(2 * MEBIBYTE)
        answer = post(soap.REPOSITORY, "application/soap+xml", b" " * (2 * MEBIBYTE), certificate=b"any")
    assert (answer.http, answer.fault) == (503, ("s:Receiver", "", "large_requests_busy"))
    assert answer.headers["Retry-After"] == "5"
    small = call("GET", "/fhir/metadata")
    assert small.status == 200
