"""Curves drawn by the server: numbers as SVG has them, bands, shapes that do not rest on colour, sane axes."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from espace.looks.chart import Dot, drawn, spark

START = datetime(2024, 3, 4, 12, tzinfo=UTC)


def on(day: int) -> datetime:
    return START + timedelta(days=day)


def test_a_small_curve_is_of_two_points_at_least() -> None:
    assert spark([]) == "" and spark([(START, 1.0)]) == "" and spark([(START, 1.0), (on(1), 1e300)]) == ""
    drawing = spark([(on(10), 2.0), (START, 1.0)])
    assert (
        '<polyline points="3,21 85,3"/><circle cx="85" cy="3" r="2.5"/>' in drawing and 'aria-hidden="true"' in drawing
    )
    assert 'points="3,12 85,12"' in spark([(START, 1.0), (on(1), 1.0)])


def test_nothing_to_draw() -> None:
    assert drawn([]) is None and drawn([Dot(START, 1e16)]) is None


def test_a_curve_has_its_axes_and_the_band_of_each_laboratory() -> None:
    chart = drawn(
        [Dot(START, 5.0, 4.0, 6.0), Dot(on(365), 7.0, None, 6.0, True), Dot(on(730), 6.0, None, None, False, True)]
    )
    assert chart is not None
    assert [(one.words, one.place) for one in chart.rules] == [("4", "166"), ("5", "114.7"), ("6", "63.3"), ("7", "12")]
    assert [(one.words, one.anchor) for one in chart.moments] == [
        ("mars 2024", "start"), ("mars 2025", "middle"), ("mars 2026", "end"),
    ]  # fmt: skip
    assert chart.bands == (("44", "63.3", "76.5", "102.7"), ("120.5", "63.3", "153", "102.7"))
    assert [(one.shape, one.kind) for one in chart.marks] == [
        ("circle", "point"), ("diamond", "point outside"), ("circle", "point converted"),
    ]  # fmt: skip
    assert chart.line == "44,114.7 197,12 350,63.3"


def test_one_point_has_a_curve_of_its_own() -> None:
    chart = drawn([Dot(START, 0.0)])
    assert chart is not None and chart.line == "197,89" and [one.words for one in chart.moments] == ["4 mars 2024"]


def test_days_are_told_where_the_time_is_short() -> None:
    chart = drawn([Dot(START, 1.0), Dot(on(2), 1.05)])
    assert chart is not None and [one.words for one in chart.moments] == ["4 mars", "5 mars", "6 mars"]
    assert [one.words for one in chart.rules] == ["1,00", "1,02", "1,04", "1,06"]


def test_two_results_of_one_day_have_one_date() -> None:
    chart = drawn([Dot(START, 1.0), Dot(START + timedelta(hours=1), 2.0)])
    assert chart is not None and [one.words for one in chart.moments] == ["4 mars"]


def test_a_limit_that_is_far_away_does_not_flatten_the_curve() -> None:
    chart = drawn([Dot(START, 5.0, 0.0, 1000.0), Dot(on(1), 6.0, 0.0, 1000.0)])
    assert chart is not None and chart.rules[-1].words == "6,00"


VALUES = st.floats(-1e14, 1e14, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9000), VALUES, st.none() | VALUES, st.none() | VALUES), min_size=1, max_size=8)
)
def test_every_drawing_stays_in_its_field(found: list[tuple[int, float, float | None, float | None]]) -> None:
    chart = drawn([Dot(on(day), value, low, high) for day, value, low, high in found])
    assert chart is not None and 1 <= len(chart.rules) <= 9
    numbers = [float(one) for mark in chart.marks for one in (mark.x, mark.y)]
    assert all(12 <= one <= 350 for one in numbers) and re.fullmatch(r"[0-9., ]+", chart.line)
    assert all(float(width) >= 0 and float(height) >= 0 for _, _, width, height in chart.bands)
