"""Signing in, from the welcome page to the first page: the question, what opens the door, and the way back."""

import base64
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client as Browser

from espace import edge
from workstation.fake_provider import (
    ABSENT,
    ACCESS,
    CLIENT,
    Fake,
    base64url,
    challenge_of,
    come_back,
    curve,
    go_through,
    is_in,
    key,
    known,
    signed,
    start,
)

pytestmark = pytest.mark.django_db


# --- the way in ---------------------------------------------------------------------------------------------


def test_the_question_is_that_of_openid_connect_with_pkce(fake: Fake, settings: Any) -> None:
    question = start(fake, Browser())
    assert question | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": f"{settings.ESPACE_PUBLIC_URL}/pro/retour/",
        "scope": "openid scope_all",
        "state": "",
        "nonce": "",
        "code_challenge": "",
        "code_challenge_method": "S256",
        "acr_values": "eidas1",
    }
    assert len({question["state"], question["nonce"], question["code_challenge"]}) == 3
    assert all(len(question[name]) == 43 for name in ("state", "nonce", "code_challenge"))


def test_a_professional_signs_in_and_is_where_they_act(fake: Fake) -> None:
    browser = Browser()
    known(fake)
    response = go_through(fake, browser)
    assert (response.status_code, response["Location"]) == (302, "/pro/")
    assert is_in(browser)


def test_the_code_is_exchanged_with_the_secret_and_the_verifier(fake: Fake, settings: Any) -> None:
    browser = Browser()
    question = start(known(fake), browser)
    come_back(browser, code="un-code", state=question["state"])
    [(form, authorization)] = [(form, word) for _m, path, form, word in fake.asked if path == "/token"]
    assert form["grant_type"] == ["authorization_code"]
    assert form["code"] == ["un-code"]
    assert form["redirect_uri"] == [question["redirect_uri"]]
    assert challenge_of(form["code_verifier"][0]) == question["code_challenge"]
    pair = f"{CLIENT}:{quote(settings.ESPACE_PSC_CLIENT_SECRET, safe='')}"
    assert authorization == f"Basic {base64.b64encode(pair.encode()).decode()}"
    assert [word for _m, path, _f, word in fake.asked if path == "/userinfo"] == [f"Bearer {ACCESS}"]


def test_the_secret_goes_in_the_form_where_the_provider_takes_it_only_there(fake: Fake, settings: Any) -> None:
    fake.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert go_through(known(fake), Browser()).status_code == 302
    [(form, authorization)] = [(form, word) for _m, path, form, word in fake.asked if path == "/token"]
    assert (form["client_id"], form["client_secret"]) == ([CLIENT], [settings.ESPACE_PSC_CLIENT_SECRET])
    assert authorization == ""


def test_the_cookie_changes_at_sign_in(fake: Fake) -> None:
    browser = Browser()
    go_through(known(fake), browser)
    before = browser.cookies["sessionid"].value
    go_through(known(fake), browser)
    assert browser.cookies["sessionid"].value != before
    thief = Browser()
    thief.cookies["sessionid"] = before
    assert not is_in(thief)


def test_they_come_back_to_the_page_that_they_wanted(fake: Fake) -> None:
    browser = Browser()
    assert go_through(known(fake), browser, "/pro/connexion/?suite=/pro/lieu/")["Location"] == "/pro/lieu/"


@pytest.mark.parametrize(
    "path", ["https://ailleurs.test/", "//ailleurs.test/pro/", "/connexion/", "/pro/\r\nx: y", "/pro/" + "a" * 400, ""]
)
def test_they_never_come_back_elsewhere(fake: Fake, path: str) -> None:
    response = go_through(known(fake), Browser(), f"/pro/connexion/?suite={quote(path)}")
    assert response["Location"] == "/pro/"


def test_what_is_true_of_pro_sante_connect_is_enough(fake: Fake) -> None:
    """Its own answers: no amr that says two factors, a tier of authentication, claims by the dozen."""
    fake.claims |= {"amr": ABSENT, "sid": ABSENT, "auth_time": ABSENT, "azp": ABSENT}
    fake.userinfo["Palier_Authentification"] = "APPPRIP3^1.2.250.1.213.1.5.1.1.1"
    assert go_through(known(fake), Browser()).status_code == 302


@pytest.mark.parametrize(
    "amr", [["mfa"], ["pwd", "otp"], ["pin", "hwk"], ["fpt", "swk"], ["pwd", "face"], ["sc", "pin", "user"]]
)
def test_two_factors_are_two_kinds_of_proof(fake: Fake, amr: list[str]) -> None:
    fake.claims["amr"] = amr
    assert go_through(known(fake), Browser()).status_code == 302


@pytest.mark.parametrize(
    ("algorithm", "by"), [("RS256", key), ("PS256", key), ("ES256", curve)], ids=["RS256", "PS256", "ES256"]
)
def test_these_signatures_are_taken(fake: Fake, algorithm: str, by: Callable[[], Any]) -> None:
    fake.keys = [by().published()]
    fake.token = lambda claims: signed(claims, by=by(), alg=algorithm)
    assert go_through(known(fake), Browser()).status_code == 302


def test_a_key_that_is_new_is_looked_for_once_and_not_again_within_a_minute(fake: Fake) -> None:
    assert go_through(known(fake), Browser()).status_code == 302
    fake.keys = [key("second").published()]
    fake.token = lambda claims: signed(claims, by=key("second"))
    assert go_through(fake, Browser()).status_code == 302
    assert fake.paths().count("/jwks") == 2
    fake.keys = [key("third").published()]
    fake.token = lambda claims: signed(claims, by=key("third"))
    for _attempt in range(3):
        assert go_through(fake, Browser()).status_code == 403
    assert fake.paths().count("/jwks") == 2
    with edge.clock_at(edge.now() + timedelta(minutes=2)):
        assert go_through(fake, Browser()).status_code == 302
    assert fake.paths().count("/jwks") == 3


def test_what_is_remembered_of_the_provider_lasts_an_hour(fake: Fake) -> None:
    go_through(known(fake), Browser())
    go_through(fake, Browser())
    assert fake.paths().count("/.well-known/openid-configuration") == 1
    with edge.clock_at(edge.now() + timedelta(minutes=61)):
        go_through(fake, Browser())
    assert fake.paths().count("/.well-known/openid-configuration") == 2


def test_the_access_token_hash_agrees_or_is_not_said(fake: Fake) -> None:
    fake.claims["at_hash"] = base64url(sha256(ACCESS.encode()).digest()[:16])
    assert go_through(known(fake), Browser()).status_code == 302


# --- the callback -------------------------------------------------------------------------------------------


def test_a_callback_serves_once(fake: Fake) -> None:
    browser = Browser()
    question = start(known(fake), browser)
    assert come_back(browser, code="un-code", state=question["state"]).status_code == 302
    again = come_back(browser, code="un-code", state=question["state"])
    assert again.status_code == 400
    assert "a déjà servi" in again.content.decode()
    assert fake.paths().count("/token") == 1
    assert is_in(browser)


def test_a_callback_of_another_browser_is_not_taken(fake: Fake) -> None:
    question = start(known(fake), Browser())
    victim = Browser()
    start(fake, victim)
    assert come_back(victim, code="un-code", state=question["state"]).status_code == 400
    assert come_back(Browser(), code="un-code", state=question["state"]).status_code == 400
    assert "/token" not in fake.paths()


def test_a_callback_waits_ten_minutes(fake: Fake) -> None:
    browser = Browser()
    question = start(known(fake), browser)
    with edge.clock_at(edge.now() + timedelta(minutes=10)):
        assert come_back(browser, code="un-code", state=question["state"]).status_code == 400


def test_an_error_of_the_provider_is_said_in_our_words(fake: Fake) -> None:
    browser = Browser()
    question = start(fake, browser)
    response = come_back(
        browser, error="access_denied", error_description="<b>malade</b>", state=question["state"]
    )
    assert response.status_code == 403
    page = response.content.decode()
    assert "La connexion n’a pas abouti" in page
    assert "malade" not in page and "access_denied" not in page
    assert "/token" not in fake.paths()


@pytest.mark.parametrize("query", ["", "state=a", "code=a", "state=a&state=b&code=c", "state=" + "a" * 200, "error=x"])
def test_a_callback_out_of_nowhere_is_refused(fake: Fake, query: str) -> None:
    response = Browser().get(f"/pro/retour/?{query}")
    assert response.status_code == 400
    assert "Cette connexion ne peut pas continuer" in response.content.decode()


@pytest.mark.parametrize("more", ["", "&code=", f"&code={'a' * 5000}", "&code=a&code=b"])
def test_a_callback_without_one_good_code_is_refused(fake: Fake, more: str) -> None:
    browser = Browser()
    question = start(fake, browser)
    assert browser.get(f"/pro/retour/?state={question['state']}{more}").status_code == 400
    assert "/token" not in fake.paths()


@pytest.mark.parametrize(("announced", "iss"), [(True, None), (True, "https://autre.test"), (False, "https://autre.test")])
def test_an_answer_mixed_up_with_another_providers_is_refused(fake: Fake, announced: bool, iss: str | None) -> None:
    """RFC 9207: a code of another provider is never sent to this one."""
    fake.description["authorization_response_iss_parameter_supported"] = announced
    browser = Browser()
    question = start(known(fake), browser)
    more = {"iss": iss} if iss else {}
    assert come_back(browser, code="un-code", state=question["state"], **more).status_code == 400
    assert "/token" not in fake.paths()


def test_three_tabs_may_sign_in_at_once_and_no_more_is_kept(fake: Fake) -> None:
    browser = Browser()
    first, *others = [start(known(fake), browser) for _tab in range(4)]
    assert come_back(browser, code="un-code", state=first["state"]).status_code == 400
    assert come_back(browser, code="un-code", state=others[-1]["state"]).status_code == 302


def test_nothing_is_written_for_somebody_who_has_not_signed_in(
    fake: Fake, django_assert_num_queries: Callable[[int], Any]
) -> None:
    browser = Browser()
    with django_assert_num_queries(0):
        start(fake, browser)
    assert set(browser.cookies) <= {"pro_pending", "csrftoken"}
    kept = browser.cookies["pro_pending"]
    assert (kept["path"], kept["httponly"], kept["samesite"], kept["max-age"]) == ("/pro/", True, "Lax", 600)


@pytest.mark.parametrize("cookie", ["", "a", "a:b:c", "é", "W10:1:a", "a" * 5_000])
def test_a_cookie_that_is_not_ours_begins_nothing(fake: Fake, cookie: str) -> None:
    browser = Browser()
    question = start(known(fake), browser)
    browser.cookies["pro_pending"] = cookie
    assert come_back(browser, code="un-code", state=question["state"]).status_code == 400
    browser.cookies["pro_pending"] = cookie
    start(fake, browser)


def test_the_longest_way_back_still_fits_in_a_cookie(fake: Fake) -> None:
    browser = Browser()
    for tab in range(4):
        start(known(fake), browser, f"/pro/connexion/?suite=/pro/{uuid4().hex * 9}{tab}")
    assert len(browser.cookies["pro_pending"].value) < 3_500
