"""Sending notices, each at its time and once; telling them in the portal; and keeping what the holder chose."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from espace import edge
from espace.access.actions.telling import tell_reading
from espace.access.events import RecordOpened
from espace.kernel.ids import PatientId
from espace.kernel.words import PERSONAL, Grant, Purpose, Verb
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing
from espace.keys.queries import blind_index, patient_keys
from espace.keys.rules import context
from espace.notices import rules
from espace.notices.adapters import send
from espace.notices.events import MailPostponed
from espace.notices.facts import Kind, Notice, Preferences, Recipient, Told, Topic
from espace.notices.queries import NOTICE, recipients
from espace.outbox import actions as outbox

_LENGTH = 512
"""Bytes of what is sealed, filled up with spaces to a multiple: a length would tell one kind of notice from another."""

_NOTE = """
INSERT INTO notices_notice (patient_id, id, about, at, read, read_by_helpers, gone_for_helpers, sealed)
VALUES (%s, %s, %s, %s, false, false, false, %s) ON CONFLICT DO NOTHING
"""
_MARK = {
    False: "UPDATE notices_notice SET read = true"
    " WHERE patient_id = %s AND NOT read AND (%s::uuid[] IS NULL OR id = ANY(%s))",
    True: "UPDATE notices_notice SET read_by_helpers = true"
    " WHERE patient_id = %s AND NOT read_by_helpers AND (%s::uuid[] IS NULL OR id = ANY(%s))",
}
_REMOVE = {
    False: "DELETE FROM notices_notice WHERE patient_id = %s AND (%s::uuid[] IS NULL OR id = ANY(%s))",
    True: "UPDATE notices_notice SET gone_for_helpers = true"
    " WHERE patient_id = %s AND NOT gone_for_helpers AND (%s::uuid[] IS NULL OR id = ANY(%s))",
}
_FORGET = """
DELETE FROM notices_notice WHERE (patient_id, id) IN (
  SELECT patient_id, id FROM notices_notice WHERE at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""

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
            "INSERT INTO notices_preference (patient_id, mailed, changed_at) VALUES (%s, %s, %s)"
            " ON CONFLICT (patient_id) DO UPDATE SET mailed = EXCLUDED.mailed, changed_at = EXCLUDED.changed_at",
            [grant.patient, sorted(wanted.mailed), grant.at],
        )


def note(*, patient: PatientId, notice: Notice | None, about: str) -> None:
    """Tell this in the portal, once: `about` names what happened, and the same name of the same kind is told already.

    Nothing for None, nor for somebody whose keys are no more, or were never made: nobody reads there.
    """
    if notice is None:
        return
    row, told = edge.new_id(), msgspec.json.encode(notice)
    blind = blind_index("notice", f"{patient}|{notice.kind}|{about}")
    try:
        padded = told.ljust(-(-len(told) // _LENGTH) * _LENGTH)
        sealed = patient_keys(patient).seal(KeyKind.METADATA, padded, context(NOTICE, row))
    except (KeysMissing, KeysDestroyed):
        return
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [patient, row, blind, notice.at, sealed])


def note_reading(event: RecordOpened, *, day: date) -> None:
    """Tell that a professional read, once that day to each who may know of it; said otherwise the first time ever.

    One transaction: whoever is told is remembered as told. READ COMMITTED, so that of two at once the second waits.
    """
    patient = PatientId(event.patient)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        told = tell_reading(patient=patient, professional=event.professional, shown=event.shown, day=day)
        for kind, audiences in zip((Kind.FIRST_ACCESS, Kind.ACCESS), told, strict=True):
            if audiences:
                notice = Notice(kind, event.at, audiences, who=event.who, place=event.place)
                note(patient=patient, notice=notice, about=f"{event.professional}|{event.at}|{sorted(audiences)}")


def mark_read(grant: Grant, ids: Collection[UUID] | None = None) -> None:
    """These notices were read, or all of them; an id that is none of theirs changes nothing. The holder reads for
    themselves, and those who stand for them for themselves."""
    grant.require(PERSONAL, Verb.NOTICES)
    _each(_MARK, grant, ids)


def remove(grant: Grant, ids: Collection[UUID] | None = None) -> None:
    """Take these notices away, or all of them: the holder from everybody, somebody who stands for them from their own
    list. The access log keeps what happened."""
    grant.require(PERSONAL, Verb.NOTICES)
    _each(_REMOVE, grant, ids)


def forget_old(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` notices that were kept for ESPACE_NOTICE_DAYS; how many went. In its own transaction."""
    since = rules.kept_since(at, settings.ESPACE_NOTICE_DAYS)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_FORGET, [since, limit])
        return int(cursor.rowcount)


def _each(statement: dict[bool, str], grant: Grant, ids: Collection[UUID] | None) -> None:
    chosen = None if ids is None else list(ids)
    with connection.cursor() as cursor:
        cursor.execute(statement[grant.purpose is not Purpose.HOLDER], [grant.patient, chosen, chosen])


def tell(*, patient: PatientId, topic: Topic, happened: datetime, at: datetime) -> None:
    """Mail the holder that something happened: now, later where the last mail is too recent, or not at all.

    Not at all where a mail sent since has told it, and for who is not to be told (`queries.recipients`). Raises what
    the mail server makes `adapters.send` raise: nothing is kept then, for the caller to come back.
    """
    to = recipients(patient, topic, at=at)
    if not to:
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
    to = recipients(patient, topic, at=at)
    with _held(patient, topic) as (cursor, told):
        if told.due_at is None:
            return
        if not to:
            _keep(cursor, patient, topic, Told(told.number, told.mailed_at, None))
        else:
            _send(cursor, patient, topic, told, to, at)


def _send(
    cursor: CursorWrapper, patient: PatientId, topic: Topic, told: Told, to: Collection[Recipient], at: datetime
) -> None:
    """The mails, then their mark: a crash between them sends the same again, under the same Message-ID."""
    number = told.number + 1
    for one in to:
        words = rules.notice_to_representative if one.helps else rules.notice
        send(words(topic, to=one, link=f"{settings.ESPACE_PUBLIC_URL}/", id=f"{patient}|{topic.code}|{number}"))
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
