"""Out of range: as the laboratory says, else by its one range; what contradicts itself is told."""

import pytest

from clinical.said import result
from espace.clinical.rules.marking import Mark, mark_of, range_of
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Interval, Quantity, ReferenceRange, Value


@pytest.mark.parametrize(
    ("value", "codes", "mark"),
    [
        ("7.2", (), Mark.HIGH),
        ("3.9", (), Mark.LOW),
        ("6.0", (), Mark.NORMAL),
        ("4", (), Mark.NORMAL),
        ("7.2", ("H",), Mark.HIGH),
        ("7.2", ("HH",), Mark.VERY_HIGH),
        ("7.2", ("N",), Mark.DISPUTED),
        ("5", ("L",), Mark.DISPUTED),
        ("5", ("N",), Mark.NORMAL),
        ("7.2", ("S",), Mark.HIGH),
        ("7,2", ("A",), Mark.ABNORMAL),
        ("NaN", (), Mark.UNKNOWN),
    ],
)
def test_a_result_is_marked(value: str, codes: tuple[str, ...], mark: Mark) -> None:
    assert mark_of(result(value, "%", "2025", low="4.0", high="6.0", interpretations=codes)) == mark


def test_without_a_range_of_its_unit_nothing_is_said() -> None:
    assert mark_of(result("7.2", "%", "2025")) == Mark.UNKNOWN
    other = ReferenceRange(Value(interval=Interval(Quantity("20", "mmol/mol"), Quantity("42", "mmol/mol"))))
    assert mark_of(replace(result("7.2", "%", "2025"), ranges=(other,))) == Mark.UNKNOWN
    assert mark_of(replace(result("7.2", "%", "2025", low="1"), value=Value(words="positif"))) == Mark.UNKNOWN
    assert mark_of(replace(result("7.2", "%", "2025", low="1"), value=None)) == Mark.UNKNOWN
    no_bound = ReferenceRange(Value(interval=Interval()))
    assert mark_of(replace(result("7.2", "%", "2025"), ranges=(no_bound,))) == Mark.UNKNOWN


def test_one_bound_is_enough_and_an_open_one_is_outside() -> None:
    assert mark_of(result("7", "%", "2025", high="6.5")) == Mark.HIGH
    assert mark_of(result("7", "%", "2025", low="6.5")) == Mark.NORMAL
    open_high = Interval(Quantity("4", "%"), Quantity("6", "%"), low_closed=False, high_closed=False)
    for value, mark in (("4", Mark.LOW), ("6", Mark.HIGH), ("5", Mark.NORMAL)):
        assert mark_of(replace(result(value, "%", "2025"), ranges=(ReferenceRange(Value(interval=open_high)),))) == mark


def test_among_several_ranges_one_cannot_tell() -> None:
    one = result("7.2", "%", "2025", low="4", high="6")
    assert range_of(one) == one.ranges[0]
    assert range_of(replace(one, ranges=one.ranges * 2)) is None
    assert range_of(replace(one, ranges=(replace(one.ranges[0], code="H"),))) is None
