"""Prescription of medicines (eP-MED-DM 2024.01) and dispensation (eDISP-MED 2024.01)."""

from dataclasses import dataclass
from datetime import date

from espace.wire.cda_writing.entries.medicines import Medicine, delivered, prescribed
from espace.wire.cda_writing.header import document
from espace.wire.cda_writing.narrative import Mark, Section, Table, Text, structured_body
from espace.wire.cda_writing.words import Frame, Model, loinc
from espace.wire.cda_writing.xml import to_bytes

PRESCRIPTION = Model(
    loinc("57833-6", "Prescription de produits de santé"),
    "Ordonnance de médicaments",
    ("1.3.6.1.4.1.19376.1.9.1.1.1", "1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.2.250.1.213.1.1.1.39"),
    loinc("57828-6", "Prescriptions"),
)
DISPENSATION = Model(
    loinc("60593-1", "Dispensation médicamenteuse"),
    "Médicaments délivrés",
    ("1.3.6.1.4.1.19376.1.5.3.1.1.1", "1.3.6.1.4.1.19376.1.9.1.1.3", "1.2.250.1.213.1.1.1.54"),
    loinc("60590-7", "Médicaments délivrés"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A medicine handed over, with the number of its lot."""

    medicine: Medicine
    lot: str


def days(since: date, until: date | None) -> str:
    """« du 04/03/2025 au 10/03/2025 », « depuis le 04/03/2025 » without an end."""
    if until is None:
        return f"depuis le {since:%d/%m/%Y}"
    return f"le {since:%d/%m/%Y}" if since == until else f"du {since:%d/%m/%Y} au {until:%d/%m/%Y}"


def _boxes(count: int) -> str:
    return f"{count} boîte{'s' * (count > 1)}"


def _prescribed_row(medicine: Medicine, mark: str) -> tuple[Text, ...]:
    advice: Text = Mark(medicine.advice, f"{mark}-advice") if medicine.advice else "-"
    renewals = f"{medicine.renewals} fois" if medicine.renewals else "Non"
    return (
        Mark(medicine.name, mark),
        medicine.words,
        days(medicine.since, medicine.until),
        _boxes(medicine.boxes),
        renewals,
        advice,
    )


def prescription(frame: Frame, medicines: tuple[Medicine, ...], *, title: str = "") -> bytes:
    """A prescription of at least one medicine."""
    named = tuple((f"med-{rank}", medicine) for rank, medicine in enumerate(medicines))
    head = ("Médicament", "Posologie", "Durée", "Quantité", "À renouveler", "Conseil")
    section = Section(
        loinc("57828-6", "Prescriptions"),
        "Prescription de médicaments",
        ("1.3.6.1.4.1.19376.1.9.1.2.1", "1.2.250.1.213.1.1.2.171"),
        (Table(head, tuple(_prescribed_row(medicine, mark) for mark, medicine in named)),),
        tuple(prescribed(frame.id, mark, medicine) for mark, medicine in named),
    )
    return to_bytes(document(frame, PRESCRIPTION, structured_body(frame.id, (section,)), title=title))


def _delivered_row(item: Delivery, mark: str) -> tuple[Text, ...]:
    return Mark(item.medicine.name, mark), _boxes(item.medicine.boxes), item.lot, item.medicine.words


def dispensation(frame: Frame, items: tuple[Delivery, ...], *, title: str = "") -> bytes:
    """What a pharmacy handed over, for the prescription named in `frame.request`."""
    named = tuple((f"med-{rank}", item) for rank, item in enumerate(items))
    head = ("Médicament", "Quantité délivrée", "Lot", "Posologie")
    section = Section(
        loinc("60590-7", "Médicaments délivrés"),
        "Médicaments délivrés",
        ("1.3.6.1.4.1.19376.1.9.1.2.3", "2.16.840.1.113883.10.20.1.8", "1.2.250.1.213.1.1.2.236"),
        (Table(head, tuple(_delivered_row(item, mark) for mark, item in named)),),
        tuple(delivered(frame.id, mark, item.medicine, item.lot) for mark, item in named),
    )
    return to_bytes(document(frame, DISPENSATION, structured_body(frame.id, (section,)), title=title))
