"""Of what a record says again and again, only the newest is read whole; nothing that is said otherwise is lost."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from uuid import UUID

from clinical.said import fact, medicine, result, said
from espace.clinical.facts import Extracted, Fact, Kind, State
from espace.clinical.rules import Choosing, Places, facts_at, parts_of
from espace.clinical.rules.keeping import Parts
from espace.clinical.rules.summary import treatments_of
from espace.kernel.values import replace

ASTHMA = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)


def read(kinds: set[Kind], most: int, *documents: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    kept = {UUID(int=number): parts_of(Extracted("", facts)) for number, facts in enumerate(documents)}
    worth = chosen(kinds, most, {one: parts.heads or b"" for one, parts in kept.items() if parts})
    return [shown(parts, worth.get(one, [])) for one, parts in kept.items() if parts]


def chosen(kinds: set[Kind], most: int, heads: Mapping[UUID, bytes]) -> Mapping[UUID, Places]:
    choosing = Choosing(kinds, most)
    for one, of_it in heads.items():
        choosing.look(one, of_it)
    return choosing.chosen()


def shown(kept: Parts, places: Places) -> tuple[Fact, ...]:
    return facts_at(places, kept.few, partial(bytes, kept.many) if kept.many else None) if places else ()


def test_the_first_of_each_thing_are_read() -> None:
    first, second, third = (result(value, "%", "2025-01-01") for value in ("7.1", "7.2", "7.3"))
    assert read({Kind.RESULT}, 2, (first, ASTHMA), (second,), (third,)) == [(first,), (second,), ()]


def test_other_things_and_what_is_said_otherwise_are_not_counted_together() -> None:
    other, over, denied = fact(Kind.PROBLEM, "Goutte"), replace(ASTHMA, state=State.OVER), replace(ASTHMA, absent=True)
    found = read({Kind.PROBLEM}, 1, (ASTHMA, ASTHMA), (other,), (over, denied, ASTHMA))
    assert found == [(ASTHMA,), (other,), (over, denied)]


def test_facts_of_both_parts_come_whole() -> None:
    one = result("7.1", "%", "2025-01-01", low="4", high="6")
    assert read({Kind.PROBLEM, Kind.RESULT}, 5, (ASTHMA, one)) == [(ASTHMA, one)]
    assert read({Kind.VACCINATION}, 5, (ASTHMA, one)) == [()]


def test_of_frequent_facts_that_were_all_said_again_since_nothing_is_chosen() -> None:
    value = result("7.1", "%", "2025-01-01")
    kept = parts_of(Extracted("", (value, ASTHMA)))
    assert kept and kept.heads
    first, second = UUID(int=1), UUID(int=2)
    assert chosen({Kind.RESULT, Kind.PROBLEM}, 1, {first: kept.heads, second: kept.heads}) == {first: [0, 1]}

    def never() -> bytes:
        raise AssertionError

    assert facts_at([0], kept.few, never) == (ASTHMA,)
    assert facts_at([0, 1], kept.few, lambda: kept.many or b"") == (ASTHMA, value)


def test_what_is_ordered_each_month_goes_back_to_the_first_order_that_counts() -> None:
    months = [f"2025-{month:02}-01" for month in range(12, 0, -1)]
    orders = [(medicine(Kind.PRESCRIPTION, "Metformine", start=day),) for day in months]
    found = read({Kind.PRESCRIPTION}, 8, *orders)
    told = [
        said(one, number, day) for number, (facts, day) in enumerate(zip(found, months, strict=True)) for one in facts
    ]
    assert [one.since for one in treatments_of(told, date(2025, 12, 24))] == ["2025-01-01"]


def test_what_is_taken_goes_back_to_the_first_time_that_it_was_said() -> None:
    years = [f"{year}-01-01" for year in range(2025, 2001, -1)]
    found = read({Kind.TREATMENT}, 8, *((medicine(Kind.TREATMENT, "Metformine", start=day),) for day in years))
    told = [
        said(one, number, day) for number, (facts, day) in enumerate(zip(found, years, strict=True)) for one in facts
    ]
    assert len(told) == 9
    assert [one.since for one in treatments_of(told, date(2025, 12, 24))] == ["2002-01-01"]


def test_a_document_without_facts_has_no_heads() -> None:
    assert parts_of(Extracted("", text="Bonjour")) == (None, b'{"model":"","entries":0}', None, b'"Bonjour"')
