"""Asking a server: one address and no other, within bounds of time and size; a redirection is an answer like any."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlsplit

from espace.site.conform.answers import Answer
from espace.site.conform.equipment import Equipment, Party
from espace.site.conform.facts import CannotRun, Door, Request, Who

SECONDS = 60
"""For one answer, from the connection to its last byte."""
MOST_BYTES = 32 * 1024 * 1024
PATHS: Mapping[Door, str] = {
    Door.FHIR: "/fhir",
    Door.REPOSITORY: "/xds/repository",
    Door.REGISTRY: "/xds/registry",
    Door.PATIENTS: "/xds/patients",
    Door.HABILITATIONS: "/xds/habilitations",
    Door.XDM: "/xdm",
    Door.HL7: "/hl7v2",
}
_TOKENS = frozenset({Door.FHIR, Door.XDM, Door.HL7})
_START, _END = b"\x0b", b"\x1c\x0d"
_PIECE = 65_536


class NoAnswer(Exception):
    """Nothing came that could be judged; the message says why."""


class Client:
    """The server of an equipment."""

    def __init__(self, kit: Equipment) -> None:
        """Raises CannotRun for an address or certificates that cannot be used."""
        self._kit = kit
        try:
            said = urlsplit(kit.target)
            self._host, self._port, self._base = said.hostname or "", said.port, said.path.rstrip("/")
            self._secure = said.scheme == "https"
            plain = not (said.query or said.fragment or said.username)
            known = said.scheme in ("http", "https") and self._host and plain
            contexts = {who: _context(kit, party) for who, party in self._parties().items()}
        except (ValueError, OSError) as error:
            raise CannotRun(f"The address or the certificates cannot be used: {error}.") from error
        if not known:
            raise CannotRun(f"{kit.target}: http://… or https://… is expected.")
        self._contexts = contexts

    def _parties(self) -> Mapping[Who, Party]:
        return {Who.NOBODY: Party(), Who.FEEDER: self._kit.feeder, Who.READER: self._kit.reader}

    def ask(self, request: Request) -> Answer:
        """Raises NoAnswer."""
        try:
            if request.door is Door.MLLP:
                return self._by_mllp(request)
            return self._by_http(request)
        except (OSError, HTTPException, ValueError) as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error

    def _by_http(self, request: Request) -> Answer:
        path = f"{self._base}{self._kit.paths.get(request.door, PATHS[request.door])}{request.path}"
        connection = self._connection(request.by if request.door not in _TOKENS else Who.NOBODY)
        try:
            connection.connect()
            with _ending(connection.sock):
                return _asked(connection, request.method, path, request.body, self._headers(request))
        finally:
            connection.close()

    def _connection(self, who: Who) -> HTTPConnection:
        if self._secure:
            return HTTPSConnection(self._host, self._port, timeout=SECONDS, context=self._contexts[who])
        return HTTPConnection(self._host, self._port, timeout=SECONDS)

    def _headers(self, request: Request) -> dict[str, str]:
        said = dict(request.headers)
        if request.kind:
            said["Content-Type"] = request.kind
        token = self._parties()[request.by].token
        if request.door in _TOKENS and token:
            said["Authorization"] = f"Bearer {token}"
        return said

    def _by_mllp(self, request: Request) -> Answer:
        """One message in its frame, over TLS, and what comes back in its own."""
        host, _, port = self._kit.mllp.rpartition(":")
        received = bytearray()
        with (
            socket.create_connection((host, int(port)), timeout=SECONDS) as plain,
            self._contexts[request.by].wrap_socket(plain, server_hostname=host) as line,
            _ending(line),
        ):
            line.sendall(_START + request.body + _END)
            while not received.endswith(_END):
                piece = line.recv(_PIECE)
                received += piece
                if not piece or len(received) > MOST_BYTES:
                    raise NoAnswer("no whole frame came back")
        return Answer(0, {}, bytes(received[1 : -len(_END)]))


def _asked(connection: HTTPConnection, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection.request(method, path, body or None, headers)
    found = connection.getresponse()
    pieces, length = [], 0
    while piece := found.read1(_PIECE):
        pieces.append(piece)
        length += len(piece)
        if length > MOST_BYTES:
            raise NoAnswer(f"more than {MOST_BYTES} bytes")
    return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, b"".join(pieces))


@contextmanager
def _ending(line: socket.socket) -> Iterator[None]:
    """The time for one answer: a server that sends a byte now and then would be waited for without end."""
    late = Event()
    timer = Timer(SECONDS, _cut, [line, late])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if late.is_set():
            raise NoAnswer(f"more than {SECONDS} seconds")


def _cut(line: socket.socket, late: Event) -> None:
    late.set()
    with suppress(OSError, ValueError):
        line.shutdown(socket.SHUT_RDWR)


def _context(kit: Equipment, party: Party) -> ssl.SSLContext:
    """TLS that trusts the authorities of this machine, or those of the equipment. Raises OSError."""
    context = ssl.create_default_context(cafile=str(kit.authorities) if kit.authorities else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if party.connection:
        context.load_cert_chain(party.connection.certificate, party.connection.key)
    return context
