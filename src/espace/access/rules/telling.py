"""Whom a reading is told to: once a day and a professional, and never whoever may not read its line (M05, C26)."""

from datetime import date

from espace.access.facts import Telling
from espace.kernel.words import ActorKind, Grant, Purpose, Verb
from espace.trace.facts import Audience

_READING = frozenset({Verb.LIST, Verb.READ, Verb.DOWNLOAD})


def is_reading(grant: Grant) -> bool:
    """A professional reads for care; who does so in an emergency was told of as that."""
    reads = grant.verb in _READING and grant.purpose is Purpose.CARE
    return reads and grant.actor.kind is ActorKind.PROFESSIONAL


def untold(told: Telling, day: date) -> frozenset[Audience]:
    """Who has not been told that day."""
    return frozenset(one for one in Audience if (last := told.on(one)) is None or last < day)


def told_on(told: Telling, audiences: frozenset[Audience], day: date) -> Telling:
    """What is kept once these were told."""
    return Telling(**{one.value: day if one in audiences else told.on(one) for one in Audience})
