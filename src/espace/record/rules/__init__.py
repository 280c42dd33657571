"""What may be filed, what it follows, and what a reader sees of it."""

from espace.record.rules.filing import bare_id, is_adult, own_ids, problems
from espace.record.rules.following import Links, entry_named, links
from espace.record.rules.seeing import line_shown, seen_by_holder

__all__ = [
    "Links",
    "bare_id",
    "entry_named",
    "is_adult",
    "line_shown",
    "links",
    "own_ids",
    "problems",
    "seen_by_holder",
]
