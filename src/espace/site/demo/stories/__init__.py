"""Three years of ordinary health of the demonstration's people, as documents ready to be filed."""

from datetime import date

from espace.site.demo.stories import camille, hearts, leo, monique, neighbours, others
from espace.site.demo.stories.telling import Deposit, Teller

__all__ = ["Deposit", "stories"]


def stories(seed: int, today: date) -> tuple[Deposit, ...]:
    """The deposits in the order of time, the last one a week before `today` at the latest.

    The same seed and day give the same bytes. A document that replaces another comes after it.
    """
    teller = Teller(seed, today)
    for part in (camille, monique, leo, hearts, neighbours, others):
        part.tell(teller)
    return tuple(sorted(teller.told, key=lambda told: (told.at, told.entry.unique_id)))
