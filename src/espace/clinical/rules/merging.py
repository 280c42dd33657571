"""The same fact from several documents is shown once, with all its sources; contradictions are shown, not resolved.

What may not be seen is left out before: nothing here knows of it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from espace.clinical.facts import Detail, Fact, Kind, Sourced, State
from espace.clinical.rules.firsthand import by_value, value_key
from espace.clinical.rules.naming import is_class
from espace.clinical.rules.sequence import in_sequence
from espace.kernel.folding import folded
from espace.kernel.values import replace
from espace.record.facts import Document
from espace.wire.clinical_statements.values import Concept

T = TypeVar("T")
Key = tuple[object, ...]
_MEDICINES = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION, Kind.ADMINISTRATION})

_TOLD_ONCE = frozenset({Detail.CATEGORY, Detail.REACTION, Detail.SEVERITY, Detail.CRITICALITY})
"""Of an allergy: a later document that does not say it again does not take it back."""


class Clash(StrEnum):
    """How the sources of one item contradict each other."""

    DENIED = "denied"
    """One says that it is there, another one that it is not."""
    OVER = "over"
    """Going on for one, over for another."""
    VALUE = "value"
    """Another value of the same thing at the same moment."""


@dataclass(frozen=True)
class Item:
    """One fact with its sources, never none, the newest first; of those that found the same value, the one whose it
    is."""

    sources: tuple[Sourced, ...]
    clashes: tuple[Clash, ...] = ()

    @cached_property
    def fact(self) -> Fact:
        """As its newest source says it, `completed` by the others."""
        return completed(self.sources[0].fact, self.sources)

    @cached_property
    def start(self) -> str:
        """Since when, as the newest source that says so; "" where none does."""
        return next((one.fact.when.start for one in self.sources if one.fact.when.start), "")


def completed(fact: Fact, sources: Iterable[Sourced]) -> Fact:
    """An allergy with its reaction and severity: those that this source does not tell, as the newest that does."""
    if fact.kind is not Kind.ALLERGY:
        return fact
    details = dict(fact.details)
    for one in sources:
        if one.fact.absent is fact.absent:
            details = {**{name: said for name, said in one.fact.details.items() if name in _TOLD_ONCE}, **details}
    return fact if details == fact.details else replace(fact, details=details)


def said_at(sourced: Sourced) -> str:
    """The moment of a source, as a text that compares: of the act, else of its writing, and never after its arrival; of
    what the patient states, when they did."""
    document = sourced.document
    return written_at(document).astimezone(UTC).isoformat(timespec="seconds") if document else sourced.stated_at


def written_at(document: Document) -> datetime:
    arrived = document.deposited_at
    return min(document.entry.service_start or document.entry.creation_time or arrived, arrived)


def merged(facts: Iterable[Sourced]) -> tuple[Item, ...]:
    """In the order of their newest sources, the newest first."""
    newest_first = sorted(facts, key=said_at, reverse=True)
    named_alike = chain.from_iterable(_by_name(*one) for one in _alike(newest_first))
    groups = sorted(chain.from_iterable(_apart(newest_first, places) for places in named_alike))
    return tuple(_item([newest_first[place] for place in places]) for places in groups)


def _apart(facts: list[Sourced], places: list[int]) -> Iterator[list[int]]:
    """What one document observes several times at one moment, under other headings or with other values, is several
    things: the impedance of each lead, each place that a stroke hit."""
    group = [facts[place] for place in places]
    if facts[places[0]].fact.kind not in _MEASURED or len({_source(one) for one in group}) == len(group):
        yield places
        return
    found: dict[Key, list[int]] = {}
    for place, one in zip(places, group, strict=True):
        key = (value_key(one.fact), one.fact.absent, folded(one.fact.group))
        found.setdefault(key, []).append(place)
    yield from found.values()


def _item(group: list[Sourced]) -> Item:
    measured = len(group) > 1 and group[0].fact.kind in _FOUND
    return Item(tuple(chain.from_iterable(by_value(group)) if measured else group), tuple(_clashes(group)))


def joined(things: Iterable[T], keys_of: Callable[[T], Iterable[Key]]) -> tuple[list[T], ...]:
    """Those that share a key, directly or through others, are one group; groups, and what is in each, in the order
    given."""
    all_of_them = list(things)
    above = list(range(len(all_of_them)))  # by place, one before it of the same group; itself for the first
    places: dict[Key, int] = {}
    for number, thing in enumerate(all_of_them):
        for key in keys_of(thing):
            place = places.setdefault(key, number)
            if place != number:
                one, other = _first(above, place), _first(above, number)
                above[max(one, other)] = min(one, other)
    groups: dict[int, list[T]] = {}
    for number, thing in enumerate(all_of_them):
        groups.setdefault(_first(above, number), []).append(thing)
    return tuple(groups.values())


def _first(above: list[int], number: int) -> int:
    """The first of a group, and the way there made shorter: what thousands of facts chain together costs no more."""
    while above[number] != number:
        above[number] = above[above[number]]
        number = above[number]
    return number


def _alike(facts: Iterable[Sourced]) -> Iterator[tuple[Kind, dict[Concept, list[int]]]]:
    """Those that share their kind, and what makes that kind itself: the places of each notion. Most results are alone
    at their moment."""
    found: dict[tuple[Kind, Key], dict[Concept, list[int]]] = {}
    for place, one in enumerate(facts):
        fact = one.fact
        beside = _BESIDE.get(fact.kind, _moment)(one)
        found.setdefault((fact.kind, beside), {}).setdefault(fact.what, []).append(place)
    return ((kind, alike) for (kind, _), alike in found.items())


def _by_name(kind: Kind, alike: dict[Concept, list[int]]) -> Iterator[list[int]]:
    """The places of those that share a way of naming what they are about; what has no name is nothing else."""
    names = medicine_named if kind in _MEDICINES else named
    for same in joined(alike, names) if len(alike) > 1 else (list(alike),):
        places = sorted(chain.from_iterable(map(alike.__getitem__, same)))
        if next(named(same[0]), None):
            yield places
        else:
            yield from ([place] for place in places)


def named(what: Concept) -> Iterator[Key]:
    """Every way of naming a notion: its codes and its name; its author's words only where there is no code, for they
    may say « allergy » of whatever it is."""
    if what.code:
        yield what.system, what.code
    for other in what.others:
        yield other.system, other.code
    name = what.display or ("" if what.code else what.words)
    if name:
        yield ("", folded(name))


def medicine_named(what: Concept) -> Iterator[Key]:
    """The same of a medicine: a class of substances, which its author's words tell apart, names none of those."""
    others = tuple(one for one in what.others if not is_class(one))
    if is_class(what) and what.words:
        return named(Concept(words=what.words, others=others))
    return named(what if len(others) == len(what.others) else replace(what, others=others))


def _nothing(_sourced: Sourced) -> Key:
    return ()


def _side(sourced: Sourced) -> Key:
    return _detail(sourced.fact, Detail.LATERALITY)


def _relative(sourced: Sourced) -> Key:
    """Whose it is, and what was found of them where something was measured or answered."""
    fact = sourced.fact
    return _detail(fact, Detail.RELATIVE), fact.what.qualifiers, value_key(fact)


def _detail(fact: Fact, detail: Detail) -> Key:
    found = fact.details.get(detail)
    return tuple(one.code or folded(one.words) for one in found) if found else ()


def _day(sourced: Sourced) -> Key:
    """The day that it is about; of what is undated, its document: two undated ones are not said to be one."""
    start = sourced.fact.when.start
    return (start[:10],) if start else (_source(sourced),)


def _moment(sourced: Sourced) -> Key:
    fact = sourced.fact
    start = fact.when.start or fact.when.end
    if not start:
        return _alone(sourced)
    beside = (_detail(fact, one) for one in (Detail.SPECIMEN, Detail.ISOLATE, Detail.RELATIVE))
    where = () if fact.kind is Kind.RESULT else (_places(fact), _detail(fact, Detail.LATERALITY))
    return start, fact.what.qualifiers, *beside, *where


def _places(fact: Fact) -> Key:
    """Where on the body, and on which side: the two eyes, the two arms are two measures."""
    return tuple((one.code or folded(one.words), one.qualifiers) for one in fact.details.get(Detail.SITE, ()))


def _alone(sourced: Sourced) -> Key:
    return _source(sourced), sourced.fact.place.order


def _source(sourced: Sourced) -> object:
    return sourced.document.id if sourced.document else sourced.item


_BESIDE: dict[Kind, Callable[[Sourced], Key]] = {
    Kind.ALLERGY: _nothing,
    Kind.PROBLEM: _side,
    Kind.TREATMENT: _day,
    Kind.PRESCRIPTION: _day,
    Kind.DISPENSATION: _day,
    Kind.ADMINISTRATION: _moment,
    Kind.VACCINATION: _day,
    Kind.ADVICE: _day,
    Kind.PROCEDURE: _day,
    Kind.STAY: _day,
    Kind.FAMILY: _relative,
    Kind.DEVICE: _side,
    Kind.ALERT: _nothing,
    Kind.DIRECTIVE: _nothing,
    Kind.CONCLUSION: _alone,
    Kind.PLAN: _alone,
}
"""What must be the same beside the name. The other kinds are observations: the same moment."""

_LASTING = frozenset({Kind.ALLERGY, Kind.PROBLEM, Kind.DEVICE, Kind.TREATMENT, Kind.FAMILY, Kind.PREGNANCY})
_FOUND = frozenset({Kind.RESULT, Kind.MEASURE})
_MEASURED = frozenset({Kind.RESULT, Kind.MEASURE, Kind.EXAM, Kind.LIFESTYLE, Kind.PREGNANCY})
_GOING_ON, _ENDED = frozenset({State.ACTIVE}), frozenset({State.OVER, State.STOPPED})


def _clashes(group: list[Sourced]) -> Iterator[Clash]:
    if len(group) == 1:
        return
    facts = [one.fact for one in group]
    if len({fact.absent for fact in facts}) > 1:
        yield Clash.DENIED
    states = {fact.state for fact in facts if not fact.absent}
    contrary = facts[0].kind in _LASTING and states & _GOING_ON and states & _ENDED
    if contrary and not in_sequence((one.fact, said_at(one)) for one in group):
        yield Clash.OVER
    if facts[0].kind in _MEASURED and len(set(map(value_key, filter(attrgetter("value"), facts)))) > 1:
        yield Clash.VALUE
