"""What the holder sees. Sources: D50-D66: INVISIBLE_PATIENT hides from the holder,
and while a new version is held the holder keeps the old one as current."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from espace.kernel.words import Verb, Visibility
from espace.record.facts import Deposit, Document, Page, Search, Status
from espace.record.rules.filing import bare_id

_LISTINGS = frozenset({Verb.LIST, Verb.HISTORY, Verb.OWN_DEPOSITS})


def seen_by_holder(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents the holder may see, as if the others did not exist."""
    documents = tuple(documents)
    shown = {d.id for d in documents if not _hidden_from_holder(d)}
    return tuple(_without(d, shown) for d in documents if d.id in shown)


def _hidden_from_holder(document: Document) -> bool:
    return Visibility.INVISIBLE_PATIENT in document.restrictions or document.status is Status.DELETED


def _without(document: Document, shown: Collection[UUID]) -> Document:
    """This document with no sign of a neighbour that is not shown."""
    if document.replaced_by is not None and document.replaced_by not in shown:
        document = replace(document, status=Status.APPROVED, replaced_by=None)
    if document.replaces is not None and document.replaces not in shown:
        document = replace(document, replaces=None)
    return document


D = TypeVar("D", Document, Deposit)


def page_of(found: Iterable[D], unique_id: Callable[[D], str], search: Search) -> Page[D]:
    """What a search answers, newest first; ids give the order, so that pages stay stable while others deposit."""
    wanted = {bare_id(one) for one in search.unique_ids}
    kept = [
        one
        for one in sorted(found, key=lambda d: d.id, reverse=True)
        if (not wanted or bare_id(unique_id(one)) in wanted) and (not search.statuses or one.status in search.statuses)
    ]
    rest = [one for one in kept if search.after is None or one.id < search.after]
    page = rest if search.count is None else rest[: search.count]
    return Page(tuple(page), len(kept), bool(page) and len(rest) > len(page))


def line_shown(
    verb: Verb, objects: Collection[UUID], hidden_from: Collection[Visibility], shown: Collection[UUID]
) -> bool:
    """Whether the holder reads this line of the access log: a line inherits the visibility of its objects.

    A listing is shown with the objects that may be seen, even none; a line about objects none of which
    may be seen is not shown, nor is a refused deposit that asked to be hidden from the holder.
    """
    if verb in _LISTINGS:
        return True
    if objects:
        return any(one in shown for one in objects)
    return Visibility.INVISIBLE_PATIENT not in hidden_from
