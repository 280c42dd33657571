"""« Ma santé »: the fourteen sections at a glance, and the switch of what is read in documents."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical import actions, queries
from espace.clinical.facts.profile import Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import childhood
from espace.clinical.rules import profile as rules
from espace.edge import now
from espace.identity import queries as identity
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import local_day, said
from espace.portal.pages.health.words import counted
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext

TEMPLATE = "portal/health/index.html"
EXTRACTION = "portal/health/extraction.html"
ON = "1"


@dataclass(frozen=True, slots=True)
class Card:
    """`counted`: what was added here; `elsewhere`, of a section with nothing added whose page shows what documents
    say: no document is opened for the index."""

    path: str
    title: str
    about: str
    icon: str
    counted: str
    elsewhere: str
    filled: bool
    hidden: bool


def health(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found = profile(grant)
        reads = queries.extracts(grant)
        born = identity.own_person(grant).traits.birth_date
    cards = [card(section, found, reads=reads) for section in Section]
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "cards": cards,
        "filled": sum(one.filled for one in cards),
        "every": len(cards),
        "reads": reads,
        "prints": not visit.carer,
        "child": not childhood.adult(born, local_day(now())),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def card(section: Section, found: Profile, *, reads: bool) -> Card:
    """A section as the index shows it; `filled`: it says something, or that it concerns nobody. `reads`: whether facts
    are read in the documents."""
    sheet, count = rules.SHEETS[section], len(found.of(section))
    filled = bool(count) or section in found.choices.unconcerned
    told = reads and not filled and section is Section.VACCINATIONS
    return Card(
        reverse("health_section", args=[section.value]),
        said(sheet.title),
        said(sheet.about),
        sheet.icon,
        "" if told else counted(section, count, found.choices),
        gettext("Rien d’ajouté ici. Le carnet montre aussi ce que disent les documents.") if told else "",
        filled,
        section in found.choices.hidden,
    )


def extraction(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Whether facts are read in the documents: for the holder, and who stands for them."""
    if request.method == "POST":
        on = request.POST.get("extraire") == ON
        visit.decide(Verb.SETTINGS, lambda grant: actions.switch_extraction(grant, on=on))
        done = gettext("C’est noté : les informations des documents sont de nouveau lues.")
        if not on:
            done = gettext("C’est noté : les informations tirées des documents sont effacées.")
        return redirect_saying(reverse("health"), done, reader=visit.actor.id, at=now())
    with visit.open(Verb.LIST) as grant:
        context = {"reads": queries.extracts(grant)}
    return render(request, EXTRACTION, context, name=visit.name)
