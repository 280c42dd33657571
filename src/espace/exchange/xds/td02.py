"""TD0.2 « test d’existence »: what GET /fhir/Patient tells, said in HL7 v3, and a feeder is told too.

A space that is opposed answers as one that does not exist: by the same path, in as many statements. So, in words, does
one that was never opened.
"""

from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.utils.timezone import localdate

from espace import edge
from espace.access import queries as access
from espace.enrolment import queries as enrolment
from espace.enrolment.facts import State
from espace.exchange.callers import Caller, Opening
from espace.exchange.xds.asked import Answer, Asked, Work
from espace.exchange.xds.national import about, access_of, opened
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.kernel.reasons import decisions
from espace.kernel.words import ActorKind, Grant, Purpose, Refused, Verb
from espace.wire.dmp.authorising import Access
from espace.wire.hl7v3 import existence
from espace.wire.hl7v3.existence import Answered, Frame, Kept, Question
from espace.wire.xds import PatientStatement

OPENINGS: Mapping[ActorKind, Opening] = {
    ActorKind.ORGANISATION: Opening(Purpose.FEED, Verb.STATUS, ""),
    ActorKind.PROFESSIONAL: Opening(Purpose.CARE, Verb.STATUS, ""),
}
NOTHING = Answered(Kept.NONE)
_CLOSED: Mapping[State, tuple[str, str]] = {
    State.CLOSED: ("DEMANDE_TITULAIRE", "Fermeture demandée par le titulaire"),
    State.DECEASED: ("DECES", "Décès du titulaire"),
}
"""Why a space that was open is so no more; of any other that is not open nothing is told."""


def exists(asked: Asked, caller: Caller) -> Work:
    question = existence.read(asked.body)
    about(asked, question.patient)
    return partial(_exists, question, caller)


def refused(refusal: Refused) -> bytes:
    return existence.refusal(refusal, _frame())


def _exists(question: Question, caller: Caller) -> Answer:
    try:
        with opened(caller, question.patient) as grant:
            told = _of_feeder(grant) if grant.purpose is Purpose.FEED else _of_professional(grant)
    except Refused as refusal:
        told = _kept_closed(question.patient, refusal)
    return Answer(existence.write(question, told, _frame()))


def _frame() -> Frame:
    return Frame(edge.new_id(), edge.now(), settings.ESPACE_REPOSITORY_OID)


def _activated(grant: Grant) -> bool:
    return enrolment.state(grant.patient) is State.ACTIVATED


def _of_feeder(grant: Grant) -> Answered:
    """An organisation needs no authorisation to feed, and has none to read."""
    return Answered(Kept.OPEN, access=Access.NONE, activated=_activated(grant))


def _of_professional(grant: Grant) -> Answered:
    """The traits are told to those alone who may read them."""
    known = access.relation(grant)
    valid = access_of(grant, known)
    return Answered(
        Kept.OPEN,
        access=valid,
        attending=known.attending,
        activated=_activated(grant),
        person=_person(grant) if valid is Access.VALID else None,
    )


def _person(grant: Grant) -> PatientStatement:
    traits = identity.own_person(grant).traits
    return PatientStatement(
        "",
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        birth_date=traits.birth_date,
        sex=traits.sex,
    )


def _kept_closed(patient: PatientStatement, refusal: Refused) -> Answered:
    """What a refusal by the state of the space tells; any other one stays one."""
    told = refusal.reason.told_code
    if told == decisions.SPACE_UNKNOWN.code:
        return NOTHING
    if told == decisions.SPACE_SUSPENDED.code:
        return Answered(Kept.OPEN, access=Access.FORBIDDEN, activated=True)
    if told != decisions.SPACE_NOT_OPEN.code:
        raise refusal
    found = identity.patient_of(Ins(patient.number, patient.authority))
    state, since = enrolment.state_since(found) if found else (None, None)
    why = _CLOSED.get(state) if state else None
    if since is None or why is None:
        return NOTHING
    return Answered(Kept.CLOSED, closed_on=localdate(since), motive=why[0], cause=why[1])
