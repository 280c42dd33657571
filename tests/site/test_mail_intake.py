"""SMTP over TLS: a relay that shows a certificate hands its mails over, byte for byte; nobody else is heard, and
nothing of the inside is told."""

import asyncio
import smtplib
import socket
import ssl
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from espace.edge import now
from espace.site import certifying, mail_intake
from espace.site.commands import mail as command
from espace.site.mail_intake import Delivering, Listening, serve
from espace.site.mllp import tls
from espace.site.terminal import Failed

STRUCTURE = "1990000017"
SECONDS = 10


@dataclass
class Intake:
    """A listener in a thread, what it was handed, and what it answers."""

    folder: Path
    reply: str = "250 2.6.0 Deposited"
    mails: list[tuple[bytes, bytes]] = field(default_factory=list)
    away: int = 0
    released: int = 0
    port: int = 0

    def deliver(self, mail: bytes, certificate: bytes) -> str:
        self.mails.append((mail, certificate))
        if self.reply == "fault":
            raise RuntimeError("the inside")
        return self.reply

    def turn_away(self) -> None:
        self.away += 1

    def release(self) -> None:
        self.released += 1

    def client(self, *, certified: bool = True) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=str(self.folder / "authority.pem"))
        if certified:
            one = self.folder / f"{STRUCTURE}.connection"
            made.load_cert_chain(one.with_suffix(".connection.pem"), one.with_suffix(".connection.key"))
        return made

    def greeted(self, *, certified: bool = True) -> smtplib.SMTP:
        client = smtplib.SMTP("localhost", self.port, timeout=SECONDS)
        client.starttls(context=self.client(certified=certified))
        return client


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("ca")
    ours = certifying.authority(made, at=now())
    certifying.server(ours, "localhost", at=now())
    certifying.structure(ours, STRUCTURE, at=now())
    return made


def running(folder: Path, **said: bool) -> Iterator[Intake]:
    found, ready, stops = Intake(folder), threading.Event(), list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]()
    context = tls(folder / "localhost.pem", folder / "localhost.key", folder / "authority.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    to = Listening("127.0.0.1", 0, context, 20_000, 2, **said)

    def listen(port: int) -> None:
        found.port = port
        ready.set()

    async def run() -> None:
        stops.append((asyncio.get_running_loop(), stopped := asyncio.Event()))
        await serve(to, Delivering(found.deliver, found.turn_away, found.release), listen, stopped)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    assert ready.wait(SECONDS)
    yield found
    loop, stopped = stops[0]
    loop.call_soon_threadsafe(stopped.set)
    thread.join(SECONDS)
    assert not thread.is_alive()


@pytest.fixture
def intake(folder: Path) -> Iterator[Intake]:
    yield from running(folder)


@pytest.fixture
def tls_first(folder: Path) -> Iterator[Intake]:
    yield from running(folder, tls_first=True)


MAIL = b"Subject: x\r\n\r\n..\r\n.dots\r\n\xc3\xa9\r\n"


def test_a_mail_comes_as_it_was_sent_with_the_certificate(intake: Intake) -> None:
    with intake.greeted() as client:
        for _ in range(2):
            assert client.sendmail("a@x.fr", ["b@y.fr", "nobody@nowhere.fr"], MAIL) == {}
    assert [mail for mail, _ in intake.mails] == [MAIL, MAIL]
    assert STRUCTURE.encode() in intake.mails[0][1]
    assert intake.released == 2


def test_tls_may_come_first(tls_first: Intake) -> None:
    with smtplib.SMTP_SSL("localhost", tls_first.port, timeout=SECONDS, context=tls_first.client()) as client:
        client.sendmail("a@x.fr", ["b@y.fr"], MAIL)
    assert STRUCTURE.encode() in tls_first.mails[0][1]


def test_nothing_is_taken_before_tls(intake: Intake) -> None:
    with smtplib.SMTP("localhost", intake.port, timeout=SECONDS) as client:
        client.ehlo()
        assert "auth" not in client.esmtp_features
        assert client.docmd("MAIL FROM:<a@x.fr>")[0] == 530


def test_what_is_said_before_tls_is_not_heard_inside(intake: Intake) -> None:
    with socket.create_connection(("localhost", intake.port), timeout=SECONDS) as plain:
        plain.recv(1_000)
        plain.sendall(b"EHLO x\r\n")
        while b"250 " not in plain.recv(1_000):
            pass
        plain.sendall(b"STARTTLS\r\nMAIL FROM:<evil@x.fr>\r\n")
        assert plain.recv(1_000).startswith(b"220")
        with intake.client().wrap_socket(plain, server_hostname="localhost") as peer:
            peer.sendall(b"EHLO y\r\n")
            assert peer.recv(1_000).startswith(b"250-espace")


def test_nobody_is_heard_without_a_certificate(intake: Intake) -> None:
    with intake.greeted(certified=False) as client, pytest.raises(smtplib.SMTPSenderRefused) as caught:
        client.sendmail("a@x.fr", ["b@y.fr"], MAIL)
    assert (caught.value.smtp_code, intake.mails, intake.away) == (550, [], 1)


def test_nobody_keeps_a_place_without_a_certificate(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_intake, "HANDSHAKE_SECONDS", 0.2)
    with socket.create_connection(("localhost", intake.port), timeout=SECONDS) as plain:
        assert plain.recv(1_000).startswith(b"220")
        assert plain.recv(1_000) == b""
    assert intake.away == 1
    with intake.greeted() as client:
        threading.Event().wait(0.3)
        assert client.noop()[0] == 250


def test_a_refusal_is_told_and_a_fault_tells_nothing(intake: Intake) -> None:
    intake.reply = "554-5.6.0 [hash_mismatch] x\r\n554 5.6.0 https://x/"
    with intake.greeted() as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("a@x.fr", ["b@y.fr"], MAIL)
        intake.reply = "fault"
        with pytest.raises(smtplib.SMTPDataError) as failed:
            client.sendmail("a@x.fr", ["b@y.fr"], MAIL)
    assert (refused.value.smtp_code, refused.value.smtp_error) == (554, b"5.6.0 [hash_mismatch] x\n5.6.0 https://x/")
    assert (failed.value.smtp_code, failed.value.smtp_error) == (451, b"4.3.0 Come again")
    assert intake.released == 2


def test_too_much_is_refused(intake: Intake) -> None:
    with intake.greeted() as client:
        with pytest.raises(smtplib.SMTPSenderRefused):
            client.sendmail("a@x.fr", ["b@y.fr"], b"x\r\n" * 7_000)
        client.ehlo()
        client.docmd("MAIL FROM:<a@x.fr>")
        assert [client.docmd("RCPT TO:<b@y.fr>")[0] for _ in range(51)][-2:] == [250, 452]
        assert client.data(b"x\r\n" * 7_000)[0] == 552
    assert intake.mails == []


def test_connections_are_counted_and_make_room(intake: Intake) -> None:
    first, second = intake.greeted(), intake.greeted()
    with pytest.raises(smtplib.SMTPConnectError) as caught:
        smtplib.SMTP("localhost", intake.port, timeout=SECONDS)
    assert caught.value.smtp_code == 421
    first.quit()
    second.quit()
    with intake.greeted() as client:
        assert client.noop()[0] == 250


@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r\n\x00.\r\n"])
def test_one_end_of_data_is_one(intake: Intake, end: bytes) -> None:
    """SMTP smuggling: what looks like an end to another server is in the mail, which is refused for it later."""
    with intake.greeted() as client:
        client.ehlo()
        client.docmd("MAIL FROM:<a@x.fr>")
        client.docmd("RCPT TO:<b@y.fr>")
        assert client.docmd("DATA")[0] == 354
        client.send(b"x" + end + b"MAIL FROM:<evil@x.fr>\r\n.\r\n")
        assert client.getreply()[0] == 250
    [(mail, _)] = intake.mails
    assert b"evil@x.fr" in mail


@pytest.mark.parametrize("wrong", [["--connections", "0"], ["--port", "65536"]])
def test_the_command_says_what_is_wrong_with_its_options(wrong: list[str]) -> None:
    parser = ArgumentParser()
    command.arguments(parser)
    with pytest.raises(Failed, match="--connections is from 1 to 1000"):
        command.run(parser.parse_args(["--certificate", "a.pem", "--key", "a.key", *wrong]))
