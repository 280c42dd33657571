"""The tables of the FHIR door: its routes, and the parameters of its searches. Django must be set up."""

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from docs.markdown import code, plain, table
from espace.catalogue.facts import FACTS
from espace.kernel.words import ActorKind
from espace.wire.fhir.facts.parameters import SEARCHES
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS, Parameter, Table

ACTORS = {
    ActorKind.ORGANISATION: "software of an organisation",
    ActorKind.PROFESSIONAL: "professional",
    ActorKind.HOLDER: "holder",
    ActorKind.APP: "application",
}
NAMES: Mapping[tuple[str, str], str] = {
    ("POST", "/fhir"): "ITI-65; API Mesures (PCH-01)",
    ("POST", "/fhir/Observation"): "API Mesures, one measure",
    ("POST", "/fhir/DocumentReference"): "ITI-105, conditional create",
    ("GET", "/fhir/DocumentReference"): "ITI-67",
    ("POST", "/fhir/DocumentReference/_search"): "ITI-67",
    ("GET", "/fhir/List"): "ITI-66",
    ("POST", "/fhir/List/_search"): "ITI-66",
    ("GET", "/fhir/Binary/<id>"): "ITI-68",
    ("PATCH", "/fhir/DocumentReference/<id>"): "PDSm flux 03 (ITI-57)",
    ("GET", "/fhir/Patient"): "status of a space",
    ("POST", "/fhir/Patient/_search"): "status of a space",
    **{
        (method, f"/fhir/Patient/{whose}$summary"): "International Patient Summary (uv.ips 2.0.0)"
        for method in ("GET", "POST")
        for whose in ("", "<id>/")
    },
    ("GET", "/fhir/metadata"): "CapabilityStatement",
    ("GET", "/fhir/.well-known/smart-configuration"): "where to get a token",
    ("GET", "/fhir/openapi.json"): "OpenAPI 3.1 of every address",
    ("POST", "/oauth/token"): "a token (RFC 6749, RFC 7523)",
    ("POST", "/oauth/revoke"): "end a token (RFC 7009)",
    ("POST", "/hl7v2"): "CDA in HL7 v2 (CI-SIS)",
    ("POST", "/xdm"): "documents in an archive (IHE XDM)",
}
"""What the standards call an operation; the others speak for themselves."""


def address(pattern: str) -> str:
    """A route's pattern as people read it."""
    named = re.sub(r"\(\?P<id>(?:\[[^\]]*\]|[^)])*\)", "<id>", pattern)
    return named.replace("\\", "").removesuffix("/?")


def routes() -> tuple[Any, ...]:
    found: tuple[Any, ...] = import_module("espace.exchange.urls").ROUTES
    return found


def interactions() -> str:
    """Of this door: who may come by SOAP is said by the messages, and told in a page of its own."""
    rows = [_route(one) for one in routes() if not one.path.startswith("/xds/") and not _fact(one)]
    return table(("operation", "standard", *ACTORS.values(), "body"), rows)


def fact_interactions() -> str:
    """Of all types of facts, which are alike: those of the first, whose name stands for each."""
    first = [one for one in routes() if _fact(one) == FACTS[0]]
    rows = [tuple(cell.replace(FACTS[0], "<type>") for cell in _route(one)) for one in first]
    return table(("operation", "standard", *ACTORS.values(), "body"), rows)


def _fact(route: Any) -> str:
    found = re.match(r"/fhir/([A-Za-z]+)", route.path)
    created = route.method == "POST" and not route.path.endswith("_search")
    return found[1] if found and found[1] in FACTS and not created else ""


def _route(route: Any) -> tuple[str, ...]:
    where = address(route.path)
    who = [_opening(route, kind) for kind in ACTORS]
    body = "<br>".join(code(one) for one in sorted(route.takes))
    return (code(f"{route.method} {where}"), NAMES.get((route.method, where), ""), *who, body)


def _opening(route: Any, kind: ActorKind) -> str:
    if route.public is not None:
        return "anybody"
    opening = route.openings.get(kind)
    return f"{opening.purpose}, {opening.verb}<br>{code(opening.scope)}" if opening else "no"


def _parameters(found: Table, more: Callable[[Parameter], tuple[str, ...]] = lambda one: (), *heads: str) -> str:
    rows = (
        (
            code(one.name),
            one.kind.value,
            plain(one.about),
            ", ".join(code(f":{modifier}") for modifier in sorted(one.modifiers)),
            "yes" if one.name in found.sorts else "",
            *more(one),
        )
        for one in found.parameters.values()
    )
    return table(("parameter", "type", "looks at", "modifiers", "sorts", *heads), rows)


def documents() -> str:
    followed = import_module("espace.exchange.fhir.iti67").FOLLOWED
    return _parameters(DOCUMENTS, lambda one: ("yes" if one.name in followed else "",), "own deposits")


def lists() -> str:
    return _parameters(LISTS)


def patients() -> str:
    return _parameters(PATIENTS)


def facts() -> str:
    """One row for each type: its parameters but those of every type, and what may be included."""
    return table(("resource", "searched by", "sorted by", "with"), (_of_type(one.table) for one in SEARCHES.values()))


def _of_type(found: Table) -> tuple[str, ...]:
    own = [one for name, one in found.parameters.items() if name not in EVERYWHERE]
    searched = "<br>".join(f"{code(one.name)} ({one.kind}): {plain(one.about)}" for one in own)
    beside = "<br>".join(code(f"{word}={one}") for word, said in found.includes.items() for one in said)
    return code(found.resource), searched, ", ".join(code(name) for name in found.sorts), beside


EVERYWHERE = frozenset({"patient", "patient.identifier", "_id", "_lastUpdated", "_tag"})


def told() -> str:
    """Which facts each type tells."""
    served = import_module("espace.exchange.fhir.facts.telling").SERVED
    rows = ((code(name), ", ".join(code(kind) for kind in sorted(one.kinds))) for name, one in served.items())
    return table(("resource", "kinds of facts"), rows)
