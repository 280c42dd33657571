"""How long a document is held from its patient until it is announced (D53, CSP R1111-53).

The time runs from the deposit of the first version that was held: a new version inherits the restriction with its
day, so that replacing a document never holds it longer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from espace.kernel.words import Visibility
from espace.record.facts import Restricted


def held_since(restricted: Iterable[Restricted]) -> datetime | None:
    """Since when these restrictions hold a document from its patient; None where none does."""
    return min((one.at for one in restricted if one.code is Visibility.INVISIBLE_PATIENT), default=None)


def over(since: datetime, *, days: int, at: datetime) -> bool:
    """Whether so many days of a hold have passed at this instant, its last one included."""
    return at >= since + timedelta(days=days)
