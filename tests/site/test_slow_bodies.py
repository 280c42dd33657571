"""Bodies that never end hold a few threads, and the site answers everybody else."""

import socket
import urllib.request
from contextlib import ExitStack
from io import BytesIO
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest

from espace.site import bodies
from espace.site.bodies import SLICE, Sliced, receiver

UNFINISHED = 24


LENGTHS = (
    "Content-Length: 1000\r\n\r\na",
    "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
    "Content-Length: 99000000\r\n\r\na",
)


@pytest.mark.slow
def test_the_site_answers_while_bodies_are_awaited(site: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with ExitStack() as held:
        host, port = urlsplit(site).hostname, urlsplit(site).port
        asked = product(("/oauth/token", "/connexion/"), LENGTHS, range(UNFINISHED // 6))
        for path, length, _ in asked:
            slow = held.enter_context(socket.create_connection((host, port or 0), timeout=20))
            slow.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\n{length}".encode())
        for page in ("/healthz", "/", "/fhir/metadata"):
            with opener.open(f"{site}{page}", timeout=20) as answer:
                assert answer.status == 200


class Slow(BytesIO):
    """A body that asks, while it is read, whether another one is received."""

    def __init__(self, data: bytes, meanwhile: Any) -> None:
        super().__init__(data)
        self.meanwhile = meanwhile

    def read(self, size: int | None = -1) -> bytes:
        self.meanwhile()
        return super().read(size)


def environ(body: BytesIO, length: str) -> dict[str, Any]:
    return {"wsgi.input": body, "CONTENT_LENGTH": length}


def test_a_body_too_many_is_not_awaited_and_one_less_frees_its_place() -> None:
    receive, seen = receiver(3), []
    other = environ(BytesIO(b"autre"), "5")
    one = environ(Slow(b"corps", lambda: seen.append(receive(other))), "5")
    assert receive(one)
    assert False in seen
    assert receive(other)
    assert (one["wsgi.input"].read(), other["wsgi.input"].read()) == (b"corps", b"autre")


@pytest.mark.parametrize("length", ["0", "-1", "beaucoup", "١٢", "9" * 40])
def test_a_body_without_a_length_that_can_be_awaited_is_left_to_the_page(length: str) -> None:
    body = BytesIO(b"corps")
    asked = environ(body, length)
    assert receiver(4)(asked)
    assert asked["wsgi.input"] is body
    assert body.tell() == 0


@pytest.mark.parametrize(("method", "read"), [("POST", b"corps"), ("PUT", b"corps"), ("GET", b""), ("HEAD", b"")])
def test_a_body_in_chunks_is_received_whole_and_measured(method: str, read: bytes) -> None:
    asked = environ(BytesIO(b"corps"), "") | {"wsgi.input_terminated": True, "REQUEST_METHOD": method}
    given = asked["wsgi.input"]
    assert receiver(4)(asked)
    assert given.tell() == len(read)
    assert asked["CONTENT_LENGTH"] == ("5" if read else "")


@pytest.mark.parametrize("length", ["9", ""])
def test_of_a_body_too_long_its_length_alone_is_kept(length: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST", 8)
    asked = environ(BytesIO(b"neuf mots"), length) | {"wsgi.input_terminated": True, "REQUEST_METHOD": "POST"}
    assert receiver(4)(asked)
    assert (asked["CONTENT_LENGTH"], asked["wsgi.input"].read()) == ("9", b"")


def test_a_body_without_end_is_drained_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST", 8)
    monkeypatch.setattr(bodies, "MOST_DRAINED", 32)
    source = BytesIO(b"x" * 1000)
    asked = environ(source, "") | {"wsgi.input_terminated": True, "REQUEST_METHOD": "POST"}
    assert receiver(4)(asked)
    assert (source.tell(), asked["CONTENT_LENGTH"], asked["wsgi.input"].read()) == (32, "32", b"")


def test_a_body_that_ends_early_is_what_came() -> None:
    asked = environ(BytesIO(b"corps"), "4000")
    assert receiver(4)(asked)
    assert asked["wsgi.input"].read() == b"corps"


def test_a_large_answer_leaves_in_slices_and_is_closed() -> None:
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    pieces = [b"head", bytes(range(256)) * 4096, b"", b"x" * SLICE, b"tail"]
    answer = Sliced(Body(pieces))
    slices = list(answer)
    assert b"".join(slices) == b"".join(pieces)
    assert max(map(len, slices)) == SLICE
    answer.close()
    assert closed == [True]
    Sliced([b"no close of its own"]).close()
