"""What is decided of each treatment, as a form says it."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext

from espace.clinical.facts import Detail
from espace.clinical.rules.naming import product
from espace.clinical.rules.summary import Treatment
from espace.kernel.folding import folded
from espace.workstation.forms import UNSEEN

MOST_WORDS, MOST_NAME, ROWS = 200, 120, 4
"""Characters of a reason or a posology, and of a name; treatments that one form adds."""
_WORD = re.compile(r"[^\W_]+")


class Choice(StrEnum):
    KEEP = "garder"
    STOP = "arreter"
    UNSURE = "verifier"


@dataclass(frozen=True, slots=True)
class Decided:
    choice: Choice | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """A treatment that nothing states yet, in words; `apart`: though it is called as another line is."""

    name: str = ""
    posology: str = ""
    why: str = ""
    apart: bool = False

    @property
    def empty(self) -> bool:
        return not (self.name or self.posology or self.why)


@dataclass(frozen=True, slots=True)
class Choices:
    """By name of treatment (`rules.reconciling.to_reconcile`) what was decided, and what was added."""

    decided: Mapping[str, Decided] = field(default_factory=dict)
    added: tuple[Added, ...] = ()


def choices_in(form: QueryDict, names: Collection[str]) -> Choices:
    """What was posted of these treatments; nothing is decided where nothing was chosen."""
    decided = {one: Decided(_choice(form.get(f"d-{one}", "")), _words(form, f"m-{one}")) for one in names}
    rows = (_added(form, row) for row in range(1, ROWS + 1))
    return Choices(decided, tuple(one for one in rows if not one.empty))


def _added(form: QueryDict, row: int) -> Added:
    name, posology, why = (_words(form, f"{field}-{row}") for field in ("nom", "posologie", "motif"))
    return Added(name[:MOST_NAME].rstrip(), posology, why, apart=f"autre-{row}" in form)


def _choice(value: str) -> Choice | None:
    return next((one for one in Choice if one.value == value), None)


def _words(form: QueryDict, name: str) -> str:
    """Words that everybody sees alike: nothing invisible or that changes direction."""
    said = (" " if one.isspace() else one for one in form.get(name, ""))
    seen = "".join(one for one in said if unicodedata.category(one) not in UNSEEN)
    return " ".join(seen.split())[:MOST_WORDS].rstrip()


def wrong_in(choices: Choices, treatments: Mapping[str, Treatment]) -> Mapping[str, str]:
    """By the id of a field of the form, what is to be corrected there."""
    return {**dict(_undecided(choices, treatments)), **dict(_wrongly_added(choices, treatments))}


def _undecided(choices: Choices, treatments: Mapping[str, Treatment]) -> Iterator[tuple[str, str]]:
    for name, one in treatments.items():
        if choices.decided.get(name, Decided()).choice is None:
            said = gettext("Choisissez ce que devient ce traitement : %(name)s.")
            yield f"t-{name}", said % {"name": product(one.fact.what)}
    if not treatments and not choices.added:
        yield "nom-1", gettext("Aucun traitement n’est connu : écrivez-en au moins un.")


def _wrongly_added(choices: Choices, treatments: Mapping[str, Treatment]) -> Iterator[tuple[str, str]]:
    """What has no name, and what another line is called already, where its author does not say that it is another."""
    known = _known(treatments) if choices.added else []
    above: list[_Compared] = []
    for row, added in enumerate(choices.added, start=1):
        name = _compared(added.name)
        if not added.name:
            yield f"nom-{row}", gettext("Écrivez le nom du médicament.")
        elif not added.apart:
            listed = next((called for called, names in known if any(_same(name, one) for one in names)), "")
            twice = any(_same(name, one) for one in above)
            if listed:
                said = gettext("%(name)s est déjà dans la liste plus haut : dites sur sa ligne ce qu’il devient.")
                yield f"nom-{row}", said % {"name": listed}
            elif twice:
                yield f"nom-{row}", gettext("Ce médicament est déjà ajouté plus haut : gardez une seule ligne.")
        above.append(name)


def _known(treatments: Mapping[str, Treatment]) -> list[tuple[str, list["_Compared"]]]:
    """What each is called, and all that its sources call it, ready to be compared: there may be thousands."""
    every = treatments.values()
    return [(product(one.fact.what), [_compared(name) for name in dict.fromkeys(names_of(one))]) for one in every]


def names_of(treatment: Treatment) -> Iterator[str]:
    """Whatever its sources call it: the product, its class, its substances."""
    for one in treatment.sources:
        for what in (one.fact.what, *one.fact.details.get(Detail.SUBSTANCE, ())):
            yield from filter(None, (what.display, what.words, *(other.display for other in what.others)))


class _Compared(NamedTuple):
    """A name in whole words, folded, with a space at each end; `stem` is what comes before its strength, "" for no
    word."""

    stem: str
    whole: str


def same_name(one: str, other: str) -> bool:
    """Whether one of two names, strength and form apart, is in the other in whole words: « Ramipril » is in
    « ramipril 5 mg », « Fer » is not in « Fervex »."""
    return _same(_compared(one), _compared(other))


def _same(one: _Compared, other: _Compared) -> bool:
    return bool((one.stem and one.stem in other.whole) or (other.stem and other.stem in one.whole))


def _compared(name: str) -> _Compared:
    """A document may call a medicine by ten thousand letters: the first ones are what it is called."""
    words = _WORD.findall(folded(name[:MOST_WORDS]))
    strength = next((place for place, word in enumerate(words) if place and word[0].isdigit()), len(words))
    return _Compared(f" {' '.join(words[:strength])} " if words else "", f" {' '.join(words)} ")
