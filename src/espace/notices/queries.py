"""What the portal tells a holder, which mails they want, and where those go."""

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from espace.enrolment.facts import State
from espace.enrolment.queries import state
from espace.enrolment.rules import READING
from espace.identity.queries.accounts import address_of
from espace.identity.queries.mandates import representatives_of
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.words import PERSONAL, Grant, Purpose
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, SealBroken
from espace.keys.rules import context
from espace.notices import rules
from espace.notices.facts import Centre, Notice, Preferences, Received, Recipient, Topic, Wish
from espace.record import queries as record
from espace.record.facts import Status

NOTICE = "notices_notice"
MOST_READ = 500
"""Rows opened for one page."""

_ROWS = """
SELECT id, CASE WHEN %(helper)s THEN read_by_helpers ELSE read END, sealed FROM notices_notice
WHERE patient_id = %(patient)s AND (%(before)s::uuid IS NULL OR id < %(before)s)
  AND NOT (%(helper)s AND gone_for_helpers)
  AND NOT (%(unread)s AND CASE WHEN %(helper)s THEN read_by_helpers ELSE read END)
ORDER BY id DESC LIMIT %(limit)s
"""
_integrity = logging.getLogger("espace.integrity")


def unread(grant: Grant) -> int:
    """How many notices whoever reads has not read, for the bell of every page: at most `rules.MOST_COUNTED`.

    Those that `centre` shows now: one about documents that were hidden from them since is not counted. Two statements,
    whatever there is. More rows are read than are counted, so that what is hidden does not take the place of others.
    """
    grant.require(PERSONAL)
    reader = rules.audience(grant.purpose)
    rows = _rows(grant, limit=2 * rules.MOST_COUNTED, only_unread=True)
    found = [one for _, _, one in rows if one is not None and reader in one.audiences]
    visible = record.visible_among(grant, {about.id for one in found for about in one.documents})
    shown = sum(rules.seen(one, reader, visible=visible, readable=visible) is not None for one in found)
    return min(shown, rules.MOST_COUNTED)


def centre(grant: Grant, *, most: int, before: UUID | None = None) -> Centre:
    """A page of what was told, newest first, as it may be seen today: nothing about a document that whoever reads may
    not know of. Two statements, however many there are."""
    grant.require(PERSONAL)
    reader = rules.audience(grant.purpose)
    documents, visible = record.documents_and_visible_ids(grant)
    readable = frozenset(one.id for one in documents if one.status is not Status.DELETED)
    found = list(_rows(grant, limit=MOST_READ, before=before))
    shown = (
        Received(row, told, read)
        for row, read, one in found
        if one and (told := rules.seen(one, reader, visible=visible, readable=readable))
    )
    return rules.page_of(shown, most=most, last=found[-1][0] if len(found) == MOST_READ else None)


def preferences(grant: Grant) -> Preferences:
    """What the holder of the opened record chose; the default, as long as they did not choose."""
    grant.require(PERSONAL)
    return _preferences(grant.patient)


def recipient(patient: PatientId, topic: Topic) -> Recipient | None:
    """Where to mail on this topic, for handlers; None for somebody who does not want it or cannot come and look:
    the space is not activated, or not readable any more, or the account has no address."""
    if state(patient) is not State.ACTIVATED:
        return None
    address = address_of(patient)
    return Recipient(*address) if address and rules.wanted(topic, _preferences(patient)) else None


def recipients(patient: PatientId, topic: Topic, *, at: datetime) -> tuple[Recipient, ...]:
    """Where to mail what happened in a space: to its holder, as `recipient`; for one without account or address, to who
    stands for them, parents and guardians (A18, A22), as the wishes kept for that space say."""
    own = recipient(patient, topic)
    if own or not rules.told_to_representatives(topic) or address_of(patient):
        return (own,) if own else ()
    here = state(patient)
    if here is None or READING[here] or not rules.wanted(topic, _preferences(patient)):
        return ()
    found = (address_of(one) for one in representatives_of(patient, at))
    return tuple(Recipient(*one, helps=True) for one in found if one)


def _preferences(patient: PatientId) -> Preferences:
    with connection.cursor() as cursor:
        cursor.execute("SELECT mailed FROM notices_preference WHERE patient_id = %s", [patient])
        row = cursor.fetchone()
    return Preferences(frozenset(map(Wish, row[0]))) if row else Preferences()


def _rows(
    grant: Grant, *, limit: int, before: UUID | None = None, only_unread: bool = False
) -> Iterator[tuple[UUID, bool, Notice | None]]:
    """Each row, whether it was read, and what it says; None where it was altered: it is told no more."""
    helper, at_hand = grant.purpose is not Purpose.HOLDER, keys.keys_of(grant)
    values: dict[str, Any] = {"patient": grant.patient, "helper": helper, "before": before, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {**values, "unread": only_unread})
        rows = cursor.fetchall()
    for row, read, sealed in rows:
        yield row, read, _opened(at_hand, row, sealed)


def _opened(at_hand: keys.PatientKeys, row: UUID, sealed: bytes) -> Notice | None:
    try:
        return decode(at_hand.open(KeyKind.METADATA, bytes(sealed), context(NOTICE, row)), Notice)
    except SealBroken:
        _integrity.error("a notice was altered", extra={"notice": str(row)})
        return None
