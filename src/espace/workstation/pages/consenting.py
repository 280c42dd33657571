"""How a professional gets access: the patient's consent, recorded, of which the patient is told at once (C09-C12)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.access import actions as access
from espace.access.facts import DOCTOR, How, Relation, Standing
from espace.access.queries import relation
from espace.access.rules import end_of_visit, may_read, standing
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.words import full_moment, said
from espace.workstation.forms import ConsentForm, Term
from espace.workstation.pages.banner import banner, ins_alone
from espace.workstation.paths import deposit_path, emergency_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/consent.html"

ENDS: Mapping[str, Callable[[datetime], datetime]] = {
    Term.VISIT: end_of_visit,
    Term.MONTH: lambda at: at + timedelta(days=31),
    Term.HALF_YEAR: lambda at: at + timedelta(days=183),
    Term.YEAR: lambda at: at + timedelta(days=365),
}


def consent(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _record(visit, patient, form)
        return HttpResponseRedirect(patient_path(patient))
    return _page(request, visit, patient, form)


def _record(visit: Visit, patient: PatientId, form: ConsentForm) -> None:
    how, end = How(form.cleaned_data["how"]), ENDS[form.cleaned_data["term"]]
    visit.decide(patient, Verb.CONSENT, lambda grant: access.record_consent(grant, how=how, until=end(grant.at)))


def _page(request: HttpRequest, visit: Visit, patient: PatientId, form: ConsentForm) -> HttpResponse:
    with visit.open(patient, Verb.STATUS) as grant:
        known, at = relation(grant), grant.at
        readable = may_read(known, at, regulates=visit.actor.regulates)
        who = banner(grant) if readable else ins_alone(grant)
    context = {
        "banner": who,
        "form": form,
        "blocked": known.blocked_at is not None,
        "refusal": said(care.PROFESSIONAL_BLOCKED.professional),
        "situation": situation(known, at),
        "record": patient_path(patient) if readable else "",
        "deposit": deposit_path(patient),
        "emergency": emergency_path(patient),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def situation(known: Relation, at: datetime) -> str:
    """What the professional's own authorisation is, in one sentence."""
    if known.attending and known.profession == DOCTOR:
        return said(care.ATTENDING_DOCTOR.professional)
    if known.consent is None:
        return said(care.CONSENT_MISSING.professional)
    ended = standing(known.consent, at) is Standing.LAPSED
    moment = {"moment": full_moment(known.consent.until)}
    if ended:
        return gettext("L’accord de ce patient est arrivé à son terme le %(moment)s.") % moment
    return gettext("Le patient a donné son accord, jusqu’au %(moment)s.") % moment


def withdraw(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    visit.decide(PatientId(patient_id), Verb.WITHDRAW, access.withdraw_consent)
    return HttpResponseRedirect(reverse("pro_home"))
