"""The demonstration's own provider, in its own process: signing in with it whole, and what it refuses."""

import base64
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client as Browser

from espace import edge
from espace.identity.actions import put_professional
from espace.identity.facts import Activity, Professional
from espace.site.config import Mark, load, own_client_secret, prepare_home, write_mark
from espace.site.provider.accounts import ACCOUNTS, Account, account_of
from espace.site.provider.claims import profession_of, userinfo
from espace.site.provider.codes import code_at, matching_step
from espace.site.provider.memory import Shelf
from espace.site.provider.signing import signer_of
from espace.site.testbed import free_port
from workstation.fake_provider import base64url, encoded
from workstation.walking import Page, Walker, announced

DOCTOR, STRANGER, NURSE = ACCOUNTS
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Own:
    """The provider as it runs, and the log-outs that it announced."""

    issuer: str
    home: Path
    client: str
    secret: str
    logouts: "Queue[str]"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    home = tmp_path_factory.mktemp("provider") / "home"
    environment = {"ESPACE_HOME": str(home), "ESPACE_PORT": str(free_port())}
    prepare_home(load(environment))
    write_mark(home, Mark.TEST)
    config = load(environment)
    command = [sys.executable, "-P", "-m", "espace.site.provider"]
    with (
        announced(config.port) as (_port, logouts),
        subprocess.Popen(command, env={**os.environ, **environment}) as process,
    ):
        own = Own(config.sign_in.issuer, home, config.public_url, config.sign_in.client_secret, logouts)
        try:
            _wait(own, process)
            yield own
        finally:
            process.terminate()


def _wait(own: Own, process: "subprocess.Popen[bytes]") -> None:
    limit = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < limit:
        try:
            Walker().get(f"{own.issuer}/jwks")
        except (OSError, HTTPException):  # a port that nobody has yet may answer a connection with itself
            time.sleep(0.05)
            continue
        return
    raise AssertionError("the provider did not start")


@pytest.fixture
def own(running: Own, db: None, settings: Any) -> Own:
    settings.ESPACE_PUBLIC_URL = running.client
    settings.ESPACE_PSC_ISSUER = running.issuer
    settings.ESPACE_PSC_DISCOVERY = f"{running.issuer}/.well-known/openid-configuration"
    settings.ESPACE_PSC_CLIENT_ID, settings.ESPACE_PSC_CLIENT_SECRET = "espace", running.secret
    return running


def in_directory(account: Account) -> None:
    """The directory knows this member of the cast, in the place that the provider says."""
    who = account.professional
    places = tuple(
        Activity(edge.new_id(), one.name, finess=one.id[1:], sector=one.facility.code, region="53", city="Rennes")
        for one in account.structures
    )
    put_professional(
        Professional(edge.new_id(), who.id, who.family, who.given, profession_of(account), "", True, places)
    )


def through_password(walker: Walker, own: Own, address: str, account: Account) -> Page:
    """The sign-in page, then the page of the second proof."""
    first = walker.get(address)
    assert first.status == 200
    return walker.post(
        f"{own.issuer}/sign-in",
        attempt=first.hidden("attempt"),
        identifier=account.identifier,
        password=account.password,
    )


def with_ecps(walker: Walker, own: Own, address: str, account: Account = DOCTOR) -> str:
    """Through all of it; where the provider sends back to."""
    second = through_password(walker, own, address, account)
    done = walker.post(f"{own.issuer}/confirm", attempt=second.hidden("attempt"), way="ecps")
    assert done.location.startswith(f"{own.client}/pro/retour/"), done.text
    return done.location


def question(own: Own, verifier: str = "v" * 43, **changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": "espace",
        "redirect_uri": f"{own.client}/pro/retour/",
        "scope": "openid scope_all",
        "state": "etat",
        "nonce": "nonce",
        "code_challenge": base64url(sha256(verifier.encode()).digest()),
        "code_challenge_method": "S256",
        "acr_values": "eidas1",
    } | changes
    return f"{own.issuer}/authorize?{urlencode({name: value for name, value in asked.items() if value})}"


def exchange(own: Own, code: str, *, secret: str = "", **changes: str) -> Page:
    form = {
        "grant_type": "authorization_code",
        "client_id": "espace",
        "client_secret": secret or own.secret,
        "redirect_uri": f"{own.client}/pro/retour/",
        "code": code,
        "code_verifier": "v" * 43,
    } | changes
    return Walker().post(f"{own.issuer}/token", **form)


def code_in(location: str) -> str:
    return parse_qs(urlsplit(location).query)["code"][0]


# --- with our workstation -----------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda one: one.slug)
def test_each_of_the_cast_signs_in(own: Own, account: Account) -> None:
    in_directory(account)
    browser, walker = Browser(), Walker()
    back = with_ecps(walker, own, browser.get("/pro/connexion/")["Location"], account)
    response = browser.get(f"/pro/retour/?{urlsplit(back).query}")
    assert (response.status_code, response.get("Location")) == (302, "/pro/"), response.content.decode()
    assert browser.get("/pro/").status_code == 200
    place = browser.get("/pro/lieu/").content.decode()
    assert account.structures[0].name in place


def test_the_code_of_an_authenticator_serves_as_second_proof_and_serves_once(own: Own) -> None:
    in_directory(NURSE)
    code = code_at(NURSE.totp_secret, edge.now())
    for served in (True, False):
        browser, walker = Browser(), Walker()
        second = through_password(walker, own, browser.get("/pro/connexion/")["Location"], NURSE)
        done = walker.post(f"{own.issuer}/confirm", attempt=second.hidden("attempt"), way="code", code=code)
        assert done.status == (303 if served else 422)
        if served:
            assert browser.get(f"/pro/retour/?{urlsplit(done.location).query}")["Location"] == "/pro/"


def test_who_is_signed_in_at_the_provider_is_not_asked_again(own: Own) -> None:
    in_directory(DOCTOR)
    walker = Walker()
    with_ecps(walker, own, question(own))
    again = walker.get(question(own))
    assert again.status == 303
    assert code_in(again.location)
    assert walker.get(question(own, prompt="login")).status == 200


def test_signing_out_ends_both_sessions_and_tells_every_browser(own: Own) -> None:
    in_directory(DOCTOR)
    walker, here, elsewhere = Walker(), Browser(), Browser()
    back = with_ecps(walker, own, here.get("/pro/connexion/")["Location"])
    assert here.get(f"/pro/retour/?{urlsplit(back).query}").status_code == 302
    again = walker.get(elsewhere.get("/pro/connexion/")["Location"])
    assert elsewhere.get(f"/pro/retour/?{urlsplit(again.location).query}").status_code == 302
    leaving = walker.get(here.post("/pro/deconnexion/")["Location"])
    assert leaving.location == f"{own.client}/pro/au-revoir/"
    token = own.logouts.get(timeout=20)
    form = {"content_type": FORM}
    assert elsewhere.get("/pro/lieu/").status_code == 200
    assert Browser().post("/pro/deconnexion-annoncee/", f"logout_token={token}", **form).status_code == 200
    assert elsewhere.get("/pro/lieu/")["Location"] == "/pro/"
    assert walker.get(question(own, prompt="none")).location.endswith(
        f"?error=login_required&state=etat&iss={own.issuer.replace(':', '%3A').replace('/', '%2F')}"
    )


def test_its_own_page_ends_the_session_and_tells_too(own: Own) -> None:
    walker = Walker()
    assert "Aucune session" in walker.get(f"{own.issuer}/").text
    with_ecps(walker, own, question(own), STRANGER)
    page = walker.get(f"{own.issuer}/")
    assert "Dr Karim Haddad" in page.text
    walker.post(f"{own.issuer}/end", form="un-autre-formulaire")
    assert "Dr Karim Haddad" in walker.get(f"{own.issuer}/").text
    walker.post(f"{own.issuer}/end", form=page.hidden("form"))
    assert own.logouts.get(timeout=20)
    assert "Aucune session" in walker.get(f"{own.issuer}/").text


# --- what it refuses ----------------------------------------------------------------------------------------


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


# --- its parts ----------------------------------------------------------------------------------------------


def test_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B (SHA-1, the last six digits)."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    for seconds, code in ((59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")):
        at = datetime.fromtimestamp(seconds, UTC)
        assert code_at(secret, at) == code
        assert matching_step(secret, f"{code[:3]} {code[3:]}", at) == seconds // 30
        assert matching_step(secret, "000000", at) is None


def test_the_claims_have_the_shape_of_pro_sante_connect() -> None:
    shared = Path(os.environ.get("ESPACE_SHARED_DATA", "../shared/data")) / "psc" / "userinfo-sample.json"
    said = userinfo(DOCTOR)
    assert said["SubjectNameID"] == "810999000010"
    assert said["SubjectRole"] == ["10^1.2.250.1.213.1.1.5.5"]
    assert said["Palier_Authentification"] == "APPPRIP3^1.2.250.1.213.1.5.1.1.1"
    assert userinfo(NURSE)["SubjectRole"] == ["60^1.2.250.1.213.1.1.5.5"]
    if shared.exists():
        sample = json.loads(shared.read_text(encoding="utf-8"))
        assert set(said) == set(sample)
        assert {name: type(value) for name, value in said.items()} == {n: type(v) for n, v in sample.items()}


def test_only_the_cast_signs_in_by_name() -> None:
    assert [one.identifier for one in ACCOUNTS] == ["helene.morvan", "karim.haddad", "julie.le-gall"]
    assert account_of("  Helene.Morvan ") is DOCTOR
    assert account_of("") is None


def test_what_the_provider_remembers_is_bounded_and_forgotten_in_time() -> None:
    from datetime import timedelta

    at = edge.now()
    shelf: Shelf[int] = Shelf(lasting=timedelta(minutes=1), most=3)
    first, *others = [shelf.put(n, at=at) for n in range(4)]
    assert shelf.get(first, at=at) is None
    assert [shelf.get(key, at=at) for key in others] == [1, 2, 3]
    assert shelf.get(others[0], at=at + timedelta(minutes=1)) is None
    assert shelf.take(others[1], at=at) == 2
    assert shelf.take(others[1], at=at) is None


def test_the_secret_of_a_home_is_its_own(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        prepare_home(load({"ESPACE_HOME": str(home)}))
    assert own_client_secret(homes[0]) == own_client_secret(homes[0]) != own_client_secret(homes[1])
    assert own_client_secret(tmp_path) == ""
