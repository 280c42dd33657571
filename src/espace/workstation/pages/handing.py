"""Coming from one's own software by a contextual address (TD0.9), to the page of the patient that it was asked for.

The address is used up by a press, not by being looked at: programs that look at links do not sign in, and press
nothing.
"""

from collections.abc import Callable, Mapping
from functools import partial

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from espace.access.actions import take_over
from espace.access.facts import Shown
from espace.access.gate import run_again
from espace.edge import now
from espace.kernel.ids import PatientId
from espace.kernel.reasons import national as reasons
from espace.kernel.words import Refused
from espace.looks.frame import render
from espace.workstation.paths import consent_path, history_path, patient_path
from espace.workstation.visit import Visit

TEMPLATE = "workstation/handing.html"
DOCUMENTS = "#all"


def _history(patient: PatientId, *, secret: bool = False) -> str:
    """No log is read in a session of secret care: there, the record."""
    return patient_path(patient, secret=True) if secret else history_path(patient)


def _documents(patient: PatientId, *, secret: bool = False) -> str:
    return patient_path(patient, secret=secret) + DOCUMENTS


_PAGES: Mapping[Shown, Callable[..., str]] = {
    Shown.RECORD: patient_path,
    Shown.DOCUMENTS: _documents,
    Shown.HISTORY: _history,
    Shown.CONSENT: consent_path,
}


def hand_over(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """One press leads on. Used, too old, somebody else's or never made: always the same page."""
    if request.method != "POST":
        return render(request, TEMPLATE, {}, name=visit.actor.name)
    led = run_again(partial(take_over, token, by=visit.actor, at=now()))
    if led is None:
        raise Refused(reasons.HANDOVER_SPENT)
    return HttpResponseRedirect(_PAGES[led.shown](led.patient, secret=led.secret))
