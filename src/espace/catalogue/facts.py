"""The vocabulary of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
    "Consent",
    "Device",
    "Provenance",
)
"""The resources that tell what is known of somebody's health, each with a scope of its own."""


SUMMARY = "Composition"
"""What a summary of all of these is: its scope gives it alone."""


def own_facts(resource: str) -> str:
    return f"patient/{resource}.rs"


def user_facts(resource: str) -> str:
    return f"user/{resource}.rs"


HOLDER_READ = "patient/DocumentReference.rs"
OWN_MEASURES = "patient/Observation.c"
HOLDER_SCOPES = (HOLDER_READ, *map(own_facts, (*FACTS, SUMMARY)), OWN_MEASURES)
"""What a holder's own token may have: the documents, their contents included, the facts, and adding measures. It
changes nothing else: masking and arranging are done in the portal."""
APP_SCOPES = (OWN_MEASURES,)
"""What an application may have of a holder who consents to it: to add measures. It reads nothing."""

USER_CREATE = "user/DocumentReference.c"
USER_READ = "user/DocumentReference.r"
USER_UPDATE = "user/DocumentReference.u"
USER_DELETE = "user/DocumentReference.d"
USER_SEARCH = "user/DocumentReference.s"
USER_CONTENT = "user/Binary.r"
USER_LISTS = "user/List.rs"
PROFESSIONAL_SCOPES = ("user/DocumentReference.cruds", USER_CONTENT, USER_LISTS, *map(user_facts, (*FACTS, SUMMARY)))
"""What a professional's own token may have; each record still needs its patient's consent."""

ALGORITHMS = ("RS384", "ES384", "RS256", "ES256")
"""Signatures accepted from clients: SMART wants the first two, most libraries begin with the others."""


@dataclass(frozen=True, slots=True)
class Consent:
    """That a holder lets an application do what `scope` says, until they end it."""

    client_id: str
    name: str
    organisation_name: str
    scope: str
    given_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptConsent:
    """The sealed part of a consent to an application."""

    client_id: str
    scope: str
    given_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A registered software of one organisation; `keys` is its public JWK set (RFC 7517)."""

    client_id: str
    organisation: UUID
    name: str
    keys: Mapping[str, Any]
    active: bool
