"""Pages that say one thing: a refusal, an error. What happened, what it means, what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from espace.kernel.reasons import Reason
from espace.kernel.reasons.helped import fix_for_helper, told_to_helper
from espace.looks.frame import door_of, home_of, render
from espace.looks.words import said

TEMPLATE = "looks/plain.html"
SERVICE_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    what: str
    todo: str
    path: str
    action: str


def refusal(
    request: HttpRequest, reason: Reason, *, name: str, to_helper: bool = False, onward: tuple[str, str] = ("", "")
) -> HttpResponse:
    """The one page of every refusal. A reason told as « not found » is told by the page of what does not exist.
    `to_helper`: to somebody who is in another person's space, whom the sentences for the holder do not speak to.
    `onward`: the address and the words of what they can do, instead of going back to the first page."""
    if reason.told_code == "not_found":
        return missing(request, name=name)
    door = door_of(request)
    todo = fix_for_helper(reason) if to_helper else door.fix(reason)
    titles = {SERVICE_UNAVAILABLE: gettext("Momentanément indisponible")}
    words = Said(
        title=titles.get(reason.status, gettext("Ce n’est pas possible")),
        what=said(told_to_helper(reason) if to_helper else door.told(reason)),
        todo=said(todo) if todo else "",
        path=onward[0] or home_of(request),
        action=onward[1] or gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, name=name, status=reason.status)


def missing(request: HttpRequest, *, name: str = "") -> HttpResponse:
    words = Said(
        title=gettext("Cette page n’existe pas"),
        what=gettext("L’adresse est fausse, ou ce qu’elle montrait n’existe pas ou n’est pas accessible."),
        todo=gettext("Vérifiez l’adresse, ou repartez de l’accueil."),
        path=home_of(request),
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, name=name, status=404)


def too_many(request: HttpRequest) -> HttpResponse:
    words = Said(
        title=gettext("Trop d’essais"),
        what=gettext("Par sécurité, il faut attendre quelques minutes avant d’essayer de nouveau."),
        todo=gettext("Rien n’est perdu : les documents sont toujours là."),
        path=home_of(request),
        action=gettext("Revenir à l’accueil"),
    )
    return render(request, TEMPLATE, {"said": words}, status=429)
