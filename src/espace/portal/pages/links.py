"""What an activation link says when it opens nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from espace.looks.frame import render
from espace.looks.plain import TEMPLATE, Said


def dead_link(request: HttpRequest) -> HttpResponse:
    """One answer for a link that never existed, was used, has expired or was tried too often."""
    words = Said(
        title=gettext("Ce lien ne marche pas, ou ne marche plus"),
        what=gettext("Un lien d’activation ne sert qu’une fois, pendant six semaines."),
        todo=gettext(
            "Vérifiez que vous avez ouvert le lien du dernier courriel reçu, en entier. "
            "Si votre espace est déjà activé, connectez-vous. "
            "Sinon, demandez un nouveau lien à l’organisme qui vous a ouvert cet espace."
        ),
        path=reverse("account_login"),
        action=gettext("Se connecter"),
    )
    return render(request, TEMPLATE, {"said": words}, status=404)


def tried_too_often(request: HttpRequest, token: str) -> HttpResponse:
    """Too many wrong answers behind one activation link: it waits."""
    words = Said(
        title=gettext("Trop d’essais"),
        what=gettext("Par sécurité, il faut attendre dix minutes avant d’essayer de nouveau."),
        todo=gettext("Rien n’est perdu : votre lien d’activation reste le même."),
        path=reverse("activation", args=[token]),
        action=gettext("Revenir à l’activation"),
    )
    return render(request, TEMPLATE, {"said": words}, status=429)


def activated_already(request: HttpRequest) -> HttpResponse:
    """For somebody who has proved the birth date: the second of two clicks, or a space activated elsewhere."""
    words = Said(
        title=gettext("Votre espace est activé"),
        what=gettext("Vous pouvez vous connecter, avec votre identifiant, votre mot de passe et votre application."),
        todo=gettext(
            "Ce n’est pas vous qui l’avez activé ? Suivez « Je n’arrive plus à me connecter » à la page de connexion : "
            "tout ce qui sert à entrer sera remplacé."
        ),
        path=reverse("account_login"),
        action=gettext("Se connecter"),
    )
    return render(request, TEMPLATE, {"said": words})
