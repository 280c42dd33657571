"""« Résultats » of a patient: what was measured, analyte by analyte, and one of them over time."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode

from espace.clinical import queries as clinical
from espace.clinical.rules.analytes import Key
from espace.clinical.rules.trends import MEASURED, trends_of
from espace.kernel.ids import PatientId
from espace.kernel.words import Refused, Verb
from espace.looks.filters import Chosen, chosen_in, sealed, unsealed
from espace.looks.frame import render
from espace.looks.health import Shown
from espace.looks.plain import missing
from espace.looks.trends import analyte_page, groups, sealed_key, trend_named, unsealed_key
from espace.workstation.pages.banner import banner
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, analyte_path, patient_path, results_path
from espace.workstation.visit import Visit

LIST, ONE = "workstation/results.html", "workstation/analyte.html"


def results(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient, reader = PatientId(patient_id), visit.actor.id
    here = results_path(patient, secret=visit.secret)
    if request.method == "POST":
        chosen = Chosen(words=chosen_in(request.POST).words)
        query = f"?{urlencode({'filtre': sealed(chosen, reader)})}" if chosen.words else ""
        return HttpResponseRedirect(f"{here}{query}")
    try:
        with visit.open(patient, Verb.LIST) as grant:
            trends, who = trends_of(clinical.known(grant, MEASURED).facts), banner(grant)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)

    def address(key: Key) -> str:
        return analyte_path(patient, sealed_key(key, reader), secret=visit.secret)

    words = unsealed(request.GET.get("filtre", ""), reader).words
    context = {
        "banner": who,
        "secret": visit.secret,
        "record": patient_path(patient, secret=visit.secret),
        "any": bool(trends),
        "groups": groups(trends, words, address),
        "words": words,
        "search_path": here,
    }
    return render(request, LIST, context, name=visit.actor.name)


def analyte(request: HttpRequest, visit: Visit, patient_id: UUID, analyte: str) -> HttpResponseBase:
    """Nothing says whether there was never such a result, or whether the reader may not see it."""
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            facts, who = clinical.known(grant, MEASURED).facts, banner(grant)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    found = trend_named(facts, unsealed_key(analyte, visit.actor.id))
    if found is None:
        return missing(request, name=visit.actor.name)
    page = analyte_page(found, Shown(addresses_of(patient, secret=visit.secret).page))
    context = {
        "banner": who,
        "secret": visit.secret,
        "results": results_path(patient, secret=visit.secret),
        "one": page,
    }
    return render(request, ONE, context, name=visit.actor.name)
