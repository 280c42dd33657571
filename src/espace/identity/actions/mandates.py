"""Asking somebody to help, answering, and ending it; every act names both people (A18-A27)."""

from datetime import datetime, time, timedelta
from uuid import UUID

import msgspec
from django.db import connection
from django.utils.timezone import get_current_timezone

from espace import edge
from espace.identity import queries, rules
from espace.identity.actions.advising import begin_session, end_session_of, session_minutes
from espace.identity.events import HelpAnswered, HelpAsked, HelpEnded
from espace.identity.facts import Person
from espace.identity.facts.mandates import CHOSEN, Helps, Mandate, MandateState, Proof, Scope
from espace.identity.queries.advising import code_token, structure_of
from espace.identity.queries.mandates import MANDATE, blind_helper, helped_by, mandate_of, mandates_in, token_hash
from espace.identity.rules.mandates import (
    living,
    majority,
    refused_to_answer,
    refused_to_ask,
    refused_to_state,
    session_now,
)
from espace.kernel.ids import PatientId
from espace.kernel.reasons import advising, helping
from espace.kernel.values import replace
from espace.kernel.words import PERSONAL, Grant, Purpose, Refused, Verb
from espace.keys import queries as keys
from espace.keys.facts import KeyKind
from espace.keys.queries import PatientKeys
from espace.keys.rules import context
from espace.outbox import actions as outbox

ANSWER_WITHIN = timedelta(days=14)
"""What an invitation waits."""
ENTERED_FOR = timedelta(days=365)
"""What the statement of a court waits for the guardian's declaration; that of a parent waits until majority."""
CODE_LASTS = timedelta(minutes=10)
"""What a code waits for a digital adviser."""

_ADD = "INSERT INTO identity_mandate (helper, contested_at, sealed, patient_id, id) VALUES (%s, %s, %s, %s, %s)"
_KEEP = "UPDATE identity_mandate SET helper = %s, contested_at = %s, sealed = %s WHERE patient_id = %s AND id = %s"
_HOLD = "UPDATE identity_person SET sex = sex WHERE patient_id = %s"
_HELPS = "UPDATE identity_account SET helps = true WHERE patient_id = %s AND NOT helps"
_LINK = """
INSERT INTO identity_help_invitation (token_hash, patient_id, mandate_id, expires_at) VALUES (%s, %s, %s, %s)
"""
_UNLINK = "DELETE FROM identity_help_invitation WHERE patient_id = %s AND mandate_id = %s"
_DROP = "DELETE FROM identity_mandate WHERE patient_id = %s AND id = %s"


def ask_help(
    grant: Grant, *, kind: Helps, scope: Scope, address: str, language: str, until: datetime | None = None,
    token: str = "",
) -> Mandate:  # fmt: skip
    """Invite whoever reads this address: a carer, or, by the first legal representative, the second one. A mail leaves.

    `until` is the last moment of a carer's help, `token` what makes the link, a fresh one unless given. Refused:
    CARERS_FULL, NO_REPRESENTATIVE, REPRESENTATIVES_FULL, ONLY_THE_FIRST, HELPER_MAY_NOT, HELP_TERM.
    """
    grant.require(PERSONAL, Verb.INVITE)
    _require_asker(grant, kind)
    child = queries.own_person(grant)
    _hold(grant.patient)
    ends = _majority(child)
    there = mandates_in(grant.patient, keys.keys_of(grant))
    if refusal := refused_to_ask(kind, there=there, minor=grant.at < ends, until=until, at=grant.at):
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
    token = token or edge.new_token()
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [token_hash(token), grant.patient, asked.id, asked.answer_by])
    outbox.post(HelpAsked(grant.patient, address, language, token), patient=grant.patient, at=grant.at)
    grant.asked |= {"kind": kind}
    return asked


def state_mandate(
    grant: Grant, *, helper: PatientId, kind: Helps, proof: Proof | None = None, scope: Scope = Scope.ACT,
    until: datetime | None = None,
) -> Mandate:  # fmt: skip
    """What an authority states: the parent who insures a child, the guardian whom a court named. It waits for that
    person's own declaration. The actor's name is the authority's.

    Refused: NO_REPRESENTATIVE, REPRESENTATIVES_FULL, HELP_ONESELF, HELPS_ALREADY, HELP_CIRCLE, HELP_TERM,
    PROOF_MISSING, ASSISTS_ONLY; HELPER_MAY_NOT for a carer, whom nobody but the holder chooses.
    """
    grant.require(Purpose.SUPPORT, Verb.STATE_HELP)
    _hold(grant.patient, helper)
    person, parent = queries.own_person(grant), kind is Helps.PARENT
    ends = _majority(person)
    same = _require_statable(grant, helper, kind, proof, until, ends)
    stated = Mandate(
        id=edge.new_id(),
        kind=kind,
        scope=Scope.ACT if parent else scope,
        helped_name=person.name,
        asked_at=grant.at,
        asked_by=grant.actor.name,
        answer_by=ends if parent else grant.at + ENTERED_FOR,
        helper=helper,
        helper_name=queries.person(helper).name,
        until=ends if parent else until,
        first=parent and not same,
        proof=proof,
    )
    _write(grant.patient, keys.keys_of(grant), stated, new=True)
    grant.asked |= {"kind": kind, "person": stated.helper_name}
    return stated


def ask_adviser(grant: Grant, *, scope: Scope, code: str) -> Mandate:
    """Let whichever digital adviser types this code in, for the time of a session that begins then; the holder alone
    does. A code that was not used yet is worth nothing any more. Refused: ADVISED_ALREADY."""
    grant.require(Purpose.HOLDER, Verb.ADVISE)
    _hold(grant.patient)
    opened = keys.keys_of(grant)
    there = mandates_in(grant.patient, opened)
    if session_now(there, grant.at):
        raise Refused(advising.ADVISED_ALREADY)
    for unused in (one for one in there if one.kind is Helps.ADVISER and one.accepted_at is None):
        _take_back(grant, unused.id)
        with connection.cursor() as cursor:
            cursor.execute(_DROP, [grant.patient, unused.id])
    name = queries.own_person(grant).name
    ends = grant.at + CODE_LASTS
    asked = Mandate(edge.new_id(), Helps.ADVISER, scope, name, grant.at, name, answer_by=ends)
    _write(grant.patient, opened, asked, new=True)
    with connection.cursor() as cursor:
        cursor.execute(_LINK, [token_hash(code_token(code)), grant.patient, asked.id, ends])
    grant.asked |= {"kind": Helps.ADVISER, "scope": scope}
    return asked


def answer_help(grant: Grant, *, accepts: bool) -> Mandate:
    """What the person invited says, once; who asked is told. Accepting is a declaration, which the page words.

    Refused: HELPS_ALREADY, HELP_CIRCLE, HELPS_TOO_MANY; by the gate INVITATION_UNKNOWN, HELP_ONESELF, CAME_OF_AGE.
    """
    grant.require(Purpose.PROXY, Verb.ANSWER)
    helper = grant.actor.patient
    if accepts and helper is not None:
        _hold(helper, grant.patient)
    asked = mandate_of(grant)
    if asked is None or helper is None:
        raise Refused(helping.INVITATION_UNKNOWN)
    name = queries.person(helper).name
    grant.actor = replace(grant.actor, name=name)
    if accepts:
        _require_able(grant, asked, helper)
        answered = replace(_begun(grant, asked), helper=helper, helper_name=name, accepted_at=grant.at)
    else:
        answered = replace(asked, helper_name=name, refused_at=grant.at)
    _write(grant.patient, keys.keys_of(grant), answered)
    _take_back(grant, asked.id)
    said = "advises" if asked.kind is Helps.ADVISER else "accepts"
    grant.asked |= {"kind": asked.kind, "answer": said if accepts else "declines"}
    told = HelpAnswered(grant.patient, accepts, answered.helper_name, grant.at, asked.kind)
    outbox.post(told, patient=grant.patient, at=grant.at)
    return answered


def end_help(grant: Grant, mandate: UUID) -> None:
    """End it, now: the holder, or who stands for them, ends any but a legal representative's or a guardian's, and takes
    back what was not answered; whoever helps ends their own. Again changes nothing.

    Refused: NOT_A_HELPER where there is no such mandate, HELPER_MAY_NOT where it is not theirs to end.
    """
    grant.require(PERSONAL, Verb.END_HELP)
    found = _one(grant, mandate)
    own = grant.purpose is Purpose.PROXY and found.helper == grant.actor.patient
    if not (own or (_decides(grant) and _may_be_ended(found))):
        raise Refused(helping.HELPER_MAY_NOT)
    if not living((found,), grant.at):
        return
    by = grant.actor.name or queries.own_person(grant).name
    _write(grant.patient, keys.keys_of(grant), replace(found, ended_at=grant.at, ended_by=by))
    _take_back(grant, mandate)
    grant.asked |= {"kind": found.kind, "person": found.helper_name}
    _tell_ended(grant, found)


def end_session(grant: Grant) -> str:
    """End the session of the digital adviser who helps now, by the holder or who stands for them; the adviser's name,
    "" where nobody's lasts. Refused: HELPER_MAY_NOT."""
    grant.require(PERSONAL, Verb.END_HELP)
    if not _decides(grant):
        raise Refused(helping.HELPER_MAY_NOT)
    found = session_now(mandates_in(grant.patient, keys.keys_of(grant)), grant.at)
    if found is None:
        return ""
    end_help(grant, found.id)
    return found.helper_name


def contest_help(grant: Grant, mandate: UUID) -> None:
    """Say that somebody is not what they declared: the operator looks at it (A21). Nothing is cut by that alone, for
    either parent could shut the other out. Again changes nothing. Refused: NOT_A_HELPER."""
    grant.require(PERSONAL, Verb.CONTEST)
    found = _one(grant, mandate)
    if found.contested_at is None and living((found,), grant.at):
        _write(grant.patient, keys.keys_of(grant), replace(found, contested_at=grant.at))
        grant.asked |= {"kind": found.kind, "person": found.helper_name}


def operator_ends(grant: Grant, mandate: UUID) -> bool:
    """What the operator found wrong ends; false where it had ended already. Refused: NOT_A_HELPER."""
    grant.require(Purpose.SUPPORT, Verb.END_HELP)
    found = _one(grant, mandate)
    if not living((found,), grant.at):
        return False
    ended = replace(found, ended_at=grant.at, ended_by=grant.actor.name, contested_at=None)
    _write(grant.patient, keys.keys_of(grant), ended)
    _take_back(grant, mandate)
    grant.asked |= {"kind": found.kind, "person": found.helper_name}
    _tell_ended(grant, found)
    return True


def _tell_ended(grant: Grant, found: Mandate) -> None:
    own, left = grant.purpose is Purpose.HOLDER, found.helper is not None and found.helper == grant.actor.patient
    told = HelpEnded(grant.patient, found.helper, found.helper_name, own, grant.at, left, found.kind)
    if found.kind is Helps.ADVISER:
        end_session_of(grant.patient)
    outbox.post(told, patient=grant.patient, at=grant.at)


def _one(grant: Grant, mandate: UUID) -> Mandate:
    """Refused(NOT_A_HELPER) where the record has no such mandate."""
    found = next((one for one in mandates_in(grant.patient, keys.keys_of(grant)) if one.id == mandate), None)
    if found is None:
        raise Refused(helping.NOT_A_HELPER)
    return found


def _decides(grant: Grant) -> bool:
    """The holder, or whoever stands for them and may act."""
    own = grant.mandate
    if grant.purpose is Purpose.HOLDER:
        return True
    return isinstance(own, Mandate) and own.kind not in CHOSEN and own.scope is Scope.ACT


def _may_be_ended(found: Mandate) -> bool:
    """The help of whom the holder chose, and an invitation that nobody answered; what an authority stated is not theirs
    to end."""
    return found.kind in CHOSEN or (found.accepted_at is None and bool(found.address))


def _require_asker(grant: Grant, kind: Helps) -> None:
    """Carers are the holder's to choose, or a parent's for their child; the second representative is the first's; a
    guardian is a court's."""
    own = grant.mandate
    if kind is Helps.CARER and (grant.purpose is Purpose.HOLDER or isinstance(own, Mandate)):
        return
    if kind is not Helps.PARENT or not isinstance(own, Mandate):
        raise Refused(helping.HELPER_MAY_NOT)
    if not own.first:
        raise Refused(helping.ONLY_THE_FIRST)


def _require_statable(
    grant: Grant, helper: PatientId, kind: Helps, proof: Proof | None, until: datetime | None, ends: datetime
) -> list[Mandate]:
    """The mandates of that kind that are there already; Refused where one more may not be."""
    there = mandates_in(grant.patient, keys.keys_of(grant))
    same = [one for one in living(there, grant.at) if one.kind is kind]
    refusal = refused_to_state(
        kind,
        oneself=helper == grant.patient,
        helps_already=any(one.helper == helper for one in same),
        helped_back=_helps(helper, grant.patient, grant.at),
        proof=proof,
    )
    refusal = refusal or refused_to_ask(kind, there=there, minor=grant.at < ends, until=until, at=grant.at)
    if refusal:
        raise Refused(refusal)
    return same


def _require_able(grant: Grant, asked: Mandate, helper: PatientId) -> None:
    helped = helped_by(grant.actor, grant.at)
    same = Helps.ADVISER if asked.kind is Helps.ADVISER else Helps.CARER
    now = [one for one in helped if one.mandate.kind is same and one.state is MandateState.IN_FORCE]
    here = [one.mandate for one in helped if one.patient == grant.patient and one.state is MandateState.IN_FORCE]
    refusal = refused_to_answer(
        asked,
        helps_already=any(asked.kind in (*CHOSEN, one.kind) for one in here),
        helped_back=_helps(helper, grant.patient, grant.at),
        helping_now=len(now),
    )
    if refusal:
        raise Refused(refusal)


def _begun(grant: Grant, asked: Mandate) -> Mandate:
    """What somebody accepts: a session begins at that moment, and ends by itself; the line names where its adviser
    works."""
    if asked.kind is not Helps.ADVISER:
        return asked
    account, until = grant.actor.id, grant.at + session_minutes()
    began = replace(asked, structure=structure_of(account), account=account, until=until)
    begin_session(grant, began, keys.keys_of(grant))
    grant.actor = replace(grant.actor, organisation_name=began.structure)
    return began


def _helps(helped: PatientId, helper: PatientId, at: datetime) -> bool:
    """Whether this person has a right to act in that one's space now."""
    found = mandates_in(helped, keys.patient_keys(helped))
    return any(one.helper == helper and rules.mandate_state(one, at) is MandateState.IN_FORCE for one in found)


def _majority(person: Person) -> datetime:
    """The first moment of being of age, in France."""
    return datetime.combine(majority(person.traits.birth_date), time.min, tzinfo=get_current_timezone())


def _hold(*people: PatientId) -> None:
    """Two at once do not both find room, nor begin to help each other: the second one fails to serialise, and counts
    again. On the row that everybody has, for the first mandate of all has no other to wait for."""
    with connection.cursor() as cursor:
        for one in sorted(set(people)):
            cursor.execute(_HOLD, [one])


def _write(patient: PatientId, at_hand: PatientKeys, mandate: Mandate, *, new: bool = False) -> None:
    sealed = at_hand.seal(KeyKind.METADATA, msgspec.json.encode(mandate), context(MANDATE, mandate.id))
    helper = blind_helper(PatientId(mandate.helper)) if mandate.helper else None
    with connection.cursor() as cursor:
        cursor.execute(_ADD if new else _KEEP, [helper, mandate.contested_at, sealed, patient, mandate.id])
        if mandate.helper:
            cursor.execute(_HELPS, [mandate.helper])


def _take_back(grant: Grant, mandate: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UNLINK, [grant.patient, mandate])
