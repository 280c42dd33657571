"""On which days somebody is told that they come of age, and of whom the identity is opened to know it."""

from datetime import date, timedelta

import pytest

from espace.identity.rules import majority
from espace.identity.rules.reminding import LATE, months_reminded, read_reminders, reminder_due

USUAL = (180, 30, 0)
BORN = date(2010, 3, 22)
OF_AGE = date(2028, 3, 22)


@pytest.mark.parametrize(
    ("days_before", "told"),
    [
        (181, None), (180, 180), (180 - 14, 180), (180 - 15, None), (31, None), (30, 30), (16, 30), (15, None),
        (1, None), (0, 0), (-14, 0), (-15, None),
    ],
)  # fmt: skip
def test_each_reminder_is_due_on_its_day_and_two_weeks_after(days_before: int, told: int | None) -> None:
    assert reminder_due(BORN, USUAL, OF_AGE - timedelta(days=days_before)) == told


def test_of_two_at_once_the_last_one_is_told() -> None:
    assert reminder_due(BORN, (30, 25), OF_AGE - timedelta(days=24)) == 25


def test_whoever_is_due_is_born_in_one_of_the_months_that_are_looked_at() -> None:
    firsts = [date(year, month, 1) for year in (2011, 2012) for month in range(1, 13)]
    for born in (first + timedelta(days=off) for first in firsts for off in (-2, -1, 0, 1)):
        for days in USUAL:
            for late in (0, 1, 13, 14):
                today = majority(born) - timedelta(days=days) + timedelta(days=late)
                assert reminder_due(born, USUAL, today) == days
                assert born.replace(day=1) in months_reminded(USUAL, today)
                assert len(months_reminded(USUAL, today)) <= 3 * len(USUAL)


def test_the_first_of_march_looks_at_february_too() -> None:
    leap, today = date(2012, 2, 29), date(2030, 3, 1) + LATE
    assert reminder_due(leap, (0,), today) == 0
    assert date(2012, 2, 1) in months_reminded((0,), today)


@pytest.mark.parametrize(
    ("text", "read"), [("180,30,0", (180, 30, 0)), (" 0, 30 ", (30, 0)), ("7,7", (7,)), ("", ()), ("400", (400,))]
)
def test_the_days_are_read(text: str, read: tuple[int, ...]) -> None:
    assert read_reminders(text) == read


@pytest.mark.parametrize("text", ["180;30", "-1", "401", "180,,0", "1,2,3,4,5,6", "un mois", "１８０", ","])
def test_what_are_no_days_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="numbers of days"):
        read_reminders(text)
