"""How a child grows: weight, height, head and body mass index at each age, out of the facts of their record.

Codes are LOINC's. A measure that is of no day, or in a unit that this table does not know, is in no curve: it stays in
its document and among the measures.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from espace.clinical.facts import Fact, Kind, Sourced
from espace.clinical.rules.childhood.following import ADULT
from espace.clinical.rules.marking import number_of
from espace.clinical.rules.vaccines.ages import plus_months
from espace.wire.nomenclature.systems import LOINC

DAYS_A_MONTH = 30.4375
_KILOGRAMS = {"kg": 1.0, "g": 0.001}
_CENTIMETRES = {"cm": 1.0, "m": 100.0, "mm": 0.1}
_INDEX = {"kg/m2": 1.0, "kg/m²": 1.0}
WEIGHT, HEIGHT, HEAD, BMI = MEASURES = ("weight", "height", "head", "bmi")
"""In the order in which they are shown."""
_CODES: Mapping[str, tuple[str, Mapping[str, float]]] = {
    **dict.fromkeys(("29463-7", "3141-9", "8339-4"), (WEIGHT, _KILOGRAMS)),
    **dict.fromkeys(("8302-2", "8306-3", "8308-9", "3137-7", "8305-5"), (HEIGHT, _CENTIMETRES)),
    **dict.fromkeys(("9843-4", "8287-5", "8290-9"), (HEAD, _CENTIMETRES)),
    "39156-5": (BMI, _INDEX),
}
"""LOINC → the measure, and how many of its unit one of each is."""
_LEAST: Mapping[str, float] = {WEIGHT: 0.3, HEIGHT: 20, HEAD: 15, BMI: 5}
_MOST: Mapping[str, float] = {WEIGHT: 300, HEIGHT: 230, HEAD: 80, BMI: 100}
"""Beyond these a number is of another unit than it says, or of nobody."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A measure on one day. `age` in months; `source` is who says so, None for an index that was worked out of the
    weight and height of that day."""

    day: date
    age: float
    value: float
    source: Sourced | None = None


def grown(facts: Iterable[Sourced], born: date) -> Mapping[str, tuple[Grown, ...]]:
    """By measure, the oldest first, until the age of eighteen; the same number of the same day once."""
    found: dict[str, dict[tuple[date, float], Grown]] = {measure: {} for measure in MEASURES}
    for one in facts:
        for measure, point in _point(one, born):
            found[measure].setdefault((point.day, point.value), point)
    for point in _indices(found[WEIGHT].values(), found[HEIGHT].values()):
        if all(day != point.day for day, _ in found[BMI]):
            found[BMI][point.day, point.value] = point
    return {
        measure: tuple(sorted(points.values(), key=lambda one: (one.day, one.value)))
        for measure, points in found.items()
    }


def _point(sourced: Sourced, born: date) -> Iterator[tuple[str, Grown]]:
    fact = sourced.fact
    measure, units = _CODES.get(fact.what.code, ("", {})) if fact.what.system == LOINC.oid else ("", {})
    day, number = _day(fact), number_of(fact.value.quantity) if fact.value else None
    unit = fact.value.quantity.unit if fact.value and fact.value.quantity else ""
    if fact.kind is not Kind.MEASURE or fact.absent or day is None or number is None or unit not in units:
        return
    value = round(float(number) * units[unit], 3)
    if born <= day < plus_months(born, ADULT) and _LEAST[measure] <= value <= _MOST[measure]:
        yield measure, Grown(day, (day - born).days / DAYS_A_MONTH, value, sourced)


def _day(fact: Fact) -> date | None:
    try:
        return date.fromisoformat(fact.when.start[:10])
    except ValueError:
        return None


def _indices(weights: Collection[Grown], heights: Collection[Grown]) -> Iterator[Grown]:
    """Of each day that has one weight and one height."""
    by_day: dict[date, list[list[float]]] = {}
    for place, points in enumerate((weights, heights)):
        for one in points:
            by_day.setdefault(one.day, [[], []])[place].append(one.value)
    born_at = {one.day: one.age for one in weights}
    for day, (kilograms, centimetres) in by_day.items():
        if len(kilograms) == len(centimetres) == 1:
            yield Grown(day, born_at[day], round(kilograms[0] / (centimetres[0] / 100) ** 2, 1))
