"""« Fermer l’espace »: suspended at once, closed after a while, reopened at any moment (A30-A33; CSP R1111-36)."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.edge import now
from espace.enrolment import actions as enrolment
from espace.kernel.words import Grant, Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.words import full_date, local_day
from espace.portal.pages.confirming import TEMPLATE, Act, Object, confirmed
from espace.portal.pages.visit import Visit

CLOSE = Act(
    Verb.CLOSE,
    title=gettext_noop("Fermer votre espace de santé ?"),
    effects=(
        gettext_noop("Plus personne ne le lit dès maintenant : ni professionnel, ni personne qui vous aide, ni vous."),
        gettext_noop("Après cette date, plus rien n’y arrive non plus. Ce qu’il contient est gardé sous clé."),
        gettext_noop("Vous pouvez le rouvrir quand vous voulez : connectez-vous, et tout y est encore."),
        gettext_noop("Pour en garder une copie chez vous, téléchargez-la avant."),
    ),
    button=gettext_noop("Fermer mon espace"),
    done=gettext_noop("C’est noté : votre espace est suspendu."),
)
REOPEN = Act(
    Verb.REOPEN,
    title=gettext_noop("Rouvrir votre espace de santé ?"),
    effects=(
        gettext_noop("Vous retrouvez vos documents, votre historique et vos choix."),
        gettext_noop("Ceux qui pouvaient le lire le peuvent à nouveau, si leur accès dure encore."),
    ),
    button=gettext_noop("Rouvrir mon espace"),
    done=gettext_noop("C’est fait : votre espace est rouvert."),
)


def close(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    day = full_date(local_day(now() + timedelta(days=settings.ESPACE_CLOSING_DAYS)))
    until = gettext("Des documents peuvent encore y arriver jusqu’au %(day)s. Il est alors fermé.") % {"day": day}
    beside = (reverse("copy"), gettext("Télécharger une copie d’abord"))

    def press(grant: Grant) -> str:
        enrolment.ask_closing(grant)
        return ""

    return confirmed(
        request,
        visit,
        CLOSE,
        opened_to=Verb.HISTORY if visit.own else Verb.CLOSE,  # nobody who helps is shown what they may not do
        look=lambda grant: Object("", also=(until,), beside=beside),
        press=press,
        back=reverse("reopen_space"),
    )


def reopen(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """Asking opens nothing: the space is nobody's to read until it is reopened."""
    if request.method == "POST":
        visit.decide(Verb.REOPEN, enrolment.reopen)
        return redirect_saying(reverse("home"), gettext(REOPEN.done), reader=visit.actor.id, at=now())
    context = {
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "title": gettext(REOPEN.title),
        "about": "",
        "effects": list(map(gettext, REOPEN.effects)),
        "button": gettext(REOPEN.button),
        "back": reverse("home"),
    }
    return render(request, TEMPLATE, context, name=visit.name)
