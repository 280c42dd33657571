"""Signing in, from the welcome page to the first page: what opens the door, and what one thing wrong does."""

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client as Browser

from espace import edge
from espace.identity.actions import put_professional
from workstation.fake_provider import (
    ABSENT,
    ACCESS,
    CLIENT,
    Fake,
    base64url,
    challenge_of,
    come_back,
    curve,
    encoded,
    fresh_national_id,
    go_through,
    key,
    place,
    provider,
    retired,
    signed,
    somebody,
    start,
    use,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    with provider() as found:
        use(found, settings)
        yield found


def known(fake: Fake) -> Fake:
    """The provider speaks of a professional of the directory who acts in one place."""
    fake.userinfo["SubjectNameID"] = somebody(place()).national_id
    return fake


def is_in(browser: Browser) -> bool:
    return browser.get("/pro/").context["frame"].name == "Anne Morel"


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


# --- one thing wrong ----------------------------------------------------------------------------------------


def _with_a_shared_secret(secret: bytes) -> Callable[[dict[str, Any]], str]:
    """CVE-2022-29217 and its family: the public key, in one of its forms, taken for a shared secret."""

    def made(claims: dict[str, Any]) -> str:
        text = f"{encoded({'alg': 'HS256', 'kid': 'first'})}.{encoded(claims)}"
        return f"{text}.{base64url(hmac.digest(secret, text.encode(), 'sha256'))}"

    return made


def _public(encoding: Encoding, form: PublicFormat) -> bytes:
    return key().private.public_key().public_bytes(encoding, form)


def _unsigned(algorithm: str, signature: str = "") -> Callable[[dict[str, Any]], str]:
    return lambda claims: f"{encoded({'alg': algorithm, 'kid': 'first'})}.{encoded(claims)}.{signature}"


def _altered(claims: dict[str, Any]) -> str:
    header, _payload, signature = signed(claims).split(".")
    return f"{header}.{encoded(claims | {'acr': 'eidas2'})}.{signature}"


_TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "no signature": _unsigned("none"),
    "no signature, in capitals": _unsigned("NONE", "AAAA"),
    "no signature, mixed": _unsigned("nOnE", "AAAA"),
    "PEM as a shared secret": _with_a_shared_secret(_public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
    "PEM without its last line end": _with_a_shared_secret(
        _public(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip()
    ),
    "PKCS1 as a shared secret": _with_a_shared_secret(_public(Encoding.PEM, PublicFormat.PKCS1)),
    "DER as a shared secret": _with_a_shared_secret(_public(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)),
    "JWK as a shared secret": _with_a_shared_secret(json.dumps(key().published()).encode()),
    "the modulus as a shared secret": _with_a_shared_secret(key().published()["n"].encode()),
    "an algorithm that we do not take": lambda claims: signed(claims, alg="RS512"),
    "another key under the same name": lambda claims: signed(claims, by=key("other"), kid="first"),
    "a key that nobody has": lambda claims: signed(claims, by=key("other")),
    "claims changed after the signature": _altered,
    "its own key inside": lambda claims: signed(claims, by=key("other"), jwk=key("other").published()),
    "an address of a key inside": lambda claims: signed(claims, by=key("other"), jku="http://127.0.0.1:9/jwks"),
    "a certificate inside": lambda claims: signed(claims, x5u="http://127.0.0.1:9/x"),
    "something critical that is not understood": lambda claims: signed(claims, crit=["exp"]),
    "a path for a key name": lambda claims: signed(claims, by=key("other"), kid="../../dev/null"),
    "a number for a key name": lambda claims: signed(claims, kid=7),
    "a logout token": lambda claims: signed(claims, typ="logout+jwt"),
    "an access token": lambda claims: signed(claims, typ="at+jwt"),
    "two parts": lambda claims: ".".join(signed(claims).split(".")[:2]),
    "five parts": lambda claims: f"{signed(claims)}.a.b",
    "nothing": lambda claims: "",
    "rubbish": lambda claims: "é.%.~",
    "a header of a thousand arrays": lambda claims: f"{encoded(json.loads('[' * 900 + ']' * 900))}.e30.AAAA",
    "endless": lambda claims: signed(claims | {"more": "a" * 20_000}),
}


@pytest.mark.parametrize("token", _TOKENS.values(), ids=_TOKENS)
def test_a_token_that_is_not_the_providers_opens_nothing(fake: Fake, token: Callable[[dict[str, Any]], str]) -> None:
    browser = Browser()
    fake.token = token
    response = go_through(known(fake), browser)
    assert response.status_code == 403
    assert "n’est pas fiable" in response.content.decode()
    assert not is_in(browser)


_INVALID = "n’est pas fiable"
_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://auth.ailleurs.test"}, _INVALID),
    "the issuer and a slash": ({"iss": "http://127.0.0.1:1/"}, _INVALID),
    "no issuer": ({"iss": ABSENT}, _INVALID),
    "another audience": ({"aud": "un-autre-logiciel"}, _INVALID),
    "our audience and another": ({"aud": [CLIENT, "un-autre-logiciel"]}, _INVALID),
    "no audience": ({"aud": ABSENT}, _INVALID),
    "audience that is no text": ({"aud": [[CLIENT]]}, _INVALID),
    "for another party": ({"azp": "un-autre-logiciel"}, _INVALID),
    "expired": ({"exp": -31}, _INVALID),
    "no expiry": ({"exp": ABSENT}, _INVALID),
    "an expiry in words": ({"exp": "demain"}, _INVALID),
    "an expiry that is true": ({"exp": True}, _INVALID),
    "an expiry beyond measure": ({"exp": 10**18}, _INVALID),
    "issued too long ago": ({"iat": -331}, _INVALID),
    "issued tomorrow": ({"iat": 86_400}, _INVALID),
    "no date of issue": ({"iat": ABSENT}, _INVALID),
    "not yet valid": ({"nbf": 3_600}, _INVALID),
    "another nonce": ({"nonce": "celui-d-un-autre"}, _INVALID),
    "a nonce that has no bytes": ({"nonce": "\ud800"}, _INVALID),
    "a nonce in other letters": ({"nonce": "é" * 43}, _INVALID),
    "no nonce": ({"nonce": ABSENT}, _INVALID),
    "a nonce that is no text": ({"nonce": 7}, _INVALID),
    "no subject": ({"sub": ABSENT}, _INVALID),
    "an empty subject": ({"sub": ""}, _INVALID),
    "a session that is no text": ({"sid": {"a": 1}}, _INVALID),
    "the hash of another access token": ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, _INVALID),
    "no level": ({"acr": ABSENT}, "pas assez sûre"),
    "a lower level": ({"acr": "eidas0"}, "pas assez sûre"),
    "a level that is a list": ({"acr": ["eidas1"]}, "pas assez sûre"),
    "one factor": ({"amr": ["pwd"]}, "deux preuves"),
    "one factor said twice": ({"amr": ["pwd", "pin"]}, "deux preuves"),
    "no factor": ({"amr": []}, "deux preuves"),
    "factors that are unknown": ({"amr": ["carte", "oui"]}, "deux preuves"),
    "factors in one word": ({"amr": "mfa"}, "deux preuves"),
}


@pytest.mark.parametrize(("claims", "said"), _CLAIMS.values(), ids=_CLAIMS)
def test_a_claim_that_is_wrong_opens_nothing(fake: Fake, claims: dict[str, Any], said: str) -> None:
    browser = Browser()
    at = int(edge.now().timestamp())
    moved = {name: at + value for name, value in claims.items() if type(value) is int and name in ("exp", "iat", "nbf")}
    fake.claims |= claims | moved
    response = go_through(known(fake), browser)
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not is_in(browser)


_ANSWERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "userinfo of somebody else": ("userinfo", {"sub": "f:realm:autre"}, _INVALID),
    "userinfo of nobody": ("userinfo", {"sub": None}, _INVALID),
    "no number": ("userinfo", {"SubjectNameID": None}, "pas dans l’annuaire"),
    "a number of another kind": ("userinfo", {"SubjectNameID": ["810002673899"]}, "pas dans l’annuaire"),
    "an editor's number": ("userinfo", {"SubjectNameID": "ANS20231122132732"}, "pas dans l’annuaire"),
    "a number that nobody bears": ("userinfo", {"SubjectNameID": fresh_national_id()}, "pas dans l’annuaire"),
    "a number with a quote": ("userinfo", {"SubjectNameID": "8' OR '1'='1"}, "pas dans l’annuaire"),
    "no ID token": ("token_answer", {"id_token": None}, _INVALID),
    "no access token": ("token_answer", {"access_token": None}, _INVALID),
    "an access token of another type": ("token_answer", {"token_type": "DPoP"}, _INVALID),
    "an access token with a line in it": ("token_answer", {"access_token": "a\r\nX-Y: z"}, _INVALID),
    "an access token in other letters": ("token_answer", {"access_token": "é"}, _INVALID),
}


@pytest.mark.parametrize(("part", "change", "said"), _ANSWERS.values(), ids=_ANSWERS)
def test_an_answer_that_is_wrong_opens_nothing(fake: Fake, part: str, change: dict[str, Any], said: str) -> None:
    browser = Browser()
    getattr(known(fake), part).update(change)
    response = go_through(fake, browser)
    assert response.status_code == 403
    assert said in response.content.decode()
    assert not is_in(browser)


@pytest.mark.parametrize("tier", ["APPPRIP2^1.2.250.1.213.1.5.1.1.1", "", "xAPPPRIP3", ["APPPRIP3"], None])
def test_a_tier_that_is_not_ours_is_not_a_second_factor(fake: Fake, tier: object) -> None:
    fake.claims["amr"] = ["pwd"]
    fake.userinfo["Palier_Authentification"] = tier
    assert go_through(known(fake), Browser()).status_code == 403


def test_somebody_who_stopped_practising_does_not_enter(fake: Fake) -> None:
    fake.userinfo["SubjectNameID"] = retired(somebody(place())).national_id
    response = go_through(fake, Browser())
    assert response.status_code == 403
    assert "vous n’avez aucune activité en cours" in response.content.decode()


def test_somebody_who_acts_nowhere_does_not_enter(fake: Fake) -> None:
    fake.userinfo["SubjectNameID"] = somebody().national_id
    assert go_through(fake, Browser()).status_code == 403


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


# --- where they act -----------------------------------------------------------------------------------------


def _two_places(fake: Fake) -> tuple[Any, Any]:
    here = place("Cabinet des Lilas", technical_id=f"R{uuid4().hex[:12]}")
    there = place("Clinique du Port", technical_id=f"R{uuid4().hex[:12]}")
    found = somebody(here, there)
    fake.userinfo["SubjectNameID"] = found.national_id
    first, second = found.activities
    return first, second


def test_the_structure_that_they_state_is_where_they_act(fake: Fake) -> None:
    here, there = _two_places(fake)
    for one in (here, there):
        browser = Browser()
        fake.userinfo["SubjectOrganizationID"] = one.technical_id
        assert go_through(fake, browser)["Location"] == "/pro/"
        assert one.name in browser.get("/pro/lieu/").content.decode()
        assert f'value="{one.organisation}" aria-current="true"' in browser.get("/pro/lieu/").content.decode()


def test_who_acts_in_several_places_says_where(fake: Fake) -> None:
    here, there = _two_places(fake)
    browser = Browser()
    response = go_through(fake, browser, "/pro/connexion/?suite=/pro/lieu/")
    assert response["Location"] == "/pro/lieu/?suite=%2Fpro%2Flieu%2F"
    assert browser.get("/pro/")["Location"] == "/pro/lieu/"
    page = browser.get(response["Location"]).content.decode()
    assert "Où exercez-vous aujourd’hui ?" in page
    assert here.name in page and there.name in page
    chosen = browser.post("/pro/lieu/", {"lieu": str(there.organisation), "suite": "/pro/lieu/"})
    assert (chosen.status_code, chosen["Location"]) == (303, "/pro/lieu/")
    assert is_in(browser)


def test_nobody_acts_where_the_directory_does_not_say_so(fake: Fake) -> None:
    _two_places(fake)
    elsewhere = somebody(place("Ailleurs")).activities[0]
    browser = Browser()
    go_through(fake, browser)
    for said in (str(elsewhere.organisation), "", "x", "' OR 1=1"):
        response = browser.post("/pro/lieu/", {"lieu": said, "suite": "https://ailleurs.test/"})
        assert response.status_code == 422
        assert "Choisissez un de ces lieux." in response.content.decode()
    assert browser.get("/pro/").status_code == 302


# --- a session ----------------------------------------------------------------------------------------------


def test_a_session_ends_after_half_an_hour_of_rest_and_after_eight_hours(fake: Fake) -> None:
    at = edge.now()
    browser = Browser()
    go_through(known(fake), browser)
    for minutes in range(0, 480, 29):
        with edge.clock_at(at + timedelta(minutes=minutes)):
            assert is_in(browser), minutes
    with edge.clock_at(at + timedelta(minutes=481)):
        assert browser.get("/pro/")["Location"] == "/pro/"
        assert not is_in(browser)
    go_through(fake, browser)
    with edge.clock_at(edge.now() + timedelta(minutes=31)):
        browser.get("/pro/")
        assert not is_in(browser)


def test_who_stops_practising_is_out_at_the_next_page(fake: Fake) -> None:
    found = somebody(place())
    fake.userinfo["SubjectNameID"] = found.national_id
    browser = Browser()
    go_through(fake, browser)
    retired(found)
    assert browser.get("/pro/")["Location"] == "/pro/lieu/"
    assert browser.get("/pro/lieu/").status_code == 403
    assert browser.get("/pro/lieu/")["Location"] == "/pro/"


def test_who_leaves_a_place_is_asked_where_they_act_now(fake: Fake) -> None:
    here, _there = _two_places(fake)
    fake.userinfo["SubjectOrganizationID"] = here.technical_id
    browser = Browser()
    go_through(fake, browser)
    stays = somebody(place())
    put_professional(replace(stays, national_id=fake.userinfo["SubjectNameID"]))
    assert browser.get("/pro/")["Location"] == "/pro/lieu/"


def test_signing_out_ends_the_session_and_goes_to_the_provider(fake: Fake, settings: Any) -> None:
    browser = Browser()
    go_through(known(fake), browser)
    cookie = browser.cookies["sessionid"].value
    response = browser.post("/pro/deconnexion/")
    assert response.status_code == 303
    address, _, query = response["Location"].partition("?")
    assert address == f"{fake.issuer}/logout"
    assert query.startswith("id_token_hint=ey")
    assert query.endswith(quote(f"{settings.ESPACE_PUBLIC_URL}/pro/au-revoir/", safe=""))
    browser.cookies["sessionid"] = cookie
    assert not is_in(browser)
    assert "Vous êtes déconnecté" in browser.get("/pro/au-revoir/").content.decode()


def test_signing_out_when_nobody_is_in_is_harmless(fake: Fake) -> None:
    assert Browser().post("/pro/deconnexion/")["Location"] == "/pro/au-revoir/"
    assert Browser().get("/pro/deconnexion/").status_code == 405


def test_the_page_lets_its_form_lead_to_the_provider_and_nowhere_else(fake: Fake) -> None:
    browser = Browser()
    go_through(known(fake), browser)
    assert f"form-action 'self' {fake.issuer};" in browser.get("/pro/")["Content-Security-Policy"]
    assert "form-action 'self';" in Browser().get("/pro/")["Content-Security-Policy"]


def test_a_holder_in_the_same_browser_is_somebody_else(fake: Fake) -> None:
    from portal.helpers import member, signed_in

    browser = signed_in(member())
    go_through(known(fake), browser)
    assert is_in(browser)
    assert "Camille Duval" in browser.get("/").content.decode()
    assert "Anne Morel" not in browser.get("/").content.decode()
    browser.post("/pro/deconnexion/")
    assert not is_in(browser)
    assert "Camille Duval" in browser.get("/").content.decode()


def test_another_professional_in_the_same_browser_takes_the_place_of_the_first(fake: Fake) -> None:
    browser = Browser()
    go_through(known(fake), browser)
    first = dict(browser.session["pro"])
    fake.sub = "f:realm:une-autre"
    go_through(known(fake), browser)
    assert browser.session["pro"]["session"] != first["session"]
    session = browser.session
    session["pro"] = first
    session.save()
    assert browser.get("/pro/")["Location"] == "/pro/"
