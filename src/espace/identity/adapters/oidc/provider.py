"""The provider as it describes itself, and its keys; both remembered for an hour in each process."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from threading import Lock

from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from espace.identity.adapters.oidc import tokens
from espace.identity.adapters.oidc.addresses import is_trustworthy
from espace.identity.adapters.oidc.calls import Declined, Unavailable, get_json

REMEMBERED = timedelta(hours=1)
BETWEEN_LOOKS = timedelta(minutes=1)
"""An unknown key is looked for once; the next one, not before a minute is over."""
AFTER_A_FAILURE = timedelta(seconds=5)
"""While a provider is down, people are told so at once rather than each after a silence."""
MOST_KEYS = 32
LEAST_RSA_BITS = 2_048
_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}
_PUBLIC = frozenset({"kty", "n", "e", "crv", "x", "y"})
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k", "oth"})


@dataclass(frozen=True, slots=True)
class Client:
    """Ourselves, as the provider knows us. `acr`: levels taken, the first is asked for; `tiers`: see
    `rules.provider_claims`."""

    issuer: str
    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str
    acr: tuple[str, ...]
    tiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """Where the provider answers what; "" for where it answers not. `basic`: how a client proves itself;
    `names_itself`: RFC 9207."""

    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str
    introspection: str
    basic: bool
    names_itself: bool


@dataclass(slots=True)
class _Remembered:
    description: Description
    keys: Mapping[str, tokens.Key]
    until: datetime
    looked_at: datetime | None = None


class Provider:
    """One provider. Every method raises Unavailable when it does not answer, or answers what cannot be believed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._lock = Lock()
        self._known: _Remembered | None = None
        self._failed_at: datetime | None = None

    def description(self, at: datetime) -> Description:
        return self._remembered(at).description

    def key(self, header: tokens.Header, at: datetime) -> tokens.Key:
        """The key that signed. Raises BadToken when the provider has no such key, asked again once."""
        known = self._remembered(at)
        found = _choose(known.keys, header.kid)
        if found is None and self._may_look(known, at):
            known.keys = read_keys(_fetched(known.description.keys))
            found = _choose(known.keys, header.kid)
        if found is None:
            raise tokens.BadToken("kid")
        return found

    def _remembered(self, at: datetime) -> _Remembered:
        with self._lock:
            known = self._known
            if known is not None and known.until - REMEMBERED <= at < known.until:
                return known
            if self._failed_at is not None and timedelta() <= at - self._failed_at < AFTER_A_FAILURE:
                raise Unavailable("failed a moment ago")
        try:
            description = read_description(_fetched(self.client.discovery_url), self.client.issuer)
            known = _Remembered(description, read_keys(_fetched(description.keys)), at + REMEMBERED)
        except Unavailable:
            self._failed_at = at
            raise
        self._known, self._failed_at = known, None
        return known

    def _may_look(self, known: _Remembered, at: datetime) -> bool:
        with self._lock:
            if known.looked_at is not None and at - known.looked_at < BETWEEN_LOOKS:
                return False
            known.looked_at = at
            return True


def ours() -> Provider | None:
    """The provider that this installation names, for pages and for software; None where it names none."""
    if not settings.ESPACE_PSC_ISSUER:
        return None
    return provider_of(
        Client(
            issuer=settings.ESPACE_PSC_ISSUER,
            discovery_url=settings.ESPACE_PSC_DISCOVERY,
            client_id=settings.ESPACE_PSC_CLIENT_ID,
            client_secret=settings.ESPACE_PSC_CLIENT_SECRET,
            scope=settings.ESPACE_PSC_SCOPE,
            acr=settings.ESPACE_PSC_ACR,
            tiers=settings.ESPACE_PSC_TIERS,
        )
    )


@cache
def provider_of(client: Client) -> Provider:
    """The provider of this client, with what this process remembers of it."""
    return Provider(client)


def read_description(found: Mapping[str, object], issuer: str) -> Description:
    """What a discovery document says (OpenID Connect Discovery 1.0, 3 and 4.3). Raises Unavailable."""
    if found.get("issuer") != issuer:
        raise Unavailable("the discovery document is another issuer's")
    names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    authorization, token, userinfo, keys = addresses = [str(found.get(name, "")) for name in names]
    leave, inspect = (str(found.get(name, "")) for name in ("end_session_endpoint", "introspection_endpoint"))
    if not all(_may_follow(url, issuer) for url in (*addresses, *filter(None, [leave, inspect]))):
        raise Unavailable("the discovery document names an address that cannot be trusted")
    ways = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Description(
        authorization=authorization,
        token=token,
        userinfo=userinfo,
        keys=keys,
        end_session=leave,
        introspection=inspect,
        basic=isinstance(ways, list) and "client_secret_basic" in ways,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def _may_follow(url: str, issuer: str) -> bool:
    """An address of the provider's own choice; one that is reached safely never sends us where it is not."""
    return is_trustworthy(url) and (url.startswith("https:") or not issuer.startswith("https:"))


def read_keys(found: Mapping[str, object]) -> dict[str, tokens.Key]:
    """The public signing keys of a JWK set, by kid ("" where unsaid); what is not one is passed over.

    Symmetric and private keys, short ones, and two under one name are never used.
    """
    listed = found.get("keys")
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise Unavailable("the keys cannot be read")
    read = [(str(one.get("kid", "")), key) for one in listed if isinstance(one, dict) and (key := _key(one))]
    times = Counter(kid for kid, _key_ in read)
    return {kid: key for kid, key in read if times[kid] == 1}


def _key(found: Mapping[str, object]) -> tokens.Key | None:
    kind = _KINDS.get(str(found.get("kty")))
    if kind is None or found.keys() & _PRIVATE or found.get("use", "sig") != "sig":
        return None
    if found.get("alg", tokens.ALGORITHMS[0]) not in tokens.ALGORITHMS:
        return None
    if kind is RSAKey and 6 * len(str(found.get("n", ""))) < LEAST_RSA_BITS:
        return None
    try:
        return kind.import_key({name: str(found[name]) for name in _PUBLIC & found.keys()})
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _choose(keys: Mapping[str, tokens.Key], kid: str | None) -> tokens.Key | None:
    """The key of this name; the only one where the token names none."""
    if kid is not None:
        return keys.get(kid)
    return next(iter(keys.values())) if len(keys) == 1 else None


def _fetched(url: str) -> Mapping[str, object]:
    try:
        return get_json(url)
    except Declined as error:
        raise Unavailable(f"status {error}") from error
