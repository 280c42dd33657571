"""A child's curve against those of other children, as SVG: a measure by age, with the band from 3 to 97 %, and its
middle. Nothing but shapes and classes; the same figures stand in a table beside."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils import formats
from django.utils.translation import gettext, ngettext

from espace.clinical.facts.growth import Percentiles
from espace.clinical.rules.childhood import Grown
from espace.clinical.rules.childhood.growing import DAYS_A_MONTH

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360.0, 220.0, 44.0, 350.0, 12.0, 196.0
"""Of the drawing and of the field of its curve."""
_RULES = 5
_STEPS = (1, 2, 2.5, 5, 10)
_SPANS = ((6, 1), (12, 2), (24, 4), (36, 6), (72, 12), (144, 24), (math.inf, 48))
"""Until so many months of age, a mark every so many."""
_YEARS_FROM = 36
"""Months from which ages are marked in years."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words on an axis, their place along it, and where that is in them, as SVG has it."""

    place: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Curve:
    """Every number as an SVG writes it. `band` is the outline of 3 to 97 %, `middle` the line of 50 %, "" where no
    curves of others are known; `line` joins `dots`."""

    box: str
    left: str
    right: str
    bottom: str
    rules: tuple[Label, ...]
    ages: tuple[Label, ...]
    band: str
    middle: str
    line: str
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """From ages (months) and values to places."""

    last: float
    least: float
    most: float

    def at(self, age: float, value: float) -> tuple[str, str]:
        x = LEFT + age / self.last * (RIGHT - LEFT)
        return _number(x), _number(self.y(value))

    def y(self, value: float) -> float:
        return BOTTOM - (value - self.least) / (self.most - self.least) * (BOTTOM - TOP)


def curve(points: Sequence[Grown], rows: Sequence[Percentiles]) -> Curve | None:
    """`points` and `rows` are of one measure, the youngest first; None where nothing was measured."""
    if not points:
        return None
    oldest = points[-1].age
    every = next(step for until, step in _SPANS if oldest < until)
    last = (math.floor(oldest / every) + 1) * every
    seen = list(_until(rows, last))
    values = [one.value for one in points] + [one for row in seen for one in (row.p3, row.p97)]
    least, most, step = _extent(min(values), max(values))
    field = _Field(last, least, most)
    dots = tuple(field.at(one.age, one.value) for one in points)
    return Curve(
        box=f"0 0 {_number(WIDTH)} {_number(HEIGHT)}",
        left=_number(LEFT),
        right=_number(RIGHT),
        bottom=_number(BOTTOM),
        rules=tuple(_rules(field, step)),
        ages=tuple(_ages(field, every)),
        band=_joined([field.at(one.age, one.p97) for one in seen] + [field.at(one.age, one.p3) for one in seen[::-1]]),
        middle=_joined([field.at(one.age, one.p50) for one in seen]),
        line=_joined(dots),
        dots=dots,
    )


def _until(rows: Sequence[Percentiles], last: float) -> Iterator[Percentiles]:
    """Those of no later age; at the very last, what lies between the rows on either side of it."""
    for before, after in pairwise([*rows[:1], *rows]):
        if after.age <= last:
            yield after
        elif before.age < last:
            share = (last - before.age) / (after.age - before.age)
            values = (b + (a - b) * share for b, a in zip(_values(before), _values(after), strict=True))
            yield Percentiles(after.measure, after.sex, last, *values)


def _values(row: Percentiles) -> tuple[float, float, float]:
    return row.p3, row.p50, row.p97


def _extent(least: float, most: float) -> tuple[float, float, float]:
    """Round numbers around the values, and the step between the rules."""
    rough = max(most - least, 1) / _RULES
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(one * size for one in _STEPS if one * size >= rough * 0.999)
    low = math.floor(least / step) * step
    return low, max(math.ceil(most / step) * step, low + step), step


def _rules(field: _Field, step: float) -> Iterator[Label]:
    for number in range(round((field.most - field.least) / step) + 1):
        value = round(field.least + number * step, 6)
        yield Label(_number(field.y(value)), formats.number_format(value, decimal_pos=0 if value == int(value) else 1))


def _ages(field: _Field, every: int) -> Iterator[Label]:
    for age in range(0, round(field.last) + 1, every):
        anchor = "end" if age == round(field.last) else "middle"
        yield Label(field.at(age, field.least)[0], _age(age, in_years=field.last > _YEARS_FROM), anchor)


def _age(months: int, *, in_years: bool) -> str:
    if not in_years:
        return gettext("%(count)s mois") % {"count": months}
    return gettext("%(count)s ans") % {"count": months // 12}


def _joined(places: Sequence[tuple[str, str]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places) if len(places) > 1 else ""


def _number(value: float) -> str:
    """As an SVG writes it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def age_words(months: float) -> str:
    """« 3 jours », « 11 mois », « 3 ans », « 3 ans et 2 mois »."""
    if months < 1:
        days = round(months * DAYS_A_MONTH)
        return ngettext("%(count)s jour", "%(count)s jours", days) % {"count": days}
    years, rest = divmod(int(months), 12)
    if years < 2:
        return gettext("%(count)s mois") % {"count": int(months)}
    if not rest:
        return gettext("%(count)s ans") % {"count": years}
    words = ngettext("%(years)s ans et %(months)s mois", "%(years)s ans et %(months)s mois", rest)
    return words % {"years": years, "months": rest}
