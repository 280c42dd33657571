"""Guessing is bounded for each account and each address, and no answer tells which of the two was right."""

import time
from datetime import UTC, datetime

import pytest
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client, RequestFactory

from espace.edge import clock_at
from espace.portal.pages import signin
from portal.helpers import Member, code_at, member
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


def test_a_right_code_gives_back_none_of_the_wrong_tries_of_its_address(cheap: list[str]) -> None:
    """Whoever has an account cannot guess at others for ever, between two codes of their own."""
    mine, place = member(), "198.51.100.17"
    browser = Client(REMOTE_ADDR=place)
    with clock_at(NOW):
        assert password_step(browser, mine.identifier).status_code == 302
        for number in range(9):
            password_step(Client(REMOTE_ADDR=place), f"quelqu.un.{number}", WRONG)
        assert browser.post("/connexion/code/", {"code": code_at(NOW)}).status_code == 302
        tries = [password_step(Client(REMOTE_ADDR=place), f"un.autre.{number}", WRONG) for number in range(3)]
    assert [answer.status_code for answer in tries] == [422, 429, 429]


def test_passkeys_are_bounded_by_address() -> None:
    browser = Client(REMOTE_ADDR="198.51.100.9")
    answers = [browser.post("/connexion/cle/", {"credential": "{}"}).status_code for _n in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize("form", [{}, {"credential": "{}"}, {"code": ""}, {"credential": '{"id": 1}', "code": "\x00"}])
def test_the_code_page_takes_nothing_but_a_code(form: dict[str, str], cheap: list[str]) -> None:
    camille, browser = member(), Client()
    password_step(browser, camille.identifier)
    assert browser.post("/connexion/code/", form).status_code == 422


def test_the_bound_outlives_hundreds_of_other_tries(cheap: list[str]) -> None:
    """Each of them counted, from one other address after another, whatever the order of their names."""
    camille = member()
    for place in range(5):
        password_step(Client(REMOTE_ADDR=f"198.51.100.{place}"), camille.identifier, WRONG)
    for number in range(320):
        cache.set(f"somebody else {number}", [1.0], 300)
    assert password_step(Client(REMOTE_ADDR="203.0.113.9"), camille.identifier).status_code == 429


def test_an_address_has_two_hundred_wrong_tries_an_hour(cheap: list[str]) -> None:
    """Ten a minute, and no more counts in an hour than that."""
    place = "198.51.100.7"
    spent = [time.time() - 61 - number for number in range(198)]
    rate = ratelimit.parse_rate("200/h/ip")
    request = RequestFactory().post("/connexion/", REMOTE_ADDR=place)
    cache.set(ratelimit.get_cache_key(request, app="allauth.account", action="login_failed", rate=rate), spent, 3600)
    tries = [password_step(Client(REMOTE_ADDR=place), f"quelqu.un.{number}", WRONG) for number in range(4)]
    assert [answer.status_code for answer in tries] == [422, 422, 429, 429]
    assert password_step(Client(REMOTE_ADDR="198.51.100.8"), member().identifier).status_code == 302


@pytest.mark.parametrize("rates", [*signin.TRIES.values(), settings.ACCOUNT_RATE_LIMITS["login_failed"]])
def test_the_address_is_bounded_before_anything_that_it_chose(rates: str) -> None:
    kinds = [rate.per for rate in ratelimit.parse_rates(rates)]
    assert kinds == sorted(kinds)
