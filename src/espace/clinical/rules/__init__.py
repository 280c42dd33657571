"""Pure decisions over facts of health."""

from espace.clinical.rules.keeping import (
    MOST_TEXT,
    NOT_READ,
    OTHER,
    RULES,
    Many,
    counted,
    facts_in,
    parts_of,
    with_words,
    within,
)
from espace.clinical.rules.newest import Places, facts_at, newest_of_each

__all__ = [
    "MOST_TEXT",
    "NOT_READ",
    "OTHER",
    "RULES",
    "Many",
    "Places",
    "counted",
    "facts_at",
    "facts_in",
    "newest_of_each",
    "parts_of",
    "with_words",
    "within",
]
