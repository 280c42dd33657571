"""The resources of R4 that tell what is known of somebody's health; of each, the elements that documents can fill."""

from msgspec import field

from espace.wire.fhir import resources
from espace.wire.fhir.facts.elements import Dosage, Performer, Quantity, Range
from espace.wire.fhir.resources import (
    Annotation,
    Attachment,
    CodeableConcept,
    Coding,
    Element,
    Identifier,
    Period,
    Reference,
    Resource,
)


class Stated(Resource, frozen=True, kw_only=True):
    """What is told of the patient by some document."""

    identifier: tuple[Identifier, ...] = ()
    note: tuple[Annotation, ...] = ()


class Reaction(Element, frozen=True, kw_only=True):
    manifestation: tuple[CodeableConcept, ...] = ()
    severity: str | None = None


class AllergyIntolerance(Stated, frozen=True, kw_only=True, tag="AllergyIntolerance"):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    type: str | None = None
    category: tuple[str, ...] = ()
    criticality: str | None = None
    code: CodeableConcept | None = None
    patient: Reference | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None
    asserter: Reference | None = None
    reaction: tuple[Reaction, ...] = ()


class Condition(Stated, frozen=True, kw_only=True, tag="Condition"):
    clinical_status: CodeableConcept | None = None
    verification_status: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    severity: CodeableConcept | None = None
    code: CodeableConcept | None = None
    body_site: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    onset_date_time: str | None = None
    onset_age: Quantity | None = None
    abatement_date_time: str | None = None
    recorded_date: str | None = None
    asserter: Reference | None = None


class MedicationStatement(Stated, frozen=True, kw_only=True, tag="MedicationStatement"):
    status: str | None = None
    medication_codeable_concept: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None
    information_source: Reference | None = None
    derived_from: tuple[Reference, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    dosage: tuple[Dosage, ...] = ()


class DispenseRequest(Element, frozen=True, kw_only=True):
    validity_period: Period | None = None
    number_of_repeats_allowed: int | None = None
    quantity: Quantity | None = None


class Substitution(Element, frozen=True, kw_only=True):
    allowed_codeable_concept: CodeableConcept | None = None


class MedicationRequest(Stated, frozen=True, kw_only=True, tag="MedicationRequest"):
    status: str | None = None
    intent: str | None = None
    do_not_perform: bool | None = None
    medication_codeable_concept: CodeableConcept | None = None
    subject: Reference | None = None
    authored_on: str | None = None
    requester: Reference | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    dosage_instruction: tuple[Dosage, ...] = ()
    dispense_request: DispenseRequest | None = None
    substitution: Substitution | None = None


class MedicationDispense(Stated, frozen=True, kw_only=True, tag="MedicationDispense"):
    status: str | None = None
    medication_codeable_concept: CodeableConcept | None = None
    subject: Reference | None = None
    performer: tuple[Performer, ...] = ()
    quantity: Quantity | None = None
    when_handed_over: str | None = None
    dosage_instruction: tuple[Dosage, ...] = ()


class AdministrationDosage(Element, frozen=True, kw_only=True):
    text: str | None = None
    route: CodeableConcept | None = None
    dose: Quantity | None = None


class MedicationAdministration(Stated, frozen=True, kw_only=True, tag="MedicationAdministration"):
    status: str | None = None
    medication_codeable_concept: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    performer: tuple[Performer, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    dosage: AdministrationDosage | None = None


class ProtocolApplied(Element, frozen=True, kw_only=True):
    target_disease: tuple[CodeableConcept, ...] = ()
    dose_number_positive_int: int | None = None
    dose_number_string: str | None = None


class Immunization(Stated, frozen=True, kw_only=True, tag="Immunization"):
    status: str | None = None
    vaccine_code: CodeableConcept | None = None
    patient: Reference | None = None
    occurrence_date_time: str | None = None
    occurrence_string: str | None = None
    recorded: str | None = None
    primary_source: bool | None = None
    report_origin: CodeableConcept | None = None
    manufacturer: Reference | None = None
    lot_number: str | None = None
    site: CodeableConcept | None = None
    route: CodeableConcept | None = None
    dose_quantity: Quantity | None = None
    performer: tuple[Performer, ...] = ()
    reason_code: tuple[CodeableConcept, ...] = ()
    protocol_applied: tuple[ProtocolApplied, ...] = ()


class DateCriterion(Element, frozen=True, kw_only=True):
    code: CodeableConcept | None = None
    value: str | None = None


class Recommendation(Element, frozen=True, kw_only=True):
    vaccine_code: tuple[CodeableConcept, ...] = ()
    target_disease: CodeableConcept | None = None
    forecast_status: CodeableConcept | None = None
    forecast_reason: tuple[CodeableConcept, ...] = ()
    date_criterion: tuple[DateCriterion, ...] = ()
    description: str | None = None
    series: str | None = None
    dose_number_positive_int: int | None = None
    series_doses_positive_int: int | None = None


class ImmunizationRecommendation(Resource, frozen=True, kw_only=True, tag="ImmunizationRecommendation"):
    identifier: tuple[Identifier, ...] = ()
    patient: Reference | None = None
    date: str | None = None
    authority: Reference | None = None
    recommendation: tuple[Recommendation, ...] = ()


class ReferenceRange(Element, frozen=True, kw_only=True):
    low: Quantity | None = None
    high: Quantity | None = None
    text: str | None = None


class Observation(Stated, frozen=True, kw_only=True, tag="Observation"):
    status: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    focus: tuple[Reference, ...] = ()
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    performer: tuple[Reference, ...] = ()
    value_quantity: Quantity | None = None
    value_codeable_concept: CodeableConcept | None = None
    value_string: str | None = None
    value_boolean: bool | None = None
    value_date_time: str | None = None
    value_range: Range | None = None
    data_absent_reason: CodeableConcept | None = None
    interpretation: tuple[CodeableConcept, ...] = ()
    body_site: CodeableConcept | None = None
    method: CodeableConcept | None = None
    specimen: Reference | None = None
    device: Reference | None = None
    reference_range: tuple[ReferenceRange, ...] = ()
    derived_from: tuple[Reference, ...] = ()


class DiagnosticReport(Resource, frozen=True, kw_only=True, tag="DiagnosticReport"):
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    effective_period: Period | None = None
    issued: str | None = None
    performer: tuple[Reference, ...] = ()
    result: tuple[Reference, ...] = ()
    conclusion: str | None = None
    presented_form: tuple[Attachment, ...] = ()


class Procedure(Stated, frozen=True, kw_only=True, tag="Procedure"):
    status: str | None = None
    category: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    performed_date_time: str | None = None
    performed_period: Period | None = None
    asserter: Reference | None = None
    performer: tuple[Performer, ...] = ()
    location: Reference | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    body_site: tuple[CodeableConcept, ...] = ()
    outcome: CodeableConcept | None = None


class Encounter(Resource, frozen=True, kw_only=True, tag="Encounter"):
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    class_: Coding | None = field(name="class", default=None)
    type: tuple[CodeableConcept, ...] = ()
    subject: Reference | None = None
    period: Period | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    service_provider: Reference | None = None


class FamilyCondition(Element, frozen=True, kw_only=True):
    code: CodeableConcept | None = None
    outcome: CodeableConcept | None = None
    onset_age: Quantity | None = None
    onset_string: str | None = None
    note: tuple[Annotation, ...] = ()


class FamilyMemberHistory(Stated, frozen=True, kw_only=True, tag="FamilyMemberHistory"):
    status: str | None = None
    patient: Reference | None = None
    date: str | None = None
    relationship: CodeableConcept | None = None
    condition: tuple[FamilyCondition, ...] = ()


class Detail(Element, frozen=True, kw_only=True):
    """CarePlan.activity.detail."""

    code: CodeableConcept | None = None
    reason_code: tuple[CodeableConcept, ...] = ()
    status: str | None = None
    do_not_perform: bool | None = None
    scheduled_period: Period | None = None


class Activity(Element, frozen=True, kw_only=True):
    detail: Detail | None = None


class CarePlan(Stated, frozen=True, kw_only=True, tag="CarePlan"):
    status: str | None = None
    intent: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    title: str | None = None
    subject: Reference | None = None
    period: Period | None = None
    created: str | None = None
    author: Reference | None = None
    activity: tuple[Activity, ...] = ()


class Consent(Resource, frozen=True, kw_only=True, tag="Consent"):
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    scope: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    patient: Reference | None = None
    date_time: str | None = None
    performer: tuple[Reference, ...] = ()
    source_attachment: Attachment | None = None
    source_reference: Reference | None = None
    policy_rule: CodeableConcept | None = None


class Device(resources.Device, frozen=True, kw_only=True, tag="Device"):
    status: str | None = None
    manufacturer: str | None = None
    lot_number: str | None = None
    type: CodeableConcept | None = None
    patient: Reference | None = None
    note: tuple[Annotation, ...] = ()


class Agent(Element, frozen=True, kw_only=True):
    type: CodeableConcept | None = None
    who: Reference | None = None


class Entity(Element, frozen=True, kw_only=True):
    role: str | None = None
    what: Reference | None = None
    agent: tuple[Agent, ...] = ()


class Provenance(Resource, frozen=True, kw_only=True, tag="Provenance"):
    target: tuple[Reference, ...] = ()
    recorded: str | None = None
    agent: tuple[Agent, ...] = ()
    entity: tuple[Entity, ...] = ()
