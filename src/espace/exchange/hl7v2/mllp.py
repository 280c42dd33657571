"""Messages that come by MLLP over TLS: who calls is said by the client certificate of the connection.

The certificate is that of a structure, made by an authority that is accepted here (`ESPACE_AUTHORITIES`): its number
(Struct_IdNat) is that of one organisation of the directory, which deposits as itself.
"""

from functools import partial

from espace import edge
from espace.exchange.certified import certified
from espace.exchange.hl7v2 import answering
from espace.exchange.hl7v2.receiving import CHANNEL
from espace.kernel.reasons import vihf
from espace.kernel.words import Refused
from espace.trace.adapters import security_log
from espace.wire import hl7v2
from espace.wire.hl7v2 import Header

_ROUTE = "MLLP"


def answer(data: bytes, certificate: bytes) -> bytes:
    """The acknowledgement of one message, or of each of a batch; `certificate` is the client's, DER, as the connection
    showed it. Who calls comes before what is asked, on every message: an authority may revoke while a connection lasts.
    Never raises: whatever came, the answer is an ACK."""
    calls = partial(certified, certificate, channel=CHANNEL)
    if not hl7v2.is_batch(data):
        return answering.answer(data, calls, route=_ROUTE)
    try:
        return answering.answer_batch(answering.batch_of(data), calls, route=_ROUTE)
    except Refused as refusal:
        return answering.refused(Header(), refusal, route=_ROUTE)


def misframed(refusal: Refused) -> bytes:
    """The acknowledgement of what was no message: the last one of its connection."""
    return answering.refused(Header(), refusal, route=_ROUTE)


def turned_away() -> None:
    """A connection that brought no certificate of an authority accepted here: nothing was read of it."""
    security_log.note(_ROUTE, vihf.VIHF_CERTIFICATE.code, edge.request_id())
