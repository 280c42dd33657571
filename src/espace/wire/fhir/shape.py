"""From JSON values to the structs of `resources`: every fault of structure listed, each with its FHIRPath."""

import re
import types
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from espace.kernel.reasons import documents as reasons
from espace.wire.fhir.json import Json
from espace.wire.fhir.resources import RESOURCES, Base64, Element, Entry, Resource
from espace.wire.report import Report

_Reader = Callable[[object, str, Report], object]
S = TypeVar("S", bound=Element)

# FHIR R4 « string »: no character below U+0020 but tab, line feed and carriage return (datatypes.html#string).
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NAME = re.compile(r"_?[A-Za-z][A-Za-z0-9]{0,63}")
MAX_TEXT = 4_000
"""Characters of a text at most; only base64Binary, the content of a document, may be longer."""
MAX_ITEMS = 100
"""Repetitions of an element at most, but those of Bundle.entry, whose documents the profile counts."""
_MODIFIERS = frozenset({"modifierExtension", "implicitRules"})
"""Elements that change the meaning of what holds them: never passed over (R4, extensibility.html#modifierExtension)."""


def resource_of(value: Json, report: Report) -> Resource | None:
    """The resource that a whole body is, or None; places begin with its type. Raises report.Overflow."""
    kind = value.get("resourceType") if isinstance(value, dict) else None
    root = kind if isinstance(kind, str) and kind in RESOURCES else "Resource"
    return cast(Resource | None, _resource(value, root, report))


def struct_of(kind: type[S], value: object, place: str, report: Report) -> S | None:
    """A value as one declared type, resource or not; None where it is no object. Raises report.Overflow."""
    return cast(S | None, _reader(kind)(value, place, report))


def _wrong(report: Report, place: str, detail: str) -> object:
    report.add(reasons.FHIR_STRUCTURE, place, detail)
    return None


def _text(value: object, place: str, report: Report) -> object:
    if not isinstance(value, str):
        return _wrong(report, place, "a text is expected")
    if len(value) > MAX_TEXT:
        report.invalid(place, f"{MAX_TEXT} characters at most")
        return None
    if not value or value.isspace():
        return _wrong(report, place, "an empty text")
    if not value.isprintable() and _CONTROL.search(value):
        return _wrong(report, place, "a text with control characters")
    return value


def _base64(value: object, place: str, report: Report) -> object:
    return value if isinstance(value, str) and value else _wrong(report, place, "base64 is expected")


def _whole(value: object, place: str, report: Report) -> object:
    if type(value) is not int:
        return _wrong(report, place, "a whole number is expected")
    return value


def _number(value: object, place: str, report: Report) -> object:
    """A decimal: JSON has no infinity, and what is beyond what a float holds was refused when it was read."""
    if type(value) not in (int, float):
        return _wrong(report, place, "a number is expected")
    return value


def _truth(value: object, place: str, report: Report) -> object:
    if not isinstance(value, bool):
        return _wrong(report, place, "true or false is expected")
    return value


def _resource(value: object, place: str, report: Report) -> object:
    if not isinstance(value, dict):
        return _wrong(report, place, "a resource is expected")
    name = value.get("resourceType")
    if not isinstance(name, str):
        return _wrong(report, f"{place}.resourceType", "the type of the resource is missing")
    if name not in RESOURCES:
        report.unsupported(place, "this type of resource")
        return None
    return _reader(RESOURCES[name])(value, place, report)


def _many(one: _Reader, most: int | None) -> _Reader:
    def read(value: object, place: str, report: Report) -> object:
        if not isinstance(value, list):
            _wrong(report, place, "a list is expected")
            return ()
        if not value:
            _wrong(report, place, "an empty list")
        if most is not None and len(value) > most:
            report.invalid(place, f"{most} at most")
            return ()
        items = [one(item, f"{place}[{i}]", report) for i, item in enumerate(value)]
        return tuple([item for item in items if item is not None])

    return read


def _struct(kind: type[Element]) -> _Reader:
    fields = msgspec.structs.fields(kind)
    known = {*(field.encode_name for field in fields), *kind.ignored}
    known |= {"resourceType"} if issubclass(kind, Resource) else set()

    @cache
    def readers() -> list[tuple[str, str, _Reader]]:
        # Once, and not before the first reading: types hold themselves.
        return [(field.encode_name, field.name, _reader(field.type)) for field in fields]

    def read(value: object, place: str, report: Report) -> object:
        if not isinstance(value, dict):
            return _wrong(report, place, "an object is expected")
        if not value:
            _wrong(report, place, "an empty object")
        if not value.keys() <= known:
            for key in value.keys() - known:
                _unknown(key, known, place, report)
        found: dict[str, Any] = {
            name: one(value[key], f"{place}.{key}", report) for key, name, one in readers() if key in value
        }
        return kind(**found)

    return read


def _unknown(key: str, known: set[str], place: str, report: Report) -> None:
    if key.startswith("_") and key[1:] in known:
        return
    shown = f"{place}.{key}" if _NAME.fullmatch(key) else place
    if key in _MODIFIERS:
        report.unsupported(shown, "an element that changes the meaning of others")
    else:
        _wrong(report, shown, "an element that R4 does not have here")


_PRIMITIVES: dict[object, _Reader] = {str: _text, Base64: _base64, int: _whole, float: _number, bool: _truth}


@cache
def _reader(kind: Any) -> _Reader:
    """The reader of one declared type of `resources`."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is types.UnionType or origin is Union:
        return _reader(inner[0])
    if origin is tuple:
        return _many(_reader(inner[0]), None if inner[0] is Entry else MAX_ITEMS)
    if kind is Resource:
        return _resource
    return _PRIMITIVES.get(kind) or _struct(kind)
