"""Which sections of a profile a reader may see (E02, E23): the holder and who helps them all of them; professionals
those that are switched visible and whose type of document their profession reads."""

from espace.clinical.facts.profile import Choices, Section
from espace.clinical.rules.profile.sheets import SHEETS
from espace.kernel.words import Sight

ALL = frozenset(Section)


def shown_to(sight: Sight | None, choices: Choices) -> frozenset[Section]:
    """`sight` is a professional's, None for the holder and who helps them. In a session for the secret care of a minor
    nothing shows that is not of that care, and a profile never is."""
    if sight is None:
        return ALL
    if sight.secret:
        return frozenset()
    return frozenset(one.section for one in SHEETS.values() if one.reads in sight.reads) - choices.hidden
