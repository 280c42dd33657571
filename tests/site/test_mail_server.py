"""ESPACE_MAIL_URL and ESPACE_MAIL_FROM: what they mean, and the sentence for what cannot be used."""

import pytest

from espace.site.config import BadConfiguration, load
from espace.site.mail_server import MailServer, mail_server, sender


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25)),
        ("smtp://mail.example:2525/", MailServer("mail.example", 2525)),
        ("smtp://[::1]:2525", MailServer("::1", 2525)),
        ("smtp://mail.example?starttls=required", MailServer("mail.example", 25, starttls=True)),
        ("smtp://mail.example?starttls=never", MailServer("mail.example", 25)),
        ("smtp://u:p@mail.example", MailServer("mail.example", 587, "u", "p", starttls=True)),
        ("smtp://u:p@mail.example:25?starttls=required", MailServer("mail.example", 25, "u", "p", starttls=True)),
        ("smtp://u%40x:p%2F%3F%23%25@mail.example", MailServer("mail.example", 587, "u@x", "p/?#%", starttls=True)),
        ("smtp://u:p@localhost:25", MailServer("localhost", 25, "u", "p")),
        ("smtp://u:p@127.0.0.9:25", MailServer("127.0.0.9", 25, "u", "p")),
        ("smtp://u:p@[::1]:25?starttls=required", MailServer("::1", 25, "u", "p", starttls=True)),
        ("smtp://u:p@localhost:25?starttls=never", MailServer("localhost", 25, "u", "p")),
        ("smtps://u:p@mail.example", MailServer("mail.example", 465, "u", "p", tls=True)),
        ("smtps://mail.example:4650", MailServer("mail.example", 4650, tls=True)),
    ],
)
def test_an_address_says_how_mail_is_handed_over(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "must look like"),
        ("mail.example:25", "must look like"),
        ("http://mail.example", "must look like"),
        ("smtp://:25", "must look like"),
        ("smtp://mail.example:0", "must look like"),
        ("smtp://mail.example:65536", "must look like"),
        ("smtp://mail.example:mail", "must look like"),
        ("smtp://mail.example/inbox", "must look like"),
        ("smtp://mail.example\n", "must look like"),
        ("smtp://u:hidden#word@mail.example", "must look like"),
        ("smtp://u:hidden/word@mail.example", "must look like"),
        ("smtp://[::1", "must look like"),
        ("smtp://u@mail.example", "both a user and a password"),
        ("smtp://:hidden@mail.example", "both a user and a password"),
        ("smtp://u:h%C3%A9@mail.example", "both a user and a password"),
        ("smtp://u:hidden%0Aword@mail.example", "both a user and a password"),
        ("smtp://u:hidden@mail.example?starttls=never", "in clear to no other machine"),
        ("smtp://u:hidden@192.0.2.7?starttls=never", "in clear to no other machine"),
        ("smtp://u:hidden@localhost.example?starttls=never", "in clear to no other machine"),
        ("smtp://mail.example?starttls=maybe", "one option"),
        ("smtp://mail.example?starttls", "one option"),
        ("smtp://mail.example?tls=required", "one option"),
        ("smtp://mail.example?starttls=required&starttls=never", "one option"),
        ("smtps://mail.example?starttls=never", "one option"),
    ],
)
def test_an_address_that_cannot_be_used_gets_a_sentence_that_quotes_nothing(url: str, said: str) -> None:
    with pytest.raises(BadConfiguration, match=said) as refused:
        load({"ESPACE_MAIL_URL": url})
    assert str(refused.value).startswith("ESPACE_MAIL_URL")
    assert "hidden" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("text", ["espace@localhost", "Espace santé <no-reply@sante.example>", '"A, b" <a@b.example>'])
def test_mails_come_from_one_address(text: str) -> None:
    assert sender(text) == text
    assert load({"ESPACE_MAIL_FROM": text}).mail_from == text


@pytest.mark.parametrize(
    "text", ["", "espace", "a@b, c@d", "a@b\nBcc: c@d", "A <a@b> c", "a@b.", "a@-b", "a b@c", "a@b@c", "é@b"]
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadConfiguration, match="ESPACE_MAIL_FROM must be one address"):
        load({"ESPACE_MAIL_FROM": text})


def test_a_password_is_in_no_description_of_the_configuration() -> None:
    config = load({"ESPACE_MAIL_URL": "smtp://u:hidden@mail.example"})
    assert config.mail_server.password == "hidden"
    assert "hidden" not in repr(config) + repr(config.mail_server)
