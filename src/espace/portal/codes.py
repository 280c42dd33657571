"""Codes of authenticator applications: sealed secrets, and one use each."""

import base64
from datetime import datetime

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import OperationalError, connection

from espace.keys.queries import open_system, seal_system

DOMAIN = "totp"
PERIOD_SECONDS = 30
DRIFT_PERIODS = 1
"""RFC 6238, 5.2: one step of clock drift either way."""


def seal_text(text: str) -> str:
    return base64.b64encode(seal_system(DOMAIN, text.encode())).decode()


def open_text(sealed: str) -> str:
    return open_system(DOMAIN, base64.b64decode(sealed)).decode()


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step (RFC 6238) of which `code` is the value, near `at`; None for a wrong code."""
    present = int(at.timestamp()) // PERIOD_SECONDS
    near = range(present - DRIFT_PERIODS, present + DRIFT_PERIODS + 1)
    values = {step: format_hotp_value(hotp_value(secret, step)) for step in near}
    return next((step for step in near if compare_user_code(actual=code, expected=values[step])), None)


def spend_code(authenticator: Authenticator, code: str, at: datetime) -> bool:
    """Whether the code is right and newer than any that served (RFC 6238, 5.2: a code serves once)."""
    step = matching_step(open_text(authenticator.data["secret"]), code, at)
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
    """Keep the sealed secret of a new authenticator application; the code of `step` has served."""
    data = {"secret": seal_text(secret), "step": step}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
