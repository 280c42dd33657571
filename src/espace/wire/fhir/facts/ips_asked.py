"""What an operation is asked with, sent as Parameters (R4, operations.html#request): bytes → texts by name."""

from collections.abc import Collection, Mapping

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.wire.fhir import json

MAX_BYTES = 65_536
_LIMITS = json.Limits(depth=8, tokens=400, digits=16, text=4_096)
_VALUES = ("valueString", "valueUri", "valueCanonical")


def read_parameters(data: bytes, known: Collection[str]) -> tuple[Mapping[str, str], tuple[Problem, ...]]:
    """The parameters of these names, each said once with one text; or every problem of the body. Never raises."""
    value, malformed = json.read(data, limits=_LIMITS)
    if malformed:
        return {}, malformed
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters":
        return {}, (Problem(reasons.FHIR_STRUCTURE, "Parameters", "a Parameters resource is expected"),)
    stated = value.get("parameter", [])
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for number, one in enumerate(stated if isinstance(stated, list) else [stated]):
        name, text = _parameter(one)
        if name in known and name not in found and text:
            found[name] = text
        else:
            place = f"Parameters.parameter[{number}]"
            problems.append(Problem(reasons.FHIR_STRUCTURE, place, f"{', '.join(known)}: a text, said once"))
    return found, tuple(problems)


def _parameter(stated: object) -> tuple[str, str]:
    if not isinstance(stated, dict):
        return "", ""
    texts = [stated[name] for name in _VALUES if isinstance(stated.get(name), str)]
    name = stated.get("name")
    return (name, texts[0]) if isinstance(name, str) and len(texts) == 1 else ("", "")
