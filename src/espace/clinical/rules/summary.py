"""What a professional looks for first, out of the facts that they may see: nothing is guessed, nothing is left out
without saying so.

« Until when » is what was written; without it, a prescription is worth a year and what was dispensed three months
(CSP R5123-2, R5132-21 and R5132-12), and what is taken goes on until somebody says otherwise.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

from espace.clinical.facts import Detail, Fact, Kind, Origin, Sourced, State
from espace.clinical.rules.analytes import Key as Analyte
from espace.clinical.rules.analytes import key_of, usual_rank
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.marking import OUT, Mark, mark_of
from espace.clinical.rules.merging import Clash, Item, Key, joined, medicine_named, merged, named, said_at
from espace.clinical.rules.naming import WHOLE_ATC, product
from espace.clinical.rules.sequence import began_again
from espace.kernel.folding import folded
from espace.wire.clinical_statements.values import Concept
from espace.wire.nomenclature.systems import ATC

PRESCRIBED, DISPENSED = timedelta(days=366), timedelta(days=92)
MOST_RESULTS, MOST_POINTS = 24, 6
MOST_STOPS, MOST_OF_NAME = 10, 120
"""What says that a medicine is over, the newest ones: each is compared with all that says that it is taken; and
letters of a product among which its strength is looked for."""
RECENT = timedelta(days=366)
"""Results that are more than a year old wait: normal ones behind all the others, those out of range behind the ones
that doctors look for first."""
PAST_SECTIONS = frozenset({"11348-0", "10167-5", "47519-4"})
"""LOINC: history of past illness, of surgery, of procedures."""
_NO_ALLERGY = frozenset({"716186003", "160244002", "no-known-allergies"})
_NUMBER = re.compile("[0-9]+(?:[.,][0-9]+)?")
_OVER = frozenset({State.OVER, State.STOPPED})
_NOT_HANDED = frozenset({State.PLANNED, State.STOPPED})
_TAKEN = frozenset({Kind.TREATMENT, Kind.PRESCRIPTION, Kind.DISPENSATION})
_CURVES = frozenset({Kind.RESULT, Kind.MEASURE})
_OTHERS = frozenset(
    {Kind.ALLERGY, Kind.PROBLEM, Kind.VACCINATION, Kind.PROCEDURE, Kind.FAMILY, Kind.DEVICE, Kind.PREGNANCY}
    | {Kind.LIFESTYLE, Kind.ALERT, Kind.DIRECTIVE}
)
T = TypeVar("T", Item, "Treatment")
KINDS = _TAKEN | _CURVES | _OTHERS
"""The kinds that a summary is made of."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One substance that is taken, the newest of what says so first. `since`, the earliest beginning that any of them
    tells, and `until` are "" where nobody says; `delivery`: the last one; `stop`: something newer that says that it is
    over."""

    items: tuple[Item, ...]
    since: str = ""
    until: str = ""
    delivery: Sourced | None = None
    stop: Sourced | None = None

    @property
    def fact(self) -> Fact:
        return self.items[0].fact

    @property
    def indications(self) -> tuple[Concept, ...]:
        """What it is taken for, as the newest source that says so; none where nobody does."""
        told = (one.fact.details.get(Detail.INDICATION, ()) for one in self.sources)
        return next(filter(None, told), ())

    @property
    def sources(self) -> Iterator[Sourced]:
        return chain.from_iterable(item.sources for item in self.items)


@dataclass(frozen=True, slots=True)
class Series:
    """One thing that was measured several times, the newest first; `count` of all times, of which some may not be in
    `points`."""

    points: tuple[Item, ...]
    mark: Mark
    count: int

    @property
    def fact(self) -> Fact:
        return self.points[0].fact


@dataclass(frozen=True, slots=True)
class Summary:
    """`denied` are the allergies, treatments and problems that are said not to be there; `disputed`: it is said that
    there is no allergy, and that there is one."""

    allergies: tuple[Item, ...] = ()
    alerts: tuple[Item, ...] = ()
    treatments: tuple[Treatment, ...] = ()
    problems: tuple[Item, ...] = ()
    history: tuple[Item, ...] = ()
    lifestyle: tuple[Item, ...] = ()
    results: tuple[Series, ...] = ()
    more_results: int = 0
    vaccinations: tuple[Item, ...] = ()
    denied: Mapping[Kind, tuple[Item, ...]] | None = None
    disputed: bool = False

    def said_not(self, kind: Kind) -> tuple[Item, ...]:
        return (self.denied or {}).get(kind, ())


def summary_of(facts: Iterable[Sourced], at: date) -> Summary:
    """The summary on that day."""
    sorted_out: dict[Kind, list[Sourced]] = defaultdict(list)
    for one in facts:
        sorted_out[one.fact.kind].append(one)
    by_kind: dict[Kind, list[Item]] = defaultdict(list)
    for item in merged(chain.from_iterable(sorted_out[kind] for kind in _OTHERS)):
        by_kind[item.fact.kind].append(item)
    denied = _denied(by_kind, sorted_out[Kind.TREATMENT])
    problems, past = _problems(by_kind[Kind.PROBLEM], at)
    allergies = _there(by_kind[Kind.ALLERGY])
    results, more_results = _first_series(chain(sorted_out[Kind.RESULT], sorted_out[Kind.MEASURE]), at)
    return Summary(
        allergies=_patient_last(one for one in allergies if not _ended(one, at)),
        alerts=tuple(_alerts(by_kind, at)),
        treatments=treatments_of(chain.from_iterable(sorted_out[kind] for kind in _TAKEN), at),
        problems=_patient_last(problems),
        history=(*past, *_there(by_kind[Kind.PROCEDURE]), *_there(by_kind[Kind.FAMILY])),
        lifestyle=tuple(group[0] for group in joined(_there(by_kind[Kind.LIFESTYLE]), by_name)),
        results=results,
        more_results=more_results,
        vaccinations=_there(by_kind[Kind.VACCINATION]),
        denied=denied,
        disputed=bool(allergies) and any(map(_denies_all, denied[Kind.ALLERGY])),
    )


def _patient_last(told: Iterable[T]) -> tuple[T, ...]:
    """What no document says comes after what one does, however lately the patient stated it."""
    return tuple(sorted(told, key=lambda one: all(source.origin is Origin.STATED for source in one.sources)))


def _there(items: Iterable[Item]) -> tuple[Item, ...]:
    """Those that at least one source says are there."""
    return tuple(one for one in items if not one.fact.absent or Clash.DENIED in one.clashes)


def _denied(by_kind: Mapping[Kind, list[Item]], treatments: list[Sourced]) -> dict[Kind, tuple[Item, ...]]:
    items = {Kind.ALLERGY: by_kind[Kind.ALLERGY], Kind.PROBLEM: by_kind[Kind.PROBLEM]}
    items[Kind.TREATMENT] = list(merged(one for one in treatments if one.fact.absent))
    return {
        kind: tuple(one for one in found if one.fact.absent and Clash.DENIED not in one.clashes)
        for kind, found in items.items()
    }


def _denies_all(item: Item) -> bool:
    """« No known allergy », and not only none of one sort, or to one substance."""
    what = item.fact.what
    return what.code in _NO_ALLERGY or (not none_known(what) and "allerg" in folded(what.display or what.words))


def _alerts(by_kind: Mapping[Kind, list[Item]], at: date) -> Iterator[Item]:
    """A pregnancy that may be going on, what to beware of, what is implanted, what the patient wants."""
    for item in _there(by_kind[Kind.PREGNANCY]):
        if not _ended(item, at) and _since(item.sources[0], timedelta(days=300), at):
            yield item
    for kind in (Kind.ALERT, Kind.DEVICE, Kind.DIRECTIVE):
        yield from (item for item in _there(by_kind[kind]) if not _ended(item, at))


def _problems(items: Iterable[Item], at: date) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Those that go on, with those that are over for one source only; and the past."""
    told = [(one, Clash.OVER in one.clashes or not _past(one, at)) for one in _there(items)]
    return tuple(one for one, goes_on in told if goes_on), tuple(one for one, goes_on in told if not goes_on)


def _past(item: Item, at: date) -> bool:
    fact = item.fact
    return _ended(item, at) or (fact.state is not State.ACTIVE and fact.place.section in PAST_SECTIONS)


def _ended(item: Item, at: date) -> bool:
    fact = item.fact
    one_moment = fact.when.start == fact.when.end  # a single moment says when it began, not that it is over
    return fact.state in _OVER or (not one_moment and before(fact.when.end, at))


def before(moment: str, day: date) -> bool:
    """Whether a moment, as precise as it was written, is surely before that day."""
    return bool(moment) and moment < day.isoformat()[: len(moment)]


def _since(sourced: Sourced, length: timedelta, at: date) -> bool:
    """Whether it was said, or began, less than that long ago."""
    return not before(sourced.fact.when.start or said_at(sourced), at - length)


# -- what is taken


def treatments_of(facts: Iterable[Sourced], at: date) -> tuple[Treatment, ...]:
    """What is taken on that day, by substance: what was said last first, what is said to be over after the rest."""
    taken = [one for one in facts if not one.fact.absent]
    groups = joined(merged(one for one in taken if _current(one, at)), substances)
    stops = _stops(taken)
    handed = _newest_of((one for one in taken if _handed(one, at)), handed_at)
    treatments = _patient_last(_treatment(tuple(group), stops, handed) for group in groups)
    return tuple(sorted(treatments, key=_is_stopped))


def _stops(taken: Iterable[Sourced]) -> dict[Key, list[Sourced]]:
    """What says that something is over, the newest first, by every name of a substance: a delivery that was called off
    says nothing of what is taken."""
    found: dict[Key, list[Sourced]] = defaultdict(list)
    over = (one for one in taken if one.fact.state in _OVER and one.fact.kind is not Kind.DISPENSATION)
    for one in sorted(over, key=said_at, reverse=True):
        for key in substances(Item((one,))):
            found[key].append(one)
    return found


def _newest_of(said: Iterable[Sourced], moment: Callable[[Sourced], str]) -> dict[Key, Sourced]:
    """The newest by that moment, by every name of a substance."""
    return {key: one for one in sorted(said, key=moment) for key in substances(Item((one,)))}


def _is_stopped(treatment: Treatment) -> bool:
    return treatment.stop is not None


def _handed(sourced: Sourced, at: date) -> bool:
    """A delivery of the year that a prescription is worth: what it handed over may be finished, and it still tells
    when the last one was."""
    fact = sourced.fact
    if fact.kind is not Kind.DISPENSATION or fact.state in _NOT_HANDED or handed_at(sourced)[:10] > at.isoformat():
        return False
    return _since(sourced, PRESCRIBED, at) or _current(sourced, at)


def handed_at(sourced: Sourced) -> str:
    """The day of a delivery, else the moment of the document that tells it."""
    return sourced.fact.when.start or said_at(sourced)


def _current(sourced: Sourced, at: date) -> bool:
    fact = sourced.fact
    if fact.state in _OVER or fact.state is State.PLANNED or fact.when.start[:10] > at.isoformat():
        return False
    if fact.when.end and (fact.when.end != fact.when.start or fact.kind is Kind.TREATMENT):
        return not before(fact.when.end, at)
    if fact.kind is Kind.TREATMENT:
        return True
    return _since(sourced, PRESCRIBED if fact.kind is Kind.PRESCRIPTION else DISPENSED, at)


def substances(item: Item) -> Iterator[Key]:
    """The ways to know one substance again: its whole ATC code, the names of all that is active in it, the product."""
    substances = item.fact.details.get(Detail.SUBSTANCE, ())
    coded = chain(substances, (item.fact.what,))
    atc = frozenset(one.code for one in coded if one.system == ATC.oid and len(one.code) == WHOLE_ATC)
    named_ones = frozenset(folded(one.display or one.words) for one in substances if one.system != ATC.oid) - {""}
    if atc:
        yield ATC.oid, atc
    if named_ones:
        yield "substances", named_ones
    yield from medicine_named(item.fact.what)


def _treatment(items: tuple[Item, ...], stops: Mapping[Key, list[Sourced]], handed: Mapping[Key, Sourced]) -> Treatment:
    """`stops`, `handed`: by name, what says that it is over, and the last delivery. What ended where the rest goes on
    is told no more."""
    names = dict.fromkeys(key for item in items for key in substances(item))
    sources = [one for item in items for one in item.sources]
    stop, lasting = _stopped(sources, [one for name in names for one in stops.get(name, ())[:MOST_STOPS]])
    items = items if len(lasting) == len(sources) else merged(lasting)
    ordered = [one.fact.when for one in items if not _is_delivery(one)] or [one.fact.when for one in items]
    starts = (one.fact.when.start for one in lasting)
    return Treatment(
        items=tuple(sorted(items, key=_is_delivery)),  # what was ordered tells more than what was handed over
        since=min(filter(None, starts), default=""),
        until=max((when.end for when in ordered if when.end != when.start), default=""),  # not that of a box
        delivery=max((handed[name] for name in names if name in handed), key=handed_at, default=None),
        stop=stop,
    )


def _stopped(sources: list[Sourced], stops: list[Sourced]) -> tuple[Sourced | None, list[Sourced]]:
    """What says that all of it is over, and none where some of it goes on; and what goes on, else all of it."""
    newest_first = sorted({id(one): one for one in stops}.values(), key=said_at, reverse=True)[:MOST_STOPS]
    over = {at: next((stop for stop in newest_first if _ends(stop, one)), None) for at, one in enumerate(sources)}
    lasting = [one for at, one in enumerate(sources) if over[at] is None]
    return (None, lasting) if lasting else (max(filter(None, over.values()), key=said_at), sources)


def _ends(stop: Sourced, one: Sourced) -> bool:
    """Whether it says of this one that it is over: not of one that was told since, of a course that had ended before it
    began, or, in one document, of another strength, which it takes the place of."""
    if said_at(stop) < said_at(one) or began_again(one.fact, stop.fact):
        return False
    alone = stop.document is None or one.document is None or stop.document.id != one.document.id
    return alone or not _another_strength(stop.fact.what, one.fact.what)


def of_strength(fact: Fact, items: Iterable[Item]) -> Iterator[Fact]:
    """What tells how this one is taken: another strength of it is taken otherwise."""
    return (one.fact for one in items if not _another_strength(one.fact.what, fact.what))


def _another_strength(one: Concept, other: Concept) -> bool:
    """Whether two products are told apart by their numbers; where one has none, nobody knows."""
    numbers, others = (frozenset(_NUMBER.findall(product(what), 0, MOST_OF_NAME)) for what in (one, other))
    return bool(numbers and others) and numbers.isdisjoint(others)


def _is_delivery(item: Item) -> bool:
    return item.fact.kind is Kind.DISPENSATION


# -- what was measured


def series_of(facts: Iterable[Sourced], at: date) -> tuple[Series, ...]:
    """One line for each thing measured: those that doctors look for first, then what is out of range of late, then
    the rest, the newest first; and after all that, what is normal and more than a year old."""
    return tuple(map(_series, _in_order(facts, at)))


def _first_series(facts: Iterable[Sourced], at: date) -> tuple[tuple[Series, ...], int]:
    """Those that a summary has room for, and how many more there are: only what is shown is merged."""
    found = _in_order(facts, at)
    return tuple(map(_series, found[:MOST_RESULTS])), max(0, len(found) - MOST_RESULTS)


def _in_order(facts: Iterable[Sourced], at: date) -> list[list[Sourced]]:
    groups: dict[Analyte, list[Sourced]] = defaultdict(list)
    for one in facts:
        if one.fact.value is not None:
            groups[key_of(one.fact)].append(one)
    told = [(key, *_last(group)) for key, group in groups.items()]
    told.sort(key=lambda one: one[1], reverse=True)
    told.sort(key=lambda one: _turn(*one, late=at - RECENT))
    return [groups[key] for key, _, _ in told]


def _last(group: list[Sourced]) -> tuple[str, bool]:
    """When it was last measured, and whether that was out of range for one of those that say so."""
    at = max(map(measured_at, group))
    return at, any(mark_of(one.fact) in OUT for one in group if measured_at(one) == at)


def _turn(key: Analyte, moment: str, out: bool, *, late: date) -> tuple[bool, int, bool]:
    """Where a thing stands by its last value; those of one place, the newest first."""
    old = before(moment, late)
    return old and not out, usual_rank(key), old or not out


def _series(group: list[Sourced]) -> Series:
    newest = sorted(group, key=measured_at, reverse=True)[: 2 * MOST_POINTS]
    starts = {one.fact.when.start for one in newest}
    if len(starts) == len(newest) and "" not in starts:  # each at a moment of its own: none is said twice
        points = tuple(Item((one,)) for one in newest[:MOST_POINTS])
    else:
        items = sorted(merged(newest), key=lambda item: measured_at(item.sources[0]), reverse=True)
        points = tuple(items[:MOST_POINTS])
    return Series(points, mark_of(points[0].fact), len(group))


def measured_at(sourced: Sourced) -> str:
    """The moment of a measurement, else that of its source."""
    return sourced.fact.when.start or said_at(sourced)


def by_name(item: Item) -> Iterable[Key]:
    """Everything about one notion, whenever it was."""
    return named(item.fact.what)
