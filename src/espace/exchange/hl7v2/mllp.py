"""Messages that come by MLLP over TLS: who calls is said by the client certificate of the connection.

The certificate is that of a structure, made by an authority that is accepted here (`ESPACE_AUTHORITIES`): its number
(Struct_IdNat) is that of one organisation of the directory, which deposits as itself.
"""

import logging
from functools import partial

from django.db import IntegrityError, InterfaceError, OperationalError

from espace import edge
from espace.access import gate
from espace.exchange.callers import Caller, called
from espace.exchange.hl7v2 import receiving
from espace.exchange.hl7v2.receiving import CHANNEL, Openings
from espace.exchange.xds.trusting import trust
from espace.identity import queries as identity
from espace.identity.rules import actor_of
from espace.kernel.reasons import transport, vihf
from espace.kernel.words import Refused
from espace.trace.adapters import security_log
from espace.wire.hl7v2 import Header, Received
from espace.wire.saml.certificates import Use, bearer

_FAULTS = (OperationalError, InterfaceError, IntegrityError)
_ROUTE = "MLLP"
_door = logging.getLogger("espace.exchange")


def answer(data: bytes, certificate: bytes) -> bytes:
    """The acknowledgement of one message; `certificate` is the client's, DER, as the connection showed it. Never
    raises: whatever came, the answer is an ACK."""
    header = Header()
    try:
        received = receiving.read(data)
        header = received.header
        return _obeyed(received, certificate)
    except Refused as refusal:
        return _refused(header, refusal)
    except _FAULTS:
        return _failed(header, Refused(transport.TEMPORARILY_UNAVAILABLE))
    except Exception:
        return _failed(header, Refused(transport.UNEXPECTED_FAULT))


def misframed(refusal: Refused) -> bytes:
    """The acknowledgement of what was no message: the last one of its connection."""
    return _refused(Header(), refusal)


def turned_away() -> None:
    """A connection that brought no certificate of an authority accepted here: nothing was read of it."""
    security_log.note(_ROUTE, vihf.VIHF_CERTIFICATE.code, edge.request_id())


def _obeyed(received: Received, certificate: bytes) -> bytes:
    """Who calls comes before what is asked, on every message: an authority may revoke while a connection lasts."""
    calls = partial(_calls, certificate)
    calls(receiving.OPENINGS)
    return receiving.accepted(received.header, gate.run_again(receiving.work(received, calls)))


def _calls(certificate: bytes, openings: Openings) -> Caller:
    shown = bearer(certificate, trust(), use=Use.CONNECTION, at=edge.now())
    found = gate.run_again(partial(identity.organisation_of, shown.structure)) if shown.structure else None
    if found is None:
        raise Refused(vihf.VIHF_NOBODY, place="certificate")
    return called(actor_of(found), openings, CHANNEL)


def _refused(header: Header, refusal: Refused) -> bytes:
    if refusal.reason.status >= transport.UNEXPECTED_FAULT.status:
        return _failed(header, refusal)
    security_log.note(_ROUTE, refusal.reason.code, edge.request_id())
    return receiving.refused(header, refusal)


def _failed(header: Header, refusal: Refused) -> bytes:
    """Our fault: a number for the log and for whoever reports it, and nothing of the inside."""
    number = edge.request_id()
    _door.exception("failed", extra={"fault": number, "route": _ROUTE, "reason": refusal.reason.code, "why": ""})
    return receiving.refused(header, Refused(refusal.reason, detail=number))
