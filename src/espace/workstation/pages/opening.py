"""Showing to a minor's representatives a document that was kept secret from them: by whoever made it, at the minor's
request, and for good (CSP L1111-5, R1111-50)."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from espace.edge import now
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care, decisions
from espace.kernel.values import replace
from espace.kernel.words import FROM_REPRESENTATIVES, Grant, Purpose, Refused, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.record import actions
from espace.record import queries as record
from espace.record.facts import Amendable, Change, Document
from espace.record.rules import written_by
from espace.workstation.forms import OpeningForm
from espace.workstation.pages.banner import banner
from espace.workstation.paths import addresses_of, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/opening.html"


def made_by(visit: Visit, document: Document) -> bool:
    """Whether this professional wrote the document, or their place of practice deposited it."""
    ours = document.organisation is not None and document.organisation == visit.actor.organisation
    return ours or written_by(document.entry, visit.actor.national_id)


def opening(request: HttpRequest, visit: Visit, patient_id: UUID, document_id: UUID) -> HttpResponseBase:
    """What will happen, then one press; somebody else's document answers as one that is not there."""
    patient, form = PatientId(patient_id), OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _open(visit, patient, document_id)
        done = gettext("C’est fait : les représentants légaux de ce patient voient ce document.")
        back = patient_path(patient, secret=True)
        return redirect_saying(back, done, reader=visit.actor.id, at=now())
    with replace(visit, purpose=Purpose.CARE).open(patient, Verb.READ) as grant:
        document, who = record.document(grant, document_id), banner(grant)
        if not made_by(visit, document):
            raise Refused(decisions.DOCUMENT_UNKNOWN)
    context = {
        "banner": who,
        "form": form,
        "title": cards.title(document),
        "back": addresses_of(patient, secret=True).page(document_id),
        "secret": visit.secret,
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _open(visit: Visit, patient: PatientId, document_id: UUID) -> None:
    def act(grant: Grant) -> Amendable:
        before = record.amendable(grant, document_id)
        return actions.amend(grant, document_id, Change(visibility=before.visibility - FROM_REPRESENTATIVES))

    try:
        visit.decide(patient, Verb.AMEND, act)
    except Refused as refused:
        if refused.reason is care.NOT_THE_AUTHOR:
            raise Refused(decisions.DOCUMENT_UNKNOWN) from refused
        raise
