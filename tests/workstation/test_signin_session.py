"""A professional who is signed in: where they act, and how the session ends."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client as Browser

from espace import edge
from espace.identity.actions import put_professional
from espace.kernel.values import replace
from workstation.fake_provider import Fake, go_through, is_in, known, place, retired, somebody

pytestmark = pytest.mark.django_db


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
