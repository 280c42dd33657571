"""Which schedule of examinations holds on a day. A new one is one more module and one more name in `SCHEDULES`."""

from datetime import date

from espace.clinical.rules.childhood import schedule_2019
from espace.clinical.rules.childhood.values import Examination, Schedule

SCHEDULES: tuple[Schedule, ...] = (schedule_2019.SCHEDULE,)
"""The oldest first."""


def schedule_at(day: date) -> Schedule:
    """The last one that is in force on that day; the first one for a day before them all."""
    return next((one for one in reversed(SCHEDULES) if one.since <= day), SCHEDULES[0])


def examination(code: str, day: date) -> Examination | None:
    """The one of that code, in the schedule of that day."""
    return next((one for one in schedule_at(day).examinations if one.code == code), None)
