"""The end of a way back, after the wait: a new application, a new password, and nothing of before opens any more."""

from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import get_user_model, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from espace.access.gate import run_again
from espace.edge import now
from espace.identity.actions.recovery import finish_recovery
from espace.identity.facts.recovery import Recovery
from espace.identity.queries import person
from espace.identity.queries.recovery import recovery_of_link, token_hash
from espace.looks.frame import render
from espace.looks.plain import too_many
from espace.portal.codes import matching_step, open_text, seal_text
from espace.portal.factors import begin_again
from espace.portal.forms import FirstCodeForm, NewPasswordForm, wrong_code
from espace.portal.pages.activation import otpauth
from espace.portal.pages.letting_in import let_in
from espace.portal.pages.qr import qr_svg
from espace.portal.pages.signin import may_try

INVALID = 422
SESSION_KEY = "way_back"


def prove_begun(request: HttpRequest, token: str) -> HttpResponse:
    """The birth date was given in this browser, after the wait."""
    _remember(request, token, generate_totp_secret(), 0)
    return HttpResponseRedirect(reverse("way_back_application", args=[token]))


def application(request: HttpRequest, token: str) -> HttpResponse:
    """The application that will give the codes, proved by a first one."""
    kept = _proved(request, token)
    if kept is None:
        return _to_link(token)
    secret, form = open_text(kept["secret"]), FirstCodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not may_try(request, "way_back", key=token):
        return too_many(request)
    if form.is_bound and form.is_valid():
        step = matching_step(secret, form.cleaned_data["code"].replace(" ", ""), now())
        if step is not None:
            _remember(request, token, secret, step)
            return HttpResponseRedirect(reverse("way_back_password", args=[token]))
        form.add_error("code", wrong_code())
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    context = {"form": form, "qr": qr_svg(otpauth(secret)), "groups": groups}
    return render(request, "portal/back/application.html", context, status=INVALID if form.errors else 200)


def password(request: HttpRequest, token: str) -> HttpResponse:
    """The new password; with it everything of before is replaced, and the holder is in."""
    kept, found = _proved(request, token), recovery_of_link(token, at=now())
    if kept is None or found is None or not kept["step"]:
        return _to_link(token)
    identifier = get_user_model().objects.values_list("identifier", flat=True).get(pk=found.account_id)
    form = _form(request, found, identifier)
    if form.is_bound and not may_try(request, "way_back", key=token):
        return too_many(request)
    if form.is_bound and form.is_valid():
        made = run_again(lambda: _made(token, form.cleaned_data["password"], kept))
        if made is None:
            return _to_link(token)
        if request.user.is_authenticated:
            logout(request)
        return let_in(request, *made)
    context = {"form": form, "identifier": identifier}
    return render(request, "portal/back/password.html", context, status=INVALID if form.errors else 200)


def _form(request: HttpRequest, found: Recovery, identifier: str) -> NewPasswordForm:
    traits = person(found.patient).traits
    posted = request.POST if request.method == "POST" else None
    given = " ".join(traits.given_names)
    return NewPasswordForm(posted, given=given, family=traits.birth_name, own=identifier)


def _made(token: str, password: str, kept: dict[str, Any]) -> tuple[Any, list[str]] | None:
    """The account with its new ways in, and its recovery codes; None where the link is not live any more."""
    with transaction.atomic():
        account_id = finish_recovery(token=token, password=password, at=now())
        if account_id is None:
            return None
        user = get_user_model().objects.get(pk=account_id)
        return user, begin_again(user, open_text(kept["secret"]), kept["step"])


def _to_link(token: str) -> HttpResponse:
    """The link says by itself where things are: dead, too early, or the birth date to give in this browser."""
    return HttpResponseRedirect(reverse("way_back", args=[token]))


def _remember(request: HttpRequest, token: str, secret: str, step: int) -> None:
    request.session[SESSION_KEY] = {"link": token_hash(token).hex(), "secret": seal_text(secret), "step": step}


def _proved(request: HttpRequest, token: str) -> dict[str, Any] | None:
    """What this browser remembers of this link, as long as the link is open; None otherwise."""
    kept, found = request.session.get(SESSION_KEY), recovery_of_link(token, at=now())
    if not kept or kept["link"] != token_hash(token).hex() or found is None or not found.open_at(now()):
        return None
    known: dict[str, Any] = kept
    return known
