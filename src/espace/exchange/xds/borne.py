"""Who calls by a token of Pro Santé Connect, in the header Authorization, over mutual TLS: the software of a structure
whose user signed in there. The professional is the token's, the structure is that of the client certificate.

Only the ordinary purpose comes so: an emergency is stated in a VIHF, where the patient and the words are signed.
"""

import base64
from datetime import datetime
from functools import partial
from hashlib import sha256

from django.conf import settings

from espace.access import gate
from espace.exchange.xds.attested import Attested, professional_in
from espace.exchange.xds.trusting import reading
from espace.identity.adapters.oidc.bearing import NotBorne, borne
from espace.identity.adapters.oidc.calls import Unavailable
from espace.identity.adapters.oidc.provider import ours
from espace.kernel.reasons import bearing as reasons
from espace.kernel.reasons import transport, vihf
from espace.kernel.words import Purpose, Refused
from espace.wire.saml.certificates import Use

SCHEME = "bearer"


def attested_by(authorization: str, *, certificate: bytes | None, at: datetime) -> Attested:
    """Whom the header Authorization attests; `certificate` is the client certificate of the connection, DER. The same
    token may come again for as long as the provider vouches for it. Raises Refused: VIHF_CERTIFICATE…,
    BEARER_REFUSED, BEARER_BINDING, TEMPORARILY_UNAVAILABLE."""
    if certificate is None:
        raise Refused(vihf.VIHF_CERTIFICATE_MISSING)
    structure = reading().bearer(certificate, use=Use.CONNECTION, at=at).structure
    if not structure:  # a card: the provider is asked for nobody's but a structure's software
        raise _unbound()
    (scheme, _, token), provider = authorization.partition(" "), ours()
    if scheme.lower() != SCHEME:
        raise _refused("Bearer")
    if provider is None or not settings.ESPACE_PSC_CLIENTS:
        raise _refused("client_id")
    try:
        found = borne(provider, token, clients=settings.ESPACE_PSC_CLIENTS, at=at)
    except NotBorne as error:
        raise _refused(str(error)) from error
    except Unavailable as error:
        raise Refused(transport.TEMPORARILY_UNAVAILABLE) from error
    if found.thumbprint not in ("", _thumbprint(certificate)):
        raise _unbound()
    actor = gate.run_again(partial(professional_in, structure, found.stated.national_id))
    if actor is None:
        raise _unbound()
    return Attested(actor, Purpose.CARE, None)


def _refused(detail: str) -> Refused:
    return Refused(reasons.BEARER_REFUSED, place="http.authorization", detail=detail)


def _unbound() -> Refused:
    return Refused(reasons.BEARER_BINDING, place="http.authorization")


def _thumbprint(certificate: bytes) -> str:
    """x5t#S256 (RFC 8705, 3.1)."""
    return base64.urlsafe_b64encode(sha256(certificate).digest()).rstrip(b"=").decode()
