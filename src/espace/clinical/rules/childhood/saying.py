"""The day on which somebody says that an examination was done."""

from datetime import date

from espace.clinical.rules.profile.checking import NO_DAY, TO_COME, day_of, tidy
from espace.kernel.reasons import Sentence

BEFORE_BIRTH = Sentence("Cette date est avant la naissance.", "This date is before the birth.")


def day_done(typed: str, born: date, today: date) -> str | Sentence:
    """« 4/3/2025 », « 03/2025 », « 2025 » → ISO 8601 as precise as that, or what is wrong with it."""
    found = day_of(tidy(typed))
    if found is None:
        return NO_DAY
    if found > today.isoformat()[: len(found)]:
        return TO_COME
    return BEFORE_BIRTH if found < born.isoformat()[: len(found)] else found
