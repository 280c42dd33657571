"""Which calendar holds on a day. A new year is one more module and one more name in `CALENDARS`."""

from datetime import date

from espace.clinical.rules.vaccines import calendar_2025
from espace.clinical.rules.vaccines.values import Calendar

CALENDARS: tuple[Calendar, ...] = (calendar_2025.JANUARY, calendar_2025.DECEMBER)
"""The oldest first."""


def calendar_at(day: date) -> Calendar:
    """The last one that is in force on that day; the first one for a day before them all."""
    return next((one for one in reversed(CALENDARS) if one.since <= day), CALENDARS[0])
