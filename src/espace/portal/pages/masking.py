"""Masking a document to professionals, and showing it again: what will happen, then one press (C29, D50)."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.kernel.words import Grant, Verb
from espace.looks import cards
from espace.portal.pages.confirming import Act, Object, confirmed
from espace.portal.pages.visit import Visit
from espace.portal.places import document_path
from espace.record import actions
from espace.record import queries as record


@dataclass(frozen=True, slots=True)
class Masking(Act):
    """One of the two acts on a document."""

    act: Callable[[Grant, UUID], object]
    beside: Callable[[UUID], tuple[str, str]] = lambda document_id: ("", "")


def mask(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, MASK)


def unmask(request: HttpRequest, visit: Visit, document_id: UUID) -> HttpResponseBase:
    return _page(request, visit, document_id, UNMASK)


def _page(request: HttpRequest, visit: Visit, document_id: UUID, masking: Masking) -> HttpResponseBase:
    def look(grant: Grant) -> Object:
        return Object(cards.title(record.document(grant, document_id)), beside=masking.beside(document_id))

    def press(grant: Grant) -> str:
        masking.act(grant, document_id)
        return ""

    back = document_path(document_id)
    return confirmed(request, visit, masking, opened_to=Verb.LIST, look=look, press=press, back=back)


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
    beside=lambda document_id: (
        reverse("hide_choose", args=[document_id]), gettext("Le masquer à un seul professionnel")
    ),
)
UNMASK = Masking(
    Verb.UNMASK,
    title=gettext_noop("Rendre ce document visible aux professionnels ?"),
    effects=(
        gettext_noop("Les professionnels qui peuvent lire votre espace le verront, dans toutes ses versions."),
        gettext_noop("Ce qu’ils auront lu ou copié ne pourra pas être repris."),
        gettext_noop("À qui vous l’avez masqué en particulier, il le reste."),
        gettext_noop("Vous pourrez le masquer de nouveau quand vous voudrez."),
    ),
    button=gettext_noop("Rendre visible"),
    done=gettext_noop("C’est fait : ce document est visible des professionnels qui peuvent lire votre espace."),
    act=lambda grant, document_id: actions.unmask(grant, document_id),
)
