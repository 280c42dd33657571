"""The doses that were given, out of what documents and the patient say: one for each day and disease."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from espace.clinical.facts import Detail, Kind, Sourced, State
from espace.clinical.rules.vaccines.ages import plus_months
from espace.clinical.rules.vaccines.codes import diseases_of
from espace.clinical.rules.vaccines.values import Disease, Given

_UNDONE = frozenset({State.PLANNED, State.STOPPED})
_MOST = 9
"""A rank above this is no rank of a dose."""


def given_at_all(sourced: Sourced) -> bool:
    """A vaccination that took place: not refused, not planned."""
    fact = sourced.fact
    return fact.kind is Kind.VACCINATION and not fact.absent and fact.state not in _UNDONE


def doses_of(vaccinations: Iterable[Sourced]) -> tuple[Given, ...]:
    """The doses that some table recognises, oldest first, those without a day before all; what is not recognised stays
    in the list of vaccinations, and counts for nothing here."""
    found: dict[tuple[object, ...], Given] = {}
    known: dict[tuple[object, ...], frozenset[Disease]] = {}
    for one in vaccinations:
        if given_at_all(one):
            said = (one.fact.what, *map(one.fact.details.get, (Detail.TARGET, Detail.SUBSTANCE)))
            if said not in known:
                known[said] = diseases_of(one.fact)
            dose = Given(one, known[said], _day(one), bool(one.fact.when.start), _rank(one))
            found.setdefault((dose.diseases, *_sameness(dose)), dose)
    return tuple(sorted(_told_once(found.values()), key=lambda dose: (dose.day or date.min, dose.rank)))


def _sameness(dose: Given) -> tuple[object, ...]:
    """What two documents say of one dose: its day, or, without one, its rank."""
    when = dose.sourced.fact.when.start
    return (when[:10],) if when else ("", dose.rank, dose.day)


def _told_once(doses: Iterable[Given]) -> Iterator[Given]:
    """Without what a fuller statement says too: « 2024 » beside « 2024-03-04 », tetanus beside diphtheria-tetanus."""
    every = [dose for dose in doses if dose.diseases]
    beginning: dict[str, list[Given]] = defaultdict(list)
    for dose in every:
        day = _written(dose)
        for length in range(1, len(day) + 1):
            beginning[day[:length]].append(dose)
    for dose in every:
        if not any(_says_more(other, dose) for other in beginning.get(_written(dose), ())):
            yield dose


def _written(dose: Given) -> str:
    return dose.sourced.fact.when.start[:10]


def _says_more(other: Given, dose: Given) -> bool:
    """Of two whose days begin alike."""
    its, mine = (len(_written(other)), len(other.diseases)), (len(_written(dose)), len(dose.diseases))
    return dose.diseases <= other.diseases and its > mine


def _day(sourced: Sourced) -> date | None:
    """The latest day on which it can have been: the end of the month or year that was written, else the day of the
    document that tells of it."""
    written = sourced.fact.when.start[:10]
    if written:
        return _latest(written)
    document = sourced.document
    at = document and (document.entry.service_start or document.entry.creation_time)
    return at.date() if at else None


def _latest(written: str) -> date | None:
    numbers = [int(part) for part in written.split("-") if part.isdigit()]
    try:
        first = date(*[*numbers, 1, 1][:3]) if numbers else None
    except ValueError:
        return None
    if first is None or len(numbers) >= 3:
        return first
    return plus_months(first, 1 if len(numbers) == 2 else 12) - timedelta(days=1)


def _rank(sourced: Sourced) -> int:
    said = " ".join(one.code or one.display or one.words for one in sourced.fact.details.get(Detail.DOSE_NUMBER, ()))
    return int(said) if said.isascii() and said.isdigit() and 0 < int(said) <= _MOST else 0
