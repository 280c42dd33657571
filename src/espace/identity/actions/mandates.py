"""Asking somebody to help, answering, and ending it; every act names both people (A18-A27)."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db import connection
from django.utils.timezone import get_current_timezone

from espace import edge
from espace.identity import queries, rules
from espace.identity.events import HelpAnswered, HelpAsked, HelpEnded
from espace.identity.facts import Person
from espace.identity.facts.mandates import Helps, Mandate, MandateState, Proof, Scope
from espace.identity.queries.mandates import MANDATE, blind_helper, helped_by, mandate_of, mandates_in, token_hash
from espace.identity.rules.mandates import living, majority, refused_measure, refused_to_answer, refused_to_ask
from espace.kernel.ids import PatientId
from espace.kernel.reasons import helping
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.outbox import actions as outbox

ANSWER_WITHIN = timedelta(days=14)

_ADD = "INSERT INTO identity_mandate (patient_id, id, helper, sealed) VALUES (%s, %s, %s, %s)"
_KEEP = "UPDATE identity_mandate SET helper = %s, sealed = %s WHERE patient_id = %s AND id = %s"
_HOLD_SPACE = "UPDATE identity_mandate SET helper = helper WHERE patient_id = %s"
_HOLD_HELPER = "UPDATE identity_mandate SET helper = helper WHERE helper = %s"
_LINK = """
INSERT INTO identity_help_invitation (token_hash, patient_id, mandate_id, expires_at) VALUES (%s, %s, %s, %s)
"""
_UNLINK = "DELETE FROM identity_help_invitation WHERE patient_id = %s AND mandate_id = %s"


def ask_help(
    grant: Grant, *, kind: Helps, scope: Scope, address: str, language: str, until: datetime | None = None
) -> Mandate:
    """Invite whoever reads this address: a carer, or, by the first legal representative, the second one. A mail leaves.

    `until` is the last moment of a carer's help. Refused: CARERS_FULL, NO_REPRESENTATIVE, REPRESENTATIVES_FULL,
    ONLY_THE_FIRST, HELPER_MAY_NOT.
    """
    grant.require(PERSONAL, Verb.INVITE)
    _require_asker(grant, kind)
    child = queries.own_person(grant)
    _hold(_HOLD_SPACE, grant.patient)
    ends = _majority(child)
    minor = grant.at < ends
    if refusal := refused_to_ask(kind, there=mandates_in(grant), minor=minor, at=grant.at):
        raise Refused(refusal)
    asked = Mandate(
        id=edge.new_id(),
        kind=kind,
        scope=Scope.ACT if kind is Helps.PARENT else scope,
        helped_name=child.name,
        asked_at=grant.at,
        asked_by=grant.actor.name or child.name,
        answer_by=grant.at + ANSWER_WITHIN,
        address=address,
        until=ends if kind is Helps.PARENT else until,
    )
    _write(grant.patient, keys.keys_of(grant), asked, new=True)
    token = edge.new_token()
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [token_hash(token), grant.patient, asked.id, asked.answer_by])
    outbox.post(HelpAsked(grant.patient, address, language, token), patient=grant.patient, at=grant.at)
    grant.asked |= {"kind": kind}
    return asked


def state_mandate(
    *, helped: PatientId, helper: PatientId, kind: Helps, by: str, at: datetime,
    proof: Proof | None = None, scope: Scope = Scope.ACT, until: datetime | None = None,
) -> Mandate:  # fmt: skip
    """What an authority states: the parent who insures a child, the guardian whom a court named. It waits for that
    person's own declaration, without end. `by` names the authority; the caller holds the transaction.

    Refused: NO_REPRESENTATIVE, REPRESENTATIVES_FULL, HELP_ONESELF, HELPS_ALREADY, ASSISTS_ONLY.
    """
    at_hand, person = keys.patient_keys(helped), queries.person(helped)
    there = _all(helped, at_hand)
    ends = _majority(person)
    refusal = refused_to_ask(kind, there=there, minor=at < ends, at=at)
    refusal = refusal or (refused_measure(proof.protection) if proof else None)
    if helper == helped:
        refusal = helping.HELP_ONESELF
    if any(one.helper == helper and one.kind is kind for one in living(there, at)):
        refusal = helping.HELPS_ALREADY
    if refusal:
        raise Refused(refusal)
    stated = Mandate(
        id=edge.new_id(),
        kind=kind,
        scope=scope,
        helped_name=person.name,
        asked_at=at,
        asked_by=by,
        answer_by=ends if kind is Helps.PARENT else at + timedelta(days=365),
        helper=helper,
        helper_name=queries.person(helper).name,
        until=ends if kind is Helps.PARENT else until,
        first=kind is Helps.PARENT and not any(one.kind is kind for one in living(there, at)),
        proof=proof,
    )
    _write(helped, at_hand, stated, new=True)
    return stated


def answer_help(grant: Grant, *, accepts: bool) -> Mandate:
    """What the person invited says, once; who asked is told. Accepting is a declaration, which the page words.

    Refused: INVITATION_UNKNOWN, HELP_ONESELF, HELPS_ALREADY, HELP_CIRCLE, HELPS_TOO_MANY, CAME_OF_AGE by the gate.
    """
    grant.require(Purpose.PROXY, Verb.ANSWER)
    asked, helper = mandate_of(grant), grant.actor.patient
    if asked is None or helper is None:
        raise Refused(helping.INVITATION_UNKNOWN)
    name = queries.person(helper).name
    grant.actor = replace(grant.actor, name=name)
    if accepts:
        _require_able(grant, asked, helper)
        answered = replace(asked, helper=helper, helper_name=name, accepted_at=grant.at)
    else:
        answered = replace(asked, helper_name=name, refused_at=grant.at)
    _write(grant.patient, keys.keys_of(grant), answered)
    _take_back(grant, asked.id)
    grant.asked |= {"kind": asked.kind, "answer": "accepts" if accepts else "declines"}
    outbox.post(HelpAnswered(grant.patient, accepts), patient=grant.patient, at=grant.at)
    return answered


def end_help(grant: Grant, mandate: UUID) -> None:
    """End it, now: the holder ends any but a legal representative's or a guardian's; whoever helps ends their own.
    Again changes nothing.

    Refused: NOT_A_HELPER where there is no such mandate, HELPER_MAY_NOT where it is not theirs to end.
    """
    grant.require(PERSONAL, Verb.END_HELP)
    found = next((one for one in mandates_in(grant) if one.id == mandate), None)
    if found is None:
        raise Refused(helping.NOT_A_HELPER)
    own = grant.purpose is Purpose.PROXY and found.helper == grant.actor.patient
    chosen = grant.purpose is Purpose.HOLDER and found.kind is Helps.CARER
    if not (own or chosen):
        raise Refused(helping.HELPER_MAY_NOT)
    if not living((found,), grant.at):
        return
    by = grant.actor.name or queries.own_person(grant).name
    _write(grant.patient, keys.keys_of(grant), replace(found, ended_at=grant.at, ended_by=by))
    _take_back(grant, mandate)
    grant.asked |= {"kind": found.kind, "person": found.helper_name}
    outbox.post(HelpEnded(grant.patient, found.helper), patient=grant.patient, at=grant.at)


def contest_help(grant: Grant, mandate: UUID) -> None:
    """Say that somebody is not what they declared: the operator looks at it (A21). Nothing is cut by that alone, for
    either parent could shut the other out. Again changes nothing. Refused: NOT_A_HELPER."""
    grant.require(PERSONAL, Verb.END_HELP)
    found = next((one for one in mandates_in(grant) if one.id == mandate), None)
    if found is None:
        raise Refused(helping.NOT_A_HELPER)
    if found.contested_at is None:
        _write(grant.patient, keys.keys_of(grant), replace(found, contested_at=grant.at))
        grant.asked |= {"kind": found.kind, "person": found.helper_name}


def _require_asker(grant: Grant, kind: Helps) -> None:
    """Carers are the holder's to choose, or a parent's for their child; the second representative is the first's."""
    if grant.purpose is Purpose.HOLDER:
        return
    own = grant.mandate
    if not isinstance(own, Mandate) or kind is Helps.GUARDIAN:
        raise Refused(helping.HELPER_MAY_NOT)
    if kind is Helps.PARENT and not own.first:
        raise Refused(helping.ONLY_THE_FIRST)


def _require_able(grant: Grant, asked: Mandate, helper: PatientId) -> None:
    _hold(_HOLD_HELPER, blind_helper(helper))
    helped = helped_by(grant.actor, grant.at)
    carer_of = [one for one in helped if one.mandate.kind is Helps.CARER and one.state is MandateState.IN_FORCE]
    there = [one for one in mandates_in(grant) if one.id != asked.id and one.helper == helper]
    refusal = refused_to_answer(
        asked,
        oneself=helper == grant.patient,
        helps_already=any(rules.mandate_state(one, grant.at) is MandateState.IN_FORCE for one in there),
        helped_back=_helps(helper, grant.patient, grant.at),
        helping_now=len(carer_of),
    )
    if refusal:
        raise Refused(refusal)


def _helps(helped: PatientId, helper: PatientId, at: datetime) -> bool:
    """Whether this person has a right to act in that one's space now."""
    found = _all(helped, keys.patient_keys(helped))
    return any(one.helper == helper and rules.mandate_state(one, at) is MandateState.IN_FORCE for one in found)


def _all(patient: PatientId, at_hand: PatientKeys) -> tuple[Mandate, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, sealed FROM identity_mandate WHERE patient_id = %s ORDER BY id", [patient])
        rows = cursor.fetchall()
    opened = (at_hand.open(KeyKind.METADATA, bytes(sealed), context(MANDATE, name)) for name, sealed in rows)
    return tuple(msgspec.json.decode(plain, type=Mandate) for plain in opened)


def _majority(person: Person) -> datetime:
    """The first moment of being of age, in France."""
    return datetime.combine(majority(person.traits.birth_date), time.min, tzinfo=get_current_timezone())


def _hold(statement: str, whose: PatientId | bytes) -> None:
    """Two at once do not both find room: the second one fails to serialise, and counts again."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [whose])


def _write(patient: PatientId, at_hand: PatientKeys, mandate: Mandate, *, new: bool = False) -> None:
    sealed = at_hand.seal(KeyKind.METADATA, msgspec.json.encode(mandate), context(MANDATE, mandate.id))
    helper = blind_helper(PatientId(mandate.helper)) if mandate.helper else None
    with connection.cursor() as cursor:
        if new:
            cursor.execute(_ADD, [patient, mandate.id, helper, sealed])
        else:
            cursor.execute(_KEEP, [helper, sealed, patient, mandate.id])


def _take_back(grant: Grant, mandate: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UNLINK, [grant.patient, mandate])
