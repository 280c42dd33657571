"""What words find in the documents of a record: their titles, their authors, and, where a page opened them, their texts
and the facts that were read in them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from django.utils.translation import gettext, ngettext

from espace.clinical.facts import Detail, Fact, Known
from espace.clinical.rules.naming import full_name, name_of
from espace.clinical.rules.searching import Extract, Question, answers, asked, extracts
from espace.looks.cards import institution, person_name, title
from espace.looks.health_words import value_words
from espace.looks.words import page_language
from espace.record.facts import Document
from espace.wire.clinical_statements.values import Concept

MOST_EXTRACTS = 2
MOST_DECLARED = 6
_SAID = (Detail.SUBSTANCE, Detail.REACTION, Detail.TARGET, Detail.INDICATION, Detail.ISOLATE)
"""What else of a fact is looked for by its name."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Words as they are looked for; `texts` are what each document says, its facts first, a line each; `declared`,
    where they stand in what the patient states; `beyond`, how many documents have a text that was not looked into."""

    question: Question = field(default_factory=Question)
    texts: Mapping[UUID, tuple[str, ...]] = field(default_factory=dict)
    declared: tuple[Extract, ...] = ()
    beyond: int = 0

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
    question, line, stated, lines = asked(words), _lines(), list[str](), defaultdict[UUID, list[str]](list)
    for one in known.facts:
        (lines[one.document.id] if one.document else stated).append(line(one.fact))
    texts = {
        place: ("\n".join(dict.fromkeys(lines[place])), known.texts.get(place, ""))
        for place in (*lines, *(known.texts.keys() - lines.keys()))
    }
    declared = extracts(question, (one for one in stated if answers(question, (one,))), most=MOST_DECLARED)
    return Sought(question, texts, declared, known.beyond)


def beyond_words(looked_for: Sought) -> str:
    """What a search left out, "" for nothing."""
    said = ngettext(
        "Il y a trop de texte pour une seule recherche : celui d’un document ancien n’a pas été lu. Son titre et ses "
        "données l’ont été.",
        "Il y a trop de texte pour une seule recherche : celui de %(count)s documents anciens n’a pas été lu. Leurs "
        "titres et leurs données l’ont été.",
        looked_for.beyond,
    )
    return said % {"count": looked_for.beyond} if looked_for.beyond else ""


def _lines() -> Callable[[Fact], str]:
    """Makes the line of a fact, « Hémoglobine glyquée (HbA1c) : 7,2 % »; asks once what ten thousand of them need."""
    told, language, named, name = gettext("%(name)s : %(value)s"), page_language(), cache(_named), cache(full_name)

    def line(fact: Fact) -> str:
        found = value_words(fact.value, language)
        said = told % {"name": named(fact.what), "value": found} if found else named(fact.what)
        beside = (name(one) for detail in _SAID if detail in fact.details for one in fact.details[detail])
        return ", ".join(filter(None, (said, *beside)))

    return line


def _named(what: Concept) -> str:
    usual, name = name_of(what), full_name(what)
    return name if usual in name else f"{name} ({usual})"
