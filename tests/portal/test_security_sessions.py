"""Sessions: seen by their holder in plain words, ended one by one or all but one, refused from the next request on."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from espace.edge import clock_at
from espace.identity.queries.web_sessions import web_sessions
from portal.helpers import Member, code_at, member
from portal.security import FIREFOX, entered, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def ids(who: Member) -> dict[str, UUID]:
    return {one.browser.name: one.id for one in web_sessions(who.account, at=NOW)}


def inside(browser: Client, at: datetime = NOW) -> bool:
    with clock_at(at):
        return bool(browser.get("/documents/").status_code == 200)


def test_a_real_sign_in_is_listed_in_plain_words_and_keeps_no_more_of_the_browser() -> None:
    camille, browser = member(), Client(headers={"user-agent": FIREFOX})
    with clock_at(NOW):
        browser.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        browser.post("/connexion/code/", {"code": code_at(NOW)})
        page = words(browser.get("/securite/"))
    assert "Firefox sur Linux Cette session" in page
    assert "Ouverte le jeudi 5 mars 2026 à 9 h 00" in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_web_session WHERE account_id = %s", [camille.account])
        (row,) = cursor.fetchall()
    assert "127.0.0.1" not in str(row) and "Gecko" not in str(row)
    assert browser.cookies["sessionid"].value not in str(row)


def test_one_s_own_sessions_only_the_own_one_first() -> None:
    camille, other = member(), member()
    here = entered(camille, NOW)
    entered(camille, NOW + MINUTE, agent=ANDROID)
    entered(other, NOW, agent="Opera OPR/9 (Windows)")
    with clock_at(NOW + MINUTE):
        page = words(here.get("/securite/"))
    assert page.index("Firefox sur Linux") < page.index("Chrome sur Android")
    assert page.count("Cette session") == 1 and "Opera" not in page


def test_an_ended_session_is_refused_at_its_next_request_and_no_other() -> None:
    camille = member()
    here, lost = entered(camille, NOW), entered(camille, NOW, agent=ANDROID)
    path = f"/securite/sessions/{ids(camille)['chrome']}/fermer/"
    with clock_at(NOW):
        assert "Chrome sur Android" in words(here.get(path))
        assert inside(lost)
        done = here.post(path)
        assert "cette session est fermée" in words(here.get(done["Location"]))
    assert (inside(lost), inside(here)) == (False, True)
    assert set(ids(camille)) == {"firefox"}


def test_all_others_end_at_once() -> None:
    camille, monique = member(), member()
    here, *others = (entered(camille, NOW) for _n in range(3))
    hers = entered(monique, NOW)
    with clock_at(NOW):
        here.post("/securite/sessions/fermer/")
    assert [inside(one) for one in (here, hers, *others)] == [True, True, False, False]


def test_nobody_ends_the_session_of_somebody_else_and_absent_answers_alike() -> None:
    camille, monique = member(), member()
    here, hers = entered(camille, NOW), entered(monique, NOW)
    foreign, absent = ids(monique)["firefox"], uuid4()
    with clock_at(NOW):
        answers = [
            getattr(here, method)(f"/securite/sessions/{one}/fermer/")
            for one in (foreign, absent, ids(camille)["firefox"]) for method in ("get", "post")
        ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({words(answer) for answer in answers}) == 1
    assert inside(hers) and inside(here)


def test_signing_out_takes_it_off_the_list_and_a_closed_account_is_refused_at_once() -> None:
    camille = member()
    here, there = entered(camille, NOW), entered(camille, NOW, agent=ANDROID)
    there.post("/deconnexion/")
    assert set(ids(camille)) == {"firefox"}
    get_user_model().objects.filter(pk=camille.account).update(is_active=False)
    assert not inside(here)


def test_the_last_use_is_noted_to_the_quarter_of_an_hour() -> None:
    camille = member()
    here = entered(camille, NOW)
    seen = []
    for minutes in (14, 15, 29, 30):
        with clock_at(NOW + minutes * MINUTE):
            here.get("/documents/")
        (session,) = web_sessions(camille.account, at=NOW)
        seen.append(session.last_at - NOW)
    assert seen == [0 * MINUTE, 15 * MINUTE, 15 * MINUTE, 30 * MINUTE]


@pytest.mark.parametrize(("after", "open"), [(12 * HOUR, True), (12 * HOUR + timedelta(seconds=1), False)])
def test_a_session_ends_twelve_hours_after_its_sign_in_however_much_it_is_used(after: timedelta, open: bool) -> None:
    camille = member()
    here = entered(camille, NOW)
    assert inside(here, NOW + 11 * HOUR)
    assert inside(here, NOW + after) is open
    assert inside(here, NOW) is open


def test_an_account_has_fifty_sessions_at_most_and_the_oldest_ends() -> None:
    camille = member()
    first = entered(camille, NOW - HOUR)
    for _n in range(50):
        last = entered(camille, NOW)
    assert len(web_sessions(camille.account, at=NOW)) == 50
    assert (inside(first), inside(last)) == (False, True)
