"""espace-feed's edges: answers of anything at the address, signatures, TLS, settings, the page, the command line."""

import json
import os
import ssl
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from espace_feed import CommandCredentials, KeyCredentials
from espace_feed.credentials import NoToken, public_jwk, signed, write_key
from espace_feed.net import Https, Request, Unreachable, checked
from espace_feed.verdicts import Answer, Outcome, token_of, verdict_of, waits
from feed.scene import NOON, Platform

# --- answers ----------------------------------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["resourceType", "issue", "code", "details", "coding", "text", "diagnostics", "id"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.integers(100, 599), _JSON, st.text(max_size=6))
def test_whatever_answers_there_is_a_verdict_and_only_a_reasoned_refusal_ends(
    status: int, said: Any, after: str
) -> None:
    if isinstance(said, dict):
        said |= {"resourceType": "OperationOutcome"}
    verdict = verdict_of(Answer(status, {"retry-after": after}, json.dumps(said).encode()))
    assert 0 <= verdict.after <= 3600
    if verdict.outcome is Outcome.REFUSED:
        assert 400 <= status < 500
        assert verdict.why


def test_the_id_of_what_was_filed_is_that_of_the_answer_or_of_its_address() -> None:
    assert verdict_of(Answer(201, {}, b'{"id": "a-1"}')).document == "a-1"
    place = {"location": "https://p.example/fhir/DocumentReference/a-2/_history/1"}
    assert verdict_of(Answer(201, place, b"")).document == "a-2"


def test_too_large_is_a_refusal_even_where_a_proxy_says_it() -> None:
    assert verdict_of(Answer(413, {}, b"<html>")).outcome is Outcome.REFUSED


def test_waiting_doubles_up_to_an_hour() -> None:
    assert [waits(failures) for failures in (1, 2, 3, 8, 900)] == [30, 60, 120, 3600, 3600]
    assert waits(1, 45.0) == 45.0


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "HTTP 200"),
        (b'{"access_token": 7}', "HTTP 200"),
        (b'{"access_token": "a\\r\\nHost: b"}', "HTTP 200"),
        (b'{"access_token": "a", "expires_in": "x"}', "HTTP 200"),
        (b'{"error": "invalid_client", "error_description": "claim refused"}', "invalid_client : claim refused"),
    ],
)
def test_an_answer_without_a_token_is_told(body: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        token_of(Answer(200, {}, body))


# --- who sends --------------------------------------------------------------------------------------------------


def pem_of(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize("kind", ["P-384", "P-256", "RSA"])
def test_signatures_and_public_keys_are_those_that_another_library_verifies(kind: str, tmp_path: Path) -> None:
    keys = {
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "RSA": lambda: rsa.generate_private_key(65537, 2048),
    }
    pem = pem_of(keys[kind]())
    jwk = public_jwk(pem)
    theirs = (RSAKey if kind == "RSA" else ECKey).import_key(jwk)
    assert theirs.thumbprint() == jwk["kid"]
    assert not {"d", "p", "q"} & set(jwk)
    read = jwt.decode(signed({"sub": "me"}, pem), theirs, algorithms=[jwk["alg"]])
    assert (read.claims, read.header["kid"], read.header["typ"]) == ({"sub": "me"}, jwk["kid"], "JWT")


@pytest.mark.parametrize(
    "pem", [b"", b"-----BEGIN", pem_of(ec.generate_private_key(ec.SECP521R1()))], ids=["empty", "cut", "P-521"]
)
def test_a_key_that_the_platform_would_not_take_is_told(pem: bytes) -> None:
    with pytest.raises(NoToken, match="clé privée"):
        public_jwk(pem)


def discovering(address: object) -> Any:
    return lambda request: Answer(200, {}, json.dumps({"token_endpoint": address}).encode())


@pytest.mark.parametrize("address", ["http://elsewhere.example/token", "ftp://a", "", None, 7])
def test_no_assertion_goes_to_an_address_in_the_clear(address: object, tmp_path: Path) -> None:
    write_key(tmp_path / "key.pem")
    mine = KeyCredentials("me", (tmp_path / "key.pem").read_bytes())
    with pytest.raises(NoToken, match="où demander"):
        mine.token(discovering(address), "https://p.example/fhir", NOON)
    assert "PRIVATE" not in repr(mine)


def test_a_new_key_is_its_owners_and_overwrites_none(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    write_key(path)
    assert os.name == "nt" or stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_key(path)


def command(script: str) -> CommandCredentials:
    return CommandCredentials((sys.executable, "-S", "-E", "-c", script))


def test_a_command_writes_the_token() -> None:
    assert command("print('abc')").token(Platform(), "", NOON) == ("abc", NOON + 300)


@pytest.mark.parametrize("script", ["", "print('a b')", "print('é')", "raise SystemExit(1)"])
def test_a_command_that_fails_or_writes_something_else_gives_none(script: str) -> None:
    with pytest.raises(NoToken, match="commande du jeton"):
        command(script).token(Platform(), "", NOON)


def test_a_command_that_is_not_there_gives_none(tmp_path: Path) -> None:
    with pytest.raises(NoToken):
        CommandCredentials((str(tmp_path / "absent"),)).token(Platform(), "", NOON)


# --- the network ------------------------------------------------------------------------------------------------


class Odd(BaseHTTPRequestHandler):
    """Redirects, or answers without end."""

    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(self.path)
        if self.path == "/big":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * (4 * 1024 * 1024 + 1))
        else:
            self.send_response(307)
            self.send_header("Location", "/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Quiet(HTTPServer):
    """Says nothing of clients that hang up on its certificate."""

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@contextmanager
def served(context: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of the odd server, over TLS where it has a certificate."""
    with Quiet(("127.0.0.1", 0), Odd) as server:
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def odd() -> Iterator[str]:
    with served() as port:
        yield f"http://127.0.0.1:{port}"


def certified(folder: Path) -> Path:
    """A certificate of this machine's name, signed by itself, then its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM) + pem_of(key))
    return path


def test_a_certificate_is_believed_when_its_authority_is_ours_and_its_name_the_one_asked(tmp_path: Path) -> None:
    certificate = certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with served(context) as port:
        asked = Request("POST", f"https://localhost:{port}/", {}, b"")
        assert Https(certificate)(asked).status == 307
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            Https()(asked)
        with pytest.raises(Unreachable, match="SSLCertVerificationError"):
            Https(certificate)(Request("POST", f"https://127.0.0.1:{port}/", {}, b""))


def test_a_redirection_is_not_followed_and_an_answer_without_end_is_cut(odd: str) -> None:
    assert Https()(Request("POST", f"{odd}/a?b=c", {}, b"secret")).status == 307
    with pytest.raises(Unreachable, match="démesurée"):
        Https()(Request("POST", f"{odd}/big", {}, b""))
    assert Odd.asked[-2:] == ["/a?b=c", "/big"]
    assert "/stolen" not in Odd.asked


def test_an_address_that_cannot_be_written_is_no_surprise(odd: str) -> None:
    with pytest.raises(Unreachable):
        Https()(Request("POST", f"{odd}/é", {}, b""))


def test_tls_is_asked_where_it_is_said(odd: str) -> None:
    with pytest.raises(Unreachable, match="SSLError"):
        Https()(Request("POST", odd.replace("http:", "https:"), {}, b""))


@pytest.mark.parametrize("url", ["http://p.example/fhir", "https://", "https://a:b@p.example/", "file:///etc", ""])
def test_an_address_that_is_not_safe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https"):
        checked(url)
