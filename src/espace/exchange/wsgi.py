"""The one entry of this door: which route, who calls, what is answered; a refusal always has its own form."""

import logging
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError

from espace import edge
from espace.access import gate
from espace.exchange.callers import caller
from espace.exchange.hl7v2 import door as hl7v2
from espace.exchange.http import FHIR_JSON, JSON_TYPES, SAFE_HEADERS, Request, Response, Work, accepted, once, shown
from espace.exchange.oauth import token
from espace.exchange.room import HELD, Room
from espace.exchange.urls import Route, absent, matches
from espace.exchange.xdm import door as xdm
from espace.exchange.xds import door
from espace.kernel.reasons import transport as reasons
from espace.kernel.values import replace
from espace.kernel.words import Refused
from espace.keys.facts import KeyServiceUnavailable
from espace.trace.adapters import security_log
from espace.wire.fhir.outcome import outcome, problems_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

_FAULTS = (OperationalError, InterfaceError, IntegrityError)
_OAUTH = frozenset({"/oauth/token", "/oauth/revoke"})
_XDS = "/xds/"
_CHALLENGES = {
    "token_missing": 'Bearer realm="espace"',
    "token_invalid": 'Bearer realm="espace", error="invalid_token"',
    "token_expired": 'Bearer realm="espace", error="invalid_token", error_description="expired"',
    "scope_insufficient": 'Bearer realm="espace", error="insufficient_scope"',
}
_JSON_FORMATS = frozenset({"json", *JSON_TYPES})
_PASSED = frozenset({"_format", "_pretty"})
"""What any address may carry."""

_NO_CONTENT = 204

_room = Room()
_door = logging.getLogger("espace.exchange")


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """Answer one request. Whatever was sent, the answer is an HTTP status with a body that says why."""
    request = Request(environ)
    with _room.entered(settings.ESPACE_LARGE_BYTES_AT_ONCE) as environ[HELD]:
        response = _answer(request, environ)
    pieces = response.pieces
    content = [("Content-Type", response.content_type), ("Content-Length", str(sum(map(len, pieces))))]
    # What has no content has neither type nor length (RFC 9110, 8.6).
    headers = [*(content if response.status != _NO_CONTENT else ()), *SAFE_HEADERS, *response.headers]
    start_response(response.status_line, headers)
    return [] if request.method == "HEAD" else pieces


def _answer(request: Request, environ: dict[str, Any]) -> Response:
    path = str(request.environ.get("PATH_INFO", ""))
    route: Route | None = None
    try:
        route, request = _route(request, path)
        environ["espace.route"] = _name(route)  # for the monitor: a name, never an address
        return gate.run_again(_work(route, request))
    except Refused as refusal:
        answer = _failed if refusal.reason.status >= 500 else _refused
        return answer(refusal, request, route)
    except _FAULTS:
        return _failed(Refused(reasons.TEMPORARILY_UNAVAILABLE), request, route)
    except Exception:
        return _failed(Refused(reasons.UNEXPECTED_FAULT), request, route)


def _route(request: Request, path: str) -> tuple[Route, Request]:
    """The route of a request; HEAD is GET without its body. Raises Refused: NOT_FOUND, METHOD_NOT_ALLOWED."""
    found = matches(path)
    method = "GET" if request.method == "HEAD" else request.method
    for route, match in found:
        if route.method == method:
            return route, Request(request.environ, match.groupdict().get("id", ""))
    if found:
        raise Refused(reasons.METHOD_NOT_ALLOWED, detail=_allowed(path))
    raise Refused(absent(path))


def _allowed(path: str) -> str:
    methods = {route.method for route, _ in matches(path)}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _work(route: Route, request: Request) -> Work:
    """Who calls comes before what is asked, and both before a byte of the body is read."""
    asking = partial(caller, request, route.openings, route.channel)
    who = gate.run_again(asking) if route.protected else None
    _check_address(route, request)
    if route.public:
        return route.public(request)
    if route.protected and who:
        return route.protected(request, who)
    raise Refused(reasons.NOT_FOUND)


def _check_address(route: Route, request: Request) -> None:
    """The parameters are known, a search reads its own, and FHIR JSON is acceptable where nothing else is made."""
    said = request.pairs()
    for name in () if route.table else once(said).keys() - _PASSED - route.passes:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=shown(name))
    if any(value.replace(" ", "+") not in _JSON_FORMATS for name, value in said if name == "_format"):
        raise Refused(reasons.NOT_ACCEPTABLE, place="http._format")
    offers = (FHIR_JSON, *sorted(JSON_TYPES - {FHIR_JSON}))
    if not route.negotiates and not accepted(request.header("Accept"), offers):
        raise Refused(reasons.NOT_ACCEPTABLE, place="http.accept")


def _refused(refusal: Refused, request: Request, route: Route | None) -> Response:
    reason = refusal.reason
    security_log.note(_name(route), reason.code, edge.request_id())
    headers: list[tuple[str, str]] = []
    if challenge := _CHALLENGES.get(reason.code):
        headers.append(("WWW-Authenticate", challenge))
    if reason is reasons.METHOD_NOT_ALLOWED:
        headers.append(("Allow", refusal.detail))
    return _told(refusal, request, tuple(headers))


def _failed(refusal: Refused, request: Request, route: Route | None) -> Response:
    """Our fault: a number for the log and for whoever reports it, and nothing of the inside."""
    number = edge.request_id()
    why = refusal.why if isinstance(refusal, KeyServiceUnavailable) else ""
    said = {"fault": number, "route": _name(route), "reason": refusal.reason.code, "why": why}
    _door.exception("failed", extra=said)
    return _told(Refused(refusal.reason, detail=number), request, (("Retry-After", "5"),))


def _told(refusal: Refused, request: Request, headers: tuple[tuple[str, str], ...]) -> Response:
    """The refusal in the form of the address asked: RFC 6749 for tokens, SOAP 1.2 for XDS, an ACK for HL7 v2,
    a RegistryResponse for XDM, OperationOutcome everywhere else."""
    if answer := _in_own_form(refusal, request):
        return replace(answer, headers=(*answer.headers, *headers))
    body = outcome(problems_of(refusal), language=request.language, pages=f"{settings.ESPACE_PUBLIC_URL}/erreurs/")
    return Response(body, refusal.reason.status, headers=(("Content-Language", request.language), *headers))


def _in_own_form(refusal: Refused, request: Request) -> Response | None:
    path = str(request.environ.get("PATH_INFO", ""))
    if path in _OAUTH:
        return token.refusal(refusal)
    if path == hl7v2.PATH:
        return hl7v2.told(refusal, request)
    if path == xdm.PATH:
        return xdm.told(refusal, request)
    return door.told(refusal, request) if path.startswith(_XDS) else None


def _name(route: Route | None) -> str:
    return route.name if route else "none"
