"""Who calls by the client certificate of their connection alone: a structure, which deposits as itself."""

from collections.abc import Mapping
from functools import partial

from espace import edge
from espace.access import gate
from espace.exchange.callers import Caller, Opening, called
from espace.exchange.xds.trusting import reading
from espace.identity import queries as identity
from espace.identity.rules import actor_of
from espace.kernel.reasons import vihf
from espace.kernel.words import ActorKind, Refused
from espace.wire.saml.certificates import Use


def certified(certificate: bytes, openings: Mapping[ActorKind, Opening], channel: str) -> Caller:
    """The organisation whose number (Struct_IdNat) the certificate bears; `certificate` is DER, as the connection
    showed it. Asked again for every message: an authority may revoke while a connection lasts. Raises Refused."""
    shown = reading().bearer(certificate, use=Use.CONNECTION, at=edge.now())
    found = gate.run_again(partial(identity.organisation_of, shown.structure)) if shown.structure else None
    if found is None:
        raise Refused(vihf.VIHF_NOBODY, place="certificate")
    return called(actor_of(found), openings, channel)
