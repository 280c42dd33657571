"""Masking a document to professionals, and showing it again: what will happen, then one press (C29, D50)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from espace.edge import now
from espace.kernel.words import Grant, Verb
from espace.looks import cards
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record import queries as record

TEMPLATE = "portal/decision.html"


@dataclass(frozen=True, slots=True)
class Masking:
    """One of the two acts, in words (French, marked for translation)."""

    verb: Verb
    title: str
    effects: tuple[str, ...]
    button: str
    done: str
    act: Callable[[Grant, UUID], object]


def mask(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, MASK)


def unmask(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, UNMASK)


def _page(request: HttpRequest, visit: Visit, document_id: UUID, masking: Masking) -> HttpResponseBase:
    if request.method == "POST":
        visit.decide(masking.verb, lambda grant: masking.act(grant, document_id))
        return redirect_saying(document_path(document_id), gettext(masking.done), reader=visit.actor.id, at=now())
    with visit.open(Verb.LIST) as grant:
        document = record.document(grant, document_id)
    context = {
        "title": gettext(masking.title),
        "about": cards.title(document),
        "effects": [gettext(effect) for effect in masking.effects],
        "button": gettext(masking.button),
        "back": document_path(document_id),
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)


MASK = Masking(
    Verb.MASK,
    title=gettext_noop("Masquer ce document aux professionnels ?"),
    effects=(
        gettext_noop("Les professionnels ne le verront plus, dans aucune de ses versions."),
        gettext_noop("Rien ne leur dira qu’il existe."),
        gettext_noop("Qui l’a écrit le verra encore, marqué comme masqué, si cette personne peut lire votre espace."),
        gettext_noop("Votre médecin traitant, si vous en avez désigné un, le verra aussi."),
        gettext_noop("Un professionnel qui vous soigne pourrait en avoir besoin."),
        gettext_noop("Vous pourrez le rendre visible quand vous voudrez."),
    ),
    button=gettext_noop("Masquer aux professionnels"),
    done=gettext_noop("C’est fait : ce document est masqué aux professionnels."),
    act=lambda grant, document_id: actions.mask(grant, document_id),
)
UNMASK = Masking(
    Verb.UNMASK,
    title=gettext_noop("Rendre ce document visible aux professionnels ?"),
    effects=(
        gettext_noop("Les professionnels qui peuvent lire votre espace le verront, dans toutes ses versions."),
        gettext_noop("Ce qu’ils auront lu ou copié ne pourra pas être repris."),
        gettext_noop("Vous pourrez le masquer de nouveau quand vous voudrez."),
    ),
    button=gettext_noop("Rendre visible"),
    done=gettext_noop("C’est fait : ce document est visible des professionnels qui peuvent lire votre espace."),
    act=lambda grant, document_id: actions.unmask(grant, document_id),
)
