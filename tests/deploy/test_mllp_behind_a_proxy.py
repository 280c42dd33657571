"""MLLP behind a real proxy that passes connections on: the service itself sees the client certificate, and nobody is
let in without one."""

import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from deploy.proxies import haproxy_mllp
from espace.edge import now
from espace.kernel.words import Refused
from espace.site import certifying
from espace.site.mllp import Answering, Server, tls
from espace.wire.hl7v2.framing import framed

STRUCTURE = "1990000017"


@dataclass
class Heard:
    certificates: list[bytes] = field(default_factory=list)
    away: threading.Event = field(default_factory=threading.Event)

    def answer(self, message: bytes, certificate: bytes) -> bytes:
        self.certificates.append(certificate)
        return b"ACK " + message


def _nak(refusal: Refused) -> bytes:
    return refusal.reason.code.encode()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def server(tmp_path: Path, heard: Heard) -> Iterator[int]:
    authority = certifying.authority(tmp_path, at=now())
    certifying.server(authority, "localhost", at=now())
    certifying.structure(authority, STRUCTURE, at=now())
    context = tls(tmp_path / "localhost.pem", tmp_path / "localhost.key", tmp_path / "authority.pem")
    answering = Answering(heard.answer, _nak, heard.away.set, lambda: None)
    made = Server("127.0.0.1", 0, context, answering, most=1_000, at_once=4)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made.port
    made.close()
    thread.join(10)


def test_the_service_sees_the_certificate_of_who_calls(tmp_path: Path, server: int, heard: Heard) -> None:
    own = tmp_path / f"{STRUCTURE}.connection.pem"
    known, nobody = (ssl.create_default_context(cafile=str(tmp_path / "authority.pem")) for _ in range(2))
    known.load_cert_chain(own, own.with_suffix(".key"))
    with haproxy_mllp(tmp_path, server) as port:
        with known.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="localhost") as peer:
            peer.sendall(framed(b"one"))
            assert peer.recv(1_000) == framed(b"ACK one")
        heard.away.clear()
        with (
            pytest.raises((ssl.SSLError, ConnectionError)),
            nobody.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="localhost") as peer,
        ):
            peer.sendall(framed(b"two"))
            peer.recv(1_000)
        assert heard.away.wait(10)
    shown = x509.load_pem_x509_certificate(own.read_bytes())
    assert heard.certificates == [shown.public_bytes(serialization.Encoding.DER)]
