"""The one decision, and what it is taken on."""

from espace.access.rules.consenting import MOST_CONSENT, end_of_visit, may_read, standing, term_allowed
from espace.access.rules.deciding import decide

__all__ = ["MOST_CONSENT", "decide", "end_of_visit", "may_read", "standing", "term_allowed"]
