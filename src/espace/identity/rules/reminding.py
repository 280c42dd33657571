"""When a child and those who stand for them are told that it ends at eighteen (A22; Code civil, 388 and 414)."""

from collections.abc import Iterable
from datetime import date, timedelta

from espace.identity.rules.mandates import MAJORITY, majority

LATE = timedelta(days=14)
"""After its day, a reminder is still told so long: nobody reads it late because a worker was down, and nobody reads one
of half a year when their parent was entered a month before."""
MOST_REMINDERS, MOST_DAYS = 5, 400


def read_reminders(text: str) -> tuple[int, ...]:
    """`180,30,0`: days before majority, the earliest first; none for "". Raises ValueError with a sentence."""
    found = [part.strip() for part in text.split(",")] if text.strip() else []
    if len(found) > MOST_REMINDERS or not all(_is_days(one) for one in found):
        raise ValueError(f"{text[:40]!r} is not at most {MOST_REMINDERS} numbers of days from 0 to {MOST_DAYS}")
    return tuple(sorted({int(one) for one in found}, reverse=True))


def reminder_due(birth_date: date, reminders: Iterable[int], today: date) -> int | None:
    """Which reminder is to be told today to somebody born that day: of those whose day came lately, the last; None for
    none."""
    ends = majority(birth_date)
    due = (days for days in reminders if timedelta() <= today - (ends - timedelta(days=days)) <= LATE)
    return min(due, default=None)


def months_reminded(reminders: Iterable[int], today: date) -> frozenset[date]:
    """The months of birth, by their first days, of all those for whom a reminder may be due today."""
    return frozenset(
        _month_of_birth(today + timedelta(days=days) - late)
        for days in reminders
        for late in (timedelta(), LATE, LATE + timedelta(days=1))
    )


def _month_of_birth(day: date) -> date:
    """Of whoever comes of age that day; who was born on 29 February may do on 1 March: they are of the day before."""
    return date(day.year - MAJORITY, day.month, 1)


def _is_days(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= MOST_DAYS
