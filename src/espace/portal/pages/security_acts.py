"""What the acts of « Sécurité » share: the page before, the words after, the mail, and never without a way in."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from espace.access.gate import run_again
from espace.edge import now
from espace.identity.actions.people import hold_account
from espace.identity.events import SignInChanged
from espace.kernel.ids import PatientId
from espace.looks.frame import render
from espace.looks.notes import redirect_saying
from espace.outbox import actions as outbox
from espace.outbox.facts import Event
from espace.portal.factors import factors_of
from espace.portal.pages.confirming import TEMPLATE
from espace.portal.pages.visit import Visit


class LastFactor(Exception):
    """Nothing would be left to sign in with."""


def asked(
    request: HttpRequest, visit: Visit, *, title: str, effects: Sequence[str], button: str, about: str = ""
) -> HttpResponseBase:
    """One page that says what will happen, then one press."""
    context = {"title": title, "about": about, "effects": effects, "button": button, "back": reverse("security")}
    return render(request, TEMPLATE, context, name=visit.name)


def done(visit: Visit, text: str) -> HttpResponseBase:
    """Back to « Sécurité », which says so."""
    return redirect_saying(reverse("security"), text, reader=visit.actor.id, at=now())


def changed(
    visit: Visit, change: Callable[[], None], told: Callable[[PatientId, datetime], Event] = SignInChanged
) -> None:
    """Change the ways in and mail the holder that they changed; raises LastFactor, and nothing is done then.

    `told` makes the event of the mail. Two changes at once are one after the other, so that each does not rely on
    what the other takes away.
    """

    def once() -> None:
        with transaction.atomic():
            hold_account(visit.actor.id)
            change()
            if not factors_of(visit.actor.id).count:
                raise LastFactor
            at = now()
            outbox.post(told(visit.patient, at), patient=visit.patient, at=at)

    run_again(once)
