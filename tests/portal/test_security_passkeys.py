"""Passkeys against the server: what is asked, what is taken, and near misses of every part of an answer."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from espace.edge import clock_at
from espace.kernel.values import replace
from espace.portal.factors import factors_of
from portal.helpers import Member, member
from portal.security import PRESENT, VERIFIED, Device, entered, events, options_in, registered, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
ADD, ALONE, AFTER_PASSWORD = "/securite/cles/ajouter/", "/connexion/cle/", "/connexion/code/cle/"


def keyed() -> tuple[Member, Client, Device]:
    camille = member()
    browser = entered(camille, NOW)
    return camille, browser, registered(camille, browser)


def alone(device: Device, **more: str) -> tuple[Client, Any]:
    """A browser where this device answers in place of identifier, password and code."""
    browser = Client()
    answer = device.answers(options_in(browser.get(ALONE)))
    return browser, browser.post(ALONE, {"credential": answer, **more})


def inside(browser: Client) -> bool:
    return bool(browser.get("/documents/").status_code == 200)


def test_a_passkey_is_added_named_used_and_told() -> None:
    with clock_at(NOW):
        camille, browser, device = keyed()
        assert "téléphone Clé d’accès" in words(browser.get("/securite/"))
        assert "Jamais utilisée." in words(browser.get("/securite/"))
        (key,) = factors_of(camille.account).passkeys
        assert browser.post(f"/securite/cles/{key.id}/nom/", {"name": "clé bleue"}).status_code == 302
        fresh, done = alone(device)
        assert (done.status_code, done["Location"], inside(fresh)) == (302, "/", True)
        page = words(fresh.get("/securite/"))
        assert "clé bleue Clé d’accès" in page and "Utilisée le 5 mars 2026." in page
    assert events("SignInChanged", camille.of.patient) == 1
    assert not logging.getLogger("fido2.server").isEnabledFor(logging.INFO)  # it would name the passkey


def test_what_is_asked_names_the_site_and_wants_the_person_verified() -> None:
    camille = member()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        page = browser.get(ADD)
        made, known = options_in(page), options_in(Client().get(ALONE))
    assert (made["rp"]["id"], made["user"]["name"]) == ("localhost", camille.identifier)
    assert made["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert (known["rpId"], known["userVerification"]) == ("localhost", "required")
    assert not known.get("allowCredentials")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "connect-src" not in policy and "unsafe" not in policy


def test_after_the_password_the_account_s_own_passkeys_are_asked_for() -> None:
    with clock_at(NOW):
        camille, _browser, device = keyed()
        browser = Client()
        browser.post("/connexion/", {"login": camille.identifier, "password": camille.password, "next": "/partage/"})
        options = options_in(browser.get(AFTER_PASSWORD))
        assert [key["id"] for key in options["allowCredentials"]] == [json.loads(device.answers(options))["id"]]
        done = browser.post(AFTER_PASSWORD, {"credential": device.answers(options)})
        assert (done.status_code, done["Location"], inside(browser)) == (302, "/partage/", True)


def test_a_passkey_confirms_before_a_sensitive_act() -> None:
    with clock_at(NOW):
        _camille, browser, device = keyed()
    with clock_at(NOW + timedelta(minutes=20)):
        options = options_in(browser.get("/securite/confirmer/cle/?suite=/securite/courriel/"))
        form = {"credential": device.answers(options), "suite": "/securite/courriel/"}
        assert browser.post("/securite/confirmer/cle/", form)["Location"] == "/securite/courriel/"
        assert browser.get("/securite/courriel/").status_code == 200


FAULTS: dict[str, Callable[[Device], None]] = {
    "another site": lambda device: setattr(device, "origin", "https://exemple.org"),
    "another port": lambda device: setattr(device, "origin", "http://localhost:1"),
    "a site under ours": lambda device: setattr(device, "origin", "https://faux.localhost"),
    "another party": lambda device: setattr(device, "party", "exemple.org"),
    "nobody present": lambda device: setattr(device, "flags", VERIFIED),
    "nobody verified": lambda device: setattr(device, "flags", PRESENT),
    "another key": lambda device: setattr(device, "key", Device().key),
    "another passkey": lambda device: setattr(device, "id", Device().id),
    "another person": lambda device: setattr(device, "handle", member().account.bytes),
    "no such person": lambda device: setattr(device, "handle", bytes(16)),
    "no person": lambda device: setattr(device, "handle", b""),
    "not a person": lambda device: setattr(device, "handle", b"x"),
}


def test_one_fault_in_the_answer_and_nobody_enters() -> None:
    with clock_at(NOW):
        _camille, _browser, device = keyed()
        for fault, make in FAULTS.items():
            make(faulty := replace(device))
            browser, refused = alone(faulty)
            assert (refused.status_code, inside(browser)) == (422, False), fault
            assert "n’a pas été acceptée" in words(refused)
        assert inside(alone(device)[0])


def test_one_fault_when_it_is_made_and_nothing_is_kept() -> None:
    camille = member()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        for fault in ("another site", "another port", "another party", "nobody verified", "nobody present"):
            FAULTS[fault](device := Device())
            form = {"name": "a", "credential": device.creates(options_in(browser.get(ADD)))}
            assert browser.post(ADD, form).status_code == 422, fault
        cut = json.loads(Device().creates(options_in(browser.get(ADD))))
        cut["response"]["attestationObject"] = cut["response"]["attestationObject"][:-20]
        assert browser.post(ADD, {"name": "a", "credential": json.dumps(cut)}).status_code == 422
    assert factors_of(camille.account).passkeys == ()


def test_an_answer_serves_once_in_its_own_session_for_five_minutes() -> None:
    with clock_at(NOW):
        _camille, _browser, device = keyed()
        browser, other = Client(), Client()
        answer = device.answers(options_in(browser.get(ALONE)))
        other.get(ALONE)
        assert other.post(ALONE, {"credential": answer}).status_code == 422
        assert Client().post(ALONE, {"credential": answer}).status_code == 422
        assert browser.post(ALONE, {"credential": answer}).status_code == 302
        browser.post("/deconnexion/")
        assert browser.post(ALONE, {"credential": answer}).status_code == 422
        browser.get(ALONE)
        assert browser.post(ALONE, {"credential": answer}).status_code == 422
        late = Client()
        answer = device.answers(options_in(late.get(ALONE)))
    with clock_at(NOW + timedelta(minutes=5)):
        assert late.post(ALONE, {"credential": answer}).status_code == 422


def test_a_wrong_answer_takes_the_question_with_it() -> None:
    with clock_at(NOW):
        _camille, _browser, device = keyed()
        browser = Client()
        right = device.answers(options_in(browser.get(ALONE)))
        browser.post(ALONE, {"credential": "{}"})
        assert browser.post(ALONE, {"credential": right}).status_code == 422


def test_a_question_to_make_a_passkey_is_not_one_to_use_it() -> None:
    with clock_at(NOW):
        _camille, browser, device = keyed()
        answer = device.answers(options_in(browser.get(ADD)))
        assert browser.post("/securite/confirmer/cle/", {"credential": answer}).status_code == 422
        wrong = Client()
        answer = device.answers(options_in(wrong.get(ALONE)), kind="webauthn.create")
        assert wrong.post(ALONE, {"credential": answer}).status_code == 422


def test_the_passkey_of_another_account_opens_nothing_after_a_password() -> None:
    with clock_at(NOW):
        camille, _browser, _device = keyed()
        _monique, _hers, foreign = keyed()
        browser = Client()
        browser.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        for handle in (foreign.handle, camille.account.bytes, b""):
            foreign.handle = handle
            answer = foreign.answers(options_in(browser.get(AFTER_PASSWORD)))
            assert browser.post(AFTER_PASSWORD, {"credential": answer}).status_code == 422
        assert not inside(browser)


def test_a_closed_account_answers_as_a_passkey_that_was_never_known() -> None:
    with clock_at(NOW):
        camille, _browser, device = keyed()
        get_user_model().objects.filter(pk=camille.account).update(is_active=False)
        unknown = Device(handle=member().account.bytes)
        answers = [alone(one)[1] for one in (device, unknown)]
    assert {answer.status_code for answer in answers} == {422}
    assert len({words(answer) for answer in answers}) == 1


def test_a_device_that_counts_must_count_on() -> None:
    with clock_at(NOW):
        camille, _browser, device = keyed()
        for before, after, taken in ((0, 0, True), (7, 8, True), (7, 7, False), (7, 6, False), (7, 0, False)):
            row = Authenticator.objects.get(user_id=camille.account, type="webauthn")
            row.data["count"] = before
            row.save()
            device.count = after
            assert (alone(device)[1].status_code == 302) is taken, (before, after)


HOSTILE = [
    "", "null", "[]", "{}", "7", '"x"', "{" * 5000, "[" * 100_000, '{"id":1}', "\x00", "é" * 9000,
    '{"id":"AA","rawId":"AA","type":"public-key","response":{}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"","signature":""}}',
    '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"gg"}}',
    '{"id":"AA","rawId":"AA","type":"x","response":[]}',
]  # fmt: skip


def test_hostile_answers_are_refused_in_words() -> None:
    camille = member()
    with clock_at(NOW):
        browser = entered(camille, NOW)
        signing_in = Client()
        for text in HOSTILE[:8]:
            signing_in.get(ALONE)
            assert signing_in.post(ALONE, {"credential": text}).status_code == 422, text[:40]
        for text in HOSTILE:
            browser.get(ADD)
            assert browser.post(ADD, {"name": "a", "credential": text}).status_code in (422, 429), text[:40]
    assert factors_of(camille.account).passkeys == ()


def test_the_same_passkey_twice_is_refused_and_ten_are_the_most() -> None:
    with clock_at(NOW):
        camille, browser, device = keyed()
        again = {"name": "b", "credential": device.creates(options_in(browser.get(ADD)))}
        assert browser.post(ADD, again).status_code == 422
        row = Authenticator.objects.get(user_id=camille.account, type="webauthn")
        for number in range(9):
            data = {**row.data, "id": f"AAA{number}"}
            Authenticator.objects.create(user_id=camille.account, type="webauthn", data=data)
        eleventh = {"name": "c", "credential": Device().creates(options_in(browser.get(ADD)))}
        assert browser.post(ADD, eleventh).status_code == 422
    assert len(factors_of(camille.account).passkeys) == 10


def test_a_removed_passkey_opens_nothing_and_the_last_second_factor_is_never_removed() -> None:
    with clock_at(NOW):
        camille, browser, gone = keyed()
        (key,) = factors_of(camille.account).passkeys
        browser.post(f"/securite/cles/{key.id}/retirer/")
        assert alone(gone)[1].status_code == 422
        device = registered(camille, browser)
        (key,) = factors_of(camille.account).passkeys
        assert "ne serviront plus" in words(browser.get("/securite/application/retirer/"))
        browser.post("/securite/application/retirer/")
        assert factors_of(camille.account).count == 1
        kept = browser.post(f"/securite/cles/{key.id}/retirer/")
        assert "il faut garder au moins une preuve" in words(browser.get(kept["Location"]))
        assert inside(alone(device)[0])


def test_somebody_else_s_passkey_is_not_there() -> None:
    with clock_at(NOW):
        camille, _browser, _device = keyed()
        (key,) = factors_of(camille.account).passkeys
        other = entered(member(), NOW)
        for act in ("nom", "retirer"):
            answers = [
                other.post(f"/securite/cles/{id}/{act}/", {"name": "volée"}) for id in (key.id, 10**15)
            ]
            assert {answer.status_code for answer in answers} == {404}
            assert len({words(answer) for answer in answers}) == 1
    assert factors_of(camille.account).passkeys == (key,)


def test_the_page_is_whole_without_its_script() -> None:
    page = words(Client().get(ALONE))
    assert "Les autres moyens restent." in page and "Se connecter avec un mot de passe" in page
