"""What a record says now that it did not say before: by when it arrived, not by when it happened."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from clinical.said import LOINC, document, fact, medicine, result, said, stated
from espace.clinical.facts import Fact, Kind, Sourced, State
from espace.clinical.rules.changes import How, changes, pairs, replaced_since
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, Quantity, Value, When

SINCE, UNTIL = datetime(2025, 3, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
ASTHMA = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)


def told(*facts: Sourced) -> list[tuple[How, str, str]]:
    found = changes(facts, SINCE, UNTIL)
    return [(one.how, one.now.fact.what.display, one.then.fact.state if one.then else "-") for one in found]


def test_what_was_there_is_no_change_and_what_comes_later_is_not_told() -> None:
    assert told(said(ASTHMA, 1, "2025-01-01"), said(ASTHMA, 2, "2025-04-01"), said(ASTHMA, 3, "2025-07-01")) == []
    assert told(said(ASTHMA, 1, "2025-07-01")) == []


def test_what_arrived_is_new_even_when_it_is_old() -> None:
    assert told(said(ASTHMA, 1, "2010-01-01", arrived="2025-04-01")) == [(How.NEW, "Asthme", "-")]
    assert told(stated(ASTHMA, "2025-04-01")) == [(How.NEW, "Asthme", "-")]


def test_what_is_said_otherwise_has_changed() -> None:
    over = replace(ASTHMA, state=State.OVER)
    assert told(said(ASTHMA, 1, "2025-01-01"), said(over, 2, "2025-04-01")) == [(How.CHANGED, "Asthme", "active")]


def test_a_treatment_goes_on_under_another_name_and_changes_with_its_dose() -> None:
    old = said(
        medicine(Kind.PRESCRIPTION, "Glucophage", atc="A10BA02", start="2025-01-01", words="1 le soir"), 1, "2025-01-01"
    )
    same = medicine(Kind.PRESCRIPTION, "Metformine", atc="A10BA02", start="2025-04-01", words="1 le soir")
    assert told(old, said(same, 2, "2025-04-01")) == []
    twice = replace(same, dosage=replace(same.dosage, words="2 le soir"))
    assert told(old, said(twice, 2, "2025-04-01")) == [(How.CHANGED, "Metformine", "")]


def test_a_dose_is_compared_with_the_last_one_told_whatever_is_delivered_since() -> None:
    old = said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2025-01-01", words="1 le soir"), 1, "2025-01-01")
    given = said(medicine(Kind.DISPENSATION, "Ramipril", start="2025-04-02", words=""), 3, "2025-04-02")
    assert told(old, given) == []
    twice = said(medicine(Kind.PRESCRIPTION, "Ramipril", start="2025-04-01", words="2 le soir"), 2, "2025-04-01")
    (found,) = changes((old, twice, given), SINCE, UNTIL)
    assert (found.how, found.now, found.then) == (How.CHANGED, twice, old)


def test_each_result_is_one_of_its_own() -> None:
    old, new = (
        said(result("7.2", "%", "2025-01-01"), 1, "2025-01-01"),
        said(result("7.2", "%", "2025-04-01"), 2, "2025-04-01"),
    )
    assert told(old, new) == [(How.NEW, "Hémoglobine glyquée", "-")]


def test_without_a_dosage_nothing_is_made_of_it() -> None:
    plain = fact(Kind.TREATMENT, "Ramipril")
    assert told(said(plain, 1, "2025-01-01"), said(plain, 2, "2025-04-01")) == []


def weight(value: str, day: str) -> Fact:
    one = fact(Kind.MEASURE, "Poids", code="29463-7", system=LOINC, start=day, end=day)
    return replace(one, value=Value(quantity=Quantity(value, "kg")))


def test_values_of_one_document_stand_by_their_own_day() -> None:
    days = ("2024-05-02", "2024-11-02", "2023-12-01", "2024-08-02")
    found = changes([said(weight("70", day), 1, "2025-04-01") for day in days], SINCE, UNTIL)
    assert [one.now.fact.when.start for one in found] == ["2024-11-02", "2024-08-02", "2024-05-02", "2023-12-01"]


def compared(*facts: Sourced) -> list[tuple[str, str, str]]:
    def value(one: Sourced | None) -> str:
        return one.fact.value.quantity.value if one and one.fact.value and one.fact.value.quantity else "-"

    return [(one.now.fact.what.display, value(one.then), value(one.now)) for one in pairs(facts, SINCE, UNTIL)]


def test_figures_are_those_that_the_record_had_last_at_both_moments() -> None:
    assert compared(
        said(weight("72", "2024-01-01"), 1, "2024-01-01"),
        said(weight("71", "2025-02-01"), 2, "2025-02-01"),
        said(weight("70", "2025-04-01"), 3, "2025-04-01"),
        said(weight("69", "2025-05-01"), 4, "2025-05-01"),
        said(weight("60", "2025-07-01"), 5, "2025-07-01"),
        said(result("7.2", "%", "2025-05-01"), 6, "2025-05-01"),
        stated(weight("68", "2025-05-02"), "2025-05-02"),
    ) == [("Hémoglobine glyquée", "-", "7.2"), ("Poids", "71", "68")]


def test_where_nothing_newer_arrived_there_is_nothing_to_compare() -> None:
    assert compared(said(weight("72", "2024-01-01"), 1, "2024-01-01")) == []
    late = said(weight("80", "2020-01-01"), 2, "2020-01-01", arrived="2025-04-01")
    assert compared(said(weight("72", "2024-01-01"), 1, "2024-01-01"), late) == []
    assert compared(said(weight("72", "2025-07-01"), 1, "2025-07-01")) == []
    assert compared(said(replace(weight("72", "2025-04-01"), value=None), 1, "2025-04-01"), said(ASTHMA, 2)) == []


def test_the_same_code_by_another_method_is_the_same_thing() -> None:
    other = replace(weight("70", "2025-04-01"), what=Concept("3141-9", LOINC, "Poids mesuré"))
    assert compared(said(weight("72", "2024-01-01"), 1, "2024-01-01"), said(other, 2, "2025-04-01")) == [
        ("Poids mesuré", "72", "70")
    ]


def test_the_same_value_of_the_same_moment_is_no_change_whoever_says_it_again() -> None:
    found = said(result("6.8", "%", "2025-02-01"), 1, "2025-02-02")
    again = replace(result("6.80", "%", "2025-02-01", state=State.OVER), when=When("2025-02-01"))
    assert told(found, said(again, 2, "2025-04-01")) == []
    assert compared(found, said(again, 2, "2025-04-01")) == []
    other = said(result("6.9", "%", "2025-02-01"), 3, "2025-04-02")
    (change,) = changes((found, other), SINCE, UNTIL)
    assert (change.how, change.now, change.then) == (How.CHANGED, other, found)
    assert compared(found, other) == [("Hémoglobine glyquée", "6.8", "6.9")]


def test_a_new_result_is_its_laboratorys_even_where_a_summary_quotes_it_at_once() -> None:
    found = said(result("6.8", "%", "2025-04-01"), 1, "2025-04-02")
    quoted = said(result("6.8", "%", "2025-04-01"), 2, "2025-05-01")
    (change,) = changes((quoted, found), SINCE, UNTIL)
    assert (change.how, change.now) == (How.NEW, found)
    assert [(one.then, one.now, one.same) for one in pairs((quoted, found), SINCE, UNTIL)] == [(None, found, False)]


def test_a_value_found_again_another_day_is_told_as_the_same() -> None:
    then, now = (said(weight("70", day), number, day) for number, day in ((1, "2025-02-01"), (2, "2025-04-01")))
    (pair,) = pairs((then, now), SINCE, UNTIL)
    assert (pair.then, pair.now, pair.same) == (then, now, True)
    (pair,) = pairs((then, said(weight("71", "2025-04-01"), 2, "2025-04-01")), SINCE, UNTIL)
    assert not pair.same


def test_what_a_document_replaced_since_had_said_is_not_new() -> None:
    before = said(replace(ASTHMA, when=When("2009")), 1, "2025-01-01")
    now = said(replace(ASTHMA, when=When("2009", "2009")), 2, "2025-04-01")
    assert [one.how for one in changes([now], SINCE, UNTIL)] == [How.NEW]
    assert changes([now], SINCE, UNTIL, [before]) == ()
    over = said(replace(ASTHMA, state=State.OVER), 2, "2025-04-01")
    (change,) = changes([over], SINCE, UNTIL, [before])
    assert (change.how, change.now, change.then) == (How.CHANGED, over, before)
    assert changes([], SINCE, UNTIL, [before]) == ()


def test_a_value_that_was_put_right_stands_beside_the_one_that_the_record_had() -> None:
    wrong = said(result("9.8", "%", "2025-02-03"), 1, "2025-02-04")
    right = said(result("6.8", "%", "2025-02-01"), 2, "2025-04-01")
    (pair,) = pairs([right], SINCE, UNTIL, [wrong])
    assert (pair.then, pair.now) == (wrong, right)
    assert pairs([], SINCE, UNTIL, [wrong]) == ()


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ({}, True),
        ({"replaced_by": None}, False),
        ({"replaced_by": UUID(int=8)}, False),  # the reader may not see it
        ({"damaged": True}, False),
        ({"own": True}, False),
        ({"deposited_at": datetime(2025, 3, 2, tzinfo=UTC)}, False),  # it arrived later
    ],
)
def test_what_was_current_then_and_replaced_since(changed: dict[str, Any], counts: bool) -> None:
    first = replace(replace(document(1, "2025-01-01"), replaced_by=UUID(int=2)), **changed)
    second = document(2, "2025-04-01")
    assert replaced_since([first, second], SINCE) == ((first,) if counts else ())


def test_what_was_replaced_before_was_not_current() -> None:
    first, second = replace(document(1, "2024-01-01"), replaced_by=UUID(int=2)), document(2, "2025-01-01")
    assert replaced_since([first, second], SINCE) == ()
