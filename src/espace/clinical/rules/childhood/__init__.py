"""A child's record: the mandatory examinations, and how the child grows."""

from espace.clinical.rules.childhood.following import ADULT, adult, following, pressing
from espace.clinical.rules.childhood.growing import MEASURES, Grown, grown
from espace.clinical.rules.childhood.saying import day_done
from espace.clinical.rules.childhood.schedules import examination, schedule_at
from espace.clinical.rules.childhood.values import Age, Done, Examination, Line, Schedule, Stage

__all__ = [
    "ADULT",
    "MEASURES",
    "Age",
    "Done",
    "Examination",
    "Grown",
    "Line",
    "Schedule",
    "Stage",
    "adult",
    "day_done",
    "examination",
    "following",
    "grown",
    "pressing",
    "schedule_at",
]
