"""« Aider quelqu’un »: where a digital adviser types the code of whom they help (O05)."""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from espace.access import gate
from espace.edge import now
from espace.identity.actions.mandates import answer_help
from espace.identity.facts.mandates import Helps, Mandate, MandateState
from espace.identity.queries.advising import code_token
from espace.identity.queries.mandates import asked_with
from espace.identity.rules.advising import typed
from espace.kernel.ids import PatientId
from espace.kernel.reasons import advising, helping
from espace.kernel.words import Purpose, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import note_in, redirect_saying
from espace.looks.plain import too_many
from espace.looks.words import clock_time, said
from espace.portal.pages.relatives.forms import CodeOfSessionForm
from espace.portal.pages.visit import Visit
from espace.portal.spaces import helped_in, path_of

TEMPLATE = "portal/relatives/adviser.html"
INVALID = 422
WRONG = {"advising": "10/15m/key"}
"""Wrong codes of one account in a quarter of an hour; beyond, it waits."""
_TOLD = frozenset({helping.HELP_ONESELF, helping.HELPS_ALREADY, helping.HELP_CIRCLE, advising.ADVISES_ALREADY})
"""What is told to who has a right code; every other one is wrong, and all wrong ones alike."""


def adviser(request: HttpRequest, visit: Visit) -> HttpResponseBase:
    """For digital advisers; to anybody else it is an address that leads nowhere."""
    if not visit.adviser:
        raise Http404
    form = CodeOfSessionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        tried = ratelimit.consume(request, app="portal", action="advising", config=WRONG, key=str(visit.actor.id))
        if tried is None:
            return too_many(request)
        begun = _begun(visit, form)
        if begun is not None:
            tried.rollback()
            told = gettext("C’est commencé : vous êtes dans l’espace de %(name)s.") % {"name": begun.helped_name}
            return redirect_saying(f"/pour/{begun.id}/", told, reader=visit.actor.id, at=now())
    sessions = (
        one for one in helped_in(request) if one.mandate.kind is Helps.ADVISER and one.state is MandateState.IN_FORCE
    )
    context = {
        "form": form,
        "note": note_in(request, reader=visit.actor.id, at=now()),
        "structure": visit.adviser,
        "sessions": [(one.mandate.helped_name, path_of(one), _until(one.mandate)) for one in sessions],
    }
    return render(request, TEMPLATE, context, name=visit.name, status=INVALID if form.errors else 200)


def _begun(visit: Visit, form: CodeOfSessionForm) -> Mandate | None:
    """The session that this code begins; None, and why beside the field."""
    token = code_token(typed(form.cleaned_data["code"]))
    patient = asked_with(token, at=now())
    try:
        if patient is None:
            raise Refused(helping.INVITATION_UNKNOWN)
        return gate.run_again(lambda: _begin(visit, patient, token))
    except Refused as refused:
        alike = gettext("Ce code n’est pas le bon, ou ne vaut plus. Demandez-en un autre à la personne que vous aidez.")
        form.add_error("code", said(refused.reason.professional) if refused.reason in _TOLD else alike)
        return None


def _begin(visit: Visit, patient: PatientId, token: str) -> Mandate:
    with gate.open_record(
        actor=visit.actor, patient=patient, purpose=Purpose.PROXY, verb=Verb.ANSWER, at=now(), invitation=token
    ) as grant:
        return answer_help(grant, accepts=True)


def _until(session: Mandate) -> str:
    return clock_time(session.until) if session.until else ""
