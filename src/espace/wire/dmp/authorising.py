"""TD0.3, « ajouter ou retirer son autorisation »: elements ⇄ values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from espace.kernel.reasons import national as reasons
from espace.kernel.words import Refused
from espace.wire.dmp.fields import NAMESPACE, Fields, answered, element, iso
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

NAME = "setAuthorization"
REQUEST, ANSWER = f"{{{NAMESPACE}}}{NAME}", f"{{{NAMESPACE}}}{NAME}Response"


class Act(StrEnum):
    ADD = "AJOUT"
    REMOVE = "SUPPRESSION"


class Role(StrEnum):
    STANDARD = "STANDARD"
    ATTENDING = "MEDECIN_TRAITANT"


class Consent(StrEnum):
    """How the patient agreed; of this platform, for the national request says nothing of it."""

    ORAL = "ORAL"
    WRITTEN = "ECRIT"


class Access(StrEnum):
    """What the professional’s authorisation is (TD0.2, EF_DMP04_01)."""

    NONE = "NON_EXISTE"
    FORBIDDEN = "INTERDIT"
    LAPSED = "EXPIRE"
    VALID = "VALIDE"


@dataclass(frozen=True, slots=True)
class Authorising:
    """`until` is None where the request does not say."""

    patient: PatientStatement
    act: Act
    consent: Consent
    until: datetime | None


def read(request: Element) -> Authorising:
    """Raises Refused: NATIONAL_MALFORMED, ATTENDING_NOT_BY_ONESELF."""
    said = Fields(request)
    said.expect("patientId", "action", "role", "consentement", "fin")
    patient, act = said.patient(), said.word("action", tuple(Act))
    role = said.word("role", tuple(Role), default=Role.STANDARD)
    consent, until = said.word("consentement", tuple(Consent), default=Consent.ORAL), said.instant("fin")
    said.require()
    if act == Act.ADD and role == Role.ATTENDING:
        raise Refused(reasons.ATTENDING_NOT_BY_ONESELF, place=f"{NAME}/role")
    return Authorising(patient, Act(act), Consent(consent), until)


def write(access: Access, until: datetime | None) -> bytes:
    """What the professional’s own authorisation is from now on."""
    return answered(f"{NAME}Response", element("autorisation", access) + element("fin", iso(until) if until else ""))
