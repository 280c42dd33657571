"""Inviting a carer, or the second legal representative of a child."""

from datetime import date, datetime, time, timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import get_language, gettext

from espace.edge import now
from espace.identity.actions.mandates import ask_help
from espace.identity.facts.mandates import Helps, Scope
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.looks.words import local_day
from espace.portal.pages.relatives.forms import CarerForm, RepresentativeForm
from espace.portal.pages.visit import Visit

TEMPLATE = "portal/relatives/invite.html"


def invite(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """A carer: what they may do and until when is said first."""
    typed = request.POST if request.method == "POST" else None
    form = CarerForm(typed, today=local_day(now()), initial={"scope": Scope.READ})
    if request.method == "POST" and form.is_valid():
        return _asked(visit, Helps.CARER, form.cleaned_data)
    return _page(request, visit, form, gettext("Inviter un aidant"))


def second(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """The other parent, by the first one."""
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _asked(visit, Helps.PARENT, form.cleaned_data)
    return _page(request, visit, form, gettext("Inviter le second représentant légal"))


def _page(request: HttpRequest, visit: Visit, form: RepresentativeForm, title: str) -> HttpResponseBase:
    with visit.open(Verb.HISTORY):
        pass  # only somebody who may see who helps here may ask
    context = {"form": form, "title": title, "carer": isinstance(form, CarerForm), "back": reverse("relatives")}
    return render(request, TEMPLATE, context, name=visit.name, status=422 if form.errors else 200)


def _asked(visit: Visit, kind: Helps, said: dict[str, object]) -> HttpResponseBase:
    address, day = str(said["address"]), said.get("day")
    until = _end_of(day) if isinstance(day, date) else None
    scope = Scope(str(said.get("scope", Scope.ACT)))
    language = "en" if (get_language() or "").startswith("en") else "fr"

    def ask(grant: Grant) -> None:
        ask_help(grant, kind=kind, scope=scope, address=address, language=language, until=until)

    visit.decide(Verb.INVITE, ask)
    told = gettext("C’est fait : une invitation part vers %(address)s. Elle attend deux semaines.")
    return redirect_saying(reverse("relatives"), told % {"address": address}, reader=visit.actor.id, at=now())


def _end_of(day: date) -> datetime:
    """The end of that day in France."""
    return datetime.combine(day + timedelta(days=1), time.min, get_default_timezone())
