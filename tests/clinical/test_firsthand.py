"""Whose a value is that several documents state: what a summary quotes stays its laboratory's."""

import pytest

from clinical.said import document, result, said, stated
from espace.clinical.facts import Origin, Sourced
from espace.clinical.rules.firsthand import by_value, first_hand
from espace.clinical.rules.merging import Clash, merged
from espace.clinical.rules.summary import series_of
from espace.clinical.rules.trends import trends_of
from espace.kernel.values import replace
from espace.wire.xds import Coded

AT = "2025-03-04T08:00:00+01:00"
REPORT, LETTER, SUMMARY = "11502-2", "11490-0", "SYNTH"


def of(kind: str, number: int, value: str, day: str) -> Sourced:
    """A value of that moment, as a document of that type says it."""
    found = document(number, day)
    typed = replace(found, entry=replace(found.entry, type=Coded(kind, "1.2")), organisation_name=f"Chez {kind}")
    return Sourced(result(value, "%", AT, low="4.0", high="6.0"), Origin.EXTRACTED, typed)


FOUND = of(REPORT, 1, "6.8", "2025-03-06")
LATER = of(REPORT, 2, "6.8", "2025-03-07")
LEFT = of(LETTER, 3, "6.80", "2025-03-05")
QUOTED = of(SUMMARY, 4, "6.8", "2025-06-01")
HOME = stated(result("6.8", "%", AT), "2025-03-04")


def test_a_laboratory_comes_before_whoever_quotes_it_and_the_patient_last() -> None:
    assert first_hand([HOME, QUOTED, LEFT, LATER, FOUND]) == (FOUND, LATER, LEFT, QUOTED, HOME)


def test_nothing_says_that_a_document_without_a_type_is_a_summary() -> None:
    plain = said(FOUND.fact, 9, "2025-07-01")
    assert first_hand([QUOTED, plain, LATER]) == (LATER, plain, QUOTED)


def test_other_values_stay_apart_in_the_order_in_which_they_were_told() -> None:
    other = of(REPORT, 5, "7.1", "2025-03-06")
    assert by_value([QUOTED, other, FOUND, LEFT]) == ((FOUND, LEFT, QUOTED), (other,))


@pytest.mark.parametrize("order", [1, -1])
def test_a_result_that_a_summary_quotes_stays_its_laboratorys_everywhere(order: int) -> None:
    facts = [FOUND, QUOTED][::order]
    (item,) = merged(facts)
    assert (item.sources, item.clashes) == ((FOUND, QUOTED), ())
    (point,) = trends_of(facts)[0].points
    assert (point.sources, point.laboratory) == ((FOUND, QUOTED), "Chez 11502-2")
    (series,) = series_of(facts, QUOTED.document.deposited_at.date())  # type: ignore[union-attr]
    assert series.points[0].sources == (FOUND, QUOTED)


def test_what_a_newer_document_says_otherwise_is_said_first_as_a_contradiction() -> None:
    other = of(SUMMARY, 6, "8.6", "2025-06-01")
    (item,) = merged([FOUND, other, LATER])
    assert (item.sources, item.clashes) == ((other, FOUND, LATER), (Clash.VALUE,))
