"""Vaccinations, and what documents advise of them, as R4 tells them (Immunization, ImmunizationRecommendation)."""

from collections.abc import Mapping

from espace.clinical.facts import Detail, Origin, State
from espace.exchange.fhir.facts import common
from espace.exchange.fhir.facts.common import Thing
from espace.wire.fhir.facts import resources, values
from espace.wire.fhir.resources import Reference

_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_STATUS: Mapping[State, str] = {
    State.ACTIVE: "completed",
    State.OVER: "completed",
    State.UNKNOWN: "completed",
    State.STOPPED: "not-done",
    State.PLANNED: "not-done",
}
_UNKNOWN = "unknown"
_RECALL = values.known(f"{_TERMINOLOGY}/immunization-origin", "recall")


def immunization(thing: Thing) -> resources.Immunization:
    """R4 wants a moment, and a dose number wherever it has a protocol. What the patient states is from memory."""
    fact, stated = thing.fact, thing.item.sources[0].origin is Origin.STATED
    at = values.moment(fact.when.start) or values.moment(fact.when.end)
    return resources.Immunization(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        status="not-done" if fact.absent else _STATUS[fact.state],
        vaccine_code=common.medication(fact),
        patient=thing.subject,
        occurrence_date_time=at,
        occurrence_string=None if at else _UNKNOWN,
        recorded=common.recorded(thing),
        primary_source=False if stated else None,
        report_origin=_RECALL if stated else None,
        manufacturer=Reference(display=fact.maker) if fact.maker.strip() else None,
        lot_number=values.text(fact.lot),
        site=thing.one(Detail.SITE),
        route=values.concept(fact.dosage.route) if fact.dosage and fact.dosage.route else None,
        dose_quantity=values.amount(fact.dosage.dose) if fact.dosage else None,
        performer=common.performers(thing),
        reason_code=thing.concepts(Detail.INDICATION),
        protocol_applied=_protocol(thing),
        note=common.notes(fact.comment),
    )


def _protocol(thing: Thing) -> tuple[resources.ProtocolApplied, ...]:
    targets = thing.concepts(Detail.TARGET)
    said = next((one.code or one.words or one.display for one in thing.said(Detail.DOSE_NUMBER)), "")
    if not (targets or said.strip()):
        return ()
    number = common.positive(said)
    words = None if number else values.text(said) or _UNKNOWN
    return (
        resources.ProtocolApplied(
            target_disease=targets,
            dose_number_positive_int=number,
            dose_number_string=words,
        ),
    )


def advice(thing: Thing) -> resources.ImmunizationRecommendation:
    """What a document advises: to be done, or, said not to be, against (« contraindicated »)."""
    fact = thing.fact
    at = values.moment(fact.when.start) or values.moment(fact.when.end)
    criterion = resources.DateCriterion(code=values.known("http://loinc.org", "30980-7", "Date vaccine due"), value=at)
    status = "contraindicated" if fact.absent else "due"
    return resources.ImmunizationRecommendation(
        id=thing.id,
        meta=common.meta(thing),
        extension=common.extensions(thing),
        identifier=common.identifiers(fact),
        patient=thing.subject,
        date=common.recorded(thing),
        recommendation=(
            resources.Recommendation(
                vaccine_code=(values.concept(fact.what),),
                target_disease=thing.one(Detail.TARGET),
                forecast_status=values.known(f"{_TERMINOLOGY}/immunization-recommendation-status", status),
                forecast_reason=thing.concepts(Detail.INDICATION),
                date_criterion=(criterion,) if at else (),
                description=values.text(fact.comment),
            ),
        ),
    )
