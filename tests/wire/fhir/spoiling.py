"""A bundle read after changes to it, and what is found wrong with it."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import bundles
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.provide_bundle import Provided, parse

Json = dict[str, Any]
Change = Callable[[Json, Json, Json, Json], object]

READING = Reading(zone=ZoneInfo("Europe/Paris"), base="http://localhost:8000/fhir", max_bytes=1_000)
LIST, DOC, BIN = "Bundle.entry[0].resource", "Bundle.entry[1].resource", "Bundle.entry[2].resource"
ATTACHMENT = f"{DOC}.content[0].attachment"


def read(*changes: Change) -> Provided:
    return parse(bundles.spoiled(*changes), READING)


def faults(provided: Provided) -> list[tuple[str, str]]:
    return [(problem.reason.code, problem.place) for problem in provided.problems]


def drop(part: int, *path: str | int) -> Change:
    """Without what is there, in the bundle (0), the set (1), the document (2) or the binary (3)."""

    def change(*parts: Json) -> None:
        target: Any = parts[part]
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


def put(value: object, part: int, *path: str | int) -> Change:
    """With this value there."""

    def change(*parts: Json) -> None:
        target: Any = parts[part]
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


def second_document(b: Json, s: Json, d: Json, y: Json) -> None:
    """Another document with its own Binary."""
    other = bundles.document()
    other["masterIdentifier"]["value"] = "urn:uuid:ABCDEF01-2345-4789-8abc-def012345678"
    other["content"][0]["attachment"]["url"] = "urn:uuid:b2"
    b["entry"] += [bundles.entry("urn:uuid:d2", other), bundles.entry("urn:uuid:b2", bundles.binary())]
    s["entry"].append({"item": {"reference": "urn:uuid:d2"}})


def replaces(target: Json, code: str = "replaces") -> Change:
    return lambda b, s, d, y: d.update(relatesTo=[{"code": code, "target": target}])
