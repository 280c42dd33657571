"""Signed tokens of the provider, read with suspicion: nothing in one is believed before its signature is verified.

Only asymmetric algorithms, only keys of the provider's own set, and each kind of token for its own use.
"""

import base64
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from espace.identity.adapters.oidc.calls import read_object
from espace.identity.facts.sessions import ProviderNames

Key = RSAKey | ECKey
ALGORITHMS = ("RS256", "PS256", "ES256")
ID_TYPES = frozenset({"", "jwt"})
LOGOUT_TYPES = frozenset({"", "jwt", "logout+jwt"})
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LEEWAY = timedelta(seconds=30)
OLDEST = timedelta(minutes=5)
"""How long after it was issued a token is taken: it is used at once, or never."""
LONGEST = 16_384
LONGEST_NAME = 255

_HEADER = frozenset({"alg", "kid", "typ", "x5t", "x5t#S256"})
"""What a header may hold. A key, or an address of one, in the token itself is never looked at: it is refused."""


class BadToken(Exception):
    """A token that is not believed; the message names the claim or the part, never its value."""


@dataclass(frozen=True, slots=True)
class Header:
    """What says which key to try; not believed otherwise."""

    algorithm: str
    kid: str | None


@dataclass(frozen=True, slots=True)
class Expected:
    """Who must have issued a token, and for whom; `at` is now."""

    issuer: str
    client_id: str
    at: datetime


def header_of(token: str, *, types: Collection[str]) -> Header:
    """The header of a token in three parts, of one of these types. Raises BadToken."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3 or not all(parts):
        raise BadToken("form")
    header = read_object(_bytes(parts[0])) or {}
    if header.get("alg") not in ALGORITHMS:
        raise BadToken("alg")
    kid, kind = header.get("kid"), header.get("typ", "")
    if header.keys() - _HEADER or not isinstance(kid, str | None) or not isinstance(kind, str):
        raise BadToken("header")
    if kind.lower().removeprefix("application/") not in types:
        raise BadToken("typ")
    return Header(str(header["alg"]), kid)


def claims_of(token: str, header: Header, key: Key) -> Mapping[str, object]:
    """The claims, the signature being that of this key. Raises BadToken."""
    try:
        opened = jws.deserialize_compact(token, key, algorithms=[header.algorithm])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise BadToken("signature") from error
    claims = read_object(opened.payload or b"")
    if claims is None:
        raise BadToken("claims")
    return claims


def check_id_token(claims: Mapping[str, object], expected: Expected, *, nonce: str) -> ProviderNames:
    """Whom an ID token is about (OpenID Connect Core 1.0, 3.1.3.7). Raises BadToken, naming the claim."""
    _check_common(claims, expected)
    said = claims.get("nonce")
    # A lone surrogate, which a JSON text may hold, has no bytes: ours is ASCII, so anything else is another.
    if not (isinstance(said, str) and said.isascii() and hmac.compare_digest(said.encode(), nonce.encode())):
        raise BadToken("nonce")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise BadToken("azp")
    names = _names(claims, expected.issuer)
    if not names.sub:
        raise BadToken("sub")
    return names


def check_logout_token(claims: Mapping[str, object], expected: Expected) -> tuple[ProviderNames, str]:
    """Whose log-out is announced, and the `jti` of the announcement (OpenID Connect Back-Channel Logout 1.0, 2.6).

    Raises BadToken, naming the claim.
    """
    _check_common(claims, expected)
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise BadToken("events")
    if "nonce" in claims:
        raise BadToken("nonce")
    jti = claims.get("jti")
    if not _is_name(jti):
        raise BadToken("jti")
    names = _names(claims, expected.issuer)
    if not (names.sub or names.sid):
        raise BadToken("sub")
    return names, str(jti)


def check_access_token(claims: Mapping[str, object], access_token: str) -> None:
    """Where the ID token says which access token came with it, it is that one (Core 1.0, 3.1.3.8); every
    algorithm that we take hashes with SHA-256."""
    if (said := claims.get("at_hash")) is None:
        return
    half = sha256(access_token.encode()).digest()[:16]
    if said != base64.urlsafe_b64encode(half).rstrip(b"=").decode():
        raise BadToken("at_hash")


def _check_common(claims: Mapping[str, object], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise BadToken("iss")
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        raise BadToken("aud")
    at = expected.at.timestamp()
    leeway, oldest = LEEWAY.total_seconds(), OLDEST.total_seconds()
    if _time(claims, "exp") <= at - leeway:
        raise BadToken("exp")
    if not at - oldest - leeway <= _time(claims, "iat") <= at + leeway:
        raise BadToken("iat")
    if "nbf" in claims and _time(claims, "nbf") > at + leeway:
        raise BadToken("nbf")


def _time(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**33:
        raise BadToken(name)
    return value


def _names(claims: Mapping[str, object], issuer: str) -> ProviderNames:
    said = {name: claims[name] for name in ("sub", "sid") if name in claims}
    for name, value in said.items():
        if not _is_name(value):
            raise BadToken(name)
    return ProviderNames(issuer, str(said.get("sub", "")), str(said.get("sid", "")))


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadToken("form") from error
