"""The worker and a mail server that dies, in the middle of a mail too: nothing is lost, and none is sent twice
but where nobody can know, and then under the same Message-ID."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from smtplib import SMTP as Client
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection, transaction
from django.test import Client as Browser

from espace.access.events import ConsentRecorded
from espace.edge import clock_at, now
from espace.kernel.ids import PatientId
from espace.notices.handlers import tell_of_consent
from espace.outbox.actions import post, revive
from espace.outbox.queries import dead_letters, lines
from espace.site import worker
from espace.site.source import tool_environment
from espace.site.testbed import free_port
from notices.mailbox import Mailbox, serving, use
from notices.people import activated

pytestmark = pytest.mark.django_db

REACTIONS = {ConsentRecorded: (tell_of_consent,)}
KIND = "access.ConsentRecorded"


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    """Other tests' events of this kind would be in the way."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event WHERE kind = %s", [KIND])


def announce(patients: list[PatientId]) -> None:
    with transaction.atomic():
        for patient in patients:
            post(ConsentRecorded(patient), patient=patient, at=now())


def work(at: datetime) -> None:
    """Everything that is due at this instant."""
    with clock_at(at):
        while worker.run_once(worker="test", reactions=REACTIONS):
            pass


def waiting() -> int:
    return sum(line.count for line in lines(now()) if line.kind == KIND)


def until_all_is_sent(start: datetime) -> None:
    """Day after day, as the back-off would have it."""
    for hours in range(1, 48):
        if not waiting():
            return
        work(start + timedelta(hours=hours))


class Catcher:
    """The mail catcher, a process of its own that may be killed and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "espace.site.mail_catcher", str(self.folder), str(self.port)]
        self.process = subprocess.Popen(command, env=tool_environment())
        limit = time.monotonic() + 20
        while True:
            try:
                Client("127.0.0.1", self.port).quit()
                return
            except ConnectionRefusedError:
                assert time.monotonic() < limit
                time.sleep(0.05)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(file.read_bytes(), policy=default) for file in self.folder.glob("*.eml")]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


@pytest.fixture
def catcher(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catcher]:
    made = Catcher(tmp_path / "mail")
    use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{made.port}")
    yield made
    made.kill()


def test_a_server_killed_between_two_mails_and_started_again_gets_each_mail_once(
    catcher: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [activated() for _ in range(8)]
    announce([patient for patient, _ in people])
    start = now()
    catcher.start()
    handled: list[UUID] = []

    def killing(event: ConsentRecorded) -> None:
        """The fifth mail finds the server dead."""
        if len(handled) == 4:
            catcher.kill()
        handled.append(event.patient)
        tell_of_consent(event)

    with clock_at(start):
        while worker.run_once(worker="test", reactions={ConsentRecorded: (killing,)}):
            pass
    assert (len(catcher.mails()), waiting()) == (4, 4)
    (line,) = (line for line in lines(start) if line.kind == KIND)
    assert (line.count, line.attempts, line.error, line.leased) == (4, 1, "ConnectionRefusedError", False)
    work(start + timedelta(seconds=4))
    assert len(handled) == 8, "five seconds of back-off"
    catcher.start()
    until_all_is_sent(start)
    assert waiting() == 0
    assert sorted(str(mail["To"]) for mail in catcher.mails()) == sorted(address for _, address in people)


def next_due() -> datetime:
    return min(line.due for line in lines(now()) if line.kind == KIND)


@pytest.mark.parametrize("away", [timedelta(hours=10), timedelta(days=3)], ids=["a night", "a long weekend"])
def test_a_server_that_is_away_loses_no_mail(catcher: Catcher, away: timedelta) -> None:
    """The worker comes back by itself for ten hours; after that what is left is the operator's to put back."""
    people = [activated() for _ in range(3)]
    announce([patient for patient, _ in people])
    start = at = now()
    while waiting() and at < start + away:
        work(at)
        at = max(at + timedelta(seconds=1), next_due()) if waiting() else at
    given_up = [letter for letter in dead_letters() if letter.kind == KIND]
    assert (waiting(), len(given_up)) == ((3, 0) if away < timedelta(days=1) else (0, 3))
    assert {(letter.attempts, letter.error) for letter in given_up} <= {(20, "ConnectionRefusedError")}
    catcher.start()
    assert all(revive(letter.id, at=start + away) for letter in given_up)
    until_all_is_sent(start + away)
    assert sorted(str(mail["To"]) for mail in catcher.mails()) == sorted(address for _, address in people)


class Dying(Mailbox):
    """Drops the connection at one step of the first mail, once; `keeps`: after it has kept the mail for good."""

    def __init__(self, *, keeps: bool, answers: bool) -> None:
        super().__init__()
        self.keeps, self.answers_first, self.died = keeps, answers, False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.died:
            return await super().handle_DATA(server, session, envelope)
        self.died = True
        if self.keeps:
            await super().handle_DATA(server, session, envelope)
        if self.answers_first:
            await server.push("250 OK")
        assert server.transport is not None
        server.transport.abort() if not self.answers_first else server.transport.close()
        return "250 OK"


@pytest.mark.parametrize(
    ("keeps", "answers", "received"),
    [(False, False, 1), (True, True, 1), (True, False, 2)],
    ids=["before it is kept", "after it is acknowledged", "kept but not acknowledged"],
)
def test_a_server_that_dies_in_the_middle_of_a_mail(
    keeps: bool, answers: bool, received: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Dying(keeps=keeps, answers=answers)
    patient, address = activated()
    announce([patient])
    start = now()
    with serving(box) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        work(start)
        until_all_is_sent(start)
    assert waiting() == 0
    assert [str(mail["To"]) for mail in box.taken] == [address] * received
    assert len({mail["Message-ID"] for mail in box.taken}) == 1


def test_mails_that_fail_leave_no_address_and_no_person_in_the_logs(
    catcher: Catcher, caplog: pytest.LogCaptureFixture
) -> None:
    patient, address = activated(email=f"zygomatique.{uuid4().hex[:8]}@example.org")
    announce([patient])
    work(now())
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert "reaction failed" in said
    for forbidden in (address, "zygomatique", str(patient), patient.hex):
        assert forbidden not in said


def test_a_server_that_refuses_for_now_is_asked_again_and_for_good_is_told_to_the_operator(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Mailbox()
    patient, address = activated()
    announce([patient])
    start = now()
    with serving(box) as port:
        use(settings, monkeypatch, ESPACE_MAIL_URL=f"smtp://127.0.0.1:{port}")
        box.answers["DATA"] = "451 4.3.0 Try again later"
        work(start)
        assert waiting() == 1
        box.answers["DATA"] = "554 5.7.1 Refused as spam"
        until_all_is_sent(start)
        (letter,) = (letter for letter in dead_letters() if letter.kind == KIND)
        assert letter.error == "smtp_554"
        box.answers.clear()
        assert revive(letter.id, at=start + timedelta(days=2))
        work(start + timedelta(days=2))
    assert [str(mail["To"]) for mail in box.taken] == [address]


def test_the_page_of_the_demonstration_shows_the_mails_that_were_caught(catcher: Catcher, settings: Any) -> None:
    patient, address = activated()
    catcher.start()
    announce([patient])
    work(now())
    settings.ESPACE_DEMONSTRATION, settings.ESPACE_MAIL_FOLDER = True, catcher.folder
    listed = Browser().get("/demo/").content.decode()
    assert "Un professionnel a enregistré votre accord" in listed
    assert address in listed
    (file,) = catcher.folder.glob("*.eml")
    shown = Browser().get(f"/demo/courriers/{file.stem}/").content.decode()
    assert f'<a href="{settings.ESPACE_PUBLIC_URL}/">' in shown
    assert "Un professionnel a indiqué que vous êtes d’accord" in shown
