"""The second factors of an account: which there are, and whether what was typed is one of their codes.

An authenticator application, passkeys, codes by mail where the holder chose them; and recovery codes, which replace
any of them but never stand alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import OperationalError, connection, transaction

from espace import edge
from espace.identity.actions.mail_codes import spend_mail_code
from espace.identity.queries.accounts import takes_mail_codes
from espace.keys.queries import blind_index
from espace.looks.words import local_day, short_date
from espace.portal.codes import add_authenticator, spend_code

RECOVERY_CODES = 10
HALF = 5
SYMBOLS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford’s base 32: nothing in it is mistaken for something else. Ten symbols are 50 bits."""
_MISREAD = str.maketrans("ilo", "110", "- ")
_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
_SPEND = """
UPDATE mfa_authenticator SET data = jsonb_set(data, '{codes}', (data->'codes') - %(digest)s::text)
WHERE user_id = %(account)s AND type = 'recovery_codes' AND jsonb_exists(data->'codes', %(digest)s::text)
"""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of the account; `id` is ours, `used_at` None until it served."""

    id: int
    name: str
    added_at: datetime
    used_at: datetime | None

    @property
    def added(self) -> str:
        return short_date(local_day(self.added_at))

    @property
    def used(self) -> str:
        return short_date(local_day(self.used_at)) if self.used_at else ""


@dataclass(frozen=True, slots=True)
class Factors:
    """What opens an account after the password. `recovery` is how many recovery codes are left, None: never made."""

    application: bool
    passkeys: tuple[Passkey, ...]
    mail: bool
    recovery: int | None

    @property
    def count(self) -> int:
        """How many ways in there are; recovery codes are none."""
        return int(self.application) + len(self.passkeys) + int(self.mail)


def factors_of(account_id: UUID) -> Factors:
    rows = list(Authenticator.objects.filter(user_id=account_id).order_by("pk"))
    kinds = {row.type: row for row in rows}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    keys = (
        Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at)
        for row in rows
        if row.type == Authenticator.Type.WEBAUTHN
    )
    return Factors(
        application=Authenticator.Type.TOTP in kinds,
        passkeys=tuple(keys),
        mail=takes_mail_codes(account_id),
        recovery=len(codes.data["codes"]) if codes else None,
    )


def accepts(account_id: UUID, typed: str, at: datetime) -> bool:
    """Whether what was typed is a right code of this account: it is spent then, and opens nothing again."""
    code = "".join(typed.split()).lower()
    if not _SIX_DIGITS.fullmatch(code):
        return _spend_recovery_code(account_id, code)
    ways: tuple[Callable[[UUID, str, datetime], bool], ...] = (_spend_application_code, _spend_mail_code)
    return any(way(account_id, code, at) for way in ways)


def _spend_application_code(account_id: UUID, code: str, at: datetime) -> bool:
    found = Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.TOTP).first()
    return found is not None and spend_code(found, code, at)


def _spend_mail_code(account_id: UUID, code: str, at: datetime) -> bool:
    return takes_mail_codes(account_id) and spend_mail_code(account_id=account_id, code=code, at=at)


def make_recovery_codes(account_id: UUID) -> list[str]:
    """Ten codes, « 7kq4f-2m9xp », in place of those before. Only blind indexes of them are kept: nobody, we included,
    can show them again."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    data = {"codes": [_digest(account_id, code) for code in codes]}
    with transaction.atomic():
        Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES).delete()
        Authenticator.objects.create(user_id=account_id, type=Authenticator.Type.RECOVERY_CODES, data=data)
    return codes


def _recovery_code() -> str:
    drawn = "".join(SYMBOLS[byte % len(SYMBOLS)] for byte in edge.random_bytes(2 * HALF))
    return f"{drawn[:HALF]}-{drawn[HALF:]}"


def _spend_recovery_code(account_id: UUID, typed: str) -> bool:
    """One use each, even of two requests at the same moment."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_SPEND, {"account": account_id, "digest": _digest(account_id, typed)})
            return bool(cursor.rowcount)
    except OperationalError:
        return False


def _digest(account_id: UUID, code: str) -> str:
    return blind_index("recovery_code", f"{account_id}|{code.translate(_MISREAD)}").hex()


def replace_application(user: Any, secret: str, step: int) -> None:
    """This authenticator application in place of the one before."""
    with transaction.atomic():
        Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).delete()
        add_authenticator(user, secret, step)


def begin_again(user: Any, secret: str, step: int) -> list[str]:
    """This application and ten recovery codes in place of every second factor; the codes. Callers hold the
    transaction."""
    Authenticator.objects.filter(user_id=user.pk).delete()
    add_authenticator(user, secret, step)
    return make_recovery_codes(user.pk)
