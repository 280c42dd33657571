"""Dates of a search: partial precision is an interval, and prefixes compare intervals (R4, search.html#date)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.wire.fhir.searching import Prefix, Span, When, compares
from espace.wire.fhir.searching.dates import when

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 3, 4, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def read(text: str) -> When | None:
    return when(text, zone=PARIS, now=NOW)


def utc(year: int, month: int, day: int, *clock: int) -> datetime:
    hour, minute, second, micro = (*clock, 0, 0, 0, 0)[:4]
    return datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)


INTERVALS = [
    ("2026", utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
    ("2024-02", utc(2024, 1, 31, 23), utc(2024, 2, 29, 23)),
    ("2026-12", utc(2026, 11, 30, 23), utc(2026, 12, 31, 23)),
    ("2026-03-04", utc(2026, 3, 3, 23), utc(2026, 3, 4, 23)),
    ("2026-03-29", utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
    ("2026-03-04T10:30", utc(2026, 3, 4, 9, 30), utc(2026, 3, 4, 9, 31)),
    ("2026-03-04T10:30:15", utc(2026, 3, 4, 9, 30, 15), utc(2026, 3, 4, 9, 30, 16)),
    ("2026-03-04T10:30:15Z", utc(2026, 3, 4, 10, 30, 15), utc(2026, 3, 4, 10, 30, 16)),
    ("2026-03-04T10:30:15.5-02:00", utc(2026, 3, 4, 12, 30, 15, 500_000), utc(2026, 3, 4, 12, 30, 15, 600_000)),
    ("2026-03-04T10:30:15.123456789Z", utc(2026, 3, 4, 10, 30, 15, 123_456), utc(2026, 3, 4, 10, 30, 15, 123_457)),
    ("2026-03-04T10:30:15 01:00", utc(2026, 3, 4, 9, 30, 15), utc(2026, 3, 4, 9, 30, 16)),
]


@pytest.mark.parametrize(("text", "low", "high"), INTERVALS)
def test_a_date_is_the_interval_that_it_covers(text: str, low: datetime, high: datetime) -> None:
    assert read(text) == When(Prefix.EQ, low, high)
    assert read(f"ge{text}") == When(Prefix.GE, low, high)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "02026",
        "2026-13",
        "2026-02-30",
        "2026-1-1",
        "2026-03-04T24:00",
        "2026-03-04T10",
        "2026-03-04T10:30:60Z",
        "2026-03-04T10:30Z+01:00",
        "2026-03-04T10:30:15+25:00",
        "xx2026",
        "GE2026",
        "ge",
        "gege2026",
        "0001-01-01",
        "9999",
        "-2026",
        "٢٠٢٦",
        "2026-03-04 ",
        "2026-03-04;",
        "2026' or '1'='1",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read(text) is None


DAY = "2026-03-04"
BEFORE, WITHIN, AFTER = utc(2026, 3, 3, 22), utc(2026, 3, 4, 9), utc(2026, 3, 4, 23)
MOMENTS = [
    ("eq", (False, True, False)),
    ("ne", (True, False, True)),
    ("gt", (False, False, True)),
    ("lt", (True, False, False)),
    ("ge", (False, True, True)),
    ("le", (True, True, False)),
    ("sa", (False, False, True)),
    ("eb", (True, False, False)),
]


@pytest.mark.parametrize(("prefix", "expected"), MOMENTS)
def test_a_prefix_compares_a_moment_with_a_day(prefix: str, expected: tuple[bool, ...]) -> None:
    searched = read(prefix + DAY)
    assert searched
    assert tuple(compares(searched, Span(at, at + INSTANT)) for at in (BEFORE, WITHIN, AFTER)) == expected


PERIODS = [
    ("eq", (True, False, False)),
    ("ne", (False, True, True)),
    ("gt", (False, True, True)),
    ("lt", (False, True, False)),
    ("ge", (True, True, True)),
    ("le", (True, True, False)),
    ("sa", (False, False, True)),
    ("eb", (False, False, False)),
    ("ap", (True, True, False)),
]


@pytest.mark.parametrize(("prefix", "expected"), PERIODS)
def test_a_prefix_compares_a_period_with_a_day(prefix: str, expected: tuple[bool, ...]) -> None:
    """A period inside the day, one that goes beyond it at both ends, one that follows it."""
    searched = read(prefix + DAY)
    assert searched
    inside, around = Span(WITHIN, WITHIN + timedelta(hours=1)), Span(BEFORE, AFTER + timedelta(days=9))
    following = Span(utc(2026, 3, 6), utc(2026, 3, 7))
    assert tuple(compares(searched, one) for one in (inside, around, following)) == expected


def test_near_is_within_a_tenth_of_the_time_that_separates_it_from_now() -> None:
    searched = read("ap2025-03-04T00:00:00Z")
    assert searched
    moments = (utc(2025, 1, 20), utc(2025, 1, 30), utc(2025, 4, 9), utc(2025, 4, 12))
    around = [compares(searched, Span(at, at + INSTANT)) for at in moments]
    assert around == [False, True, True, False]


MOMENT = st.integers(-70_000, 70_000).map(lambda hours: NOW + timedelta(hours=hours))


@given(MOMENT, MOMENT, st.timedeltas(INSTANT, timedelta(days=400)))
def test_prefixes_agree_with_each_other(at: datetime, start: datetime, lasts: timedelta) -> None:
    found, text = Span(start, start + lasts), at.strftime("%Y-%m-%d")
    says = {prefix: compares(searched, found) for prefix in Prefix if (searched := read(f"{prefix}{text}"))}
    assert says[Prefix.EQ] is not says[Prefix.NE]
    assert says[Prefix.GE] == (says[Prefix.GT] or says[Prefix.EQ])
    assert says[Prefix.LE] == (says[Prefix.LT] or says[Prefix.EQ])
    assert says[Prefix.GT] or not says[Prefix.SA]
    assert says[Prefix.LT] or not says[Prefix.EB]
    assert says[Prefix.AP] or not says[Prefix.EQ]
    assert not (says[Prefix.SA] and says[Prefix.EB])
