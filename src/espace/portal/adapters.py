"""What the portal asks of django-allauth: sealed secrets, two factors always, answers that tell nothing."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy

from espace.edge import now
from espace.looks.language import keep_language
from espace.portal.codes import open_text, seal_text
from espace.portal.entering import entered, recognise
from espace.portal.factors import factors_of
from espace.portal.guessing import note_wrong_password

PREVIOUS_VISIT = "previous_visit"
"""Key of the session: when the holder signed in before this time, in ISO form."""
GIVEN_BEFORE = "given_before"
"""Key of the session, between the two steps: the `session_hash` of the password that was given."""


def session_hash(user: Any) -> str:
    """What changes with the password, and tells nothing of it."""
    kept: str = user.get_session_auth_hash()
    return kept


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("L’identifiant ou le mot de passe n’est pas le bon."),
        "too_many_login_attempts": gettext_lazy("Trop d’essais. Attendez cinq minutes, puis essayez de nouveau."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Nobody enters with a password alone: a closed account, or one without a second factor, is nobody's.

        allauth forgets a try that gave the right password; here only one that goes on to the second factor is
        forgotten: otherwise the bound on tries would tell that the password of a closed account is right.
        """
        self.pre_authenticate(request, **credentials)
        user = authenticate(request, **credentials)
        AuthenticationBackend.unstash_authenticated_user()
        if user is None or not factors_of(user.pk).count:
            note_wrong_password(request, str(credentials.get("username", "")))
            return None
        self._rollback_login_failed_rl_usage()
        request.session[GIVEN_BEFORE] = session_hash(user)
        return user

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Raises ImmediateHttpResponse, back to the beginning, where the password that was given is not the
        account’s any more: it was changed between the two steps."""
        given = request.session.pop(GIVEN_BEFORE, None)
        if given is not None and not constant_time_compare(given, session_hash(user)):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        previous = user.last_login
        super().login(request, user)
        if previous:
            request.session[PREVIOUS_VISIT] = previous.isoformat()
        entered(request, user, at=now())

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """A browser where no language was chosen takes the one that the account chose; one that was never this holder's
        is told."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and user.language != settings.LANGUAGE_CODE:
            keep_language(response, user.language)
        recognise(request, response, user, at=now())
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No « signed in successfully »: the page says so by itself."""


class MfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_text(encrypted_text)

    def is_mfa_enabled(self, user: AbstractBaseUser, types: Any = None) -> bool:
        """Always: whoever gave a password is asked for a second factor, even where the last one went meanwhile."""
        return not user.is_anonymous

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mails are told by the notices room."""
