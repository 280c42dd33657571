"""In what order an operator looks at alerts, how many they are shown, and who may close one."""

from collections import Counter
from collections.abc import Iterable

from espace.access.facts import Alert, AlertKind

MOST_SHOWN = 50
MOST_OF_AN_ORGANISATION = 10
"""So that one place with much to review does not hide the others."""

MOST_WORDS = 1000
_ORDER = tuple(AlertKind)
"""The kinds, the most urgent first, as they are written."""


def ranked(alerts: Iterable[Alert], *, most: int = MOST_SHOWN) -> tuple[Alert, ...]:
    """The alerts to look at first: by kind, then how often, then the oldest; at most `most`, and of an organisation at
    most ten that concern one of its professionals."""
    order = sorted(alerts, key=lambda one: (_ORDER.index(one.kind), -one.count, one.first_at, one.id))
    seen: Counter[object] = Counter()
    shown: list[Alert] = []
    for one in order:
        seen[one.organisation] += 1
        if one.organisation is None or seen[one.organisation] <= MOST_OF_AN_ORGANISATION:
            shown.append(one)
    return tuple(shown[:most])


def same_person(one: str, other: str) -> bool:
    """Whether two names are one, whatever their case and blanks."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def words_told(text: str) -> str:
    """What a holder wrote, as it is kept and printed: one line, of at most a thousand characters."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MOST_WORDS]
