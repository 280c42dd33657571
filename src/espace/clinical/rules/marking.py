"""Whether a result is out of what is expected: as its laboratory says, else by the range that it states."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum

from espace.clinical.facts import Fact
from espace.wire.clinical_statements.values import Interval, Quantity, ReferenceRange


class Mark(StrEnum):
    UNKNOWN = ""
    NORMAL = "normal"
    HIGH = "high"
    LOW = "low"
    VERY_HIGH = "very_high"
    VERY_LOW = "very_low"
    ABNORMAL = "abnormal"
    DISPUTED = "disputed"
    """Said to be normal, with a range that it is out of; or the other way round."""


_SAID: dict[str, Mark] = {
    "HH": Mark.VERY_HIGH, "HU": Mark.VERY_HIGH, "LL": Mark.VERY_LOW, "LU": Mark.VERY_LOW,
    "H": Mark.HIGH, "HX": Mark.HIGH, ">": Mark.HIGH, "L": Mark.LOW, "LX": Mark.LOW, "<": Mark.LOW,
    "AA": Mark.ABNORMAL, "A": Mark.ABNORMAL, "N": Mark.NORMAL,
}  # fmt: skip
"""Source: HL7 ObservationInterpretation; the susceptibility of a germ (S, I, R) is none of these."""
OUT = frozenset({Mark.HIGH, Mark.LOW, Mark.VERY_HIGH, Mark.VERY_LOW, Mark.ABNORMAL, Mark.DISPUTED})


def mark_of(fact: Fact) -> Mark:
    said = next((_SAID[code] for code in fact.interpretations if code in _SAID), Mark.UNKNOWN)
    placed = _placed(fact)
    if Mark.UNKNOWN in (said, placed):
        return said or placed
    return Mark.DISPUTED if (said is Mark.NORMAL) != (placed is Mark.NORMAL) else said


def range_of(fact: Fact) -> ReferenceRange | None:
    """The one range that it is expected within; None where there is none, or one cannot tell which."""
    usual = [one for one in fact.ranges if one.value and one.value.interval and one.code in ("", "N")]
    return usual[0] if len(usual) == 1 else None


def _placed(fact: Fact) -> Mark:
    found, expected = fact.value.quantity if fact.value else None, range_of(fact)
    if found is None or expected is None or expected.value is None or expected.value.interval is None:
        return Mark.UNKNOWN
    return _within(found, expected.value.interval)


def _within(found: Quantity, expected: Interval) -> Mark:
    low, high = expected.low, expected.high
    if {one.unit for one in (low, high) if one and one.unit} - {found.unit}:
        return Mark.UNKNOWN
    number, least, most = number_of(found), number_of(low), number_of(high)
    if number is None or (least is None and most is None):
        return Mark.UNKNOWN
    if least is not None and (number < least or (number == least and not expected.low_closed)):
        return Mark.LOW
    if most is not None and (number > most or (number == most and not expected.high_closed)):
        return Mark.HIGH
    return Mark.NORMAL


def number_of(quantity: Quantity | None) -> Decimal | None:
    """None for none, and for what is no number."""
    try:
        number = Decimal(quantity.value) if quantity else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
