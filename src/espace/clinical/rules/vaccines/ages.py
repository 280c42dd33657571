"""Months of age, as calendars of vaccinations count them."""

from calendar import monthrange
from datetime import date


def plus_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that has no such day; never past year 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def age_in_months(born: date, at: date) -> int:
    """Whole months: as many as `plus_months` takes to reach the day `at`; negative before the birth."""
    months = (at.year - born.year) * 12 + at.month - born.month
    return months if plus_months(born, months) <= at else months - 1
