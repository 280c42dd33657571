"""From a deposit to the mail: only what is new and may be seen is told, and no word of it leaves."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from cast import AT, Holder, document, entry, organisation, sender, submission, unique_id
from espace.access import gate
from espace.edge import clock_at
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.outbox import actions as outbox
from espace.record.actions import submit
from espace.record.events import DocumentsFiled
from espace.site import worker
from espace.wire.xds import NewDocument
from notices.people import activated_holder

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
HIDDEN = frozenset({Visibility.INVISIBLE_PATIENT})
PLANTED = "Zygomatique"


@pytest.fixture(autouse=True)
def _nothing_waits() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM outbox_event WHERE kind = 'record.DocumentsFiled'")
    yield


def deposit(to: Holder, by: Organisation, *documents: NewDocument, uid: str | None = None, hours: int = 0) -> None:
    """As a software of this organisation would, and then the worker."""
    at = AT + timedelta(hours=hours)
    opened = gate.open_record(
        actor=sender(by), patient=to.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=at, channel="test"
    )
    with clock_at(at):
        with opened as grant:
            submit(grant, submission=submission(to, *documents, uid=uid), headers=[None] * len(documents))
        worker.run_until_idle()


def told(address: str, mails: Mails) -> Mails:
    """The mails that reached this account; invitations go to the address declared before there is one."""
    return [mail for mail in mails if mail.to == [address]]


def test_a_new_document_is_told_once_and_without_a_word_of_it(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    hospital = organisation(f"Hôpital {PLANTED}")
    uid = unique_id()
    stated = document(entry(uid=uid, title=f"{PLANTED} de Camille"), f"{PLANTED} 12".encode())
    deposit(who, hospital, stated)
    deposit(who, hospital, stated, hours=3)
    (mail,) = told(address, mailoutbox)
    assert (mail.to, mail.subject) == ([address], "Un nouveau document est arrivé dans votre espace")
    said = mail.subject + mail.body + mail.message().as_string() + repr(mail.extra_headers)
    for forbidden in (
        PLANTED, "Camille", "Duval", "Le Goff", "Remparts", "biologie", "11502-2", who.ins.number, uid,
        hospital.finess, str(who.patient), who.patient.hex,
    ):  # fmt: skip
        assert forbidden not in said


def test_a_document_hidden_from_the_patient_is_told_nowhere(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    deposit(who, organisation(), document(entry(visibility=HIDDEN)))
    assert told(address, mailoutbox) == []


def test_one_that_is_seen_among_hidden_ones_is_told(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    deposit(who, organisation(), document(entry(visibility=HIDDEN)), document(entry()))
    assert len(told(address, mailoutbox)) == 1


def test_a_new_version_of_a_hidden_document_is_hidden_too(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    hospital, first = organisation(), unique_id()
    deposit(who, hospital, document(entry(uid=first, visibility=HIDDEN)))
    deposit(who, hospital, document(entry(), b"corrected", replaces=first), hours=5)
    assert told(address, mailoutbox) == []


def test_a_hidden_document_beside_a_seen_one_sent_again_is_not_told(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    hospital, seen = organisation(), document(entry(uid=unique_id()))
    deposit(who, hospital, seen)
    deposit(who, hospital, seen, document(entry(visibility=HIDDEN)), hours=5)
    assert len(told(address, mailoutbox)) == 1


def test_the_signature_of_a_hidden_document_is_not_told(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    hidden = document(entry(visibility=HIDDEN))
    deposit(who, organisation(), hidden, replace(document(), signs=frozenset({hidden.entry.unique_id})))
    assert told(address, mailoutbox) == []


def test_a_document_masked_to_professionals_is_told_to_its_holder(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    deposit(who, organisation(), document(entry(visibility=frozenset({Visibility.MASQUE_PS}))))
    assert len(told(address, mailoutbox)) == 1


def test_a_deposit_that_is_refused_announces_nothing(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    with pytest.raises(Refused):
        deposit(who, organisation(), document(entry()), document(entry(), b"x", replaces=unique_id()))
    worker.run_until_idle()
    assert told(address, mailoutbox) == []


def test_the_event_itself_is_sealed_in_the_queue() -> None:
    who, _ = activated_holder()
    event = DocumentsFiled(who.patient, who.patient, True, AT)
    waiting = outbox.post(event, patient=who.patient, at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM outbox_event WHERE id = %s", [waiting])
        (sealed,) = cursor.fetchone()
    assert b"shown" not in bytes(sealed)


def test_the_home_to_which_a_mail_leads_is_there(mailoutbox: Mails) -> None:
    who, address = activated_holder()
    deposit(who, organisation(), document(entry()))
    (link,) = (line for line in str(told(address, mailoutbox)[0].body).splitlines() if line.startswith("http"))
    assert link.endswith("/")
    assert Client().get("/").status_code in (200, 302)
