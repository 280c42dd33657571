"""A summary for other countries as a FHIR document, made of facts of every kind."""

import json
from datetime import date
from typing import Any

from django.utils import translation

from clinical.said import LOINC, fact, said
from espace.clinical.facts import Kind, Sourced, State
from espace.exchange.fhir.facts.summary_document import assembled
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Quantity, Value
from espace.wire.fhir.answers import encode
from espace.wire.fhir.facts import ips, resources
from espace.wire.fhir.resources import DeviceName, HumanName, Identifier, Patient
from exchange.facts import cases
from exchange.facts.cases import PATIENT

PROFILES = "http://hl7.org/fhir/uv/ips/StructureDefinition"

Json = dict[str, Any]
DAY = date(2025, 4, 1)
BASE = "https://espace.example/fhir"
ABOUT = ips.About(
    id="0198c2d4-0000-7000-8000-00000000000a",
    at="2025-04-01T08:00:00+00:00",
    title="Résumé international de santé",
    language="fr",
    base=BASE,
    patient=ips.patient(
        Patient(
            id=str(PATIENT),
            identifier=(Identifier(system="urn:oid:1.2.250.1.213.1.4.8", value="285054499900161"),),
            name=(HumanName(use="official", family="DUVAL", given=("CAMILLE",)),),
            gender="female",
            birth_date="1985-05-04",
        )
    ),
    author=resources.Device(
        id="0198c2d4-0000-7000-8000-00000000000b",
        device_name=(DeviceName(name="Espace numérique de santé", type="user-friendly-name"),),
    ),
)
ALCOHOL = fact(Kind.LIFESTYLE, "Alcool", code="74013-4", system=LOINC, start="2025-01", value=Value(words="Un verre"))
"""Not in the type of value that the profile of it knows."""
TOBACCO = fact(
    Kind.LIFESTYLE, "Tabac", code="72166-2", system=LOINC, start="2025-01-02", end="2025-01-02",
    value=Value(concept=Concept("8517006", "2.16.840.1.113883.6.96", "Ex-fumeur")),
)  # fmt: skip
WISH = fact(Kind.DIRECTIVE, "Directives anticipées", comment="Pas d’acharnement.")
UNTITLED = fact(Kind.MEASURE, "Poids", value=Value(quantity=Quantity("70", "kg")))
RAMIPRIL = fact(
    Kind.PRESCRIPTION, "RAMIPRIL 5 MG CPR", code="3400935000000", system="1.2.250.1.213.2.3.2", start="2025-03-20"
)
ASPIRIN = fact(Kind.TREATMENT, "ASPIRINE 75 MG", state=State.ACTIVE)
ALL = (
    *(one for name, several in cases.EVERY.items() if name not in ("Encounter", "Consent") for one in several),
    *(ALCOHOL, TOBACCO, WISH, UNTITLED, RAMIPRIL, ASPIRIN),
)


def every() -> list[Sourced]:
    """A fact of each kind, sparse and full, each in a document of its own."""
    return [said(replace(one, place=replace(one.place, order=n)), n + 1) for n, one in enumerate(ALL)]


def made(*facts: Sourced) -> Json:
    with translation.override("fr"):
        found: Json = json.loads(encode(assembled(facts, ABOUT, DAY, PATIENT)))
    return found
