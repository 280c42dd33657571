"""« Traitements prescrits et délivrés »: each medicine with all that documents and the holder say of it."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical import queries as clinical
from espace.clinical.rules.reconciling import TOLD, medicines_of
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.health import Shown
from espace.looks.medicines import doubts, medicine_row
from espace.looks.unread import unread_words
from espace.looks.words import local_day
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path

TEMPLATE = "portal/health/medicines.html"


def medicines(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        known = clinical.known(grant, TOLD)
        found = medicines_of(known.facts, local_day(grant.at))
    shown = Shown(document_path)
    context = {
        "unread": unread_words(known.unread),
        "doubts": doubts(known.facts, shown),
        "current": [medicine_row(one, shown) for one in found if one.current and not one.stopped],
        "stopped": [medicine_row(one, shown) for one in found if one.stopped],
        "over": [medicine_row(one, shown) for one in found if not one.current],
    }
    return render(request, TEMPLATE, context, name=visit.name)
