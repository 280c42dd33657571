"""POST /hl7v2: one message, one acknowledgement, or a batch of each; whatever comes, the answer is an ACK with an HTTP
status.

Who calls is said by the bearer token of the FHIR door. The message's own sender (PRT of SB) must be that organisation.
"""

from functools import partial

from django.conf import settings

from espace.access import gate
from espace.exchange.callers import Caller, caller
from espace.exchange.hl7v2 import receiving
from espace.exchange.hl7v2.answering import answer_batch, batch_of
from espace.exchange.hl7v2.receiving import CHANNEL, OPENINGS, Openings
from espace.exchange.http import Request, Response, Work
from espace.kernel.reasons import transport
from espace.kernel.words import Refused
from espace.wire.hl7v2 import MEDIA_TYPE, Batch, Header, is_batch

__all__ = ["CHANNEL", "OPENINGS", "PATH", "TYPES", "take", "told"]

PATH = "/hl7v2"
TYPES = frozenset({MEDIA_TYPE, "x-application/hl7-v2+er7", "application/hl7-v2+er7", "application/edi-hl7"})
"""HL7 over HTTP as HAPI speaks it, and as registries of vaccination and laboratories do."""
CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "iso-8859-1", "iso-8859-15"})
"""What Content-Type may say: the message itself decides (MSH-18)."""

_HEARD = "espace.hl7v2"
_ROUTE = f"POST {PATH}"
_ENGLISH = "en"


def take(request: Request, who: Caller) -> Work:
    """Read one message and the documents in it; every problem of both is told at once."""
    data = _body(request)
    if is_batch(data):
        return _batch(request, who, batch_of(data))
    received = receiving.read(data)
    _hear(request, received.header)
    work = receiving.work(received, partial(_calls, request, who))
    return lambda: _response(received.header, receiving.accepted(received.header, work()), 200)


def _batch(request: Request, who: Caller, batch: Batch) -> Work:
    """Each message is done by itself, whatever became of the others: the status says that the batch was read."""
    calls, english = partial(_calls, request, who), request.language == _ENGLISH
    said = partial(answer_batch, batch, calls, route=_ROUTE, english=english)
    return lambda: _response(batch.header, said(), 200)


def _calls(request: Request, who: Caller, openings: Openings) -> Caller:
    """Whoever may file is known already; other acts need more of their token."""
    if openings is OPENINGS:
        return who
    return gate.run_again(partial(caller, request, openings, CHANNEL))


def _body(request: Request) -> bytes:
    if request.content_type not in TYPES:
        raise Refused(transport.MEDIA_TYPE_UNSUPPORTED, place="http.content-type", detail=MEDIA_TYPE)
    return request.body(settings.ESPACE_MAX_REQUEST_BYTES, TYPES, CHARSETS)


def _hear(request: Request, header: Header) -> None:
    """For `told`, which is asked once the request was refused: the environment is the request's own."""
    environ = request.environ
    if isinstance(environ, dict):
        environ[_HEARD] = header


def told(refusal: Refused, request: Request) -> Response:
    """A refusal in the form of this door; what was refused before the message was read repeats nothing of it."""
    header = request.environ.get(_HEARD) or Header()
    body = receiving.refused(header, refusal, english=request.language == _ENGLISH)
    return _response(header, body, refusal.reason.status)


def _response(header: Header, body: bytes, status: int) -> Response:
    return Response(body, status, content_type=f"{MEDIA_TYPE}; charset={header.codec}")
