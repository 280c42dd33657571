"""Sending notices, each at its time and once; and keeping what the holder chose."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from espace.kernel.ids import PatientId
from espace.kernel.words import PERSONAL, Grant, Verb
from espace.notices import rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.notices.facts import Preferences, Recipient, Told, Topic
from espace.notices.queries import recipient
from espace.outbox import actions as outbox

_HOLD = """
INSERT INTO notices_mail AS kept (patient_id, topic, number) VALUES (%s, %s, 0)
ON CONFLICT (patient_id, topic) DO UPDATE SET topic = kept.topic
RETURNING number, mailed_at, due_at
"""


def set_preferences(grant: Grant, wanted: Preferences) -> None:
    """What the holder chose, from now on; mails that were put off for something they no longer want are not sent."""
    grant.require(PERSONAL, Verb.SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_preference (patient_id, new_document, access, changed_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (patient_id) DO UPDATE SET new_document = EXCLUDED.new_document,"
            " access = EXCLUDED.access, changed_at = EXCLUDED.changed_at",
            [grant.patient, wanted.new_document, wanted.access, grant.at],
        )


def tell(*, patient: PatientId, topic: Topic, happened: datetime, at: datetime) -> None:
    """Mail the holder that something happened: now, later where the last mail is too recent, or not at all.

    Not at all where a mail sent since has told it, and for who is not to be told (`queries.recipient`). Raises what
    the mail server makes `adapters.send` raise: nothing is kept then, for the caller to come back.
    """
    to = recipient(patient, topic)
    if to is None:
        return
    with _held(patient, topic) as (cursor, told):
        moment = rules.mail_at(told, topic, happened=happened, at=at)
        if moment is None:
            return
        if moment <= at:
            _send(cursor, patient, topic, told, to, at)
        elif told.due_at is None:
            outbox.post(MailPostponed(patient, topic.code), patient=patient, at=at, due=moment)
            _keep(cursor, patient, topic, Told(told.number, told.mailed_at, moment))


def tell_now(*, patient: PatientId, topic: Topic, at: datetime) -> None:
    """Send the mail that was put off; nothing where it went out in the meantime."""
    to = recipient(patient, topic)
    with _held(patient, topic) as (cursor, told):
        if told.due_at is None:
            return
        if to is None:
            _keep(cursor, patient, topic, Told(told.number, told.mailed_at, None))
        else:
            _send(cursor, patient, topic, told, to, at)


def _send(
    cursor: CursorWrapper, patient: PatientId, topic: Topic, told: Told, to: Recipient, at: datetime
) -> None:
    """The mail, then its mark: a crash between them sends the same one again, under the same Message-ID."""
    number = told.number + 1
    send(rules.notice(topic, to=to, link=f"{settings.ESPACE_PUBLIC_URL}/", id=f"{patient}|{topic.code}|{number}"))
    _keep(cursor, patient, topic, Told(number, at, None))


def _keep(cursor: CursorWrapper, patient: PatientId, topic: Topic, told: Told) -> None:
    cursor.execute(
        "UPDATE notices_mail SET number = %s, mailed_at = %s, due_at = %s WHERE patient_id = %s AND topic = %s",
        [told.number, told.mailed_at, told.due_at, patient, topic.code],
    )


@contextmanager
def _held(patient: PatientId, topic: Topic) -> Iterator[tuple[CursorWrapper, Told]]:
    """What was told so far, this worker's alone while the mail goes out: of two at once, the second sees the first's.

    READ COMMITTED, so that the second waits and reads again instead of failing.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_HOLD, [patient, topic.code])
        yield cursor, Told(*cursor.fetchone())
