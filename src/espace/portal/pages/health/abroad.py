"""« Résumé pour l’étranger »: the International Patient Summary on a page, in French or in English, to be printed and
handed over. It says what `Patient/$summary` answers."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical import queries as clinical
from espace.clinical.rules.international import KINDS, TYPE_CODE, international
from espace.identity import queries as identity
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.international import chosen_language, not_quoted, sheet
from espace.looks.words import local_day
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path

TEMPLATE = "portal/health/abroad.html"


def abroad(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        quoted, person = clinical.shared(grant, KINDS, TYPE_CODE), identity.own_person(grant)
    found = international(quoted.facts, local_day(grant.at))
    language = chosen_language(request.GET.get("langue", ""))
    context = {
        "one": sheet(found, person, grant.at, document_path, language),
        "left_out": not_quoted(quoted.left_out),
    }
    return render(request, TEMPLATE, context, name=visit.name)
