"""What the vaccination calendar makes of somebody, in the few words of a first screen."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext

from espace.clinical.rules.vaccines import Disease, Line, Standing, Why
from espace.clinical.rules.vaccines.words import CONDITIONS, DISEASES, STANDINGS, WHY
from espace.looks.health import DueRow
from espace.looks.words import said, short_date

PRESSING = frozenset({Standing.LATE, Standing.NOW, Standing.CHECK})


def answered(line: Line) -> bool:
    """Whether something was given, and nothing more is asked for now."""
    return line.standing is Standing.DONE or (line.standing is Standing.LATER and line.counted > 0)


def due_row(line: Line) -> DueRow:
    return DueRow(names(line), said(STANDINGS[line.standing]), why(line), line.standing in PRESSING)


def names(line: Line) -> str:
    """« Diphtérie, tétanos »."""
    return named(line.diseases)


def named(diseases: Iterable[Disease]) -> str:
    first, *others = (said(DISEASES[one]) for one in diseases)
    return ", ".join((first, *(one[:1].lower() + one[1:] for one in others)))


def why(line: Line) -> str:
    """The sentence of a line, with its days and ages; the longest one in short."""
    if line.why is Why.NOTHING_WRITTEN:
        return gettext("rien n’est noté ici")
    conditions = sorted(line.course.conditions) if line.course else ()
    return said(WHY[line.why]) % {
        "rank": line.counted + 1,
        "needed": line.needed,
        "start": _day(line.start),
        "since": _day(line.since),
        "age": age_words(line.age),
        "year": line.year,
        "situations": ", ".join(said(CONDITIONS[one]) for one in conditions),
    }


def age_words(months: int) -> str:
    """« 11 mois », « 65 ans »."""
    if months < 24:
        return gettext("%(count)s mois") % {"count": months}
    return gettext("%(count)s ans") % {"count": months // 12}


def _day(day: date | None) -> str:
    return short_date(day) if day else ""
