"""The one decision, and what it is taken on."""

from espace.access.rules.consenting import MOST_CONSENT, end_of_visit, may_read, standing, term_allowed
from espace.access.rules.deciding import closed_because, decide
from espace.access.rules.emergency import end_of_emergency, gives_care, glass_standing, words_of

__all__ = [
    "MOST_CONSENT",
    "closed_because",
    "decide",
    "end_of_emergency",
    "end_of_visit",
    "gives_care",
    "glass_standing",
    "may_read",
    "standing",
    "term_allowed",
    "words_of",
]
