"""A bearer token of the provider, shown by software that signed its user in: the provider is asked what it stands for.

Asked each time (RFC 7662), so that a session that ended opens nothing; whom it is about are the claims of the same
token (userinfo). Nothing that the token itself says is read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from espace.identity.adapters.oidc.calls import Declined, Unavailable, get_json, post_form
from espace.identity.adapters.oidc.provider import Description, Provider
from espace.identity.adapters.oidc.tokens import LEEWAY, LONGEST
from espace.identity.rules.provider_claims import Stated, has_two_factors, read_stated

_NOT_US = ("401", "403")
"""Of a request of ours, whatever the token is."""


class NotBorne(Exception):
    """A token that opens nothing; the message names what is wrong with it, never a value of it."""


@dataclass(frozen=True, slots=True)
class Borne:
    """Whom the provider recognised by two factors, and the certificate (x5t#S256, RFC 8705) that the token is tied to,
    "" where it is to none."""

    stated: Stated
    thumbprint: str


def borne(provider: Provider, token: str, *, clients: Collection[str], at: datetime) -> Borne:
    """What a token given to one of `clients` stands for. Raises NotBorne, or Unavailable."""
    description = provider.description(at)
    if not description.introspection:
        raise Unavailable("the provider answers no introspection")
    _check_form(token)
    try:
        said = _introspected(provider, description, token)
        thumbprint = _checked(said, provider, clients, at)
        userinfo = get_json(description.userinfo, bearer=token)
    except Declined as error:
        raise NotBorne("active") from error
    if userinfo.get("sub") != said["sub"]:
        raise NotBorne("sub")
    if not has_two_factors(said, userinfo, tiers=provider.client.tiers):
        raise NotBorne("amr")
    stated = read_stated(userinfo)
    if stated is None:
        raise NotBorne("SubjectNameID")
    return Borne(stated, thumbprint)


def _check_form(token: str) -> None:
    """As RFC 6750 lets it be; anything else would be another header."""
    if not (0 < len(token) <= LONGEST and token.isascii() and token.isprintable() and " " not in token):
        raise NotBorne("form")


def _introspected(provider: Provider, description: Description, token: str) -> Mapping[str, object]:
    """Raises Unavailable where it is ourselves that the provider declines (RFC 7662, 2.3)."""
    pair = (provider.client.client_id, provider.client.client_secret)
    fields = {"token": token, "token_type_hint": "access_token"}
    try:
        if description.basic:
            return post_form(description.introspection, fields, basic=pair)
        return post_form(description.introspection, {**fields, "client_id": pair[0], "client_secret": pair[1]})
    except Declined as error:
        if str(error) in _NOT_US:
            raise Unavailable("the provider does not know us") from error
        raise


def _checked(said: Mapping[str, object], provider: Provider, clients: Collection[str], at: datetime) -> str:
    """The certificate that the token is tied to. Raises NotBorne."""
    if said.get("active") is not True:
        raise NotBorne("active")
    if said.get("iss", provider.client.issuer) != provider.client.issuer:
        raise NotBorne("iss")
    if str(said.get("token_type", "bearer")).lower() not in ("bearer", "access_token"):
        raise NotBorne("token_type")
    if said.get("client_id", said.get("azp")) not in clients:
        raise NotBorne("client_id")
    if said.get("acr", provider.client.acr[0]) not in provider.client.acr:
        raise NotBorne("acr")
    ends = said.get("exp")
    if not isinstance(ends, int | float) or isinstance(ends, bool) or ends <= at.timestamp() - LEEWAY.total_seconds():
        raise NotBorne("exp")
    if not isinstance(said.get("sub"), str) or not said["sub"]:
        raise NotBorne("sub")
    return _thumbprint(said.get("cnf"))


def _thumbprint(tied: object) -> str:
    """RFC 8705, 3.1; a token tied to anything else than a certificate is for somebody who proves that."""
    if tied is None:
        return ""
    if not isinstance(tied, dict) or tied.keys() != {"x5t#S256"}:
        raise NotBorne("cnf")
    thumbprint = tied["x5t#S256"]
    if not isinstance(thumbprint, str) or not thumbprint:
        raise NotBorne("cnf")
    return thumbprint
