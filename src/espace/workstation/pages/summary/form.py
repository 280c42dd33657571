"""The form of a medical summary: its lines as they are shown, and what was posted."""

import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext, override

from espace.clinical.facts import Fact
from espace.clinical.rules.merging import Item
from espace.clinical.rules.writing import (
    MOST,
    MOST_ADDED,
    MOST_WORDS,
    Added,
    Choices,
    Fault,
    Line,
    Part,
    correctable,
)
from espace.looks.cards import Address
from espace.looks.health import Shown, Source
from espace.workstation.forms import UNSEEN
from espace.workstation.pages.summary.wording import TITLES, name_of, said_of, when_of, why_of

KEPT, WORDS, ADDED, DOSAGE = "garder", "mots", "plus", "posologie"
"""Fields: the keys of the lines that are kept; the words of a line by its key; by part, what is added."""
MOST_KEYS = MOST * len(Part) + 2 * len(Part)


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line: `words` may be corrected where they are not None, under `label`; `french`: what is said of it is in the
    words of its document, whatever the language of the page."""

    key: str
    name: str
    said: str
    french: bool
    when: str
    checked: bool
    marks: tuple[str, ...]
    sources: tuple[Source, ...]
    words: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Blank:
    words: str = ""
    dosage: str = ""


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part; `warning` is what to beware of before choosing."""

    word: str
    title: str
    lines: tuple[LineShown, ...]
    blanks: tuple[Blank, ...]
    treats: bool
    warning: str


def proposed(lines: Iterable[Line]) -> Choices:
    """What is ticked before anybody chose."""
    return Choices(keys=tuple(line.key for line in lines if line.proposed))


def choices_in(form: QueryDict, lines: Iterable[Line]) -> Choices:
    """What was posted: a line that may not be corrected keeps its words, and so does one that was not."""
    words = ((line, form.get(f"{WORDS}-{line.key}")) for line in lines if correctable(line) is not None)
    corrected = {line.key: _plain(text) for line, text in words if text is not None}
    usual = {line.key: correctable(line) for line in lines}
    return Choices(
        keys=tuple(dict.fromkeys(form.getlist(KEPT)[:MOST_KEYS])),
        words={key: text for key, text in corrected.items() if text != _plain(usual[key] or "")},
        added=tuple(_added(form)),
    )


def _added(form: QueryDict) -> Iterator[Added]:
    for part in Part:
        texts = [_plain(text) for text in form.getlist(f"{ADDED}-{part}")[:MOST_ADDED]]
        dosages = [_plain(text) for text in form.getlist(f"{DOSAGE}-{part}")[:MOST_ADDED]]
        for rank, text in enumerate(texts):
            if text:
                yield Added(part, text, dosages[rank] if rank < len(dosages) else "")


def _plain(text: str) -> str:
    """Words that everybody sees alike, on one line (CVE-2021-42574)."""
    seen = "".join(" " if one.isspace() else one for one in text[: 4 * MOST_WORDS])
    return " ".join("".join(one for one in seen if unicodedata.category(one) not in UNSEEN).split())


def parts(lines: Collection[Line], choices: Choices, address: Address) -> tuple[PartShown, ...]:
    shown = Shown(address)
    return tuple(_part(part, [one for one in lines if one.part is part], choices, shown) for part in Part)


def _part(part: Part, lines: Collection[Line], choices: Choices, shown: Shown) -> PartShown:
    chosen = frozenset(choices.keys)
    return PartShown(
        word=part.value,
        title=gettext(TITLES[part]),
        lines=tuple(_shown(line, choices, shown, line.key in chosen) for line in lines),
        blanks=tuple(_blanks(part, choices)),
        treats=part is Part.TREATMENTS,
        warning=_warning(part, lines),
    )


def _warning(part: Part, lines: Collection[Line]) -> str:
    """Where one source says that there is no allergy, and another that there is one."""
    told = {line.denies for line in lines if line.sources and (line.denies or not line.fact.absent)}
    if part is not Part.ALLERGIES or len(told) < 2:
        return ""
    return gettext("Un document dit qu’il n’y a pas d’allergie, un autre qu’il y en a.")


def _shown(line: Line, choices: Choices, shown: Shown, checked: bool) -> LineShown:
    usual = correctable(line)
    row = shown.row(Item(line.sources, line.clashes)) if line.sources else None
    stopped = (gettext("Dit arrêté dans un document plus récent"),) if line.stop else ()
    stop = (shown.source(line.stop, gettext("arrêté")),) if line.stop else ()
    return LineShown(
        key=line.key,
        name=_name_of(line.fact),
        said=_beside(line, usual),
        french=not (line.fact.value and line.fact.value.quantity),
        when=when_of(line.fact),
        checked=checked,
        marks=(*(row.marks if row else ()), *stopped),
        sources=(*((row.first, *row.others) if row else ()), *stop),
        words=None if usual is None else choices.words.get(line.key, _plain(usual)),
        label=gettext("Posologie") if line.part is Part.TREATMENTS else gettext("En vos mots"),
    )


def _name_of(fact: Fact) -> str:
    """As the document says it."""
    with override("fr"):
        return name_of(fact)


def _beside(line: Line, usual: str | None) -> str:
    """What is said of it beside what may be corrected there."""
    if line.part is Part.TREATMENTS:
        return why_of(line.fact)
    return "" if usual is not None and line.fact.value else said_of(line.fact)


def _blanks(part: Part, choices: Choices) -> Iterator[Blank]:
    written = [Blank(one.words, one.dosage) for one in choices.added if one.part is part]
    yield from written
    yield from [Blank()] * (MOST_ADDED - len(written))


def told(fault: Fault, part: Part | None) -> str:
    """What to do about it."""
    if fault is Fault.DENIED and part:
        where = {"part": gettext(TITLES[part])}
        return gettext("%(part)s : vous gardez « aucun » et autre chose. Retirez l’un des deux.") % where
    if fault is Fault.LONG:
        return gettext("Écrivez plus court : %(most)s caractères au plus par ligne.") % {"most": MOST_WORDS}
    return gettext("Gardez ou ajoutez au moins une ligne.")
