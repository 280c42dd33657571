"""What happens in the space of somebody without account is mailed to who stands for them, and names nobody."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import Holder, organisation, put_state
from cast import holder as somebody
from espace.enrolment.facts import State
from espace.identity import actions as identity
from espace.kernel.words import Actor, Verb
from espace.notices import actions, rules
from espace.notices.facts import Preferences, Recipient, Wish
from notices.test_centre import FROM_PARENTS, HELD, deposit, events, happen, titled
from record.secret import as_proxy, minor, mother_of

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
SUBJECT = "Du nouveau dans un espace où vous représentez quelqu’un"


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    yield


def addressed(who: Actor) -> str:
    """Somebody who stands for another gets an account."""
    assert who.patient
    address, account = f"{uuid4().hex[:12]}@example.org", uuid4()
    name = f"m.{account.hex[:12]}"
    identity.add_account(account_id=account, identifier=name, password="-", email=address, patient=who.patient)
    return address


def family() -> tuple[Holder, Actor, str]:
    leo = minor()
    mother = mother_of(leo)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event")
    return leo, mother, addressed(mother)


def to(address: str, mails: Mails) -> list[str]:
    return [mail.subject for mail in mails if mail.to == [address]]


def test_a_document_of_a_minor_is_mailed_to_who_stands_for_them(mailoutbox: Mails) -> None:
    leo, _, address = family()
    deposit(leo, organisation("Zygomatique"), titled("Analyses"))
    assert to(address, mailoutbox) == [SUBJECT]
    (mail,) = (mail for mail in mailoutbox if mail.to == [address])
    said = mail.subject + mail.body + mail.message().as_string()
    for word in ("Léo", "LÉO", "Duval", "Zygomatique", "Analyses", str(leo.patient), leo.ins.number):
        assert word not in said


@pytest.mark.parametrize("hidden", [HELD, FROM_PARENTS])
def test_what_is_hidden_from_them_is_not(hidden: Any, mailoutbox: Mails) -> None:
    leo, _, address = family()
    deposit(leo, organisation(), titled("Tue", visibility=hidden))
    assert to(address, mailoutbox) == []


def test_of_the_minor_s_way_in_nothing_is_and_of_the_space_once(mailoutbox: Mails) -> None:
    leo, _, address = family()
    for event in events(leo.patient).values():
        happen(event)
    subjects = to(address, mailoutbox)
    assert subjects.count("Un espace où vous représentez quelqu’un a été ouvert en urgence") == 1
    assert len([one for one in subjects if one == SUBJECT]) == 9  # five of documents, consent, team, doctor, feeding


def test_they_choose_in_that_space(mailoutbox: Mails) -> None:
    leo, mother, address = family()
    wanted = Preferences(frozenset({Wish.SHARING}))
    as_proxy(leo, mother, Verb.SETTINGS, lambda grant: actions.set_preferences(grant, wanted))
    deposit(leo, organisation(), titled("Analyses"))
    assert to(address, mailoutbox) == []


@pytest.mark.parametrize("state", [State.CLOSED, State.SUSPENDED, State.OPPOSED])
def test_of_a_space_that_is_not_read_nothing_is_mailed(state: State, mailoutbox: Mails) -> None:
    leo, _, address = family()
    put_state(leo.patient, state)
    happen(events(leo.patient)["emergency"])
    assert to(address, mailoutbox) == []


def test_who_has_an_account_is_mailed_alone(mailoutbox: Mails) -> None:
    leo, _, address = family()
    own = addressed(leo.actor)
    put_state(leo.patient, State.ACTIVATED)
    deposit(leo, organisation(), titled("Analyses"))
    assert to(address, mailoutbox) == []
    assert to(own, mailoutbox) == ["Un nouveau document est arrivé dans votre espace"]


def test_nobody_stands_for_an_adult_without_account(mailoutbox: Mails) -> None:
    deposit(somebody(email=""), organisation(), titled("Analyses"))
    assert mailoutbox == []


def test_the_words_hold_no_figure_and_are_in_both_languages() -> None:
    for language, hello in (("fr", "Bonjour,"), ("en", "Hello,"), ("de", "Bonjour,")):
        for topic in (rules.EMERGENCY, rules.NEW_DOCUMENT):
            where = Recipient("h@example.org", language, helps=True)
            mail = rules.notice_to_representative(topic, to=where, link="https://sante.example/", id="x")
            assert mail.text.startswith(hello) and mail.text.count("https://sante.example/") == 1
            assert not any(digit in mail.subject + mail.text for digit in "0123456789")
