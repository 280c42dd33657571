"""The password and the address, changed on « Sécurité »: proved first, told to whom it concerns, and nothing else."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from espace.edge import clock_at
from espace.identity.actions.mail_codes import make_address_code, make_mail_code, spend_mail_code
from espace.site import worker
from portal.helpers import Member, code_at, member
from portal.security import entered, events, taking_mail_codes, with_address, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NEW = "Une-autre-maree-2"
PASSWORD, ADDRESS = "/securite/mot-de-passe/", "/securite/adresse/"


def fresh_address() -> str:
    return f"{uuid4().hex[:12]}@example.org"


def form(present: str, password: str = NEW, again: str = "") -> dict[str, str]:
    return {"present": present, "password": password, "again": again or password}


def opens(who: Member, password: str) -> bool:
    there = Client()
    there.post("/connexion/", {"login": who.identifier, "password": password})
    return there.get("/connexion/code/").status_code == 200


def address_of(who: Member) -> str:
    return str(get_user_model().objects.values_list("email", flat=True).get(pk=who.account))


def mailed(address: str, mailoutbox: Any, at: datetime = NOW) -> list[Any]:
    with clock_at(at):
        worker.run_until_idle()
    return [mail for mail in mailoutbox if mail.to == [address]]


def code_in(mail: Any) -> str:
    found = re.search(r"^([0-9]{6})$", mail.body, re.MULTILINE)
    assert found
    return found[1]


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_another_password_opens_and_every_other_session_ends() -> None:
    camille = member()
    with clock_at(NOW):
        browser, elsewhere = entered(camille, NOW), entered(camille, NOW)
        cookie = browser.cookies["sessionid"].value
        said = browser.post(PASSWORD, form(camille.password))
        page = browser.get(said["Location"])
        assert "votre mot de passe a changé" in words(page) and words(page).count("Cette session") == 1
        assert words(page).count("Ouverte le") == 1
        assert elsewhere.get("/securite/")["Location"].startswith("/connexion/")
        stolen = Client()
        stolen.cookies["sessionid"] = cookie
        assert stolen.get("/securite/")["Location"].startswith("/connexion/")
    assert (opens(camille, NEW), opens(camille, camille.password)) == (True, False)
    assert (events("PasswordChanged", camille.of.patient), events("SignInChanged", camille.of.patient)) == (1, 0)


def test_what_does_not_change_it() -> None:
    camille = member()
    right = camille.password
    refused = {
        "wrong present one": form("Pas-le-bon-1"),
        "the same": form(right, right),
        "two different": form(right, NEW, NEW + "x"),
        "weak": form(right, "motdepasse"),
        "the identifier in it": form(right, f"X-{camille.identifier}-1"),
    }
    for place, (name, typed) in enumerate(refused.items()):
        with clock_at(NOW):
            assert entered(camille, NOW).post(PASSWORD, typed).status_code == 422, (place, name)
    with clock_at(NOW):
        assert entered(camille, NOW).post(PASSWORD, form(right)).status_code == 429
    assert opens(camille, right) and not opens(camille, NEW)
    assert events("PasswordChanged", camille.of.patient) == 0


def test_who_gave_the_old_password_does_not_finish_with_the_second_factor() -> None:
    camille, thief = member(), Client()
    with clock_at(NOW):
        thief.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        assert entered(camille, NOW).post(PASSWORD, form(camille.password)).status_code == 302
        stopped = thief.post("/connexion/code/", {"code": code_at(NOW)})
        assert stopped["Location"] == "/connexion/"
        assert thief.get("/documents/")["Location"].startswith("/connexion/")


def test_the_address_changes_once_a_code_has_come_there_and_the_old_one_is_told(mailoutbox: Any) -> None:
    camille, old, new = member(), fresh_address(), fresh_address()
    with_address(camille, old)
    with clock_at(NOW):
        browser = entered(camille, NOW)
        assert new in words(browser.post(ADDRESS, {"email": new}))
        (code,) = mailed(new, mailoutbox)
        assert address_of(camille) == old and "http" not in code.body
        assert "nouvelle adresse" in words(browser.get(browser.post(ADDRESS, {"code": code_in(code)})["Location"]))
    assert address_of(camille) == new
    (told,) = mailed(old, mailoutbox)
    assert told.subject == "L’adresse de votre espace a changé" and new not in told.body
    assert len(mailed(new, mailoutbox)) == 1


def test_who_had_no_address_adds_one_and_no_other_is_told(mailoutbox: Any) -> None:
    camille, new = member(), fresh_address()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        browser.post(ADDRESS, {"email": new})
        browser.post(ADDRESS, {"code": code_in(mailed(new, mailoutbox)[0])})
        worker.run_until_idle()
    assert address_of(camille) == new and len(mailed(new, mailoutbox)) == 1
    assert not any(mail.to in ([], [""]) for mail in mailoutbox)


def test_what_does_not_prove_an_address(mailoutbox: Any) -> None:
    """A wrong code, the right one in another browser, in another account, too late."""
    camille, monique, new = member(), member(), fresh_address()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        browser.post(ADDRESS, {"email": new})
        code = code_in(mailed(new, mailoutbox)[0])
        assert browser.post(ADDRESS, {"code": other(code)}).status_code == 422
        assert "Votre nouvelle adresse" in words(entered(camille, NOW).post(ADDRESS, {"code": code}))
        assert "Votre nouvelle adresse" in words(entered(monique, NOW).post(ADDRESS, {"code": code}))
    late = NOW + 10 * MINUTE
    session = browser.session
    session["second_factor"] = late.isoformat()
    session.save()
    with clock_at(late):
        assert browser.post(ADDRESS, {"code": code}).status_code == 422
    assert (address_of(camille), address_of(monique)) == ("", "")
    assert events("AddressChanged", camille.of.patient) == 0


def test_a_code_for_an_address_is_no_second_factor_and_the_other_way_round(mailoutbox: Any) -> None:
    camille, new, old = member(), fresh_address(), fresh_address()
    taking_mail_codes(with_address(camille, old))
    account, patient = camille.account, camille.of.patient
    make_address_code(account_id=account, patient=patient, address=new, language="fr", at=NOW)
    code = code_in(mailed(new, mailoutbox)[0])
    for address in ("", old, new + "x"):
        assert not spend_mail_code(account_id=account, code=code, at=NOW, address=address)
    make_mail_code(account_id=account, patient=patient, at=NOW + MINUTE)
    code = code_in(mailed(old, mailoutbox, NOW + MINUTE)[0])
    assert not spend_mail_code(account_id=account, code=code, at=NOW + MINUTE, address=new)
    assert spend_mail_code(account_id=account, code=code, at=NOW + MINUTE)


def test_nothing_tells_whether_somebody_else_has_the_address(mailoutbox: Any) -> None:
    taken, free = fresh_address(), fresh_address()
    with_address(member(), taken)
    said = []
    for wanted in (taken, free):
        camille = member()
        with clock_at(NOW):
            browser = entered(camille, NOW)
            first = words(browser.post(ADDRESS, {"email": wanted})).replace(wanted, "")
            code = code_in(mailed(wanted, mailoutbox)[0])
            done = browser.get(browser.post(ADDRESS, {"code": code})["Location"])
            said.append((first, words(done).replace(wanted, "")))
            assert address_of(camille) == wanted
    assert said[0] == said[1]


@pytest.mark.parametrize("typed", ["", "camille", "a@b", "a@example.org\nBcc: x@example.org", "é" * 300 + "@x.fr"])
def test_what_is_no_address(typed: str) -> None:
    camille = member()
    with clock_at(NOW):
        assert entered(camille, NOW).post(ADDRESS, {"email": typed}).status_code == 422
    assert events("NewAddressCode", camille.of.patient) == 0
