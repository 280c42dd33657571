"""What `_summary` leaves of a resource (R4, search.html#summary; the elements marked Σ in each definition)."""

from collections.abc import Mapping

import msgspec

from espace.wire.fhir.answers.documents import SUBSETTED
from espace.wire.fhir.resources import Meta, Resource
from espace.wire.fhir.searching import Summary


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "AllergyIntolerance": _names("onset_date_time onset_period recorded_date reaction note"),
    "Condition": _names("severity abatement_date_time note"),
    "MedicationStatement": _names("information_source derived_from reason_code dosage note"),
    "MedicationRequest": _names("reason_code dosage_instruction dispense_request substitution note"),
    "MedicationDispense": _names("performer quantity when_handed_over dosage_instruction note"),
    "MedicationAdministration": _names("reason_code dosage note"),
    "Immunization": _names(
        "recorded report_origin manufacturer lot_number site route dose_quantity reason_code protocol_applied note"
    ),
    "Observation": _names("data_absent_reason interpretation note body_site method specimen reference_range"),
    "DiagnosticReport": _names("performer result conclusion presented_form"),
    "Procedure": _names("note"),
    "Encounter": _names("reason_code service_provider"),
    "FamilyMemberHistory": _names("condition note"),
    "CarePlan": _names("activity note created author"),
    "Consent": _names("performer"),
    "Device": _names("manufacturer lot_number device_name note"),
    "Provenance": _names("entity"),
}
"""Elements without Σ, by type."""

_MANDATORY = _names(
    "id status intent clinical_status code subject patient medication_codeable_concept vaccine_code"
    " occurrence_date_time occurrence_string effective_date_time effective_period date recommendation relationship"
    " class_ target recorded agent scope policy_rule"
)
"""What some definition makes mandatory, or a rule of its own."""
_MANDATORY_OF: Mapping[str, frozenset[str]] = {"Consent": _names("category")}
"""What is mandatory there, and elsewhere is not."""


def shortened(told: Resource, summary: Summary) -> Resource:
    """Marked as a part wherever something is left out."""
    if summary not in (Summary.TRUE, Summary.TEXT):
        return told
    name = type(told).__name__
    out = _LEFT_OUT.get(name, frozenset())
    if summary is Summary.TEXT:
        out = frozenset(told.__struct_fields__) - _MANDATORY - _MANDATORY_OF.get(name, frozenset())
    defaults = dict(zip(told.__struct_fields__, _defaults(type(told)), strict=True))
    meta = msgspec.structs.replace(told.meta or Meta(), tag=(*(told.meta.tag if told.meta else ()), SUBSETTED))
    return msgspec.structs.replace(told, **{name: defaults[name] for name in out} | {"meta": meta})


def _defaults(kind: type[Resource]) -> list[object]:
    return [one.default for one in msgspec.structs.fields(kind)]
