"""Allergies, problems and the family's, as R4 tells them (AllergyIntolerance, Condition, FamilyMemberHistory)."""

from collections.abc import Mapping

from espace.clinical.facts import Detail, Fact, Origin, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.resources import CodeableConcept

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_CERTAINTIES: Mapping[str, str] = {
    **dict.fromkeys(("confirmed", "410605003"), "confirmed"),
    **dict.fromkeys(("unconfirmed", "provisional", "differential", "410590009", "415684004"), "unconfirmed"),
    **dict.fromkeys(("refuted", "410516002"), "refuted"),
}
"""Values of a certainty: HL7 condition-ver-status and allergyintolerance-verification, SNOMED CT."""

_ALLERGY_STATUS: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "resolved",
    State.STOPPED: "inactive",
    State.PLANNED: "active",
    State.UNKNOWN: "active",
}
"""R4 wants one of three (ait-1): an allergy whose document does not say that it is over is not."""

_KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ALG": ("allergy", ()),
    "DALG": ("allergy", ("medication",)),
    "FALG": ("allergy", ("food",)),
    "EALG": ("allergy", ("environment",)),
    "DINT": ("intolerance", ("medication",)),
    "DNAINT": ("intolerance", ("medication",)),
    "FINT": ("intolerance", ("food",)),
    "FNAINT": ("intolerance", ("food",)),
    "EINT": ("intolerance", ("environment",)),
    "ENAINT": ("intolerance", ("environment",)),
}
"""HL7 ActCode, ObservationIntoleranceType → type and category of R4."""

_CRITICALITIES = {"CRITL": "low", "CRITH": "high", "CRITU": "unable-to-assess"}
_CRITICALITIES |= {code: code for code in _CRITICALITIES.values()}
_SEVERITIES = {"L": "mild", "M": "moderate", "H": "severe", "255604002": "mild", "6736007": "moderate"}
_SEVERITIES |= {"24484000": "severe", "442452003": "severe", "mild": "mild", "moderate": "moderate", "severe": "severe"}

_CONDITION_STATUS: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "resolved",
    State.STOPPED: "inactive",
}
_CATEGORIES: Mapping[str, str] = {
    **dict.fromkeys(("11450-4", "11348-0"), "problem-list-item"),
    **dict.fromkeys(("46241-6", "42347-5", "11535-2", "29308-4", "78375-3"), "encounter-diagnosis"),
}
"""The section that a problem stands in → its category."""


def allergy(thing: Thing) -> resources.AllergyIntolerance:
    fact = thing.fact
    kind, categories = next((_KINDS[one.code] for one in thing.said(Detail.CATEGORY) if one.code in _KINDS), ("", ()))
    return resources.AllergyIntolerance(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        clinical_status=values.known(f"{_TERMINOLOGY}/allergyintolerance-clinical", _ALLERGY_STATUS[fact.state]),
        verification_status=_verification(fact, "allergyintolerance-verification"),
        type=kind or None,
        category=categories,
        criticality=_first(thing, Detail.CRITICALITY, _CRITICALITIES),
        code=values.concept(fact.what),
        patient=thing.subject,
        onset_date_time=values.single(fact.when),
        onset_period=values.period(fact.when),
        recorded_date=common.recorded(thing),
        asserter=common.asserter(thing),
        reaction=_reactions(thing),
        note=common.notes(fact.comment),
    )


def _verification(fact: Fact, system: str) -> CodeableConcept | None:
    """As far as it is stated."""
    said = (_CERTAINTIES.get(one.code) for one in fact.details.get(Detail.CERTAINTY, ()))
    code = "refuted" if common.refuted(fact) else next(filter(None, said), None)
    return values.known(f"{_TERMINOLOGY}/{system}", code) if code else None


def _first(thing: Thing, detail: Detail, words: Mapping[str, str]) -> str | None:
    return next((words[one.code] for one in thing.said(detail) if one.code in words), None)


def _reactions(thing: Thing) -> tuple[resources.Reaction, ...]:
    """What happens; how bad it was where one thing alone is said to have happened."""
    found = thing.concepts(Detail.REACTION)
    severity = _first(thing, Detail.SEVERITY, _SEVERITIES) if len(found) == 1 else None
    return tuple(resources.Reaction(manifestation=(one,), severity=severity) for one in found)


def condition(thing: Thing) -> resources.Condition:
    """One that is over has an end; the end of one that is not (R4, con-4) is not told."""
    fact = thing.fact
    status = _CONDITION_STATUS.get(fact.state) if not fact.absent else None
    ended = values.moment(fact.when.end) if fact.state in (State.OVER, State.STOPPED) and not fact.absent else None
    return resources.Condition(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        clinical_status=values.known(f"{_TERMINOLOGY}/condition-clinical", status) if status else None,
        verification_status=_verification(fact, "condition-ver-status"),
        category=_categories(thing),
        severity=thing.one(Detail.SEVERITY),
        code=values.concept(fact.what),
        body_site=(*thing.concepts(Detail.SITE), *thing.concepts(Detail.LATERALITY)),
        subject=thing.subject,
        onset_date_time=values.moment(fact.when.start),
        abatement_date_time=ended,
        recorded_date=common.recorded(thing),
        asserter=common.asserter(thing),
        note=common.notes(fact.comment),
    )


def _categories(thing: Thing) -> tuple[CodeableConcept, ...]:
    stated = thing.item.sources[0].origin is Origin.STATED
    code = "problem-list-item" if stated else _CATEGORIES.get(thing.fact.place.section)
    standard = (values.known(f"{_TERMINOLOGY}/condition-category", code),) if code else ()
    return (*standard, *thing.concepts(Detail.CATEGORY))


def family(thing: Thing) -> resources.FamilyMemberHistory:
    """R4 has no way of saying that a relative has not something: it is said in words."""
    fact = thing.fact
    name = values.named(fact.what)
    condition = resources.FamilyCondition(code=values.concept(fact.what), onset_string=values.text(fact.when.start))
    return resources.FamilyMemberHistory(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="completed",
        patient=thing.subject,
        date=common.recorded(thing),
        relationship=thing.one(Detail.RELATIVE) or values.UNKNOWN,
        condition=() if fact.absent else (condition,),
        note=common.notes(f"Absent\u202f: {name}" if fact.absent else "", fact.comment),
    )
