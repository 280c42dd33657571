"""The data types of HL7 v3 (CDA R2: datatypes-base) as values. What is malformed is None or empty, and told apart from
what is not there: `Faults` counts it. Nothing raises."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from espace.kernel.values import replace
from espace.wire.cda.finding import attribute, child, children, coded, text_in
from espace.wire.cda.timestamps import moment
from espace.wire.clinical_statements.narrative import MOST_WORDS, Narrative
from espace.wire.clinical_statements.values import Concept, Interval, Period, Quantity, Value, When
from espace.wire.xds import Coded
from espace.wire.xml import Element

TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
MOST_TRANSLATIONS = 50
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SIGNED = re.compile(r"(<=?|>=?|≤|≥) ?([^ ]{1,60})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(slots=True)
class Faults:
    """What a statement says that cannot be: a moment that does not exist, a number that is none."""

    times: int = 0
    numbers: int = 0


def concept(element: Element | None, narrative: Narrative) -> Concept | None:
    """CD, CE, CO, CV, CS: None where it has neither code nor words. Where only a translation has a code, or words, or
    only a qualifier, the first of them is taken. A code beside a nullFlavor is none, nor is its name: software writes
    « UNK, Inconnu » of everything. The words of its author still stand."""
    if element is None:
        return None
    words = narrative.words(child(element, "originalText"))
    others, qualifiers = tuple(_translations(element)), _qualifiers(element, narrative)
    first = _code_of(element)
    if first is None and others:
        first, others = others[0], others[1:]
    elif first is None and qualifiers and not words:
        first, qualifiers = qualifiers[0], qualifiers[1:]
    first = first or Coded("", "", _display(element))
    found = Concept(first.code, first.system, first.display, words, others, qualifiers)
    if not found.code:
        found = replace(found, display="", words=words or found.display or _translated_words(element, narrative))
    return found if found.code or found.words else None


def _code_of(element: Element) -> Coded | None:
    return None if attribute(element, "nullFlavor") else coded(element)


def _display(element: Element) -> str:
    return "" if attribute(element, "nullFlavor") else attribute(element, "displayName")


def _translations(element: Element) -> Iterator[Coded]:
    for each in _translated_elements(element):
        if (found := _code_of(each)) is not None:
            yield found


def _translated_elements(element: Element) -> Iterator[Element]:
    inside = (each for path in ("translation", "translation/translation") for each in children(element, path))
    return islice(inside, MOST_TRANSLATIONS)


def _translated_words(element: Element, narrative: Narrative) -> str:
    return next(filter(None, (_called(each, narrative) for each in _translated_elements(element))), "")


def _called(element: Element, narrative: Narrative) -> str:
    """What stands beside a code: the words of its author, else its name."""
    return narrative.words(child(element, "originalText")) or _display(element)


def _qualifiers(element: Element, narrative: Narrative) -> tuple[Coded, ...]:
    """What makes a code more precise, such as a side; one that has words alone has them as display."""
    found = []
    for each in islice(children(element, "qualifier/value"), MOST_TRANSLATIONS):
        code, words = _code_of(each) or Coded("", "", ""), _called(each, narrative)
        code = Coded(code.code, code.system, code.display or words)
        found += [code] if code.code or code.display else []
    return tuple(found)


def quantity(element: Element | None, faults: Faults) -> Quantity | None:
    """PQ, INT, REAL, MO."""
    return _number_of(attribute(element, "value"), attribute(element, "unit"), faults)


def _number_of(value: str, unit: str, faults: Faults) -> Quantity | None:
    if not value:
        return None
    if not _NUMBER.fullmatch(value):
        faults.numbers += 1
        return None
    return Quantity(value, unit)


def _translated(element: Element, faults: Faults) -> Quantity | None:
    """PQR: the amount in the unit of its author, which is no UCUM, where it is said so alone."""
    other = child(element, "translation")
    unit = attribute(other, "unit") or attribute(other, "code") or text_in(child(other, "originalText"))
    return _number_of(attribute(other, "value"), unit, faults)


def interval(element: Element | None, faults: Faults) -> Interval | None:
    """IVL_PQ and the like; a single amount is both bounds."""
    if element is None:
        return None
    alone = quantity(element, faults) or quantity(child(element, "center"), faults)
    if alone is not None:
        return Interval(alone, alone)
    low, high = child(element, "low"), child(element, "high")
    bounds = quantity(low, faults), quantity(high, faults)
    if bounds == (None, None):
        return None
    if None not in bounds and _backwards(bounds[0], bounds[1]):
        faults.numbers += 1
        return None
    return Interval(*bounds, low_closed=_closed(low), high_closed=_closed(high))


def _backwards(low: Quantity | None, high: Quantity | None) -> bool:
    return bool(low and high and low.unit == high.unit and Decimal(low.value) > Decimal(high.value))


def _closed(bound: Element | None) -> bool:
    return attribute(bound, "inclusive") not in ("false", "0")


def ratio(element: Element | None, faults: Faults) -> str:
    """RTO as words: « 1:128 » of bare numbers (a titre), else « 4/1 d » as the two quantities are written."""
    above = quantity(child(element, "numerator"), faults)
    below = quantity(child(element, "denominator"), faults)
    if above is None or below is None:
        return "" if above is None else _amount(above)
    return f"{above.value}:{below.value}" if not above.unit + below.unit else f"{_amount(above)}/{_amount(below)}"


def _amount(found: Quantity) -> str:
    return f"{found.value} {found.unit}".strip()


def when(element: Element, faults: Faults) -> When:
    """TS and IVL_TS. A width without its other bound is not added up: it is in the words of the document."""
    alone = time(element, faults) or time(child(element, "center"), faults)
    if alone:
        return When(alone, alone)
    found = When(time(child(element, "low"), faults), time(child(element, "high"), faults))
    if found.start and found.end and found.end < found.start[: len(found.end)]:
        faults.times += 1
        return When()
    return found


def time(element: Element | None, faults: Faults) -> str:
    """A time stamp as ISO 8601, no more precise than written. A day that is written so (« 2024-03-04 ») is one, though
    HL7 has no hyphens."""
    value = attribute(element, "value")
    if not value:
        return ""
    found = moment(value.replace("-", "") if _DAY.fullmatch(value) else value)
    if found is None:
        faults.times += 1
    return found or ""


def periods(element: Element, narrative: Narrative, faults: Faults) -> Period | None:
    """PIVL_TS or EIVL_TS."""
    period, event = child(element, "period"), child(element, "event")
    bounds = interval(period, faults) or Interval()
    low, high = bounds.low or bounds.high, bounds.high
    words = narrative.words(child(period, "translation/originalText"))
    found = Period(low, attribute(event, "code"), words, None if low == high else high)
    return None if found == Period() else found


def type_of(element: Element) -> str:
    """Its xsi:type without prefix."""
    return attribute(element, TYPE).rpartition(":")[2]


def value(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    """The value of an observation or of a range; None where it has none that can be read."""
    reader = _READERS.get(type_of(element))
    return reader(element, narrative, faults) if reader else None


def _coded_value(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    found = concept(element, narrative)
    return Value(concept=found) if found else None


def _number(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    if (bounded := _compared(element)) is not None:
        return Value(interval=bounded)
    found = quantity(element, faults) or _translated(element, faults)
    return Value(quantity=found) if found else _said(element, narrative)


def _compared(element: Element) -> Interval | None:
    """« <5 », « >=32 »: HL7 wants an interval there, laboratories write the sign before the number."""
    found = _SIGNED.fullmatch(attribute(element, "value"))
    if found is None or not _NUMBER.fullmatch(found[2]):
        return None
    bound, closed = Quantity(found[2], attribute(element, "unit")), "=" in found[1] or found[1] in "≤≥"
    return Interval(high=bound, high_closed=closed) if found[1][0] in "<≤" else Interval(bound, low_closed=closed)


def _between(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    found = interval(element, faults)
    return Value(interval=found) if found else None


def _words(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    words = narrative.words(element)
    return Value(words=words) if words else None


def _said(element: Element, narrative: Narrative) -> Value | None:
    words = narrative.words(child(element, "translation/originalText"))
    return Value(words=words) if words else None


def _truth(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    found = {"true": True, "1": True, "false": False, "0": False}.get(attribute(element, "value"))
    return None if found is None else Value(truth=found)


def _ratio(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    words = ratio(element, faults)
    return Value(words=words) if words else None


def _moment(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    found = when(element, faults)
    if found.start == found.end:
        return Value(words=found.start) if found.start else None
    return Value(words=f"{found.start}/{found.end}")


def _identifier(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    words = attribute(element, "extension") or attribute(element, "root")
    return Value(words=words) if words else None


def _to_call(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    words = attribute(element, "value")
    return Value(words=words) if words else None


def _name_or_address(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    """Of a person, an organisation, a place: its parts one after another."""
    words = " ".join(" ".join(map(str, element.itertext())).split())[:MOST_WORDS]
    return Value(words=words) if words else None


def _untyped(element: Element, narrative: Narrative, faults: Faults) -> Value | None:
    """Without a type, only what its form leaves no doubt about."""
    if attribute(element, "code") or any(child(element, each) is not None for each in ("originalText", "translation")):
        return _coded_value(element, narrative, faults)
    if attribute(element, "value"):
        return _number(element, narrative, faults)
    if text_in(element):
        return _words(element, narrative, faults)
    return None


Reader = Callable[[Element, Narrative, Faults], Value | None]
_READERS: dict[str, Reader] = {
    **dict.fromkeys(("CD", "CE", "CO", "CV", "CS"), _coded_value),
    **dict.fromkeys(("PQ", "INT", "REAL", "MO"), _number),
    **dict.fromkeys(("IVL_PQ", "IVL_INT", "IVL_REAL", "SXCM_PQ", "SXCM_INT", "SXCM_REAL"), _between),
    **dict.fromkeys(("ST", "ED", "SC"), _words),
    **dict.fromkeys(("RTO", "RTO_PQ_PQ", "RTO_QTY_QTY", "RTO_MO_PQ"), _ratio),
    **dict.fromkeys(("TS", "IVL_TS", "SXCM_TS", "PIVL_TS", "EIVL_TS"), _moment),
    **dict.fromkeys(("AD", "EN", "ON", "PN", "TN"), _name_or_address),
    **dict.fromkeys(("TEL", "URL"), _to_call),
    "II": _identifier,
    "BL": _truth,
    "": _untyped,
}
