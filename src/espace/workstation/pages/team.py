"""« Équipe de soins »: who reads on the consent that the patient gave for the team, and how a colleague joins it.

A colleague is found in the directory, by name; the name that is looked for travels sealed, as other searches.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import urlencode
from django.utils.translation import gettext

from espace.access import actions as access
from espace.access.facts import Membership, Relation
from espace.access.queries import team_of
from espace.access.rules import gives_care
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Professional
from espace.kernel.ids import PatientId
from espace.kernel.reasons import care
from espace.kernel.words import Grant, Refused, Verb
from espace.looks.filters import Chosen, chosen_in, sealed, unsealed
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.professions import profession_name
from espace.looks.words import full_date, full_moment, local_day
from espace.workstation.pages.banner import banner
from espace.workstation.pages.refused import explained
from espace.workstation.paths import patient_path, team_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/team.html"
MOST_FOUND = 20
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Colleague:
    """One professional; every text is ready to be read."""

    id: UUID
    name: str
    about: str
    since: str = ""


def team(request: HttpRequest, visit: Visit, patient_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)
    if request.method == "POST":
        asked = Chosen(words=chosen_in(request.POST).words)
        query = "?" + urlencode({"filtre": sealed(asked, visit.actor.id)}) if asked.some else ""
        return HttpResponseRedirect(team_path(patient) + query)
    try:
        with visit.open(patient, Verb.TEAM) as grant:
            members, who = team_of(grant), banner(grant)
    except Refused as refused:
        return explained(request, refused.reason, patient, name=visit.actor.name)
    words = unsealed(request.GET.get("filtre", ""), visit.actor.id).words
    context = {
        "banner": who,
        "record": patient_path(patient),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "members": [_member(one) for one in members],
        "until": _until(members),
        "patient": patient,
        "words": words,
        "wrong": gettext("Écrivez au moins deux lettres.") if 0 < len(words) < LEAST_LETTERS else "",
        "found": _found(words, {one.professional for one in members}),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


def add(request: HttpRequest, visit: Visit, patient_id: UUID, professional_id: UUID) -> HttpResponseBase:
    patient = PatientId(patient_id)

    def added(grant: Grant) -> str:
        colleague = identity.professional(professional_id)
        if colleague is None:
            raise Refused(care.PROFESSIONAL_UNKNOWN)
        access.add_member(grant, colleague)
        return colleague.name

    name = visit.decide(patient, Verb.ADD_MEMBER, added)
    said = gettext("%(name)s fait partie de l’équipe. Le patient en est averti.") % {"name": name}
    return redirect_saying(team_path(patient), said, reader=visit.actor.id, at=now())


def _found(words: str, members: Collection[UUID]) -> list[Colleague]:
    if len(words) < LEAST_LETTERS:
        return []
    found = identity.search_professionals(words, limit=MOST_FOUND)
    others = (one for one in found if gives_care(one.profession) and one.id not in members)
    return [Colleague(one.id, one.name, _about(one)) for one in others]


def _about(one: Professional) -> str:
    """« Infirmier · Cabinet des Lices, Rennes »."""
    places = [", ".join(filter(None, (place.name, place.city))) for place in one.activities[:1]]
    return " · ".join(filter(None, (profession_name(one.profession), *places)))


def _member(one: Relation) -> Colleague:
    about = " · ".join(filter(None, (profession_name(one.profession), one.organisation_name)))
    return Colleague(one.professional, one.name, about, _since(one.team) if one.team else "")


def _since(place: Membership) -> str:
    words = {"day": full_date(local_day(place.at)), "name": place.adder_name}
    if place.by_holder:
        return gettext("Depuis le %(day)s. Ajout fait par le patient.") % words
    if place.adder_name:
        return gettext("Depuis le %(day)s. Ajout fait par %(name)s.") % words
    return gettext("Depuis le %(day)s : a enregistré l’accord du patient.") % words


def _until(members: Collection[Relation]) -> str:
    ends = (one.team.consent.until for one in members if one.team)
    return next((full_moment(end) for end in ends if end), "")
