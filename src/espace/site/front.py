"""A small front with TLS and client certificates, for demonstrations and the tests of vendors: what nginx or HAProxy do
in production. Whole requests, one after the other on a connection; what a proxy says is written over, never added to.

Nothing is kept and nothing logged: addresses hold ids.
"""

import base64
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from espace.site.proxy import SAID

SECONDS = 60
_LOCAL = "127.0.0.1"
_OWN = frozenset(name.removeprefix("HTTP_").replace("_", "-").lower() for name in SAID)
_HOP = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
        "transfer-encoding", "upgrade", "content-length", "expect",
    }
)  # fmt: skip
"""Of one connection (RFC 9110, 7.6.1), or written again for the next."""


@dataclass(frozen=True, slots=True)
class Behind:
    """The server behind: its port on this machine, and the longest body that it takes."""

    port: int
    most: int


class Front(ThreadingHTTPServer):
    """Listens, and answers each connection in a thread of its own, its handshake included."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], behind: Behind, context: ssl.SSLContext) -> None:
        super().__init__(address, _Relay)
        self.behind = behind
        self._context = context

    def get_request(self) -> tuple[ssl.SSLSocket, Any]:
        plain, address = super().get_request()
        plain.settimeout(SECONDS)
        return self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that fails is the visitor's affair."""


def context_of(certificate: Path, key: Path, authorities: Path) -> ssl.SSLContext:
    """TLS 1.2 or later; a client certificate is asked for, and the connection of whoever shows another than one of
    these authorities is refused. Raises OSError (ssl.SSLError too) where a file cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authorities)
    context.verify_mode = ssl.CERT_OPTIONAL
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


class _Relay(BaseHTTPRequestHandler):
    """One connection of a visitor."""

    protocol_version = "HTTP/1.1"
    server: Front
    connection: ssl.SSLSocket

    def setup(self) -> None:
        self.request.do_handshake()
        super().setup()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def _relay(self) -> None:
        length = self._length()
        if length is None:
            return
        body = self.rfile.read(length)
        if len(body) != length:
            self.close_connection = True
            return
        try:
            self._answer(*self._ask(body))
        except (HTTPException, OSError, ValueError):
            self._refused(502)

    def _length(self) -> int | None:
        """Of the body; None where it was refused: one way to say it, so that nobody reads two requests in one."""
        said = self.headers.get_all("Content-Length", [])
        length = int(said[0]) if len(said) == 1 and _is_length(said[0]) else 0
        status = 0
        if "Transfer-Encoding" in self.headers:
            status = 411
        elif len(said) > 1 or not all(map(_is_length, said)):
            status = 400
        elif length > self.server.behind.most:
            status = 413
        if status:
            self._refused(status)
        return None if status else length

    def _refused(self, status: int) -> None:
        self.close_connection = True
        self.send_response_only(status)
        for name in ("Content-Length", "Connection"):
            self.send_header(name, "0" if name == "Content-Length" else "close")
        self.end_headers()

    def _ask(self, body: bytes) -> tuple[HTTPResponse, bytes]:
        behind = HTTPConnection(_LOCAL, self.server.behind.port, timeout=SECONDS)
        try:
            behind.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self._passed():
                behind.putheader(name, value)
            behind.putheader("Content-Length", str(len(body)))
            behind.endheaders(body)
            answer = behind.getresponse()
            return answer, answer.read()
        finally:
            behind.close()

    def _passed(self) -> Iterable[tuple[str, str]]:
        """What the visitor says but for what a proxy alone says; then that."""
        listed = {name.strip().lower() for name in self.headers.get("Connection", "").split(",")}
        for name, value in self.headers.items():
            if "_" not in name and name.lower() not in _OWN | _HOP | listed:
                yield name, value
        yield "X-Forwarded-For", str(self.client_address[0])
        yield "X-Forwarded-Proto", "https"
        if certificate := self.connection.getpeercert(binary_form=True):
            yield "X-Client-Cert", base64.b64encode(certificate).decode()

    def _answer(self, answer: HTTPResponse, body: bytes) -> None:
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in _HOP:
                self.send_header(name, value)
        if self.command == "HEAD":
            self.send_header("Content-Length", answer.headers.get("Content-Length", "0"))
        elif answer.status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _relay


def _is_length(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16
