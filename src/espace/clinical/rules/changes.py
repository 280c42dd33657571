"""What a record says at one moment that it did not say at another: « depuis ma dernière visite », or between two days.

What counts is when something arrived in the record, not when it happened. What was replaced, masked or deleted since
is not told: the reader sees what is there, and nothing of what is no more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from espace.clinical.facts import Fact, Kind, Sourced, State
from espace.clinical.rules.analytes import Key as Analyte
from espace.clinical.rules.analytes import key_of
from espace.clinical.rules.merging import Item, Key, joined, merged, named, said_at
from espace.clinical.rules.naming import name_of, rank_of
from espace.clinical.rules.summary import measured_at, substances
from espace.kernel.folding import folded


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


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing that is measured: the last value that the record had at the first moment, None for none, and the one
    that it had at the second, which is another statement."""

    then: Sourced | None
    now: Sourced


_MEASURED = frozenset({Kind.RESULT, Kind.MEASURE})
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
    """What arrived after `since`, and until `until`, that was not said before: the newest first, by the day that each
    is about, else that of its document."""
    start, end = moment(since), moment(until)
    known = merged(one for one in facts if arrived_at(one) <= end)
    groups = joined(known, _keys)
    found = (_change([one for item in group for one in item.sources], start) for group in groups)
    return tuple(sorted(filter(None, found), key=lambda one: measured_at(one.now), reverse=True))


def pairs(facts: Iterable[Sourced], since: datetime, until: datetime) -> tuple[Pair, ...]:
    """What was last found of each thing that is measured, at both moments, where something arrived in between: those
    that doctors look for first, then by name."""
    start, end = moment(since), moment(until)
    groups: dict[Analyte, list[Sourced]] = defaultdict(list)
    for one in facts:
        if one.fact.kind in _MEASURED and one.fact.value is not None and arrived_at(one) <= end:
            groups[key_of(one.fact)].append(one)
    found = filter(None, (_pair(group, start) for group in groups.values()))
    return tuple(sorted(found, key=lambda one: (rank_of(one.now.fact.what), folded(name_of(one.now.fact.what)))))


def _pair(group: list[Sourced], start: str) -> Pair | None:
    newest_first = sorted(group, key=lambda one: (measured_at(one), said_at(one)), reverse=True)
    then = next((one for one in newest_first if arrived_at(one) <= start), None)
    return Pair(then, newest_first[0]) if newest_first[0] is not then else None


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
    if _says(fresh[0].fact) != _says(old[0].fact):
        return Change(How.CHANGED, fresh[0], old[0])
    now, then = _dosed(fresh), _dosed(old)
    return Change(How.CHANGED, now, then) if now and then and _dosage(now) != _dosage(then) else None


def _dosed(newest_first: Iterable[Sourced]) -> Sourced | None:
    """The newest that tells a dosage: what is delivered seldom tells that of its prescription again."""
    return next(filter(_dosage, newest_first), None)


def _dosage(sourced: Sourced) -> str:
    return sourced.fact.dosage.words if sourced.fact.dosage else ""


def _says(fact: Fact) -> tuple[object, ...]:
    """What makes a statement another one, but for a dosage: not its words, nor who made it."""
    return fact.absent, fact.state or State.ACTIVE, fact.value, bool(fact.when.end)
