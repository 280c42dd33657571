"""Where this door shows what: a patient's record, its documents. An address holds random ids, never an INS.

That a session is of a minor's secret care is in the address itself, so that two tabs never mix (`secret`).
"""

from uuid import UUID

from django.urls import reverse

from espace.kernel.ids import PatientId
from espace.looks.reading import Addresses

_ANY = UUID(int=0)
"""Stands for a document in an address that is made for all of them."""


def patient_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("patient", secret), args=[patient])


def consent_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("consent", secret), args=[patient])


def changes_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("changes", secret), args=[patient])


def stated_path(patient: PatientId) -> str:
    return reverse("pro_stated", args=[patient])


def medicines_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("medicines", secret), args=[patient])


def reconcile_path(patient: PatientId) -> str:
    return reverse("pro_reconcile", args=[patient])


def results_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("results", secret), args=[patient])


def analyte_path(patient: PatientId, analyte: str, *, secret: bool = False) -> str:
    """Of one analyte, named by a sealed word."""
    return reverse(_in("analyte", secret), args=[patient, analyte])


def summary_path(patient: PatientId) -> str:
    """Where the medical summary is written."""
    return reverse("pro_summary", args=[patient])


def team_path(patient: PatientId) -> str:
    return reverse("pro_team", args=[patient])


def history_path(patient: PatientId) -> str:
    return reverse("pro_history", args=[patient])


def emergency_path(patient: PatientId) -> str:
    return reverse("pro_emergency", args=[patient])


def deposit_path(patient: PatientId, *, secret: bool = False) -> str:
    return reverse(_in("deposit", secret), args=[patient])


def open_secret_path(patient: PatientId, document: UUID) -> str:
    """Where a document of a minor's secret care is shown to their representatives."""
    return reverse("pro_open_secret", args=[patient, document])


def _in(page: str, secret: bool) -> str:
    """The name of a page, in a session of secret care or outside of it."""
    return f"pro_secret_{page}" if secret else f"pro_{page}"


def addresses_of(patient: PatientId, *, secret: bool = False) -> Addresses:
    """The addresses of one patient's documents. A page leads to a hundred of them, and only the id of the document
    changes: the rest is made once."""
    before, _, after = reverse(_in("reading", secret), args=[patient, _ANY]).rpartition(str(_ANY))

    def page(document: UUID) -> str:
        return f"{before}{document}{after}"

    def original(document: UUID) -> str:
        return reverse(_in("download", secret), args=[patient, document])

    def piece(document: UUID, number: int) -> str:
        return reverse(_in("piece", secret), args=[patient, document, number])

    return Addresses(page, original, piece)
