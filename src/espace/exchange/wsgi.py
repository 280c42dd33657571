"""The one entry of this door: which route, who calls, what is answered; a refusal always has its own form."""

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import psycopg
from django.db import Error as DatabaseError
from django.db import IntegrityError, InterfaceError, OperationalError

from espace import edge
from espace.exchange.callers import caller
from espace.exchange.http import FHIR_JSON, JSON_TYPES, SAFE_HEADERS, Request, Response, Work, accepted, shown
from espace.exchange.oauth import token
from espace.exchange.urls import ROUTES, Route
from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Problem, Refused
from espace.keys.facts import KeyServiceUnavailable
from espace.trace.adapters import security_log
from espace.wire.fhir.outcome import outcome, problems_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

ATTEMPTS = 3
"""How many times work is run when the database asks for it to be run again (PostgreSQL, « serialization »)."""

_AGAIN = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    # Two deposits of the same uniqueId at once: the second, run again, sees the first.
    psycopg.errors.UniqueViolation,
)
_FAULTS = (OperationalError, InterfaceError, IntegrityError, KeyServiceUnavailable)
_CHALLENGES = {
    "token_missing": 'Bearer realm="espace"',
    "token_invalid": 'Bearer realm="espace", error="invalid_token"',
    "token_expired": 'Bearer realm="espace", error="invalid_token", error_description="expired"',
    "scope_insufficient": 'Bearer realm="espace", error="insufficient_scope"',
}
_JSON_FORMATS = frozenset({"json", *JSON_TYPES})

T = TypeVar("T")

_door = logging.getLogger("espace.exchange")


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """Answer one request. Whatever was sent, the answer is an HTTP status with a body that says why."""
    request = Request(environ)
    response = _answer(request)
    headers = [
        ("Content-Type", response.content_type),
        ("Content-Length", str(len(response.body))),
        *SAFE_HEADERS,
        *response.headers,
    ]
    start_response(response.status_line, headers)
    return [] if request.method == "HEAD" else [response.body]


def _answer(request: Request) -> Response:
    path = str(request.environ.get("PATH_INFO", ""))
    route: Route | None = None
    try:
        route, request = _route(request, path)
        return _attempted(_work(route, request))
    except Refused as refusal:
        return _refused(refusal, request, route)
    except _FAULTS:
        return _failed(Refused(reasons.TEMPORARILY_UNAVAILABLE), request, route)
    except Exception:
        return _failed(Refused(reasons.UNEXPECTED_FAULT), request, route)


def _route(request: Request, path: str) -> tuple[Route, Request]:
    """The route of a request; HEAD is GET without its body. Raises Refused: NOT_FOUND, METHOD_NOT_ALLOWED."""
    found = [(route, match) for route in ROUTES if (match := route.match(path))]
    method = "GET" if request.method == "HEAD" else request.method
    for route, match in found:
        if route.method == method:
            return route, Request(request.environ, match.groupdict().get("id", ""))
    if found:
        raise Refused(reasons.METHOD_NOT_ALLOWED, detail=_allowed(path))
    raise Refused(reasons.NOT_FOUND)


def _allowed(path: str) -> str:
    methods = {route.method for route in ROUTES if route.match(path)}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _work(route: Route, request: Request) -> Work:
    """Who calls comes before what is asked, and both before a byte of the body is read."""
    who = _attempted(lambda: caller(request, route.openings, route.channel)) if route.protected else None
    _check_address(route, request)
    if route.public:
        return route.public(request)
    if route.protected and who:
        return route.protected(request, who)
    raise Refused(reasons.NOT_FOUND)


def _check_address(route: Route, request: Request) -> None:
    """The parameters are known, and FHIR JSON is acceptable where nothing else is made."""
    said = request.query()
    for name in said.keys() - route.parameters - {"_format"}:
        raise Refused(reasons.PARAMETER_UNSUPPORTED, place=shown(name))
    if said.get("_format", "json").replace(" ", "+") not in _JSON_FORMATS:
        raise Refused(reasons.NOT_ACCEPTABLE, place="_format")
    offers = (FHIR_JSON, *sorted(JSON_TYPES - {FHIR_JSON}))
    if not route.negotiates and not accepted(request.header("Accept"), offers):
        raise Refused(reasons.NOT_ACCEPTABLE, place="Accept")


def _attempted(work: Callable[[], T]) -> T:
    """The work done, run again where the database asks for it."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return work()
        except DatabaseError as error:
            if not isinstance(error.__cause__, _AGAIN):
                raise
    return work()


def _refused(refusal: Refused, request: Request, route: Route | None) -> Response:
    reason = refusal.reason
    security_log.note(_name(route), reason.code, str(edge.new_id()))
    if route and route.path == "/oauth/token":
        return token.refusal(refusal)
    headers = [("Content-Language", request.language)]
    if challenge := _CHALLENGES.get(reason.code):
        headers.append(("WWW-Authenticate", challenge))
    if reason is reasons.METHOD_NOT_ALLOWED:
        headers.append(("Allow", refusal.detail))
    body = outcome(problems_of(refusal), language=request.language)
    return Response(body, reason.status, headers=tuple(headers))


def _failed(refusal: Refused, request: Request, route: Route | None) -> Response:
    """Our fault: a number for the log and for whoever reports it, and nothing of the inside."""
    number: UUID = edge.new_id()
    _door.exception("failed", extra={"fault": str(number), "route": _name(route)})
    body = outcome((Problem(refusal.reason, "", f"{number}"),), language=request.language)
    return Response(body, refusal.reason.status, headers=(("Retry-After", "5"),))


def _name(route: Route | None) -> str:
    return f"{route.method} {route.path}" if route else "none"
