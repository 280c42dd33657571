"""What the author of a medical summary kept of its lines, corrected and added."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from espace.clinical.facts import Dosage, Fact, Kind, State
from espace.clinical.rules.extraction.knowing import none_known
from espace.clinical.rules.writing.drafting import NOWHERE, Line, Part, correctable, corrected
from espace.kernel.values import replace
from espace.wire.clinical_statements.values import Concept

MOST_ADDED, MOST_WORDS = 3, 200
"""Blank lines of a part, and letters of what is written or corrected."""
_ADDED: Mapping[Part, tuple[Kind, State]] = {
    Part.PROBLEMS: (Kind.PROBLEM, State.ACTIVE),
    Part.HISTORY: (Kind.PROBLEM, State.OVER),
    Part.ACTS: (Kind.PROCEDURE, State.OVER),
    Part.ALLERGIES: (Kind.ALLERGY, State.ACTIVE),
    Part.TREATMENTS: (Kind.TREATMENT, State.ACTIVE),
}
"""What a line that an author adds says; that of another part is prose."""
_LISTED: Mapping[Part, State] = {Part.PROBLEMS: State.ACTIVE, Part.HISTORY: State.OVER}
"""What it means that an author lists a problem there, where nobody said."""


@dataclass(frozen=True, slots=True)
class Added:
    """A line that the author writes: what it is about, and how a medicine is taken."""

    part: Part
    words: str
    dosage: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """The keys of the lines that are kept, the words of those that may be corrected by key, and the lines added."""

    keys: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    added: tuple[Added, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of the document: prose where `fact` is None."""

    part: Part
    fact: Fact | None = None
    prose: str = ""


class Fault(StrEnum):
    """Why what was chosen cannot be signed."""

    NOTHING = "nothing"
    LONG = "long"
    """Words that are cut are worse than none: the author shortens them."""
    DENIED = "denied"
    """A part says that there is none, and what there is."""


def kept(lines: Iterable[Line], choices: Choices) -> tuple[Kept, ...]:
    """In the order of the lines, those added after those of their part."""
    chosen = frozenset(choices.keys)
    found = [Kept(line.part, _listed(line, choices)) for line in lines if line.key in chosen]
    found += [_added(one) for one in choices.added]
    return tuple(one for part in Part for one in found if one.part is part)


def _listed(line: Line, choices: Choices) -> Fact:
    words = choices.words.get(line.key)
    may = correctable(line) is not None and (words or line.part is Part.TREATMENTS)  # nothing loses its only name
    fact = corrected(line, words) if may and words is not None else line.fact
    unsaid = line.part in _LISTED and fact.state is State.UNKNOWN and not fact.absent
    return replace(fact, state=_LISTED[line.part]) if unsaid else fact


def _added(one: Added) -> Kept:
    if one.part not in _ADDED:
        return Kept(one.part, prose=one.words)
    kind, state = _ADDED[one.part]
    dosage = Dosage(one.dosage) if one.dosage else None
    return Kept(one.part, Fact(kind, Concept(words=one.words), NOWHERE, state=state, dosage=dosage))


def faults(found: Collection[Kept], choices: Choices) -> Iterator[tuple[Fault, Part | None]]:
    """What must be settled first, and in which part."""
    if not found:
        yield Fault.NOTHING, None
    written = (*choices.words.values(), *(text for one in choices.added for text in (one.words, one.dosage)))
    if any(len(text) > MOST_WORDS for text in written):
        yield Fault.LONG, None
    for part in Part:
        facts = [one.fact for one in found if one.part is part and one.fact]
        if any(none_known(fact.what) for fact in facts) and not all(fact.absent for fact in facts):
            yield Fault.DENIED, part
