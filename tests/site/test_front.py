"""Mutual TLS that ends in our own front: the certificate shown is passed, and what a visitor claims of one is not."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from espace import edge
from espace.site import certifying
from espace.site.front import Behind, Front, context_of
from espace.site.proxy import CERTIFICATE, SAID, believe

PERSON = "899700123456"
MOST = 1_000


@dataclass
class Heard:
    """What the server behind heard."""

    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def certificate(self, at: int = -1) -> object:
        """As a door finds it."""
        environ: dict[str, Any] = {"REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http"}
        headers = self.requests[at][2]
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        believe(environ, 1)
        return environ.get(CERTIFICATE)


@dataclass(frozen=True)
class Stage:
    folder: Path
    port: int
    heard: Heard

    def connect(self, name: str = "") -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.folder / "authority.pem"))
        if name:
            context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return HTTPSConnection("localhost", self.port, context=context, timeout=10)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    heard, at = Heard(), edge.now()

    class Behind_(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            heard.requests.append((self.command, self.path, dict(self.headers.items()), body))
            self.send_response(201)
            self.send_header("X-Answer", "yes")
            self.send_header("Content-Length", "0" if self.command == "HEAD" else "2")
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else b"ok")

        do_GET = do_HEAD = do_POST

        def log_message(self, format: str, *args: Any) -> None:
            pass

    by = certifying.authority(tmp_path, at=at)
    certifying.person(by, PERSON, at=at)
    certifying.server(by, "localhost", at=at)
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Behind_)
    context = context_of(tmp_path / "localhost.pem", tmp_path / "localhost.key", tmp_path / "authority.pem")
    front = Front(("127.0.0.1", 0), Behind(behind.server_port, MOST), context)
    threads = [threading.Thread(target=one.serve_forever, args=(0.01,)) for one in (behind, front)]
    for thread in threads:
        thread.start()
    try:
        yield Stage(tmp_path, front.server_port, heard)
    finally:
        for one in (front, behind):
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join()


def _ask(one: HTTPSConnection, method: str = "POST", body: bytes = b"x", **headers: str) -> tuple[int, bytes]:
    one.request(method, "/xds/registry?a=b", body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = one.getresponse()
    return answer.status, answer.read()


def test_the_certificate_shown_is_the_one_that_the_door_finds(stage: Stage) -> None:
    one = stage.connect(PERSON)
    assert _ask(one) == (201, b"ok")
    assert _ask(one, "GET", b"") == (201, b"ok")
    assert _ask(one, "HEAD", b"") == (201, b"")
    one.close()
    shown = x509.load_pem_x509_certificate((stage.folder / f"{PERSON}.pem").read_bytes())
    assert [stage.heard.certificate(at) for at in range(3)] == [shown.public_bytes(Encoding.DER)] * 3
    assert stage.heard.requests[0][:2] == ("POST", "/xds/registry?a=b")
    assert stage.heard.requests[0][3] == b"x"


def test_what_a_visitor_claims_is_not_passed(stage: Stage) -> None:
    one = stage.connect()
    invented = {name.removeprefix("HTTP_").title(): "198.51.100.7" for name in SAID}
    assert _ask(one, **invented) == (201, b"ok")
    one.close()
    [(_, _, headers, _)] = stage.heard.requests
    assert stage.heard.certificate() is None
    assert (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert "198.51.100.7" not in headers.values()


def test_a_name_with_an_underscore_is_not_passed(stage: Stage) -> None:
    one = stage.connect()
    one.putrequest("POST", "/")
    one.putheader("X_Client_Cert", "AAAA")
    one.putheader("Content-Length", "0")
    one.endheaders()
    assert one.getresponse().status == 201
    one.close()
    assert stage.heard.certificate() is None


def test_a_certificate_of_others_opens_nothing(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> None:
    other, at = tmp_path_factory.mktemp("other"), edge.now()
    certifying.person(certifying.authority(other, at=at), PERSON, at=at)
    context = ssl.create_default_context(cafile=str(stage.folder / "authority.pem"))
    context.load_cert_chain(other / f"{PERSON}.pem", other / f"{PERSON}.key")
    one = HTTPSConnection("localhost", stage.port, context=context, timeout=10)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _ask(one)
    one.close()
    assert stage.heard.requests == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Transfer-Encoding", "chunked")], 411),
        ([("Transfer-Encoding", "chunked"), ("Content-Length", "0")], 411),
        ([("Content-Length", "1"), ("Content-Length", "0")], 400),
        ([("Content-Length", "-1")], 400),
        ([("Content-Length", "0x1")], 400),
        ([("Content-Length", str(MOST + 1))], 413),
    ],
)
def test_a_body_is_said_in_one_way(stage: Stage, headers: list[tuple[str, str]], status: int) -> None:
    one = stage.connect(PERSON)
    one.putrequest("POST", "/")
    for name, value in headers:
        one.putheader(name, value)
    one.endheaders()
    answer = one.getresponse()
    assert (answer.status, answer.headers["Connection"]) == (status, "close")
    one.close()
    assert stage.heard.requests == []
