"""Mails about helping somebody: to whom, once, and without a name."""

from uuid import uuid4

import pytest
from django.core.mail import EmailMessage

from cast import AT, Holder, cares
from espace.access import gate
from espace.identity.actions import mandates
from espace.identity.events import HelpAnswered, HelpAsked, HelpEnded
from espace.identity.facts.mandates import Helps, Scope
from espace.kernel.words import Purpose, Verb
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
