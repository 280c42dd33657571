"""From the mailed link to an open space: each step, each way to fail, and what the link tells to nobody."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.test import Client

from cast import AT, Holder, holder
from espace import edge
from espace.edge import clock_at
from espace.enrolment import actions as enrolment
from espace.enrolment import queries
from espace.enrolment.facts import Invitation
from espace.portal.passwords import check_identifier
from portal.helpers import PASSWORD, code_at, member, signed_in

NOW = AT + timedelta(days=2)
BORN = {"day": "7", "month": "3", "year": "1985"}


@pytest.fixture
def invited(monkeypatch: pytest.MonkeyPatch) -> tuple[Holder, str]:
    """A fresh holder and the token of their link."""
    token = edge.new_token()
    someone = holder()
    with monkeypatch.context() as patched:
        patched.setattr(edge, "new_token", lambda: token)
        enrolment.invite(patient=someone.patient, at=AT)
    return someone, token


def words(content: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content.decode()))


def secret_of(page: bytes) -> str:
    groups = re.search(r'class="secret"[^>]*>(.*?)</p>', page.decode())
    assert groups
    return re.sub(r"<[^>]*>", "", groups[1])


def to_last_step(browser: Client, token: str) -> str:
    """Prove the birth date and set up the authenticator; the secret."""
    base = f"/activation/{token}/"
    assert browser.post(base, BORN)["Location"] == base + "application/"
    secret = secret_of(browser.get(base + "application/").content)
    code = code_at(edge.now(), secret)
    assert browser.post(base + "application/", {"code": code})["Location"] == base + "identifiant/"
    return secret


def choose(browser: Client, token: str, identifier: str = "camille.duval", password: str = PASSWORD) -> Any:
    form = {"identifier": identifier, "password": password, "again": password}
    return browser.post(f"/activation/{token}/identifiant/", form)


def test_a_link_opens_the_space_and_signs_in(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    browser = Client()
    with clock_at(NOW):
        secret = to_last_step(browser, token)
        done = choose(browser, token, f"camille.{token[:8]}".replace("_", "x").replace("-", "x"))
        assert (done.status_code, done["Location"]) == (302, "/securite/codes/")
        page = browser.get("/securite/codes/").content.decode()
        assert len(re.findall(r"<code>[0-9a-z]{5}-[0-9a-z]{5}</code>", page)) == 10
        assert browser.post("/securite/codes/")["Location"] == "/"
        assert "Votre espace est prêt" in words(browser.get("/").content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT state FROM enrolment_space WHERE patient_id = %s", [someone.patient])
        assert cursor.fetchone() == ("activated",)
    later = NOW + timedelta(minutes=2)
    account = get_user_model().objects.get(patient_id=someone.patient)
    again = Client()
    with clock_at(later):
        again.post("/connexion/", {"login": account.identifier, "password": PASSWORD})
        assert again.post("/connexion/code/", {"code": code_at(later, secret)})["Location"] == "/"


def test_the_code_that_proved_the_authenticator_does_not_sign_in(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    with clock_at(NOW):
        secret = to_last_step(first := Client(), token)
        choose(first, token, f"replay.{someone.patient.hex[-12:]}")
        again = Client()
        again.post("/connexion/", {"login": f"replay.{someone.patient.hex[-12:]}", "password": PASSWORD})
        assert again.post("/connexion/code/", {"code": code_at(NOW, secret)}).status_code == 422


def test_unknown_used_expired_and_exhausted_links_answer_alike(invited: tuple[Holder, str]) -> None:
    _, token = invited
    with clock_at(NOW):
        unknown = Client().get(f"/activation/{edge.new_token()}x/")
        expired_at = AT + timedelta(weeks=6, seconds=1)
        with clock_at(expired_at):
            expired = Client().get(f"/activation/{token}/")
        for _ in range(5):
            exhausted = Client().post(f"/activation/{token}/", {**BORN, "day": "8"})
        used_up = Client().get(f"/activation/{token}/")
    answers = [unknown, expired, exhausted, used_up]
    assert {answer.status_code for answer in answers} == {404}
    texts = {words(answer.content) for answer in answers}
    assert len(texts) == 1 and "Ce lien ne marche pas, ou ne marche plus" in texts.pop()


def test_a_link_serves_once(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    browser, other = Client(), Client()
    with clock_at(NOW):
        to_last_step(browser, token)
        to_last_step(other, token)
        assert choose(browser, token, f"once.{someone.patient.hex[-12:]}").status_code == 302
        late = choose(other, token, f"twice.{someone.patient.hex[-12:]}")
        assert "Votre espace est activé" in words(late.content) and "Se connecter" in words(late.content)
        assert Client().get(f"/activation/{token}/").status_code == 404
    assert get_user_model().objects.filter(patient_id=someone.patient).count() == 1


@contextmanager
def all_look_first(monkeypatch: pytest.MonkeyPatch, how_many: int) -> Iterator[None]:
    """Nobody uses a link before everybody has seen that theirs is live."""
    together, looked = threading.Barrier(how_many), threading.local()

    def look(token: str, *, at: datetime) -> Invitation | None:
        found = queries.invitation(token, at=at)
        if not getattr(looked, "already", False):
            looked.already = True
            together.wait(20)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(enrolment, "invitation", look)
        yield


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each answers, run in threads of their own."""
    answers: list[Any] = []

    def run(work: Callable[[], Any]) -> None:
        with clock_at(NOW):
            answers.append(work())
        connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_who_clicks_several_times_has_one_account_and_is_told_that_all_is_well(
    invited: tuple[Holder, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    someone, token = invited
    with clock_at(NOW):
        to_last_step(browser := Client(), token)
    clicks = [Client() for _ in range(4)]
    for click in clicks:
        click.cookies.update(browser.cookies)
    with all_look_first(monkeypatch, 4):
        answers = at_once([partial(choose, click, token, f"clicks.{someone.patient.hex[-12:]}") for click in clicks])
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 302]
    told = {words(answer.content) for answer in answers if answer.status_code == 200}
    assert len(told) == 1 and "Votre espace est activé" in told.pop()
    assert get_user_model().objects.filter(patient_id=someone.patient).count() == 1


def test_a_second_click_that_comes_after_the_end_of_the_first_signs_nobody_out(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    first, second = Client(), Client()
    with clock_at(NOW):
        to_last_step(first, token)
        second.cookies.update(first.cookies)
        assert choose(first, token, f"clicks.{someone.patient.hex[-12:]}").status_code == 302
        late = choose(second, token, f"clicks.{someone.patient.hex[-12:]}")
        assert "Votre espace est activé" in words(late.content)
        assert "sessionid" not in late.cookies
        assert first.cookies["sessionid"].value != second.cookies["sessionid"].value
        assert "Votre espace est prêt" in words(first.get("/").content)
        assert "Votre espace est prêt" not in words(second.get("/").content)


def test_activating_ends_the_visit_of_whoever_was_signed_in_there(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    browser = signed_in(member())
    before = browser.cookies["sessionid"].value
    with clock_at(NOW):
        to_last_step(browser, token)
        assert choose(browser, token, f"family.{someone.patient.hex[-12:]}").status_code == 302
    assert not browser.session.exists(before)


def test_of_two_who_choose_one_identifier_at_once_one_chooses_again(monkeypatch: pytest.MonkeyPatch) -> None:
    browsers, tokens, identifier = [Client(), Client()], [edge.new_token(), edge.new_token()], f"both.{edge.new_id()}"
    for browser, token in zip(browsers, tokens, strict=True):
        someone = holder()
        with monkeypatch.context() as patched:
            patched.setattr(edge, "new_token", partial(str, token))
            enrolment.invite(patient=someone.patient, at=AT)
        with clock_at(NOW):
            to_last_step(browser, token)
    with all_look_first(monkeypatch, 2):
        written = (identifier, identifier.upper())
        answers = at_once([partial(choose, *each) for each in zip(browsers, tokens, written, strict=True)])
    assert sorted(answer.status_code for answer in answers) == [302, 422]
    (again,) = (answer for answer in answers if answer.status_code == 422)
    assert "Cet identifiant est déjà pris" in words(again.content)


def test_nobody_learns_from_a_used_link_without_the_birth_date(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    with clock_at(NOW):
        to_last_step(first := Client(), token)
        stranger = Client()
        stranger.post(f"/activation/{token}/", {**BORN, "day": "8"})
        choose(first, token, f"known.{someone.patient.hex[-12:]}")
        unknown = words(Client().get(f"/activation/{edge.new_token()}/").content)
        steps = [f"/activation/{token}/{step}" for step in ("", "application/", "identifiant/")]
        answers = [stranger.get(step) for step in steps] + [stranger.post(steps[0], BORN), choose(stranger, token)]
    assert [(answer.status_code, words(answer.content)) for answer in answers] == [(404, unknown)] * 5


@pytest.mark.parametrize("step", ["application/", "identifiant/"])
def test_no_step_is_reached_without_the_one_before(invited: tuple[Holder, str], step: str) -> None:
    _, token = invited
    with clock_at(NOW):
        response = Client().get(f"/activation/{token}/{step}")
        assert response["Location"] == f"/activation/{token}/"
        browser = Client()
        browser.post(f"/activation/{token}/", BORN)
        assert choose(browser, token)["Location"] == f"/activation/{token}/"


def test_the_proof_for_one_link_is_none_for_another(
    invited: tuple[Holder, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, token = invited
    other_token = token[::-1]
    monkeypatch.setattr(edge, "new_token", lambda: other_token)
    holder(born=date(1990, 1, 1))
    browser = Client()
    with clock_at(NOW):
        browser.post(f"/activation/{token}/", BORN)
        assert browser.get(f"/activation/{other_token}/application/")["Location"] == f"/activation/{other_token}/"


@pytest.mark.parametrize("form", [{}, {"day": "31", "month": "2", "year": "1985"}, {**BORN, "year": "xx"}])
def test_a_date_that_is_none_is_asked_again_and_costs_nothing(
    invited: tuple[Holder, str], form: dict[str, str]
) -> None:
    _, token = invited
    with clock_at(NOW):
        for _ in range(6):
            refused = Client().post(f"/activation/{token}/", form)
        assert refused.status_code == 422
        assert "Écrivez le jour, le mois et l’année" in words(refused.content)


def test_right_answers_are_never_too_many(invited: tuple[Holder, str]) -> None:
    """Pages sent again and again, by somebody who goes back and forth."""
    _, token = invited
    browser = Client()
    with clock_at(NOW):
        answers = {browser.post(f"/activation/{token}/", BORN).status_code for _ in range(12)}
        assert answers == {302}
        to_last_step(browser, token)
        weak = {choose(browser, token, "camille.duval", "court").status_code for _ in range(12)}
    assert weak == {422}


def test_ten_wrong_codes_wait_and_lead_back_to_the_link(invited: tuple[Holder, str]) -> None:
    _, token = invited
    browser, path = Client(), f"/activation/{token}/application/"
    with clock_at(NOW):
        browser.post(f"/activation/{token}/", BORN)
        answers = [browser.post(path, {"code": "12"}) for _ in range(11)]
        assert [one.status_code for one in answers] == [422] * 10 + [429]
        right = browser.post(path, {"code": code_at(NOW, secret_of(browser.get(path).content))})
    assert right.status_code == 429
    assert "votre lien d’activation reste le même" in words(right.content)
    assert f'class="button" href="/activation/{token}/"' in right.content.decode()


def test_a_wrong_code_keeps_the_same_secret(invited: tuple[Holder, str]) -> None:
    _, token = invited
    browser, path = Client(), f"/activation/{token}/application/"
    with clock_at(NOW):
        browser.post(f"/activation/{token}/", BORN)
        secret = secret_of(browser.get(path).content)
        refused = browser.post(path, {"code": "12"})
        assert refused.status_code == 422 and secret_of(refused.content) == secret


def test_an_identifier_taken_is_said_and_the_link_still_serves(invited: tuple[Holder, str]) -> None:
    someone, token = invited
    taken = member()
    browser = Client()
    with clock_at(NOW):
        to_last_step(browser, token)
        refused = choose(browser, token, taken.identifier.upper())
        assert "Cet identifiant est déjà pris" in words(refused.content)
        assert choose(browser, token, f"free.{someone.patient.hex[-12:]}").status_code == 302


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("Court-1a", "Ce mot de passe est trop court : il faut 9 caractères."),
        ("sans-majuscule-1", "une majuscule"),
        ("SANS-MINUSCULE-1", "une minuscule"),
        ("Sans-chiffre-ici", "un chiffre"),
        ("SansSigne123456", "Il manque à ce mot de passe : un signe qui n’est ni une lettre ni un chiffre."),
        ("SANSRIENDAUTRE", "Il manque à ce mot de passe : une minuscule, un chiffre, un signe"),
        ("Camille-est-la-1", "contient votre nom ou votre identifiant"),
        ("Choisi-Identique-1", "contient votre nom ou votre identifiant"),
    ],
)
def test_weak_passwords_are_refused_with_the_rule(invited: tuple[Holder, str], password: str, said: str) -> None:
    _, token = invited
    browser = Client()
    with clock_at(NOW):
        to_last_step(browser, token)
        refused = choose(browser, token, "camille.identique", password)
    assert refused.status_code == 422
    assert said in words(refused.content)


def test_two_different_passwords_are_refused(invited: tuple[Holder, str]) -> None:
    _, token = invited
    browser = Client()
    with clock_at(NOW):
        to_last_step(browser, token)
        form = {"identifier": "camille.duval", "password": PASSWORD, "again": PASSWORD + "x"}
        refused = browser.post(f"/activation/{token}/identifiant/", form)
    assert "Les deux mots de passe ne sont pas les mêmes." in words(refused.content)


@pytest.mark.parametrize(
    ("identifier", "right"),
    [
        ("camille.duval", True),
        ("Camille_85-b", True),
        ("court.1", False),
        ("hélène.duval", False),
        ("camille@exemple.fr", False),
        ("camille duval", False),
        ("285037512345678", False),
        ("2850375123456", False),
        ("2850A75123456", True),
        ("185032A123456", False),
        ("FR7630006000011234567890189", False),
        ("x" * 61, False),
    ],
)
def test_identifiers_follow_the_rules(identifier: str, right: bool) -> None:
    from django.core.exceptions import ValidationError

    try:
        check_identifier(identifier)
    except ValidationError:
        assert not right
    else:
        assert right


def test_nothing_that_opens_anything_waits_in_the_session(invited: tuple[Holder, str]) -> None:
    _, token = invited
    browser = Client()
    with clock_at(NOW):
        secret = to_last_step(browser, token)
    kept = str(dict(browser.session))
    assert token not in kept and secret not in kept
