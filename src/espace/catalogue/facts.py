"""The vocabulary of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

CREATE = "system/DocumentReference.c"
SEARCH = "system/DocumentReference.s"
CREATE_AND_SEARCH = "system/DocumentReference.cs"
HOLDER_READ = "patient/DocumentReference.rs"
"""What a holder's own token may have: the documents, their contents included."""

FEEDER_SCOPES = (CREATE, SEARCH)
"""What an organisation's software may ask for (SMART App Launch 2.2, « scopes for requesting FHIR resources »)."""

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
