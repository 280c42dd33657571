"""« Ce que le patient déclare »: the sections of the patient's profile that this professional may see, as written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from espace.clinical.facts.profile import Item, Profile, Section
from espace.clinical.queries.profile import profile
from espace.clinical.rules import profile as rules
from espace.kernel.ids import PatientId
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.frame import render
from espace.looks.stated import Row, moment_of, rows, told_day
from espace.looks.words import said
from espace.record import queries as record
from espace.record.facts import Document
from espace.workstation.pages.banner import banner
from espace.workstation.pages.refused import explained
from espace.workstation.paths import addresses_of, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/stated.html"
MOST = 50
"""Items of one section, the newest."""
_BY_DAY = frozenset({Section.MEASURES, Section.VACCINATIONS})
"""Sections that are read by day, the newest first, whenever they were typed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its items, or since when the patient says that it does not concern them; `warning`, of a blood group,
    that it is not valid for a transfusion."""

    word: str
    title: str
    icon: str
    rows: tuple[Row, ...]
    unconcerned: str
    warning: str


def stated(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    try:
        with visit.open(patient, Verb.LIST) as grant:
            found, who = profile(grant), banner(grant)
            documents = _linked(grant, found)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name, secret=visit.secret)
    page = addresses_of(patient).page
    parts = (_part(section, found, documents, page) for section in Section if section in found.sections)
    context = {
        "banner": who,
        "record": patient_path(patient),
        "parts": [one for one in parts if one.rows or one.unconcerned],
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def _linked(grant: Grant, found: Profile) -> dict[UUID, Document]:
    """The documents that something was linked to, of those that this professional may see."""
    wanted = {document for item in found.items for document in item.documents}
    return {one.id: one for one in record.documents(grant) if one.id in wanted} if wanted else {}


def _part(section: Section, found: Profile, documents: dict[UUID, Document], page: Callable[[UUID], str]) -> Part:
    sheet, day = rules.SHEETS[section], found.choices.unconcerned.get(section)
    return Part(
        section.value,
        said(sheet.title),
        sheet.icon,
        rows(_ordered(section, found)[:MOST], found.items, documents, page),
        told_day(day) if day else "",
        said(rules.UNVERIFIED) if section is Section.BLOOD else "",
    )


def _ordered(section: Section, found: Profile) -> Sequence[Item]:
    items = found.of(section)
    return sorted(items, key=moment_of, reverse=True) if section in _BY_DAY else items
