"""« Urgences »: what may be opened without the holder's consent, should they be unable to give it (C18-C20)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.access import actions as access
from espace.access.facts import Switches
from espace.access.queries import switches
from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING

TEMPLATE = "portal/emergencies.html"
ON = "1"


def emergencies(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        wanted = Switches(
            break_glass=request.POST.get("urgence") == ON,
            dispatch=request.POST.get("samu") == ON,
            masked=request.POST.get("masques") == ON,
        )
        visit.decide(Verb.SWITCHES, lambda grant: access.set_switches(grant, wanted))
        said = gettext("C’est noté : vos choix pour les urgences sont enregistrés.")
        return redirect_saying(reverse("emergencies"), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        wanted = switches(grant)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "wanted": wanted,
    }
    return render(request, TEMPLATE, context, name=visit.name)
