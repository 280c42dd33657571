"""What a record says now that it did not say before: « depuis ma dernière visite ».

What counts is when something arrived in the record, not when it happened. What was replaced, masked or deleted since
is not told: the reader sees what is there, and nothing of what is no more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from espace.clinical.facts import Fact, Kind, Sourced
from espace.clinical.rules.merging import Item, Key, joined, merged, named, said_at
from espace.clinical.rules.summary import substances


class How(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    """Known before, otherwise: over, stopped, denied, another dose, another value."""


@dataclass(frozen=True, slots=True)
class Change:
    """`now` is the newest of what arrived; `then` is what was said of it before, None for what was not known."""

    how: How
    now: Sourced
    then: Sourced | None = None


_TAKEN = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_LASTING = frozenset({Kind.ALLERGY, Kind.PROBLEM, Kind.DEVICE, Kind.FAMILY, Kind.PREGNANCY, Kind.DIRECTIVE})


def arrived_at(sourced: Sourced) -> str:
    """When the record got it, as a text that compares."""
    if sourced.document is None:
        return sourced.stated_at
    return moment(sourced.document.deposited_at)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def changes(facts: Iterable[Sourced], since: datetime, until: datetime) -> tuple[Change, ...]:
    """What arrived after `since`, and until `until`, that was not said before; what was said last first."""
    start, end = moment(since), moment(until)
    known = merged(one for one in facts if arrived_at(one) <= end)
    groups = joined(known, _keys)
    found = (_change([one for item in group for one in item.sources], start) for group in groups)
    return tuple(sorted(filter(None, found), key=lambda one: said_at(one.now), reverse=True))


def _keys(item: Item) -> Iterable[Key]:
    """What lasts is one thing, taken or not; what was observed or done is one each time."""
    fact = item.fact
    if fact.kind in _TAKEN:
        return (("taken", key) for key in substances(item))
    if fact.kind in _LASTING:
        return ((fact.kind, *key) for key in named(fact.what))
    return _alone(item)


def _alone(item: Item) -> Iterator[Key]:
    yield ("alone", id(item))


def _change(sources: list[Sourced], start: str) -> Change | None:
    newest_first = sorted(sources, key=said_at, reverse=True)
    fresh = [one for one in newest_first if arrived_at(one) > start]
    old = [one for one in newest_first if arrived_at(one) <= start]
    if not fresh:
        return None
    if not old:
        return Change(How.NEW, fresh[0])
    return Change(How.CHANGED, fresh[0], old[0]) if _says(fresh[0].fact) != _says(old[0].fact) else None


def _says(fact: Fact) -> tuple[object, ...]:
    """What makes a statement another one: not its words, nor who made it."""
    return fact.absent, fact.state, fact.value, fact.dosage.words if fact.dosage else "", bool(fact.when.end)
