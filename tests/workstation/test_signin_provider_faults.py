"""A provider that is down, slow, endless or mad: a page that says so, no 5xx, and nothing believed."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser

from espace import edge
from espace.identity.adapters.oidc import calls
from espace.identity.adapters.oidc.addresses import is_trustworthy
from espace.identity.adapters.oidc.calls import Unavailable
from espace.identity.adapters.oidc.provider import read_description, read_keys
from workstation.fake_provider import Fake, come_back, curve, go_through, key, place, provider, somebody, start, use

pytestmark = pytest.mark.django_db
DISCOVERY, KEYS, TOKEN, USERINFO = "/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    with provider() as found:
        use(found, settings)
        found.userinfo["SubjectNameID"] = somebody(place()).national_id
        yield found


def down(response: Any) -> bool:
    assert response.status_code == 424
    assert "Pro Santé Connect ne répond pas" in response.content.decode()
    return True


_BODIES: dict[str, tuple[int, bytes]] = {
    "an error of its own": (500, b"{}"),
    "a refusal": (404, b"{}"),
    "no content": (204, b""),
    "a page": (200, b"<html>"),
    "a list": (200, b"[]"),
    "nothing": (200, b""),
    "not UTF-8": (200, b'{"issuer": "\xff"}'),
    "a member twice": (200, b'{"issuer": "a", "issuer": "b"}'),
    "an endless number": (200, b'{"a": ' + b"9" * 5_000 + b"}"),
    "a thousand arrays": (200, b'{"a": ' + b"[" * 1_000 + b"]" * 1_000 + b"}"),
    "a lone surrogate": (200, b'{"issuer": "\\ud800", "access_token": "\\ud800"}'),
    "too much": (200, json.dumps({"a": ["b" * 1_000] * 200}).encode()),
}


@pytest.mark.parametrize("answer", _BODIES.values(), ids=_BODIES)
@pytest.mark.parametrize("path", [DISCOVERY, KEYS])
def test_a_provider_that_cannot_be_read_is_said_at_once(fake: Fake, path: str, answer: tuple[int, bytes]) -> None:
    fake.broken[path] = answer
    assert down(Browser().get("/pro/connexion/"))


@pytest.mark.parametrize("answer", [one for one in _BODIES.values() if one[0] != 404])
@pytest.mark.parametrize("path", [TOKEN, USERINFO])
def test_a_provider_that_breaks_half_way_signs_nobody_in(fake: Fake, path: str, answer: tuple[int, bytes]) -> None:
    browser = Browser()
    fake.broken[path] = answer
    response = go_through(fake, browser)
    assert response.status_code in (403, 424)
    assert browser.get("/pro/").context["frame"].name == ""


@pytest.mark.parametrize(("path", "status"), [(TOKEN, 400), (TOKEN, 401), (USERINFO, 401), (USERINFO, 403)])
def test_what_the_provider_declines_is_told_without_its_words(fake: Fake, path: str, status: int) -> None:
    fake.broken[path] = (status, b'{"error": "invalid_grant", "error_description": "<i>malade</i>"}')
    response = go_through(fake, Browser())
    assert response.status_code == 400
    assert "malade" not in response.content.decode()


def test_a_redirection_is_not_followed(fake: Fake) -> None:
    fake.broken[TOKEN] = (302, b"")
    assert down(go_through(fake, Browser()))
    assert fake.paths().count(TOKEN) == 1


def test_a_provider_that_is_not_there(settings: Any) -> None:
    with provider() as gone:
        use(gone, settings)
    assert down(Browser().get("/pro/connexion/"))


def test_while_it_is_down_people_are_told_at_once_and_soon_it_is_tried_again(fake: Fake) -> None:
    fake.broken[DISCOVERY] = (500, b"")
    for _person in range(4):
        assert down(Browser().get("/pro/connexion/"))
    assert fake.paths().count(DISCOVERY) == 1
    fake.broken.clear()
    with edge.clock_at(edge.now() + timedelta(seconds=6)):
        assert Browser().get("/pro/connexion/").status_code == 302


def test_open_sessions_outlive_a_provider_that_is_down(fake: Fake) -> None:
    browser = Browser()
    go_through(fake, browser)
    fake.broken = dict.fromkeys((DISCOVERY, KEYS, TOKEN, USERINFO), (500, b""))
    assert browser.get("/pro/").context["frame"].name == "Anne Morel"


# --- slow ---------------------------------------------------------------------------------------------------


def _silent(connection: socket.socket, over: threading.Event) -> None:
    over.wait(10)


def _dripping(connection: socket.socket, over: threading.Event) -> None:
    """A header a moment: never silent, never done."""
    connection.sendall(b"HTTP/1.0 200 OK\r\n")
    while not over.wait(0.05):
        connection.sendall(b"X-More: a\r\n")


def _headers_without_end(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.0 200 OK\r\n" + b"X-More: a\r\n" * 5_000)


def _not_http(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"220 bonjour\r\n" * 10)


@pytest.fixture
def slow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(calls, "SILENCE_SECONDS", 0.2)
    talk: Callable[[socket.socket, threading.Event], None] = request.param
    over = threading.Event()

    def serve(listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
            with connection:
                talk(connection, over)
        except OSError:
            return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        over.set()
        thread.join()


@pytest.mark.parametrize("slow", [_silent, _dripping, _headers_without_end, _not_http], indirect=True)
def test_a_call_never_lasts(slow: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable):
        calls.get_json(f"{slow}/jwks")
    assert time.monotonic() - began < 5


# --- what a provider says of itself -------------------------------------------------------------------------

ISSUER = "https://auth.exemple.fr/realms/a"


def described(**changes: object) -> dict[str, object]:
    return {
        "issuer": ISSUER,
        "authorization_endpoint": "https://wallet.exemple.fr/auth",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/jwks",
        "end_session_endpoint": f"{ISSUER}/logout",
        **changes,
    }


def test_its_addresses_may_be_on_several_machines() -> None:
    found = read_description(described(), ISSUER)
    assert (found.authorization, found.end_session) == ("https://wallet.exemple.fr/auth", f"{ISSUER}/logout")
    assert found.basic
    assert not found.names_itself
    assert read_description(described(end_session_endpoint=""), ISSUER).end_session == ""


@pytest.mark.parametrize(
    "change",
    [
        {"issuer": f"{ISSUER}/"},
        {"issuer": "https://auth.ailleurs.fr"},
        {"issuer": None},
        {"authorization_endpoint": "http://auth.exemple.fr/auth"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": "http://127.0.0.1:9200/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"userinfo_endpoint": "https://moi:secret@auth.exemple.fr/"},
        {"userinfo_endpoint": "https://auth.exemple.fr/#a"},
        {"jwks_uri": "https://auth.exemple.fr:99999/jwks"},
        {"jwks_uri": "https://auth.exemple.fr/a b"},
        {"jwks_uri": None},
        {"jwks_uri": ["https://auth.exemple.fr/jwks"]},
        {"end_session_endpoint": "https://auth.exemple.fr/;form-action *"},
        {"end_session_endpoint": "http://localhost/"},
    ],
    ids=str,
)
def test_an_address_that_cannot_be_trusted_is_not_followed(change: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        read_description(described(**change), ISSUER)


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://auth.exemple.fr", True),
        ("http://localhost:8001", True),
        ("http://127.0.0.1/a?b=c", True),
        ("http://[::1]:8001/", True),
        ("http://localhost.exemple.fr", False),
        ("http://127.0.0.1.exemple.fr", False),
        ("http://exemple.fr", False),
        ("ftp://localhost", False),
        ("//localhost", False),
        ("https://", False),
        ("https://[", False),
        ("https://a\\b", False),
        ("https://é.fr", False),
        ("", False),
    ],
)
def test_secrets_are_told_to_trustworthy_addresses_only(url: str, trusted: bool) -> None:
    assert is_trustworthy(url) is trusted


def test_only_public_signing_keys_of_good_size_are_kept() -> None:
    good = key().published()
    bad: list[object] = [
        {"kty": "oct", "kid": "oct", "k": "c2VjcmV0"},
        {**good, "kid": "private", "d": "AQAB"},
        {**good, "kid": "encryption", "use": "enc"},
        {**good, "kid": "shared", "alg": "HS256"},
        key("short", 1024).published(),
        {"kty": "RSA", "kid": "empty"},
        {"kty": "RSA", "kid": "odd", "n": "!", "e": "AQAB"},
        {"kty": "EC", "kid": "off the curve", "crv": "P-256", "x": "AQ", "y": "AQ"},
        {"kty": "OKP", "kid": "other", "crv": "Ed25519", "x": "AQ"},
        "a word",
        None,
    ]
    assert set(read_keys({"keys": [good, curve().published(), *bad]})) == {"first", "curve"}


def test_two_keys_under_one_name_are_neither() -> None:
    twice = [key().published(), {**key("second").published(), "kid": "first"}, curve().published()]
    assert set(read_keys({"keys": twice})) == {"curve"}


@pytest.mark.parametrize("found", [{}, {"keys": None}, {"keys": "a"}, {"keys": [{}] * 33}])
def test_keys_that_cannot_be_read(found: dict[str, object]) -> None:
    with pytest.raises(Unavailable):
        read_keys(found)


def test_a_token_without_a_key_name_is_taken_when_there_is_one_key_only(fake: Fake) -> None:
    from workstation.fake_provider import ABSENT, signed

    fake.token = lambda claims: signed(claims, kid=ABSENT)
    assert go_through(fake, Browser()).status_code == 302


def test_where_no_provider_is_configured_the_page_says_so(settings: Any) -> None:
    settings.ESPACE_PSC_ISSUER = ""
    response = Browser().get("/pro/connexion/")
    assert response.status_code == 403
    assert "n’est reliée à aucun fournisseur d’identité" in response.content.decode()
    assert Browser().get("/pro/").status_code == 200


def test_the_answer_of_a_provider_that_went_away_is_said(fake: Fake) -> None:
    browser = Browser()
    question = start(fake, browser)
    fake.broken[TOKEN] = (503, b"")
    assert down(come_back(browser, code="un-code", state=question["state"]))
