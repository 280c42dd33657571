"""What the portal asks of django-allauth: sealed secrets, codes that serve once, answers that tell nothing."""

import base64
from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from espace.keys.queries import open_system, seal_system
from espace.looks.language import keep_language

DOMAIN = "totp"
PREVIOUS_VISIT = "previous_visit"
"""Key of the session: when the holder signed in before this time, in ISO form."""
PERIOD_SECONDS = 30
DRIFT_PERIODS = 1
"""RFC 6238, 5.2: one step of clock drift either way."""


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("L’identifiant ou le mot de passe n’est pas le bon."),
        "too_many_login_attempts": gettext_lazy("Trop d’essais. Attendez cinq minutes, puis essayez de nouveau."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Nobody enters with a password alone: a closed account, or one without authenticator, is nobody's."""
        user = super().authenticate(request, **credentials)
        second = user is not None and user.is_active and authenticator_of(user)
        return user if second else None

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        previous = user.last_login
        super().login(request, user)
        if previous:
            request.session[PREVIOUS_VISIT] = previous.isoformat()

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """A browser where no language was chosen takes the account's."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, user.language)
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No « signed in successfully »: the page says so by itself."""


class MfaAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal_system(DOMAIN, text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_system(DOMAIN, base64.b64decode(encrypted_text)).decode()

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mails are told by the notices room."""


def authenticator_of(user: AbstractBaseUser) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step (RFC 6238) of which `code` is the value, near `at`; None for a wrong code."""
    present = int(at.timestamp()) // PERIOD_SECONDS
    near = range(present - DRIFT_PERIODS, present + DRIFT_PERIODS + 1)
    values = {step: format_hotp_value(hotp_value(secret, step)) for step in near}
    return next((step for step in near if compare_user_code(actual=code, expected=values[step])), None)


def spend_code(authenticator: Authenticator, code: str, at: datetime) -> bool:
    """Whether the code is right and newer than any that served (RFC 6238, 5.2: a code serves once)."""
    step = matching_step(MfaAdapter().decrypt(authenticator.data["secret"]), code, at)
    return step is not None and _advance(authenticator, step)


def _advance(authenticator: Authenticator, step: int) -> bool:
    """Remember the step; False when it, or a later one, served already, even at this very moment."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE mfa_authenticator SET data = jsonb_set(data, '{step}', to_jsonb(%s::bigint))"
                " WHERE id = %s AND COALESCE((data->>'step')::bigint, 0) < %s",
                [step, authenticator.pk, step],
            )
            return bool(cursor.rowcount)
    except OperationalError:
        return False


def add_authenticator(user: AbstractBaseUser, secret: str, step: int) -> None:
    """Keep the sealed secret of a new authenticator; the code of `step` has served."""
    data = {"secret": MfaAdapter().encrypt(secret), "step": step}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
