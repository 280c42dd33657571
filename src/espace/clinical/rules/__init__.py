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
from espace.clinical.rules.newest import Choosing, Places, facts_at

__all__ = [
    "MOST_TEXT",
    "NOT_READ",
    "OTHER",
    "RULES",
    "Choosing",
    "Many",
    "Places",
    "counted",
    "facts_at",
    "facts_in",
    "parts_of",
    "with_words",
    "within",
]
