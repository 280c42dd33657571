"""One analyte over time, across laboratories and units: what can stand on one curve, and what stands beside it.

Nothing is dropped or guessed: « < 0,1 », words, a unit that nothing known leads from, a moment without its day are
listed beside the curve, with the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum

from espace.clinical.facts import Fact, Kind, Origin, Sourced
from espace.clinical.rules.analytes import Key, key_of, loinc_of
from espace.clinical.rules.firsthand import by_value
from espace.clinical.rules.marking import OUT, Mark, mark_of, range_of
from espace.clinical.rules.merging import merged
from espace.clinical.rules.units import converted, spelt, usable
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Quantity

WHOLE_DAY = len("2024-03-04")
MEASURED = frozenset({Kind.RESULT, Kind.MEASURE})


class Beside(StrEnum):
    """Why a result does not stand on the curve."""

    WORDS = "words"
    """No number: words, a bound (« < 0,1 »), an interval, a germ."""
    NO_DAY = "no_day"
    UNIT = "unit"
    """Another unit, and nothing known leads from it to that of the curve."""
    NO_VALUE = "no_value"


@dataclass(frozen=True, slots=True)
class Point:
    """One result. `sources` say all the same, the one whose it is first. `at` and `number` place it on the curve, in
    its unit: both None for what stands beside, and `why` says why. `exact`: `number` is as it was written, not
    converted. `low` and `high` are the range of its laboratory at the time, in that unit, where they can be."""

    sources: tuple[Sourced, ...]
    mark: Mark
    laboratory: str
    moment: str
    at: datetime | None = None
    number: Decimal | None = None
    exact: bool = True
    low: Decimal | None = None
    high: Decimal | None = None
    why: Beside | None = None

    @property
    def fact(self) -> Fact:
        return self.sources[0].fact


@dataclass(frozen=True, slots=True)
class Trend:
    """Every result of one analyte: `points` in their order, the oldest first, in `unit`; `beside`, the newest first."""

    key: Key
    unit: str
    points: tuple[Point, ...]
    beside: tuple[Point, ...]

    @property
    def every(self) -> tuple[Point, ...]:
        """The newest first, of one moment what is out of range; what has no moment, last."""
        found = (*self.points, *self.beside)
        return tuple(sorted(found, key=lambda one: (one.moment, one.mark in OUT), reverse=True))


@dataclass(frozen=True, slots=True)
class _Unit:
    """The unit of a curve, and the LOINC code of what was measured in it."""

    name: str
    code: str


def trends_of(facts: Iterable[Sourced], kinds: frozenset[Kind] = MEASURED) -> tuple[Trend, ...]:
    """One for each analyte, that of the newest result first."""
    groups: dict[Key, list[Sourced]] = defaultdict(list)
    for one in facts:
        if one.fact.kind in kinds:
            groups[key_of(one.fact)].append(one)
    found = [_trend(key, group) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda trend: trend.every[0].moment, reverse=True))


def _trend(key: Key, results: Iterable[Sourced]) -> Trend:
    distinct = [one for item in merged(results) for one in by_value(item.sources)]
    unit = _unit_of(distinct)
    every = [_point(sources, unit) for sources in distinct]
    points = sorted((one for one in every if one.at), key=lambda one: (one.at, one.number))
    beside = sorted((one for one in every if not one.at), key=lambda one: one.moment, reverse=True)
    return Trend(key, unit.name if points else "", tuple(points), tuple(beside))


def _unit_of(distinct: Iterable[tuple[Sourced, ...]]) -> _Unit:
    """The unit in which most of them are; of two that are as frequent, that of the newest."""
    newest = sorted((sources[0].fact for sources in distinct), key=lambda fact: fact.when.start, reverse=True)
    first: dict[str, _Unit] = {}
    counted: Counter[str] = Counter()
    for fact in newest:
        quantity = fact.value.quantity if fact.value else None
        if quantity and usable(quantity) is not None:
            counted[spelt(quantity.unit)] += 1
            first.setdefault(spelt(quantity.unit), _Unit(quantity.unit, loinc_of(fact.what)))
    return first[counted.most_common(1)[0][0]] if counted else _Unit("", "")


def _point(sources: tuple[Sourced, ...], unit: _Unit) -> Point:
    fact = sources[0].fact
    moment = fact.when.start or fact.when.end
    beside = Point(sources, mark_of(fact), laboratory_of(sources[0]), moment)
    quantity, at = fact.value.quantity if fact.value else None, day_of(moment)
    written = usable(quantity)
    if quantity is None or written is None:
        return replace(beside, why=Beside.WORDS if fact.value else Beside.NO_VALUE)
    number = _in_unit(quantity, fact, unit)
    if number is None or at is None:
        return replace(beside, why=Beside.UNIT if number is None else Beside.NO_DAY)
    low, high = _range(fact, unit)
    exact = spelt(quantity.unit) == spelt(unit.name) and number == written
    return replace(beside, at=at, number=number, exact=exact, low=low, high=high)


def _in_unit(quantity: Quantity, fact: Fact, unit: _Unit) -> Decimal | None:
    number = usable(quantity)
    if number is None:
        return None
    return converted(number, quantity.unit, unit.name, code=loinc_of(fact.what), to_code=unit.code)


def _range(fact: Fact, unit: _Unit) -> tuple[Decimal | None, Decimal | None]:
    """The range in force at the time, as far as there is one, and one only."""
    expected = range_of(fact)
    limits = expected.value.interval if expected and expected.value else None
    if limits is None:
        return None, None
    low, high = limits.low, limits.high
    return (_in_unit(low, fact, unit) if low else None), (_in_unit(high, fact, unit) if high else None)


def laboratory_of(sourced: Sourced) -> str:
    """Who measured it: as the statement says, else as the document does; "" for what the patient states."""
    document = sourced.document
    if document is None or sourced.origin is Origin.STATED:
        return ""
    stated = (author.institution for author in document.entry.authors if author.institution)
    return sourced.fact.place_name or next(stated, document.organisation_name)


def day_of(moment: str) -> datetime | None:
    """The moment as one that a curve has a place for: noon of a day whose hour is not known; None without its day."""
    try:
        if len(moment) == WHOLE_DAY:
            return datetime.combine(date.fromisoformat(moment), time(12), UTC)
        at = datetime.fromisoformat(moment) if len(moment) > WHOLE_DAY else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
