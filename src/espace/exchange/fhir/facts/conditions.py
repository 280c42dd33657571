"""Allergies, problems and the family's, as R4 tells them (AllergyIntolerance, Condition, FamilyMemberHistory)."""

from collections.abc import Mapping
from types import MappingProxyType

from espace.clinical.facts import Detail, Fact, Origin, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.clinical_statements.values import Quantity as Amount
from espace.wire.clinical_statements.values import Value
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.elements import Quantity
from espace.wire.fhir.resources import CodeableConcept

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_CERTAINTIES: Mapping[str, str] = {
    **dict.fromkeys(("confirmed", "410605003"), "confirmed"),
    **dict.fromkeys(("unconfirmed", "provisional", "differential", "410590009", "415684004"), "unconfirmed"),
    **dict.fromkeys(("refuted", "410516002"), "refuted"),
}
"""Values of a certainty: HL7 condition-ver-status and allergyintolerance-verification, SNOMED CT."""
_OF_CONDITIONS: Mapping[str, str] = {one: one for one in ("provisional", "differential")}
"""More precise ones, which condition-ver-status alone has."""

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
    "OINT": ("intolerance", ()),
    "NAINT": ("intolerance", ()),
    "EINT": ("intolerance", ("environment",)),
    "ENAINT": ("intolerance", ("environment",)),
    "419199007": ("allergy", ()),
    "416098002": ("allergy", ("medication",)),
    "414285001": ("allergy", ("food",)),
    "426232007": ("allergy", ("environment",)),
    "232347008": ("allergy", ("environment",)),
    "59037007": ("intolerance", ("medication",)),
    "235719002": ("intolerance", ("food",)),
    "609328004": ("allergy", ()),
    "782197009": ("intolerance", ()),
    "allergy": ("allergy", ()),  # International Patient Summary
    "intolerance": ("intolerance", ()),
    "419511003": ("", ("medication",)),
    "418471000": ("", ("food",)),
}
"""HL7 ActCode, ObservationIntoleranceType, and SNOMED CT (C-CDA on FHIR 1.1, « Allergies ») → type and category of R4:
a propensity is neither of the two types."""

_CRITICALITIES = {"CRITL": "low", "CRITH": "high", "CRITU": "unable-to-assess"}
_CRITICALITIES |= {code: code for code in _CRITICALITIES.values()}
_SEVERITIES = {"L": "mild", "M": "moderate", "H": "severe", "255604002": "mild", "6736007": "moderate"}
_SEVERITIES |= {"371923003": "mild", "371924009": "severe", "399166001": "severe"}  # C-CDA on FHIR
_SEVERITIES |= {"24484000": "severe", "442452003": "severe", "mild": "mild", "moderate": "moderate", "severe": "severe"}

_ALLERGY_SAID: Mapping[str, str] = {
    **dict.fromkeys(("active", "55561003"), "active"),
    **dict.fromkeys(("inactive", "73425007"), "inactive"),
    **dict.fromkeys(("resolved", "413322009"), "resolved"),
}
_CONDITION_SAID: Mapping[str, str] = {
    **_ALLERGY_SAID,
    **dict.fromkeys(("recurrence", "246455001"), "recurrence"),
    **dict.fromkeys(("relapse", "263855007"), "relapse"),
    **dict.fromkeys(("remission", "277022003"), "remission"),
}
"""A status that is stated, HL7 and SNOMED CT, as R4 calls it: more precise than what is made of it."""

_CONDITION_STATUS: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "resolved",
    State.STOPPED: "inactive",
}
_CATEGORIES: Mapping[str, str] = {
    **dict.fromkeys(("11450-4", "11348-0"), "problem-list-item"),
    **dict.fromkeys(("46241-6", "42347-5", "11535-2", "29308-4", "78375-3", "46240-8"), "encounter-diagnosis"),
}
"""The section that a problem stands in → its category."""


def allergy(thing: Thing) -> resources.AllergyIntolerance:
    fact = thing.fact
    clinical = _first(thing, Detail.CLINICAL_STATUS, _ALLERGY_SAID) or _ALLERGY_STATUS[fact.state]
    kind, categories = next((_KINDS[one.code] for one in thing.said(Detail.CATEGORY) if one.code in _KINDS), ("", ()))
    return resources.AllergyIntolerance(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        clinical_status=values.known(f"{_TERMINOLOGY}/allergyintolerance-clinical", clinical),
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


def _verification(fact: Fact, system: str, own: Mapping[str, str] = MappingProxyType({})) -> CodeableConcept | None:
    """As far as it is stated; `own` are the words that this system has beside those of both."""
    known = {**_CERTAINTIES, **own}
    said = (known.get(one.code) for one in fact.details.get(Detail.CERTAINTY, ()))
    code = "refuted" if common.refuted(fact) else next(filter(None, said), None)
    return values.known(f"{_TERMINOLOGY}/{system}", code) if code else None


def _first(thing: Thing, detail: Detail, words: Mapping[str, str]) -> str | None:
    return next((words[one.code] for one in thing.said(detail) if one.code in words), None)


def _reactions(thing: Thing) -> tuple[resources.Reaction, ...]:
    """What happens; how bad it was, where it is said of it, or of the whole where one thing alone happens."""
    found = thing.said(Detail.REACTION)
    whole = _first(thing, Detail.SEVERITY, _SEVERITIES) if len(found) == 1 else None
    degrees = (
        next((_SEVERITIES[each.code] for each in one.qualifiers if each.code in _SEVERITIES), whole) for one in found
    )
    return tuple(
        resources.Reaction(manifestation=(values.concept(one),), severity=degree)
        for one, degree in zip(found, degrees, strict=True)
    )


def condition(thing: Thing) -> resources.Condition:
    """One that is over has an end; the end of one that is not (R4, con-4) is not told."""
    fact = thing.fact
    stated = _first(thing, Detail.CLINICAL_STATUS, _CONDITION_SAID) or _CONDITION_STATUS.get(fact.state)
    status = stated if not fact.absent else None
    ended = values.moment(fact.when.end) if fact.state in (State.OVER, State.STOPPED) and not fact.absent else None
    return resources.Condition(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        clinical_status=values.known(f"{_TERMINOLOGY}/condition-clinical", status) if status else None,
        verification_status=_verification(fact, "condition-ver-status", _OF_CONDITIONS),
        category=_categories(thing),
        severity=thing.one(Detail.SEVERITY),
        code=values.concept(fact.what),
        body_site=(*thing.concepts(Detail.SITE), *thing.concepts(Detail.LATERALITY)),
        subject=thing.subject,
        onset_date_time=values.moment(fact.when.start),
        onset_age=None if values.moment(fact.when.start) else _age(thing),
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


def _age(thing: Thing) -> Quantity | None:
    """How old somebody was when it began; in years where no unit is said."""
    value, _, unit = next((one.words for one in thing.said(Detail.ONSET)), "").partition(" ")
    return values.quantity(Amount(value, unit or "a")) if value else None


def family(thing: Thing) -> resources.FamilyMemberHistory:
    """R4 has no way of saying that a relative has not something, nor what was measured of one: it is said in words."""
    fact, said = thing.fact, _said_of_a_relative(thing.fact)
    age = _age(thing)
    condition = resources.FamilyCondition(
        code=values.concept(fact.what),
        outcome=thing.one(Detail.OUTCOME),
        onset_age=age,
        onset_string=None if age else values.text(fact.when.start),
    )
    return resources.FamilyMemberHistory(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="completed",
        patient=thing.subject,
        date=common.recorded(thing),
        relationship=thing.one(Detail.RELATIVE) or values.UNKNOWN,
        condition=() if said else (condition,),
        note=common.notes(said, fact.comment),
    )


def _said_of_a_relative(fact: Fact) -> str:
    """What is no disease that the relative has; "" for one."""
    name, value = values.named(fact.what), fact.value or Value()
    if fact.absent or value.truth is False:
        return f"Absent\u202f: {name}"
    amount = f"{value.quantity.value} {value.quantity.unit}".strip() if value.quantity else ""
    found = amount or values.named(value.concept) or values.worded(value) or ""
    return f"{name}\u202f: {found}" if found.strip() else ""
