"""Signing in and out: two factors always, one code once, bounds on tries, answers that tell nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from espace.edge import clock_at
from espace.portal.codes import matching_step
from portal.helpers import PASSWORD, SECRET, Member, code_at, member

NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)


def password_step(browser: Client, identifier: str, password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/connexion/", {"login": identifier, "password": password, **more})


def sign_in(browser: Client, who: Member, at: datetime) -> Any:
    with clock_at(at):
        password_step(browser, who.identifier)
        return browser.post("/connexion/code/", {"code": code_at(at)})


def words(response: Any) -> str:
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", found[0])
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text))


def test_identifier_and_password_then_code_open_the_space() -> None:
    camille, browser = member(), Client()
    first = password_step(browser, camille.identifier.upper())
    assert (first.status_code, first["Location"]) == (302, "/connexion/code/")
    assert browser.get("/documents/").status_code == 302
    with clock_at(NOW):
        second = browser.post("/connexion/code/", {"code": f" {code_at(NOW)[:3]} {code_at(NOW)[3:]} "})
        assert browser.get("/documents/").status_code == 200
    assert (second.status_code, second["Location"]) == (302, "/")


def test_the_person_goes_where_they_were_going() -> None:
    camille, browser = member(), Client()
    with clock_at(NOW):
        password_step(browser, camille.identifier, next="/partage/")
        assert browser.post("/connexion/code/", {"code": code_at(NOW)})["Location"] == "/partage/"


def test_nobody_is_sent_to_another_site() -> None:
    camille, browser = member(), Client()
    with clock_at(NOW):
        password_step(browser, camille.identifier, next="https://exemple.org/")
        assert browser.post("/connexion/code/", {"code": code_at(NOW)})["Location"] == "/"


def test_a_wrong_password_and_an_unknown_identifier_answer_alike() -> None:
    camille = member()
    closed = member()
    get_user_model().objects.filter(pk=closed.account).update(is_active=False)
    bare = member()
    Authenticator.objects.filter(user_id=bare.account).delete()
    answers = [
        password_step(Client(), identifier, password)
        for identifier, password in (
            (camille.identifier, "Pas-le-bon-1"),
            ("personne.ici", PASSWORD),
            (closed.identifier, PASSWORD),
            (bare.identifier, PASSWORD),
        )
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert len({words(answer) for answer in answers}) == 1
    assert "L’identifiant ou le mot de passe n’est pas le bon." in words(answers[0])


def test_the_identifier_typed_is_kept_and_the_password_is_not() -> None:
    page = password_step(Client(), "quelqu.un", "Secret-tape-1").content.decode()
    assert 'value="quelqu.un"' in page and "Secret-tape-1" not in page


def test_tries_are_bounded_even_with_the_right_password_at_last() -> None:
    camille = member()
    for _ in range(5):
        assert password_step(Client(), camille.identifier, "Pas-le-bon-1").status_code == 422
    stopped = password_step(Client(), camille.identifier)
    assert stopped.status_code == 429
    assert "Trop d’essais. Attendez cinq minutes" in words(stopped)
    assert f'value="{camille.identifier}"' in stopped.content.decode()


def test_the_bound_on_tries_is_shared_by_all_processes() -> None:
    camille = member()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_tally")
        assert cursor.fetchone() == (0,)
        password_step(Client(), camille.identifier, "Pas-le-bon-1")
        cursor.execute("SELECT count(*) FROM identity_tally")
        assert cursor.fetchone() != (0,)


def test_a_wrong_code_is_refused_and_codes_are_bounded() -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    wrong = "000000" if code_at(NOW) != "000000" else "111111"
    with clock_at(NOW):
        for _ in range(5):
            refused = browser.post("/connexion/code/", {"code": wrong})
            assert refused.status_code == 422
        assert "Ce code n’est pas le bon" in words(refused)
        assert browser.post("/connexion/code/", {"code": code_at(NOW)}).status_code == 429
    assert browser.get("/documents/").status_code == 302


@pytest.mark.parametrize("later", [0, 25, 50])
def test_a_code_serves_once_for_as_long_as_it_would_be_right(later: int) -> None:
    camille = member()
    assert sign_in(Client(), camille, NOW).status_code == 302
    again, moment = Client(), NOW + timedelta(seconds=later)
    with clock_at(moment):
        password_step(again, camille.identifier)
        replayed = again.post("/connexion/code/", {"code": code_at(NOW)})
    assert replayed.status_code == 422
    assert "a déjà servi" in words(replayed)


def test_the_next_code_opens_again() -> None:
    camille = member()
    assert sign_in(Client(), camille, NOW).status_code == 302
    assert sign_in(Client(), camille, NOW + timedelta(seconds=30)).status_code == 302


@pytest.mark.parametrize(("drift", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(drift: int, accepted: bool) -> None:
    moment = NOW + timedelta(seconds=drift)
    assert (matching_step(SECRET, code_at(moment), NOW) is not None) is accepted


def test_rfc_6238_vector() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert matching_step(secret, "287082", datetime.fromtimestamp(59, UTC)) == 1


def test_the_secret_is_sealed_in_the_database() -> None:
    camille = member()
    (kept,) = Authenticator.objects.filter(user_id=camille.account).values_list("data", flat=True)
    assert SECRET not in str(kept)


def test_the_code_page_is_closed_to_whoever_did_not_give_a_password() -> None:
    assert Client().get("/connexion/code/")["Location"] == "/connexion/"


def test_a_sign_in_can_be_abandoned() -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    assert browser.post("/connexion/annuler/")["Location"] == "/connexion/"
    assert browser.get("/connexion/code/")["Location"] == "/connexion/"


def test_signing_out_is_a_post_and_ends_the_session() -> None:
    camille, browser = member(), Client()
    sign_in(browser, camille, NOW)
    assert browser.get("/deconnexion/").status_code == 405
    assert browser.post("/deconnexion/")["Location"] == "/"
    assert browser.get("/documents/").status_code == 302


def test_a_session_from_before_signing_in_is_not_kept() -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    before = browser.cookies["sessionid"].value
    with clock_at(NOW):
        browser.post("/connexion/code/", {"code": code_at(NOW)})
    assert browser.cookies["sessionid"].value != before


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/connexion/inscription/", "/admin/"])
def test_nothing_else_of_allauth_is_mounted(path: str) -> None:
    assert Client().get(path).status_code == 404


def test_a_form_without_its_token_is_refused_in_words() -> None:
    refused = Client(enforce_csrf_checks=True).post("/connexion/", {"login": "a", "password": "b"})
    assert refused.status_code == 403
    assert "La page était ouverte depuis trop longtemps" in words(refused)
