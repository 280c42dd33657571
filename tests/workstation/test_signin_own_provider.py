"""The demonstration's own provider, in its own process: signing in with it whole, and signing out."""

from urllib.parse import urlsplit

import pytest
from django.test import Client as Browser

from espace import edge
from espace.site.provider.accounts import ACCOUNTS, Account
from espace.site.provider.codes import code_at
from workstation.own_provider import (
    DOCTOR,
    NURSE,
    STRANGER,
    Own,
    code_in,
    in_directory,
    question,
    through_password,
    with_ecps,
)
from workstation.walking import Walker

FORM = "application/x-www-form-urlencoded"


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
