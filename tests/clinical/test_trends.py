"""One analyte over time: what is converted, by which factor; what stands beside the curve; nothing is dropped."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import LOINC, fact, result, said, stated
from espace.clinical.facts import Detail, Fact, Kind, Sourced
from espace.clinical.rules.analytes import Chapter, chapter_of, key_of, loinc_of
from espace.clinical.rules.marking import Mark
from espace.clinical.rules.naming import USUAL
from espace.clinical.rules.trends import Beside, Trend, day_of, laboratory_of, trends_of
from espace.clinical.rules.units import converted, spelt, usable
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Interval, Quantity, Value
from espace.wire.xds import Author, Coded

GLUCOSE, GLUCOSE_MOLES = "2345-7", "14749-6"
A1C = (LOINC, "4548-4")


def trend_of(results: Iterable[Sourced], key: tuple[str, ...]) -> Trend:
    """The only one."""
    (found,) = trends_of(results)
    assert found.key == key
    return found


@pytest.mark.parametrize(
    ("number", "unit", "to", "code", "to_code", "expected"),
    [
        ("1.00", "g/L", "mmol/L", GLUCOSE, GLUCOSE_MOLES, "5.55"),
        ("100", "mg/dL", "mmol/L", GLUCOSE, GLUCOSE_MOLES, "5.55"),
        ("5.55", "mmol/L", "g/L", GLUCOSE_MOLES, GLUCOSE, "1.00"),
        ("10", "mg/L", "umol/L", "2160-0", "14682-9", "88.4"),
        ("2.00", "g/L", "mmol/L", "2093-3", "14647-2", "5.17"),
        ("1.50", "g/L", "mmol/L", "2571-8", "14927-8", "1.69"),
        ("0.30", "g/L", "mmol/L", "3091-6", "22664-7", "5.00"),
        ("14", "mg/dL", "mmol/L", "3094-0", "22664-7", "5.00"),
        ("100", "mg/L", "mmol/L", "17861-6", "2000-8", "2.50"),
        ("7.0", "%", "mmol/mol", "4548-4", "59261-8", "53.0"),
        ("53", "mmol/mol", "%", "59261-8", "4548-4", "7.00"),
        ("12.0", "g/dL", "g/L", "718-7", "718-7", "120"),
        ("1.95", "m[IU]/L", "µUI/mL", "3016-3", "3016-3", "1.95"),
        ("250", "10*9/L", "10*3/uL", "777-3", "777-3", "250"),
        ("4500", "/mm3", "G/L", "6690-2", "6690-2", "4.500"),
        ("0", "g/L", "mmol/L", GLUCOSE, GLUCOSE_MOLES, "0"),
        ("14", "mg/dL", "g/L", "3094-0", "3091-6", "0.300"),
        ("1", "truc", "truc", "", "", "1"),
    ],
)
def test_known_factors_convert(number: str, unit: str, to: str, code: str, to_code: str, expected: str) -> None:
    found = converted(Decimal(number), unit, to, code=code, to_code=to_code)
    assert found is not None and f"{found:f}" == expected


@pytest.mark.parametrize(
    ("unit", "to", "code", "to_code"),
    [
        ("g/L", "mmol/L", "9999-9", "9999-9"),  # nobody knows its mass
        ("g/L", "mmol/L", GLUCOSE, "9999-9"),
        ("%", "mmol/mol", GLUCOSE, GLUCOSE),  # only HbA1c has this equation
        ("g/L", "U/L", GLUCOSE, GLUCOSE),
        ("truc", "g/L", GLUCOSE, GLUCOSE),
        ("g/L", "truc", GLUCOSE, GLUCOSE),
        ("mg/dL", "mg/dL", "3094-0", "9999-9"),  # the nitrogen of urea is not urea
    ],
)
def test_nothing_is_converted_by_a_guess(unit: str, to: str, code: str, to_code: str) -> None:
    assert converted(Decimal("5"), unit, to, code=code, to_code=to_code) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [("g/l", "g/L"), ("µmol/l", "umol/L"), ("UI/L", "U/L"), ("1", ""), ("mL/min/{1.73_m2}", "mL/min/1.73m2"),
     ("Giga/L", "10*9/L"), ("mm Hg", "mm[Hg]"), ("10^9/L", "10*9/L")],
)  # fmt: skip
def test_units_are_spelt_one_way(written: str, kept: str) -> None:
    assert spelt(written) == kept


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1e400", "1" * 40])
def test_what_is_no_measure_is_no_number(text: str) -> None:
    assert usable(Quantity(text, "g/L")) is None


def test_no_number_at_all() -> None:
    assert usable(None) is None


def test_codes_of_one_analyte() -> None:
    mass, moles = result("1", "g/L", "2024-01-01", code=GLUCOSE), result("5", "mmol/L", "2024-01-02", code="40193-5")
    assert key_of(mass) == key_of(moles) == (LOINC, "2345-7")
    assert chapter_of(key_of(mass)) is Chapter.SUGAR
    local = fact(Kind.RESULT, "Glucose", code="GLU", system="1.2.250.1.999")
    assert key_of(local) == ("1.2.250.1.999", "GLU") and chapter_of(key_of(local)) is Chapter.OTHER
    translated = replace(local, what=replace(local.what, others=(Coded("14749-6", LOINC),)))
    assert key_of(translated) == key_of(mass) and loinc_of(translated.what) == "14749-6"
    assert chapter_of((LOINC, "9999-9")) is Chapter.OTHER


def test_names_are_one_analyte_on_one_specimen_only() -> None:
    blood, urine = ({Detail.SPECIMEN: (Concept(words=word),)} for word in ("Sang", "Urine"))
    white = replace(fact(Kind.RESULT, "Leucocytes"), details=blood)
    assert key_of(white) == ("", "leucocytes", "sang") == key_of(fact(Kind.RESULT, "LEUCOCYTES", details=blood))
    assert key_of(replace(white, details=urine)) == ("", "leucocytes", "urine")
    germ = {Detail.ISOLATE: (Concept("112283007", "2.16.840.1.113883.6.96", "Escherichia coli"),)}
    assert key_of(fact(Kind.RESULT, "Amoxicilline", code="18862-3", system=LOINC, details=germ)) == (
        LOINC, "18862-3", "112283007",
    )  # fmt: skip


def test_no_code_is_of_two_analytes() -> None:
    codes = [code for usual in USUAL for code in usual.codes]
    assert len(codes) == len(set(codes))


def test_laboratories_and_units_are_on_one_curve() -> None:
    every = (
        said(result("7.0", "%", "2024-01-10", low="4.0", high="6.0"), 1, "2024-01-11"),
        said(result("6.8", "%", "2025-01-10T08:30:00+01:00", low="4.0", high="6.0"), 2, "2025-01-11"),
        said(result("53", "mmol/mol", "2024-06-10", code="59261-8", high="42"), 3, "2024-06-11"),
    )
    trend = trend_of(every, A1C)
    assert trend.unit == "%" and trend.beside == ()
    assert [(one.moment[:10], str(one.number), one.exact, one.mark) for one in trend.points] == [
        ("2024-01-10", "7.0", True, Mark.HIGH),
        ("2024-06-10", "7.00", False, Mark.HIGH),
        ("2025-01-10", "6.8", True, Mark.HIGH),
    ]
    assert [(str(one.low), str(one.high)) for one in trend.points] == [("4.0", "6.0"), ("None", "5.99"), ("4.0", "6.0")]
    assert [one.moment[:4] for one in trend.every] == ["2025", "2024", "2024"]
    assert trend.points[0].laboratory == "Cabinet"


def test_of_as_many_units_the_newest_is_that_of_the_curve() -> None:
    every = (said(result("7.0", "%", "2024-01-10"), 1), said(result("53", "mmol/mol", "2025-01-10", code="59261-8"), 2))
    assert trend_of(every, A1C).unit == "mmol/mol"


def test_a_limit_that_is_no_number_is_not_drawn() -> None:
    (point,) = trend_of([said(result("6", "%", "2024-01-01", low="?", high="6.5"))], A1C).points
    assert (point.low, str(point.high)) == (None, "6.5")


def _valued(value: Value | None, start: str = "2024-02-02") -> Fact:
    return replace(result("1", "%", start), value=value)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (_valued(Value(interval=Interval(high=Quantity("4", "%"), high_closed=False))), Beside.WORDS),
        (_valued(Value(words="coagulé")), Beside.WORDS),
        (_valued(Value(quantity=Quantity("beaucoup", "%"))), Beside.WORDS),
        (_valued(None), Beside.NO_VALUE),
        (_valued(Value(quantity=Quantity("7", "croix"))), Beside.UNIT),
        (_valued(Value(quantity=Quantity("7", "%")), "2024-02"), Beside.NO_DAY),
        (_valued(Value(quantity=Quantity("7", "%")), ""), Beside.NO_DAY),
    ],
)
def test_what_has_no_place_on_the_curve_stands_beside(one: Fact, why: Beside) -> None:
    drawn = [said(result(value, "%", f"2024-0{month}-01"), month) for month, value in ((3, "6"), (4, "6.1"))]
    trend = trend_of((*drawn, said(one, 9)), A1C)
    assert [str(point.number) for point in trend.points] == ["6", "6.1"]
    assert [(point.why, point.fact) for point in trend.beside] == [(why, one)]


def test_the_same_result_twice_is_one_point_and_two_values_are_two() -> None:
    at = "2024-03-04T08:00:00+01:00"
    same = [said(result(value, "%", at), number) for number, value in ((1, "6.5"), (2, "6.50"))]
    (point,) = trend_of(same, A1C).points
    assert {one.document.id.int for one in point.sources if one.document} == {1, 2}
    other = said(result("7.5", "%", at), 3)
    assert [str(one.number) for one in trend_of((same[0], other), A1C).points] == ["6.5", "7.5"]


def test_only_what_was_measured_is_of_a_trend() -> None:
    exam = said(replace(result("6", "%", "2024-01-01"), kind=Kind.EXAM))
    assert trends_of((exam,)) == ()
    kept = said(result("6", "%", "2024-01-01"), 1), said(result("1", "g/L", "2025-01-01", code=GLUCOSE), 2)
    assert [one.key[1] for one in trends_of(kept)] == ["2345-7", "4548-4"]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2024-03-04", "2024-03-04T12:00:00+00:00"),
        ("2024-03-04T10:20:00", "2024-03-04T10:20:00+00:00"),
        ("2024-03-04T10:20:00+01:00", "2024-03-04T10:20:00+01:00"),
        ("2024-02-31", None), ("2024-03-04Txx", None), ("2024-03", None), ("", None),
    ],
)  # fmt: skip
def test_a_moment_has_a_place_with_its_day_only(moment: str, expected: str | None) -> None:
    found = day_of(moment)
    assert (found.isoformat() if found else None) == expected


def test_who_measured() -> None:
    one = said(result("6", "%", "2024-01-01"))
    assert laboratory_of(replace(one, fact=replace(one.fact, place_name="Laboratoire des Tilleuls"))) == (
        "Laboratoire des Tilleuls"
    )
    assert one.document is not None
    entry = replace(one.document.entry, authors=(Author(institution="Biologie du Port"),))
    assert laboratory_of(replace(one, document=replace(one.document, entry=entry))) == "Biologie du Port"
    assert laboratory_of(stated(one.fact)) == ""


VALUES = st.tuples(st.sampled_from(["%", "mmol/mol", "g/L", "?", ""]), st.text("0123456789.<-e", max_size=6))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(VALUES, st.sampled_from(["2024-01-01", "2024-05", "", "x"])), max_size=6))
def test_every_result_is_told_once(found: list[tuple[tuple[str, str], str]]) -> None:
    results: list[Sourced] = [
        said(result(value, unit, moment), number) for number, ((unit, value), moment) in enumerate(found)
    ]
    trends = trends_of(results)
    told = [source for trend in trends for point in trend.every for source in point.sources]
    assert sorted(map(id, told)) == sorted(map(id, results)) and len(trends) == bool(results)
    assert all(point.why is None for trend in trends for point in trend.points)
    assert all(point.why for trend in trends for point in trend.beside)
