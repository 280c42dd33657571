"""What a vendor says, what they get, and why they may not get it now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from espace.site.demo.making import Structure
from espace.wire.cda_writing import Patient, Professional

PATIENTS = 3
"""Invented people of each sandbox: one for the example of each door (FHIR, HL7 v2, SOAP)."""
NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class Vendor:
    """What is asked of a vendor, and nothing else is: no name of a person, no address."""

    organisation: str
    software: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many sandboxes are made in an hour, and in all."""

    hour: int
    most: int


class Full(StrEnum):
    """Why no sandbox is made now."""

    HOUR = "hour"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One registration: `number` counts from 1, everything else follows from it and from what the vendor said.

    `private_key` is the PEM of the client's RSA key, kept nowhere here; `jwks` its public half.
    """

    number: int
    vendor: Vendor
    structure: Structure
    professional: Professional
    patients: tuple[Patient, ...]
    client_id: str
    jwks: Mapping[str, object]
    private_key: str = field(repr=False)
    professional_token: str = field(repr=False, default="")


def is_name(text: str) -> bool:
    """Whether somebody may be called so: 2 to 80 signs that can be seen, one of them a letter."""
    return 2 <= len(text) <= NAME_MOST and text.isprintable() and any(sign.isalpha() for sign in text)
