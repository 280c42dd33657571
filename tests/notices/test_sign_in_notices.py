"""What is mailed about signing in: always, whatever the holder turned off; a code while it is worth something."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.db import connection

from cast import AT
from espace.edge import clock_at
from espace.identity.events import MailCodeMade, NewBrowser, PasswordChanged, PasswordTried, SignInChanged
from espace.identity.facts.recovery import RecoveryStep
from espace.kernel.ids import PatientId
from espace.notices import rules
from espace.notices.facts import Preferences, Recipient
from espace.outbox.facts import Event
from espace.site import worker
from notices.people import activated, close_account
from notices.test_notices import choose, handle, to

pytestmark = pytest.mark.django_db
Mails = list[EmailMessage]
TEXTS = Path(rules.__file__).parent
MINUTE = timedelta(minutes=1)
NOTHING = Preferences(frozenset())


@pytest.mark.parametrize("words", ["assistance", "help desk"])
def test_no_mail_sends_to_a_help_desk_that_nobody_runs(words: str) -> None:
    """Each says what to do instead: sign in, make the access again, or go to whoever opened the space."""
    assert [path.name for path in TEXTS.glob("*.py") if words in path.read_text(encoding="utf-8").lower()] == []


@pytest.mark.parametrize(
    ("event", "language", "subject"),
    [
        (NewBrowser, "fr", "Connexion à votre espace depuis un nouvel appareil"),
        (NewBrowser, "en", "Your space was opened from a new device"),
        (SignInChanged, "fr", "Votre façon de vous connecter a changé"),
        (SignInChanged, "en", "The way you sign in has changed"),
    ],
)
def test_it_is_told_even_to_who_wants_no_mail(
    event: type[NewBrowser] | type[SignInChanged], language: str, subject: str, mailoutbox: Mails
) -> None:
    patient, address = activated(language=language)
    choose(patient, NOTHING)
    handle(event(patient, AT))
    assert to(address, mailoutbox) == [subject]


def test_every_new_browser_is_told_and_changes_in_a_row_make_one_mail(mailoutbox: Mails) -> None:
    patient, address = activated()
    for minutes in range(3):
        handle(NewBrowser(patient, AT + minutes * MINUTE), AT + minutes * MINUTE)
        handle(SignInChanged(patient, AT + minutes * MINUTE), AT + minutes * MINUTE)
    with clock_at(AT + 10 * MINUTE):
        worker.run_until_idle()
    assert sorted(to(address, mailoutbox)) == ["Connexion à votre espace depuis un nouvel appareil"] * 3 + [
        "Votre façon de vous connecter a changé"
    ] * 2


@pytest.mark.parametrize(("language", "subject"), [("fr", "Votre code de connexion"), ("en", "Your sign-in code")])
def test_the_code_is_on_a_line_of_its_own_without_link(language: str, subject: str, mailoutbox: Mails) -> None:
    patient, address = activated(language=language)
    handle(MailCodeMade(patient, "012345", AT + 10 * MINUTE))
    (mail,) = [mail for mail in mailoutbox if mail.to == [address]]
    assert mail.subject == subject and "\n012345\n" in mail.body
    assert "http" not in mail.body and "012345" not in mail.subject


@pytest.mark.parametrize("after", [10 * MINUTE, 60 * MINUTE])
def test_a_code_that_is_over_does_not_leave(after: timedelta, mailoutbox: Mails) -> None:
    patient, address = activated()
    handle(MailCodeMade(patient, "012345", AT + 10 * MINUTE), AT + after)
    assert to(address, mailoutbox) == []


def test_nothing_leaves_for_a_closed_account(mailoutbox: Mails) -> None:
    patient, address = activated()
    close_account(patient)
    events: tuple[Event, ...] = (
        MailCodeMade(patient, "012345", AT + 10 * MINUTE), NewBrowser(patient, AT), SignInChanged(patient, AT),
    )  # fmt: skip
    for event in events:
        handle(event)
    assert to(address, mailoutbox) == []


def identifier_of(patient: PatientId) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT identifier FROM identity_account WHERE patient_id = %s", [patient])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("fr", "Des mots de passe faux ont été essayés pour votre espace"),
        ("en", "Wrong passwords were tried for your space"),
    ],
)
def test_wrong_passwords_are_told_once_a_day_at_most(language: str, subject: str, mailoutbox: Mails) -> None:
    patient, address = activated(language=language)
    choose(patient, NOTHING)
    typed = identifier_of(patient).upper()
    for at in (AT, AT + MINUTE, AT + timedelta(days=1), AT + timedelta(days=1, minutes=1)):
        handle(PasswordTried(typed, at), at)
    assert to(address, mailoutbox) == [subject] * 2


def test_wrong_passwords_for_nobodys_or_a_closed_identifier_tell_nobody(mailoutbox: Mails) -> None:
    patient, address = activated()
    typed = identifier_of(patient)
    close_account(patient)
    for identifier in (typed, "personne.ici", address, ""):
        handle(PasswordTried(identifier, AT))
    assert to(address, mailoutbox) == []


@pytest.mark.parametrize(
    ("language", "subject"), [("fr", "Votre mot de passe a changé"), ("en", "Your password has changed")]
)
def test_another_password_is_told(language: str, subject: str, mailoutbox: Mails) -> None:
    patient, address = activated(language=language)
    choose(patient, NOTHING)
    handle(PasswordChanged(patient, AT))
    assert to(address, mailoutbox) == [subject]


@pytest.mark.parametrize("language", ["fr", "en", "xx"])
def test_every_word_about_ways_in_exists_and_holds_nothing_of_anybody(language: str) -> None:
    recipient = Recipient("a@example.org", language)
    mails = [rules.recovery(step, to=recipient, link="https://x/", moment="M", id="") for step in RecoveryStep]
    mails += [rules.address_changed(to=recipient, link="https://x/", id="")]
    mails += [rules.address_code(to=recipient, code="012345", id="")]
    assert len({mail.subject for mail in mails}) == 7
    assert not any("{" in mail.subject + mail.text for mail in mails)
