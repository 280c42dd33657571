"""A way back for who lost every way in: nothing tells whose it is, everybody concerned may stop it, it serves once."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

from espace.edge import clock_at, now
from espace.identity.actions.recovery import cancel_recovery, finish_recovery, forget_every_recovery, make_links
from espace.identity.queries.recovery import recovery_of_link
from espace.portal.factors import factors_of, make_recovery_codes
from espace.site import worker
from portal.helpers import Member, code_at, member
from portal.security import entered, events, registered, taking_mail_codes, with_address, words

pytestmark = pytest.mark.usefixtures("cheap")
NOW = datetime(2026, 3, 5, 8, 0, 10, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
WAIT, DAY = timedelta(hours=72), timedelta(days=1)
DUE, END = NOW + WAIT, NOW + WAIT + 7 * DAY
BORN = {"day": "7", "month": "3", "year": "1985"}
OTHER_DAY = {**BORN, "day": "8"}
ASK, NEW = "/connexion/perdu/", "Une-autre-maree-2"
DEAD = "Ce lien ne marche pas, ou ne marche plus"


def addressed() -> Member:
    return with_address(member(), f"{uuid4().hex[:12]}@example.org")


def address(who: Member) -> str:
    return str(get_user_model().objects.values_list("email", flat=True).get(pk=who.account))


def mailed(who: Member, mailoutbox: Any, at: datetime = NOW) -> list[Any]:
    with clock_at(at):
        worker.run_until_idle()
    return [mail for mail in mailoutbox if mail.to == [address(who)]]


def base_in(mail: Any) -> str:
    """The path of the link in a mail."""
    found = re.search(r"(/connexion/perdu/[^/\s]+/)\s", mail.body)
    assert found
    return found[1]


def asked(who: Member, mailoutbox: Any, at: datetime = NOW) -> str:
    """The path of a link made for this member."""
    assert make_links(typed=who.identifier, at=at) == 1
    return base_in(mailed(who, mailoutbox, at)[-1])


def waiting(who: Member, mailoutbox: Any) -> str:
    base = asked(who, mailoutbox)
    with clock_at(NOW):
        assert Client().post(base, BORN).status_code == 302
    return base


def token_of(base: str) -> str:
    return base.split("/")[3]


def seen(base: str, at: datetime, browser: Client | None = None) -> tuple[int, str]:
    with clock_at(at):
        answer = (browser or Client()).get(base)
    return answer.status_code, words(answer)


def to_password(browser: Client, base: str) -> str:
    """As far as the new password; the secret of the new application."""
    assert browser.post(base, BORN)["Location"] == f"{base}application/"
    page = browser.get(f"{base}application/").content.decode()
    secret = re.sub(r"<[^>]*>", "", re.findall(r'class="secret"[^>]*>(.*?)</p>', page)[0])
    code = code_at(now(), secret)
    assert browser.post(f"{base}application/", {"code": code})["Location"] == f"{base}mot-de-passe/"
    return secret


def choose(browser: Client, base: str) -> Any:
    return browser.post(f"{base}mot-de-passe/", {"password": NEW, "again": NEW})


def test_the_whole_way_replaces_everything(mailoutbox: Any) -> None:
    camille = taking_mail_codes(addressed())
    with clock_at(NOW):
        before = entered(camille, NOW)
        registered(camille, before)
        make_recovery_codes(camille.account)
        visitor = Client()
        noted = visitor.post(ASK, {"who": camille.identifier})["Location"]
        assert "Si un espace a cet identifiant" in words(visitor.get(noted))
        base = base_in(mailed(camille, mailoutbox)[-1])
        assert "Refaire votre accès" in words(visitor.get(base))
        there = words(visitor.get(visitor.post(base, BORN)["Location"]))
        assert "Encore un peu d’attente" in there and camille.identifier in there
        assert camille.identifier not in words(Client().get(base))
        assert "Quelqu’un a demandé à refaire votre accès" in words(before.get("/"))
    assert base_in(mailed(camille, mailoutbox, DUE - SECOND)[-1]) == base
    mailed(camille, mailoutbox, DUE)
    with clock_at(DUE):
        browser = Client()
        secret = to_password(browser, base)
        assert camille.identifier in words(browser.get(f"{base}mot-de-passe/"))
        assert choose(browser, base)["Location"] == "/securite/codes/"
        assert browser.get("/documents/").status_code == 200
        assert before.get("/documents/")["Location"].startswith("/connexion/")
    factors = factors_of(camille.account)
    assert (factors.count, factors.application, factors.recovery, factors.mail) == (1, True, 10, False)
    with clock_at(DUE + HOUR):
        there = Client()
        there.post("/connexion/", {"login": camille.identifier, "password": camille.password})
        assert there.get("/connexion/code/").status_code == 302
        there.post("/connexion/", {"login": camille.identifier, "password": NEW})
        assert there.post("/connexion/code/", {"code": code_at(DUE + HOUR)}).status_code == 422
        assert there.post("/connexion/code/", {"code": code_at(DUE + HOUR, secret)}).status_code == 302
    subjects = [mail.subject for mail in mailed(camille, mailoutbox, DUE)]
    assert [one for one in subjects if "nouvel appareil" not in one and "façon" not in one] == [
        "Retrouver l’accès à votre espace",
        "Votre accès pourra être refait le 08/03/2026 à 09 h 00",
        "Votre accès peut être refait",
        "L’accès à votre espace a été refait",
    ]
    assert seen(base, DUE + HOUR)[0] == 404


def test_what_is_answered_never_tells_whose_it_is() -> None:
    camille, closed = addressed(), addressed()
    get_user_model().objects.filter(pk=closed.account).update(is_active=False)
    said = set()
    for who in (camille.identifier, address(camille), closed.identifier, member().identifier, "personne.ici"):
        browser, before = Client(REMOTE_ADDR=f"2001:db8:{uuid4().hex[:4]}::1"), waits()
        answer = browser.post(ASK, {"who": who})
        said.add((answer.status_code, answer["Location"], words(browser.get(answer["Location"])), waits() - before))
    assert len(said) == 1
    assert {one[3] for one in said} == {1}


def waits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_event")
        return int(cursor.fetchone()[0])


def test_asking_is_bounded_alike_for_somebody_and_nobody() -> None:
    for place, who in enumerate((addressed().identifier, f"personne.{uuid4().hex[:8]}")):
        browser = Client(REMOTE_ADDR=f"2001:db8:{place}:{uuid4().hex[:4]}::1")
        assert [browser.post(ASK, {"who": who}).status_code for _n in range(4)] == [302, 302, 302, 429]


def test_nothing_leaves_for_a_closed_account_or_one_without_address() -> None:
    closed, without = addressed(), member()
    get_user_model().objects.filter(pk=closed.account).update(is_active=False)
    assert [make_links(typed=one.identifier, at=NOW) for one in (closed, without)] == [0, 0]
    assert make_links(typed="", at=NOW) == 0


def test_a_family_gets_one_link_each_and_each_its_own_birth_date(mailoutbox: Any) -> None:
    camille = addressed()
    leo = with_address(member(), address(camille))
    assert make_links(typed=address(camille).upper(), at=NOW) == 2
    bases = {base_in(mail) for mail in mailed(camille, mailoutbox)}
    found = {recovery_of_link(token_of(base), at=NOW) for base in bases}
    assert {one.account_id for one in found if one} == {camille.account, leo.account}


def test_one_link_an_hour_the_last_one_alive(mailoutbox: Any) -> None:
    camille = addressed()
    first = asked(camille, mailoutbox)
    assert make_links(typed=camille.identifier, at=NOW + HOUR - SECOND) == 0
    second = asked(camille, mailoutbox, NOW + HOUR)
    assert [seen(one, NOW + HOUR)[0] for one in (first, second)] == [404, 200]


def test_what_waits_is_not_begun_again(mailoutbox: Any) -> None:
    camille = addressed()
    base = waiting(camille, mailoutbox)
    assert make_links(typed=camille.identifier, at=NOW + 2 * HOUR) == 0
    with clock_at(NOW + 2 * HOUR):
        Client().post(base, BORN)
    assert "8 mars" in seen(base, NOW + 2 * HOUR)[1]
    assert "Assurons-nous encore" in seen(base, DUE)[1]


def test_every_link_that_leads_nowhere_says_the_same(mailoutbox: Any) -> None:
    closed, gone, late, old = addressed(), addressed(), addressed(), addressed()
    closing, cancelled, expired, forgotten = (
        waiting(closed, mailoutbox), waiting(gone, mailoutbox), waiting(late, mailoutbox), asked(old, mailoutbox)
    )  # fmt: skip
    get_user_model().objects.filter(pk=closed.account).update(is_active=False)
    with clock_at(NOW):
        assert "La demande est annulée" in words(Client().post(f"{cancelled}annuler/"))
        assert Client().post(f"{cancelled}annuler/").status_code == 404
    answers = {
        seen("/connexion/perdu/nimporte-quoi/", NOW), seen(closing, DUE), seen(cancelled, DUE), seen(expired, END),
        seen(forgotten, NOW + DAY),
    }  # fmt: skip
    assert len(answers) == 1
    status, said = answers.pop()
    assert status == 404 and DEAD in said
    assert seen(forgotten, NOW + DAY - SECOND)[0] == seen(expired, END - SECOND)[0] == 200


def test_five_wrong_birth_dates_kill_a_link_even_for_the_right_one(mailoutbox: Any) -> None:
    camille = addressed()
    base = asked(camille, mailoutbox)
    with clock_at(NOW):
        answers = [Client().post(base, OTHER_DAY).status_code for _n in range(5)]
        assert answers == [422] * 4 + [404]
        assert Client().post(base, BORN).status_code == 404
    assert events("RecoveryTold", camille.of.patient) == 0


def test_before_the_wait_is_over_nothing_is_replaced(mailoutbox: Any) -> None:
    camille, browser = addressed(), Client()
    base = waiting(camille, mailoutbox)
    with clock_at(DUE - SECOND):
        for step in ("application/", "mot-de-passe/"):
            assert browser.get(base + step)["Location"] == base
        assert browser.post(base, BORN).status_code == 200
        assert choose(browser, base)["Location"] == base
    assert finish_recovery(token=token_of(base), password=NEW, at=DUE - SECOND) is None
    assert "Encore un peu d’attente" in seen(base, DUE - SECOND, browser)[1]


def test_another_browser_gives_the_birth_date_again_and_another_link_opens_nothing(mailoutbox: Any) -> None:
    camille, monique = addressed(), addressed()
    base, hers = waiting(camille, mailoutbox), waiting(monique, mailoutbox)
    with clock_at(DUE):
        browser = Client()
        to_password(browser, base)
        for stranger, path in ((Client(), base), (browser, hers)):
            assert stranger.get(f"{path}application/")["Location"] == path
            assert choose(stranger, path)["Location"] == path
    assert recovery_of_link(token_of(base), at=DUE) and recovery_of_link(token_of(hers), at=DUE)


def test_the_application_is_proved_first(mailoutbox: Any) -> None:
    camille, browser = addressed(), Client()
    base = waiting(camille, mailoutbox)
    with clock_at(DUE):
        browser.post(base, BORN)
        assert choose(browser, base)["Location"] == base
        assert browser.post(f"{base}application/", {"code": "000000"}).status_code == 422
        assert choose(browser, base)["Location"] == base


def test_it_serves_once_whoever_proved_what_before(mailoutbox: Any) -> None:
    camille, first, second = addressed(), Client(), Client()
    base = waiting(camille, mailoutbox)
    with clock_at(DUE):
        to_password(first, base)
        to_password(second, base)
        assert choose(first, base)["Location"] == "/securite/codes/"
        assert choose(second, base)["Location"] == base
        assert second.get("/documents/")["Location"].startswith("/connexion/")
        assert first.get("/documents/").status_code == 200
    assert finish_recovery(token=token_of(base), password="x", at=DUE) is None


def test_a_weak_password_uses_nothing_up(mailoutbox: Any) -> None:
    camille, browser = addressed(), Client()
    base = waiting(camille, mailoutbox)
    with clock_at(DUE):
        to_password(browser, base)
        weak = browser.post(f"{base}mot-de-passe/", {"password": "duval", "again": "duval"})
        assert weak.status_code == 422
        assert choose(browser, base).status_code == 302


def test_any_session_of_the_holder_stops_it_in_one_press_and_nobody_elses(mailoutbox: Any) -> None:
    camille, monique = addressed(), addressed()
    base = waiting(camille, mailoutbox)
    with clock_at(NOW + HOUR):
        mine, hers = entered(camille, NOW), entered(monique, NOW)
        assert "demandé à refaire" not in words(hers.get("/securite/"))
        assert hers.post("/securite/demande/annuler/").status_code == 302
        assert Client().post("/securite/demande/annuler/")["Location"].startswith("/connexion/")
        assert "demandé à refaire" in words(mine.get("/securite/"))
        mine.post("/securite/demande/annuler/")
        assert "demandé à refaire" not in words(mine.get("/securite/"))
    assert seen(base, NOW + HOUR)[0] == 404
    subjects = [mail.subject for mail in mailed(camille, mailoutbox, DUE)]
    assert subjects[-1] == "La demande est annulée" and "Votre accès peut être refait" not in subjects


@pytest.mark.parametrize("how", ["password", "address"])
def test_who_changes_the_password_or_the_address_ends_it(how: str, mailoutbox: Any) -> None:
    camille = addressed()
    base = waiting(camille, mailoutbox)
    with clock_at(NOW):
        browser = entered(camille, NOW)
        if how == "password":
            browser.post("/securite/mot-de-passe/", {"present": camille.password, "password": NEW, "again": NEW})
        else:
            with_address_proved(camille, browser, mailoutbox)
    assert seen(base, NOW)[0] == 404


def with_address_proved(who: Member, browser: Client, mailoutbox: Any) -> None:
    wanted = f"{uuid4().hex[:12]}@example.org"
    browser.post("/securite/adresse/", {"email": wanted})
    worker.run_until_idle()
    (mail,) = [one for one in mailoutbox if one.to == [wanted]]
    code = re.findall(r"^([0-9]{6})$", mail.body, re.MULTILINE)[0]
    assert browser.post("/securite/adresse/", {"code": code}).status_code == 302


def test_cancelling_before_the_birth_date_tells_nobody_and_later_once(mailoutbox: Any) -> None:
    camille, monique = addressed(), addressed()
    asked(camille, mailoutbox)
    waiting(monique, mailoutbox)
    assert [cancel_recovery(account_id=one.account, at=NOW) for one in (camille, monique, monique)] == [
        True, True, False,
    ]  # fmt: skip
    last = [mailed(one, mailoutbox)[-1].subject for one in (camille, monique)]
    assert last == ["Retrouver l’accès à votre espace", "La demande est annulée"]


def test_neither_the_database_nor_the_logs_know_the_link(mailoutbox: Any, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    camille = addressed()
    base = waiting(camille, mailoutbox)
    seen(base, NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_recovery WHERE account_id = %s", [camille.account])
        kept = [str([bytes(one) if isinstance(one, memoryview) else one for one in cursor.fetchone()])]
        cursor.execute("SELECT sealed FROM outbox_event WHERE patient_id = %s", [camille.of.patient])
        kept += [str(bytes(row[0])) for row in cursor.fetchall()]
    said = [record.getMessage() for record in caplog.records if record.name.startswith("espace")]
    assert len(kept) == 3 and not any(token_of(base) in text for text in [*kept, *said])


def test_after_a_restoration_no_way_back_waits(mailoutbox: Any) -> None:
    camille = addressed()
    base = waiting(camille, mailoutbox)
    assert forget_every_recovery() >= 1
    assert recovery_of_link(token_of(base), at=DUE) is None
    assert finish_recovery(token=token_of(base), password=NEW, at=DUE) is None
