"""What was measured, seen or told, as R4 tells it (Observation), and the documents that report it
(DiagnosticReport)."""

from collections.abc import Iterable, Mapping

import msgspec

from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.kernel.values import replace
from espace.record.facts import Document
from espace.wire.clinical_statements.values import Concept, Value
from espace.wire.fhir.answers.codes import concept, uri
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.resources import Observation
from espace.wire.fhir.resources import Attachment, CodeableConcept, Coding, Meta, Period, Reference
from espace.wire.nomenclature.systems import LOINC

_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_CATEGORIES: Mapping[Kind, CodeableConcept] = {
    Kind.RESULT: values.known(_CATEGORY, "laboratory"),
    Kind.MEASURE: values.known(_CATEGORY, "vital-signs"),
    Kind.EXAM: values.known(_CATEGORY, "exam"),
    Kind.LIFESTYLE: values.known(_CATEGORY, "social-history"),
    Kind.PREGNANCY: values.known(_CATEGORY, "social-history"),
    Kind.ALERT: values.known(_CATEGORY, "exam"),
}
KINDS = frozenset(_CATEGORIES)
_STATUS: Mapping[State, str] = {
    State.ACTIVE: "final",
    State.OVER: "final",
    State.PLANNED: "registered",
    State.STOPPED: "cancelled",
    State.UNKNOWN: "final",
}
_ASSERTED = frozenset({Kind.EXAM, Kind.LIFESTYLE, Kind.PREGNANCY})
"""What is there by being said (« lives alone »); a result or a measure without a value says nothing."""
_ALERTS = Concept("44944-7", LOINC.oid, "Autres alertes")
_SECTIONS = "http://terminology.hl7.org/CodeSystem/v2-0074"


def observation(thing: Thing) -> Observation:
    fact = _asked(thing.fact)
    told = Observation(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status=_status(fact),
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
        note=common.notes(*_certainties(fact), fact.comment),
    )
    return _with_value(told, fact)


def _asked(fact: Fact) -> Fact:
    """What to beware of is the answer, and « other alerts » the question."""
    return replace(fact, what=_ALERTS, value=Value(concept=fact.what)) if fact.kind is Kind.ALERT else fact


def _status(fact: Fact) -> str:
    """A result under way is not final (C-CDA on FHIR, CF-ResultStatus)."""
    return "registered" if (fact.kind, fact.state) == (Kind.RESULT, State.ACTIVE) else _STATUS[fact.state]


def _certainties(fact: Fact) -> tuple[str, ...]:
    """How sure it is, which Observation of R4 has no place for."""
    names = (values.named(one).strip() for one in fact.details.get(Detail.CERTAINTY, ()))
    return tuple(f"Certitude\u202f: {name}" for name in names if name)


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
    """What was found; « there » and « not there » are values too; where nothing is known, it says so (R4, obs-6). R4
    has no way of denying a value: what is denied is said in words."""
    found: dict[str, object] = _value(fact.value) if fact.value else {}
    denied = "" if not fact.absent or fact.value is None else _name(fact.value)
    if denied:
        found = {"value_boolean": False, "note": (*told.note, *common.notes(f"Absent\u202f: {denied}"))}
    elif not found:
        asserted = fact.value is None and fact.kind in _ASSERTED and not fact.interpretations
        found = (
            {"value_boolean": not fact.absent} if fact.absent or asserted else {"data_absent_reason": values.UNKNOWN}
        )
    return msgspec.structs.replace(told, **found)


def _name(value: Value) -> str:
    """What a value names: an amount, yes and no name nothing."""
    return (values.named(value.concept) if value.concept else value.words).strip()


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
