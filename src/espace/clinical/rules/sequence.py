"""Going on for one source and over for another one: a contradiction, or one thing after the other."""

from collections.abc import Iterable

from espace.clinical.facts import Fact, State

_ENDED = frozenset({State.OVER, State.STOPPED})
Said = tuple[Fact, str]
"""A fact, and when its source said so: a text that compares (`merging.said_at`)."""


def in_sequence(group: Iterable[Said]) -> bool:
    """Whether each source that says that it goes on and each that says that it is over can both be right: it ended
    after the one was written, or began again after it had ended. What is denied says neither."""
    told = [one for one in group if not one[0].absent]
    lasting = [one for one in told if one[0].state is State.ACTIVE]
    ended = [one for one in told if one[0].state in _ENDED]
    return all(_ended_since(one, other) or began_again(one[0], other[0]) for one in lasting for other in ended)


def _ended_since(lasting: Said, ended: Said) -> bool:
    """The end that is stated comes after the other was written. A month or a year ends after whatever was written
    within it; what is over since nobody knows when tells no order."""
    (_, before), (fact, after) = lasting, ended
    end = fact.when.end
    return bool(end) and after > before and end >= before[: len(end)]


def began_again(lasting: Fact, ended: Fact) -> bool:
    """It began on a later day than it had ended."""
    start, end = lasting.when.start[:10], ended.when.end[:10]
    return bool(start and end) and start[: len(end)] > end[: len(start)]
