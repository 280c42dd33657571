"""Codes, numbers and moments of documents, as R4 writes them."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire.clinical_statements.values import Concept, Interval, Quantity, ReferenceRange, Value, When
from espace.wire.fhir.facts import values
from espace.wire.xds import Coded

LOINC = "2.16.840.1.113883.6.1"


def plain(told: object) -> object:
    return msgspec.json.decode(msgspec.json.encode(told))


def test_a_concept_keeps_its_codes_and_its_words() -> None:
    stated = Concept("14749-6", LOINC, "Glucose", "glycémie du matin", (Coded("GLU", "1.2.3", "Glu"),))
    assert plain(values.concept(stated)) == {
        "coding": [
            {"system": "http://loinc.org", "code": "14749-6", "display": "Glucose"},
            {"system": "urn:oid:1.2.3", "code": "GLU", "display": "Glu"},
        ],
        "text": "glycémie du matin",
    }


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (Concept(words="toux"), {"text": "toux"}),
        (Concept("A", "", " "), {"coding": [{"code": "A"}]}),
        (Concept("A  B", "pas un système"), {"coding": [{"code": "A B"}]}),
        (
            Concept(" ", LOINC),
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]},
        ),
    ],
)
def test_a_concept_always_says_something_that_r4_allows(stated: Concept, told: object) -> None:
    assert plain(values.concept(stated)) == told


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("5.10", b"5.10"),
        (" 7", b"7"),
        ("-0.5", b"-0.5"),
        (".5", b"0.5"),
        ("1e3", b"1000"),
        ("007", b"7"),
        ("5,1", None),
        ("", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e9999", None),
        ("1e-9999", None),
        ("hémolysé", None),
    ],
)
def test_a_number_keeps_its_digits(written: str, told: bytes | None) -> None:
    found = values.number(written)
    assert (bytes(found) if found is not None else None) == told


UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (Quantity("5.1", "mmol/L"), {"value": 5.1, "unit": "mmol/L", "system": UCUM, "code": "mmol/L"}),
        (Quantity("3", "µg/L"), {"value": 3, "unit": "µg/L", "system": UCUM, "code": "ug/L"}),
        (Quantity("3", "G/L"), {"value": 3, "unit": "G/L"}),
        (Quantity("3", "1"), {"value": 3}),
        (Quantity("3"), {"value": 3}),
        (Quantity("beaucoup", "mg"), None),
    ],
)
def test_a_unit_is_under_ucum_where_it_is_one_of_its_units(stated: Quantity, told: object) -> None:
    assert plain(values.quantity(stated)) == told


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("2024", "2024"),
        ("2024-03", "2024-03"),
        ("2024-03-04", "2024-03-04"),
        ("2024-03-04T10:20:30+01:00", "2024-03-04T10:20:30+01:00"),
        ("2024-03-04T10:20:30.5Z", "2024-03-04T10:20:30.5Z"),
        ("2024-03-04T10:20+01:00", "2024-03-04T10:20:00+01:00"),
        ("2024-03-04T10:20", "2024-03-04"),
        ("2024-03-04T10:20:30", "2024-03-04"),
        ("", None),
        ("hier", None),
        ("2024-3-4", None),
    ],
)
def test_a_time_has_its_offset_or_only_its_day_is_told(stated: str, told: str | None) -> None:
    assert values.moment(stated) == told


@pytest.mark.parametrize(
    ("stated", "single", "period"),
    [
        (When("2024", "2024"), "2024", None),
        (When("2024", ""), "2024", None),
        (When("2024", "2025"), None, {"start": "2024", "end": "2025"}),
        (When("", "2025"), None, {"end": "2025"}),
        (When(), None, None),
    ],
)
def test_a_moment_is_one_and_a_period_is_the_other(stated: When, single: str | None, period: object) -> None:
    assert (values.single(stated), plain(values.period(stated))) == (single, period)


def test_an_interval_that_is_open_at_one_end_is_an_amount_with_a_comparator() -> None:
    ten = Quantity("10", "mg")
    found = [
        values.bounded(one)
        for one in (
            Interval(None, ten, True, False),
            Interval(None, ten),
            Interval(ten, None),
            Interval(ten, None, False),
            Interval(ten, ten),
        )
    ]
    assert [one and one.comparator for one in found] == ["<", "<=", ">=", ">", None]
    assert values.bounded(Interval()) is None and values.between(Interval()) is None


def test_a_range_without_a_bound_and_without_words_is_none() -> None:
    assert values.reference_range(ReferenceRange(None)) is None
    only = ReferenceRange(Value(quantity=Quantity("3", "mg")))
    assert plain(values.reference_range(only)) == {"text": "3 mg"}
    words = ReferenceRange(Value(words="Négatif"), "chez l’adulte")
    assert plain(values.reference_range(words)) == {"text": "chez l’adulte Négatif"}


def test_an_interpretation_that_is_no_code_of_the_list_is_words() -> None:
    assert plain(values.interpretation("trop haut")) == {"text": "trop haut"}
    assert plain(values.interpretation("HH")) == {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "HH"}]
    }


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None, max_examples=60)
def test_whatever_was_written_can_be_told(one: str, two: str, three: str) -> None:
    plain(values.concept(Concept(one, two, three)))
    plain(values.quantity(Quantity(one, two)))
    plain(values.period(When(one, two)))
    plain(values.worded(Value(words=three)))
