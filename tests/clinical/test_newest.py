"""Of what a record says again and again, only the newest is read whole; nothing that is said otherwise is lost."""

from functools import partial

from clinical.said import fact, result
from espace.clinical.facts import Extracted, Fact, Kind, State
from espace.clinical.rules import Places, facts_at, newest_of_each, parts_of
from espace.clinical.rules.keeping import Parts
from espace.kernel.values import replace

ASTHMA = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)


def read(kinds: set[Kind], most: int, *documents: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    choose = newest_of_each(kinds, most)
    kept = (parts_of(Extracted("", facts)) for facts in documents)
    return [shown(parts, choose(parts.heads or b"")) for parts in kept if parts]


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
    choose = newest_of_each({Kind.RESULT, Kind.PROBLEM}, 1)
    assert choose(kept.heads) == [0, 1]
    assert choose(kept.heads) == []

    def never() -> bytes:
        raise AssertionError

    assert facts_at([0], kept.few, never) == (ASTHMA,)
    assert facts_at([0, 1], kept.few, lambda: kept.many or b"") == (ASTHMA, value)


def test_a_document_without_facts_has_no_heads() -> None:
    assert parts_of(Extracted("", text="Bonjour")) == (None, b'{"model":"","entries":0}', None, b'"Bonjour"')
