"""What a hostile document may cost those who read it: bytes that are kept, and time."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

import pytest

from clinical.extraction.entries_made import LOINC, coded, extracted, observation, section
from clinical.said import ATC, fact, medicine, result, said
from espace.clinical.facts import Extracted, Kind, NotRead, Sourced, State, Unread
from espace.clinical.rules import keeping, parts_of, within
from espace.clinical.rules.changes import changes
from espace.clinical.rules.merging import joined
from espace.clinical.rules.summary import summary_of, treatments_of
from espace.exchange.fhir.facts.telling import Whose, told
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept
from espace.wire.fhir.resources import Reference
from espace.wire.xds import Coded

T = TypeVar("T")
DAY = date(2026, 1, 1)
MANY = 3_000


def swiftly(work: Callable[[], T]) -> T:
    """In seconds where what grows with the square of the facts takes minutes."""
    began = time.process_time()
    found = work()
    assert time.process_time() - began < 4
    return found


def battery(count: int, name: str) -> str:
    """Results that all quote the name of their battery, which stands once in the document."""
    value = '<value xsi:type="PQ" value="5" unit="g"/>'
    entry = observation(coded("code", "14749-6", LOINC), value, template="1.3.6.1.4.1.19376.1.3.1.6")
    held = f"<component>{entry}</component>" * count
    return f'<organizer classCode="BATTERY" moodCode="EVN">{coded("code", "18725-2", LOINC, name)}{held}</organizer>'


def test_a_name_that_stands_once_is_not_kept_a_thousand_times() -> None:
    found = extracted(section("26436-6", battery(2_000, "A" * 50_000), title="B" * 50_000))
    assert len(found.facts) == 2_000
    kept = within(found)
    parts = parts_of(kept)
    assert parts and parts.many and 7_000_000 < len(parts.many) < 9_000_000
    assert 0 < len(kept.facts) < 2_000
    assert len(kept.facts) + len(kept.unread) == 2_000
    assert {(one.why, one.section) for one in kept.unread} == {(Unread.TOO_MANY, "26436-6")}


def test_what_is_kept_whole_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = tuple(fact(Kind.ALLERGY, f"n{one}") for one in range(3))
    alone = parts_of(Extracted("", facts[:1]))
    assert alone
    size = len(alone.few) - len(b'{"model":"","entries":0,"facts":[]}')
    for most, number in ((3 * size, 3), (3 * size - 1, 2), (size, 1), (size - 1, 0)):
        monkeypatch.setattr(keeping, "MOST_KEPT", most)
        kept = within(Extracted("", facts))
        assert (len(kept.facts), len(kept.unread)) == (number, 3 - number)


@pytest.mark.parametrize(("letters", "kept"), [(10_000, "a" * 10_000), (10_001, "a" * 10_000 + "…")])
def test_a_text_that_is_cut_says_so(letters: int, kept: str) -> None:
    parts = parts_of(Extracted("", (fact(Kind.PROBLEM, "a" * letters),)))
    assert parts
    (found,) = keeping.facts_in(parts.few, None, None)
    assert found.what.display == kept


def test_what_turns_the_direction_of_writing_is_seen_instead() -> None:
    parts = parts_of(Extracted("", (fact(Kind.TREATMENT, "gm 01 \u202e10 mg\u2066"),)))
    assert parts
    (found,) = keeping.facts_in(parts.few, None, None)
    assert found.what.display == "gm 01 \ufffd10 mg\ufffd"


def test_a_document_does_not_fill_the_counters() -> None:
    said_so = [NotRead(f"1.2.250.1.213.{one}", "11502-2", Unread.NO_CODE) for one in range(500)]
    again = [NotRead("1.2.250.1.213.7", "11502-2", Unread.NO_CODE)] * 9
    found = keeping.counted(Extracted("", unread=(*said_so, *again)))
    assert (len(found), sum(found.values())) == (101, 509)
    assert found["", "1.2.250.1.213.7", "11502-2", "no_code"] == 10
    assert found["", "other", "other", "no_code"] == 400
    few = keeping.counted(Extracted("", unread=tuple(said_so[:100])))
    assert (len(few), ("", "other", "other", "no_code") in few) == (100, False)


def chained(number: int) -> list[Sourced]:
    """Allergies of their own, then as many that each name two of them: all are one."""
    alone = [said(fact(Kind.ALLERGY, f"a{one}", code=f"c{one}", system=ATC)) for one in range(number)]
    both = [Concept(f"c{one}", ATC, f"b{one}", others=(Coded(f"c{one + 1}", ATC, ""),)) for one in range(number - 1)]
    return [*alone, *(replace(alone[0], fact=replace(alone[0].fact, what=one)) for one in both)]


def test_thousands_of_facts_of_one_document_are_summed_up_at_once() -> None:
    summary = swiftly(lambda: summary_of(chained(MANY), DAY))
    assert [len(one.sources) for one in summary.allergies] == [2 * MANY - 1]
    problems = [said(fact(Kind.PROBLEM, f"p{one}", start="2020-01-01")) for one in range(2 * MANY)]
    assert len(swiftly(lambda: summary_of(problems, DAY)).problems) == 2 * MANY
    taken = [said(medicine(Kind.TREATMENT, f"t{one}", start="2025-01-01")) for one in range(MANY)]
    over = [said(medicine(Kind.TREATMENT, f"u{one}", start="2025-01-01", state=State.STOPPED)) for one in range(MANY)]
    assert len(swiftly(lambda: treatments_of([*taken, *over], DAY))) == MANY
    since, until = datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    assert len(swiftly(lambda: changes([*taken, *over], since, until))) == 2 * MANY


def test_groups_come_in_the_order_in_which_they_began() -> None:
    keys = {"a": "1", "b": "2", "c": "3", "d": "32", "e": "21", "f": "4"}
    assert joined("fcbade", lambda one: ((each,) for each in keys[one])) == (["f"], ["c", "b", "a", "d", "e"])


def test_thousands_of_values_of_one_moment_are_each_told() -> None:
    facts = [said(result(str(one), "g/L", "2024-01-01")) for one in range(MANY)]
    whose = Whose(UUID(int=1), Reference(reference="Patient/1"), "https://espace.example")
    found = swiftly(lambda: [one.resource for one in told("Observation", facts, whose)])
    assert len(found) == MANY
