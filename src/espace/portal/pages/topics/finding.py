"""A topic of the record, and what may have to do with it."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext

from espace.kernel.folding import folded
from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused
from espace.looks import cards
from espace.looks.words import counted_documents, kind_label
from espace.portal.places import document_path
from espace.portal.whose import gettext
from espace.record.facts import Document, Extent, Status
from espace.record.queries import Topic

UNCHOSEN = "rien"
"""In the address of a page, after a press that nothing was ticked for."""
SHORTEST = 4
"""Letters of a word of a name by which documents are found: « de », « mes » are in all of them."""
_ENDING = re.compile("(es|[esx])$")
_EVERYWHERE = frozenset({"sante", "maladie", "maladies", "medical", "medicale"})


@dataclass(frozen=True, slots=True)
class Row:
    """A document to tick, drawn as in the list of documents."""

    id: UUID
    card: cards.Card
    folder: str = ""
    pinned: bool = False


def rows(documents: Iterable[Document]) -> list[Row]:
    return [Row(one.id, cards.card(one, document_path)) for one in documents]


def current(documents: Iterable[Document]) -> list[Document]:
    """The documents that no other one replaced, newest first."""
    return list(cards.newest_first([one for one in documents if one.status is not Status.DEPRECATED]))


def topic_of(found: Sequence[Topic], topic_id: UUID) -> Topic:
    """Refused(TOPIC_UNKNOWN) for one that is not there, or that who asks may not know of."""
    topic = next((one for one in found if one.id == topic_id), None)
    if topic is None:
        raise Refused(reasons.TOPIC_UNKNOWN)
    return topic


def named(topic: Topic) -> str:
    return topic.name or gettext("Sujet au nom illisible")


def told(extent: Extent) -> str:
    """« 12 documents, dont 3 masqués »."""
    hidden = extent.documents - extent.open
    counted = counted_documents(extent.documents)
    if not hidden:
        return counted
    said = ngettext("%(counted)s, dont %(count)s masqué", "%(counted)s, dont %(count)s masqués", hidden)
    return said % {"counted": counted, "count": hidden}


def near(name: str, documents: Iterable[Document], *, topic: UUID) -> list[Document]:
    """The documents that are not linked to a topic and whose title or kind has a word of its name."""
    words = _words(name)
    return [one for one in current(documents) if topic not in one.topics and _has(one, words)]


def _words(name: str) -> frozenset[str]:
    """Without accents, capitals, or the marks of gender and number: « mentales » finds « mental »."""
    letters = "".join(one if one.isalnum() else " " for one in folded(name))
    every = {word for word in letters.split() if len(word) >= SHORTEST and word not in _EVERYWHERE}
    return frozenset(_ENDING.sub("", word) if len(word) > SHORTEST else word for word in every)


def _has(document: Document, words: Collection[str]) -> bool:
    said = (cards.title(document), cards.type_name(document), kind_label(cards.kind(document)))
    text = folded(" ".join(said))
    return any(word in text for word in words)


def nothing_ticked(path: str, request: HttpRequest) -> HttpResponseRedirect:
    """Back to the list, on the page of it that somebody comes from, with what to do first."""
    kept = request.META.get("QUERY_STRING", "") if request.method == "POST" else ""
    return HttpResponseRedirect(f"{path}?{kept}&{UNCHOSEN}=1" if kept else f"{path}?{UNCHOSEN}=1")


def path_of(topic_id: UUID, page: str = "topic") -> str:
    return reverse(page, args=[topic_id])
