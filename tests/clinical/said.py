"""Facts for the tests, with the document that each was read in."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from espace.clinical.facts import Detail, Dosage, Fact, Kind, Origin, Place, Sourced
from espace.kernel.values import replace
from espace.record.facts import Document, Status
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, ReferenceRange, Value, When
from espace.wire.xds import DocumentEntry

LOINC, ATC = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.73"
HERE = Place("48765-2", "Allergies", "s1", 0)


def document(number: int, day: str, *, arrived: str = "") -> Document:
    """The document of that number, written on that day; it arrived the same day, but where told otherwise."""
    at = datetime.fromisoformat(f"{day}T10:00:00+00:00")
    there = datetime.fromisoformat(f"{arrived or day}T12:00:00+00:00")
    entry = DocumentEntry(
        place="e0", unique_id=f"1.2.{number}", mime_type="text/xml", creation_time=at, title=f"Document {number}"
    )
    return Document(UUID(int=number), entry, Status.APPROVED, there.astimezone(UTC), None, "Cabinet", frozenset(), 10)


def fact(
    kind: Kind, name: str, *, code: str = "", system: str = "", start: str = "", end: str = "", **others: Any
) -> Fact:
    return Fact(kind, Concept(code, system if code else "", name), HERE, when=When(start, end), **others)


def said(
    one: Fact, number: int = 1, day: str = "2025-03-04", *, origin: Origin = Origin.EXTRACTED, arrived: str = ""
) -> Sourced:
    """The fact, as the document of that number says it."""
    return Sourced(one, origin, document(number, day, arrived=arrived))


def stated(one: Fact, day: str = "2025-03-04") -> Sourced:
    return Sourced(one, Origin.STATED, None, f"{day}T08:00:00+00:00", UUID(int=99))


def result(
    value: str, unit: str, start: str, *, code: str = "4548-4", low: str = "", high: str = "", **others: Any
) -> Fact:
    """A result of a laboratory, within that range."""
    interval = Interval(Quantity(low, unit) if low else None, Quantity(high, unit) if high else None)
    ranges = (ReferenceRange(Value(interval=interval)),) if low or high else ()
    one = fact(Kind.RESULT, "Hémoglobine glyquée", code=code, system=LOINC, start=start, end=start, ranges=ranges)
    return replace(one, value=Value(quantity=Quantity(value, unit)), **others)


def medicine(
    kind: Kind, name: str, *, atc: str = "", start: str = "", end: str = "", words: str = "", **others: Any
) -> Fact:
    substances = {Detail.SUBSTANCE: (Concept(atc, ATC, ""),)} if atc else {}
    return fact(kind, name, start=start, end=end, details=substances, dosage=Dosage(words), **others)
