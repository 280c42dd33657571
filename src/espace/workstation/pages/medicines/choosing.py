"""What is decided of each treatment, as a form says it."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.http import QueryDict
from django.utils.translation import gettext

from espace.workstation.forms import UNSEEN

MOST_WORDS, MOST_NAME, ROWS = 200, 120, 4
"""Characters of a reason or a posology, and of a name; treatments that one form adds."""


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
    """A treatment that nothing states yet, in words."""

    name: str = ""
    posology: str = ""
    why: str = ""

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
    rows = (
        Added(_words(form, f"nom-{row}", MOST_NAME), _words(form, f"posologie-{row}"), _words(form, f"motif-{row}"))
        for row in range(1, ROWS + 1)
    )
    return Choices(decided, tuple(one for one in rows if not one.empty))


def _choice(value: str) -> Choice | None:
    return next((one for one in Choice if one.value == value), None)


def _words(form: QueryDict, name: str, most: int = MOST_WORDS) -> str:
    """Words that everybody sees alike: nothing invisible or that changes direction."""
    said = (" " if one.isspace() else one for one in form.get(name, ""))
    seen = "".join(one for one in said if unicodedata.category(one) not in UNSEEN)
    return " ".join(seen.split())[:most].rstrip()


def wrong_in(choices: Choices, products: Mapping[str, str]) -> Mapping[str, str]:
    """By the id of a field of the form, what is to be corrected there; `products`: what the treatments are called."""
    return dict(_wrong(choices, products))


def _wrong(choices: Choices, products: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, product in products.items():
        if choices.decided.get(name, Decided()).choice is None:
            yield f"t-{name}", gettext("Choisissez ce que devient ce traitement : %(name)s.") % {"name": product}
    for row, added in enumerate(choices.added, start=1):
        if not added.name:
            yield f"nom-{row}", gettext("Écrivez le nom du médicament.")
    if not products and not choices.added:
        yield "nom-1", gettext("Aucun traitement n’est connu : écrivez-en au moins un.")
