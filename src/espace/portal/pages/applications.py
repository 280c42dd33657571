"""« Applications »: those that the holder lets add measures, and how each is sent away (L13)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.catalogue import actions
from espace.catalogue.facts import Consent
from espace.catalogue.queries import app_consents
from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import full_date, local_day
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.whose import gettext

TEMPLATE = "portal/applications.html"


@dataclass(frozen=True, slots=True)
class Row:
    """`since` and `until` are days in full; `until` is "" for one that is still let in, and `path` ends that."""

    name: str
    publisher: str
    since: str
    until: str
    path: str


def applications(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.HISTORY) as grant:
        found = [_row(one) for one in app_consents(grant)]
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "let_in": [one for one in found if not one.until],
        "ended": [one for one in found if one.until],
        "decides": not visit.carer,
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _row(one: Consent) -> Row:
    until = full_date(local_day(one.ended_at)) if one.ended_at else ""
    since = full_date(local_day(one.given_at))
    return Row(one.name, one.organisation_name, since, until, reverse("end_application", args=[one.client_id]))


def end(request: HttpRequest, visit: Visit, client_id: str) -> HttpResponseBase:
    """At once; the application asks again to be let in."""
    visit.decide(Verb.END_ACCESS, lambda grant: actions.end_app_consent(grant, client_id=client_id))
    done = gettext("C’est fait : cette application n’ajoute plus rien.")
    return redirect_saying(reverse("applications"), done, reader=visit.actor.id, at=now())
