"""Client authentication by private_key_jwt (RFC 7523; SMART App Launch 2.2, « asymmetric authentication »).

What is not signed yet is looked at with our own bounded reader, against a short list of what may be there;
Authlib and joserfc then verify, and nothing is ever fetched: the keys are those registered.
"""

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from espace.catalogue import actions, queries
from espace.catalogue.facts import ALGORITHMS, Client
from espace.identity import queries as identity
from espace.wire.fhir import json

MAX_LIFETIME = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
MAX_ASSERTION = 16_384
MAX_JTI = 128
NOT_VERIFIED = "the assertion was not verified: unknown client, unknown kid or wrong signature"
"""One sentence for three cases: which of them it was is nobody's business."""

_HEADER = frozenset({"alg", "kid", "typ"})
_LIMITS = json.Limits(depth=4, tokens=400, digits=16, text=4_096)


@dataclass(slots=True)
class _Sent:
    """What Authlib wants of a request: its form, and room for the client found."""

    form: Mapping[str, str]
    client: "_Known | None" = None


@dataclass(frozen=True, slots=True)
class _Known:
    """A client as Authlib wants it: it authenticates with its assertion, and in no other way."""

    facts: Client

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        wanted = method == JWTBearerClientAssertion.CLIENT_AUTH_METHOD and endpoint == "token"
        return wanted and self.facts.active


class _Assertion(JWTBearerClientAssertion):  # type: ignore[misc]  # Authlib has no types
    """RFC 7523 with SMART's algorithms, our clock, our audiences, five minutes at most and a jti that serves once."""

    def __init__(self, audience: Sequence[str], at: datetime) -> None:
        super().__init__(validate_jti=True, leeway=int(LEEWAY.total_seconds()))
        self.audience = audience
        self.at = at

    def get_audiences(self) -> list[str]:
        return list(self.audience)

    def resolve_client_public_key(self, client: _Known) -> KeySet:
        return KeySet.import_key_set({"keys": list(client.facts.keys["keys"])})

    def process_assertion_claims(self, assertion: str, key: KeySet) -> dict[str, Any]:
        try:
            claims = _verified(assertion, key)
        except BadSignatureError as error:
            raise InvalidClientError(description=NOT_VERIFIED) from error
        except _UNREADABLE as error:
            # No key fits: the work of verifying is done all the same, so that its time tells nothing.
            with suppress(*_UNREADABLE):
                _verified(assertion, lambda token: _decoys()[token.headers()["alg"]])
            raise InvalidClientError(description=NOT_VERIFIED) from error
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: dict[str, Any]) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=int(self.at.timestamp()),
            leeway=self.leeway,
            iss={"essential": True},
            sub={"essential": True},
            aud={"essential": True, "values": self.get_audiences()},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            registry.validate(claims)
        except JoseError as error:
            raise InvalidClientError(description=f"claim refused: {error.description or error.error}") from error
        if claims["iss"] != claims["sub"]:
            raise InvalidClientError(description="iss and sub must both be the client_id")
        if claims["exp"] - self.at.timestamp() > (MAX_LIFETIME + LEEWAY).total_seconds():
            raise InvalidClientError(description="exp is more than five minutes ahead")
        if not self.validate_jti(claims, claims["jti"]):
            raise InvalidClientError(description="this jti was already used")

    def validate_jti(self, claims: dict[str, Any], jti: str) -> bool:
        expires_at = datetime.fromtimestamp(claims["exp"], UTC) + 2 * LEEWAY
        return actions.use_assertion(client_id=claims["sub"], jti=jti, expires_at=expires_at, at=self.at)


_UNREADABLE = (JoseError, ValueError, TypeError, KeyError)


def _verified(assertion: str, key: Any) -> dict[str, Any]:
    """The claims, the signature being that of this key."""
    claims: dict[str, Any] = jwt.decode(assertion, key, registry=jws.JWSRegistry(algorithms=list(ALGORITHMS))).claims
    return claims


@cache
def _decoys() -> Mapping[str, RSAKey | ECKey]:
    """A key for each algorithm, whose private half was never kept: nothing verifies against it."""
    rsa = RSAKey.generate_key(2048, private=False)
    p384, p256 = (ECKey.generate_key(curve, private=False) for curve in ("P-384", "P-256"))
    return dict(zip(ALGORITHMS, (rsa, p384, rsa, p256), strict=True))


def authenticate(form: Mapping[str, str], *, audience: Sequence[str], at: datetime) -> Client:
    """The active client of an active organisation that signed the form's assertion for one of these audiences.

    Raises InvalidClientError, its description fit to be told. Callers hold the transaction: with it goes
    the mark that the assertion was used.
    """
    _check_unsigned(form.get("client_assertion", ""))
    sent = _Sent(form)
    found = _Assertion(audience, at)(_client, sent)
    if found is None:
        raise InvalidClientError(description="client_assertion_type is not that of RFC 7523")
    client: Client = found.facts
    if form.get("client_id", client.client_id) != client.client_id:
        raise InvalidClientError(description="client_id is not that of the assertion")
    return client


def _client(client_id: str) -> _Known:
    """The client, or nobody where it is unknown or closed: looked up and verified with the same work."""
    client = (queries.client(client_id) if len(client_id) <= 256 else None) or _nobody()
    organisation = identity.organisation(client.organisation)
    served = client.active and organisation is not None and organisation.active
    return _Known(client if served else _nobody())


@cache
def _nobody() -> Client:
    keys = [_decoys()[one].as_dict(private=False) for one in ("RS384", "ES384", "ES256")]
    return Client("", UUID(int=0), "", {"keys": keys}, active=False)


def _check_unsigned(assertion: str) -> None:
    """The shape of an assertion, before anything in it is believed. Raises InvalidClientError."""
    parts = assertion.split(".")
    if len(assertion) > MAX_ASSERTION or len(parts) != 3 or not all(parts):
        raise InvalidClientError(description="a signed JWT in three parts is expected")
    header, claims = _object(parts[0], "header"), _object(parts[1], "claims")
    if header.get("alg") not in ALGORITHMS:
        raise InvalidClientError(description=f"alg must be one of {', '.join(ALGORITHMS)}")
    if header.keys() - _HEADER:
        raise InvalidClientError(description="the header takes alg, kid and typ, nothing else")
    if not isinstance(header.get("kid"), str) or header.get("typ", "JWT") != "JWT":
        raise InvalidClientError(description="the header needs a kid, and typ JWT if any")
    for name in ("exp", "iat", "nbf"):
        if name in claims and not _is_time(claims[name]):
            raise InvalidClientError(description=f"{name} must be a number of seconds since 1970")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= MAX_JTI:
        raise InvalidClientError(description=f"jti must be a text of 1 to {MAX_JTI} characters")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**33


def _object(part: str, name: str) -> dict[str, object]:
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    value, problems = json.read(raw, limits=_LIMITS)
    if problems or not isinstance(value, dict):
        raise InvalidClientError(description=f"the {name} of the assertion cannot be read")
    return value
