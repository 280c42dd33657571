"""Patient: the status of a space (TD0.2). A professional learns from an INS whether there is a space, and its id here;
the traits, another INS, and whose an id is, are told to those alone who may read it. A holder reads themselves."""

from functools import partial

from espace.access import queries as access
from espace.access.rules import closed_because
from espace.exchange.callers import Caller
from espace.exchange.fhir import search
from espace.exchange.fhir.search import Named
from espace.exchange.http import Request, Response, Work
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.kernel.reasons import decisions
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Grant, Purpose, Refused
from espace.record.facts import Page
from espace.wire.fhir import resources
from espace.wire.fhir.answers import encode, patient
from espace.wire.fhir.searching import PATIENTS, Query, Token
from espace.wire.xds import PatientStatement


def find(request: Request, caller: Caller) -> Work:
    return partial(_find, search.query_of(request, PATIENTS), caller)


def read(request: Request, caller: Caller) -> Work:
    return partial(_read, request.id, caller)


def _find(query: Query, caller: Caller) -> Response:
    named = _named(query)
    if caller.actor.patient is None:
        return _answer(query, _named_by(caller, named))
    if named and not search.is_of(caller, named):
        return _answer(query)
    with caller.open_own() as grant:
        told = _patient(grant)
    return _answer(query, told)


def _named_by(caller: Caller, named: Named | None) -> resources.Patient:
    """Whom a professional names; by an id, a space that stays closed to them answers as none."""
    try:
        with search.open_named(caller, named, {}, place="identifier") as grant:
            return _patient(grant, named.ins if named else None)
    except Refused as refusal:
        if named is None or named.ins or refusal.reason.status in (429, 503):
            raise
        raise Refused(decisions.SPACE_UNKNOWN) from refusal


def _named(query: Query) -> Named | None:
    """Whom it names: `identifier`, or `_id`, and one of them."""
    said = [(one.name, value) for one in query.criteria for value in one.values if isinstance(value, Token)]
    if len(said) > 1:
        raise search.refused(said[1][0], "one patient is expected")
    if not said:
        return None
    name, token = said[0]
    return Named(id=token.code) if name == "_id" else Named(Ins(token.code, token.system or ""))


def _answer(query: Query, *found: resources.Patient) -> Response:
    shown = () if query.count == 0 else found
    return search.answer(query, PATIENTS, Page((), len(found), False), shown)


def _read(text: str, caller: Caller) -> Response:
    """Somebody by their id here; an id that leads nowhere and a space that stays closed are refused alike, but to its
    holder, who is told why."""
    named, found = Named(id=text), None
    try:
        found = search.patient_known(named)
        if found is None:
            search.looked_up_in_vain(caller, named)
            raise Refused(reasons.NOT_FOUND)
        with caller.open(found) as grant:
            told = _patient(grant)
    except Refused as refusal:
        if refusal.reason.status >= 500 or (found and found == caller.actor.patient):
            raise
        raise Refused(reasons.NOT_FOUND) from refusal
    return Response(encode(told))


def _patient(grant: Grant, asked: Ins | None = None) -> resources.Patient:
    """The holder of the record: whole to whoever may read it; to others the INS that they asked about, and no trait.

    Without an INS they are told nothing (Refused): an id must not lead to an INS, which tells sex, month of birth and
    birthplace.
    """
    by_holder, regulates = grant.purpose is Purpose.HOLDER, grant.actor.regulates
    closed = None if by_holder else closed_because(access.relation(grant), grant.at, regulates=regulates)
    if closed:
        if asked is None:
            raise Refused(closed)
        return patient(grant.patient, search.identifier(asked), None)
    person = identity.own_person(grant)
    traits = PatientStatement(
        "",
        birth_name=person.traits.birth_name,
        given_names=person.traits.given_names,
        birth_date=person.traits.birth_date,
        sex=person.traits.sex,
    )
    return patient(grant.patient, search.current_ins(person), traits)
