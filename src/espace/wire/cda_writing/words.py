"""Who and what a clinical document is about, as values: CI-SIS header (Structuration minimale, 1.16)."""

from dataclasses import dataclass
from datetime import date, datetime

from espace.wire.xds import Coded

INS_TEST = "1.2.250.1.213.1.4.10"
PEOPLE_AUTHORITY = "1.2.250.1.71.4.2.1"
"""PS_IdNat: 8 and the RPPS number."""
STRUCTURES_AUTHORITY = "1.2.250.1.71.4.2.2"
"""Struct_IdNat: 1 and the FINESS number."""
LOINC = "2.16.840.1.113883.6.1"
SNOMED = "2.16.840.1.113883.6.96"
ACT_CODE = "2.16.840.1.113883.5.4"


@dataclass(frozen=True, slots=True)
class Address:
    number: str
    street: str
    postcode: str
    city: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """A structure: `id` is its Struct_IdNat, `facility` a code of J02, `setting` one of J04."""

    id: str
    name: str
    address: Address
    phone: str
    facility: Coded
    setting: Coded


@dataclass(frozen=True, slots=True)
class Professional:
    """A professional in a structure: `id` is the PS_IdNat, `specialty` a code of J01, `title` DR, PR or ""."""

    id: str
    family: str
    given: str
    civility: str
    title: str
    specialty: Coded
    organisation: Organisation

    @property
    def name(self) -> str:
        """As people say it: « Dr Anne Le Goff »."""
        return f"{self.title.capitalize()} {self.given} {self.family.title()}".strip()


@dataclass(frozen=True, slots=True)
class Patient:
    """The person: qualified INS with its five traits, the names used, where to write.

    `ins` has 15 characters and `authority` is its OID; `birth_place` is the COG code; `local` a number
    of the structure's own (root, extension).
    """

    ins: str
    authority: str
    birth_name: str
    given_names: tuple[str, ...]
    birth_date: date
    sex: str
    birth_place: str
    birth_city: str
    address: Address
    phone: str = ""
    used_name: str = ""
    used_given: str = ""
    local: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """The names in use: « Camille Marchand »."""
        given, family = self.used_given or self.given_names[0], self.used_name or self.birth_name
        return f"{given.title()} {family.title()}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every document says of itself: identifiers (OIDs without extension), people, places, times.

    `began` and `ended` are those of the act that is documented, by `performer`; `encounter` is AMB, IMP,
    EMER or VR; `replaces` is the id of the version replaced.
    """

    id: str
    set_id: str
    version: int
    written: datetime
    patient: Patient
    author: Professional
    performer: Professional
    began: datetime
    ended: datetime | None = None
    encounter: str = "AMB"
    replaces: str = ""
    requested_by: Professional | None = None
    request: str = ""
    attending: Professional | None = None
    confidentiality: str = "N"

    @property
    def custodian(self) -> Organisation:
        return self.author.organisation


@dataclass(frozen=True, slots=True)
class Model:
    """A model of content: type (J07), its title, its templates, and the code of the act it documents."""

    type: Coded
    title: str
    templates: tuple[str, ...]
    act: Coded


def loinc(code: str, display: str) -> Coded:
    return Coded(code, LOINC, display)


def snomed(code: str, display: str) -> Coded:
    return Coded(code, SNOMED, display)
