"""What clinical statements are made of, as the types of R4: codes, quantities, moments."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

import msgspec

from espace.wire.clinical_statements.values import Concept, Interval, ReferenceRange, Value, When
from espace.wire.clinical_statements.values import Quantity as Amount
from espace.wire.fhir.answers.codes import system_uri
from espace.wire.fhir.facts import resources
from espace.wire.fhir.facts.elements import Quantity, Range
from espace.wire.fhir.facts.ucum import is_ucum
from espace.wire.fhir.resources import CodeableConcept, Coding, Period
from espace.wire.nomenclature import systems


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MOMENT = re.compile(
    r"(?P<day>\d{4}(-\d\d(-\d\d)?)?)"
    r"(T(?P<clock>\d\d:\d\d)(?P<seconds>:\d\d(\.\d+)?)?(?P<zone>Z|[+-]\d\d:\d\d)?)?",
    re.ASCII,
)
_INTERPRETATIONS = _names(
    "A AA B CAR D DET E EX EXP H HH HM HU HX H> I IE IND L LL LU LX L< MS N NCL ND NEG NR NS OBX POS R RR S SDD SYN-R"
    " SYN-S TOX U UNE VS W WR < >"
)
"""The codes of v3-ObservationInterpretation."""
_DATED = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MICRO = str.maketrans("µμ", "uu")
"""UCUM writes micro with a letter u; both signs for it are in use."""
_WIDEST = 40
"""Digits of a number beyond which it stays text."""

UNKNOWN = CodeableConcept(
    coding=(Coding(system="http://terminology.hl7.org/CodeSystem/data-absent-reason", code="unknown"),)
)


def text(said: str) -> str | None:
    """FHIR has no empty strings, nor strings of blanks alone."""
    return said.strip() or None


def concept(stated: Concept) -> CodeableConcept:
    """The code, the same in other systems, and the author's own words. It always says something."""
    codes = [(stated.code, stated.system, stated.display)]
    codes += [(one.code, one.system, one.display) for one in stated.others]
    codings = (_coding(*one) for one in codes if one[0].strip())
    words = text(stated.words) or text(stated.display)
    told = CodeableConcept(coding=tuple(dict.fromkeys(codings)), text=words)
    return told if told.coding or told.text else UNKNOWN


def concepts(stated: tuple[Concept, ...]) -> tuple[CodeableConcept, ...]:
    return tuple(concept(one) for one in stated)


def first(stated: tuple[Concept, ...]) -> CodeableConcept | None:
    return concept(stated[0]) if stated else None


@lru_cache(maxsize=2048)
def _coding(code: str, system: str, display: str) -> Coding:
    uri = system_uri(system) if system else None
    spoken = uri if uri and not re.search(r"\s", uri) else None
    return Coding(system=spoken, code=" ".join(code.split()), display=text(display))


def known(system: str, code: str, display: str | None = None) -> CodeableConcept:
    """A code of a list of FHIR itself."""
    return CodeableConcept(coding=(Coding(system=system, code=code, display=display),))


def named(concept_or_none: Concept | None) -> str:
    """What people call it."""
    return (concept_or_none.display or concept_or_none.words or concept_or_none.code) if concept_or_none else ""


def number(written: str) -> msgspec.Raw | None:
    """A decimal as JSON has it, with the digits that were written; None for what is no number."""
    try:
        found = Decimal(written.strip())
    except InvalidOperation:
        return None
    said = format(found, "f") if found.is_finite() and abs(found.adjusted()) < _WIDEST else ""
    return msgspec.Raw(said.encode("ascii")) if 0 < len(said) <= _WIDEST else None


def quantity(stated: Amount | None, comparator: str | None = None) -> Quantity | None:
    """The value with its unit; under UCUM where it is one of its units. None where the value is no number."""
    value = number(stated.value) if stated else None
    if stated is None or value is None:
        return None
    unit = stated.unit.strip()
    if unit in ("", "1"):
        return Quantity(value=value, comparator=comparator)
    code = unit.translate(_MICRO)
    if not is_ucum(code):
        return Quantity(value=value, comparator=comparator, unit=unit)
    return Quantity(value=value, comparator=comparator, unit=unit, system=systems.UCUM.uri, code=code)


def between(stated: Interval | None) -> Range | None:
    low, high = (quantity(stated.low), quantity(stated.high)) if stated else (None, None)
    return Range(low=low, high=high) if low or high else None


def bounded(stated: Interval) -> Quantity | None:
    """An interval that is open at one end is one amount with a comparator: « < 0.1 »."""
    if stated.low and stated.high:
        return None
    if stated.high:
        return quantity(stated.high, "<=" if stated.high_closed else "<")
    return quantity(stated.low, ">=" if stated.low_closed else ">")


def amount(stated: Interval | None) -> Quantity | None:
    """A single amount: both its bounds are the same."""
    return quantity(stated.low) if stated and stated.low and stated.low == stated.high else None


def moment(stated: str) -> str | None:
    """A dateTime of R4: a time has its seconds and its offset, or else only the day is told."""
    found = _MOMENT.fullmatch(stated.strip())
    if not found:
        return None
    if not (found["clock"] and found["zone"]):
        return found["day"]
    return f"{found['day']}T{found['clock']}{found['seconds'] or ':00'}{found['zone']}"


def single(stated: When) -> str | None:
    """The moment of what has one: its two ends are the same, or it has no end."""
    return moment(stated.start) if stated.end in ("", stated.start) else None


def period(stated: When) -> Period | None:
    """The period of what has one."""
    start, end = moment(stated.start), moment(stated.end)
    return None if single(stated) or not (start or end) else Period(start=start, end=end)


def whole(stated: When) -> Period | None:
    """Its beginning and end, were it a single moment: a day is a period too."""
    start, end = moment(stated.start), moment(stated.end)
    return Period(start=start, end=end) if start or end else None


def interpretation(code: str) -> CodeableConcept:
    if code in _INTERPRETATIONS:
        return known(systems.INTERPRETATION.uri, code)
    return CodeableConcept(text=text(code) or "?")


def reference_range(stated: ReferenceRange) -> resources.ReferenceRange | None:
    """Within what a value is expected; None where nothing of it can be told (R4, obs-3)."""
    interval = stated.value.interval if stated.value else None
    alone = stated.value.quantity if stated.value else None
    low, high = (quantity(interval.low), quantity(interval.high)) if interval else (None, None)
    said = [stated.words, stated.value.words if stated.value else "", f"{alone.value} {alone.unit}" if alone else ""]
    words = text(" ".join(part for part in said if part))
    return resources.ReferenceRange(low=low, high=high, text=words) if low or high or words else None


def dated(stated: Value) -> str | None:
    """A value that is a day, or a moment of one: a date of delivery."""
    return moment(stated.words) if _DATED.match(stated.words) else None


def worded(stated: Value) -> str | None:
    """A value that no type of R4 holds, as words."""
    if stated.quantity:
        return text(f"{stated.quantity.value} {stated.quantity.unit}")
    return text(stated.words)
