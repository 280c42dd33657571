"""« Fermer l’espace »: nobody reads it from then on, in six weeks it is closed, and its holder takes it back whole."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage

from cast import AT, cares, caring, consents, holder, professional, represents
from espace import edge
from espace.access import gate
from espace.access.handlers import close_space
from espace.enrolment import queries as enrolment
from espace.enrolment.events import ClosingDue, SpaceMoved
from espace.enrolment.facts import State
from espace.kernel.words import Actor, Purpose, Refused, Verb
from espace.notices.handlers import tell_of_space
from espace.outbox.actions import done, lease
from espace.outbox.rules import registry
from espace.trace import queries as trace
from portal.copies import browser_of
from portal.helpers import Member, cda, file, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("cheap")]

Mails = list[EmailMessage]
CLOSE, REOPEN = "/partage/fermer/", "/rouvrir/"
SIX_WEEKS, DAY = timedelta(days=42), timedelta(days=1)


def state(of: Member) -> State | None:
    return enrolment.state(of.of.patient)


def work(of: Member, at: datetime) -> int:
    """What is due at that moment about the closing of this space, done; how many there were."""
    found = lease(worker="test", at=at, limit=1000, known=registry((SpaceMoved, ClosingDue)))
    done(*found)
    mine = [one.event for one in found if one.patient == of.of.patient]
    with edge.clock_at(at):
        for event in mine:
            if isinstance(event, ClosingDue):
                close_space(event)
            elif isinstance(event, SpaceMoved):
                tell_of_space(event)
    return len(mine)


def refused(actor: Actor, of: Member, purpose: Purpose, verb: Verb) -> str:
    with pytest.raises(Refused) as refusal, gate.open_record(
        actor=actor, patient=of.of.patient, purpose=purpose, verb=verb, at=AT
    ):
        pass
    return refusal.value.reason.code


def test_suspended_at_once_closed_after_six_weeks_and_taken_back_whole(mailoutbox: Mails) -> None:
    camille, morel = member(email=f"{uuid4().hex}@exemple.fr"), professional()
    document = file(camille.of, cda(camille.of))
    consents(camille.of, morel, until=AT + 90 * DAY)
    with edge.clock_at(AT):
        browser = browser_of(camille)
        page = browser.get(CLOSE).content.decode()
        assert "jusqu’au mercredi 15 avril 2026. Il est alors fermé." in page
        assert state(camille) is State.OPENED
        there = browser.post(CLOSE).headers["Location"]
        assert there.startswith(f"{REOPEN}?fait=")
        assert "C’est noté : votre espace est suspendu." in browser.get(there).content.decode()
        assert state(camille) is State.SUSPENDED
        answer = browser.get("/documents/")
        assert (answer.status_code, f'href="{REOPEN}"' in answer.content.decode()) == (403, True)
        assert browser.get(REOPEN).status_code == 200
        assert state(camille) is State.SUSPENDED
    assert refused(caring(morel), camille, Purpose.CARE, Verb.LIST) == "space_suspended"
    file(camille.of, cda(camille.of), title="Arrivé depuis")
    assert work(camille, AT + SIX_WEEKS - DAY) == 1
    assert state(camille) is State.SUSPENDED
    assert work(camille, AT + SIX_WEEKS) == 1
    assert state(camille) is State.CLOSED
    assert work(camille, AT + SIX_WEEKS + DAY) == 1
    assert refused(caring(morel), camille, Purpose.CARE, Verb.LIST) == "space_not_open"
    with edge.clock_at(AT + DAY / 24):
        assert f'href="{REOPEN}"' in browser.get("/").content.decode()
        assert browser.post(REOPEN).headers["Location"].startswith("/?fait=")
        assert state(camille) is State.ACTIVATED
        assert browser.get(f"/documents/{document}/").status_code == 200
        assert "Arrivé depuis" in browser.get("/documents/").content.decode()
    assert work(camille, AT + SIX_WEEKS + DAY) == 1
    assert [mail.subject for mail in mailoutbox] == [
        "Votre espace sera fermé le 15/04/2026", "Votre espace est fermé", "Votre espace est rouvert",
    ]  # fmt: skip
    assert not any("Camille" in mail.body or "Duval" in mail.body for mail in mailoutbox)


def test_one_that_was_reopened_is_not_closed_though_it_is_suspended_again() -> None:
    camille = member()
    for at in (AT, AT + DAY):
        with edge.clock_at(at):
            browser = browser_of(camille)
            assert browser.post(CLOSE).status_code == 302
            if at == AT:
                assert browser.post(REOPEN).status_code == 302
    assert work(camille, AT + SIX_WEEKS) >= 1
    assert state(camille) is State.SUSPENDED
    work(camille, AT + SIX_WEEKS + DAY)
    assert state(camille) is State.CLOSED
    work(camille, AT + SIX_WEEKS + DAY)
    assert state(camille) is State.CLOSED


def test_a_clock_that_runs_ahead_closes_nothing() -> None:
    camille = member()
    with edge.clock_at(now := edge.now()):
        assert browser_of(camille).post(CLOSE).status_code == 302
    for ahead in (SIX_WEEKS, 2 * SIX_WEEKS):
        assert work(camille, now + ahead) >= 1
        assert state(camille) is State.SUSPENDED


def test_the_history_says_who_asked_and_that_time_closed_it() -> None:
    camille = member()
    with edge.clock_at(AT):
        assert browser_of(camille).post(CLOSE).status_code == 302
    work(camille, AT + SIX_WEEKS)
    with edge.clock_at(AT + SIX_WEEKS + DAY):
        assert browser_of(camille).post(REOPEN).status_code == 302
    with gate.open_record(
        actor=camille.of.actor, patient=camille.of.patient, purpose=Purpose.HOLDER, verb=Verb.HISTORY, at=AT
    ) as grant:
        told = [(one.event.verb, one.event.actor_name, one.event.reason) for one in trace.history(grant)]
    assert told == [
        (Verb.REOPEN, "Camille Duval", "holder_decides"),
        (Verb.CLOSE, "espace-santé", "closed_as_asked"),
        (Verb.CLOSE, "Camille Duval", "holder_decides"),
    ]


def test_nobody_else_closes_it_nor_reopens_it_and_an_open_space_is_not_reopened() -> None:
    address = f"{uuid4().hex}@exemple.fr"
    camille, carer = member(), member(given="MARIE", email=address)
    marie = carer.of
    cares(marie, camille.of, address=address)
    assert refused(marie.actor, camille, Purpose.PROXY, Verb.CLOSE) == "helper_may_not"
    assert refused(camille.of.actor, camille, Purpose.HOLDER, Verb.REOPEN) == "no_rule_allows"
    assert refused(caring(professional()), camille, Purpose.CARE, Verb.CLOSE) == "no_rule_allows"
    assert refused(marie.actor, camille, Purpose.HOLDER, Verb.CLOSE) == "not_the_holder"
    with edge.clock_at(AT):
        assert browser_of(camille).post(CLOSE).status_code == 302
    assert refused(marie.actor, camille, Purpose.PROXY, Verb.REOPEN) == "space_suspended"
    assert state(camille) is State.SUSPENDED


def test_a_mother_does_not_close_the_space_of_her_child() -> None:
    mother, child = member(given="MARIE"), holder(given_names=("LÉO",), born=(AT - 3650 * DAY).date())
    mandate = represents(mother.of, child)
    with edge.clock_at(AT):
        answer = browser_of(mother).post(f"/pour/{mandate}{CLOSE}")
    assert answer.status_code == 403
    assert enrolment.state(child.patient) is State.OPENED


def test_it_asks_for_a_fresh_second_proof() -> None:
    camille = member()
    with edge.clock_at(AT):
        browser = browser_of(camille)
    with edge.clock_at(AT + timedelta(minutes=30)):
        answer = browser.post(CLOSE)
    assert answer.headers["Location"].startswith("/securite/confirmer/")
    assert state(camille) is State.OPENED
