"""« Traitements »: each medicine with what was prescribed, delivered, stated, noted and stopped."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical import queries as clinical
from espace.clinical.rules.reconciling import TOLD, medicines_of
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused, Verb
from espace.looks.frame import render
from espace.looks.health import Shown
from espace.looks.medicines import doubts, medicine_row
from espace.looks.unread import unread_words
from espace.looks.words import local_day
from espace.wire.cda_writing.models.reconciliation import TYPE
from espace.workstation.pages.banner import banner
from espace.workstation.pages.composing import filed_at, filed_in
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, medicines_path, patient_path, reconcile_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/medicines.html"
FORM = "reconcile"
"""The form whose deposits this page tells of."""


def medicines(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            known = clinical.known(grant, TOLD)
            found, who = medicines_of(known.facts, local_day(grant.at)), banner(grant)
            writes = TYPE in grant.sight.writes
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    shown, done = Shown(addresses_of(patient, secret=visit.secret).page), filed_in(request, visit, patient, FORM)
    context = {
        "banner": who,
        "secret": visit.secret,
        "here": medicines_path(patient, secret=visit.secret),
        "unread": unread_words(known.unread),
        "record": patient_path(patient, secret=visit.secret),
        "reconcile": reconcile_path(patient) if writes and not visit.secret else "",
        "doubts": doubts(known.facts, shown),
        "current": [medicine_row(one, shown) for one in found if one.current and not one.stopped],
        "stopped": [medicine_row(one, shown) for one in found if one.stopped],
        "over": [medicine_row(one, shown) for one in found if not one.current],
        "done": done,
        "filed": filed_at(patient, done, secret=visit.secret),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)
