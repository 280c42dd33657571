"""Who helps whom: for the decision, for the holder's page, for the switch between spaces."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from espace.identity import rules
from espace.identity.facts.mandates import Helped, Mandate, MandateState
from espace.kernel.ids import PatientId
from espace.kernel.words import PERSONAL, Actor, ActorKind, Grant
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context

MANDATE = "identity_mandate"
_OF = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s AND helper = %s ORDER BY id DESC"
_IN = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s ORDER BY id"
_BY = "SELECT patient_id, id, sealed FROM identity_mandate WHERE helper = %s ORDER BY id"
_ONE = "SELECT patient_id FROM identity_mandate WHERE id = %s AND helper = %s"
_INVITED = "SELECT patient_id, mandate_id FROM identity_help_invitation WHERE token_hash = %s AND expires_at > %s"
_ROW = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s AND id = %s"


def token_hash(token: str) -> bytes:
    return hashlib.sha256(b"help" + token.encode()).digest()


def blind_helper(helper: PatientId) -> bytes:
    """A person, across those whom they help."""
    return keys.blind_index("helper", str(helper))


def mandate_of(grant: Grant) -> Mandate | None:
    """What lets the actor act in this space, for the decision itself: nothing is granted yet.

    That which is in force, else the last one that they had; of an invitation (`grant.invitation`), its own.
    """
    if grant.invitation:
        return _invited(grant.patient, grant.invitation, keys.keys_of(grant), grant.at)
    if grant.actor.patient is None or grant.actor.patient == grant.patient:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_OF, [grant.patient, blind_helper(grant.actor.patient)])
        found = [_opened(keys.keys_of(grant), row) for row in cursor.fetchall()]
    alive = (one for one in found if rules.mandate_state(one, grant.at) is MandateState.IN_FORCE)
    return next(alive, found[0] if found else None)


def mandates(grant: Grant) -> tuple[Mandate, ...]:
    """Everybody who helps, helped, or was asked to help the holder of the opened record, in the order of asking."""
    grant.require(PERSONAL)
    return mandates_in(grant)


def mandates_in(grant: Grant) -> tuple[Mandate, ...]:
    """For the actions of this room."""
    with connection.cursor() as cursor:
        cursor.execute(_IN, [grant.patient])
        return tuple(_opened(keys.keys_of(grant), row) for row in cursor.fetchall())


def helped_by(actor: Actor, at: datetime) -> tuple[Helped, ...]:
    """Those whom this person helps or is asked to, the first one first. Two statements, however many there are."""
    if actor.kind is not ActorKind.HOLDER or actor.patient is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(_BY, [blind_helper(actor.patient)])
        rows = cursor.fetchall()
    if not rows:
        return ()
    at_hand = keys.patient_keys_of({PatientId(row[0]) for row in rows})
    found = ((PatientId(row[0]), _opened(at_hand[PatientId(row[0])], row[1:])) for row in rows)
    told = (Helped(patient, one, rules.mandate_state(one, at)) for patient, one in found)
    return tuple(one for one in told if one.state in (MandateState.IN_FORCE, MandateState.WAITING))


def helped_person(actor: Actor, mandate: UUID) -> PatientId | None:
    """Whose space this mandate of the actor's opens, ended or not; None for another's, and for none."""
    if actor.patient is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [mandate, blind_helper(actor.patient)])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def invitation(token: str, *, address: str, at: datetime) -> Helped | None:
    """To whose help this link invites whoever has this address; None, always alike, when it is unknown, answered,
    expired, taken back, or another address was invited."""
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        row = cursor.fetchone()
    if row is None:
        return None
    patient = PatientId(row[0])
    found = _invited(patient, token, keys.patient_keys(patient), at)
    if found is None or not address or found.address.casefold() != address.casefold():
        return None
    return Helped(patient, found, MandateState.WAITING)


def _invited(patient: PatientId, token: str, at_hand: PatientKeys, at: datetime) -> Mandate | None:
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        link = cursor.fetchone()
        if link is None or link[0] != patient:
            return None
        cursor.execute(_ROW, [patient, link[1]])
        row = cursor.fetchone()
    found = _opened(at_hand, row) if row else None
    return found if found and rules.mandate_state(found, at) is MandateState.WAITING else None


def _opened(at_hand: PatientKeys, row: Iterable[object]) -> Mandate:
    """SealBroken when the row was altered: then nobody is let in on its word."""
    name, sealed = row
    if not isinstance(name, UUID) or not isinstance(sealed, bytes | memoryview):
        raise TypeError("not a row of mandates")
    plain = at_hand.open(KeyKind.METADATA, bytes(sealed), context(MANDATE, name))
    return msgspec.json.decode(plain, type=Mandate)
