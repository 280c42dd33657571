"""A provider that says what a test wants: right answers, with one thing wrong at a time."""

import base64
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from django.test import Client as Browser

from espace import edge
from espace.identity.actions import put_professional
from espace.identity.facts import Activity, Professional
from espace.identity.rules import is_national_id
from espace.kernel.values import replace

CLIENT = "espace-de-test"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
ACCESS = "jeton-d-acces"


@dataclass(frozen=True)
class Key:
    """A private key under its name, and what it publishes."""

    kid: str
    private: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def published(self) -> dict[str, Any]:
        if isinstance(self.private, rsa.RSAPrivateKey):
            numbers = self.private.public_key().public_numbers()
            return {"kty": "RSA", "kid": self.kid, "n": number(numbers.n), "e": number(numbers.e), "use": "sig"}
        point = self.private.public_key().public_numbers()
        return {"kty": "EC", "kid": self.kid, "crv": "P-256", "x": number(point.x, 32), "y": number(point.y, 32)}


@cache
def key(name: str = "first", bits: int = 2048) -> Key:
    """A key of the tests, made once; each name is another key."""
    return Key(name, rsa.generate_private_key(65537, bits))


@cache
def curve() -> Key:
    return Key("curve", ec.generate_private_key(ec.SECP256R1()))


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int, length: int = 0) -> str:
    return base64url(value.to_bytes(length or (value.bit_length() + 7) // 8))


def encoded(value: object) -> str:
    return base64url(json.dumps(value).encode())


def signed(claims: dict[str, Any], *, by: Key | None = None, **header: Any) -> str:
    """A token, signed with plain cryptography: whatever a provider, or somebody who plays one, could send."""
    by = by or key()
    full = {"alg": "RS256" if isinstance(by.private, rsa.RSAPrivateKey) else "ES256", "kid": by.kid, "typ": "JWT"}
    kept = {name: value for name, value in (full | header).items() if value is not ABSENT}
    text = f"{encoded(kept)}.{encoded({name: value for name, value in claims.items() if value is not ABSENT})}"
    return f"{text}.{base64url(_signature(by, str(kept['alg']), text.encode()))}"


def _signature(by: Key, algorithm: str, text: bytes) -> bytes:
    digest = hashes.SHA512() if algorithm.endswith("512") else hashes.SHA256()
    if isinstance(by.private, ec.EllipticCurvePrivateKey):
        r, s = decode_dss_signature(by.private.sign(text, ec.ECDSA(digest)))
        return r.to_bytes(32) + s.to_bytes(32)
    salted = algorithm.startswith("PS")
    shape = padding.PSS(padding.MGF1(digest), digest.digest_size) if salted else padding.PKCS1v15()
    return by.private.sign(text, shape, digest)


class _Absent:
    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()
"""A claim, or a part of a header, that is not there."""


@dataclass
class Fake:
    """What the provider will say. Tests change a part, then let the browser go through."""

    issuer: str = ""
    nonce: str = ""
    sub: str = field(default_factory=lambda: f"f:realm:{uuid4()}")
    sid: str = field(default_factory=lambda: str(uuid4()))
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    description: dict[str, Any] = field(default_factory=dict)
    token_answer: dict[str, Any] = field(default_factory=dict)
    introspection: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [key().published()])
    token: Callable[[dict[str, Any]], str] = signed
    broken: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, list[str]], str]] = field(default_factory=list)
    """Method, path, form, Authorization of every request."""

    def paths(self) -> list[str]:
        return [path for _method, path, _form, _authorization in self.asked]

    def id_claims(self) -> dict[str, Any]:
        at = int(edge.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "azp": CLIENT,
            "sub": self.sub,
            "sid": self.sid,
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": self.nonce,
            "acr": "eidas1",
            "amr": ["pwd", "otp"],
        } | self.claims

    def logout_claims(self) -> dict[str, Any]:
        at = int(edge.now().timestamp())
        return {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.sub,
            "sid": self.sid,
            "iat": at,
            "exp": at + 120,
            "jti": str(uuid4()),
            "events": {EVENT: {}},
        }

    def introspected(self) -> dict[str, Any]:
        said = {
            "active": True,
            "iss": self.issuer,
            "client_id": CLIENT,
            "sub": self.sub,
            "exp": int(edge.now().timestamp()) + 300,
            "acr": "eidas1",
            "amr": ["pwd", "otp"],
            "token_type": "Bearer",
        } | self.introspection
        return {name: value for name, value in said.items() if value is not ABSENT}

    def answers(self, path: str) -> object:
        return {
            "/.well-known/openid-configuration": lambda: {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
                "introspection_endpoint": f"{self.issuer}/introspect",
                **self.description,
            },
            "/jwks": lambda: {"keys": self.keys},
            "/token": lambda: {
                "access_token": ACCESS,
                "token_type": "Bearer",
                "id_token": self.token(self.id_claims()),
                **self.token_answer,
            },
            "/userinfo": lambda: {"sub": self.sub, **self.userinfo},
            "/introspect": self.introspected,
        }[path]()


@contextmanager
def provider() -> Iterator[Fake]:
    """A fake provider on loopback, at a port of its own."""
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path = urlsplit(self.path).path
            form = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            fake.asked.append((self.command, path, parse_qs(form), self.headers.get("Authorization", "")))
            status, body = fake.broken.get(path) or (200, json.dumps(fake.answers(path)).encode())
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer

        def log_message(self, *words: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def use(fake: Fake, settings: Any) -> Fake:
    """Make the installation a client of this provider."""
    settings.ESPACE_PSC_ISSUER = fake.issuer
    settings.ESPACE_PSC_DISCOVERY = f"{fake.issuer}/.well-known/openid-configuration"
    settings.ESPACE_PSC_CLIENT_ID = CLIENT
    settings.ESPACE_PSC_CLIENT_SECRET = "secret : à citer/échapper"
    settings.ESPACE_PSC_SCOPE = "openid scope_all"
    settings.ESPACE_PSC_ACR = ("eidas1", "eidas2")
    settings.ESPACE_PSC_TIERS = ("APPPRIP3",)
    return fake


def start(fake: Fake, browser: Browser, path: str = "/pro/connexion/") -> dict[str, str]:
    """Begin a sign-in; the question that the browser carries, each parameter once."""
    response = browser.get(path)
    assert response.status_code == 302, response.content.decode()
    address, _, query = response["Location"].partition("?")
    assert address == f"{fake.issuer}/authorize"
    question = {name: value for name, [value] in parse_qs(query).items()}
    fake.nonce = question["nonce"]
    return question


def come_back(browser: Browser, **answer: str) -> Any:
    """The callback: the one GET of this door that writes, the row of the session that begins."""
    return browser.get("/pro/retour/", answer)


def go_through(fake: Fake, browser: Browser, path: str = "/pro/connexion/") -> Any:
    """A whole sign-in; the answer of the callback."""
    question = start(fake, browser, path)
    return come_back(browser, code="un-code", state=question["state"])


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def place(name: str = "Cabinet des Lilas", **numbers: str) -> Activity:
    return Activity(edge.new_id(), name, sector="SA07", region="53", city="Rennes", **numbers)


def somebody(*places: Activity, active: bool = True) -> Professional:
    """A fresh professional of the directory, who acts in these places."""
    return put_professional(
        Professional(edge.new_id(), fresh_national_id(), "MOREL", "Anne", "10", "G15_10/SM54", active, places)
    )


def fresh_national_id() -> str:
    """A well-formed number that nobody else bears in this run."""
    body = int.from_bytes(os.urandom(4)) % 10**9
    ten = [f"8{body:010d}{key_}" for key_ in range(10)]
    return next(one for one in ten if is_national_id(one))


def retired(professional: Professional) -> Professional:
    return put_professional(replace(professional, active=False))


def known(fake: Fake) -> Fake:
    """The provider speaks of a professional of the directory who acts in one place."""
    fake.userinfo["SubjectNameID"] = somebody(place()).national_id
    return fake


def is_in(browser: Browser) -> bool:
    return bool(browser.get("/pro/").context["frame"].name == "Anne Morel")
