"""Signing in: identifier and password, then the code of the authenticator; and out. allauth walks, we talk."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from espace.looks.frame import frame
from espace.portal.forms import CodeForm, SigninForm

INVALID, THROTTLED = 422, 429
_THROTTLE_CODES = frozenset({"too_many_login_attempts"})


def _status(form: Any) -> int:
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
        return self.render_to_response(self.get_context_data(form=form), status=_status(form))


class Code(AuthenticateView):
    template_name = "portal/code.html"

    def get_form_class(self) -> type[CodeForm]:
        return CodeForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "frame": frame(self.request, "")}

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=_status(form))


def cancel_signin(request: HttpRequest) -> HttpResponse:
    """Forget a sign-in that stopped at the code."""
    clear_login(request)
    return HttpResponseRedirect(reverse("account_login"))


def signout(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/")
