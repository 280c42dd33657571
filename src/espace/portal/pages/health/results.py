"""« Résultats »: what was measured, analyte by analyte, and one of them over time."""

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from espace.clinical import queries as clinical
from espace.clinical.rules.analytes import Key
from espace.clinical.rules.trends import MEASURED, trends_of
from espace.kernel.words import Verb
from espace.looks.filters import Chosen, chosen_in, sealed, unsealed
from espace.looks.frame import render
from espace.looks.health import Shown
from espace.looks.plain import missing
from espace.looks.trends import analyte_page, groups, sealed_key, trend_named, unsealed_key
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path

LIST, ONE = "portal/health/results.html", "portal/health/analyte.html"


def results(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    here = reverse("results")
    if request.method == "POST":
        chosen = Chosen(words=chosen_in(request.POST).words)
        query = f"?{urlencode({'filtre': sealed(chosen, visit.actor.id)})}" if chosen.words else ""
        return HttpResponseRedirect(f"{here}{query}")
    with visit.open(Verb.LIST) as grant:
        trends = trends_of(clinical.known(grant, MEASURED).facts)

    def address(key: Key) -> str:
        return reverse("analyte", args=[sealed_key(key, visit.actor.id)])

    words = unsealed(request.GET.get("filtre", ""), visit.actor.id).words
    context = {"any": bool(trends), "groups": groups(trends, words, address), "words": words, "search_path": here}
    return render(request, LIST, context, name=visit.name)


def analyte(request: HttpRequest, visit: Visit, analyte: str) -> HttpResponseBase:
    """Nothing says whether there was never such a result, or whether the reader may not see it."""
    with visit.open(Verb.LIST) as grant:
        found = trend_named(clinical.known(grant, MEASURED).facts, unsealed_key(analyte, visit.actor.id))
    if found is None:
        return missing(request, name=visit.name)
    page = analyte_page(found, Shown(document_path))
    return render(request, ONE, {"one": page}, name=visit.name)
