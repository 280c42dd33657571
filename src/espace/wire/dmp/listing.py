"""TD0.4, « liste des DMP autorisés »: elements ⇄ values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from espace.wire.dmp.fields import NAMESPACE, Fields, answered, element, iso, patient_id
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

NAME = "listPatients"
REQUEST, ANSWER = f"{{{NAMESPACE}}}{NAME}", f"{{{NAMESPACE}}}{NAME}Response"
MOST, USUAL, LAST = 50, 20, 1000
"""Patients in one answer, at most and where nothing is said; the last place at which an answer begins."""


class Order(StrEnum):
    AUTHORISATION = "DERNIERE_AUTORISATION"
    DOCUMENT = "DERNIER_DOCUMENT"


@dataclass(frozen=True, slots=True)
class Listing:
    """`begin` is the place of the first patient, counted from one."""

    order: Order
    count: int
    begin: int


@dataclass(frozen=True, slots=True)
class Own:
    """One patient of the professional who asks: since when and until when they are authorised (None: no end), and when
    the last document that they may read was made, where that was asked."""

    patient: PatientStatement
    since: datetime
    until: datetime | None
    document: datetime | None = None


def read(request: Element) -> Listing:
    """Raises Refused: NATIONAL_MALFORMED."""
    said = Fields(request)
    said.expect("tri", "nombre", "debut")
    order = said.word("tri", tuple(Order), default=Order.AUTHORISATION)
    count, begin = said.number("nombre", most=MOST, default=USUAL), said.number("debut", most=LAST, default=1)
    said.require()
    return Listing(Order(order), count, begin)


def write(found: Sequence[Own], following: int | None, stopped: str) -> bytes:
    """The patients; `following` is where the next answer begins, None where there is no more; `stopped`, the code of
    the reason for which this one is shorter than asked, "" for none."""
    more = element("suite", str(following or "")) + element("arret", stopped)
    return answered(f"{NAME}Response", "".join(map(_own, found)) + more)


def _own(one: Own) -> str:
    who = one.patient
    dates = {"depuis": one.since, "fin": one.until, "dernierDocument": one.document}
    return (
        f"<h:patient>{patient_id(who.number, who.authority)}{element('nom', who.birth_name)}"
        f"{element('prenom', who.given_names[0] if who.given_names else '')}{element('sexe', who.sex)}"
        f"{element('naissance', who.birth_date.isoformat() if who.birth_date else '')}"
        f"{''.join(element(name, iso(at) if at else '') for name, at in dates.items())}</h:patient>"
    )
