"""« Comment obtenir l'accès, et pourquoi je vois ce que je vois »."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from espace.access.queries.entitlement import entitlement
from espace.edge import now
from espace.looks.frame import render
from espace.looks.professions import profession_name
from espace.wire.nomenclature import TYPES, type_label
from espace.workstation.pages.kinds import named
from espace.workstation.visit import Visit

TEMPLATE = "workstation/help.html"


def helping(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What the professional's own profession reads and writes, from the matrix in force today."""
    reads, writes = entitlement(visit.actor.profession, now())
    kinds = sorted((type_label(code), code) for code, one in TYPES.items() if named(one))
    context = {
        "profession": profession_name(visit.actor.profession) or gettext("Votre profession"),
        "read": [label for label, code in kinds if code in reads],
        "unread": [label for label, code in kinds if code not in reads],
        "unwritten": [label for label, code in kinds if code not in writes],
    }
    return render(request, TEMPLATE, context, name=visit.actor.name)
