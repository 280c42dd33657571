"""The one decision, and what it is taken on."""

from espace.access.rules.consenting import (
    MOST_CONSENT,
    end_of_visit,
    gift_allowed,
    known_to_helpers,
    lasting,
    may_read,
    named,
    standing,
    team_standing,
    term_allowed,
)
from espace.access.rules.deciding import closed_because, decide, frozen_by
from espace.access.rules.emergency import end_of_emergency, gives_care, glass_standing, words_of
from espace.access.rules.teams import leaving_with, refused_member

__all__ = [
    "MOST_CONSENT",
    "closed_because",
    "decide",
    "end_of_emergency",
    "end_of_visit",
    "frozen_by",
    "gift_allowed",
    "gives_care",
    "glass_standing",
    "known_to_helpers",
    "lasting",
    "leaving_with",
    "may_read",
    "named",
    "refused_member",
    "standing",
    "team_standing",
    "term_allowed",
    "words_of",
]
