"""« Chercher un professionnel »: in the directory, by name, to block somebody who never came or to name one’s doctor.

A name that somebody looks for tells of their health: in the address it travels sealed, as other searches.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from espace.access import queries as access
from espace.access.facts import Relation
from espace.access.rules import gives_care
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Activity, Professional
from espace.kernel.words import Verb
from espace.looks.filters import Chosen, chosen_in, sealed, unsealed
from espace.looks.frame import render
from espace.looks.professions import profession_name
from espace.portal.pages.readers import Choice, about, choices, why
from espace.portal.pages.team_words import teams_in_force
from espace.portal.pages.visit import Visit
from espace.wire.nomenclature import profession_label, specialty_label

TEMPLATE = "portal/directory.html"
MOST_FOUND = 20
LEAST_LETTERS = 2
MOST_PLACES = 3
EMPTY = "vide"
"""In the address after a search for nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """One professional of the directory; every text is ready to be read."""

    name: str
    about: str
    places: tuple[str, ...]
    why: tuple[str, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """What a search of the directory answers, and what is to be said of it."""

    words: str
    wrong: str
    found: tuple[Professional, ...]
    counted: str

    @property
    def searched(self) -> bool:
        return bool(self.words)


def professionals(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    path, at = reverse("professionals"), now()
    if request.method == "POST":
        return to_results(request, visit, path)
    with visit.open(Verb.HISTORY) as grant:
        known = {one.professional: one for one in access.relations(grant)}
    directory = found_in(request, visit)
    context = {"directory": directory, "path": path, "found": [_found(one, known, at) for one in directory.found]}
    return render(request, TEMPLATE, context, name=visit.name)


def found_in(request: HttpRequest, visit: Visit) -> Results:
    """What the words in the address find; nobody without words."""
    words = unsealed(request.GET.get("filtre", ""), visit.actor.id).words
    found = identity.search_professionals(words, limit=MOST_FOUND) if len(words) >= LEAST_LETTERS else ()
    return Results(words, _wrong(words, empty=EMPTY in request.GET), found, _counted(len(found)))


def to_results(request: HttpRequest, visit: Visit, path: str) -> HttpResponseRedirect:
    """From the words that were posted to the page that shows whom they find."""
    words = Chosen(words=chosen_in(request.POST).words)
    query = {"filtre": sealed(words, visit.actor.id)} if words.some else {EMPTY: "1"}
    return HttpResponseRedirect(f"{path}?{urlencode(query)}")


def _wrong(words: str, *, empty: bool) -> str:
    """What to write instead; "" when there is nothing to say."""
    if not words:
        return gettext("Écrivez un nom.") if empty else ""
    return gettext("Écrivez au moins deux lettres.") if len(words) < LEAST_LETTERS else ""


def _counted(count: int) -> str:
    if count >= MOST_FOUND:
        return gettext("Les %(count)s premiers. Précisez le nom si vous ne trouvez pas.") % {"count": count}
    return ngettext("%(count)s professionnel", "%(count)s professionnels", count) % {"count": count}


def _found(one: Professional, known: Mapping[UUID, Relation], at: datetime) -> Found:
    relation, profession = known.get(one.id), one.profession if one.active else ""
    joined = joining(one.id, profession, relation, teams_in_force(known.values(), at))
    return Found(
        name=one.name,
        about=trade(one),
        places=tuple(place(activity) for activity in one.activities[:MOST_PLACES]),
        why=tuple(why(relation, at)) if relation else (),
        choices=(*joined, *choices(one.id, profession, relation, at)),
    )


def joining(
    professional: UUID, profession: str, relation: Relation | None, teams: Mapping[UUID, list[Relation]]
) -> Iterator[Choice]:
    """The teams in force to which the holder may add this professional."""
    blocked = relation is not None and relation.blocked_at is not None
    if blocked or not gives_care(profession) or any(relation in members for members in teams.values()):
        return
    for team, members in teams.items():
        place = members[0].team
        name = place.recorder_name if place else ""
        label = gettext("Ajouter à l’équipe de soins formée par %(name)s") % {"name": name}
        yield Choice(reverse("join_team", args=[professional, team]), label)


def trade(one: Professional) -> str:
    """« Médecin · Médecine générale »."""
    profession, specialty = profession_name(one.profession), specialty_label(one.specialty) or ""
    same = specialty.casefold() == profession_label(one.profession).casefold()
    return profession if same else about(profession, specialty)


def place(activity: Activity) -> str:
    """« Cabinet des Lices, Rennes »."""
    return ", ".join(filter(None, (activity.name, activity.city)))
