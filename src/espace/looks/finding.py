"""What words find in the documents of a record: their titles, their authors, and, where a page opened them, their texts
and the facts that were read in them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext

from espace.clinical.facts import Detail, Fact, Known
from espace.clinical.rules.naming import full_name, name_of
from espace.clinical.rules.searching import Extract, Question, answers, asked, extracts
from espace.looks.cards import institution, person_name, title
from espace.looks.health_words import value_words
from espace.record.facts import Document

MOST_EXTRACTS = 2
_SAID = (Detail.SUBSTANCE, Detail.REACTION, Detail.TARGET, Detail.INDICATION, Detail.ISOLATE)
"""What else of a fact is looked for by its name."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Words as they are looked for; `texts` are what each document says, its facts first, a line each."""

    question: Question = field(default_factory=Question)
    texts: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)

    def has(self, document: Document) -> bool:
        """Whether every word is in the document, or in what is known of it."""
        if not self.question.things:
            return True
        names = (person_name(author) for author in document.entry.authors)
        known = (title(document), institution(document), document.organisation_name, *names)
        return answers(self.question, (*known, *self.texts.get(document.id, ())))

    def extracts(self, document: UUID) -> tuple[Extract, ...]:
        """Where the words stand in what the document says."""
        return extracts(self.question, self.texts.get(document, ()), most=MOST_EXTRACTS)


def sought(words: str, known: Known | None = None) -> Sought:
    """Words looked for in titles and names, and in what the reader may know of the record."""
    if known is None:
        return Sought(asked(words))
    lines: dict[UUID, list[str]] = defaultdict(list)
    for one in known.facts:
        if one.document is not None:
            lines[one.document.id].append(_line(one.fact))
    texts = {
        place: ("\n".join(dict.fromkeys(lines[place])), known.texts.get(place, ""))
        for place in (*lines, *(known.texts.keys() - lines.keys()))
    }
    return Sought(asked(words), texts)


def _line(fact: Fact) -> str:
    """« Hémoglobine glyquée (HbA1c) : 7,2 % »."""
    usual, name, found = name_of(fact.what), full_name(fact.what), value_words(fact.value)
    named = name if usual in name else f"{name} ({usual})"
    beside = (full_name(one) for detail in _SAID for one in fact.details.get(detail, ()))
    told = gettext("%(name)s : %(value)s") % {"name": named, "value": found} if found else named
    return ", ".join(filter(None, (told, *beside)))
