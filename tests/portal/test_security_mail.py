"""Codes by mail: chosen once the address is proved; six digits, ten minutes, one use, five tries; in no log."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from espace.edge import clock_at
from espace.identity.actions.mail_codes import make_mail_code, spend_mail_code
from espace.portal.factors import factors_of, make_recovery_codes
from espace.site import worker
from portal.helpers import Member, member
from portal.security import entered, events, taking_mail_codes, with_address, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHOOSE = "/securite/courriel/"


def addressed() -> Member:
    return with_address(member(), f"{uuid4().hex[:12]}@example.org")


def code_mailed(who: Member, mailoutbox: Any, at: datetime = NOW) -> str:
    """The code of the last mail to this member, once the worker has sent it."""
    with clock_at(at):
        worker.run_until_idle()
    email = address(who)
    texts = [mail.body for mail in mailoutbox if mail.to == [email]]
    found = re.search(r"^([0-9]{6})$", texts[-1], re.MULTILINE)
    assert found
    return found[1]


def address(who: Member) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM identity_account WHERE id = %s", [who.account])
        return str(cursor.fetchone()[0])


def made(who: Member, mailoutbox: Any, at: datetime = NOW) -> str:
    assert make_mail_code(account_id=who.account, patient=who.of.patient, at=at)
    return code_mailed(who, mailoutbox, at)


def spent(who: Member, code: str, at: datetime = NOW) -> bool:
    return spend_mail_code(account_id=who.account, code=code, at=at)


def test_it_is_chosen_once_a_code_has_come_then_signs_in(mailoutbox: Any) -> None:
    camille = addressed()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        assert address(camille) in words(browser.get(CHOOSE))
        assert not factors_of(camille.account).mail
        browser.post(CHOOSE)
        code = code_mailed(camille, mailoutbox)
        assert browser.post(CHOOSE, {"code": code}).status_code == 302
        assert factors_of(camille.account).mail
    assert events("SignInChanged", camille.of.patient) == 1
    with clock_at(NOW + 2 * MINUTE):
        there = Client()
        there.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        asked = words(there.get("/connexion/code/"))
        assert "Recevoir un code par courriel" in asked and "Ouvrez votre application" in asked
        sent = there.post("/connexion/code/courriel/")
        waiting = words(there.get(sent["Location"]))
        assert "Un code part à l’instant" in waiting and "que vous recevez par courriel" in waiting
        assert "Ouvrez votre application" not in waiting
        wrong = words(there.post(sent["Location"], {"code": "12"}))
        assert "demandez-en un autre" in wrong and "Attendez le prochain" not in wrong
        assert "Un code part à l’instant" not in wrong
        code = code_mailed(camille, mailoutbox, NOW + 2 * MINUTE)
        assert there.post("/connexion/code/", {"code": code})["Location"] == "/"
        assert there.get("/documents/").status_code == 200


def test_the_mail_says_where_its_code_was_asked_for(mailoutbox: Any) -> None:
    """Whoever chooses codes, or confirms that it is them, is in their space: nobody « knows the password » then."""
    camille = taking_mail_codes(addressed())
    with clock_at(NOW):
        entered(camille, NOW).post("/securite/confirmer/courriel/")
        code_mailed(camille, mailoutbox)
    with clock_at(NOW + 2 * MINUTE):
        there = Client()
        there.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        there.post("/connexion/code/courriel/")
        code_mailed(camille, mailoutbox, NOW + 2 * MINUTE)
    inside, outside = (mail for mail in mailoutbox if mail.to == [address(camille)] and "code" in mail.subject)
    assert inside.subject == "Votre code pour la page « Sécurité »" and "fermez les autres sessions" in inside.body
    assert "connaît votre mot de passe" not in inside.body
    assert outside.subject == "Votre code de connexion" and "Je n’arrive plus à me connecter" in outside.body


@pytest.mark.parametrize("path", ["/connexion/code/", "/securite/confirmer/"])
def test_who_has_no_recovery_code_is_led_to_the_way_back(path: str) -> None:
    camille = addressed()
    with clock_at(NOW):
        if path.startswith("/connexion"):
            browser = Client()
            browser.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        else:
            browser = entered(camille, NOW)
        without = browser.get(path)
        make_recovery_codes(camille.account)
        with_codes = browser.get(path)
    assert 'href="/connexion/perdu/">Refaire votre accès' in without.content.decode()
    assert "Écrivez un code de secours" not in words(without)
    assert "Écrivez un code de secours" in words(with_codes) and "Refaire votre accès" not in words(with_codes)


def test_a_wrong_code_does_not_choose_it(mailoutbox: Any) -> None:
    camille = addressed()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        browser.post(CHOOSE)
        code = code_mailed(camille, mailoutbox)
        refused = browser.post(CHOOSE, {"code": f"{(int(code) + 1) % 10**6:06}"})
    assert refused.status_code == 422 and not factors_of(camille.account).mail


def test_an_account_without_address_cannot_choose_it() -> None:
    camille = member()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        assert "n’a pas d’adresse" in words(browser.post(CHOOSE))
    assert events("MailCodeMade", camille.of.patient) == 0


@pytest.mark.parametrize(
    ("after", "right"), [(timedelta(0), True), (10 * MINUTE - timedelta(seconds=1), True), (10 * MINUTE, False)]
)
def test_it_is_worth_ten_minutes(after: timedelta, right: bool, mailoutbox: Any) -> None:
    camille = addressed()
    assert spent(camille, made(camille, mailoutbox), NOW + after) is right


def test_it_serves_once(mailoutbox: Any) -> None:
    camille = addressed()
    code = made(camille, mailoutbox)
    assert [spent(camille, code) for _n in range(2)] == [True, False]


@pytest.mark.parametrize(("wrong", "right"), [(4, True), (5, False)])
def test_the_sixth_try_is_refused_even_right(wrong: int, right: bool, mailoutbox: Any) -> None:
    camille = addressed()
    code = made(camille, mailoutbox)
    for number in range(wrong):
        assert not spent(camille, f"{(int(code) + 1 + number) % 10**6:06}")
    assert spent(camille, code) is right


def test_the_next_one_takes_its_place_after_a_minute(mailoutbox: Any) -> None:
    camille = addressed()
    first = made(camille, mailoutbox)
    again = (make_mail_code(account_id=camille.account, patient=camille.of.patient, at=at)
             for at in (NOW, NOW + MINUTE - timedelta(seconds=1)))  # fmt: skip
    assert list(again) == [False, False]
    second = made(camille, mailoutbox, NOW + MINUTE)
    assert first == second or not spent(camille, first, NOW + MINUTE)
    assert spent(camille, second, NOW + MINUTE)


def test_the_code_of_one_opens_nothing_of_another(mailoutbox: Any) -> None:
    camille, monique = addressed(), addressed()
    code, hers = made(camille, mailoutbox), made(monique, mailoutbox)
    assert code == hers or not spent(camille, hers)


def test_only_where_the_holder_chose_it(mailoutbox: Any) -> None:
    camille = addressed()
    code = made(camille, mailoutbox)
    with clock_at(NOW):
        browser = Client()
        browser.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        assert "Recevoir un code" not in words(browser.get("/connexion/code/"))
        before = events("MailCodeMade", camille.of.patient)
        assert browser.post("/connexion/code/courriel/").status_code == 302
        assert events("MailCodeMade", camille.of.patient) == before
        assert browser.post("/connexion/code/", {"code": code}).status_code == 422


def test_nobody_without_the_password_makes_a_mail_leave() -> None:
    assert Client().post("/connexion/code/courriel/")["Location"] == "/connexion/"


def test_six_an_hour_at_most() -> None:
    camille = taking_mail_codes(addressed())
    browser = entered(camille, NOW)
    with clock_at(NOW):
        answers = [browser.post("/securite/confirmer/courriel/").status_code for _n in range(7)]
    assert answers == [302] * 6 + [429]


def test_stopping_kills_the_code_that_is_on_its_way(mailoutbox: Any) -> None:
    camille = taking_mail_codes(addressed())
    code = made(camille, mailoutbox)
    with clock_at(NOW):
        browser = entered(camille, NOW)
        browser.post(CHOOSE)
        assert not factors_of(camille.account).mail
    assert not spent(camille, code)


def test_a_code_that_is_worth_nothing_any_more_is_not_mailed(mailoutbox: Any) -> None:
    camille = addressed()
    make_mail_code(account_id=camille.account, patient=camille.of.patient, at=NOW)
    with clock_at(NOW + 10 * MINUTE):
        worker.run_until_idle()
    assert [mail for mail in mailoutbox if mail.to == [address(camille)]] == []


def test_neither_the_database_nor_the_logs_know_the_code(mailoutbox: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    camille = addressed()
    make_mail_code(account_id=camille.account, patient=camille.of.patient, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_mail_code WHERE account_id = %s", [camille.account])
        kept = [str(cursor.fetchone())]
        cursor.execute("SELECT sealed FROM outbox_event WHERE patient_id = %s", [camille.of.patient])
        kept += [str(bytes(row[0])) for row in cursor.fetchall()]
    code = code_mailed(camille, mailoutbox)
    spent(camille, code)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("espace")]
    assert not any(re.search(rf"\b{code}\b", text) for text in [*kept, *said])
