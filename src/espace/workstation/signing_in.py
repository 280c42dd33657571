"""One sign-in: the question that the browser carries to the provider, and the judgement of what it brings back."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

from espace import edge
from espace.identity.adapters.oidc import tokens
from espace.identity.adapters.oidc.calls import Declined, Unavailable, get_json, post_form
from espace.identity.adapters.oidc.provider import Description, Provider
from espace.identity.facts.sessions import ProviderNames
from espace.identity.rules.provider_claims import Stated, has_two_factors, read_stated

WAITS = timedelta(minutes=10)
"""How long somebody may take at the provider."""
LONGEST_CODE = 4_096

_ERRORS = frozenset(
    {
        "invalid_request", "unauthorized_client", "access_denied", "unsupported_response_type", "invalid_scope",
        "server_error", "temporarily_unavailable", "interaction_required", "login_required",
        "account_selection_required", "consent_required", "invalid_request_uri", "invalid_request_object",
        "request_not_supported", "request_uri_not_supported", "registration_not_supported",
        "unmet_authentication_requirements",
    }
)
"""RFC 6749, 4.1.2.1; OpenID Connect Core 1.0, 3.1.2.6, and its error code for an `acr` that was not met."""

PROVIDER_UNAVAILABLE = "provider_unavailable"
PROVIDER_DECLINED = "provider_declined"
ANSWER_NOT_OURS = "answer_not_ours"
ANSWER_INVALID = "answer_invalid"
LEVEL_TOO_LOW = "level_too_low"
ONE_FACTOR = "one_factor"
PROFESSIONAL_UNKNOWN = "professional_unknown"
PROFESSIONAL_INACTIVE = "professional_inactive"
SIGN_IN_CLOSED = "sign_in_closed"


class SignInRefused(Exception):
    """A sign-in that does not happen: one of the codes above; `detail` is for the log, and never a value received."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Pending:
    """What this browser keeps while its owner is at the provider; `then` is the path to go to afterwards."""

    state: str
    nonce: str
    verifier: str
    asked_at: datetime
    then: str

    def waits(self, at: datetime) -> bool:
        return timedelta() <= at - self.asked_at < WAITS


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody whom the provider recognised as surely as we ask."""

    names: ProviderNames
    stated: Stated
    id_token: str


def ask(provider: Provider, *, callback: str, then: str, at: datetime) -> tuple[str, Pending]:
    """The address at the provider, and what to keep (Core 1.0, 3.1.2.1; PKCE, RFC 7636).

    Raises SignInRefused: PROVIDER_UNAVAILABLE.
    """
    pending = Pending(edge.new_token(), edge.new_token(), edge.new_token(), at, then)
    client = provider.client
    question = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": callback,
        "scope": client.scope,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": _base64(sha256(pending.verifier.encode()).digest()),
        "code_challenge_method": "S256",
        "acr_values": client.acr[0],
    }
    address = describe(provider, at).authorization
    return f"{address}{'&' if '?' in address else '?'}{urlencode(question)}", pending


def describe(provider: Provider, at: datetime) -> Description:
    try:
        return provider.description(at)
    except Unavailable as error:
        raise SignInRefused(PROVIDER_UNAVAILABLE, "discovery") from error


def judge(
    provider: Provider, pending: Pending, answer: Mapping[str, str], *, callback: str, at: datetime
) -> Recognised:
    """Who came back. `answer` is the query of the callback, each parameter once. Raises SignInRefused."""
    description = describe(provider, at)
    _check_answer(provider, description, answer)
    try:
        given = _exchanged(provider, description, answer["code"], pending, callback)
        token, access = given.get("id_token"), given.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str) or not _is_bearer(given):
            raise SignInRefused(ANSWER_INVALID, "token_answer")
        _check_header_safe(access)
        names, claims = _believed(provider, token, access, pending, at)
        userinfo = get_json(description.userinfo, bearer=access)
    except tokens.BadToken as error:
        raise SignInRefused(ANSWER_INVALID, str(error)) from error
    except Unavailable as error:
        raise SignInRefused(PROVIDER_UNAVAILABLE, "call") from error
    except Declined as error:
        raise SignInRefused(ANSWER_NOT_OURS, f"status_{error}") from error
    return Recognised(names, _judged(provider, names, claims, userinfo), token)


def _check_answer(provider: Provider, description: Description, answer: Mapping[str, str]) -> None:
    """Errors, and answers mixed up between providers (RFC 6749, 4.1.2.1; RFC 9207)."""
    issuer = answer.get("iss", "" if description.names_itself else provider.client.issuer)
    if issuer != provider.client.issuer:
        raise SignInRefused(ANSWER_NOT_OURS, "iss")
    if "error" in answer:
        said = answer["error"]
        raise SignInRefused(PROVIDER_DECLINED, said if said in _ERRORS else "other")
    if not 0 < len(answer.get("code", "")) <= LONGEST_CODE:
        raise SignInRefused(ANSWER_NOT_OURS, "code")


def _exchanged(
    provider: Provider, description: Description, code: str, pending: Pending, callback: str
) -> Mapping[str, object]:
    client = provider.client
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": pending.verifier,
    }
    pair = (client.client_id, client.client_secret)
    if description.basic:
        return post_form(description.token, fields, basic=pair)
    return post_form(description.token, {**fields, "client_id": pair[0], "client_secret": pair[1]})


def _believed(
    provider: Provider, token: str, access: str, pending: Pending, at: datetime
) -> tuple[ProviderNames, Mapping[str, object]]:
    client = provider.client
    header = tokens.header_of(token, types=tokens.ID_TYPES)
    claims = tokens.claims_of(token, header, provider.key(header, at))
    expected = tokens.Expected(client.issuer, client.client_id, at)
    names = tokens.check_id_token(claims, expected, nonce=pending.nonce)
    tokens.check_access_token(claims, access)
    return names, claims


def _judged(
    provider: Provider, names: ProviderNames, claims: Mapping[str, object], userinfo: Mapping[str, object]
) -> Stated:
    if claims.get("acr") not in provider.client.acr:
        raise SignInRefused(LEVEL_TOO_LOW, "acr")
    if userinfo.get("sub") != names.sub:
        raise SignInRefused(ANSWER_INVALID, "userinfo_sub")
    if not has_two_factors(claims, userinfo, tiers=provider.client.tiers):
        raise SignInRefused(ONE_FACTOR, "amr")
    stated = read_stated(userinfo)
    if stated is None:
        raise SignInRefused(PROFESSIONAL_UNKNOWN, "SubjectNameID")
    return stated


def _is_bearer(given: Mapping[str, object]) -> bool:
    return str(given.get("token_type", "")).lower() == "bearer"


def _check_header_safe(access: str) -> None:
    """An access token as RFC 6750 lets it be; anything else would be another header."""
    if not (access.isascii() and access.isprintable() and " " not in access):
        raise SignInRefused(ANSWER_INVALID, "access_token")


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
