"""Guessing is bounded for each account and each address, and no answer tells which of the two was right."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.test import Client

from portal.helpers import Member, member
from portal.test_signin import password_step, words

NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
WRONG = "Pas-le-bon-1"


def closed() -> Member:
    who = member()
    get_user_model().objects.filter(pk=who.account).update(is_active=False)
    return who


def bare() -> Member:
    """An account without a second factor."""
    who = member()
    Authenticator.objects.filter(user_id=who.account).delete()
    return who


def cases() -> dict[str, tuple[str, str]]:
    """What is typed → nobody enters: (identifier, password)."""
    over, one = closed(), bare()
    return {
        "wrong password": (member().identifier, WRONG),
        "unknown": (f"personne.{over.account.hex[:8]}", WRONG),
        "closed": (over.identifier, over.password),
        "closed, wrong password": (closed().identifier, WRONG),
        "without second factor": (one.identifier, one.password),
    }


def test_every_refusal_costs_one_hash_and_says_the_same(cheap: list[str]) -> None:
    """Hashing is what takes the time: one each, so that time tells nothing either."""
    said, cost = {}, {}
    for name, (identifier, password) in cases().items():
        cheap.clear()
        said[name] = words(password_step(Client(REMOTE_ADDR=f"192.0.2.{len(said)}"), identifier, password))
        cost[name] = len(cheap)
    assert len({text.replace("192.0.2", "") for text in said.values()}) == 1
    assert set(cost.values()) == {1}, cost


def test_after_five_tries_every_case_is_stopped_alike(cheap: list[str]) -> None:
    """The right password of a closed account counts as a wrong one: else the bound would tell that it is right."""
    for place, (name, (identifier, password)) in enumerate(cases().items()):
        browser = Client(REMOTE_ADDR=f"192.0.2.{place}")
        assert [password_step(browser, identifier, password).status_code for _n in range(6)] == [422] * 5 + [429], name


def test_an_account_is_bounded_from_every_address_and_in_any_case(cheap: list[str]) -> None:
    camille = member()
    for place in range(5):
        wrote = camille.identifier.upper() if place % 2 else camille.identifier
        password_step(Client(REMOTE_ADDR=f"198.51.100.{place}"), wrote, WRONG)
    assert password_step(Client(REMOTE_ADDR="203.0.113.9"), camille.identifier).status_code == 429


def test_an_address_is_bounded_over_every_account_and_others_go_on(cheap: list[str]) -> None:
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    tries = [password_step(guesser, f"quelqu.un.{number}", WRONG).status_code for number in range(11)]
    assert tries == [422] * 10 + [429]
    camille = member()
    assert password_step(guesser, camille.identifier).status_code == 429
    assert password_step(Client(REMOTE_ADDR="198.51.100.8"), camille.identifier).status_code == 302


def test_right_sign_ins_do_not_use_the_bound_up(cheap: list[str]) -> None:
    camille = member()
    for place in range(7):
        browser = Client(REMOTE_ADDR=f"192.0.2.{place}")
        assert password_step(browser, camille.identifier).status_code == 302


def test_codes_are_bounded_over_every_kind_of_code(cheap: list[str]) -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    kinds = ("000000", "abcde-fghjk", "x", "00000000", "123456")
    assert [browser.post("/connexion/code/", {"code": code}).status_code for code in kinds] == [422] * 5
    assert browser.post("/connexion/code/", {"code": "abcde-fghjk"}).status_code == 429


def test_passkeys_are_bounded_by_address() -> None:
    browser = Client(REMOTE_ADDR="198.51.100.9")
    answers = [browser.post("/connexion/cle/", {"credential": "{}"}).status_code for _n in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize("form", [{}, {"credential": "{}"}, {"code": ""}, {"credential": '{"id": 1}', "code": "\x00"}])
def test_the_code_page_takes_nothing_but_a_code(form: dict[str, str], cheap: list[str]) -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    assert browser.post("/connexion/code/", form).status_code == 422
