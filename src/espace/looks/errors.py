"""The pages of Django's own errors, in the look of the others. None needs the database."""

import sys
from collections.abc import Callable

from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from espace.keys.facts import KeyServiceUnavailable
from espace.looks.frame import door_of, home_of, render
from espace.looks.plain import TEMPLATE, Said, missing, too_many

_GONE = (KeyServiceUnavailable, OperationalError, InterfaceError, IntegrityError)


def is_outage(exception: BaseException | None) -> bool:
    """A part that does not answer (keys, database), that others kept busy, or that only reads for now: try again."""
    return isinstance(exception, _GONE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        400,
        gettext("La demande n’a pas été comprise"),
        gettext("Ce que votre navigateur a envoyé n’est pas lisible. Rien n’a été enregistré."),
        gettext("Revenez à la page précédente et recommencez."),
    )


def unreadable(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        400,
        gettext("La demande n’a pas été comprise"),
        gettext("Ce que votre navigateur a envoyé n’est pas écrit en UTF-8 : rien n’a été lu ni enregistré."),
        gettext("Revenez à la page précédente et recommencez, avec un autre navigateur si cela se reproduit."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        gettext("Ce n’est pas possible"),
        gettext("Vous n’avez pas accès à cette page."),
        gettext("Repartez de l’accueil."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        gettext("La page était ouverte depuis trop longtemps"),
        gettext("Par sécurité, ce que vous avez envoyé n’a pas été pris en compte. Rien n’a été enregistré."),
        gettext("Revenez à la page précédente, actualisez-la et recommencez. Les cookies doivent être acceptés."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """In the frame of whoever is signed in at that door; of nobody while who they are cannot be read."""
    own = door_of(request).absent if hasattr(request, "session") else ""
    page: Callable[[HttpRequest], HttpResponse] = import_string(own) if own else missing
    try:
        return page(request)
    except _GONE:
        return missing(request)


def throttled(request: HttpRequest) -> HttpResponse:
    return too_many(request)


def broken(request: HttpRequest) -> HttpResponse:
    """An error that no page foresaw. Those of a session that cannot be read or kept come here, for they are raised
    around the pages: whether a part is missing is asked here too."""
    if is_outage(sys.exc_info()[1]):
        return unavailable(request)
    return _page(
        request,
        500,
        gettext("Quelque chose n’a pas marché"),
        gettext("L’erreur vient de nous, pas de vous. Elle a été notée et les documents sont intacts."),
        gettext("Réessayez dans quelques minutes."),
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        503,
        gettext("Momentanément indisponible"),
        gettext("Une partie du service ne répond pas. Les documents sont intacts."),
        gettext("Réessayez dans quelques minutes."),
    )


def _page(request: HttpRequest, status: int, title: str, what: str, todo: str) -> HttpResponse:
    words = Said(title, what, todo, home_of(request), gettext("Revenir à l’accueil"))
    return render(request, TEMPLATE, {"said": words}, status=status)
