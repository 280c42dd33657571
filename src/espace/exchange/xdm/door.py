"""POST /xdm: one archive, one RegistryResponse; whatever comes, the answer is one, with an HTTP status.

Who calls is said by the bearer token of the FHIR door.
"""

from functools import partial

from django.conf import settings

from espace.exchange.callers import Caller
from espace.exchange.http import Request, Response, Work
from espace.exchange.xdm import receiving
from espace.exchange.xdm.receiving import CHANNEL, OPENINGS, Deposit
from espace.exchange.xds.errors import error_of, failure
from espace.kernel.reasons import transport
from espace.kernel.words import Refused
from espace.wire.ebxml.responses import SUCCESS, WARNING, registry_response
from espace.wire.xdm.reading import MEDIA_TYPE

__all__ = ["CHANNEL", "OPENINGS", "PATH", "TYPES", "take", "told"]

PATH = "/xdm"
TYPES = frozenset({MEDIA_TYPE})
_ANSWER = "application/xml; charset=utf-8"


def take(request: Request, who: Caller) -> Work:
    """Read one archive and the documents in it; every problem of both is told at once."""
    if request.content_type not in TYPES:
        raise Refused(transport.MEDIA_TYPE_UNSUPPORTED, place="http.content-type", detail=MEDIA_TYPE)
    deposits = receiving.read(request.body(settings.ESPACE_MAX_REQUEST_BYTES, TYPES))
    return partial(_filed, who, deposits)


def _filed(who: Caller, deposits: tuple[Deposit, ...]) -> Response:
    receiving.file(who, deposits)
    told_too = [error_of(one, registry=False, severity=WARNING) for deposit in deposits for one in deposit.warnings]
    return Response(registry_response(SUCCESS, told_too), content_type=_ANSWER)


def told(refusal: Refused, request: Request) -> Response:
    """A refusal in the form of this door: the errors of IHE, each with our reason."""
    return Response(failure(refusal, registry=False), refusal.reason.status, content_type=_ANSWER)
