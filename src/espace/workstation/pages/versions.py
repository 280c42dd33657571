"""What a document that is composed does to those of its type that are there: one is replaced, the others stay."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext

from espace.looks import cards
from espace.looks.words import lately, local_day, short_date
from espace.record.facts import Document, Status
from espace.wire.cda_writing.words import Model

MOST_NAMED = 3
"""Documents that stay and are named, the newest ones."""


def beside(documents: Iterable[Document], model: Model, before: Document | None) -> tuple[Document, ...]:
    """Those in force of this type, of the ones that the reader sees, but for what is replaced (`composing.earlier`);
    the newest first."""
    found = (one for one in documents if one.status is Status.APPROVED and one is not before)
    return cards.newest_first([one for one in found if one.entry.type and one.entry.type.code == model.type.code])


def replaced_words(before: Document | None, at: datetime) -> str:
    """Of what is replaced, if anything is."""
    if before is None:
        return ""
    said = gettext("Cette version remplacera celle que vous avez déposée %(when)s.")
    return said % {"when": lately(before.deposited_at, at)}


def beside_words(documents: Sequence[Document], named: str) -> Iterator[str]:
    """A sentence for each that stays; `named`, the sentence that names one by its `day`, and never by its author: a
    page that is about to quote tells nothing of what it may not quote."""
    for one in documents[:MOST_NAMED]:
        yield named % {"day": short_date(local_day(cards.happened_at(one)))}
    if documents[MOST_NAMED:]:
        yield gettext("D’autres, plus anciennes, y restent aussi.")
