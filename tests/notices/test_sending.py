"""Handing a mail to a real SMTP server: taken, refused for now, refused for good."""

from collections.abc import Iterator
from smtplib import SMTPConnectError, SMTPException
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from espace.notices.adapters import send
from espace.notices.facts import Mail
from espace.outbox.facts import Hopeless
from espace.site.testbed import free_port

MAIL = Mail("camille@example.org", "Activez votre espace de santé", "Bonjour")


class Server:
    """Answers what it is told to, at each step."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.taken: list[Envelope] = []

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" not in self.answers:
            self.taken.append(envelope)
        return self.answers.get("DATA", "250 OK")


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    told = Server()
    controller = Controller(told, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    settings.EMAIL_BACKEND = "espace.notices.adapters.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    controller.start()
    yield told
    controller.stop()


def test_a_mail_is_handed_over(server: Server) -> None:
    send(MAIL)
    assert [envelope.rcpt_tos for envelope in server.taken] == [["camille@example.org"]]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_mail_refused_for_good_is_hopeless_and_names_nobody(server: Server, step: str) -> None:
    server.answers[step] = "550 5.1.1 camille@example.org is unknown here"
    with pytest.raises(Hopeless) as caught:
        send(MAIL)
    assert str(caught.value) == "smtp_550"
    assert caught.value.__suppress_context__
    assert server.taken == []


@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "421 4.3.2 closing", "499 4.0.0 the last of its kind"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_mail_refused_for_now_is_tried_again(server: Server, step: str, answer: str) -> None:
    server.answers[step] = answer
    with pytest.raises(SMTPException):
        send(MAIL)


def test_a_server_that_takes_no_connection_now_is_asked_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: object, **named: object) -> None:
        raise SMTPConnectError(554, b"no service")

    monkeypatch.setattr("smtplib.SMTP.connect", refused)
    with pytest.raises(SMTPConnectError):
        send(MAIL)


def test_a_server_that_is_not_there_is_asked_again(server: Server, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    with pytest.raises(ConnectionRefusedError):
        send(MAIL)
