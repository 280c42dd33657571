"""FHIRPath Patch (R4, fhirpatch.html) of a DocumentReference → operations: add, insert, delete, replace."""

import re
from collections.abc import Mapping
from typing import Any

from espace.kernel.reasons import care
from espace.kernel.reasons import documents as reasons
from espace.wire.fhir.json import Json
from espace.wire.fhir.patching_json import MAX_OPERATIONS, refuse_place
from espace.wire.fhir.patching_tree import END, PLACES, Kind, Operation, Step, Where
from espace.wire.report import Report

_ROOT = "DocumentReference"
_LISTS = frozenset({"securityLabel", "extension", "coding"})
_MAX_PATH = 512
_TEXT = r"'(?P<{}>[^'\\]{{0,200}})'"
_STEP = re.compile(
    r"\.(?:extension\(" + _TEXT.format("named") + r"\)"
    r"|where\(\s*url\s*=\s*" + _TEXT.format("url") + r"\s*\)"
    r"|where\(\s*coding\.code\s*=\s*" + _TEXT.format("code") + r"\s*\)"
    r"|where\(\s*coding\.(?:exists|where)\(\s*code\s*=\s*" + _TEXT.format("inner") + r"\s*\)(?:\.exists\(\))?\s*\)"
    r"|(?P<name>[A-Za-z]{1,64})(?:\[(?P<index>[0-9]{1,3})\])?)",
    re.ASCII,
)
_TYPES: Mapping[str, Kind] = {"add": "add", "insert": "add", "delete": "discard", "replace": "replace"}


def read_path_patch(value: Json, report: Report) -> tuple[Operation, ...]:
    """The operations of a Parameters resource; what is wrong or may not change is reported."""
    said = value.get("parameter") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("resourceType") != "Parameters" or not isinstance(said, list):
        report.add(reasons.FHIR_STRUCTURE, "Parameters", "a Parameters resource with operations is expected")
        return ()
    if not 1 <= len(said) <= MAX_OPERATIONS:
        report.invalid("Parameters.parameter", f"1 to {MAX_OPERATIONS} operations are expected")
        return ()
    found = (_operation(one, f"Parameters.parameter[{index}]", report) for index, one in enumerate(said))
    return tuple(one for one in found if one)


def _operation(said: object, place: str, report: Report) -> Operation | None:
    parts = _parts(said)
    if parts is None:
        report.add(reasons.FHIR_STRUCTURE, place, "an operation with its parts, each once, is expected")
        return None
    kind, path, name = parts.get("type"), parts.get("path"), parts.get("name", "")
    if not isinstance(kind, str) or kind not in _TYPES or not isinstance(path, str) or not isinstance(name, str):
        report.add(care.CHANGE_REFUSED, place, "add, insert, delete or replace, with a path")
        return None
    if kind != "delete" and "value" not in parts:
        report.missing(place, "a value")
        return None
    steps = _steps(path)
    if steps is None:
        report.invalid(place, "a path of this form is not understood")
        return None
    return _placed(kind, steps, name, parts, place, report)


def _placed(
    kind: str, steps: tuple[Step, ...], name: str, parts: dict[str, Any], place: str, report: Report
) -> Operation | None:
    if kind == "add":
        steps = (*steps, name, END) if name in _LISTS else (*steps, name)
    elif kind == "insert":
        index = parts.get("index")
        if type(index) is not int or not steps or steps[-1] not in _LISTS:
            report.invalid(place, "the position in a list is expected")
            return None
        steps = (*steps, index)
    elif steps and steps[-1] in _LISTS:
        steps = (*steps, Where())
    first = steps[0] if steps else ""
    if first not in PLACES:
        refuse_place(str(first), report)
        return None
    if kind == "add" and steps == ("status",):
        report.add(care.CHANGE_REFUSED, f"{_ROOT}.status", "there is one already: replace it")
        return None
    return Operation(_TYPES[kind], steps, parts.get("value"))


def _steps(path: str) -> tuple[Step, ...] | None:
    """The steps of a path from the resource; None where it says anything else than the forms known."""
    if len(path) > _MAX_PATH or not path.startswith(_ROOT):
        return None
    rest, found = path.removeprefix(_ROOT), list[Step]()
    while rest:
        step = _STEP.match(rest)
        if step is None:
            return None
        found += _of(step)
        rest = rest[step.end() :]
    return tuple(found)


def _of(step: re.Match[str]) -> list[Step]:
    if step["named"] is not None:
        return ["extension", Where("url", step["named"])]
    if step["url"] is not None:
        return [Where("url", step["url"])]
    for code in (step["code"], step["inner"]):
        if code is not None:
            return [Where("code", code)]
    name = "valueBoolean" if step["name"] == "value" else step["name"]
    return [name] if step["index"] is None else [name, int(step["index"])]


def _parts(said: object) -> dict[str, Any] | None:
    """The parts of an operation by name, each with its value; None where one is said twice or has no value."""
    if not isinstance(said, dict) or said.get("name") != "operation" or not isinstance(said.get("part"), list):
        return None
    return _values(said["part"])


def _values(parts: list[object]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for part in parts:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(name, str) or name in found:
            return None
        values = [value for key, value in part.items() if key.startswith("value")]
        if isinstance(part.get("part"), list) and not values:
            values = [_anonymous(part["part"])]
        if len(values) != 1 or values[0] is None:
            return None
        found[name] = values[0]
    return found


def _anonymous(parts: list[object]) -> dict[str, Any] | None:
    """An extension said part by part: its url, and its value under the name of its type."""
    found: dict[str, Any] = {}
    for part in parts:
        if not isinstance(part, dict) or not isinstance(part.get("name"), str):
            return None
        for key, value in part.items():
            if key.startswith("value"):
                found["url" if part["name"] == "url" else key] = value
    return found or None
