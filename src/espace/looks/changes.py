"""What changed in a record, as rows: what is new or said otherwise, and the figures of two days."""

from dataclasses import dataclass

from django.utils.translation import gettext

from espace.clinical.facts import Fact, Kind, Sourced, State
from espace.clinical.rules.changes import Change, How, Pair, has_end
from espace.clinical.rules.marking import OUT, mark_of
from espace.clinical.rules.merging import said_at
from espace.clinical.rules.naming import name_of
from espace.looks.health import Shown, Source, denied_words, past_words, state_words
from espace.looks.health_words import MARKS, dosage_words, moment_words, value_words
from espace.looks.words import bound, english

_OVER = frozenset({State.OVER, State.STOPPED})
_LASTING = frozenset(
    {Kind.ALLERGY, Kind.PROBLEM, Kind.DEVICE, Kind.FAMILY, Kind.PREGNANCY, Kind.TREATMENT, Kind.PRESCRIPTION}
)
"""What goes on until it is over: that it is, is not of the day on which it began."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What arrived: `before` is what was said until then, "" for what was not known; `odd`, out of its range."""

    name: str
    how: str
    new: bool
    said: str
    when: str
    before: str
    odd: str
    source: Source
    then: Source | None


@dataclass(frozen=True, slots=True)
class ValueCell:
    """What was found, when, where it is said; `odd`, out of its range."""

    value: str
    when: str
    odd: str
    source: Source


@dataclass(frozen=True, slots=True)
class PairRow:
    """One thing that is measured, at two moments; None where nothing was known of it."""

    name: str
    cells: tuple[ValueCell | None, ValueCell]


def change_row(one: Change, shown: Shown) -> ChangeRow:
    fact = one.now.fact
    return ChangeRow(
        name=bound(name_of(fact.what, english=english())),
        how=gettext("Nouveau") if one.how is How.NEW else gettext("Modifié"),
        new=one.how is How.NEW,
        said=_told(fact),
        when=_when(one.now),
        before=_told(one.then.fact) or gettext("en cours") if one.then else "",
        odd=_odd(fact),
        source=shown.source(one.now),
        then=shown.source(one.then) if one.then else None,
    )


def pair_row(one: Pair, shown: Shown) -> PairRow:
    then = _cell(one.then, shown) if one.then else None
    return PairRow(bound(name_of(one.now.fact.what, english=english())), (then, _cell(one.now, shown)))


def _cell(one: Sourced, shown: Shown) -> ValueCell:
    at = moment_words(one.fact.when.start)
    return ValueCell(bound(value_words(one.fact.value)), at, _odd(one.fact), shown.source(one))


def _odd(fact: Fact) -> str:
    mark = mark_of(fact)
    return gettext(MARKS[mark]) if mark in OUT else ""


def _when(one: Sourced) -> str:
    """When it began; of what is over, when it ended, else when that was said: an end to come is no end."""
    fact = one.fact
    if fact.absent or fact.state not in _OVER or fact.kind not in _LASTING:
        return moment_words(fact.when.start)
    if has_end(fact) and fact.when.end[:10] <= said_at(one)[:10]:
        return moment_words(fact.when.end)
    return gettext("dit le %(day)s") % {"day": moment_words(said_at(one))}


def _told(fact: Fact) -> str:
    """The whole of what is said of it: denied, else its state where it is not simply there; its value, its dosage."""
    there = denied_words(fact) or state_words(fact)
    words = (there, value_words(fact.value), dosage_words(fact.dosage), past_words(fact))
    return bound(", ".join(filter(None, words)))
