"""Mails that bring an archive, handed over by the relay of a secure mail operator (MSSanté) over TLS: who calls is said
by the client certificate of the connection, and never by an address.

A mail is answered when what it deposits is committed, or is refused: no notice is sent from here, for the relay that
hands it over makes one, of the reason that it was told.
"""

import logging
from functools import partial

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError

from espace import edge
from espace.access import gate
from espace.exchange.certified import certified
from espace.exchange.xdm import receiving
from espace.exchange.xdm.receiving import CHANNEL, OPENINGS
from espace.kernel.reasons import transport, vihf
from espace.kernel.words import Refused
from espace.trace.adapters import security_log
from espace.wire.fhir.outcome import problems_of
from espace.wire.xdm.mail import archive_of, reply

DELIVERED = "250 2.6.0 Deposited"
_FAULTS = (OperationalError, InterfaceError, IntegrityError)
_ROUTE = "SMTP"
_door = logging.getLogger("espace.exchange")


def delivered(mail: bytes, certificate: bytes) -> str:
    """The reply to one mail, dots of transport undone; `certificate` is the client's, DER, as the connection showed it.
    Never raises: whatever came, the answer is a reply of SMTP."""
    try:
        _deposit(mail, certificate)
    except Refused as refusal:
        return _refused(refusal)
    except _FAULTS:
        return _failed(Refused(transport.TEMPORARILY_UNAVAILABLE))
    except Exception:
        return _failed(Refused(transport.UNEXPECTED_FAULT))
    return DELIVERED


def turned_away() -> None:
    """A connection that brought no certificate of an authority accepted here: nothing was read of it."""
    security_log.note(_ROUTE, vihf.VIHF_CERTIFICATE.code, edge.request_id())


def _deposit(mail: bytes, certificate: bytes) -> None:
    who = certified(certificate, OPENINGS, CHANNEL)
    deposits = receiving.read(archive_of(mail))
    gate.run_again(partial(receiving.file, who, deposits))


def _refused(refusal: Refused) -> str:
    if refusal.reason.status >= transport.UNEXPECTED_FAULT.status:
        return _failed(refusal)
    security_log.note(_ROUTE, refusal.reason.code, edge.request_id())
    return reply(refusal.reason, problems_of(refusal), _pages())


def _failed(refusal: Refused) -> str:
    """Our fault: a number for the log and for whoever reports it, and nothing of the inside."""
    number = edge.request_id()
    _door.exception("failed", extra={"fault": number, "route": _ROUTE, "reason": refusal.reason.code, "why": ""})
    return reply(refusal.reason, problems_of(Refused(refusal.reason, place=number)), _pages())


def _pages() -> str:
    return f"{settings.ESPACE_PUBLIC_URL}/erreurs/"
