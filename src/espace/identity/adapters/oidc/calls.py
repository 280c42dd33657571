"""Calls to the provider: no redirect, no proxy, a deadline for the whole, a bound on what is read."""

import base64
import socket
import ssl
from collections.abc import Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Timer
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from espace.wire.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterator

SILENCE_SECONDS = 5
"""How long the provider may stay silent; the whole call takes twice that at most."""
LARGEST = 131_072
_LIMITS = json.Limits(depth=12, tokens=8_000, digits=20, text=32_768)


class Unavailable(Exception):
    """The provider does not answer, or not in words that can be read; the message is for the operator."""


class Declined(Exception):
    """The provider answers that it will not; the message is its status."""


def get_json(url: str, *, bearer: str = "") -> Mapping[str, object]:
    """The JSON object at an address. Raises Unavailable, or Declined for a status of 400 to 499."""
    headers = {"Accept": "application/json"}
    return _object(*_call("GET", url, None, headers | ({"Authorization": f"Bearer {bearer}"} if bearer else {})))


def post_form(url: str, fields: Mapping[str, str], *, basic: tuple[str, str] | None = None) -> Mapping[str, object]:
    """The JSON object with which a form is answered; `basic` is a client's name and secret (RFC 6749, 2.3.1)."""
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    if basic:
        pair = ":".join(quote(word, safe="") for word in basic)
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    return _object(*_call("POST", url, urlencode(fields).encode(), headers))


def read_object(data: bytes) -> Mapping[str, object] | None:
    """A JSON object within bounds; None for anything else."""
    value, problems = json.read(data, limits=_LIMITS)
    return value if isinstance(value, dict) and not problems else None


def _object(status: int, body: bytes) -> Mapping[str, object]:
    if 400 <= status < 500:
        raise Declined(str(status))
    value = read_object(body) if status == 200 else None
    if value is None:
        raise Unavailable(f"status {status}, {len(body)} bytes")
    return value


def _call(method: str, url: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    parts = urlsplit(url)
    target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        with _connected(parts.scheme, parts.hostname or "", parts.port) as connection:
            connection.request(method, target, body, headers | {"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, _bounded(answer)
    except (OSError, HTTPException, ValueError) as error:
        raise Unavailable(type(error).__name__) from error


@contextmanager
def _connected(scheme: str, host: str, port: int | None) -> "Iterator[HTTPConnection]":
    """A connection that is cut at the deadline, however slowly the other side drips."""
    connection = (
        HTTPSConnection(host, port, timeout=SILENCE_SECONDS, context=ssl.create_default_context())
        if scheme == "https"
        else HTTPConnection(host, port, timeout=SILENCE_SECONDS)
    )
    connection.connect()
    deadline = Timer(2 * SILENCE_SECONDS, _cut, [connection.sock])
    deadline.daemon = True
    deadline.start()
    try:
        yield connection
    finally:
        deadline.cancel()
        connection.close()


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


def _bounded(answer: HTTPResponse) -> bytes:
    body = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise ValueError("too long")
    return body
