"""What a record says at one moment that it did not say at another: « depuis ma dernière visite », or between two days.

What counts is when something arrived in the record, not when it happened. What was masked or deleted since is not
told: the reader sees what is there. What a document said that was replaced since is told only as what was known before.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain

from espace.clinical.facts import Fact, Kind, Sourced, State
from espace.clinical.rules.analytes import Key as Analyte
from espace.clinical.rules.analytes import key_of, usual_rank
from espace.clinical.rules.firsthand import by_value, first_hand, value_key
from espace.clinical.rules.merging import Item, Key, joined, merged, named, said_at
from espace.clinical.rules.naming import name_of
from espace.clinical.rules.summary import measured_at, substances
from espace.kernel.folding import folded
from espace.record.facts import Document


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
    that it had at the second, which is another measurement."""

    then: Sourced | None
    now: Sourced

    @property
    def same(self) -> bool:
        """Whether it found the same again."""
        return self.then is not None and value_key(self.then.fact) == value_key(self.now.fact)


_MEASURED = frozenset({Kind.RESULT, Kind.MEASURE})
_TAKEN = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_LASTING = frozenset({Kind.ALLERGY, Kind.PROBLEM, Kind.DEVICE, Kind.FAMILY, Kind.PREGNANCY, Kind.ALERT, Kind.DIRECTIVE})


def arrived_at(sourced: Sourced) -> str:
    """When the record got it, as a text that compares."""
    if sourced.document is None:
        return sourced.stated_at
    return moment(sourced.document.deposited_at)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def replaced_since(documents: Iterable[Document], since: datetime) -> tuple[Document, ...]:
    """Of the documents that the reader may see, those that were current at that moment and were replaced later."""
    by_id = {one.id: one for one in documents}
    found = ((one, by_id.get(one.replaced_by)) for one in by_id.values() if one.replaced_by and not one.damaged)
    return tuple(one for one, by in found if by and one.deposited_at <= since < by.deposited_at and not one.own)


def changes(
    facts: Iterable[Sourced], since: datetime, until: datetime, replaced: Iterable[Sourced] = ()
) -> tuple[Change, ...]:
    """What arrived after `since`, and until `until`, that was not said before: the newest first, by the day that each
    is about, else that of its document. `replaced`: what the documents of `replaced_since` said."""
    start, end = moment(since), moment(until)
    known = merged(chain((one for one in facts if arrived_at(one) <= end), replaced))
    groups = joined(known, _keys)
    found = (_change([one for item in group for one in item.sources], start) for group in groups)
    return tuple(sorted(filter(None, found), key=lambda one: measured_at(one.now), reverse=True))


def pairs(
    facts: Iterable[Sourced], since: datetime, until: datetime, replaced: Iterable[Sourced] = ()
) -> tuple[Pair, ...]:
    """What was last found of each thing that is measured, at both moments, where something arrived in between: those
    that doctors look for first, then by name."""
    start, end = moment(since), moment(until)
    groups: dict[Analyte, list[Sourced]] = defaultdict(list)
    before: dict[Analyte, list[Sourced]] = defaultdict(list)
    for one in facts:
        if _measured(one) and arrived_at(one) <= end:
            groups[key_of(one.fact)].append(one)
    for one in filter(_measured, replaced):
        before[key_of(one.fact)].append(one)
    found = ((key, _pair(group, before.get(key, []), start)) for key, group in groups.items())
    told = sorted(found, key=lambda one: (usual_rank(one[0]), folded(name_of(groups[one[0]][0].fact.what))))
    return tuple(pair for _, pair in told if pair)


def _measured(sourced: Sourced) -> bool:
    return sourced.fact.kind in _MEASURED and sourced.fact.value is not None


def _pair(group: list[Sourced], replaced: list[Sourced], start: str) -> Pair | None:
    """None where the last value was known at the first moment: said again, it is no other."""
    now = _last(group)
    known = [one for one in (*group, *replaced) if arrived_at(one) <= start]
    if now is None or any(_found(one) == _found(now) for one in known):
        return None
    return Pair(_last(known), now)


def _last(group: list[Sourced]) -> Sourced | None:
    """Of what was measured last, the source whose value it is; None for none."""
    newest = max(group, key=lambda one: (measured_at(one), said_at(one)), default=None)
    alike = [one for one in group if newest and _found(one) == _found(newest)]
    return next(iter(first_hand(alike)), None)


def _found(sourced: Sourced) -> tuple[object, ...]:
    return measured_at(sourced), value_key(sourced.fact)


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
    if fresh[0].fact.kind in _MEASURED:
        return _measure(fresh, old)
    if not old:
        return Change(How.NEW, fresh[0])
    if _says(fresh[0].fact) != _says(old[0].fact):
        return Change(How.CHANGED, fresh[0], old[0])
    now, then = _dosed(fresh), _dosed(old)
    return Change(How.CHANGED, now, then) if now and then and _dosage(now) != _dosage(then) else None


def _measure(fresh: list[Sourced], old: list[Sourced]) -> Change | None:
    """One measurement: its value said again is no change, whoever says it."""
    known = {value_key(one.fact) for one in old}
    other = [one for one in fresh if value_key(one.fact) not in known]
    if not other:
        return None
    now = by_value(other)[0][0]
    return Change(How.CHANGED, now, by_value(old)[0][0]) if old else Change(How.NEW, now)


def _dosed(newest_first: Iterable[Sourced]) -> Sourced | None:
    """The newest that tells a dosage: what is delivered seldom tells that of its prescription again."""
    return next(filter(_dosage, newest_first), None)


def _dosage(sourced: Sourced) -> str:
    return sourced.fact.dosage.words if sourced.fact.dosage else ""


def _says(fact: Fact) -> tuple[object, ...]:
    """What makes a statement another one, but for a dosage: not its words, nor who made it."""
    return fact.absent, fact.state or State.ACTIVE, value_key(fact), has_end(fact)


def has_end(fact: Fact) -> bool:
    """Whether its author says when it ended: one moment alone is when it began, but for what is taken."""
    when = fact.when
    return bool(when.end) and (when.end != when.start or fact.kind is Kind.TREATMENT)
