"""Answering an invitation to help, and the declaration of who was stated to represent somebody."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from espace.access import gate
from espace.edge import now
from espace.identity.actions.mandates import answer_help
from espace.identity.facts.mandates import Helped, MandateState
from espace.identity.queries import invitation
from espace.kernel.reasons import helping
from espace.kernel.words import Purpose, Refused, Verb
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.portal.pages.relatives import words
from espace.portal.pages.relatives.forms import AnswerForm
from espace.portal.pages.visit import Visit
from espace.portal.spaces import account_path, helped_in, path_of

TEMPLATE = "portal/relatives/answer.html"
ACCEPTS, DECLINES = "accepter", "refuser"


def answer(request: HttpRequest, visit: Visit, token: str) -> HttpResponseBase:
    """The link of an invitation: for whoever has the address that was invited, until it is answered."""
    found = invitation(token, actor=visit.actor, at=now())
    if found is None:
        raise Refused(helping.INVITATION_UNKNOWN)
    return _page(request, visit, found, token)


def declare(request: HttpRequest, visit: Visit, mandate_id: UUID) -> HttpResponseBase:
    """What an authority stated of who is signed in."""
    waiting = (one for one in helped_in(request) if one.state is MandateState.WAITING)
    found = next((one for one in waiting if one.mandate.id == mandate_id), None)
    if found is None:
        raise Refused(helping.INVITATION_UNKNOWN)
    return _page(request, visit, found, "")


def _page(request: HttpRequest, visit: Visit, asked: Helped, token: str) -> HttpResponseBase:
    mandate, said = asked.mandate, request.POST.get("reponse", "")
    form = AnswerForm(request.POST if request.method == "POST" else None, words=words.declared(mandate))
    if said == DECLINES:
        _answer(visit, asked, token, accepts=False)
        told = gettext("C’est noté : vous n’aidez pas %(name)s.") % {"name": mandate.helped_name}
        return redirect_saying(account_path("relatives"), told, reader=visit.actor.id, at=now())
    if said == ACCEPTS and form.is_valid():
        _answer(visit, asked, token, accepts=True)
        told = gettext("C’est fait : vous aidez %(name)s. Vous êtes ici dans son espace.")
        return redirect_saying(path_of(asked), told % {"name": mandate.helped_name}, reader=visit.actor.id, at=now())
    context = {
        "form": form,
        "asked_by": mandate.asked_by,
        "invited": bool(mandate.address),
        "helped": mandate.helped_name,
        "right": words.right(mandate),
        "rules": tuple(
            filter(None, (words.may(mandate), words.never(mandate), words.term(mandate), words.proof(mandate)))
        ),
        "accepts": ACCEPTS,
        "declines": DECLINES,
    }
    return render(request, TEMPLATE, context, name=visit.name, status=422 if form.errors else 200)


def _answer(visit: Visit, asked: Helped, token: str, *, accepts: bool) -> None:
    def once() -> None:
        with gate.open_record(
            actor=visit.actor,
            patient=asked.patient,
            purpose=Purpose.PROXY,
            verb=Verb.ANSWER,
            at=now(),
            invitation=token,
        ) as grant:
            answer_help(grant, accepts=accepts)

    gate.run_again(once)
