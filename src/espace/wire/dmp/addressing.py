"""TD0.9, « accès Web-PS contextuel »: elements ⇄ values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from espace.wire.dmp.fields import NAMESPACE, Fields, answered, element, iso
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

NAME = "getContextualAddress"
REQUEST, ANSWER = f"{{{NAMESPACE}}}{NAME}", f"{{{NAMESPACE}}}{NAME}Response"


class Shown(StrEnum):
    """What the address opens at the patient."""

    DASHBOARD = "TABLEAU_DE_BORD"
    DOCUMENTS = "DOCUMENTS"
    HISTORY = "HISTORIQUE"
    RIGHTS = "DROITS"


@dataclass(frozen=True, slots=True)
class Wanted:
    patient: PatientStatement
    shown: Shown


def read(request: Element) -> Wanted:
    """Raises Refused: NATIONAL_MALFORMED."""
    said = Fields(request)
    said.expect("patientId", "page")
    patient, shown = said.patient(), said.word("page", tuple(Shown), default=Shown.DASHBOARD)
    said.require()
    return Wanted(patient, Shown(shown))


def write(address: str, until: datetime) -> bytes:
    return answered(f"{NAME}Response", element("adresse", address) + element("fin", iso(until)))
