"""GET /fhir/openapi.json: every address for machines in OpenAPI 3.1, made from the table of routes and the tables of
searches that the doors obey. Nothing in it is kept by hand but what an answer looks like at each door."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import msgspec
from django.conf import settings

from espace.exchange.callers import Opening, token_url
from espace.exchange.fhir.metadata import software_version
from espace.exchange.http import FHIR_JSON, FORM, Request, Response, Work
from espace.exchange.xds.door import ADDRESSES
from espace.kernel.words import ActorKind
from espace.wire.fhir.searching import Parameter, Table
from espace.wire.hl7v2 import MEDIA_TYPE as ER7

VERSION = "3.1.0"
SOAP, JSON = "application/soap+xml", "application/json"
Schema = dict[str, Any]


class Described(Protocol):
    """What is read of a route (`exchange.urls.Route`)."""

    @property
    def method(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def public(self) -> Callable[..., Any] | None: ...
    @property
    def protected(self) -> Callable[..., Any] | None: ...
    @property
    def openings(self) -> Mapping[ActorKind, Opening]: ...
    @property
    def table(self) -> Table | None: ...
    @property
    def takes(self) -> frozenset[str]: ...
    @property
    def passes(self) -> frozenset[str]: ...
    @property
    def negotiates(self) -> bool: ...


_STRINGS: Schema = {"type": "array", "items": {"type": "string"}}
_RESOURCE: Schema = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}}}
_OUTCOME: Schema = {"$ref": "#/components/schemas/OperationOutcome"}
_REFUSED = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
_TEXT = {"type": "string"}

DOORS: Mapping[str, tuple[str, Schema, Schema]] = {
    "fhir": (FHIR_JSON, _RESOURCE, _OUTCOME),
    "oauth": (JSON, {"type": "object"}, _REFUSED),
    "hl7v2": (ER7, _TEXT, _TEXT),
    "xds": (SOAP, _TEXT, _TEXT),
    "xdm": ("application/xml", _TEXT, _TEXT),
}
"""First segment of an address → media type of its answers, what they are, and what a refusal is."""

_BODIES: Mapping[str, Schema] = {
    "application/json-patch+json": {"type": "array", "items": {"type": "object"}},
    "application/merge-patch+json": {"type": "object"},
    FHIR_JSON: _RESOURCE,
    JSON: {"type": "object"},
    FORM: {"type": "object", "additionalProperties": _STRINGS},
}
_ISSUE: Schema = {
    "type": "object",
    "required": ["severity", "code", "details"],
    "properties": {
        "severity": {"type": "string"},
        "code": {"type": "string"},
        "details": {"type": "object", "properties": {"coding": {"type": "array"}, "text": {"type": "string"}}},
        "diagnostics": {"type": "string", "description": "where, what was found, what to do, the page of the reason"},
        "expression": _STRINGS,
    },
}
_SCHEMAS: Schema = {
    "OperationOutcome": {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {"type": "array", "minItems": 1, "items": _ISSUE},
        },
    }
}
_OF_EVERY_SEARCH = {
    "_count": "how many in a page, 0 to 500",
    "_sort": "what to sort by, - before it for downwards",
    "_summary": "true, text, data, count or false",
    "_total": "none, estimate or accurate",
    "_format": "json",
    "_pretty": "taken; changes nothing",
}


def serve(routes: Callable[[], Sequence[Described]]) -> Callable[[Request], Work]:
    """What answers with the description of these routes, which are asked for once all of them are there."""
    return lambda request: partial(_served, routes)


def _served(routes: Callable[[], Sequence[Described]]) -> Response:
    said = description(routes(), url=settings.ESPACE_PUBLIC_URL, token=token_url())
    return Response(msgspec.json.encode(said), content_type=JSON)


def description(routes: Sequence[Described], *, url: str, token: str) -> Schema:
    """The document; `url` is the address of the platform, `token` that of its tokens."""
    paths: dict[str, Schema] = {}
    for route in routes:
        paths.setdefault(address(route), {})[route.method.lower()] = _operation(route)
    scopes = sorted({opening.scope for route in routes for opening in route.openings.values()})
    flow = {"tokenUrl": token, "scopes": dict.fromkeys(scopes, "")}
    return {
        "openapi": VERSION,
        "info": {"title": "espace-santé", "version": software_version(), "license": {"name": "Apache-2.0"}},
        "externalDocs": {"url": f"{url}/erreurs/", "description": "what each reason of a refusal means"},
        "servers": [{"url": url}],
        "tags": [{"name": door} for door in DOORS],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {
                "token": {"type": "oauth2", "flows": {"clientCredentials": flow}},
                "certificate": {"type": "mutualTLS", "description": "and a VIHF in the message"},
            },
        },
    }


def address(route: Described) -> str:
    return route.name.partition(" ")[2]


def _door(route: Described) -> str:
    return address(route).split("/")[1]


def _operation(route: Described) -> Schema:
    media, answer, refusal = DOORS[_door(route)]
    said: Schema = {
        "operationId": re.sub(r"\W+", "_", route.name).strip("_"),
        "summary": _summary(route),
        "description": "\n".join(ADDRESSES.get(address(route), ())),
        "tags": [_door(route)],
        "parameters": list(_parameters(route)),
        "security": _security(route),
        "responses": {
            "2XX": {"description": "done", "content": {_media_of(route, media): {"schema": answer}}},
            "4XX": {"description": "refused: nothing was stored", "content": {media: {"schema": refusal}}},
            "5XX": {"description": "our fault: send it again", "content": {media: {"schema": refusal}}},
        },
    }
    if route.takes:
        content = {kind: {"schema": _body(route, kind)} for kind in sorted(route.takes)}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _media_of(route: Described, media: str) -> str:
    """A document comes in its own type; what is described for programs, in the type of the description."""
    if address(route).startswith("/fhir/Binary/"):
        return "*/*"
    if route.method == "GET" and route.public is not None:
        return "text/xml" if media == SOAP else JSON if route.negotiates else media
    return media


def _summary(route: Described) -> str:
    """The first sentence of the module that answers, which is named by its transaction."""
    answers = route.public or route.protected
    module = sys.modules.get(getattr(answers, "__module__", ""))
    text = " ".join((module.__doc__ or "").split("\n\n")[0].split()) if module else ""
    return text.partition(". ")[0].rstrip(".")


def _security(route: Described) -> list[dict[str, list[str]]]:
    if _door(route) == "xds" and route.method == "POST":
        return [{"certificate": []}]
    return [{"token": [opening.scope]} for opening in route.openings.values()]


def _parameters(route: Described) -> Iterator[Schema]:
    if "{id}" in address(route):
        yield {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for name in sorted(route.passes):
        yield {"name": name, "in": "query", "allowEmptyValue": True, "schema": _TEXT}
    if route.table and route.method == "GET":
        for name, (about, several) in _searched(route.table).items():
            schema = _STRINGS if several else _TEXT
            yield {"name": name, "in": "query", "description": about, "schema": schema}


def _searched(table: Table) -> dict[str, tuple[str, bool]]:
    """Parameter → what it looks at, and whether it may be said again."""
    own = {name: (_about(one), True) for name, one in table.parameters.items()}
    beside = {name: (f"beside what is found: {', '.join(said)}", True) for name, said in table.includes.items() if said}
    return own | beside | {name: (about, False) for name, about in _OF_EVERY_SEARCH.items()}


def _about(one: Parameter) -> str:
    modifiers = f" (:{', :'.join(sorted(one.modifiers))})" if one.modifiers else ""
    return f"{one.kind}: {one.about}{modifiers}"


def _body(route: Described, kind: str) -> Schema:
    if kind == FORM and route.table:
        names = _searched(route.table).items()
        return {"type": "object", "properties": {name: _STRINGS if several else _TEXT for name, (_, several) in names}}
    return _BODIES.get(kind, {"type": "string"})
