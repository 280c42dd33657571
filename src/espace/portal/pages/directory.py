"""« Chercher un professionnel »: in the directory, by name, to block somebody who never came or to name one’s doctor.

A name that somebody looks for tells of their health: in the address it travels sealed, as other searches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from espace.access import queries as access
from espace.access.facts import Relation
from espace.edge import now
from espace.identity import queries as identity
from espace.identity.facts import Activity, Professional
from espace.kernel.words import Verb
from espace.looks.filters import Chosen, chosen_in, sealed, unsealed
from espace.looks.frame import render
from espace.looks.professions import profession_name
from espace.portal.pages.readers import Choice, about, choices, why
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


def professionals(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        return _to_results(chosen_in(request.POST), visit)
    words = unsealed(request.GET.get("filtre", ""), visit.actor.id).words
    enough = len(words) >= LEAST_LETTERS
    with visit.open(Verb.HISTORY) as grant:
        known = {one.professional: one for one in access.relations(grant)}
    found = identity.search_professionals(words, limit=MOST_FOUND) if enough else ()
    context = {
        "words": words,
        "searched": bool(words),
        "wrong": _wrong(words, empty=EMPTY in request.GET),
        "found": [_found(one, known) for one in found],
        "counted": _counted(len(found)),
    }
    return render(request, TEMPLATE, context, name=visit.name)


def _to_results(chosen: Chosen, visit: Visit) -> HttpResponseRedirect:
    words = Chosen(words=chosen.words)
    query = {"filtre": sealed(words, visit.actor.id)} if words.some else {EMPTY: "1"}
    return HttpResponseRedirect(f"{reverse('professionals')}?{urlencode(query)}")


def _wrong(words: str, *, empty: bool) -> str:
    """What to write instead; "" when there is nothing to say."""
    if not words:
        return gettext("Écrivez un nom.") if empty else ""
    return gettext("Écrivez au moins deux lettres.") if len(words) < LEAST_LETTERS else ""


def _counted(count: int) -> str:
    if count >= MOST_FOUND:
        return gettext("Les %(count)s premiers. Précisez le nom si vous ne trouvez pas.") % {"count": count}
    return ngettext("%(count)s professionnel", "%(count)s professionnels", count) % {"count": count}


def _found(one: Professional, known: Mapping[UUID, Relation]) -> Found:
    relation = known.get(one.id)
    return Found(
        name=one.name,
        about=trade(one),
        places=tuple(place(activity) for activity in one.activities[:MOST_PLACES]),
        why=tuple(why(relation, now())) if relation else (),
        choices=choices(one.id, one.profession if one.active else "", relation),
    )


def trade(one: Professional) -> str:
    """« Médecin · Médecine générale »."""
    profession, specialty = profession_name(one.profession), specialty_label(one.specialty) or ""
    same = specialty.casefold() == profession_label(one.profession).casefold()
    return profession if same else about(profession, specialty)


def place(activity: Activity) -> str:
    """« Cabinet des Lices, Rennes »."""
    return ", ".join(filter(None, (activity.name, activity.city)))
