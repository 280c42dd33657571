"""Pages that say one thing: a refusal, an error, a dead link. What happened, what it means, what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from espace.kernel.reasons import Reason
from espace.portal.pages.frame import render
from espace.portal.pages.words import said

TEMPLATE = "portal/plain.html"
SERVICE_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    what: str
    todo: str
    path: str
    action: str


def refusal(request: HttpRequest, reason: Reason, *, name: str) -> HttpResponse:
    """The one page of every refusal. A reason told as « not found » is told by the page of what does not exist."""
    if reason.told_code == "not_found":
        return missing(request, name=name)
    titles = {SERVICE_UNAVAILABLE: gettext("Momentanément indisponible")}
    words = Said(
        title=titles.get(reason.status, gettext("Ce n’est pas possible")),
        what=said(reason.holder),
        todo=said(reason.fix) if reason.fix else "",
        path="/",
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, name=name, status=reason.status)


def missing(request: HttpRequest, *, name: str = "") -> HttpResponse:
    words = Said(
        title=gettext("Cette page n’existe pas"),
        what=gettext("L’adresse est fausse, ou ce qu’elle montrait n’existe pas ou n’est pas accessible."),
        todo=gettext("Vérifiez l’adresse, ou repartez de l’accueil."),
        path="/",
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, name=name, status=404)


def dead_link(request: HttpRequest) -> HttpResponse:
    """One answer for a link that never existed, was used, has expired or was tried too often."""
    words = Said(
        title=gettext("Ce lien ne marche pas, ou ne marche plus"),
        what=gettext("Un lien d’activation ne sert qu’une fois, pendant six semaines."),
        todo=gettext(
            "Vérifiez que vous avez ouvert le dernier courrier reçu, en entier. "
            "Si votre espace est déjà activé, connectez-vous. Sinon, demandez un nouveau lien à l’assistance."
        ),
        path="/connexion/",
        action=gettext("Se connecter"),
    )
    return render(request, TEMPLATE, {"said": words}, status=404)


def activated_already(request: HttpRequest) -> HttpResponse:
    """For somebody who has proved the birth date: the second of two clicks, or a space activated elsewhere."""
    words = Said(
        title=gettext("Votre espace est activé"),
        what=gettext("Vous pouvez vous connecter, avec votre identifiant, votre mot de passe et votre application."),
        todo=gettext("Ce n’est pas vous qui l’avez activé ? Prévenez tout de suite l’assistance."),
        path="/connexion/",
        action=gettext("Se connecter"),
    )
    return render(request, TEMPLATE, {"said": words})


def too_many(request: HttpRequest) -> HttpResponse:
    words = Said(
        title=gettext("Trop d’essais"),
        what=gettext("Par sécurité, il faut attendre quelques minutes avant d’essayer de nouveau."),
        todo=gettext("Rien n’est perdu : votre espace et vos documents sont toujours là."),
        path="/",
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, status=429)
