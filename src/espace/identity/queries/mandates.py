"""Who helps whom: for the decision, for the holder's page, for the switch between spaces."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from espace.identity import rules
from espace.identity.facts.mandates import CHOSEN, Contested, Helped, Helps, Mandate, MandateState
from espace.identity.queries.accounts import address_of
from espace.identity.queries.advising import structure_of
from espace.identity.rules.mandates import session_now
from espace.kernel.ids import PatientId
from espace.kernel.json import decode
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Actor, ActorKind, Grant, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind, KeysDestroyed, KeysMissing, SealBroken
from espace.keys.queries import PatientKeys
from espace.keys.rules import context

MANDATE = "identity_mandate"
_OF = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s AND helper = %s ORDER BY id DESC"
_IN = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s ORDER BY id"
_BY = "SELECT patient_id, id, sealed FROM identity_mandate WHERE helper = %s ORDER BY id"
_ONE = "SELECT patient_id FROM identity_mandate WHERE id = %s AND helper = %s"
_INVITED = "SELECT patient_id, mandate_id FROM identity_help_invitation WHERE token_hash = %s AND expires_at > %s"
_ROW = "SELECT id, sealed FROM identity_mandate WHERE patient_id = %s AND id = %s"
_CONTESTED = "SELECT id, contested_at FROM identity_mandate WHERE contested_at IS NOT NULL ORDER BY contested_at, id"

_integrity = logging.getLogger("espace.integrity")
_FIRST = (Helps.PARENT, Helps.GUARDIAN, Helps.CARER, Helps.ADVISER)
"""Of two rights, that which lets do more."""


def token_hash(token: str) -> bytes:
    return hashlib.sha256(b"help" + token.encode()).digest()


def blind_helper(helper: PatientId) -> bytes:
    """A person, across those whom they help."""
    return keys.blind_index("helper", str(helper))


def mandate_of(grant: Grant) -> Mandate | None:
    """What lets the actor act in this space, for the decision itself: nothing is granted yet.

    That which is in force, or for who answers the one that waits; else the last one that they had. Of an invitation
    (`grant.invitation`), its own, for whoever's account has the address that was invited, or for a digital adviser
    where it is a code. Who is no digital adviser any more has no session either.
    """
    helper = grant.actor.patient
    if helper is None:
        return None
    if grant.invitation:
        address, account = _own_address(helper), grant.actor.id
        return _invited(grant.patient, grant.invitation, address, keys.keys_of(grant), grant.at, account=account)
    if helper == grant.patient:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_OF, [grant.patient, blind_helper(helper)])
        rows = cursor.fetchall()
    wanted = MandateState.WAITING if grant.verb is Verb.ANSWER else MandateState.IN_FORCE

    def place(one: Mandate) -> tuple[bool, bool, int]:
        state = rules.mandate_state(one, grant.at)
        return state is not wanted, state is not MandateState.WAITING, _FIRST.index(one.kind)

    found = min((one for one in whole(keys.keys_of(grant), rows) if one.helper == helper), key=place, default=None)
    if found is None or found.kind is not Helps.ADVISER or structure_of(grant.actor.id):
        return found
    return replace(found, ended_at=found.ended_at or grant.at)


def mandates(grant: Grant) -> tuple[Mandate, ...]:
    """Everybody who helps, helped, or was asked to help the holder of the opened record, in the order of asking."""
    grant.require(PERSONAL)
    return mandates_in(grant.patient, keys.keys_of(grant))


def mandates_in(patient: PatientId, at_hand: PatientKeys) -> tuple[Mandate, ...]:
    """For the actions of this room."""
    with connection.cursor() as cursor:
        cursor.execute(_IN, [patient])
        return tuple(whole(at_hand, cursor.fetchall()))


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
    found = ((PatientId(row[0]), one) for row in rows for one in whole(at_hand[PatientId(row[0])], [row[1:]]))
    told = (
        Helped(patient, one, rules.mandate_state(one, at)) for patient, one in found if one.helper == actor.patient
    )
    return tuple(one for one in told if one.state in (MandateState.IN_FORCE, MandateState.WAITING))


def helped_person(actor: Actor, mandate: UUID) -> PatientId | None:
    """Whose space this mandate of the actor's opens, ended or not; None for another's, and for none."""
    if actor.patient is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [mandate, blind_helper(actor.patient)])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def representatives_of(patient: PatientId, at: datetime) -> tuple[PatientId, ...]:
    """Who stands for this person at that moment, parents and guardians, for handlers, who act under their own room's
    rules."""
    standing = (
        one for one in mandates_in(patient, keys.patient_keys(patient)) if one.kind not in CHOSEN and one.helper
    )
    return tuple(
        PatientId(one.helper)
        for one in standing
        if one.helper and rules.mandate_state(one, at) is MandateState.IN_FORCE
    )


def parents_at_majority(patient: PatientId) -> tuple[tuple[PatientId, str], ...]:
    """Who stands for a child until their majority, or did when it came, each with the child's name as their mandate has
    it; for handlers, as `representatives_of`."""
    there = mandates_in(patient, keys.patient_keys(patient))
    standing = (one for one in there if one.kind is Helps.PARENT and one.accepted_at and not one.ended_at)
    return tuple((PatientId(one.helper), one.helped_name) for one in standing if one.helper)


def invitation(token: str, *, actor: Actor, at: datetime) -> Helped | None:
    """To whose help this link invites this person; None, always alike, when it is unknown, answered, expired, taken
    back, or the address of their account is not the one that was invited."""
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        row = cursor.fetchone()
    if row is None or actor.patient is None:
        return None
    patient = PatientId(row[0])
    found = _invited(patient, token, _own_address(actor.patient), keys.patient_keys(patient), at)
    return Helped(patient, found, MandateState.WAITING) if found else None


def session_of(patient: PatientId, at: datetime) -> Mandate | None:
    """The session of a digital adviser that lasts now in this space, for the frame of its holder's pages."""
    return session_now(mandates_in(patient, keys.patient_keys(patient)), at)


def over_by_itself(patient: PatientId, mandate: UUID, *, at: datetime) -> Mandate | None:
    """This session, where its time is over and nobody ended it before; for handlers."""
    try:
        found = mandates_in(patient, keys.patient_keys(patient))
    except (KeysDestroyed, KeysMissing):
        return None
    return next((one for one in found if one.id == mandate and rules.mandate_state(one, at) is MandateState.OVER), None)


def asked_with(token: str, *, at: datetime) -> PatientId | None:
    """Whose space this code or link leads to, for the gate to decide; None, always alike, when it is unknown, used,
    taken back or expired."""
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def still_asked(token: str, *, at: datetime) -> bool:
    """Whether an invitation waits for its answer still, for handlers."""
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        return cursor.fetchone() is not None


def contested() -> tuple[Contested, ...]:
    """What somebody says is wrong, the oldest first, for the operator: references and dates, nobody's name."""
    with connection.cursor() as cursor:
        cursor.execute(_CONTESTED)
        return tuple(Contested(*row) for row in cursor.fetchall())


def patient_of_mandate(mandate: UUID) -> PatientId | None:
    """Whose space a reference of the operator's is about; None for no reference."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patient_id FROM identity_mandate WHERE id = %s", [mandate])
        row = cursor.fetchone()
    return PatientId(row[0]) if row else None


def _own_address(helper: PatientId) -> str:
    address = address_of(helper)
    return address[0].casefold() if address else ""


def _invited(
    patient: PatientId, token: str, address: str, at_hand: PatientKeys, at: datetime, *, account: UUID | None = None
) -> Mandate | None:
    with connection.cursor() as cursor:
        cursor.execute(_INVITED, [token_hash(token), at])
        link = cursor.fetchone()
        if link is None or link[0] != patient:
            return None
        cursor.execute(_ROW, [patient, link[1]])
        found = next(whole(at_hand, cursor.fetchall()), None)
    if found is None or not _is_for(found, address, account):
        return None
    return found if rules.mandate_state(found, at) is MandateState.WAITING else None


def _is_for(found: Mandate, address: str, account: UUID | None) -> bool:
    """A link is for the address where it went, a code for any digital adviser."""
    if found.kind is Helps.ADVISER:
        return account is not None and bool(structure_of(account))
    return bool(address) and found.address.casefold() == address


def whole(at_hand: PatientKeys, rows: Iterable[Sequence[object]]) -> Iterator[Mandate]:
    """The mandates of these rows (id, sealed), opened: nobody is let in on the word of one that was altered, nor of
    one whose patient is erased."""
    for name, sealed in rows:
        if not isinstance(name, UUID) or not isinstance(sealed, bytes | memoryview):
            raise TypeError("not a row of mandates")
        try:
            plain = at_hand.open(KeyKind.METADATA, bytes(sealed), context(MANDATE, name))
        except (KeysDestroyed, KeysMissing):
            continue
        except SealBroken:
            _integrity.error("a mandate was altered", extra={"mandate": str(name)})
            continue
        yield decode(plain, Mandate)
