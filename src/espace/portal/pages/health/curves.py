"""A measure over time: the points of a small curve, and the band of what is wished."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from espace.clinical.facts.profile import Item, Target

WIDTH, HEIGHT, EDGE = 320, 96, 8
"""Of the drawing, in its own units; nothing is drawn nearer to its edge."""


@dataclass(frozen=True, slots=True)
class Curve:
    """`lines` are the points of one line each, `dots` those of all; `band` is (top, height) of what is wished. All are
    texts: a page in French would write numbers with commas."""

    lines: tuple[str, ...]
    dots: tuple[tuple[str, str], ...]
    band: tuple[str, str] | None


def day_in(iso: str) -> date:
    """The first day of what may be a month or a year."""
    year, month, day = (*(int(part) for part in iso.split("-")), 1, 1)[:3]
    return date(year, month, day)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From values to heights in the drawing; `low` and `high` are the values at its edges."""

    low: float
    high: float

    def down(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share, 1)


def curve(items: Sequence[Item], target: Target | None) -> Curve | None:
    """Of the items of one measure, in any order; None for fewer than two days."""
    ordered = sorted(items, key=lambda one: (day_in(one.values["day"]), one.stated_at))
    days = [day_in(one.values["day"]).toordinal() for one in ordered]
    if len(set(days)) < 2:
        return None
    series = [[float(one.values[name]) for one in ordered if name in one.values] for name in ("value", "second")]
    series = [one for one in series if len(one) == len(ordered)]
    wished = [float(one) for one in (target.low, target.high) if one] if target else []
    every = [*wished, *(value for one in series for value in one)]
    scale = _Scale(min(every), max(every))
    across = [round(EDGE + (WIDTH - 2 * EDGE) * (day - days[0]) / (days[-1] - days[0]), 1) for day in days]
    points = [[(x, scale.down(value)) for x, value in zip(across, one, strict=True)] for one in series]
    lines = tuple(" ".join(f"{x},{y}" for x, y in one) for one in points)
    return Curve(lines, tuple((str(x), str(y)) for one in points for x, y in one), _band(target, scale))


def _band(target: Target | None, scale: _Scale) -> tuple[str, str] | None:
    """An open end goes to the edge of the drawing."""
    if target is None:
        return None
    top = scale.down(float(target.high)) if target.high else 0.0
    bottom = scale.down(float(target.low)) if target.low else float(HEIGHT)
    return str(top), str(round(bottom - top, 1))
