"""Curves drawn by the server, as SVG: nothing but shapes and classes, whose colours are those of the sheet.

A point is what was found at a moment; the same figures stand in words beside every drawing.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString

from espace.looks.words import day_number, local_day

MOST = 1e15
"""No measure of medicine is beyond; what is has no place in a drawing."""
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 88, 24, 3.0
MOST_SPARK = 12
"""Points of a small curve: the latest."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360.0, 190.0, 44.0, 350.0, 12.0, 166.0
"""Of the drawing and of the field of its curve."""
RULES = 4
FAR = 2
"""How many times the height of the curve a limit may be away from it and still be in the drawing."""
SHORT_SPAN = timedelta(days=120)
"""Below it the moments are told by their day, above by their month."""
_SPARK = (
    f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" width="{SPARK_WIDTH}" height="{SPARK_HEIGHT}"'
    ' aria-hidden="true" focusable="false"><polyline points="{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>'
)
"""For the places of its points, and the last one."""
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Dot:
    """A value at a moment, with the limits within which it was expected then; `outside` of them; `converted` from
    another unit."""

    at: datetime
    value: float
    low: float | None = None
    high: float | None = None
    outside: bool = False
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as it is drawn: a circle, or a diamond for what is outside; `kind` are its classes."""

    x: str
    y: str
    shape: str
    kind: str


@dataclass(frozen=True, slots=True)
class Label:
    """Words on an axis: `place` along it, `anchor` as SVG has it."""

    place: str
    words: str
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class Chart:
    """A curve, every number as an SVG writes it. `bands` are (x, y, width, height) of what was expected."""

    box: str
    left: str
    right: str
    bottom: str
    rules: tuple[Label, ...]
    moments: tuple[Label, ...]
    bands: tuple[tuple[str, str, str, str], ...]
    line: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Field:
    """From moments and values to places."""

    first: float
    last: float
    least: float
    most: float

    def x(self, at: datetime) -> float:
        share = (at.timestamp() - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return LEFT + share * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        inside = min(max(value, self.least), self.most)
        return BOTTOM - (inside - self.least) / (self.most - self.least) * (BOTTOM - TOP)


def drawn(dots: Sequence[Dot]) -> Chart | None:
    """A curve with its axes; None where there is no value to draw."""
    ordered = sorted((one for one in dots if abs(one.value) < MOST), key=lambda one: (one.at, one.value))
    if not ordered:
        return None
    least, most, step = _extent(ordered)
    field = _Field(ordered[0].at.timestamp(), ordered[-1].at.timestamp(), least, most)
    places = [(_number(field.x(one.at)), _number(field.y(one.value))) for one in ordered]
    return Chart(
        box=f"0 0 {_number(WIDTH)} {_number(HEIGHT)}",
        left=_number(LEFT),
        right=_number(RIGHT),
        bottom=_number(BOTTOM),
        rules=tuple(_rules(field, step)),
        moments=tuple(_moments(ordered)),
        bands=tuple(_bands(ordered, field)),
        line=" ".join(f"{x},{y}" for x, y in places),
        marks=tuple(_mark(one, x, y) for one, (x, y) in zip(ordered, places, strict=True)),
    )


def _extent(dots: Sequence[Dot]) -> tuple[float, float, float]:
    """The least and the most of the axis, round numbers, and the step between its rules."""
    values = [one.value for one in dots]
    least, most = min(values), max(values)
    room = FAR * max(most - least, abs(most) / 4)
    limits = [one for dot in dots for one in (dot.low, dot.high) if one is not None]
    near = [one for one in limits if least - room <= one <= most + room]
    least, most = min([least, *near]), max([most, *near])
    if least == most:
        least, most = least - (abs(least) / 4 or 1), most + (abs(most) / 4 or 1)
    rough = (most - least) / RULES
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(one * size for one in _STEPS if one * size >= rough * 0.999)
    return math.floor(least / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step, step


def _rules(field: _Field, step: float) -> Iterator[Label]:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (step / 10 ** math.floor(math.log10(step)) == 2.5))
    for number in range(round((field.most - field.least) / step) + 1):
        value = field.least + number * step
        yield Label(_number(field.y(value)), formats.number_format(round(value, 12), decimal_pos=decimals))


def _moments(ordered: Sequence[Dot]) -> Iterator[Label]:
    first, last = ordered[0].at, ordered[-1].at
    form = "j N" if last - first < SHORT_SPAN else "N Y"
    if first == last:
        yield Label(_number((LEFT + RIGHT) / 2), _day(first, "j N Y"), "middle")
        return
    middle = _day(first + (last - first) / 2, form)
    yield Label(_number(LEFT), _day(first, form), "start")
    if middle not in (_day(first, form), _day(last, form)):
        yield Label(_number((LEFT + RIGHT) / 2), middle, "middle")
    if _day(last, form) != _day(first, form):
        yield Label(_number(RIGHT), _day(last, form), "end")


def _day(at: datetime, form: str) -> str:
    day = local_day(at)
    words = formats.date_format(day, form.removeprefix("j "))
    return f"{day_number(day)} {words}" if form.startswith("j ") else words


def _bands(ordered: Sequence[Dot], field: _Field) -> Iterator[tuple[str, str, str, str]]:
    """What was expected around each point, half the way to its neighbours; an open limit goes to the edge."""
    across = [field.x(one.at) for one in ordered]
    edges = [LEFT, *((one + other) / 2 for one, other in pairwise(across)), RIGHT]
    for dot, (start, end) in zip(ordered, pairwise(edges), strict=True):
        if dot.low is None and dot.high is None:
            continue
        top = TOP if dot.high is None else field.y(dot.high)
        bottom = BOTTOM if dot.low is None else field.y(dot.low)
        if end > start and bottom > top:
            yield _number(start), _number(top), _number(end - start), _number(bottom - top)


def _mark(dot: Dot, x: str, y: str) -> Mark:
    kinds = ("point", "outside" if dot.outside else "", "converted" if dot.converted else "")
    return Mark(x, y, "diamond" if dot.outside else "circle", " ".join(filter(None, kinds)))


def spark(points: Sequence[tuple[datetime, float]]) -> SafeString:
    """A small curve without words, hidden from screen readers: (moment, value) in any order; "" under two points."""
    latest = sorted(point for point in points if abs(point[1]) < MOST)[-MOST_SPARK:]
    if len(latest) < 2:
        return SafeString("")
    across = _placed([at.timestamp() for at, _ in latest], SPARK_EDGE, SPARK_WIDTH - SPARK_EDGE)
    down = _placed([-value for _, value in latest], SPARK_EDGE, SPARK_HEIGHT - SPARK_EDGE)
    places = [(_number(x), _number(y)) for x, y in zip(across, down, strict=True)]
    return format_html(_SPARK, " ".join(f"{x},{y}" for x, y in places), *places[-1])


def _placed(values: Sequence[float], start: float, end: float) -> list[float]:
    """Values from the least to the most, as places from `start` to `end`; all in the middle where they are equal."""
    least, span = min(values), max(values) - min(values)
    if not span:
        return [(start + end) / 2] * len(values)
    return [start + (value - least) / span * (end - start) for value in values]


def _number(value: float) -> str:
    """As an SVG writes it, whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")
