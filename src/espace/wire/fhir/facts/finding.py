"""What the elements of a resource are for a search: codes, texts, periods, references."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from espace.wire.fhir.facts.parameters import Elements
from espace.wire.fhir.resources import CodeableConcept, Coding, Identifier, Period, Reference, Resource
from espace.wire.fhir.searching import Span
from espace.wire.fhir.searching.dates import when
from espace.wire.fhir.searching.parameters import Kind
from espace.wire.xds import Coded

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)

Item = Coded | str | Span


def items(resource: Resource, elements: Elements, kind: Kind, zone: tzinfo) -> tuple[Item, ...]:
    """What a parameter of this kind compares; dates without an offset are local in `zone`."""
    found = (one for path in elements for one in _at(resource, path.split(".")))
    if kind is Kind.DATE:
        return tuple(span for one in found if (span := _span(one, zone)))
    return tuple(item for one in found for item in _READ.get(type(one), _nothing)(one, kind))


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(value, tuple):
        for one in value:
            yield from _at(one, path)
    elif value is not None and path:
        yield from _at(getattr(value, path[0]), path[1:])
    elif value is not None:
        yield value


def _span(value: Any, zone: tzinfo) -> Span | None:
    """A date is the period that it covers; a period that is open at one end goes on for ever there."""
    if isinstance(value, Period):
        start, end = (_span(one, zone) if one else None for one in (value.start, value.end))
        low, high = start.low if start else _BEGINNING, end.high if end else _END
        return Span(low, high) if low < high else None
    found = when(value, zone=zone, now=_BEGINNING)
    return Span(found.low, found.high) if found else None


def _nothing(_value: Any, _kind: Kind) -> Iterable[Item]:
    return ()


def _of_concept(value: CodeableConcept, kind: Kind) -> Iterable[Item]:
    return (item for one in value.coding for item in _of_coding(one, kind))


def _of_coding(value: Coding, kind: Kind) -> Iterable[Item]:
    return (Coded(value.code, value.system or ""),) if value.code else ()


def _of_identifier(value: Identifier, kind: Kind) -> Iterable[Item]:
    return (Coded(value.value, value.system or ""),) if value.value else ()


def _of_text(value: str, kind: Kind) -> Iterable[Item]:
    return (Coded(value) if kind is Kind.TOKEN else value,)


def _of_reference(value: Reference, kind: Kind) -> Iterable[Item]:
    """`Type/id`, and the id alone."""
    said = value.reference or ""
    return (said, said.partition("/")[2]) if said else ()


_READ: Mapping[type, Callable[[Any, Kind], Iterable[Item]]] = {
    CodeableConcept: _of_concept,
    Coding: _of_coding,
    Identifier: _of_identifier,
    Reference: _of_reference,
    str: _of_text,
}
