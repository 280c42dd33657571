"""« Ma santé »: the fourteen sections at a glance, and the switch of what is read in documents."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.clinical import actions, queries
from espace.clinical.facts import Kind, Sourced
from espace.clinical.facts.profile import Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import childhood
from espace.clinical.rules import profile as rules
from espace.clinical.rules.merging import merged
from espace.edge import now
from espace.identity import queries as identity
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import local_day, said
from espace.portal.pages.health.words import counted, counted_vaccines
from espace.portal.pages.visit import Visit
from espace.portal.whose import gettext

TEMPLATE = "portal/health/index.html"
EXTRACTION = "portal/health/extraction.html"
ON = "1"


@dataclass(frozen=True, slots=True)
class Card:
    """`counted`: what was added here, « Rien d’ajouté » where `written` does not say what documents have either."""

    path: str
    title: str
    about: str
    icon: str
    counted: str
    written: str
    filled: bool
    hidden: bool


def health(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found = profile(grant)
        reads, known = queries.extracts(grant), queries.known(grant, {Kind.VACCINATION})
        born = identity.own_person(grant).traits.birth_date
    written = {Section.VACCINATIONS: counted_vaccines(doses(known.facts))}
    cards = [card(section, found, written.get(section, "")) for section in Section]
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


def doses(facts: Iterable[Sourced]) -> int:
    """Those that documents say were given; one that several of them tell is one."""
    items = merged(one for one in facts if one.document)
    return sum(1 for item in items if not item.fact.absent or item.clashes)


def card(section: Section, found: Profile, written: str) -> Card:
    """A section as the index shows it; `filled`: it says something, or that it concerns nobody."""
    sheet, count = rules.SHEETS[section], len(found.of(section))
    said_here = bool(count) or section in found.choices.unconcerned
    return Card(
        reverse("health_section", args=[section.value]),
        said(sheet.title),
        said(sheet.about),
        sheet.icon,
        counted(section, count, found.choices) if said_here or not written else "",
        written,
        said_here or bool(written),
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
