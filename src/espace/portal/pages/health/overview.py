"""« Ma synthèse »: the fourteen sections on one sheet, to be read at once, or printed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical.facts.profile import Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.identity import queries as identity
from espace.identity.facts import Person
from espace.kernel.words import Verb
from espace.looks.frame import render
from espace.looks.stated import Answer, rows
from espace.looks.words import full_date, local_day, said
from espace.portal.pages.health.measures import lasts
from espace.portal.pages.health.section import path_of
from espace.portal.pages.health.words import counted
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.portal.whose import gettext

TEMPLATE = "portal/health/overview.html"


@dataclass(frozen=True, slots=True)
class Line:
    """What was stated: `told` in sentences, `answers` by their label; the name was `typed`, or chosen."""

    name: str
    told: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A section; `nothing` stands there without a line, `warning` after the lines. `hidden`: from professionals."""

    slug: str
    path: str
    title: str
    lines: tuple[Line, ...]
    nothing: str
    warning: str
    hidden: bool


def overview(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    with visit.open(Verb.LIST) as grant:
        found, person = profile(grant), identity.own_person(grant)
    parts = [part(section, found) for section in Section]
    context = {
        "whose": person.name,
        "born": _born(person),
        "today": full_date(local_day(grant.at)),
        "parts": parts,
        "hides": any(one.hidden and one.lines for one in parts),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _born(person: Person) -> str:
    words = gettext("née le %(day)s") if person.traits.sex == "F" else gettext("né le %(day)s")
    return words % {"day": full_date(person.traits.birth_date)}


def part(section: Section, found: Profile) -> Part:
    lines = tuple(_measures(found) if section is Section.MEASURES else _lines(section, found))
    return Part(
        slug=section.value,
        path=path_of(section),
        title=said(rules.SHEETS[section].title),
        lines=lines,
        nothing="" if lines else counted(section, 0, found.choices),
        warning=said(rules.UNVERIFIED) if lines and section is Section.BLOOD else "",
        hidden=section in found.choices.hidden,
    )


def _lines(section: Section, found: Profile) -> Iterator[Line]:
    stated = rows(found.of(section), found.items, {}, document_path)
    return (Line(row.name, answers=row.answers, typed=row.typed) for row in stated)


def _measures(found: Profile) -> Iterator[Line]:
    """The last value of each measure, and its target."""
    return (Line(one.name, tuple(filter(None, (one.last, one.target)))) for one in lasts(found))
