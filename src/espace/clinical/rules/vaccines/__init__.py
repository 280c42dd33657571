"""Vaccinations: what was given, and what the calendar of the day makes of it."""

from espace.clinical.rules.vaccines.calendars import calendar_at
from espace.clinical.rules.vaccines.codes import diseases_of
from espace.clinical.rules.vaccines.conditions import conditions_of
from espace.clinical.rules.vaccines.doses import doses_of, given_at_all
from espace.clinical.rules.vaccines.due import due
from espace.clinical.rules.vaccines.values import (
    Calendar,
    Category,
    Condition,
    Course,
    Disease,
    Given,
    Line,
    Standing,
    Why,
)

__all__ = [
    "Calendar",
    "Category",
    "Condition",
    "Course",
    "Disease",
    "Given",
    "Line",
    "Standing",
    "Why",
    "calendar_at",
    "conditions_of",
    "diseases_of",
    "doses_of",
    "due",
    "given_at_all",
]
