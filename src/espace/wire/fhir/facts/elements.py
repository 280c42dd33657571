"""The types of R4 (datatypes.html) that resources about health are made of."""

import msgspec

from espace.wire.fhir.resources import CodeableConcept, Element, Extension, Period, Reference

Number = msgspec.Raw
"""A decimal as it was written, precision and all: JSON has it without quotes."""


class Quantity(Element, frozen=True, kw_only=True):
    value: Number | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Range(Element, frozen=True, kw_only=True):
    low: Quantity | None = None
    high: Quantity | None = None


class Repeat(Element, frozen=True, kw_only=True):
    """Timing.repeat."""

    bounds_period: Period | None = None
    frequency: int | None = None
    period: Number | None = None
    period_max: Number | None = None
    period_unit: str | None = None
    when: tuple[str, ...] = ()


class Timing(Element, frozen=True, kw_only=True):
    repeat: Repeat | None = None
    code: CodeableConcept | None = None


class Ratio(Element, frozen=True, kw_only=True):
    numerator: Quantity | None = None
    denominator: Quantity | None = None


class DoseAndRate(Element, frozen=True, kw_only=True):
    dose_range: Range | None = None
    dose_quantity: Quantity | None = None
    rate_range: Range | None = None
    rate_quantity: Quantity | None = None


class Dosage(Element, frozen=True, kw_only=True):
    text: str | None = None
    additional_instruction: tuple[CodeableConcept, ...] = ()
    timing: Timing | None = None
    as_needed_boolean: bool | None = None
    as_needed_codeable_concept: CodeableConcept | None = None
    route: CodeableConcept | None = None
    dose_and_rate: tuple[DoseAndRate, ...] = ()
    max_dose_per_period: Ratio | None = None


class Performer(Element, frozen=True, kw_only=True):
    """Who did it: the same in several resources."""

    function: CodeableConcept | None = None
    actor: Reference | None = None


class Told(Extension, frozen=True, kw_only=True):
    """An extension with values that documents never need."""

    value_period: Period | None = None
    value_date_time: str | None = None
    value_uri: str | None = None


_REASON = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UNKNOWN = (Extension(url=_REASON, value_code="unknown"),)
"""What an element has that R4 cannot do without, where nothing is known."""
