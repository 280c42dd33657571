"""« Notifications »: which e-mails the holder wants. None of them ever says anything of health."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.notices import actions
from espace.notices import queries as notices
from espace.notices.facts import Preferences
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING

TEMPLATE = "portal/notifications.html"
ON = "1"


def notifications(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        wanted = Preferences(
            new_document=request.POST.get("nouveau") == ON,
            access=request.POST.get("acces") == ON,
        )
        visit.decide(Verb.SETTINGS, lambda grant: actions.set_preferences(grant, wanted))
        said = gettext("C’est noté : vos choix sont enregistrés.")
        return redirect_saying(reverse("notifications"), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        wanted = notices.preferences(grant)
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "wanted": wanted,
    }
    return render(request, TEMPLATE, context, name=visit.name)
