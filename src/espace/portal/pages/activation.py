"""From the mailed link to an open space: prove the birth date, set up the authenticator, choose how to sign in.

Nothing is written before the last step but wrong answers; between steps the session remembers, sealed.
"""

import base64
import hashlib
from typing import Any
from urllib.parse import quote, urlencode

from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from espace.access.gate import run_again
from espace.edge import now
from espace.enrolment import actions as enrolment
from espace.enrolment.facts import Invitation
from espace.enrolment.queries import invitation, leads_to_activated
from espace.identity.queries import person
from espace.looks.frame import render
from espace.looks.words import full_date, local_day
from espace.portal.codes import add_authenticator, matching_step, open_text, seal_text
from espace.portal.factors import make_recovery_codes
from espace.portal.forms import AccountForm, BirthForm, FirstCodeForm, wrong_code
from espace.portal.pages.letting_in import let_in
from espace.portal.pages.links import activated_already, dead_link, tried_too_often
from espace.portal.pages.qr import qr_svg

ISSUER = "espace-santé"
SESSION_KEY = "activation"
TRIES = {"activation": "10/10m/key,60/10m/ip"}
INVALID = 422
_STEPS = (
    gettext_noop("Votre date de naissance"),
    gettext_noop("Votre application"),
    gettext_noop("Votre mot de passe"),
)


class IdentifierTaken(Exception):
    """Somebody else signs in with this identifier."""


def activation(request: HttpRequest, token: str) -> HttpResponse:
    """First step: something that the mail does not say."""
    invited = invitation(token, at=now())
    if invited is None:
        return _over(request, token)
    form = BirthForm(_posted(request))
    if form.is_bound and form.is_valid():
        tried = _tried(request, token)
        if tried is None:
            return tried_too_often(request, token)
        if enrolment.prove(token=token, birth_date=form.cleaned_data["date"], at=now()):
            tried.rollback()
            _remember(request, token, secret=generate_totp_secret(), step=0)
            return _go("activation_authenticator", token)
        if invitation(token, at=now()) is None:
            return dead_link(request)
        form.add_error(None, gettext("Cette date n’est pas celle que nous connaissons. Vérifiez-la."))
    expires = full_date(local_day(invited.expires_at))
    return _page(request, "birth", 0, {"form": form, "expires": expires})


def authenticator(request: HttpRequest, token: str) -> HttpResponse:
    """Second step: the application that will give the codes, proved by a first one."""
    remembered = _remembered(request, token)
    if invitation(token, at=now()) is None:
        return _over(request, token)
    if remembered is None:
        return _go("activation", token)
    secret = open_text(remembered["secret"])
    form = FirstCodeForm(_posted(request))
    if form.is_bound and form.is_valid():
        tried = _tried(request, token)
        if tried is None:
            return tried_too_often(request, token)
        step = matching_step(secret, form.cleaned_data["code"], now())
        if step is not None:
            tried.rollback()
            _remember(request, token, secret=secret, step=step)
            return _go("activation_account", token)
        form.add_error("code", wrong_code())
    groups = [secret[start : start + 4] for start in range(0, len(secret), 4)]
    return _page(request, "authenticator", 1, {"form": form, "qr": qr_svg(otpauth(secret)), "groups": groups})


def account(request: HttpRequest, token: str) -> HttpResponse:
    """Last step: identifier and password; the space is activated and the holder is in."""
    remembered = _remembered(request, token)
    invited = invitation(token, at=now())
    if invited is None:
        return _over(request, token)
    if remembered is None or not remembered["step"]:
        return _go("activation", token)
    form = _account_form(request, invited)
    if form.is_bound and form.is_valid():
        tried = _tried(request, token)
        if tried is None:
            return tried_too_often(request, token)
        try:
            answer = _activated(request, token, form, remembered)
        except IdentifierTaken:
            form.add_error("identifier", gettext("Cet identifiant est déjà pris : choisissez-en un autre."))
        else:
            tried.rollback()
            return answer
    return _page(request, "account", 2, {"form": form})


def _account_form(request: HttpRequest, invited: Invitation) -> AccountForm:
    traits = person(invited.patient).traits
    return AccountForm(_posted(request), given=" ".join(traits.given_names), family=traits.birth_name)


def _activated(request: HttpRequest, token: str, form: AccountForm, remembered: dict[str, Any]) -> HttpResponse:
    """Signed in, before the recovery codes; from there to the space."""
    made = run_again(lambda: _account_made(token, form.cleaned_data, remembered))
    if made is None:
        return _over(request, token)
    return let_in(request, *made)


def _account_made(token: str, values: dict[str, Any], remembered: dict[str, Any]) -> Any:
    """The new account, with its authenticator, and its recovery codes; None when the link is over. Raises
    IdentifierTaken.

    Where another activation takes the link or the identifier at the same time, the caller runs this again and it
    sees so: the identifier is looked at first.
    """
    accounts = get_user_model().objects
    with transaction.atomic():
        if invitation(token, at=now()) is None:
            return None
        if accounts.filter(identifier__iexact=values["identifier"]).exists():
            raise IdentifierTaken
        account_id = enrolment.activate(
            token=token, identifier=values["identifier"], password=values["password"], at=now()
        )
        if account_id is None:
            return None
        user = accounts.get(pk=account_id)
        add_authenticator(user, open_text(remembered["secret"]), remembered["step"])
        return user, make_recovery_codes(account_id)


def _over(request: HttpRequest, token: str) -> HttpResponse:
    """What a link that is not live says. Whoever proved the birth date behind it learns that the space is activated
    (they may have clicked twice); to anybody else all such links are alike.
    """
    if _remembered(request, token) and leads_to_activated(token):
        return activated_already(request)
    return dead_link(request)


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _tried(request: HttpRequest, token: str) -> ratelimit.RateLimitUsage | None:
    """One more answer, None when there were too many: a bound that holds for requests sent at the same time, in every
    process. A right answer takes itself back; what is no answer at all (an empty field) is not counted."""
    key = hashlib.sha256(token.encode()).hexdigest()
    return ratelimit.consume(request, app="portal", action="activation", config=TRIES, key=key)


def _remember(request: HttpRequest, token: str, *, secret: str, step: int) -> None:
    """The session holds the hash of the link that was proved, and the secret sealed: nothing that opens anything."""
    request.session[SESSION_KEY] = {
        "link": _fingerprint(token), "secret": seal_text(secret), "step": step,
    }  # fmt: skip


def _remembered(request: HttpRequest, token: str) -> dict[str, Any] | None:
    kept = request.session.get(SESSION_KEY)
    return kept if kept and kept["link"] == _fingerprint(token) else None


def _fingerprint(token: str) -> str:
    return base64.b64encode(hashlib.sha256(b"activation" + token.encode()).digest()).decode()


def otpauth(secret: str) -> str:
    """The otpauth address that authenticators read (Key URI format)."""
    query = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}?{query}"


def _go(name: str, token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[token]))


def _page(request: HttpRequest, template: str, current: int, context: dict[str, Any]) -> HttpResponse:
    steps = [
        {"label": gettext(label), "done": place < current, "current": place == current}
        for place, label in enumerate(_STEPS)
    ]
    status = INVALID if context["form"].is_bound and context["form"].errors else 200
    return render(request, f"portal/activation/{template}.html", {**context, "steps": steps}, status=status)
