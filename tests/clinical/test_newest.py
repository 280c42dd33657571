"""Of what a record says again and again, only the newest is read whole; nothing that is said otherwise is lost."""

from dataclasses import replace
from functools import partial

import msgspec

from clinical.said import fact, result
from espace.clinical.facts import Extracted, Fact, Kind, State
from espace.clinical.rules import newest_of_each, parts_of

ASTHMA = fact(Kind.PROBLEM, "Asthme", state=State.ACTIVE)


def blocks(*documents: tuple[Fact, ...]) -> list[tuple[bytes, bytes | None]]:
    found = (parts_of(Extracted("", facts)) for facts in documents)
    return [(parts[0], parts[1]) for parts in found if parts]


def read(kinds: set[Kind], most: int, *documents: tuple[Fact, ...]) -> list[tuple[Fact, ...]]:
    reading = newest_of_each(kinds, most)
    return [reading(few, partial(bytes, many) if many else None) for few, many in blocks(*documents)]


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


def test_what_is_not_worth_showing_is_not_even_opened() -> None:
    """A block whose frequent facts were all said again since stays sealed."""
    (few, many), _ = blocks((result("7.1", "%", "2025-01-01"),), (ASTHMA,))

    def never() -> bytes:
        raise AssertionError

    reading = newest_of_each({Kind.RESULT}, 1)
    assert reading(few, partial(bytes, many or b"")) == (result("7.1", "%", "2025-01-01"),)
    assert reading(few, never) == ()


def test_blocks_kept_before_heads_were_are_read_whole() -> None:
    assert newest_of_each({Kind.PROBLEM}, 1)(b'{"model":"","entries":1,"facts":[]}', None) == ()
    ((few, _),) = blocks((ASTHMA,))
    bare = msgspec.json.encode({key: kept for key, kept in msgspec.json.decode(few).items() if key != "heads"})
    assert newest_of_each({Kind.PROBLEM}, 1)(bare, None) == (ASTHMA,)
