"""JSON Patch (RFC 6902) and JSON merge patch (RFC 7396) of a DocumentReference → operations."""

import re
from collections.abc import Mapping
from typing import Any

from espace.kernel.reasons import care
from espace.kernel.reasons import documents as reasons
from espace.wire.fhir.json import Json
from espace.wire.fhir.patching_tree import PLACES, Kind, Operation, Where
from espace.wire.report import Report

MAX_OPERATIONS = 50
_KINDS: Mapping[str, Kind] = {"add": "add", "remove": "remove", "replace": "replace", "test": "test"}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,63}")
_MAX_PATH = 256
# The notation of PDSM4DMP 0.1 (TD3.3d), which is no JSON pointer: the extension is put where it is not yet.
_EXTENSION = re.compile(r"/extension\[url:'(?P<url>[^'\s]{1,200})'\]/valueBoolean")
_UNCHANGED = {"resourceType": "DocumentReference"}


def read_json_patch(value: Json, report: Report) -> tuple[Operation, ...]:
    """The operations of a JSON Patch; what is wrong or may not change is reported."""
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_OPERATIONS:
        report.add(reasons.FHIR_STRUCTURE, "Patch", f"a list of 1 to {MAX_OPERATIONS} operations is expected")
        return ()
    found = (_operation(one, f"Patch.operation[{index}]", report) for index, one in enumerate(value))
    return tuple(one for one in found if one)


def _operation(said: object, place: str, report: Report) -> Operation | None:
    if not isinstance(said, dict) or not isinstance(said.get("op"), str) or not isinstance(said.get("path"), str):
        report.add(reasons.FHIR_STRUCTURE, place, "an object with op and path is expected")
        return None
    kind = _KINDS.get(said["op"])
    if kind is None:
        report.add(care.CHANGE_REFUSED, f"{place}.op", "add, remove, replace or test")
        return None
    if kind != "remove" and "value" not in said:
        report.missing(f"{place}.value")
        return None
    return _at(kind, said["path"], said.get("value"), place, report)


def _at(kind: Kind, path: str, value: Any, place: str, report: Report) -> Operation | None:
    if by_url := _EXTENSION.fullmatch(path):
        return _of_url(kind, by_url["url"], value)
    steps = _steps(path)
    if steps is None:
        report.add(reasons.VALUE_INVALID, f"{place}.path", "a JSON pointer is expected (RFC 6901)")
        return None
    if not steps or steps[0] not in PLACES:
        refuse_place(steps[0] if steps else "", report)
        return None
    return Operation(kind, steps, value)


def _of_url(kind: Kind, url: str, value: Any) -> Operation:
    steps = ("extension", Where("url", url))
    if kind in ("add", "replace"):
        return Operation("put", steps, {"url": url, "valueBoolean": value})
    return Operation(kind, steps if kind == "remove" else (*steps, "valueBoolean"), value)


def _steps(pointer: str) -> tuple[str, ...] | None:
    if len(pointer) > _MAX_PATH or (pointer and not pointer.startswith("/")) or re.search("~(?![01])", pointer):
        return None
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:])


def refuse_place(name: str, report: Report) -> None:
    """Anything but the places that may change; a name that could hold anything is not shown."""
    place = f"DocumentReference.{name}" if _NAME.fullmatch(name) else "DocumentReference"
    report.add(care.CHANGE_REFUSED, place, f"only {', '.join(PLACES)} may change")


def read_merge_patch(value: Json, entry_id: str, report: Report) -> tuple[Operation, ...]:
    """A merge patch replaces whole lists; `resourceType` and `id` may be repeated as they are."""
    if not isinstance(value, dict) or not value:
        report.add(reasons.FHIR_STRUCTURE, "DocumentReference", "an object with what changes is expected")
        return ()
    unchanged = {**_UNCHANGED, "id": entry_id}
    found: list[Operation] = []
    for name, said in value.items():
        if name in PLACES:
            found.append(Operation("discard", (name,)) if said is None else Operation("put", (name,), said))
        elif unchanged.get(name) != said:
            refuse_place(name, report)
    return tuple(found)
