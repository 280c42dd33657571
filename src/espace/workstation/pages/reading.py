"""A document of a patient: read on the page, downloaded as it was deposited, its embedded files one by one."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.access.queries import relation
from espace.kernel.ids import PatientId
from espace.kernel.words import Verb, Visibility
from espace.looks.frame import render
from espace.looks.reading import deposited, embedded, original, reading_of
from espace.looks.words import said
from espace.record import queries as record
from espace.workstation.pages.banner import banner
from espace.workstation.pages.emergency import urgent_until
from espace.workstation.pages.opening import made_by
from espace.workstation.pages.patient import until
from espace.workstation.paths import addresses_of, open_secret_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/reading.html"


def reading(request: HttpRequest, visit: Visit, patient_id: UUID, document_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    with visit.open(patient, Verb.READ) as grant:
        content = record.content(grant, document_id, elsewhere=True)
        who, known, reason, purpose = banner(grant), relation(grant), grant.reason, grant.purpose
    urgent, opens = urgent_until(known, purpose), visit.secret and made_by(visit, content.document)
    context = {
        "banner": who,
        "reading": reading_of(content, addresses_of(patient, secret=visit.secret), to_others=True),
        "record": patient_path(patient, secret=visit.secret),
        "deposited": deposited(content.document),
        "why": said(reason.professional),
        "until": "" if urgent else until(known, reason),
        "urgent": urgent,
        "held": Visibility.INVISIBLE_PATIENT in content.document.restrictions,
        "masked": Visibility.MASQUE_PS in content.document.restrictions,
        "secret": visit.secret,
        "open_secret": open_secret_path(patient, document_id) if opens else "",
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def download(request: HttpRequest, visit: Visit, patient_id: UUID, document_id: UUID) -> HttpResponseBase:
    with visit.open(PatientId(patient_id), Verb.DOWNLOAD) as grant:
        content = record.content(grant, document_id)
    return original(content)


def piece(
    request: HttpRequest, visit: Visit, patient_id: UUID, document_id: UUID, number: int
) -> HttpResponseBase:
    attached = "telecharger" in request.GET
    with visit.open(PatientId(patient_id), Verb.DOWNLOAD if attached else Verb.READ) as grant:
        content = record.content(grant, document_id)
    return embedded(content, number, attached=attached)

