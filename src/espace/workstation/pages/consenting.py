"""How a professional gets access: the patient's consent, recorded, of which the patient is told at once (C09-C12)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.access import actions as access
from espace.access.facts import DOCTOR, Consent, How, Relation, Standing
from espace.access.queries import relation
from espace.access.rules import end_of_visit, may_read, named, standing, team_standing
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care, teams
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.words import full_moment, said
from espace.workstation.forms import ALONE, TEAM, ConsentForm, Term
from espace.workstation.pages.banner import banner, ins_alone
from espace.workstation.paths import consent_path, deposit_path, emergency_path, patient_path, team_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/consent.html"

ENDS: Mapping[str, Callable[[datetime], datetime]] = {
    Term.VISIT: end_of_visit,
    Term.MONTH: lambda at: at + timedelta(days=31),
    Term.HALF_YEAR: lambda at: at + timedelta(days=183),
    Term.YEAR: lambda at: at + timedelta(days=365),
}

RECORDED = {ALONE: access.record_consent, TEAM: access.record_team_consent}


def consent(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    form = ConsentForm(request.POST if request.method == "POST" else None, secret=visit.secret)
    if request.method == "POST" and form.is_valid():
        _record(visit, patient, form)
        return HttpResponseRedirect(patient_path(patient, secret=visit.secret))
    return _page(request, visit, patient, form)


def _record(visit: Visit, patient: PatientId, form: ConsentForm) -> None:
    how, end = How(form.cleaned_data["how"]), ENDS[form.cleaned_data["term"]]
    record = access.record_secret_consent if visit.secret else RECORDED[form.cleaned_data["whom"] or ALONE]
    visit.decide(patient, Verb.CONSENT, lambda grant: record(grant, how=how, until=end(grant.at)))


def _page(request: HttpRequest, visit: Visit, patient: PatientId, form: ConsentForm) -> HttpResponse:
    with visit.open(patient, Verb.STATUS) as grant:
        known, at = relation(grant), grant.at
        readable = may_read(known, at, regulates=visit.actor.regulates, secret=visit.secret)
        who = banner(grant) if readable else ins_alone(grant)
    context = {
        "banner": who,
        "form": form,
        "blocked": known.blocked_at is not None,
        "refusal": said(care.PROFESSIONAL_BLOCKED.professional),
        "situation": secret_situation(known, at) if visit.secret else situation(known, at),
        "record": patient_path(patient, secret=visit.secret) if readable else "",
        "deposit": deposit_path(patient, secret=visit.secret),
        "emergency": emergency_path(patient),
        "team": _team(visit, patient, known, at),
        "secret": visit.secret,
        "keep_secret": consent_path(patient, secret=True),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _team(visit: Visit, patient: PatientId, known: Relation, at: datetime) -> str:
    in_force = team_standing(known.team, at) is Standing.IN_FORCE and not visit.secret
    return team_path(patient) if in_force else ""


def situation(known: Relation, at: datetime) -> str:
    """What the professional's own authorisation is, in one sentence."""
    if named(known):
        attending = known.attending and known.profession == DOCTOR
        return said((care.ATTENDING_DOCTOR if attending else teams.ADMINISTRATOR).professional)
    if known.consent and standing(known.consent, at) is Standing.IN_FORCE:
        return _until(gettext("Le patient a donné son accord, jusqu’au %(moment)s."), known.consent)
    if known.team and team_standing(known.team, at) is Standing.IN_FORCE:
        words = gettext("Le patient a donné son accord pour votre équipe, jusqu’au %(moment)s.")
        return _until(words, known.team.consent)
    known_once = (known.consent, known.team.consent if known.team else None)
    ended = [one.until for one in known_once if one and one.until]
    if not ended:
        return said(care.CONSENT_MISSING.professional)
    moment = {"moment": full_moment(max(ended))}
    return gettext("L’accord de ce patient est arrivé à son terme le %(moment)s.") % moment


def _until(words: str, consent: Consent) -> str:
    if consent.until is None:
        return gettext("Le patient vous a donné accès, sans date de fin.")
    return words % {"moment": full_moment(consent.until)}


def secret_situation(known: Relation, at: datetime) -> str:
    """What the professional's authorisation is in a minor's secret care: that for it, else the usual one."""
    if known.secret is None:
        return situation(known, at)
    if standing(known.secret, at) is Standing.LAPSED:
        return said(care.CONSENT_LAPSED.professional)
    return said(care.SECRET_CONSENT.professional)


def withdraw(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    visit.decide(PatientId(patient_id), Verb.WITHDRAW, access.withdraw_consent)
    return HttpResponseRedirect(reverse("pro_home"))
