"""Mails about helping somebody: to whom, once, and without a name."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT, Holder, cares
from espace.access import gate
from espace.identity.actions import mandates
from espace.identity.actions.advising import name_adviser, new_code
from espace.identity.events import HelpAnswered, HelpAsked, HelpEnded, SessionOver
from espace.identity.facts.mandates import Helps, Scope
from espace.identity.queries.advising import code_token
from espace.kernel.words import Actor, ActorKind, Purpose, Verb
from notices.people import activated_holder
from notices.test_notices import handle, to

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]


def asked(by: Holder, address: str) -> str:
    token = uuid4().hex
    with gate.open_record(
        actor=by.actor, patient=by.patient, purpose=Purpose.HOLDER, verb=Verb.INVITE, at=AT
    ) as grant:
        mandates.ask_help(
            grant, kind=Helps.CARER, scope=Scope.READ, address=address, language="fr", token=token
        )
    return token


@pytest.mark.parametrize(
    ("language", "subject"), [("fr", "On vous demande de l’aide"), ("en", "Somebody asks for your help")]
)
def test_an_invitation_is_mailed_with_its_link_and_no_name(mailoutbox: Mails, language: str, subject: str) -> None:
    camille, _ = activated_holder()
    address = f"{uuid4().hex[:12]}@example.org"
    token = asked(camille, address)
    handle(HelpAsked(camille.patient, address, language, token))
    (mail,) = [one for one in mailoutbox if one.to == [address]]
    assert mail.subject == subject and f"/aider/{token}/" in mail.body
    assert "Camille" not in mail.body and "Duval" not in mail.body


def test_one_that_was_answered_or_taken_back_meanwhile_is_not_mailed(mailoutbox: Mails) -> None:
    camille, _ = activated_holder()
    marie, address = activated_holder()
    cares(marie, camille, address=address)
    handle(HelpAsked(camille.patient, address, "fr", "answered already"))
    assert to(address, mailoutbox) == []


@pytest.mark.parametrize(
    ("accepted", "subject"),
    [(True, "Votre invitation a été acceptée"), (False, "Votre invitation a été refusée")],
)
def test_the_holder_is_told_the_answer(mailoutbox: Mails, accepted: bool, subject: str) -> None:
    camille, address = activated_holder()
    handle(HelpAnswered(camille.patient, accepted, "Marie Duval", AT))
    assert subject in to(address, mailoutbox)
    assert "Marie" not in "".join(mail.body for mail in mailoutbox)


def test_each_is_told_that_the_other_ended_it(mailoutbox: Mails) -> None:
    camille, hers = activated_holder(language="en")
    marie, theirs = activated_holder()
    handle(HelpEnded(camille.patient, marie.patient, "Marie Duval", own=True, at=AT))
    assert (to(theirs, mailoutbox), to(hers, mailoutbox)) == (["Vous n’aidez plus une personne"], [])
    handle(HelpEnded(camille.patient, marie.patient, "Marie Duval", at=AT, left=True))
    assert to(hers, mailoutbox) == ["Somebody does not help you any more"]
    assert len(to(theirs, mailoutbox)) == 1


def test_the_holder_is_told_when_a_session_begins_and_whoever_ended_it(mailoutbox: Mails) -> None:
    camille, hers = activated_holder()
    noemie, theirs = activated_holder()
    handle(HelpAnswered(camille.patient, True, "Noémie Duval", AT, Helps.ADVISER))
    assert to(hers, mailoutbox) == ["Une séance a commencé dans votre espace"]
    assert "/partage/proches/conseiller/" in mailoutbox[-1].body and "Noémie" not in mailoutbox[-1].body
    for own, left in ((True, False), (False, True), (False, False)):
        mailoutbox.clear()
        at = AT + timedelta(minutes=own + 2 * left)
        handle(HelpEnded(camille.patient, noemie.patient, "Noémie Duval", own, at, left, Helps.ADVISER))
        assert to(hers, mailoutbox) == ["La séance dans votre espace est terminée"]
    assert to(theirs, mailoutbox) == []


def test_a_session_that_nobody_ended_is_told_and_forgotten_when_its_time_is_over(mailoutbox: Mails) -> None:
    (camille, hers), (noemie, _) = activated_holder(), activated_holder()
    began = advised(camille, noemie)
    over, until = SessionOver(camille.patient, began), AT + timedelta(hours=1)
    handle(over, until - timedelta(seconds=1))
    assert to(hers, mailoutbox) == [] and advised_until(camille) == until
    handle(over, until)
    assert to(hers, mailoutbox) == ["La séance dans votre espace est terminée"] and advised_until(camille) is None
    handle(SessionOver(camille.patient, uuid4()), until)
    assert len(to(hers, mailoutbox)) == 1


def advised(of: Holder, by: Holder) -> UUID:
    """The mandate of a session that began at AT."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_account WHERE patient_id = %s", [by.patient])
        (account,) = cursor.fetchone()
    name_adviser(account=account, structure="France services")
    code = new_code()
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.ADVISE, at=AT) as grant:
        mandates.ask_adviser(grant, scope=Scope.READ, code=code)
    adviser = Actor(ActorKind.HOLDER, account, "", patient=by.patient)
    with gate.open_record(
        actor=adviser, patient=of.patient, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=AT, invitation=code_token(code)
    ) as grant:
        return mandates.answer_help(grant, accepts=True).id


def advised_until(of: Holder) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT advised_until FROM identity_account WHERE patient_id = %s", [of.patient])
        return cursor.fetchone()[0]
