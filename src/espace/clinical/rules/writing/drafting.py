"""A medical summary before its author reads it: what is known, line by line, in the parts that HAS asks for (« Volet de
synthèse médicale », November 2013), and whether a line is proposed as it stands.

Nothing that is contradicted is proposed, nothing that is over, and of medicines only what is taken for long: it is for
the author to say so.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain

from espace.clinical.facts import Detail, Dosage, Fact, Kind, Origin, Place, Sourced, State
from espace.clinical.rules.acts import is_examination
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.marking import OUT
from espace.clinical.rules.merging import Clash, Item, completed
from espace.clinical.rules.summary import (
    KINDS,
    RECENT,
    Series,
    Summary,
    Treatment,
    before,
    measured_at,
    of_strength,
    summary_of,
)
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept, When

MOST = 40
"""Lines of one part, the newest first: what a page takes, and more than anybody signs."""
LONG = 84
"""Days from which a prescription is one for long: three months of four weeks, the box that pharmacies hand over."""
ABSENT = "2.16.840.1.113883.5.1150.1"
"""IPS « absent or unknown data »."""
NOWHERE = Place("", "", "", 0)
_ENDED = frozenset({State.OVER, State.STOPPED})
SUMMED_UP = KINDS - {Kind.VACCINATION}
"""The kinds that a medical summary is made of: vaccinations have a record of their own."""


class Part(StrEnum):
    """A part of the summary; the value is its word in the fields of the form."""

    PROBLEMS = "pathologies"
    HISTORY = "antecedents"
    ACTS = "actes"
    ALLERGIES = "allergies"
    TREATMENTS = "traitements"
    HABITS = "mode-de-vie"
    FAMILY = "famille"
    ATTENTION = "vigilance"


_OFFERED: Mapping[Part, tuple[Kind, str, str]] = {
    Part.PROBLEMS: (Kind.PROBLEM, "no-known-problems", "Aucun problème de santé connu"),
    Part.ALLERGIES: (Kind.ALLERGY, "no-known-allergies", "Aucune allergie connue"),
    Part.TREATMENTS: (Kind.TREATMENT, "no-known-medications", "Aucun traitement connu"),
}
"""What an author may say of a part where no document does (JDV_AbsentOrUnknown…_CISIS)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `fact` is what the document would say; `sources` are who says it, none for what is offered only.
    `proposed`: kept unless its author removes it. `stop`: something newer that says that it is over."""

    key: str
    part: Part
    fact: Fact
    sources: tuple[Sourced, ...] = ()
    clashes: tuple[Clash, ...] = ()
    stop: Sourced | None = None
    proposed: bool = False

    @property
    def denies(self) -> bool:
        """Whether it says that there is nothing of the sort at all."""
        return none_known(self.fact.what)


def draft(facts: Collection[Sourced], at: date) -> tuple[Line, ...]:
    """The lines on that day, part by part."""
    found = summary_of(facts, at)
    by_part = {
        Part.PROBLEMS: chain(_lasting(Part.PROBLEMS, found.problems), _denied(found, Part.PROBLEMS)),
        Part.HISTORY: _past(found, Kind.PROBLEM, Part.HISTORY),
        Part.ACTS: map(_act, _past(found, Kind.PROCEDURE, Part.ACTS)),
        Part.ALLERGIES: chain(_allergies(found), _denied(found, Part.ALLERGIES)),
        Part.TREATMENTS: chain(map(_treatment, found.treatments), _denied(found, Part.TREATMENTS)),
        Part.HABITS: _lasting(Part.HABITS, found.lifestyle),
        Part.FAMILY: _past(found, Kind.FAMILY, Part.FAMILY),
        Part.ATTENTION: chain(_lasting(Part.ATTENTION, found.alerts), _results(found, at)),
    }
    return tuple(chain.from_iterable(_first(part, lines) for part, lines in by_part.items()))


def _first(part: Part, lines: Iterable[Line]) -> Iterator[Line]:
    """As many as a page takes, each once, then what may be said of a part of which no document says it.

    What the patient alone states is proposed of allergies only, which protect."""
    own = part is not Part.ALLERGIES
    once = {one.key: replace(one, proposed=False) if own and _by_patient_alone(one) else one for one in lines}
    yield from list(once.values())[:MOST]
    if part in _OFFERED and not any(line.denies for line in once.values()):
        kind, code, words = _OFFERED[part]
        fact = Fact(kind, Concept(code, ABSENT, words), NOWHERE, absent=True)
        yield Line(key_of(part, fact), part, fact)


def key_of(part: Part, fact: Fact) -> str:
    """The same for the same thing, as long as it is said in the same words."""
    what, when = fact.what, fact.when
    relatives = (each.code or each.words for each in fact.details.get(Detail.RELATIVE, ()))
    named = (part, what.code, what.system, what.display, what.words, when.start, *relatives, repr(fact.value))
    return hashlib.sha256("\0".join((*named, str(fact.absent))).encode()).hexdigest()[:24]


def _line(part: Part, item: Item, *, proposed: bool, fact: Fact | None = None) -> Line:
    found = fact or affirmed(item)
    return Line(key_of(part, found), part, found, item.sources, item.clashes, proposed=proposed)


def affirmed(item: Item) -> Fact:
    """As the newest source says it of those that say that it is so: of those that code it, where one does."""
    there = _there(item)
    held = [one for one in there if one.state not in _ENDED] or there
    fact = completed(next((one for one in held if one.what.code), held[0]), item.sources)
    return fact if fact.when.start else replace(fact, when=replace(fact.when, start=item.start))


def _there(item: Item) -> list[Fact]:
    return [one.fact for one in item.sources if not one.fact.absent] or [item.fact]


def _by_patient_alone(line: Line) -> bool:
    return all(one.origin is Origin.STATED for one in line.sources)


def _lasting(part: Part, items: Iterable[Item]) -> Iterator[Line]:
    return (_line(part, item, proposed=not item.clashes) for item in items)


def _past(found: Summary, kind: Kind, part: Part) -> Iterator[Line]:
    """What is over keeps the words of the newest source that says that it was."""
    items = (item for item in found.history if item.fact.kind is kind)
    return (_line(part, item, proposed=not item.clashes, fact=_there(item)[0]) for item in items)


def _act(line: Line) -> Line:
    """An examination is nothing that was done to the body: it may be kept, and is not proposed."""
    return replace(line, proposed=line.proposed and not is_examination(line.sources))


def _allergies(found: Summary) -> Iterator[Line]:
    return (_line(Part.ALLERGIES, item, proposed=not item.clashes and not found.disputed) for item in found.allergies)


_PRESENT: Mapping[Part, str] = {Part.PROBLEMS: "problems", Part.ALLERGIES: "allergies", Part.TREATMENTS: "treatments"}


def _denied(found: Summary, part: Part) -> Iterator[Line]:
    """That there is none is proposed where nobody says otherwise, and said once; that one thing is not there never
    is."""
    alone = not getattr(found, _PRESENT[part])
    for item in found.said_not(_OFFERED[part][0]):
        said_of_all = none_known(item.fact.what)
        yield _line(part, item, proposed=alone and said_of_all, fact=item.fact)
        alone = alone and not said_of_all


def _treatment(one: Treatment) -> Line:
    """As it was ordered or told, by who codes it first, with the first dosage and the first reason that somebody
    wrote."""
    ordered = (each for each in one.items if each.fact.what.code and each.fact.kind is not Kind.DISPENSATION)
    item = next(ordered, one.items[0])
    fact = item.fact
    told = of_strength(fact, (item, *one.items))
    why = one.indications
    details = {**fact.details, Detail.INDICATION: why} if why else fact.details
    dosage = next(filter(None, (each.dosage for each in told)), None)
    taken = replace(fact, dosage=dosage, details=details, when=When(one.since, _end(fact)))
    sources = tuple(chain.from_iterable(each.sources for each in one.items))
    clashes = tuple(dict.fromkeys(chain.from_iterable(each.clashes for each in one.items)))
    line = _line(Part.TREATMENTS, replace(item, sources=sources, clashes=clashes), proposed=False, fact=taken)
    return replace(line, stop=one.stop, proposed=not clashes and not one.stop and _for_long(one))


def _end(fact: Fact) -> str:
    """A delivery, and a prescription of one day, tell when it began and not that it ended."""
    ends = fact.kind is Kind.TREATMENT or (fact.kind is Kind.PRESCRIPTION and fact.when.end != fact.when.start)
    return fact.when.end if ends else ""


def _for_long(one: Treatment) -> bool:
    facts = [source.fact for item in one.items for source in item.sources]
    told = any(fact.kind is Kind.TREATMENT or Detail.LONG_TERM in fact.details for fact in facts)
    again = sum(fact.kind is Kind.DISPENSATION for fact in facts) > 1
    return told or again or any(_lasts(fact) for fact in facts if fact.kind is Kind.PRESCRIPTION)


def _lasts(fact: Fact) -> bool:
    """Prescribed for long, or to be renewed."""
    try:
        length = date.fromisoformat(fact.when.end[:10]) - date.fromisoformat(fact.when.start[:10])
    except ValueError:  # open, or no more precise than a month
        return fact.repeats not in ("", "0")
    return length.days >= LONG or fact.repeats not in ("", "0")


def _results(found: Summary, at: date) -> Iterator[Line]:
    """Of each thing measured, the last value that is to beware of: out of range, or told otherwise by another source;
    proposed where it is out of range and of the last twelve months. The others are read among the results."""
    for series in found.results:
        if series.mark in OUT or series.points[0].clashes:
            yield _result(series, at)


def _result(series: Series, at: date) -> Line:
    item = series.points[0]
    late = not before(measured_at(item.sources[0]), at - RECENT)
    odd = series.mark in OUT and not item.clashes
    return _line(Part.ATTENTION, item, proposed=odd and late)


# -- what may be corrected


def correctable(line: Line) -> str | None:
    """The words of a line that its author may change: how a medicine is taken, what nobody coded; None for what is
    coded or measured."""
    fact = line.fact
    if line.denies:
        return None
    if line.part is Part.TREATMENTS:
        return fact.dosage.words if fact.dosage else ""
    if line.part is Part.HABITS and fact.value and fact.value.words:
        return fact.value.words
    return None if fact.what.code or fact.value else fact.what.words or fact.what.display


def corrected(line: Line, words: str) -> Fact:
    """The fact in other words; a dosage that was changed is told in words alone."""
    fact = line.fact
    if words == correctable(line):
        return fact
    if line.part is Part.TREATMENTS:
        route = fact.dosage.route if fact.dosage else None
        return replace(fact, dosage=Dosage(words, route=route) if words or route else None)
    if line.part is Part.HABITS and fact.value:
        return replace(fact, value=replace(fact.value, words=words))
    return replace(fact, what=Concept(words=words))
