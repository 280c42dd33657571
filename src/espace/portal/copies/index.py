"""« index.html »: whose copy it is, what is in it, every document by kind and date, and what its holder decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from espace.access import queries as access
from espace.identity import queries as identity
from espace.kernel.words import Grant
from espace.looks import cards
from espace.looks.professions import profession_name
from espace.looks.words import full_date, full_moment, kind_label, local_day
from espace.portal.copies.places import HISTORY, INDEX, NO_PROOF, PROOF, Paths, languages, main_file
from espace.portal.pages.readers import about, why
from espace.record import queries as record
from espace.record.facts import Document

TEMPLATE = "portal/copies/index.html"


@dataclass(frozen=True, slots=True)
class Listed:
    """One document: where it is read, where it is as it was deposited ("" where that is the same)."""

    title: str
    by: str
    date: str
    iso: str
    marks: tuple[str, ...]
    path: str
    original: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kinds:
    label: str
    documents: tuple[Listed, ...]


def index(grant: Grant, paths: Paths, *, language: str) -> tuple[str, Iterable[bytes]]:
    """The first page, in one language."""
    return INDEX[language], _page(grant, paths, language)


def _page(grant: Grant, paths: Paths, language: str) -> Iterator[bytes]:
    documents = [one for one in record.documents(grant) if one.id in paths]
    person = identity.own_person(grant)
    with override(language):
        context = {
            "language": language,
            "other": languages(INDEX, language),
            "name": person.name,
            "born": full_date(person.traits.birth_date),
            "ins": person.ins[-1].number,
            "made": full_moment(grant.at),
            "count": len(documents),
            "kinds": by_kind(documents, paths),
            "folders": _folders(grant, documents, paths),
            "readers": _readers(grant),
            "switches": access.switches(grant),
            "history": HISTORY[language],
            "proof": PROOF,
            "no_proof": NO_PROOF,
        }
        page = render_to_string(TEMPLATE, context)
    yield page.encode()


def by_kind(documents: Sequence[Document], paths: Paths) -> tuple[Kinds, ...]:
    """Kinds by name, the newest document of each first."""
    found = sorted(cards.newest_first(documents), key=_kind)  # sorting keeps the order of equals
    return tuple(
        Kinds(label, tuple(_listed(one, paths[one.id]) for one in some)) for label, some in groupby(found, key=_kind)
    )


def _kind(document: Document) -> str:
    return kind_label(cards.kind(document))


def _listed(document: Document, names: Sequence[str]) -> Listed:
    day, path = local_day(cards.happened_at(document)), main_file(names)
    return Listed(
        title=cards.title(document),
        by=cards.written_by(document),
        date=full_date(day),
        iso=day.isoformat(),
        marks=(*cards.marks(document), *([gettext("Ajouté par vous")] if document.own else ())),
        path=path,
        original=names[0] if names[0] != path else "",
        also=tuple(name for name in names[1:] if name != path),
    )


def _folders(grant: Grant, documents: Sequence[Document], paths: Paths) -> Mapping[str, tuple[Listed, ...]]:
    held: dict[UUID, list[Document]] = {}
    for one in documents:
        if one.folder:
            held.setdefault(one.folder, []).append(one)
    return {
        one.name: tuple(_listed(document, paths[document.id]) for document in held.get(one.id, ()))
        for one in record.folders(grant, among=documents)
    }


def _readers(grant: Grant) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Every professional linked to the space: name, what they are, why they may read it or not."""
    return tuple(
        (one.name, about(profession_name(one.profession), one.organisation_name), tuple(why(one, grant.at)))
        for one in access.relations(grant)
    )


