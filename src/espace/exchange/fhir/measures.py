"""« API Mesures »: what the holder's own software, or an application that they let in, measured: a transaction of
Observation and Device, or one Observation. All is added, or nothing; what was sent before is not added twice."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.conf import settings
from django.utils.timezone import localdate

from espace import edge
from espace.clinical.actions import profile as clinical
from espace.clinical.facts import Origin, Sourced
from espace.clinical.facts.profile import Item
from espace.clinical.facts.receiving import Ready
from espace.clinical.rules import profile as rules
from espace.clinical.rules.receiving import ready
from espace.exchange.callers import Caller, fhir_base
from espace.exchange.fhir import search
from espace.exchange.fhir.facts.telling import Whose, told
from espace.exchange.http import JSON_TYPES, Request, Response, Work
from espace.identity.facts import Ins
from espace.kernel.reasons import decisions
from espace.kernel.words import ActorKind, Grant, Problem, Refused, RefusedProblems
from espace.wire.fhir import measures, resources
from espace.wire.fhir.answers import encode

MAX_BYTES = 1_000_000
_OWN_SOFTWARE = "holder"
"""What software that acts with the holder's own token is known by: which it is, nothing tells."""


def take(request: Request, caller: Caller) -> Work:
    """A transaction. Refused: HOLDER_CANNOT_FEED for a deposit of documents, which people make in the portal."""
    taken = measures.transaction(_body(request), search.PARIS)
    if taken.deposits:
        raise Refused(decisions.HOLDER_CANNOT_FEED)
    return partial(_all, caller, _checked(taken, caller), taken.parts)


def create(request: Request, caller: Caller) -> Work:
    """One Observation."""
    return partial(_one, caller, _checked(measures.one(_body(request), search.PARIS), caller))


def _body(request: Request) -> bytes:
    return request.body(min(MAX_BYTES, settings.ESPACE_MAX_REQUEST_BYTES), JSON_TYPES)


def _checked(taken: measures.Taken, caller: Caller) -> tuple[Ready, ...]:
    """Every measure, ready to be kept. Raises RefusedProblems: whose they are not comes first."""
    actor, today = caller.actor, localdate(edge.now())
    by, source = (actor.name, str(actor.id)) if actor.kind is ActorKind.APP else ("", _OWN_SOFTWARE)
    strangers = [one for one in taken.measures if not _is_own(caller, one.patient)]
    problems = [Problem(decisions.NOT_THE_HOLDER, f"{one.place}.subject", "the holder of this token is expected")
                for one in strangers]  # fmt: skip
    problems += taken.problems
    found: list[Ready] = []
    for sent in taken.measures:
        read = ready(sent, today, by=by, source=source)
        if isinstance(read, Ready):
            found.append(read)
        else:
            problems += read
    if problems:
        raise RefusedProblems(tuple(problems[: measures.MAX_ENTRIES]))
    return tuple(found)


def _is_own(caller: Caller, patient: str) -> bool:
    """« Patient/… » here, or an INS of the holder; "" was reported already."""
    if not patient:
        return True
    if "|" not in patient:
        return search.is_of(caller, search.Named(id=patient.removeprefix(f"{fhir_base()}/").removeprefix("Patient/")))
    authority, _, number = patient.partition("|")
    return search.is_of(caller, search.Named(Ins(number, authority)))


def _all(caller: Caller, found: Sequence[Ready], parts: Sequence[measures.Part]) -> Response:
    with caller.open_own() as grant:
        kept = clinical.receive(grant, measures=found)
        places = [(f"Observation/{_resource(grant, item).id}", already) for item, already in kept]
    answers = [places[part.measure] for part in parts]
    entries = tuple(
        resources.Entry(response=resources.Response(status="200 OK" if already else "201 Created", location=location))
        for location, already in answers
    )
    return Response(encode(resources.Bundle(type="transaction-response", entry=entries)))


def _one(caller: Caller, found: Sequence[Ready]) -> Response:
    """201 with the measure and its address; 200 where it was there already."""
    with caller.open_own() as grant:
        [(item, already)] = clinical.receive(grant, measures=found)
        told_as = _resource(grant, item)
    location = ("Location", f"{fhir_base()}/Observation/{told_as.id}")
    return Response(encode(told_as), 200 if already else 201, headers=(location,))


def _resource(grant: Grant, item: Item) -> resources.Resource:
    """The measure as the door will tell it: the first number of a blood pressure stands for both."""
    facts = [
        Sourced(fact, Origin.STATED, stated_at=item.stated_at.isoformat(), item=item.id)
        for fact in rules.as_facts(item)
    ]
    whose = Whose(UUID(str(grant.patient)), search.subject(grant).reference, fhir_base())
    first = min(told("Observation", facts, whose), key=lambda one: len(one.name))
    return first.resource
