"""Bodies that never end hold a few threads, and the site answers everybody else."""

import socket
import urllib.request
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from espace.site.bodies import receiver
from serving import serving

UNFINISHED = 24


@pytest.mark.slow
def test_the_site_answers_while_bodies_are_awaited(tmp_path: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with serving(tmp_path / "web.log") as address, ExitStack() as held:
        host, port = urlsplit(address).hostname, urlsplit(address).port
        for path in ("/oauth/token", "/connexion/") * (UNFINISHED // 2):
            slow = held.enter_context(socket.create_connection((host, port or 0), timeout=20))
            slow.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Length: 1000\r\n\r\na".encode())
        for page in ("/healthz", "/", "/fhir/metadata"):
            with opener.open(f"{address}{page}", timeout=20) as answer:
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


@pytest.mark.parametrize("length", ["", "0", "-1", "beaucoup", "١٢", "99999999999"])
def test_without_a_length_that_can_be_awaited_the_body_is_left_to_the_page(length: str) -> None:
    body = BytesIO(b"corps")
    asked = environ(body, length)
    assert receiver(4)(asked)
    assert asked["wsgi.input"] is body
    assert body.tell() == 0


def test_a_body_that_ends_early_is_what_came() -> None:
    asked = environ(BytesIO(b"corps"), "4000")
    assert receiver(4)(asked)
    assert asked["wsgi.input"].read() == b"corps"
