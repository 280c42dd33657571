"""Facts of health, each with the documents that say it: searches, and reading one. The same decision, the same
visibility and the same line as for the documents of the record."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from functools import partial

from msgspec import structs

from espace.clinical import queries as clinical
from espace.clinical.facts import Known
from espace.exchange.callers import Caller, fhir_base
from espace.exchange.fhir import iti67, search
from espace.exchange.fhir.facts.forecast import Life
from espace.exchange.fhir.facts.naming import Leading, leading
from espace.exchange.fhir.facts.paging import page_of
from espace.exchange.fhir.facts.telling import PROVENANCE, SERVED, TYPES, Told, Whose, source_of, sources, told
from espace.exchange.fhir.search import Named
from espace.exchange.http import Request, Response, Work
from espace.identity import queries as identity
from espace.kernel.reasons import decisions
from espace.kernel.words import Grant, Refused
from espace.record.facts import Page
from espace.wire.fhir.answers import Subject, encode
from espace.wire.fhir.facts.parameters import OF_PROVENANCE, SEARCHES
from espace.wire.fhir.facts.resources import DiagnosticReport
from espace.wire.fhir.facts.resources import Provenance as Origins
from espace.wire.fhir.facts.shortening import shortened
from espace.wire.fhir.resources import Resource
from espace.wire.fhir.searching import Query, Target, Token

_NOTHING: Page[Told] = Page((), 0, False)


def find(name: str) -> Callable[[Request, Caller], Work]:
    """What answers a search for resources of this type."""
    searched = SEARCHES[name]
    return lambda request, caller: partial(_find, name, search.query_of(request, searched.table), caller)


def read(name: str) -> Callable[[Request, Caller], Work]:
    """What answers with one resource of this type."""
    return lambda request, caller: partial(_read, name, request.id, caller)


def _find(name: str, query: Query, caller: Caller) -> Response:
    searched, named = SEARCHES[name], search.patient_named(query)
    asked = {"resource": name, **search.asked(query)}
    if caller.actor.patient is None:
        opening = search.open_named(caller, named, asked)
    elif named and not search.is_of(caller, named):
        return search.answer(query, searched.table, _NOTHING, ())
    else:
        opening = caller.open_own(asked=asked)
    with opening as grant:
        subject = search.subject(grant)
        types = _types(name, query)
        known = _known(grant, types)
        whose = _whose(grant, subject)
        everything = list(_told(name, types, known, whose, _codes(query)))
        page = page_of(everything, searched, query, search.PARIS)
        included = list(_included(query, page, known, whose, subject))
    shown = [shortened(one.resource, query.summary) for one in page.found]
    beside = [shortened(one, query.summary) for one in included]
    return search.answer(query, searched.table, page, shown, whose=grant.patient, included=beside)


def _types(name: str, query: Query) -> tuple[str, ...]:
    """The types of what is told of: for sources, those that the search names, or all of them."""
    if name != PROVENANCE:
        return (name,)
    targets = {one.id.partition("/")[0] for c in query.named("target") for one in c.values if isinstance(one, Target)}
    return tuple(one for one in SERVED if not targets or one in targets)


def _known(grant: Grant, types: Iterable[str]) -> Known:
    served = [SERVED[name] for name in types]
    return clinical.known(grant, frozenset(kind for one in served for kind in one.kinds | one.beside))


def _whose(grant: Grant, subject: Subject) -> Whose:
    """`search.subject` has read the person already."""
    traits = identity.own_person(grant).traits
    life = Life(traits.birth_date, traits.sex, grant.at.astimezone(search.PARIS).date())
    return Whose(grant.patient, subject.reference, fhir_base(), life)


def _told(
    name: str, types: Iterable[str], known: Known, whose: Whose, codes: frozenset[str] = frozenset()
) -> Iterator[Told]:
    if name == PROVENANCE:
        return sources(types, known.facts, whose)
    return told(name, known.facts, whose, codes)


def _codes(query: Query) -> frozenset[str]:
    """All that the search could find bears one of these codes; none where it does not say so."""
    for one in query.named("code"):
        found = {value.code for value in one.values if isinstance(value, Token)}
        if found and "" not in found and not one.negated:
            return frozenset(found)
    return frozenset()


def _included(query: Query, page: Page[Told], known: Known, whose: Whose, subject: Subject) -> Iterator[Resource]:
    """What was asked for beside what was found, each once."""
    found = [one.resource for one in page.found]
    if OF_PROVENANCE in query.included:
        yield from _either_way(page, known, whose)
    if "Provenance:entity" in query.included:
        named = {one.what.reference for each in found if isinstance(each, Origins) for one in each.entity if one.what}
        yield from (iti67.resource(one, subject) for one in known.documents if f"DocumentReference/{one.id}" in named)
    if "DiagnosticReport:result" in query.included:
        named = {one.reference for each in found if isinstance(each, DiagnosticReport) for one in each.result}
        yield from _named(named, known, whose)


def _either_way(page: Page[Told], known: Known, whose: Whose) -> Iterator[Resource]:
    """The sources of facts, or the facts of sources."""
    for one in page.found:
        if one.type != PROVENANCE and one.sources:
            yield source_of(one, whose).resource
    targets = {
        one.reference for each in page.found if isinstance(each.resource, Origins) for one in each.resource.target
    }
    yield from _named(targets, known, whose)


def _named(references: set[str | None], known: Known, whose: Whose) -> Iterator[Resource]:
    types = {str(one).partition("/")[0] for one in references}
    for name in SERVED:
        for one in told(name, known.facts, whose) if name in types else ():
            if one.address in references:
                yield one.resource


def _read(name: str, text: str, caller: Caller) -> Response:
    """One that is absent, that may not be seen, or whose record stays closed is refused alike."""
    letters, _, rest = text.partition(".") if name == PROVENANCE else ("", "", text)
    types = (TYPES[letters],) if letters in TYPES else () if letters else (name,)
    with _open(caller, leading(rest)) as grant:
        whose = _whose(grant, search.subject(grant))
        known = _known(grant, types)
        found = next((one for one in _told(name, types, known, whose) if one.name == text or text in one.others), None)
        if found is None:
            raise Refused(decisions.DOCUMENT_UNKNOWN)
    return Response(encode(structs.replace(found.resource, id=text)))


def _open(caller: Caller, where: Leading) -> AbstractContextManager[Grant]:
    if caller.actor.patient is not None:
        return caller.open_own()
    if where.document:
        return caller.open_about(where.document)
    if where.patient:
        return caller.open_led_to(search.patient_known(Named(id=str(where.patient))), where.patient)
    raise Refused(decisions.DOCUMENT_UNKNOWN)
