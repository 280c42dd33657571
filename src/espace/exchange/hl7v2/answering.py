"""What came, done and answered, whoever sent it and whichever way it came: whatever happens, the answer is an ACK.

A batch is answered message by message: each is done in a transaction of its own, and none waits for another.
"""

import logging

from django.db import IntegrityError, InterfaceError, OperationalError

from espace import edge
from espace.access import gate
from espace.exchange.depositing import PARIS
from espace.exchange.hl7v2 import receiving
from espace.exchange.hl7v2.receiving import Calls
from espace.kernel.reasons import transport
from espace.kernel.values import replace
from espace.kernel.words import Problem, Refused, RefusedProblems
from espace.trace.adapters import security_log
from espace.wire import hl7v2
from espace.wire.hl7v2 import Batch, Header

_FAULTS = (OperationalError, InterfaceError, IntegrityError)
_door = logging.getLogger("espace.exchange")


def batch_of(data: bytes) -> Batch:
    """Raises RefusedProblems: an envelope that is not whole, of which nothing is done."""
    found = hl7v2.read_batch(data)
    if isinstance(found, Problem):
        raise RefusedProblems((found,))
    return found


def answer_batch(batch: Batch, calls: Calls, *, route: str, english: bool = False) -> bytes:
    """The acknowledgements of all its messages, in one encoding."""
    answers = [answer(one, calls, route=route, english=english, within=batch) for one in batch.messages]
    at = edge.now().astimezone(PARIS)
    return hl7v2.answered_batch(batch, answers, at=at, id=receiving.new_control_id())


def answer(data: bytes, calls: Calls, *, route: str, english: bool = False, within: Batch | None = None) -> bytes:
    """The acknowledgement of one message, in its own encoding or in that of the batch. Never raises."""
    header = Header()
    try:
        received = receiving.read(data)
        said = within.header if within else received.header
        header = replace(received.header, charset=said.charset, codec=said.codec)
        calls(receiving.OPENINGS)
        return receiving.accepted(header, gate.run_again(receiving.work(received, calls)))
    except Refused as refusal:
        return refused(header, refusal, route=route, english=english)
    except _FAULTS:
        return _failed(header, Refused(transport.TEMPORARILY_UNAVAILABLE), route)
    except Exception:
        return _failed(header, Refused(transport.UNEXPECTED_FAULT), route)


def refused(header: Header, refusal: Refused, *, route: str, english: bool = False) -> bytes:
    if refusal.reason.status >= transport.UNEXPECTED_FAULT.status:
        return _failed(header, refusal, route)
    security_log.note(route, refusal.reason.code, edge.request_id())
    return receiving.refused(header, refusal, english=english)


def _failed(header: Header, refusal: Refused, route: str) -> bytes:
    """Our fault: a number for the log and for whoever reports it, and nothing of the inside."""
    number = edge.request_id()
    _door.exception("failed", extra={"fault": number, "route": route, "reason": refusal.reason.code, "why": ""})
    return receiving.refused(header, Refused(refusal.reason, detail=number))
