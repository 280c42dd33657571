"""Breaking the glass: who may, for how long, and what must be said. Sources: CSP L1111-17 I; C18."""

from datetime import datetime, timedelta

from espace.access.facts import Glass, Standing
from espace.access.rules.entitlements import PACKAGED_FOR

LONGEST = timedelta(hours=4)
"""An emergency is declared again after this (our choice; the law gives no figure)."""
FEWEST_WORDS, MOST_WORDS = 3, 300
"""Characters of the reason that the professional writes."""

_NOT_OF_CARE = frozenset({"35", "41"})
"""Professions of the matrix that are not health professions: social work."""


def gives_care(profession: str) -> bool:
    """Whether this is a health profession (TRE_G15; CSP, fourth part)."""
    return profession in PACKAGED_FOR and profession not in _NOT_OF_CARE


def end_of_emergency(at: datetime) -> datetime:
    return at + LONGEST


def glass_standing(glass: Glass | None, at: datetime) -> Standing:
    """Whether a declared emergency still opens the record at this instant; its last instant is not included."""
    if glass is None:
        return Standing.NONE
    return Standing.IN_FORCE if glass.at <= at < glass.until else Standing.LAPSED


def words_of(text: str) -> str:
    """The reason as it is kept: one line; "" where it says nothing."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:MOST_WORDS]
    return line if sum(letter.isalpha() for letter in line) >= FEWEST_WORDS else ""
