"""Where this door shows what: a patient's record, its documents. An address holds random ids, never an INS."""

from uuid import UUID

from django.urls import reverse

from espace.kernel.ids import PatientId
from espace.looks.reading import Addresses


def patient_path(patient: PatientId) -> str:
    return reverse("pro_patient", args=[patient])


def consent_path(patient: PatientId) -> str:
    return reverse("pro_consent", args=[patient])


def emergency_path(patient: PatientId) -> str:
    return reverse("pro_emergency", args=[patient])


def deposit_path(patient: PatientId) -> str:
    return reverse("pro_deposit", args=[patient])


def addresses_of(patient: PatientId) -> Addresses:
    """The addresses of one patient's documents."""

    def page(document: UUID) -> str:
        return reverse("pro_reading", args=[patient, document])

    def original(document: UUID) -> str:
        return reverse("pro_download", args=[patient, document])

    def piece(document: UUID, number: int) -> str:
        return reverse("pro_piece", args=[patient, document, number])

    return Addresses(page, original, piece)
