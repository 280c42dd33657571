"""Log-outs that the provider announces: the right one ends the right sessions at once, and no other does anything."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client as Browser

from espace import edge
from workstation.fake_provider import (
    ABSENT,
    EVENT,
    Fake,
    encoded,
    go_through,
    key,
    place,
    provider,
    signed,
    somebody,
    use,
)

pytestmark = pytest.mark.django_db
PATH = "/pro/deconnexion-annoncee/"


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    with provider() as found:
        use(found, settings)
        found.userinfo["SubjectNameID"] = somebody(place()).national_id
        yield found


@pytest.fixture
def browser(fake: Fake) -> Browser:
    """Somebody who is signed in."""
    found = Browser()
    assert go_through(fake, found).status_code == 302
    return found


def is_in(browser: Browser) -> bool:
    return browser.get("/pro/").status_code == 200 and browser.get("/pro/").context["frame"].name == "Anne Morel"


def announce(token: str) -> Any:
    """As the provider posts it: no cookie, no form token."""
    response = Browser(enforce_csrf_checks=True).post(
        PATH, f"logout_token={token}", content_type="application/x-www-form-urlencoded"
    )
    assert response["Cache-Control"] == "no-store"
    return response


def test_the_session_named_ends_at_once(fake: Fake, browser: Browser) -> None:
    assert announce(signed(fake.logout_claims(), typ="logout+jwt")).status_code == 200
    assert browser.get("/pro/lieu/")["Location"] == "/pro/"
    assert not is_in(browser)


@pytest.mark.parametrize("typ", ["logout+jwt", "JWT", "LOGOUT+JWT", "application/logout+jwt", ABSENT], ids=str)
def test_a_logout_token_may_say_its_type_in_these_ways(fake: Fake, browser: Browser, typ: Any) -> None:
    assert announce(signed(fake.logout_claims(), typ=typ)).status_code == 200
    assert not is_in(browser)


def test_a_person_named_without_a_session_is_out_of_all_of_theirs(fake: Fake, browser: Browser) -> None:
    elsewhere, first = Browser(), fake.sid
    fake.sid = f"{first}-2"
    go_through(fake, elsewhere)
    assert announce(signed(fake.logout_claims() | {"sid": ABSENT})).status_code == 200
    assert not is_in(browser)
    assert not is_in(elsewhere)


def test_a_session_named_without_a_person_ends_alone(fake: Fake, browser: Browser) -> None:
    elsewhere, first = Browser(), fake.sid
    fake.sid = f"{first}-2"
    go_through(fake, elsewhere)
    assert announce(signed(fake.logout_claims() | {"sub": ABSENT, "sid": first})).status_code == 200
    assert not is_in(browser)
    assert is_in(elsewhere)


def test_a_session_is_that_of_the_person_named_with_it(fake: Fake, browser: Browser) -> None:
    assert announce(signed(fake.logout_claims() | {"sub": "f:realm:autre"})).status_code == 200
    assert is_in(browser)


def test_a_session_that_nobody_has_was_ended_already(fake: Fake, browser: Browser) -> None:
    assert announce(signed(fake.logout_claims() | {"sid": "inconnue"})).status_code == 200
    assert is_in(browser)


def test_an_announcement_serves_once(fake: Fake, browser: Browser) -> None:
    token = signed(fake.logout_claims())
    assert announce(token).status_code == 200
    go_through(fake, browser)
    response = announce(token)
    assert (response.status_code, response.json()["error_description"]) == (400, "jti")
    assert is_in(browser)


def test_an_announcement_that_comes_many_times_at_once_serves_once(fake: Fake, browser: Browser) -> None:
    token = signed(fake.logout_claims())

    def post(_time: int) -> int:
        try:
            return int(announce(token).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(post, range(6))) == [200] + [400] * 5
    assert not is_in(browser)


def test_an_announcement_is_worth_nothing_five_minutes_later(fake: Fake, browser: Browser) -> None:
    token = signed(fake.logout_claims() | {"exp": int(edge.now().timestamp()) + 86_400})
    with edge.clock_at(edge.now() + timedelta(minutes=6)):
        response = announce(token)
        assert (response.status_code, response.json()["error_description"]) == (400, "iat")
        assert is_in(browser)


def test_a_session_that_began_before_the_place_was_chosen_ends_too(fake: Fake) -> None:
    fake.userinfo["SubjectNameID"] = somebody(place("Ici"), place("Là")).national_id
    browser = Browser()
    assert go_through(fake, browser)["Location"].startswith("/pro/lieu/")
    assert announce(signed(fake.logout_claims())).status_code == 200
    assert browser.get("/pro/lieu/")["Location"] == "/pro/"


_CLAIMS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"iss": "https://auth.ailleurs.test"}, "iss"),
    "no issuer": ({"iss": ABSENT}, "iss"),
    "another audience": ({"aud": "un-autre-logiciel"}, "aud"),
    "our audience among others": ({"aud": ["espace-de-test", "autre"]}, "aud"),
    "no audience": ({"aud": ABSENT}, "aud"),
    "expired": ({"exp": 1_700_000_000}, "exp"),
    "no expiry": ({"exp": ABSENT}, "exp"),
    "issued long ago": ({"iat": 1_700_000_000}, "iat"),
    "issued in the future": ({"iat": 4_000_000_000}, "iat"),
    "no date": ({"iat": ABSENT}, "iat"),
    "no number": ({"jti": ABSENT}, "jti"),
    "an empty number": ({"jti": ""}, "jti"),
    "a number that is a number": ({"jti": 1}, "jti"),
    "a number without end": ({"jti": "a" * 300}, "jti"),
    "no event": ({"events": ABSENT}, "events"),
    "another event": ({"events": {"http://schemas.openid.net/event/autre": {}}}, "events"),
    "an event that is no object": ({"events": {EVENT: True}}, "events"),
    "events in a list": ({"events": [EVENT]}, "events"),
    "a nonce": ({"nonce": "n"}, "nonce"),
    "an empty nonce": ({"nonce": None}, "nonce"),
    "neither person nor session": ({"sub": ABSENT, "sid": ABSENT}, "sub"),
    "a person that is no text": ({"sub": ["a"]}, "sub"),
    "a session that is no text": ({"sid": 1}, "sid"),
}


@pytest.mark.parametrize(("claims", "said"), _CLAIMS.values(), ids=_CLAIMS)
def test_a_wrong_claim_ends_nothing(fake: Fake, browser: Browser, claims: dict[str, Any], said: str) -> None:
    response = announce(signed(fake.logout_claims() | claims))
    assert (response.status_code, response.json()) == (
        400,
        {"error": "invalid_request", "error_description": said},
    )
    assert is_in(browser)


_TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "no signature": lambda claims: f"{encoded({'alg': 'none'})}.{encoded(claims)}.",
    "a signature of nothing": lambda claims: f"{encoded({'alg': 'none'})}.{encoded(claims)}.AAAA",
    "another key under the same name": lambda claims: signed(claims, by=key("other"), kid="first"),
    "a key that nobody has": lambda claims: signed(claims, by=key("other")),
    "its own key inside": lambda claims: signed(claims, by=key("other"), jwk=key("other").published()),
    "another type": lambda claims: signed(claims, typ="at+jwt"),
    "an algorithm that we do not take": lambda claims: signed(claims, alg="RS512"),
    "rubbish": lambda claims: "rubbish",
    "nothing": lambda claims: "",
    "endless": lambda claims: "a" * 20_000,
}


@pytest.mark.parametrize("token", _TOKENS.values(), ids=_TOKENS)
def test_a_forged_announcement_ends_nothing(
    fake: Fake, browser: Browser, token: Callable[[dict[str, Any]], str]
) -> None:
    assert announce(token(fake.logout_claims())).status_code == 400
    assert is_in(browser)


def test_an_id_token_is_not_an_announcement(fake: Fake, browser: Browser) -> None:
    response = announce(signed(fake.id_claims()))
    assert (response.status_code, response.json()["error_description"]) == (400, "events")
    assert is_in(browser)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("logout_token=a&logout_token=b", "application/x-www-form-urlencoded"),
        ('{"logout_token": "a"}', "application/json"),
        ("logout_token=a", "text/plain"),
        ("\xff\xfe", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_not_one_token_in_a_form_is_refused(fake: Fake, body: str, kind: str) -> None:
    response = Browser().post(PATH, body.encode("latin-1"), content_type=kind)
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"


def test_a_provider_whose_keys_cannot_be_read_ends_nothing(fake: Fake, settings: Any) -> None:
    fake.broken["/jwks"] = (500, b"")
    response = announce(signed(fake.logout_claims()))
    assert (response.status_code, response.json()["error_description"]) == (400, "provider")


def test_a_get_says_nothing(fake: Fake) -> None:
    assert Browser().get(PATH).status_code == 405


def test_the_table_of_sessions_names_nobody_at_the_provider(fake: Fake, browser: Browser) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM identity_professional_session s")
        rows = [row[0] for row in cursor.fetchall()]
    assert rows
    assert not any(word in row for row in rows for word in (fake.sub, fake.sid, fake.sub.encode().hex()))
