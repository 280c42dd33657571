"""The vocabulary of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

CREATE = "system/DocumentReference.c"
SEARCH = "system/DocumentReference.s"
UPDATE = "system/DocumentReference.u"
DELETE = "system/DocumentReference.d"
FEEDER_SCOPES = (CREATE, UPDATE, DELETE, SEARCH)
"""What an organisation's software may ask for (SMART App Launch 2.2, « scopes for requesting FHIR resources »): to
deposit, to change or delete its own deposits, to follow them; never to read."""

FACTS = (
    "AllergyIntolerance",
    "Condition",
    "MedicationStatement",
    "MedicationRequest",
    "MedicationDispense",
    "MedicationAdministration",
    "Immunization",
    "ImmunizationRecommendation",
    "Observation",
    "DiagnosticReport",
    "Procedure",
    "Encounter",
    "FamilyMemberHistory",
    "CarePlan",
    "Device",
    "Provenance",
)
"""The resources that tell what is known of somebody's health, each with a scope of its own."""


def own_facts(resource: str) -> str:
    return f"patient/{resource}.rs"


def user_facts(resource: str) -> str:
    return f"user/{resource}.rs"


HOLDER_READ = "patient/DocumentReference.rs"
HOLDER_SCOPES = (HOLDER_READ, *map(own_facts, FACTS))
"""What a holder's own token may have: the documents, their contents included, and the facts. It changes nothing:
masking and arranging are done in the portal."""

USER_CREATE = "user/DocumentReference.c"
USER_READ = "user/DocumentReference.r"
USER_UPDATE = "user/DocumentReference.u"
USER_DELETE = "user/DocumentReference.d"
USER_SEARCH = "user/DocumentReference.s"
USER_CONTENT = "user/Binary.r"
USER_LISTS = "user/List.rs"
PROFESSIONAL_SCOPES = ("user/DocumentReference.cruds", USER_CONTENT, USER_LISTS, *map(user_facts, FACTS))
"""What a professional's own token may have; each record still needs its patient's consent."""

ALGORITHMS = ("RS384", "ES384", "RS256", "ES256")
"""Signatures accepted from clients: SMART wants the first two, most libraries begin with the others."""


@dataclass(frozen=True, slots=True)
class Client:
    """A registered software of one organisation; `keys` is its public JWK set (RFC 7517)."""

    client_id: str
    organisation: UUID
    name: str
    keys: Mapping[str, Any]
    active: bool
