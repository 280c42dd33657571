"""Documents as rows of a list: title, who, when, kind, marks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from espace.clinical.rules.searching import Extract
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.looks.professions import practised
from espace.looks.words import bound, cased, full_date, kind_label, local_day, month_name
from espace.record.facts import Document, Status
from espace.wire.nomenclature import Kind, kind_of, specialty_label, type_label
from espace.wire.xds import Author

Address = Callable[[UUID], str]
"""Where a door shows a document."""
Extracts = Callable[[UUID], tuple[Extract, ...]]
"""Where the words that are looked for stand in a document."""

MARKS: dict[Visibility, str] = {
    Visibility.MASQUE_PS: gettext_noop("Masqué aux professionnels"),
    Visibility.INVISIBLE_PATIENT: gettext_noop("Pas encore annoncé"),
    Visibility.INVISIBLE_REPRESENTANTS_LEGAUX: gettext_noop("Caché aux représentants légaux"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One row; every text is ready to be read."""

    path: str
    title: str
    by: str
    date: str
    iso: str
    kind: str
    icon: str
    is_new: bool
    marks: tuple[str, ...]
    extracts: tuple[Extract, ...] = ()
    """Where the words that are looked for stand in it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The documents that a reader has opened, known from `since` on (None: from the beginning)."""

    ids: frozenset[UUID]
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Month:
    label: str
    cards: tuple[Card, ...]


def happened_at(document: Document) -> datetime:
    """When the act took place, else when the document was written, else when it arrived."""
    entry = document.entry
    return entry.service_start or entry.creation_time or document.deposited_at


def kind(document: Document) -> Kind:
    entry = document.entry
    return kind_of(entry.type.code if entry.type else "", entry.class_.code if entry.class_ else "")


def type_name(document: Document) -> str:
    stated = document.entry.type
    return (type_label(stated.code) or stated.display) if stated else ""


def title(document: Document) -> str:
    if document.damaged:
        return gettext("Document illisible : signalé à l’exploitant")
    return bound(written_title(document))


def written_title(document: Document) -> str:
    """As it was given, to be changed: what else it is called where it has none."""
    return document.entry.title.strip() or type_name(document) or kind_label(kind(document))


def person_name(author: Author) -> str:
    return f"{cased(author.given)} {cased(author.family)}".strip()


def author_line(author: Author) -> str:
    """« Anne Morel, Biologie médicale »: the person, and what they practise."""
    specialty = (specialty_label(author.specialty.code) or author.specialty.display) if author.specialty else ""
    return ", ".join(filter(None, (person_name(author), practised(specialty))))


def institution(document: Document) -> str:
    stated = (author.institution for author in document.entry.authors if author.institution)
    return next(stated, document.organisation_name)


def written_by(document: Document) -> str:
    """« Anne Morel · Laboratoire des Tilleuls »."""
    names = (person_name(author) for author in document.entry.authors)
    return " · ".join(filter(None, (next(filter(None, names), ""), institution(document))))


def added_by(document: Document) -> str:
    """Who added what is the holder's own, to others: they, or somebody who helps them, whose author has one name only
    (`record.actions.owning`)."""
    author = next(iter(document.entry.authors), None)
    if author is None or author.given or not author.family:
        return gettext("Ajouté par le patient")
    return gettext("Ajouté par %(name)s, qui aide le patient") % {"name": author.family}


def marks(document: Document, *, to_others: bool = False) -> tuple[str, ...]:
    """What is said of a document in a few words; `to_others` than the holder, that the holder added it."""
    own = (added_by(document),) if to_others and document.own else ()
    replaced = (gettext("Version remplacée"),) if document.status is not Status.APPROVED else ()
    restrictions = tuple(gettext(MARKS[code]) for code in sorted(document.restrictions))
    return own + replaced + restrictions


def card(document: Document, address: Address, opened: Opened | None = None, *, to_others: bool = False) -> Card:
    """A row that leads where `address` says; nothing is « new » when nobody knows what was opened.

    `to_others`: for whoever is not the holder."""
    at = happened_at(document)
    return Card(
        path=address(document.id),
        title=title(document),
        by=written_by(document),
        date=full_date(local_day(at)),
        iso=local_day(at).isoformat(),
        kind=kind_label(kind(document)),
        icon=kind(document).icon,
        is_new=opened is not None and is_new(document, opened),
        marks=marks(document, to_others=to_others),
    )


def is_new(document: Document, opened: Opened) -> bool:
    """« Nouveau »: a current document that arrived since we know what was opened, and was not."""
    known = opened.since is None or document.deposited_at >= opened.since
    return known and document.status is Status.APPROVED and document.id not in opened.ids


def newest_first(documents: Collection[Document]) -> tuple[Document, ...]:
    return tuple(sorted(documents, key=lambda one: (happened_at(one), one.id), reverse=True))


def by_month(
    documents: Collection[Document], address: Address, *, to_others: bool = False, extracts: Extracts | None = None
) -> tuple[Month, ...]:
    """Rows under the month in which things happened, in the order given, with where the words stand (`extracts`)."""

    def row(one: Document) -> Card:
        found = extracts(one.id) if extracts else ()
        return replace(card(one, address, to_others=to_others), extracts=found)

    grouped = groupby(documents, key=lambda one: local_day(happened_at(one)).replace(day=1))
    return tuple(Month(month_name(first), tuple(map(row, group))) for first, group in grouped)
