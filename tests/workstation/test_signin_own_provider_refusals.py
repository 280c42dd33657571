"""What the demonstration's own provider answers to questions that are wrong, hostile or guessed; and what it says."""

import base64
import json
import stat
from hashlib import sha256
from urllib.parse import urlencode

import pytest

from espace.site.provider.accounts import ACCOUNTS
from espace.site.provider.signing import signer_of
from workstation.fake_provider import base64url, encoded
from workstation.own_provider import DOCTOR, Own, code_in, exchange, question, through_password, with_ecps
from workstation.walking import Page, Walker


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": ""}, "unsupported_response_type"),
        ({"scope": "scope_all"}, "invalid_scope"),
        ({"nonce": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge": "court"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"state": "a" * 3_000}, "invalid_request"),
        ({"request": "e30."}, "request_not_supported"),
        ({"prompt": "none"}, "login_required"),
    ],
    ids=str,
)
def test_a_question_that_is_wrong_goes_back_with_its_error(running: Own, changes: dict[str, str], error: str) -> None:
    page = Walker().get(question(running, **changes))
    assert page.location.startswith(f"{running.client}/pro/retour/?error={error}")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "un-autre"},
        {"redirect_uri": "https://ailleurs.test/"},
        {"redirect_uri": ""},
        {"redirect_uri": "http://localhost/pro/retour/"},
    ],
    ids=str,
)
def test_nobody_is_sent_to_an_address_that_is_not_the_clients(running: Own, changes: dict[str, str]) -> None:
    page = Walker().get(question(running, **changes))
    assert (page.status, page.location) == (400, "")


def test_a_redirect_address_is_compared_to_the_letter(running: Own) -> None:
    for more in ("?a=b", "#a", "x", "/../"):
        page = Walker().get(question(running, redirect_uri=f"{running.client}/pro/retour/{more}"))
        assert (page.status, page.location) == (400, "")


def test_a_code_serves_once_and_takes_its_token_away_when_it_comes_again(running: Own) -> None:
    code = code_in(with_ecps(Walker(), running, question(running)))
    given = exchange(running, code)
    assert given.status == 200
    access = json.loads(given.text)["access_token"]
    assert _userinfo(running, access).status == 200
    again = exchange(running, code)
    assert (again.status, json.loads(again.text)) == (400, {"error": "invalid_grant"})
    assert _userinfo(running, access).status == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"code_verifier": "w" * 43}, 400, "invalid_grant"),
        ({"code_verifier": ""}, 400, "invalid_grant"),
        ({"code_verifier": "v"}, 400, "invalid_grant"),
        ({"redirect_uri": "https://ailleurs.test/"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"secret": "un-autre"}, 401, "invalid_client"),
        ({"client_id": "un-autre"}, 401, "invalid_client"),
        ({"code": "inconnu"}, 400, "invalid_grant"),
    ],
    ids=str,
)
def test_a_code_is_given_to_nobody_else(running: Own, changes: dict[str, str], status: int, error: str) -> None:
    code = code_in(with_ecps(Walker(), running, question(running)))
    page = exchange(running, **({"code": code} | changes))
    assert (page.status, json.loads(page.text)) == (status, {"error": error})


def test_the_id_token_says_how_surely_and_when(running: Own) -> None:
    code = code_in(with_ecps(Walker(), running, question(running)))
    given = json.loads(exchange(running, code).text)
    header, payload = (json.loads(base64.urlsafe_b64decode(f"{part}==")) for part in given["id_token"].split(".")[:2])
    published = json.loads(Walker().get(f"{running.issuer}/jwks").text)["keys"]
    assert [(one["kid"], one["alg"], one["use"], "d" in one) for one in published] == [
        (header["kid"], "RS256", "sig", False)
    ]
    assert payload["exp"] - payload["iat"] == 300
    assert (payload["iss"], payload["aud"], payload["nonce"]) == (running.issuer, "espace", "nonce")
    assert (payload["acr"], payload["amr"]) == ("eidas1", ["pwd", "swk", "mfa"])
    assert payload["auth_time"] <= payload["iat"]
    assert payload["at_hash"] == base64url(sha256(given["access_token"].encode()).digest()[:16])
    assert payload["sub"] == DOCTOR.sub and payload["sid"]


def test_passwords_and_codes_are_not_guessed(running: Own) -> None:
    walker = Walker()
    attempt = walker.get(question(running)).hidden("attempt")
    said = {"attempt": attempt, "identifier": "<b>helene", "password": "faux"}
    for _try in range(5):
        page = walker.post(f"{running.issuer}/sign-in", **said)
        assert page.status == 422
        assert "n’est pas le bon" in page.text
        assert "<b>helene" not in page.text
    over = walker.post(
        f"{running.issuer}/sign-in", attempt=attempt, identifier=DOCTOR.identifier, password=DOCTOR.password
    )
    assert (over.status, over.location) == (429, "")
    second = through_password(walker, running, question(running), DOCTOR)
    attempt = second.hidden("attempt")
    for code in ("000000", "", "abcdef", "²²²²²²", "0" * 400):
        assert walker.post(f"{running.issuer}/confirm", attempt=attempt, way="code", code=code).status == 422
    assert walker.post(f"{running.issuer}/confirm", attempt=attempt, way="ecps").status == 429


def test_the_second_proof_comes_after_the_first_in_the_same_browser(running: Own) -> None:
    walker = Walker()
    attempt = walker.get(question(running)).hidden("attempt")
    assert walker.post(f"{running.issuer}/confirm", attempt=attempt, way="ecps").status == 400
    attempt = through_password(walker, running, question(running), DOCTOR).hidden("attempt")
    assert Walker().post(f"{running.issuer}/confirm", attempt=attempt, way="ecps").status == 400
    assert walker.post(f"{running.issuer}/confirm", attempt="", way="ecps").status == 400


@pytest.mark.parametrize(
    "hint", ["", "rubbish", f"{encoded({'alg': 'none'})}.{encoded({'aud': 'espace'})}.", "e30.e30.AAAA"]
)
def test_a_log_out_without_a_token_of_its_own_ends_nothing(running: Own, hint: str) -> None:
    walker = Walker()
    with_ecps(walker, running, question(running))
    asked = {"id_token_hint": hint, "post_logout_redirect_uri": "https://ailleurs.test/"}
    assert walker.get(f"{running.issuer}/logout?{urlencode(asked)}").location == f"{running.issuer}/"
    assert "Vous êtes connecté" in walker.get(f"{running.issuer}/").text
    assert running.logouts.empty()


def test_a_log_out_sends_nobody_elsewhere(running: Own) -> None:
    walker = Walker()
    given = json.loads(exchange(running, code_in(with_ecps(walker, running, question(running)))).text)
    asked = {"id_token_hint": given["id_token"], "post_logout_redirect_uri": "https://ailleurs.test/"}
    page = walker.get(f"{running.issuer}/logout?{urlencode(asked)}")
    assert (page.status, page.location) == (200, "")
    assert running.logouts.get(timeout=20)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/token", b"a=" + b"b" * 20_000, 400),
        ("/token", b"code=a&code=b", 400),
        ("/token", b"&".join(b"f%d=1" % n for n in range(60)), 400),
        ("/token", b"\xff\xfe=%ff", 401),
        ("/userinfo", b"", 401),
        ("/jwks", b"a=b", 405),
        ("/absent", b"a=b", 405),
    ],
)
def test_hostile_requests_are_answered_and_never_with_a_5xx(running: Own, path: str, body: bytes, status: int) -> None:
    assert Walker()._open(f"{running.issuer}{path}", body).status == status


def test_pages_are_closed_and_lead_only_to_the_client(running: Own) -> None:
    page = Walker().get(question(running))
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {running.client}"
    )
    assert f'href="{running.client}/demo/"' in page.text
    assert all(one.identifier in page.text and one.password in page.text for one in ACCOUNTS)
    assert 'lang="fr"' in page.text and "<script" not in page.text


def test_its_key_is_private_and_kept(running: Own) -> None:
    file = running.home / "secrets" / "provider.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert signer_of(running.home).published() == json.loads(Walker().get(f"{running.issuer}/jwks").text)


def _userinfo(own: Own, token: str) -> Page:
    walker = Walker()
    walker.opener.addheaders = [("Authorization", f"Bearer {token}")]
    return walker.get(f"{own.issuer}/userinfo")
