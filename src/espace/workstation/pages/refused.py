"""Why a record stays closed, with the way to get access where there is one."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from espace.kernel.ids import PatientId
from espace.kernel.reasons import Reason, care, emergency, teams
from espace.looks.frame import render
from espace.looks.plain import TEMPLATE, Said, refusal
from espace.looks.words import said
from espace.workstation.paths import consent_path

_NEEDS_CONSENT = (care.CONSENT_MISSING, care.CONSENT_LAPSED, emergency.GLASS_ENDED, teams.TEAM_MISSING)


def explained(
    request: HttpRequest, reason: Reason, patient: PatientId, *, name: str, secret: bool = False
) -> HttpResponse:
    """The page of a refusal: for want of consent it leads to where consent is recorded."""
    if reason not in _NEEDS_CONSENT or reason.fix is None:
        return refusal(request, reason, name=name)
    words = Said(
        title=gettext("Il faut l’accord du patient"),
        what=said(reason.professional),
        todo=said(reason.fix),
        path=consent_path(patient, secret=secret),
        action=gettext("Enregistrer l’accord du patient"),
    )
    return render(request, TEMPLATE, {"said": words}, name=name, status=reason.status)
