"""Passkeys (WebAuthn): what the browser is asked, and what its answer is worth. The signatures are fido2's to check.

Always with the person verified by the device (PIN, finger, face): a passkey is two factors by itself. The challenge
is in the session, for five minutes, and leaves it before the answer is looked at: an answer serves once. The origin
is exactly ours.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidSignature
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.http import HttpRequest
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

STATE = "passkey"
LIFE = timedelta(minutes=5)
MOST_ANSWER = 16_384
MOST_KEYS = 10
NAME = "espace-santé"
VERIFIED = UserVerificationRequirement.REQUIRED
T = TypeVar("T")

_USE = """
UPDATE mfa_authenticator SET data = jsonb_set(data, '{count}', to_jsonb(%(count)s::bigint)), last_used_at = %(at)s
WHERE id = %(id)s AND user_id = %(account)s
AND ((data->>'count')::bigint < %(count)s OR ((data->>'count')::bigint = 0 AND %(count)s = 0))
"""
# A device that counts its signatures must count on: the same number again is a copy of it. Most say zero always.


class NotTaken(Exception):
    """The answer of the browser is not one that we asked for, or not of a passkey of this account."""


def ask_new(request: HttpRequest, user: Any, *, at: datetime) -> str:
    """Options for making a passkey of this account, as JSON for the script."""
    who = PublicKeyCredentialUserEntity(id=user.pk.bytes, name=user.identifier, display_name=user.identifier)
    options, state = _server().register_begin(
        who,
        credentials=_credentials(user.pk),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=VERIFIED,
    )
    return _remember(request, options, state, kind="create", at=at)


def made(request: HttpRequest, answer: str, *, at: datetime) -> AuthenticatorData:
    """The passkey that the browser made, checked; raises NotTaken."""
    state = _recall(request, kind="create", at=at)
    data: AuthenticatorData = _checked(lambda: _server().register_complete(state, _read(answer)))
    made = data.credential_data
    if made is None:
        raise NotTaken
    _checked(lambda: _prove_key(made.public_key))
    return data


def keep(account_id: UUID, data: AuthenticatorData, name: str) -> None:
    """Keep a passkey that was checked; raises NotTaken where the account has it already, or ten of them."""
    credential, own = data.credential_data, _rows(account_id)
    if credential is None or len(own) >= MOST_KEYS:
        raise NotTaken
    id = _text(credential.credential_id)
    if any(row.data["id"] == id for row in own):
        raise NotTaken
    kept = {"name": name, "id": id, "credential": _text(credential), "count": data.counter}
    Authenticator.objects.create(user_id=account_id, type=Authenticator.Type.WEBAUTHN, data=kept)


def rename(account_id: UUID, key_id: int, name: str) -> None:
    """Call a passkey of this account something else; its count of signatures is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = jsonb_set(data, '{name}', to_jsonb(%s::text))"
            " WHERE id = %s AND user_id = %s AND type = 'webauthn'",
            [name, key_id, account_id],
        )


def ask_known(request: HttpRequest, account_id: UUID | None, *, at: datetime) -> str:
    """Options for using a passkey, as JSON for the script: one of this account, or of whoever it is of."""
    known = _credentials(account_id) if account_id else None
    options, state = _server().authenticate_begin(known, user_verification=VERIFIED)
    return _remember(request, options, state, kind="get", at=at)


def used(request: HttpRequest, account_id: UUID | None, answer: str, *, at: datetime) -> Authenticator:
    """The passkey that answered, of this account (None: of the one that the passkey names); raises NotTaken.

    An account that is closed, or nobody's, has no passkey.
    """
    state = _recall(request, kind="get", at=at)
    given: AuthenticationResponse = _checked(lambda: AuthenticationResponse.from_dict(_read(answer)))
    handle = given.response.user_handle
    owner = account_id or _checked(lambda: UUID(bytes=handle))
    if handle is not None and handle != owner.bytes:
        raise NotTaken
    if not get_user_model().objects.filter(pk=owner, is_active=True, patient_id__isnull=False).exists():
        raise NotTaken
    row = next((one for one in _rows(owner) if one.data["id"] == _text(given.raw_id)), None)
    if row is None:
        raise NotTaken
    _checked(lambda: _server().authenticate_complete(state, [_credential(row)], given))
    if not _count(row, given.response.authenticator_data.counter, at):
        raise NotTaken
    return row


def _server() -> Fido2Server:
    public = urlsplit(settings.ESPACE_PUBLIC_URL)
    party = PublicKeyCredentialRpEntity(id=public.hostname, name=NAME)
    ours = f"{public.scheme}://{public.netloc}"
    return Fido2Server(party, verify_origin=lambda origin: origin == ours)


def _remember(request: HttpRequest, options: Any, state: Any, *, kind: str, at: datetime) -> str:
    kept = {"challenge": state["challenge"], "user_verification": VERIFIED.value}
    request.session[STATE] = {"kind": kind, "at": at.isoformat(), "state": kept}
    return json.dumps(dict(options)["publicKey"])


def _recall(request: HttpRequest, *, kind: str, at: datetime) -> dict[str, Any]:
    """The challenge of this session, which has none from here on."""
    kept = request.session.pop(STATE, None)
    if not kept or kept["kind"] != kind or not timedelta(0) <= at - datetime.fromisoformat(kept["at"]) < LIFE:
        raise NotTaken
    state: dict[str, Any] = kept["state"]
    return state


def _read(answer: str) -> Any:
    if len(answer) > MOST_ANSWER:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict):
        raise TypeError("not an object")
    return read


def _prove_key(key: CoseKey) -> None:
    """Raises whatever stands in the way of ever checking a signature with this key: an unknown kind, broken numbers."""
    with suppress(InvalidSignature):
        key.verify(b"", b"")


def _checked(work: Callable[[], T]) -> T:
    """What fido2 makes of the browser's answer. Its readers of CBOR, of keys and of JSON raise what comes to them:
    whatever it is, the answer is not taken. Nothing in there touches the database."""
    try:
        return work()
    except Exception:
        raise NotTaken from None


def _rows(account_id: UUID) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user_id=account_id, type=Authenticator.Type.WEBAUTHN).order_by("pk"))


def _credential(row: Authenticator) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.data["credential"]))


def _credentials(account_id: UUID) -> list[AttestedCredentialData]:
    return [_credential(row) for row in _rows(account_id)]


def _text(data: bytes) -> str:
    return websafe_encode(data)


def _count(row: Authenticator, count: int, at: datetime) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(_USE, {"count": count, "at": at, "id": row.pk, "account": row.user_id})
            return bool(cursor.rowcount)
    except OperationalError:
        return False
