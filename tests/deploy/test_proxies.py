"""The examples of `deploy/`, run by the real proxies: what a visitor invents never reaches the server."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import pytest
from cryptography import x509

from deploy.proxies import Certificates, Proxied
from espace.site.requests import identify

Headers = dict[str, list[str]]

INVENTED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "X-Request-Id": "11111111-2222-3333-4444-555555555555",
    "X-Client-Cert": "-----BEGIN%20CERTIFICATE-----",
}


@contextmanager
def echo() -> Iterator[tuple[int, list[Headers]]]:
    """A server that remembers the headers of each request, every value of each."""
    heard: list[Headers] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append({name.lower(): self.headers.get_all(name) or [] for name in self.headers})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def connection(port: int, known: Certificates, *, shows: str = "") -> HTTPSConnection:
    context = ssl.create_default_context(cafile=str(known.authority))
    if shows:
        context.load_cert_chain(shows)
    return HTTPSConnection("localhost", port, context=context, timeout=20)


def ask(port: int, known: Certificates, *, shows: str = "", **headers: str) -> int:
    """The status answered; 0 where the connection itself is refused."""
    with closing(connection(port, known, shows=shows)) as one:
        try:
            one.request("GET", "/", headers=headers)
            return one.getresponse().status
        except (ssl.SSLError, ConnectionError):
            return 0


def test_what_a_visitor_invents_is_written_over(proxied: Proxied, certificates: Certificates) -> None:
    with echo() as (server, heard), proxied(server) as port:
        assert ask(port, certificates, **INVENTED) == 204
    [said] = heard
    assert said["x-forwarded-for"] == ["127.0.0.1"]
    assert said["x-forwarded-proto"] == ["https"]
    [given] = said["x-request-id"]
    assert given != INVENTED["X-Request-Id"]
    assert identify({"HTTP_X_REQUEST_ID": given}, 1) == given
    for name in ("x-forwarded-host", "x-real-ip", "forwarded", "x-client-cert"):
        assert said.get(name, [""]) == [""], name


UNDERSCORED = {name.replace("-", "_"): value for name, value in INVENTED.items() if "-" in name}
"""The same names for WSGI, which has one for both."""


def test_no_name_with_an_underscore_stands_for_one_that_is_written_over(
    proxied: Proxied, certificates: Certificates
) -> None:
    """Alone, beside the right name, and beside a certificate that was verified."""
    shown = str(certificates.client)
    with echo() as (server, heard), proxied(server) as port:
        statuses = [
            ask(port, certificates, **UNDERSCORED),
            ask(port, certificates, **UNDERSCORED, **INVENTED, **{"X_Client-Cert": "fake"}),
            ask(port, certificates, shows=shown, **UNDERSCORED),
        ]
    assert statuses == [204] * 3
    for said in heard:
        assert not [name for name in said if "_" in name]
        assert said["x-forwarded-for"] == ["127.0.0.1"]
    certificate = x509.load_pem_x509_certificate(certificates.client.read_bytes())
    assert [said.get("x-client-cert", [""]) for said in heard[:2]] == [[""], [""]]
    assert _read(heard[2]["x-client-cert"][0]) == certificate


def test_a_verified_certificate_is_passed_and_no_other(proxied: Proxied, certificates: Certificates) -> None:
    with echo() as (server, heard), proxied(server) as port:
        ask(port, certificates, shows=str(certificates.client), **INVENTED)
        assert ask(port, certificates, shows=str(certificates.stranger), **INVENTED) in (0, 400)
    [said] = heard
    [passed] = said["x-client-cert"]
    assert _read(passed) == x509.load_pem_x509_certificate(certificates.client.read_bytes())


def _read(header: str) -> x509.Certificate:
    """As nginx writes it (PEM, percent-encoded), or HAProxy (DER in base64)."""
    text = unquote(header)
    if not text.startswith("-----"):
        text = f"-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n"
    return x509.load_pem_x509_certificate(text.encode())


@pytest.mark.parametrize("length", [10, 1000])
def test_the_server_hears_of_a_slow_body_once_it_is_whole(
    nginx: Proxied, certificates: Certificates, length: int
) -> None:
    with echo() as (server, heard), nginx(server) as port:
        one = connection(port, certificates)
        one.putrequest("GET", "/")
        one.putheader("Content-Length", str(length))
        one.endheaders()
        one.send(b"a" * (length - 1))
        assert ask(port, certificates) == 204
        assert len(heard) == 1, "the slow request is still with the proxy"
        one.send(b"a")
        assert one.getresponse().status == 204
        one.close()
    assert len(heard) == 2
