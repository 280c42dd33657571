"""The end of whatever gives a holder their ways in: signed in, before the recovery codes, and from there home."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from espace.edge import now
from espace.portal.entering import entered, recognise
from espace.portal.pages.keeping import keep_to_show

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def let_in(request: HttpRequest, user: Any, codes: list[str]) -> HttpResponse:
    """Sign in, and show the recovery codes just made."""
    if not request.user.is_authenticated:
        # A new session, signed in; the one before stays as it is, so that a second click, which still comes with it,
        # is told that all is well instead of being signed out.
        request.session = type(request.session)()
    login(request, user, backend=BACKEND)
    entered(request, user, at=now())
    keep_to_show(request, codes, suite=reverse("home"), at=now())
    response = HttpResponseRedirect(reverse("recovery_codes"))
    recognise(request, response, user, at=now(), tell=False)
    return response
