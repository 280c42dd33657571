"""Facts of every kind, as sparse and as full as documents make them."""

from datetime import date
from uuid import UUID

from clinical.said import ATC, LOINC, fact, said, stated
from espace.clinical.facts import Detail, Dosage, Fact, Kind, Origin, Place, Sourced, State
from espace.exchange.fhir.facts.forecast import Life
from espace.exchange.fhir.facts.telling import Whose
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, ReferenceRange, Value
from espace.wire.fhir.resources import Reference
from espace.wire.xds import Coded

PATIENT = UUID("0198c2d4-0000-7000-8000-000000000001")
SUBJECT = Reference(reference=f"Patient/{PATIENT}", type="Patient")
WHOSE = Whose(PATIENT, SUBJECT, "https://espace.example/fhir")
BORN = replace(WHOSE, life=Life(date(2024, 11, 1), "F", date(2026, 11, 23)))
"""A girl of two, on a day."""
ACT, EDQM, INTERPRETATION = "2.16.840.1.113883.5.4", "0.4.0.127.0.16.1.1.2.1", "2.16.840.1.113883.5.83"
ORAL = Concept("20053000", EDQM, "Voie orale")


def one(code: str, system: str = "", display: str = "") -> tuple[Concept, ...]:
    return (Concept(code, system, display),)


def mg(value: str) -> Interval:
    amount = Quantity(value, "mg")
    return Interval(amount, amount)


PENICILLIN = fact(
    Kind.ALLERGY,
    "Pénicilline",
    code="373270004",
    system="2.16.840.1.113883.6.96",
    start="2019-05",
    state=State.ACTIVE,
    comment="Confirmée par un allergologue.",
    identifiers=("1.2.250.1.999.5^ALL-1",),
    details={
        Detail.CATEGORY: one("DALG", ACT),
        Detail.REACTION: one("126485001", "2.16.840.1.113883.6.96", "Urticaire"),
        Detail.SEVERITY: one("H"),
        Detail.CRITICALITY: one("CRITH"),
        Detail.CERTAINTY: one("confirmed"),
    },
)
NO_ALLERGY = fact(
    Kind.ALLERGY, "Pas d’allergie connue", code="no-known-allergies", system="2.16.840.1.113883.5.1150.1", absent=True
)
NOT_ALLERGIC = fact(Kind.ALLERGY, "Iode", absent=True)
DIABETES = fact(
    Kind.PROBLEM,
    "Diabète de type 2",
    code="E11",
    system="2.16.840.1.113883.6.3",
    start="2015",
    state=State.ACTIVE,
    details={Detail.SEVERITY: (Concept(words="modérée"),), Detail.SITE: (Concept(words="pancréas"),)},
)
DIABETES = replace(DIABETES, place=Place("11450-4", "Problèmes actifs", "s2", 0))
OVER = fact(Kind.PROBLEM, "Pneumonie", start="2020-01-05", end="2020-02", state=State.OVER)
DENIED = fact(Kind.PROBLEM, "Asthme", absent=True)
METFORMIN = fact(
    Kind.TREATMENT,
    "METFORMINE 1000 MG CPR",
    code="3400936000000",
    system="1.2.250.1.213.2.3.2",
    start="2024-01-01",
    end="2024-12-31",
    state=State.ACTIVE,
    dosage=Dosage("1 cp matin et soir", mg("1000"), Quantity("12", "h"), ORAL, "2 par jour"),
    details={Detail.SUBSTANCE: one("A10BA02", ATC, "metformine"), Detail.INDICATION: (Concept(words="Diabète"),)},
)
NOT_TAKEN = fact(Kind.TREATMENT, "Aspirine", absent=True)
NO_MEDICINE = fact(
    Kind.TREATMENT, "Aucun traitement", code="no-known-medications", system="2.16.840.1.113883.5.1150.1", absent=True
)
PRESCRIBED = fact(
    Kind.PRESCRIPTION,
    "AMOXICILLINE 500 MG GÉL",
    start="2025-03-01",
    end="2025-03-08",
    state=State.ACTIVE,
    dosage=Dosage("3 fois par jour", Interval(Quantity("1", "{gélule}"), Quantity("2", "{gélule}"))),
    quantity=Quantity("2", "{boîte}"),
    repeats="3",
    details={Detail.SUBSTITUTION: (Concept(words="Non substituable"),)},
)
DELIVERED = fact(
    Kind.DISPENSATION,
    "AMOXICILLINE 500 MG GÉL",
    start="2025-03-02T10:15:00+01:00",
    end="2025-03-02T10:15:00+01:00",
    state=State.OVER,
    quantity=Quantity("2", "boîtes"),
    author="Claire Roux",
    place_name="Pharmacie du Port",
)
GIVEN = fact(
    Kind.ADMINISTRATION, "PARACÉTAMOL 1 G", start="2025-03-01T08:00+01:00", end="2025-03-01T08:00+01:00",
    state=State.OVER, dosage=Dosage("1 g", mg("1000"), None, ORAL),
)  # fmt: skip
GIVEN_ONCE = fact(Kind.ADMINISTRATION, "Oxygène", dosage=Dosage("à la demande"))
VACCINE = fact(
    Kind.VACCINATION,
    "REVAXIS",
    code="J07CA01",
    system=ATC,
    start="2023-10-02",
    end="2023-10-02",
    state=State.OVER,
    lot="AB123",
    maker="Sanofi",
    author="Jean Petit",
    dosage=Dosage(dose=Interval(Quantity("0.5", "mL"), Quantity("0.5", "mL")), route=ORAL),
    details={Detail.TARGET: (Concept(words="Tétanos"), Concept(words="Diphtérie")), Detail.DOSE_NUMBER: one("3")},
)
REFUSED_VACCINE = fact(
    Kind.VACCINATION, "Grippe", absent=True, details={Detail.DOSE_NUMBER: (Concept(words="rappel"),)}
)
UNDATED_VACCINE = fact(Kind.VACCINATION, "BCG", details={Detail.TARGET: (Concept(words="Tuberculose"),)})
ADVICE = fact(Kind.ADVICE, "Rappel dTP", start="2030", end="2030", details={Detail.TARGET: (Concept(words="Tétanos"),)})
GLUCOSE = fact(
    Kind.RESULT,
    "Glycémie à jeun",
    code="14749-6",
    system=LOINC,
    start="2025-03-01T07:30:00+01:00",
    end="2025-03-01T07:30:00+01:00",
    state=State.OVER,
    value=Value(quantity=Quantity("5.10", "mmol/L")),
    interpretations=("N",),
    ranges=(ReferenceRange(Value(interval=Interval(Quantity("4.1", "mmol/L"), Quantity("6.1", "mmol/L"))), "à jeun"),),
    group="Biochimie",
    details={Detail.SPECIMEN: (Concept(words="Plasma"),), Detail.METHOD: (Concept(words="Hexokinase"),)},
)
GLUCOSE = replace(GLUCOSE, what=replace(GLUCOSE.what, others=(Coded("GLUC", "1.2.250.1.999.7", "Glycémie"),)))
BELOW = fact(
    Kind.RESULT,
    "Troponine",
    value=Value(interval=Interval(None, Quantity("0,01".replace(",", "."), "µg/L"), True, False)),
)
BETWEEN = fact(Kind.RESULT, "Leucocytes", value=Value(interval=Interval(Quantity("1", "G/L"), Quantity("5", "G/L"))))
POSITIVE = fact(Kind.RESULT, "Antigène", value=Value(concept=Concept("10828004", "2.16.840.1.113883.6.96", "Positif")))
WORDED = fact(Kind.RESULT, "Culture", value=Value(words="Flore variée"), interpretations=("??",))
NO_NUMBER = fact(Kind.RESULT, "Potassium", value=Value(quantity=Quantity("hémolysé", "mmol/L")))
SILENT = fact(Kind.MEASURE, "Température")
ASSERTED = fact(Kind.LIFESTYLE, "Vit seule")
ABSENT_SIGN = fact(Kind.EXAM, "Fièvre", absent=True)
TRUE = fact(Kind.LIFESTYLE, "Fumeur", value=Value(truth=True))
WEIGHT = fact(
    Kind.MEASURE, "Poids", code="29463-7", system=LOINC, start="2025-03-01", value=Value(quantity=Quantity("72", "kg"))
)
PREGNANT = fact(Kind.PREGNANCY, "Grossesse", start="2025", end="2025-09", value=Value(concept=Concept(words="Oui")))
SURGERY = fact(
    Kind.PROCEDURE, "Appendicectomie", code="HHFA016", system="1.2.250.1.213.2.5", start="2001", end="2001",
    state=State.OVER, details={Detail.SITE: (Concept(words="abdomen"),), Detail.LATERALITY: (Concept(words="droite"),)},
)  # fmt: skip
STAY = fact(
    Kind.STAY,
    "Hospitalisation complète",
    code="IMP",
    system=ACT,
    start="2024-01-01",
    end="2024-01-05",
    state=State.OVER,
    place_name="Hôpital",
)
OTHER_STAY = fact(Kind.STAY, "Passage aux urgences")
FATHER = fact(
    Kind.FAMILY, "Infarctus", start="1999", details={Detail.RELATIVE: one("FTH", "2.16.840.1.113883.5.111", "père")}
)
NO_FAMILY = fact(Kind.FAMILY, "Cancer du sein", absent=True)
PLAN = fact(Kind.PLAN, "Contrôle HbA1c", start="2025-06", state=State.PLANNED)
PACEMAKER = fact(
    Kind.DEVICE,
    "Stimulateur cardiaque",
    start="2018-04-03",
    state=State.ACTIVE,
    lot="L9",
    maker="Medtronic",
    identifiers=("2.16.840.1.113883.3.3719^(01)0123",),
)
DIRECTIVE = fact(
    Kind.DIRECTIVE,
    "Réanimation",
    code="75779-9",
    system=LOINC,
    start="2024-05",
    value=Value(truth=False),
    comment="Pas d’acharnement.",
    identifiers=("1.2.250.1.999.6^DA-1",),
)
CONCLUSION = fact(Kind.CONCLUSION, "Conclusion", comment="Pas d’anomalie.")

EVERY: dict[str, tuple[Fact, ...]] = {
    "AllergyIntolerance": (PENICILLIN, NO_ALLERGY, NOT_ALLERGIC),
    "Condition": (DIABETES, OVER, DENIED),
    "MedicationStatement": (METFORMIN, NOT_TAKEN, NO_MEDICINE),
    "MedicationRequest": (PRESCRIBED, fact(Kind.PRESCRIPTION, "Rien", absent=True)),
    "MedicationDispense": (DELIVERED, fact(Kind.DISPENSATION, "Rien", absent=True)),
    "MedicationAdministration": (GIVEN, GIVEN_ONCE),
    "Immunization": (VACCINE, REFUSED_VACCINE, UNDATED_VACCINE),
    "ImmunizationRecommendation": (ADVICE, fact(Kind.ADVICE, "Rougeole", absent=True)),
    "Observation": (GLUCOSE, BELOW, BETWEEN, POSITIVE, WORDED, NO_NUMBER, SILENT, ABSENT_SIGN, TRUE, WEIGHT, PREGNANT),
    "DiagnosticReport": (GLUCOSE, CONCLUSION),
    "Procedure": (SURGERY, fact(Kind.PROCEDURE, "IRM", absent=True)),
    "Encounter": (STAY, OTHER_STAY),
    "FamilyMemberHistory": (FATHER, NO_FAMILY),
    "CarePlan": (PLAN, fact(Kind.PLAN, "Repos", absent=True)),
    "Consent": (
        DIRECTIVE,
        fact(Kind.DIRECTIVE, "Directives anticipées", absent=True),
        fact(Kind.DIRECTIVE, "Lieu souhaité", place_name="EHPAD du Port", state=State.STOPPED),
        fact(Kind.DIRECTIVE, "Don", value=Value(concept=Concept(words="Oui")), state=State.PLANNED),
    ),
    "Device": (PACEMAKER, fact(Kind.DEVICE, "Lunettes", absent=True)),
}


def sourced(facts: tuple[Fact, ...]) -> list[Sourced]:
    """Each in a document of its own, and the first of them stated by the patient too."""
    found = [said(replace(one, place=replace(one.place, order=n)), n + 1) for n, one in enumerate(facts)]
    mine = replace(facts[0], place=Place("", "", "", 0), what=replace(facts[0].what, code="", display="Autre"))
    return [*found, stated(mine), said(replace(mine, what=Concept(words="Remboursé")), 50, origin=Origin.REIMBURSED)]
