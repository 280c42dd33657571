"""The fourteen sections that the holder states: their fields, what may be typed, who sees them, the facts they are."""

from espace.clinical.rules.profile.checking import checked, checked_target, day_of, tidy
from espace.clinical.rules.profile.measures import MEASURES, Measure
from espace.clinical.rules.profile.sheets import SHEETS
from espace.clinical.rules.profile.showing import ALL, shown_to
from espace.clinical.rules.profile.stating import UNVERIFIED, answer, as_facts, name_of, none_stated

__all__ = [
    "ALL",
    "MEASURES",
    "SHEETS",
    "UNVERIFIED",
    "Measure",
    "answer",
    "as_facts",
    "checked",
    "checked_target",
    "day_of",
    "name_of",
    "none_stated",
    "shown_to",
    "tidy",
]
