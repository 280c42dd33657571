"""Signing in: identifier and password, then a second factor; or a passkey alone; and out. allauth walks, we talk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.core.internal import ratelimit
from allauth.mfa.base.views import AuthenticateView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from espace.edge import now
from espace.identity.actions.mail_codes import make_mail_code
from espace.identity.queries.accounts import takes_mail_codes
from espace.looks.frame import frame
from espace.looks.plain import too_many
from espace.portal import passkeys
from espace.portal.adapters import GIVEN_BEFORE
from espace.portal.factors import factors_of
from espace.portal.forms import CodeForm, SigninForm
from espace.portal.fresh import NEXT, own_path
from espace.portal.pages.ceremony import Ceremony, ceremony_page

INVALID, THROTTLED = 422, 429
STAGE = "mfa_authenticate"
SENT = "envoye"
TRIES = {
    "passkey": "20/m/ip", "mail_code": "60/h/ip,6/h/key", "set_up": "10/10m/key", "password": "5/5m/key",
    "lost": "20/h/ip,3/h/key", "way_back": "60/10m/ip,10/10m/key",
}  # fmt: skip
"""The address first: it makes no more counts, each of which stays to its end, than it has tries."""
_THROTTLE_CODES = frozenset({"too_many_login_attempts"})

second_factor_only: Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]] = login_stage_required(
    stage=STAGE, redirect_urlname="account_login"
)
"""For whoever has given the password, and nothing else yet."""


def status_of(form: Any) -> int:
    codes = {error.code for errors in form.errors.as_data().values() for error in errors}
    return THROTTLED if codes & _THROTTLE_CODES else INVALID


class Signin(LoginView):
    template_name = "portal/signin.html"
    form_class = SigninForm

    def get_form_class(self) -> type[SigninForm]:
        return SigninForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "frame": frame(self.request, "")}

    def form_invalid(self, form: SigninForm) -> HttpResponse:
        """What was typed stays, but for the password; a wrong answer and too many of them are told apart."""
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))


class Code(AuthenticateView):
    template_name = "portal/code.html"

    def _build_forms(self) -> CodeForm:
        """One form, whatever was posted: allauth's own form for passkeys is not ours."""
        self.webauthn_form = None
        posted = self.request.POST if self.request.method == "POST" else None
        user = self.stage.login.user
        self.auth_form = CodeForm(user=user, data=posted, mailed=mailed(self.request, user.pk))
        return self.auth_form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        account_id = self.stage.login.user.pk
        more = {
            "frame": frame(self.request, ""),
            "factors": factors_of(account_id),
            "sent": mailed(self.request, account_id),
        }
        return {**super().get_context_data(**kwargs), **more}

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=status_of(form))


def mailed(request: HttpRequest, account_id: UUID) -> bool:
    """Whether a code by mail was just asked for, by an account that takes them."""
    return SENT in request.GET and takes_mail_codes(account_id)


@second_factor_only
def mail_code(request: Any) -> HttpResponse:
    """Mail the code, where the holder chose so, once a minute at most; the page after says the same in any case."""
    if not send_mail_code(request, request._login_stage.login.user):
        return too_many(request)
    return HttpResponseRedirect(f"{reverse('mfa_authenticate')}?{SENT}=1")


def send_mail_code(request: HttpRequest, user: Any, *, inside: bool = False) -> bool:
    """Make a code leave, where the account takes codes by mail; false where too many were asked for. `inside`: for
    who is signed in."""
    if not may_try(request, "mail_code", key=str(user.pk)):
        return False
    if takes_mail_codes(user.pk):
        make_mail_code(account_id=user.pk, patient=user.patient_id, at=now(), inside=inside)
    return True


def may_try(request: HttpRequest, action: str, *, key: str = "") -> bool:
    """A bound on tries that holds for requests sent at the same time, in every process."""
    return ratelimit.consume(request, app="portal", action=action, config=TRIES, key=key or None) is not None


@second_factor_only
def passkey_code(request: Any) -> HttpResponse:
    """A passkey in place of the code, after the password."""
    stage, refused = request._login_stage, False
    user = stage.login.user
    if request.method == "POST":
        if not may_try(request, "passkey"):
            return too_many(request)
        try:
            passkeys.used(request, user.pk, request.POST.get("credential", ""), at=now())
        except passkeys.NotTaken:
            refused = True
        else:
            record_authentication(request, user, "mfa")
            response: HttpResponse = stage.exit()
            return response
    ceremony = Ceremony(
        "get",
        gettext("Votre clé d’accès"),
        gettext("Confirmez que c’est vous, avec la clé d’accès que vous avez ajoutée à votre espace."),
        gettext("Utiliser ma clé d’accès"),
        reverse("mfa_authenticate"),
        gettext("Écrire plutôt un code"),
    )
    return ceremony_page(request, ceremony, passkeys.ask_known(request, user.pk, at=now()), refused=refused)


def passkey_signin(request: HttpRequest) -> HttpResponse:
    """A passkey in place of the identifier, the password and the code."""
    suite = own_path(request.POST.get(NEXT, request.GET.get(NEXT, "")), default="/")
    if request.user.is_authenticated:
        return HttpResponseRedirect(suite)
    refused = False
    if request.method == "POST":
        if not may_try(request, "passkey"):
            return too_many(request)
        try:
            row = passkeys.used(request, None, request.POST.get("credential", ""), at=now())
        except passkeys.NotTaken:
            refused = True
        else:
            clear_login(request)
            request.session.pop(GIVEN_BEFORE, None)
            # What allauth looks for to ask for nothing more.
            record_authentication(request, row.user, "mfa", type="webauthn", passwordless=True)
            response: HttpResponse = perform_login(request, Login(user=row.user, redirect_url=suite))
            return response
    ceremony = Ceremony(
        "get",
        gettext("Se connecter avec une clé d’accès"),
        gettext("Votre téléphone, votre ordinateur ou votre clé de sécurité vous reconnaît : ni mot de passe ni code."),
        gettext("Utiliser ma clé d’accès"),
        reverse("account_login"),
        gettext("Se connecter avec un mot de passe"),
    )
    options = passkeys.ask_known(request, None, at=now())
    return ceremony_page(request, ceremony, options, refused=refused, suite=suite)


def cancel_signin(request: HttpRequest) -> HttpResponse:
    """Forget a sign-in that stopped at the second factor."""
    clear_login(request)
    return HttpResponseRedirect(reverse("account_login"))


def signout(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")
