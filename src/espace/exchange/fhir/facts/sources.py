"""Where a fact comes from, as R4 tells it (Provenance): one entity for each document, with the section and the
paragraph to open in it; or the patient who states it."""

from collections.abc import Iterator, Sequence

from espace.clinical.facts import Origin, Sourced
from espace.exchange.fhir.facts import common
from espace.wire.clinical_statements.values import Concept
from espace.wire.fhir.facts import values
from espace.wire.fhir.facts.resources import Agent, Entity, Provenance
from espace.wire.fhir.resources import Coding, Extension, Meta, Reference
from espace.wire.nomenclature import systems

SECTION = "urn:espace:extension:section"
PARAGRAPH = "urn:espace:extension:paragraph"
"""The id of the paragraph in the HTML that this platform makes of the document."""

_AGENTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_UNKNOWN = Reference(display="?")


def provenance(id: str, target: str, sources: Sequence[Sourced], subject: Reference) -> Provenance:
    recorded = max(filter(None, map(common.changed, sources)), default=None)
    documents = {one.document.id: one for one in reversed(sources) if one.document}
    return Provenance(
        id=id,
        meta=Meta(last_updated=recorded),
        target=(Reference(reference=target),),
        recorded=recorded,
        agent=tuple(dict.fromkeys(_agents(sources, subject))),
        entity=tuple(_entity(one) for one in reversed(documents.values())),
    )


def _agents(sources: Sequence[Sourced], subject: Reference) -> Iterator[Agent]:
    for one in sources:
        name = common.author(one) or (one.document.organisation_name if one.document else "")
        who = subject if one.origin is Origin.STATED else Reference(display=name) if name else _UNKNOWN
        yield Agent(type=values.known(_AGENTS, "author"), who=who)
        if one.origin is Origin.STATED and name:
            yield Agent(type=values.known(_AGENTS, "enterer"), who=Reference(display=name))


def _entity(one: Sourced) -> Entity:
    place = one.fact.place
    section = values.concept(Concept(place.section, systems.LOINC.oid, place.title)).coding if place.section else ()
    named = section or ((Coding(display=place.title),) if place.title.strip() else ())
    found = [Extension(url=SECTION, value_coding=coding) for coding in named]
    if place.anchor:
        found.append(Extension(url=PARAGRAPH, value_string=place.anchor))
    what = Reference(reference=f"DocumentReference/{one.document.id}" if one.document else None)
    return Entity(extension=tuple(found), role="source", what=what)
