"""Breaking the glass: a record opened without consent, because the patient cannot be asked (CSP L1111-17 I; C18)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from espace.access import actions as access
from espace.access.facts import Cause, Relation
from espace.access.queries import declared, relation
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.values import replace
from espace.kernel.words import Grant, Purpose, Verb
from espace.looks.frame import render
from espace.looks.words import full_moment, said
from espace.workstation.forms import EmergencyForm
from espace.workstation.pages.banner import ins_alone
from espace.workstation.paths import consent_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/emergency.html"


def declare(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    """The form tells nothing of the patient: not even whether they objected, before an emergency is declared."""
    patient = PatientId(patient_id)
    form = EmergencyForm(request.POST if request.method == "POST" else None, regulates=visit.actor.regulates)
    if request.method == "POST" and form.is_valid():
        call = form.cleaned_data["cause"] == Cause.CALL
        ground = replace(visit, purpose=Purpose.DISPATCH) if call else visit
        ground.decide(patient, Verb.BREAK_GLASS, lambda grant: _broken(grant, form))
        return HttpResponseRedirect(patient_path(patient))
    return _page(request, visit, patient, form)


def _broken(grant: Grant, form: EmergencyForm) -> Relation:
    cause, words = Cause(form.cleaned_data["cause"]), str(form.cleaned_data["words"])
    return access.break_glass(grant, cause=cause, words=words)


def _page(request: HttpRequest, visit: Visit, patient: PatientId, form: EmergencyForm) -> HttpResponse:
    with replace(visit, purpose=Purpose.CARE).open(patient, Verb.STATUS) as grant:
        who, known = ins_alone(grant), relation(grant)
    blocked = known.blocked_at is not None and not visit.actor.regulates
    context = {
        "banner": who,
        "form": form,
        "closed": said(care.PROFESSIONAL_BLOCKED.professional) if blocked else "",
        "consent": consent_path(patient),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def told(grant: Grant) -> tuple[str, ...]:
    """What the attending doctor reads of the emergencies of a month: when, who, and what they said; nobody else."""
    if grant.purpose is not Purpose.CARE:
        return ()
    return tuple(
        gettext("%(moment)s : %(name)s, %(place)s. « %(words)s »")
        % {
            "moment": full_moment(one.glass.at),
            "name": one.name,
            "place": one.organisation_name,
            "words": one.glass.words,
        }
        for one in declared(grant)
        if one.glass
    )


def urgent_until(known: Relation, purpose: Purpose) -> str:
    """« Jusqu'au … » on every page that is open because of an emergency; "" elsewhere."""
    if purpose is Purpose.CARE or known.glass is None:
        return ""
    return gettext("Jusqu’au %(moment)s.") % {"moment": full_moment(known.glass.until)}
