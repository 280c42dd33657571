"""What a record says now that it did not say before: by when it arrived, not by when it happened."""

from dataclasses import replace
from datetime import UTC, datetime

from clinical.said import fact, medicine, result, said, stated
from espace.clinical.facts import Kind, Sourced, State
from espace.clinical.rules.changes import How, changes

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


def test_each_result_is_one_of_its_own() -> None:
    old, new = (
        said(result("7.2", "%", "2025-01-01"), 1, "2025-01-01"),
        said(result("7.2", "%", "2025-04-01"), 2, "2025-04-01"),
    )
    assert told(old, new) == [(How.NEW, "Hémoglobine glyquée", "-")]


def test_without_a_dosage_nothing_is_made_of_it() -> None:
    plain = fact(Kind.TREATMENT, "Ramipril")
    assert told(said(plain, 1, "2025-01-01"), said(plain, 2, "2025-04-01")) == []
