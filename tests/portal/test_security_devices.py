"""The first sign-in from a browser is told by mail, in the account's language, with no word on health; no other is."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from cast import AT
from espace.edge import clock_at
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Step
from espace.identity.actions import set_language
from espace.portal.entering import COOKIE
from espace.site import worker
from portal.helpers import Member, code_at, member
from portal.security import events, with_address

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


def sign_in(browser: Client, who: Member, at: datetime) -> None:
    with clock_at(at):
        browser.post("/connexion/", {"login": who.identifier, "password": who.password})
        assert browser.post("/connexion/code/", {"code": code_at(at)}).status_code == 302


def told(who: Member) -> int:
    return events("NewBrowser", who.of.patient)


def test_once_for_each_browser_and_each_holder() -> None:
    camille, monique, here = member(), member(), Client()
    sign_in(here, camille, NOW)
    assert told(camille) == 1
    cookie = here.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 400 * 24 * 3600)
    assert camille.account.hex not in cookie.value and str(camille.account) not in cookie.value
    here.post("/deconnexion/")
    sign_in(here, camille, NOW + STEP)
    assert told(camille) == 1
    here.post("/deconnexion/")
    sign_in(here, monique, NOW)
    here.post("/deconnexion/")
    sign_in(here, camille, NOW + 2 * STEP)
    assert (told(camille), told(monique)) == (1, 1)
    sign_in(Client(), camille, NOW + 3 * STEP)
    assert told(camille) == 2


@pytest.mark.parametrize("value", ["", "x", "WyJhIl0:1:zzzz", "é", "a" * 5000])
def test_a_forged_cookie_is_no_cookie(value: str) -> None:
    camille, browser = member(), Client()
    browser.cookies[COOKIE] = value
    sign_in(browser, camille, NOW)
    assert told(camille) == 1


def test_the_mail_says_what_happened_and_what_to_do(mailoutbox: list[EmailMessage]) -> None:
    address = f"{uuid4().hex[:12]}@example.org"
    camille = with_address(member(), address)
    enrolment.move(patient=camille.of.patient, step=Step.ACTIVATE, at=AT)
    set_language(account_id=camille.account, language="en")
    sign_in(Client(), camille, NOW)
    with clock_at(NOW):
        worker.run_until_idle()
    (mail,) = [mail for mail in mailoutbox if mail.to == [address]]
    assert mail.subject == "Your space was opened from a new device"
    assert "open the page “Security” and close" in mail.body
    assert camille.identifier not in mail.body and "127.0.0.1" not in mail.body
