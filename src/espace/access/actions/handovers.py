"""Contextual addresses (TD0.9): asked for by a professional's software, used once by the same professional."""

import hashlib
from datetime import datetime, timedelta

import msgspec
from django.db import connection, transaction

from espace import edge
from espace.access.actions.purging import purge
from espace.access.facts import Handover, Shown
from espace.kernel.json import decode
from espace.kernel.words import Actor, Grant, Purpose, Verb
from espace.keys import queries as keys
from espace.keys.facts import SealBroken

WAITS = timedelta(minutes=1)
"""For how long an address waits to be used."""
_DOMAIN = "handover"
_KEEP = "INSERT INTO access_handover (token_hash, sealed, expires_at) VALUES (%s, %s, %s)"
_USE = "DELETE FROM access_handover WHERE token_hash = %s RETURNING sealed, expires_at"
_FORGET = """
DELETE FROM access_handover WHERE token_hash IN (
  SELECT token_hash FROM access_handover WHERE expires_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)
"""


def hand_over(grant: Grant, shown: Shown) -> tuple[str, datetime]:
    """A token by which the professional who asks opens this patient's page, and until when. What it leads to is decided
    anew when they do."""
    grant.require(Purpose.CARE, Verb.STATUS)
    token, until = edge.new_token(), grant.at + WAITS
    led = Handover(grant.patient, grant.actor.id, shown, grant.secret)
    named = _hash(token)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [named, keys.seal_system(_DOMAIN, msgspec.json.encode(led), named), until])
    return token, until


def take_over(token: str, *, by: Actor, at: datetime) -> Handover | None:
    """Where a token leads its professional. It is used up whoever shows it, in a transaction of its own; None, always
    the same answer, where it is unknown, used, too old, altered or somebody else's.

    Of two requests at once one deletes the row, and the other waits for that and finds none (READ COMMITTED).
    """
    named = _hash(token)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
        cursor.execute(_USE, [named])
        row = cursor.fetchone()
    if row is None or row[1] <= at:
        return None
    try:
        led = decode(keys.open_system(_DOMAIN, bytes(row[0]), named), Handover)
    except SealBroken:
        return None
    return led if led.professional == by.id else None


def purge_handovers(*, at: datetime, limit: int) -> int:
    """Delete at most `limit` addresses that wait no more. How many went."""
    return purge(((_FORGET, at),), limit)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
