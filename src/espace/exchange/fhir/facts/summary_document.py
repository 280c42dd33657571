"""Patient/$summary: the International Patient Summary of a record, as a FHIR document made at that moment. The same
decision and the same line as for a search of facts; it says only what every reader of such a document may see."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from uuid import UUID

from django.utils import translation

from espace import edge
from espace.clinical import queries as clinical
from espace.clinical.facts import Kind, Sourced
from espace.clinical.rules.international import DEVICES, KINDS, TYPE_CODE, Chosen, international
from espace.exchange.callers import Caller, fhir_base
from espace.exchange.fhir import search
from espace.exchange.fhir.facts.common import Thing
from espace.exchange.fhir.facts.naming import name_of, names_of
from espace.exchange.fhir.facts.telling import SERVED, claims
from espace.exchange.fhir.search import Named
from espace.exchange.http import JSON_TYPES, Request, Response, Work
from espace.identity import queries as identity
from espace.identity.facts import Ins
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Grant, Refused, RefusedProblems
from espace.looks.international import Written, as_text, written
from espace.looks.words import local_day
from espace.wire.fhir.answers import encode, patient
from espace.wire.fhir.facts import ips, resources, values
from espace.wire.fhir.facts.ips_asked import MAX_BYTES, read_parameters
from espace.wire.fhir.resources import Bundle, DeviceName, Patient, Reference, Resource
from espace.wire.fhir.searching import PATIENTS, Language, Token, read
from espace.wire.xds import PatientStatement

PARAMETERS = frozenset({"identifier", "profile"})
_PROFILES = frozenset(f"{one}{version}" for one in (ips.COMPOSITION, ips.BUNDLE) for version in ("", f"|{ips.VERSION}"))
_FRENCH = "fr"
_TITLE, _AUTHOR = "Résumé international de santé", "Espace numérique de santé"
_ASKED = {"resource": "Patient/$summary"}
_TELLS: Mapping[Kind, tuple[frozenset[Kind], Callable[[Thing], Resource]]] = {
    kind: (served.kinds, served.tell) for served in SERVED.values() if served.tell for kind in served.kinds
}
"""By kind of fact, what tells one, and the kinds whose ids are given together."""


def summary(request: Request, caller: Caller) -> Work:
    """200 with the document of the patient whom the address or a parameter names."""
    said = request.query() if request.method == "GET" else _posted(request)
    if said.get("profile", ips.COMPOSITION) not in _PROFILES:
        raise search.refused("profile", ips.COMPOSITION)
    if request.id and "identifier" in said:
        raise search.refused("identifier", "the address names the patient")
    return partial(_summary, Named(id=request.id) if request.id else _identified(said), caller)


def _posted(request: Request) -> Mapping[str, str]:
    said, problems = read_parameters(request.body(MAX_BYTES, JSON_TYPES), sorted(PARAMETERS))
    if problems:
        raise RefusedProblems(problems)
    return said


def _identified(said: Mapping[str, str]) -> Named | None:
    """Whom `identifier` names, read as in a search for patients."""
    pairs = [(name, value) for name, value in said.items() if name == "identifier"]
    query = read(pairs, PATIENTS, Language(search.PARIS, fhir_base(), edge.now()), lenient=False)
    tokens = [one for criterion in query.criteria for one in criterion.values if isinstance(one, Token)]
    return Named(Ins(tokens[0].code, tokens[0].system or "")) if tokens else None


def _summary(named: Named | None, caller: Caller) -> Response:
    if caller.actor.patient is None:
        return _of_somebody(named, caller)
    if named and not search.is_of(caller, named):
        raise Refused(reasons.NOT_FOUND)
    return _told_of(caller.open_own(asked=_ASKED))


def _of_somebody(named: Named | None, caller: Caller) -> Response:
    """As a Patient is read: an id that leads nowhere and a record that stays closed are refused alike."""
    try:
        return _told_of(search.open_named(caller, named, _ASKED, place="identifier"))
    except Refused as refusal:
        if named is None or named.ins or refusal.reason.status >= 500:
            raise
        raise Refused(reasons.NOT_FOUND) from refusal


def _told_of(opening: AbstractContextManager[Grant]) -> Response:
    with opening as grant, translation.override(_FRENCH):
        found = document(grant)
    return Response(encode(found))


def document(grant: Grant) -> Bundle:
    """The document, in the language that is active."""
    about = ips.About(
        id=str(edge.new_id()),
        at=grant.at.isoformat(timespec="seconds"),
        title=_TITLE,
        language=_FRENCH,
        base=fhir_base(),
        patient=_patient(grant),
        author=_author(),
    )
    facts = clinical.shared(grant, KINDS, TYPE_CODE).facts
    return assembled(facts, about, local_day(grant.at), grant.patient)


def assembled(facts: Collection[Sourced], about: ips.About, day: date, patient: UUID) -> Bundle:
    """The document that these facts make on that day."""
    found, names = international(facts, day), _names(facts, patient)
    whose = Reference(reference=f"Patient/{patient}")
    shown = zip(found.chosen, written(found, lambda _: ""), strict=True)
    made = [(one, words, list(_things(one, names, whose))) for one, words in shown]
    beside = [_told(thing) for one, _, things in made if one.part is DEVICES for thing in things]
    return ips.document(about, [_part(*one) for one in made], beside)


def _names(facts: Collection[Sourced], patient: UUID) -> Mapping[int, str]:
    """The ids that these facts have at this door, type by type."""
    found: dict[int, str] = {}
    for kinds in {kinds for kinds, _ in _TELLS.values()}:
        found |= names_of((one for one in facts if one.fact.kind in kinds), patient)
    return found


def _things(chosen: Chosen, names: Mapping[int, str], whose: Reference) -> Iterator[Thing]:
    """Of what has a type of resource. « No known device » is in the narrative alone: there is no use of it."""
    denied = () if chosen.part is DEVICES else chosen.denied
    for item in (*chosen.items, *denied):
        for claim in claims(item) if item.fact.kind in _TELLS else ():
            yield Thing(name_of(claim, names), claim, whose)


def _told(thing: Thing) -> Resource:
    _, tell = _TELLS[thing.fact.kind]
    return ips.fitted(tell(thing))


def _part(chosen: Chosen, words: Written, things: list[Thing]) -> ips.Part:
    told = map(_used if chosen.part is DEVICES else _told, things)
    lines = (*([words.warning] if words.warning else ()), *map(as_text, words.lines))
    return ips.Part(
        code=chosen.part.code,
        title=words.title,
        english=chosen.part.title.en,
        lines=(*lines, *([words.left] if words.left else ())),
        entries=tuple(told),
        nothing=words.nothing,
    )


def _used(thing: Thing) -> Resource:
    device = _told(thing)
    return ips.use_of(device, values.whole(thing.fact.when)) if isinstance(device, resources.Device) else device


def _patient(grant: Grant) -> Patient:
    person = identity.own_person(grant)
    traits = PatientStatement(
        "",
        birth_name=person.traits.birth_name,
        given_names=person.traits.given_names,
        birth_date=person.traits.birth_date,
        sex=person.traits.sex,
    )
    return ips.patient(patient(grant.patient, search.current_ins(person), traits))


def _author() -> resources.Device:
    """What puts the document together: this platform, and nobody's hand."""
    return resources.Device(id=str(edge.new_id()), device_name=(DeviceName(name=_AUTHOR, type="user-friendly-name"),))
