"""« Résumé pour l’étranger » of a patient: the International Patient Summary, in French or English, to be printed."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical import queries as clinical
from espace.clinical.rules.international import KINDS, TYPE_CODE, international
from espace.identity import queries as identity
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused, Verb
from espace.looks.frame import render
from espace.looks.international import chosen_language, not_quoted, sheet
from espace.looks.words import local_day
from espace.workstation.pages.banner import banner_of
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/abroad.html"


def abroad(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            quoted, person = clinical.shared(grant, KINDS, TYPE_CODE), identity.own_person(grant)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    found = international(quoted.facts, local_day(grant.at))
    address = addresses_of(patient, secret=visit.secret).page
    context = {
        "banner": banner_of(person, grant.at),
        "record": patient_path(patient, secret=visit.secret),
        "one": sheet(found, person, grant.at, address, chosen_language(request.GET.get("langue", ""))),
        "left_out": not_quoted(quoted.left_out),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)
