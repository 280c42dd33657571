"""What may be filed, what it follows, and what a reader sees of it."""

from espace.record.rules.filing import bare_id, is_adult, own_ids, problems
from espace.record.rules.following import Fate, entry_named, fates
from espace.record.rules.seeing import line_shown, page_of, seen_by_holder

__all__ = [
    "Fate",
    "bare_id",
    "entry_named",
    "fates",
    "is_adult",
    "line_shown",
    "own_ids",
    "page_of",
    "problems",
    "seen_by_holder",
]
