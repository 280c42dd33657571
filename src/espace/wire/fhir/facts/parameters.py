"""What facts are searched by: the parameters of R4 (search parameters registry), each with the elements it looks at.

A parameter looks at what is told, so that what a search finds is what its reader sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from espace.wire.fhir.searching.parameters import Form, Kind, Parameter, Table

_OF_WHOM = (
    Parameter("patient", Kind.REFERENCE, "Patient/<id>", target="Patient", plain=True),
    Parameter("patient.identifier", Kind.TOKEN, "urn:oid:…|INS", plain=True, form=Form.INS),
)
OF_PROVENANCE = "Provenance:target"
_SOURCES = {"_revinclude": (OF_PROVENANCE,), "_include": (OF_PROVENANCE,)}
"""With the sources of what is found. R4 says `_revinclude`; who says `_include` means the same."""

Elements = tuple[str, ...]
Said = tuple[Parameter, Elements]


@dataclass(frozen=True, slots=True)
class Searched:
    """The table of a search, and the elements of the resource that each of its parameters looks at."""

    table: Table
    elements: Mapping[str, Elements]


def _of(kind: Kind, name: str, elements: str, **more: Any) -> Said:
    about = more.pop("about", ", ".join(map(_spelled, elements.split())))
    return Parameter(name, kind, about, **more), tuple(elements.split())


def _spelled(path: str) -> str:
    """The path of an element as R4 spells it: `protocolApplied.targetDisease`."""
    first, *others = path.removesuffix("_").split("_")
    return first + "".join(one[0].upper() + one[1:] for one in others)


def _token(name: str, elements: str, **more: Any) -> Said:
    return _of(Kind.TOKEN, name, elements, **more)


def _date(name: str, elements: str) -> Said:
    return _of(Kind.DATE, name, elements)


_EVERY: tuple[Said, ...] = (
    _token("_id", "id", about="the id of the resource", form=Form.ID),
    _of(Kind.DATE, "_lastUpdated", "meta.last_updated", about="when it came here, or last changed"),
    _token("_tag", "meta.tag", about="how it is known: extracted, stated, reimbursed"),
)


def _searched(resource: str, *said: Said, **includes: tuple[str, ...]) -> Searched:
    parameters = {one.name: one for one in _OF_WHOM} | {one.name: one for one, _ in (*_EVERY, *said)}
    elements = {one.name: looked_at for one, looked_at in (*_EVERY, *said)}
    dates = [one.name for one, _ in said if one.kind is Kind.DATE]
    table = Table(resource, parameters, ("_id", "_lastUpdated", *dates), {**_SOURCES, **includes})
    return Searched(table, elements)


_STATUS = _token("status", "status")
_MEDICINE = _token("code", "medication_codeable_concept", about="the medicine, its substances and its classes")

SEARCHES: Mapping[str, Searched] = {
    one.table.resource: one
    for one in (
        _searched(
            "AllergyIntolerance",
            _token("code", "code"),
            _token("clinical-status", "clinical_status"),
            _token("verification-status", "verification_status"),
            _token("type", "type"),
            _token("category", "category"),
            _token("criticality", "criticality"),
            _token("manifestation", "reaction.manifestation"),
            _date("date", "recorded_date"),
            _date("onset", "onset_date_time onset_period"),
        ),
        _searched(
            "Condition",
            _token("code", "code"),
            _token("category", "category"),
            _token("clinical-status", "clinical_status"),
            _token("verification-status", "verification_status"),
            _token("severity", "severity"),
            _token("body-site", "body_site"),
            _date("onset-date", "onset_date_time"),
            _date("abatement-date", "abatement_date_time"),
            _date("recorded-date", "recorded_date"),
        ),
        _searched(
            "MedicationStatement",
            _MEDICINE,
            _STATUS,
            _date("effective", "effective_date_time effective_period"),
        ),
        _searched(
            "MedicationRequest",
            _MEDICINE,
            _STATUS,
            _token("intent", "intent"),
            _date("authoredon", "authored_on"),
        ),
        _searched(
            "MedicationDispense",
            _MEDICINE,
            _STATUS,
            _date("whenhandedover", "when_handed_over"),
        ),
        _searched(
            "MedicationAdministration",
            _MEDICINE,
            _STATUS,
            _date("effective-time", "effective_date_time effective_period"),
        ),
        _searched(
            "Immunization",
            _token("vaccine-code", "vaccine_code"),
            _token("target-disease", "protocol_applied.target_disease"),
            _STATUS,
            _of(Kind.STRING, "lot-number", "lot_number"),
            _date("date", "occurrence_date_time"),
        ),
        _searched(
            "ImmunizationRecommendation",
            _token("vaccine-type", "recommendation.vaccine_code"),
            _token("target-disease", "recommendation.target_disease"),
            _token("status", "recommendation.forecast_status"),
            _date("date", "date"),
        ),
        _searched(
            "Observation",
            _token("code", "code"),
            _token("category", "category"),
            _STATUS,
            _token("value-concept", "value_codeable_concept"),
            _token("method", "method"),
            _date("date", "effective_date_time effective_period"),
        ),
        _searched(
            "DiagnosticReport",
            _token("code", "code"),
            _token("category", "category"),
            _STATUS,
            _token("identifier", "identifier"),
            _of(Kind.REFERENCE, "result", "result", target="Observation"),
            _date("date", "effective_date_time effective_period"),
            _date("issued", "issued"),
            _include=(OF_PROVENANCE, "DiagnosticReport:result"),
        ),
        _searched(
            "Procedure",
            _token("code", "code"),
            _token("category", "category"),
            _STATUS,
            _date("date", "performed_date_time performed_period"),
        ),
        _searched(
            "Encounter",
            _token("class", "class_"),
            _token("type", "type"),
            _STATUS,
            _date("date", "period"),
        ),
        _searched(
            "FamilyMemberHistory",
            _token("code", "condition.code"),
            _token("relationship", "relationship"),
            _STATUS,
            _date("date", "date"),
        ),
        _searched(
            "CarePlan",
            _token("category", "category"),
            _token("activity-code", "activity.detail.code"),
            _STATUS,
            _token("intent", "intent"),
            _date("date", "period"),
        ),
        _searched(
            "Consent",
            _token("category", "category"),
            _token("scope", "scope"),
            _STATUS,
            _of(Kind.REFERENCE, "source-reference", "source_reference", target="DocumentReference"),
            _date("date", "date_time"),
        ),
        _searched(
            "Device",
            _token("type", "type"),
            _STATUS,
            _of(Kind.STRING, "device-name", "device_name.name"),
            _of(Kind.STRING, "manufacturer", "manufacturer"),
        ),
        _searched(
            "Provenance",
            _of(Kind.REFERENCE, "target", "target", about="what it is the source of: Type/<id>"),
            _of(Kind.REFERENCE, "entity", "entity.what", target="DocumentReference"),
            _date("recorded", "recorded"),
            _include=(OF_PROVENANCE, "Provenance:entity"),
            _revinclude=(),
        ),
    )
}
"""By type of resource. What R4 has beside (performers, sites, encounters) is not searched by."""
