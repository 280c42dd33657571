"""The SOAP door, its addresses under /xds; one table says what each of them understands.

Who calls is in the message itself, so that it is read whole, within its bounds, before anybody is known; what a
transaction refuses is a RegistryResponse that failed, what comes before it a fault of SOAP.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from espace import edge
from espace.exchange.http import Request, Response, Work
from espace.exchange.xds.asked import Answer, Asked, Transaction
from espace.exchange.xds.attested import Attested, attested, caller_of, declare
from espace.exchange.xds.borne import attested_by
from espace.exchange.xds.transactions import HABILITATIONS, PATIENTS, REGISTRY, REPOSITORY
from espace.exchange.xds.wsdl import describe
from espace.kernel.reasons import bearing, transport, vihf
from espace.kernel.reasons import soap as reasons
from espace.kernel.values import replace
from espace.kernel.words import Refused, RefusedProblems
from espace.wire.soap import envelope, mtom
from espace.wire.soap.envelope import Envelope
from espace.wire.soap.mtom import MediaType, Package
from espace.wire.xml import Element, XmlLimits, parse_xml

TYPES = frozenset({mtom.MULTIPART, mtom.SOAP_TYPE})
ADDRESSES: Mapping[str, Mapping[str, Transaction]] = {
    "/xds/repository": REPOSITORY,
    "/xds/registry": REGISTRY,
    "/xds/patients": PATIENTS,
    "/xds/habilitations": HABILITATIONS,
}
"""By address, its transactions by the WS-Addressing action that asks for them."""
CHANNEL = "xds"
CERTIFICATE = "espace.client_certificate"
"""Where the environment of a request has the certificate of its connection (DER), as the proxy in front passed it."""
_HEARD = "espace.soap"
_FAULTS = {**vihf.FAULTS, **bearing.FAULTS}
_HTTP = frozenset(
    {
        transport.NOT_FOUND,
        transport.METHOD_NOT_ALLOWED,
        reasons.SOAP_TYPE_UNSUPPORTED,
        transport.PAYLOAD_TOO_LARGE,
        transport.REQUEST_MALFORMED,
    }
)
"""What HTTP refuses keeps its status; any other fault of a sender is 400 (SOAP 1.2 part 2, 7.5.2.2)."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is known of a message so far: what an answer to it refers to, whether it came in parts, and what was asked,
    once its sender is known."""

    message_id: str = ""
    in_parts: bool = False
    transaction: Transaction | None = None


def take(request: Request) -> Work:
    """One message to one of the addresses. Raises Refused, which `told` says in the form of this door."""
    kind, body = _received(request)
    package, heard = _opened(kind, body), _Heard(in_parts=kind.name == mtom.MULTIPART)
    root = _parsed(package.root)
    del body
    package = replace(package, root=b"")  # read: from here on the tree and the parts are all that is kept in memory
    _hear(request, heard := replace(heard, message_id=envelope.message_id_of(root)))
    said = envelope.read(root)
    transaction = _transaction(request, kind, package, said)
    if package.parts and not transaction.takes_parts:
        raise Refused(reasons.PART_UNKNOWN, detail="this transaction takes no part")
    who = _attested(request, said)
    caller = caller_of(who, transaction.openings, CHANNEL)
    _hear(request, heard := replace(heard, transaction=transaction))
    asked = Asked(said.body, package.parts, said.message_id, who.patient)
    work = transaction.read(asked, caller)
    declare(who, caller.opening)
    return lambda: _answer(work(), heard, transaction.answers)


def _received(request: Request) -> tuple[MediaType, bytes]:
    """A connection without a certificate is refused before a byte of its body is read."""
    if request.environ.get(CERTIFICATE) is None:
        raise Refused(vihf.VIHF_CERTIFICATE_MISSING)
    try:
        body = request.body(settings.ESPACE_MAX_REQUEST_BYTES, TYPES)
    except Refused as refused:
        if refused.reason is transport.MEDIA_TYPE_UNSUPPORTED:
            raise _not_soap(refused.place, refused.detail) from None
        raise
    return mtom.media_type(str(request.environ.get("CONTENT_TYPE", ""))), body


def _not_soap(place: str, detail: str) -> Refused:
    return Refused(reasons.SOAP_TYPE_UNSUPPORTED, place=place, detail=detail)


def _opened(kind: MediaType, body: bytes) -> Package:
    """The envelope and its attachments; one that came alone has none."""
    if kind.name == mtom.SOAP_TYPE:
        return Package(body, kind, {})
    package = mtom.unpack(kind, body)
    if package.root_type.name not in (mtom.XOP, mtom.SOAP_TYPE):
        raise Refused(reasons.MULTIPART_MALFORMED, detail=f"the root is {mtom.XOP}")
    if package.root_type.parameters.get("charset", "utf-8").lower() not in ("utf-8", "us-ascii"):
        raise _not_soap("http.content-type", "UTF-8 is expected")
    return package


def _parsed(data: bytes) -> Element:
    limits = XmlLimits(max_bytes=settings.ESPACE_MAX_REQUEST_BYTES, max_depth=settings.ESPACE_MAX_XML_DEPTH)
    parsed = parse_xml(data, limits)
    if parsed.root is None:
        raise RefusedProblems(parsed.problems)
    return parsed.root


def _transaction(request: Request, kind: MediaType, package: Package, said: Envelope) -> Transaction:
    """What the message asks for, said alike by its action, its media type and its body."""
    found = ADDRESSES[str(request.environ.get("PATH_INFO", ""))].get(said.action)
    if found is None or said.body.tag != found.element:
        raise Refused(reasons.ACTION_UNKNOWN, place="Envelope/Header/Action")
    for stated in (kind, package.root_type):
        if stated.parameters.get("action", found.action) != found.action:
            raise Refused(reasons.ADDRESSING_INVALID, place="http.content-type", detail="another action")
    return found


def _attested(request: Request, said: Envelope) -> Attested:
    """Who calls: the one that a VIHF attests or, without one, a token of Pro Santé Connect."""
    certificate, authorization = request.environ.get(CERTIFICATE), request.header("Authorization")
    if not authorization:
        return attested(said.security, certificate=certificate, at=edge.now())
    if said.security is not None:
        raise Refused(bearing.IDENTITY_TWICE, place="http.authorization")
    return attested_by(authorization, certificate=certificate, at=edge.now())


def _hear(request: Request, heard: _Heard) -> None:
    """For `told`, which is asked once the request was refused: the environment is the request's own."""
    environ = request.environ
    if isinstance(environ, dict):
        environ[_HEARD] = heard


def _answer(answer: Answer, heard: _Heard, action: str) -> Response:
    """A message in parts is answered in parts, as is whatever has some."""
    root = envelope.write(answer.body, action=action, message_id=_new_id(), relates_to=heard.message_id)
    if not heard.in_parts and not answer.parts:
        return Response(root, content_type=f'{mtom.SOAP_TYPE}; charset=utf-8; action="{action}"')
    kind, body = mtom.pack(root, answer.parts, boundary=f"espace-{edge.new_id()}", action=action)
    return Response(body, content_type=kind)


def _new_id() -> str:
    return f"urn:uuid:{edge.new_id()}"


def told(refused: Refused, request: Request) -> Response:
    """A refusal in the form of this door: of a transaction whose sender is known, its own; of any other, a fault."""
    heard = request.environ.get(_HEARD) or _Heard()
    if heard.transaction:
        return _answer(Answer(heard.transaction.refused(refused)), heard, heard.transaction.answers)
    body = envelope.fault(
        refused, message_id=_new_id(), relates_to=heard.message_id, subcode=_FAULTS.get(refused.reason, "")
    )
    ours = refused.reason.status >= transport.UNEXPECTED_FAULT.status
    status = refused.reason.status if ours or refused.reason in _HTTP else 400
    return Response(body, status, content_type=f"{mtom.SOAP_TYPE}; charset=utf-8")


def wsdl(request: Request) -> Work:
    """The description of the address, whatever is asked after it."""
    path = str(request.environ.get("PATH_INFO", ""))
    return partial(_described, path)


def _described(path: str) -> Response:
    text = describe(path.rpartition("/")[2], f"{settings.ESPACE_PUBLIC_URL}{path}", ADDRESSES[path])
    return Response(text, content_type="text/xml; charset=utf-8")
