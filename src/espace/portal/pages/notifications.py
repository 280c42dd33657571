"""« Notifications »: which e-mails the holder wants. None says anything of health; the portal tells all."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_noop

from espace.edge import now
from espace.kernel.words import Verb
from espace.looks.frame import render, tabs
from espace.looks.notes import note_in, redirect_saying
from espace.notices import actions
from espace.notices import queries as notices
from espace.notices.facts import Preferences, Wish
from espace.portal.pages.visit import Visit
from espace.portal.places import SHARING
from espace.portal.whose import gettext

TEMPLATE = "portal/notifications.html"
CHOSEN = "courriel"

WISHES = (
    (Wish.NEW_DOCUMENT, gettext_noop("quand un nouveau document arrive")),
    (Wish.REPLACED, gettext_noop("quand un document a une nouvelle version, ou est décrit autrement")),
    (Wish.DELETED, gettext_noop("quand un document est supprimé par qui l’avait déposé")),
    (Wish.UNMASKED, gettext_noop("quand un document masqué est montré de nouveau aux professionnels")),
    (Wish.FIRST_ACCESS, gettext_noop("quand un professionnel lit mon espace pour la première fois")),
    (Wish.ACCESS, gettext_noop("chaque jour où un professionnel lit mon espace")),
    (Wish.SHARING, gettext_noop("quand quelqu’un obtient le droit de lire mon espace")),
)


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    checked: bool


def notifications(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    if request.method == "POST":
        chosen = frozenset(request.POST.getlist(CHOSEN))
        wanted = Preferences(frozenset(wish for wish in Wish if wish in chosen))
        visit.decide(Verb.SETTINGS, lambda grant: actions.set_preferences(grant, wanted))
        said = gettext("C’est noté : vos choix sont enregistrés.")
        return redirect_saying(reverse("notifications"), said, reader=visit.actor.id, at=now())
    with visit.open(Verb.HISTORY) as grant:
        mailed = notices.preferences(grant).mailed
    context = {
        "tabs": tabs(request, SHARING),
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "choices": tuple(Choice(wish.value, gettext(label), wish in mailed) for wish, label in WISHES),
    }
    return render(request, TEMPLATE, context, name=visit.name)
