"""Recovery codes: shown when they are made and never after, one use each, worthless in the database."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.test import Client

from espace.edge import clock_at
from espace.portal.factors import accepts, factors_of, make_recovery_codes
from portal.helpers import Member, member
from portal.security import entered, events, words
from record.test_amending import elsewhere

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)


def shown(page: Any) -> list[str]:
    return re.findall(r"<code>([0-9a-z]{5}-[0-9a-z]{5})</code>", page.content.decode())


def made(browser: Client) -> list[str]:
    assert browser.post("/securite/codes/nouveaux/")["Location"] == "/securite/codes/"
    return shown(browser.get("/securite/codes/"))


def given(who: Member, code: str) -> Client:
    """A browser where this member gave the password, then this code."""
    browser = Client()
    browser.post("/connexion/", {"login": who.identifier, "password": who.password})
    browser.post("/connexion/code/", {"code": code})
    return browser


def test_ten_codes_are_shown_until_they_are_noted_then_nobody_sees_them_again() -> None:
    camille = member()
    browser = entered(camille, NOW)
    with clock_at(NOW):
        assert "Vous n’en avez pas" in words(browser.get("/securite/"))
        codes = made(browser)
        assert len(set(codes)) == 10
        assert shown(browser.get("/securite/codes/")) == codes
        assert browser.post("/securite/codes/")["Location"] == "/securite/"
        assert browser.get("/securite/codes/")["Location"] == "/securite/codes/nouveaux/"
        assert "Il vous en reste 10." in words(browser.get("/securite/"))
    assert events("SignInChanged", camille.of.patient) == 1


def test_they_are_shown_for_ten_minutes_at_most() -> None:
    browser = entered(member(), NOW)
    with clock_at(NOW):
        made(browser)
    session = browser.session
    session["second_factor"] = (NOW + timedelta(minutes=9)).isoformat()
    session.save()
    with clock_at(NOW + timedelta(minutes=10)):
        assert browser.get("/securite/codes/").status_code == 200
    with clock_at(NOW + timedelta(minutes=10, seconds=1)):
        assert browser.get("/securite/codes/").status_code == 302


def test_a_code_signs_in_once() -> None:
    camille = member()
    code = make_recovery_codes(camille.account)[3]
    assert given(camille, code).get("/documents/").status_code == 200
    assert given(camille, code).get("/documents/").status_code == 302
    assert factors_of(camille.account).recovery == 9


@pytest.mark.parametrize(
    "wrote", [str.upper, lambda code: code.replace("-", ""), lambda code: f" {code[:5]} - {code[6:]} "]
)
def test_a_code_may_be_written_in_any_way(wrote: Any) -> None:
    camille = member()
    assert accepts(camille.account, wrote(make_recovery_codes(camille.account)[0]), NOW)


def test_letters_that_are_mistaken_for_digits_are_read_as_them() -> None:
    camille = member()
    drawn = (make_recovery_codes(camille.account) for _n in range(50))
    code = next(one for codes in drawn for one in codes if "0" in one or "1" in one)
    assert accepts(camille.account, code.replace("0", "O").replace("1", "l"), NOW)


def test_near_misses_open_nothing() -> None:
    camille, monique = member(), member()
    codes, hers = make_recovery_codes(camille.account), make_recovery_codes(monique.account)
    last = "0" if codes[0][-1] != "0" else "2"
    wrong = (codes[0][:-1] + last, codes[0][:-1], codes[0] + "0", hers[0], codes[0][6:] + "-" + codes[0][:5], "", "-")
    assert [accepts(camille.account, one, NOW) for one in wrong] == [False] * len(wrong)
    assert factors_of(camille.account).recovery == factors_of(monique.account).recovery == 10


def test_new_codes_end_the_ones_before() -> None:
    camille = member()
    before = make_recovery_codes(camille.account)
    with clock_at(NOW):
        after = made(entered(camille, NOW))
    assert not any(accepts(camille.account, code, NOW) for code in before)
    assert accepts(camille.account, after[0], NOW)


def test_a_request_that_began_before_it_was_spent_does_not_spend_it_again() -> None:
    camille = member()
    code = make_recovery_codes(camille.account)[0]
    taken: list[bool] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM mfa_authenticator")
        elsewhere(lambda: taken.append(accepts(camille.account, code, NOW)))
        taken.append(accepts(camille.account, code, NOW))
        transaction.set_rollback(True)
    assert taken == [True, False]


def test_the_database_does_not_know_them() -> None:
    camille = member()
    browser = entered(camille, NOW)
    with clock_at(NOW):
        codes = made(browser)
    kept = str(list(Authenticator.objects.filter(user_id=camille.account).values_list("data", flat=True)))
    session = str(dict(browser.session))
    for code in codes:
        for form in (code, code.replace("-", "")):
            assert form not in kept and form not in session


def test_recovery_codes_alone_are_no_second_factor() -> None:
    camille = member()
    code = make_recovery_codes(camille.account)[0]
    Authenticator.objects.filter(user_id=camille.account, type="totp").delete()
    browser = Client()
    assert browser.post("/connexion/", {"login": camille.identifier, "password": camille.password}).status_code == 422
    assert given(camille, code).get("/documents/").status_code == 302
