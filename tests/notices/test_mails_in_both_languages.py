"""Mails about helping, coming of age and closing are whole in both languages, and in French for any other."""

from datetime import date

import pytest

from espace.enrolment.facts import Step
from espace.notices.facts import Mail, Recipient
from espace.notices.rules import helping, majority, of_space

LINK = "https://espace.example/partage/proches/"
OF_HELP = (
    helping.ASKED, helping.ACCEPTED, helping.DECLINED, helping.LEFT, helping.ENDED, helping.SESSION_BEGAN,
    helping.SESSION_ENDED,
)  # fmt: skip
STEPS = (Step.ASK_CLOSING, Step.CLOSE, Step.REOPEN)


def mails(language: str) -> list[Mail]:
    to = Recipient("camille@example.org", language)
    told = [helping.help_mail(what, to=to, link=LINK, id="1") for what in OF_HELP]
    told += [majority.majority_mail(what, to=to, link=LINK, id="1") for what in (*majority.SOON, *majority.TODAY)]
    return told + [of_space(step, to=to, until=date(2026, 4, 15), link=LINK, id="1") for step in STEPS]


@pytest.mark.parametrize(("language", "greeting"), [("fr", "Bonjour,\n"), ("en", "Hello,\n"), ("de", "Bonjour,\n")])
def test_every_mail_is_whole_and_has_its_link(language: str, greeting: str) -> None:
    for mail in mails(language):
        assert mail.text.startswith(greeting) and mail.text.count(LINK) == 1, mail.subject
        assert "{" not in mail.subject + mail.text and "camille" not in mail.subject + mail.text, mail.subject


@pytest.mark.parametrize(
    ("language", "subject"),
    [("fr", "Votre espace sera fermé le 15/04/2026"), ("en", "Your space will be closed on 2026-04-15")],
)
def test_the_day_of_a_closing_is_written_as_the_language_does(language: str, subject: str) -> None:
    asked = next(mail for mail in mails(language) if "15" in mail.subject)
    assert asked.subject == subject and subject.rsplit(" ", 1)[1] in asked.text
