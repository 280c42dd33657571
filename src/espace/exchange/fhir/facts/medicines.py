"""Medicines, taken, prescribed, delivered and given, as R4 tells them."""

from collections.abc import Mapping

from espace.clinical.facts import Detail, Fact, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.facts.elements import UNKNOWN
from espace.wire.fhir.resources import Period

_TAKEN: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "completed",
    State.STOPPED: "stopped",
    State.PLANNED: "intended",
    State.UNKNOWN: "unknown",
}
_PRESCRIBED: Mapping[State, str] = {
    State.ACTIVE: "active",
    State.OVER: "completed",
    State.STOPPED: "stopped",
    State.PLANNED: "active",
    State.UNKNOWN: "unknown",
}
_DELIVERED: Mapping[State, str] = {
    State.ACTIVE: "completed",
    State.OVER: "completed",
    State.STOPPED: "stopped",
    State.PLANNED: "preparation",
    State.UNKNOWN: "unknown",
}
_GIVEN: Mapping[State, str] = {
    State.ACTIVE: "in-progress",
    State.OVER: "completed",
    State.STOPPED: "stopped",
    State.PLANNED: "unknown",
    State.UNKNOWN: "unknown",
}


def _done(fact: Fact, words: Mapping[State, str]) -> str:
    """What was delivered or given on a day was, were nothing more said of it."""
    return "completed" if fact.state is State.UNKNOWN and fact.when.start else words[fact.state]


def statement(thing: Thing) -> resources.MedicationStatement:
    fact = thing.fact
    status = "not-taken" if common.refuted(fact) else "unknown" if common.denied(fact) else _TAKEN[fact.state]
    still = bool(fact.when.start) and not fact.when.end  # since then: no single moment
    return resources.MedicationStatement(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status=status,
        medication_codeable_concept=common.medication(fact),
        subject=thing.subject,
        effective_date_time=None if still else values.single(fact.when),
        effective_period=values.whole(fact.when) if still else values.period(fact.when),
        date_asserted=common.recorded(thing),
        information_source=common.asserter(thing),
        derived_from=common.derived(thing),
        reason_code=thing.concepts(Detail.INDICATION),
        dosage=common.dosages(fact.dosage),
        note=common.notes(fact.comment),
    )


def request(thing: Thing) -> resources.MedicationRequest:
    fact = thing.fact
    dispensed = resources.DispenseRequest(
        validity_period=values.period(fact.when),
        number_of_repeats_allowed=common.positive(fact.repeats),
        quantity=values.quantity(fact.quantity),
    )
    substitution = thing.one(Detail.SUBSTITUTION)
    return resources.MedicationRequest(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status=_PRESCRIBED[fact.state],
        intent="order",
        do_not_perform=fact.absent or None,
        medication_codeable_concept=common.medication(fact),
        subject=thing.subject,
        authored_on=common.recorded(thing),
        requester=common.asserter(thing),
        reason_code=thing.concepts(Detail.INDICATION),
        dosage_instruction=common.dosages(fact.dosage),
        dispense_request=dispensed if dispensed != resources.DispenseRequest() else None,
        substitution=resources.Substitution(allowed_codeable_concept=substitution) if substitution else None,
        note=common.notes(fact.comment),
    )


def dispense(thing: Thing) -> resources.MedicationDispense:
    fact = thing.fact
    return resources.MedicationDispense(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="declined" if fact.absent else _done(fact, _DELIVERED),
        medication_codeable_concept=common.medication(fact),
        subject=thing.subject,
        performer=common.performers(thing),
        quantity=values.quantity(fact.quantity),
        when_handed_over=values.moment(fact.when.start),
        dosage_instruction=common.dosages(fact.dosage),
        note=common.notes(fact.comment),
    )


def administration(thing: Thing) -> resources.MedicationAdministration:
    """R4 wants a moment, and a dose wherever it has a dosage (mad-1): one in words alone is a note."""
    fact = thing.fact
    dose = values.amount(fact.dosage.dose) if fact.dosage else None
    words = fact.dosage.words if fact.dosage else ""
    at, during = values.single(fact.when), values.period(fact.when)
    route = values.concept(fact.dosage.route) if fact.dosage and fact.dosage.route else None
    given = resources.AdministrationDosage(text=values.text(words), route=route, dose=dose) if dose else None
    return resources.MedicationAdministration(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="not-done" if fact.absent else _done(fact, _GIVEN),
        medication_codeable_concept=common.medication(fact),
        subject=thing.subject,
        effective_date_time=at,
        effective_period=during if at or during else Period(extension=UNKNOWN),
        performer=common.performers(thing),
        reason_code=thing.concepts(Detail.INDICATION),
        dosage=given,
        note=common.notes(fact.comment, "" if dose else words),
    )
