"""What a document says of each kind of fact, as R4 tells it."""

from typing import Any

from espace.clinical.facts import Fact
from exchange.facts import cases

Json = dict[str, Any]
SCT, TERMINOLOGY = "http://snomed.info/sct", "http://terminology.hl7.org/CodeSystem"
WHO = {"reference": "Patient/0198c2d4-0000-7000-8000-000000000001", "type": "Patient"}
ID = "00000000-0000-0000-0000-000000000001.0"
DOCUMENT = "DocumentReference/00000000-0000-0000-0000-000000000001"
META = {
    "lastUpdated": "2025-03-04T12:00:00+00:00",
    "tag": [{"system": "urn:espace:origin", "code": "extracted"}],
}
WRITTEN = "2025-03-04T10:00:00+00:00"
MG = {"value": 1000, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
MMOL = {"unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}
MICRO = {"unit": "µg/L", "system": "http://unitsofmeasure.org", "code": "ug/L"}
ORAL = {
    "coding": [{"system": "http://standardterms.edqm.eu", "code": "20053000", "display": "Voie orale"}],
    "text": "Voie orale",
}
ADR = {"system": f"{TERMINOLOGY}/consentscope", "code": "adr", "display": "Advanced Care Directive"}
ACD = {"system": f"{TERMINOLOGY}/consentcategorycodes", "code": "acd", "display": "Advance Directive"}


def code(system: str, value: str, display: str = "") -> Json:
    shown = {"display": display} if display else {}
    words = {"text": display} if display else {}
    return {"coding": [{"system": system, "code": value, **shown}], **words}


TOLD: dict[str, tuple[Fact, Json]] = {
    "AllergyIntolerance": (
        cases.PENICILLIN,
        {
            "identifier": [{"system": "urn:oid:1.2.250.1.999.5", "value": "ALL-1"}],
            "clinicalStatus": code(f"{TERMINOLOGY}/allergyintolerance-clinical", "active"),
            "verificationStatus": code(f"{TERMINOLOGY}/allergyintolerance-verification", "confirmed"),
            "type": "allergy",
            "category": ["medication"],
            "criticality": "high",
            "code": code(SCT, "373270004", "Pénicilline"),
            "patient": WHO,
            "onsetDateTime": "2019-05",
            "recordedDate": WRITTEN,
            "reaction": [{"manifestation": [code(SCT, "126485001", "Urticaire")], "severity": "severe"}],
            "note": [{"text": "Confirmée par un allergologue."}],
        },
    ),
    "Condition": (
        cases.DIABETES,
        {
            "clinicalStatus": code(f"{TERMINOLOGY}/condition-clinical", "active"),
            "category": [code(f"{TERMINOLOGY}/condition-category", "problem-list-item")],
            "severity": {"text": "modérée"},
            "code": code("http://hl7.org/fhir/sid/icd-10", "E11", "Diabète de type 2"),
            "bodySite": [{"text": "pancréas"}],
            "subject": WHO,
            "onsetDateTime": "2015",
            "recordedDate": WRITTEN,
        },
    ),
    "MedicationStatement": (
        cases.METFORMIN,
        {
            "status": "active",
            "medicationCodeableConcept": {
                "coding": [
                    {
                        "system": "urn:oid:1.2.250.1.213.2.3.2",
                        "code": "3400936000000",
                        "display": "METFORMINE 1000 MG CPR",
                    },
                    {"system": "http://www.whocc.no/atc", "code": "A10BA02", "display": "metformine"},
                ],
                "text": "METFORMINE 1000 MG CPR",
            },
            "subject": WHO,
            "effectivePeriod": {"start": "2024-01-01", "end": "2024-12-31"},
            "dateAsserted": WRITTEN,
            "derivedFrom": [{"reference": DOCUMENT}],
            "reasonCode": [{"text": "Diabète"}],
            "dosage": [
                {
                    "text": "1 cp matin et soir",
                    "additionalInstruction": [{"text": "2 par jour"}],
                    "timing": {"repeat": {"frequency": 1, "period": 12, "periodUnit": "h"}},
                    "route": ORAL,
                    "doseAndRate": [{"doseQuantity": MG}],
                }
            ],
        },
    ),
    "MedicationRequest": (
        cases.PRESCRIBED,
        {
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": "AMOXICILLINE 500 MG GÉL"},
            "subject": WHO,
            "authoredOn": WRITTEN,
            "dosageInstruction": [
                {
                    "text": "3 fois par jour",
                    "doseAndRate": [
                        {
                            "doseRange": {
                                "low": {"value": 1, "unit": "{gélule}"},
                                "high": {"value": 2, "unit": "{gélule}"},
                            }
                        }
                    ],
                }
            ],
            "dispenseRequest": {
                "validityPeriod": {"start": "2025-03-01", "end": "2025-03-08"},
                "numberOfRepeatsAllowed": 3,
                "quantity": {"value": 2, "unit": "{boîte}"},
            },
            "substitution": {"allowedCodeableConcept": {"text": "Non substituable"}},
        },
    ),
    "MedicationDispense": (
        cases.DELIVERED,
        {
            "status": "completed",
            "medicationCodeableConcept": {"text": "AMOXICILLINE 500 MG GÉL"},
            "subject": WHO,
            "performer": [{"actor": {"display": "Claire Roux"}}, {"actor": {"display": "Pharmacie du Port"}}],
            "quantity": {"value": 2, "unit": "boîtes"},
            "whenHandedOver": "2025-03-02T10:15:00+01:00",
        },
    ),
    "MedicationAdministration": (
        cases.GIVEN,
        {
            "status": "completed",
            "medicationCodeableConcept": {"text": "PARACÉTAMOL 1 G"},
            "subject": WHO,
            "effectiveDateTime": "2025-03-01T08:00:00+01:00",
            "dosage": {"text": "1 g", "route": ORAL, "dose": MG},
        },
    ),
    "Immunization": (
        cases.VACCINE,
        {
            "status": "completed",
            "vaccineCode": code("http://www.whocc.no/atc", "J07CA01", "REVAXIS"),
            "patient": WHO,
            "occurrenceDateTime": "2023-10-02",
            "recorded": WRITTEN,
            "manufacturer": {"display": "Sanofi"},
            "lotNumber": "AB123",
            "route": ORAL,
            "doseQuantity": {"value": 0.5, "unit": "mL", "system": "http://unitsofmeasure.org", "code": "mL"},
            "performer": [{"actor": {"display": "Jean Petit"}}],
            "protocolApplied": [
                {"targetDisease": [{"text": "Tétanos"}, {"text": "Diphtérie"}], "doseNumberPositiveInt": 3}
            ],
        },
    ),
    "ImmunizationRecommendation": (
        cases.ADVICE,
        {
            "patient": WHO,
            "date": WRITTEN,
            "recommendation": [
                {
                    "vaccineCode": [{"text": "Rappel dTP"}],
                    "targetDisease": {"text": "Tétanos"},
                    "forecastStatus": code(f"{TERMINOLOGY}/immunization-recommendation-status", "due"),
                    "dateCriterion": [
                        {
                            "code": {
                                "coding": [
                                    {"system": "http://loinc.org", "code": "30980-7", "display": "Date vaccine due"}
                                ]
                            },
                            "value": "2030",
                        }
                    ],
                }
            ],
        },
    ),
    "Observation": (
        cases.GLUCOSE,
        {
            "status": "final",
            "category": [code(f"{TERMINOLOGY}/observation-category", "laboratory"), {"text": "Biochimie"}],
            "code": {
                "coding": [
                    {"system": "http://loinc.org", "code": "14749-6", "display": "Glycémie à jeun"},
                    {"system": "urn:oid:1.2.250.1.999.7", "code": "GLUC", "display": "Glycémie"},
                ],
                "text": "Glycémie à jeun",
            },
            "subject": WHO,
            "effectiveDateTime": "2025-03-01T07:30:00+01:00",
            "valueQuantity": {"value": 5.1, **MMOL},
            "interpretation": [code(f"{TERMINOLOGY}/v3-ObservationInterpretation", "N")],
            "method": {"text": "Hexokinase"},
            "specimen": {"display": "Plasma"},
            "referenceRange": [{"low": {"value": 4.1, **MMOL}, "high": {"value": 6.1, **MMOL}, "text": "à jeun"}],
            "derivedFrom": [{"reference": DOCUMENT}],
        },
    ),
    "Procedure": (
        cases.SURGERY,
        {
            "status": "completed",
            "code": code("urn:oid:1.2.250.1.213.2.5", "HHFA016", "Appendicectomie"),
            "subject": WHO,
            "performedDateTime": "2001",
            "bodySite": [{"text": "abdomen"}, {"text": "droite"}],
        },
    ),
    "Encounter": (
        cases.STAY,
        {
            "status": "finished",
            "class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "IMP"},
            "type": [code(f"{TERMINOLOGY}/v3-ActCode", "IMP", "Hospitalisation complète")],
            "subject": WHO,
            "period": {"start": "2024-01-01", "end": "2024-01-05"},
            "serviceProvider": {"display": "Hôpital"},
        },
    ),
    "FamilyMemberHistory": (
        cases.FATHER,
        {
            "status": "completed",
            "patient": WHO,
            "date": WRITTEN,
            "relationship": code(f"{TERMINOLOGY}/v3-RoleCode", "FTH", "père"),
            "condition": [{"code": {"text": "Infarctus"}, "onsetString": "1999"}],
        },
    ),
    "CarePlan": (
        cases.PLAN,
        {
            "status": "active",
            "intent": "plan",
            "title": "Contrôle HbA1c",
            "subject": WHO,
            "period": {"start": "2025-06"},
            "created": WRITTEN,
            "activity": [
                {
                    "detail": {
                        "code": {"text": "Contrôle HbA1c"},
                        "status": "scheduled",
                        "scheduledPeriod": {"start": "2025-06"},
                    }
                }
            ],
        },
    ),
    "Consent": (
        cases.DIRECTIVE,
        {
            "extension": [{"url": "urn:espace:extension:wish", "valueString": "non\nPas d’acharnement."}],
            "identifier": [{"system": "urn:oid:1.2.250.1.999.6", "value": "DA-1"}],
            "status": "active",
            "scope": {"coding": [ADR]},
            "category": [
                {"coding": [ACD]},
                {
                    "coding": [{"system": "http://loinc.org", "code": "75779-9", "display": "Réanimation"}],
                    "text": "Réanimation",
                },
            ],
            "patient": WHO,
            "dateTime": "2024-05",
            "sourceReference": {"reference": DOCUMENT},
            "policyRule": code(f"{TERMINOLOGY}/data-absent-reason", "unknown"),
        },
    ),
    "Device": (
        cases.PACEMAKER,
        {
            "extension": [{"url": "urn:espace:extension:worn", "valuePeriod": {"start": "2018-04-03"}}],
            "identifier": [{"system": "urn:oid:2.16.840.1.113883.3.3719", "value": "(01)0123"}],
            "status": "active",
            "manufacturer": "Medtronic",
            "lotNumber": "L9",
            "deviceName": [{"name": "Stimulateur cardiaque", "type": "user-friendly-name"}],
            "type": {"text": "Stimulateur cardiaque"},
            "patient": WHO,
        },
    ),
}
