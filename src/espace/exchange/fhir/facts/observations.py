"""What was measured, seen or told, as R4 tells it (Observation), and the documents that report it
(DiagnosticReport)."""

from collections.abc import Iterable, Mapping

import msgspec

from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.record.facts import Document
from espace.wire.clinical_statements.values import Value
from espace.wire.fhir.answers.codes import concept, uri
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.resources import Observation
from espace.wire.fhir.resources import Attachment, CodeableConcept, Coding, Meta, Period, Reference

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_CATEGORIES: Mapping[Kind, CodeableConcept] = {
    Kind.RESULT: values.known(_CATEGORY, "laboratory"),
    Kind.MEASURE: values.known(_CATEGORY, "vital-signs"),
    Kind.EXAM: values.known(_CATEGORY, "exam"),
    Kind.LIFESTYLE: values.known(_CATEGORY, "social-history"),
    Kind.PREGNANCY: values.known(_CATEGORY, "social-history"),
}
KINDS = frozenset(_CATEGORIES)
_STATUS: Mapping[State, str] = {
    State.ACTIVE: "final",
    State.OVER: "final",
    State.PLANNED: "registered",
    State.STOPPED: "cancelled",
    State.UNKNOWN: "final",
}
_SECTIONS = "http://terminology.hl7.org/CodeSystem/v2-0074"


def observation(thing: Thing) -> Observation:
    fact = thing.fact
    told = Observation(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status=_STATUS[fact.state],
        category=_categories(fact),
        code=values.concept(fact.what),
        subject=thing.subject,
        focus=_shown(thing, Detail.ISOLATE),
        effective_date_time=values.single(fact.when),
        effective_period=values.period(fact.when),
        performer=(*common.asserters(thing), *common.senders(thing)),
        interpretation=tuple(map(values.interpretation, filter(str.strip, fact.interpretations))),
        body_site=thing.one(Detail.SITE),
        method=thing.one(Detail.METHOD),
        device=_device(fact),
        specimen=next(iter(_shown(thing, Detail.SPECIMEN)), None),
        reference_range=tuple(filter(None, map(values.reference_range, fact.ranges))),
        derived_from=common.derived(thing),
        note=common.notes(fact.comment),
    )
    return _with_value(told, fact)


def _categories(fact: Fact) -> tuple[CodeableConcept, ...]:
    """What it is, and the battery or chapter that it belongs to."""
    standard = _CATEGORIES[fact.kind]
    return (standard, CodeableConcept(text=fact.group)) if fact.group.strip() else (standard,)


def _device(fact: Fact) -> Reference | None:
    """What took the measure, by its name."""
    return Reference(display=fact.maker) if fact.kind is Kind.MEASURE and fact.maker.strip() else None


def _shown(thing: Thing, detail: Detail) -> tuple[Reference, ...]:
    names = (values.named(one).strip() for one in thing.said(detail))
    return tuple(Reference(display=name) for name in names if name)


def _with_value(told: Observation, fact: Fact) -> Observation:
    """What was found; « not there » is a value too; where nothing is known, it says so (R4, obs-6)."""
    found: dict[str, object] = _value(fact.value) if fact.value else {}
    if not found:
        found = {"value_boolean": False} if fact.absent else {"data_absent_reason": values.UNKNOWN}
    return msgspec.structs.replace(told, **found)


def _value(value: Value) -> dict[str, object]:
    """The one element that holds it; {} where nothing of it can be told."""
    between = values.between(value.interval)
    single = values.quantity(value.quantity) or (values.bounded(value.interval) if value.interval else None)
    said = {
        "value_quantity": single,
        "value_range": between,
        "value_codeable_concept": values.concept(value.concept) if value.concept else None,
        "value_boolean": value.truth,
        "value_date_time": values.dated(value),
        "value_string": values.worded(value),
    }
    return next(({name: one} for name, one in said.items() if one is not None), {})


def reports(facts: Iterable[Sourced]) -> dict[Document, list[Sourced]]:
    """The documents that report something: results, or a conclusion."""
    found: dict[Document, list[Sourced]] = {}
    for one in facts:
        if one.document and (one.fact.kind in KINDS or one.fact.kind is Kind.CONCLUSION):
            found.setdefault(one.document, []).append(one)
    return {document: said for document, said in found.items() if any(map(_reports, said))}


def _reports(one: Sourced) -> bool:
    return one.fact.kind in (Kind.RESULT, Kind.CONCLUSION)


def report(
    document: Document, said: Iterable[Sourced], subject: Reference, names: Mapping[int, str], base: str
) -> resources.DiagnosticReport:
    """`names` are the ids of the resources that tell these facts."""
    entry, facts = document.entry, list(said)
    conclusions = [one.fact.comment or values.named(one.fact.what) for one in facts if one.fact.kind is Kind.CONCLUSION]
    results = dict.fromkeys(names[id(one)] for one in facts if one.fact.kind in KINDS)
    origins = sorted({one.origin for one in facts})
    own, written = uri(entry.unique_id), (entry.creation_time or document.deposited_at).isoformat()
    author = common.author(facts[0]) if facts else ""
    start, stop = (one.isoformat() if one else None for one in (entry.service_start, entry.service_stop))
    return resources.DiagnosticReport(
        id=str(document.id),
        meta=Meta(
            last_updated=common.changed(facts[0]),
            tag=tuple(Coding(system=common.ORIGIN, code=one.value) for one in origins),
        ),
        identifier=(own,) if own else (),
        status="final",
        category=(values.known(_SECTIONS, "LAB"),) if any(one.fact.kind is Kind.RESULT for one in facts) else (),
        code=concept(entry.type) or values.UNKNOWN,
        subject=subject,
        effective_period=Period(start=start, end=stop) if stop else None,
        effective_date_time=None if stop else start,
        issued=written,
        performer=(Reference(display=author),) if author else (),
        result=tuple(Reference(reference=f"Observation/{name}") for name in results),
        conclusion="\n\n".join(one for one in conclusions if one.strip()) or None,
        presented_form=(_form(document, base),),
    )


def _form(document: Document, base: str) -> Attachment:
    entry = document.entry
    url = None if entry.repository else f"{base}/Binary/{document.id}"
    return Attachment(content_type=entry.mime_type or None, url=url, title=entry.title or None)
