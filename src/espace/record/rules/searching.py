"""What a search finds among what its reader may see. Pure: rows are opened and hidden ones left out before.

Sources: R4 search.html (tokens, strings, dates), ITI TF-2 3.18 (what XDS searches by), MHD 4.2. Ids give the
default order, so that pages stay stable while others deposit.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from espace.kernel.reasons import transport as reasons
from espace.kernel.words import Refused
from espace.record.facts import (
    Attribute,
    Deposit,
    Document,
    FiledFolder,
    OwnFolder,
    Page,
    Search,
    Status,
    SubmissionSet,
)
from espace.record.rules.filing import bare_id
from espace.wire.ebxml.hl7 import person_text
from espace.wire.fhir.searching import How, Numbered, Pattern, Span, Target, Text, Token, Value, When, compares, fold
from espace.wire.identifiers import person_system, structure_system
from espace.wire.nomenclature import system_of, systems
from espace.wire.xds import Author, Coded, DocumentEntry, Linking

Item = Coded | str | Span | UUID
"""What a value is compared with: a code, a text, a moment or a period, a document."""

_INSTANT = timedelta(microseconds=1)
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


class Identified(Protocol):
    """What is searched for."""

    @property
    def id(self) -> UUID: ...


class Ordering(Protocol):
    """Upwards or down."""

    @property
    def descending(self) -> bool: ...


class Asked(Protocol):
    """What a criterion asks of what it looks at."""

    @property
    def values(self) -> tuple[Value, ...]: ...
    @property
    def negated(self) -> bool: ...
    @property
    def missing(self) -> bool | None: ...


S = TypeVar("S", bound=Identified)


def page_of(visible: Iterable[S], items: Mapping[Attribute, Callable[[S], Iterable[Item]]], search: Search) -> Page[S]:
    """What a search answers, in its order. Raises Refused(PAGE_EXPIRED) when the page before ended with something
    that is no longer visible, in an order whose places do not follow from the id alone."""
    ordered = sorted(visible, key=lambda one: one.id.int, reverse=True)  # a UUID compares as it, slowly
    for order in reversed(search.order):
        ordered = sorted_by(ordered, items[order.attribute], order)
    kept = ordered
    if search.criteria:
        kept = [one for one in ordered if all(holds(items[c.attribute](one), c) for c in search.criteria)]
    rest = _after(ordered, kept, search)
    page = rest if search.count is None else rest[: search.count]
    return Page(tuple(page), len(kept), bool(page) and len(rest) > len(page))


def sorted_by(found: list[S], items: Callable[[S], Iterable[Item]], order: Ordering) -> list[S]:
    """A stable sort by the first value upwards, by the last one down (search.html#sort); without one, last."""
    best = max if order.descending else min
    keys = {one.id: best(map(_sort_key, items(one)), default="") for one in found}
    there = sorted((one for one in found if keys[one.id]), key=lambda one: keys[one.id], reverse=order.descending)
    return there + [one for one in found if not keys[one.id]]


def _sort_key(item: Item) -> str:
    if isinstance(item, Span):
        return item.low.astimezone(UTC).isoformat()
    return item.code if isinstance(item, Coded) else fold(str(item))


def _after(ordered: list[S], kept: list[S], search: Search) -> list[S]:
    """What follows the last page. In the default order an id has its place even when it is gone."""
    after = search.after
    if after is None:
        return kept
    if not search.order:
        return [one for one in kept if one.id < after]
    place = next((place for place, one in enumerate(ordered) if one.id == after), None)
    if place is None:
        raise Refused(reasons.PAGE_EXPIRED, place="http._after")
    following = {one.id for one in ordered[place + 1 :]}
    return [one for one in kept if one.id in following]


def holds(items: Iterable[Item], criterion: Asked) -> bool:
    """Whether what something has is what a criterion asks for."""
    found = tuple(items)
    if criterion.missing is not None:
        return criterion.missing is not bool(found)
    matched = any(_SAME[type(value)](value, item) for value in criterion.values for item in found)
    return matched is not criterion.negated


def _same_code(token: Token, item: Coded) -> bool:
    """R4, search.html#token: codes count to the letter; a system only where one is said."""
    return token.code in ("", item.code) and (token.system is None or token.system == _named(item.system))


def _named(system: str) -> str:
    """A system as a search names it: its bare OID where it is known to have one."""
    known = system_of(system)
    return known.oid if known else system.removeprefix("urn:oid:")


def _same_text(text: Text, item: str) -> bool:
    if text.how is How.EXACT:
        return item == text.words
    found = fold(item)
    return text.words in found if text.how is How.CONTAINS else found.startswith(text.words)


def _same_number(wanted: Numbered, item: Coded) -> bool:
    """A document whose sender did not say of what kind its number is has any: FHIR cannot say it."""
    same = wanted.authority in ("", _named(item.system)) and wanted.kind in ("", item.display or wanted.kind)
    return same and wanted.number == item.code


def _like(pattern: Pattern, item: str) -> bool:
    """SQL's LIKE, in time that no pattern makes long: the last % alone is ever gone back to."""
    wanted, at, place, back, since = pattern.text, 0, 0, -1, 0
    while place < len(item):
        sign = wanted[at] if at < len(wanted) else ""
        if sign == "%":
            back, since = at, place
            at += 1
        elif sign in ("_", item[place]) and sign:
            at, place = at + 1, place + 1
        elif back >= 0:
            at, since = back + 1, since + 1
            place = since
        else:
            return False
    return not wanted[at:].strip("%")


def _same_target(target: Target, item: UUID | str) -> bool:
    return target.id == str(item)


_SAME: dict[type, Callable[[Any, Any], bool]] = {
    Token: _same_code,
    Text: _same_text,
    When: compares,
    Target: _same_target,
    Pattern: _like,
    Numbered: _same_number,
}


def _ids(found: UUID, unique_id: str) -> tuple[Coded, ...]:
    """The names that something has: its uniqueId and the id given here, each with and without its `urn:`."""
    names = (unique_id, bare_id(unique_id), f"urn:uuid:{found}", str(found))
    return tuple(Coded(name) for name in names if name)


def _coded(*codes: Coded | None) -> tuple[Coded, ...]:
    return tuple(code for code in codes if code)


def _at(moment: datetime | None) -> tuple[Span, ...]:
    return (Span(moment, moment + _INSTANT),) if moment else ()


def _service(entry: DocumentEntry) -> tuple[Span, ...]:
    """A period that is open at one end goes on for ever there."""
    start, stop = entry.service_start, entry.service_stop
    return (Span(start or _BEGINNING, stop + _INSTANT if stop else _END),) if start or stop else ()


def _names(*names: str) -> tuple[str, ...]:
    """Names as they may be looked for: whole, or each of several."""
    return tuple(part for name in names if name for part in dict.fromkeys((name, *name.split())))


def _persons(authors: Sequence[Author]) -> tuple[str, ...]:
    """Authors as XDS has them: its patterns are of that text (ITI TF-2, 3.18.4.1.2.3.7.1)."""
    return tuple(filter(None, map(person_text, authors)))


def _numbers(authors: Sequence[Author]) -> tuple[Coded, ...]:
    said = [(a.person_id, person_system) for a in authors] + [(a.institution_id, structure_system) for a in authors]
    return tuple(Coded(number, system(number)) for number, system in said if number)


def _relations(document: Document) -> Iterator[tuple[str, UUID]]:
    """What a document says of others, in the codes of R4 (`relatesTo`)."""
    if document.replaces:
        yield "replaces", document.replaces
        if document.by_transforming:
            yield "transforms", document.replaces
    for one in document.related:
        yield _RELATIONS[one.kind], one.other
    yield from (("signs", signed) for signed in document.signs)


_RELATIONS = {Linking.APPENDS: "appends", Linking.TRANSFORMS: "transforms"}


def _confidentiality(document: Document) -> tuple[Coded, ...]:
    level = Coded(document.entry.confidentiality, systems.CONFIDENTIALITY_CODE.oid)
    return (level, *(Coded(one, systems.VISIBILITY.oid) for one in document.restrictions))


def _authors_of(one: SubmissionSet) -> tuple[Author, ...]:
    return (one.stated.author,) if one.stated.author else ()


def _source(source_id: str) -> tuple[Coded, ...]:
    """The OID or URI of a source, or the number that it has under a system (`system|value`)."""
    system, bar, value = source_id.partition("|")
    return _coded(Coded(value, system) if bar else Coded(source_id) if source_id else None)


A = Attribute
DEPOSIT_ITEMS: Mapping[Attribute, Callable[[Deposit], Iterable[Item]]] = {
    A.ID: lambda d: (Coded(str(d.id)),),
    A.UNIQUE_ID: lambda d: _ids(d.id, d.unique_id),
    A.STATUS: lambda d: (Coded(d.status),),
    A.CHANGED: lambda d: _at(d.changed_at or d.deposited_at),
}
"""What a feeder may search its own deposits by."""

DOCUMENT_ITEMS: Mapping[Attribute, Callable[[Document], Iterable[Item]]] = {
    A.ID: lambda d: (Coded(str(d.id)),),
    A.UNIQUE_ID: lambda d: _ids(d.id, d.entry.unique_id),
    A.STATUS: lambda d: (Coded(d.status),),
    A.CHANGED: lambda d: _at(d.changed_at or d.deposited_at),
    A.TYPE: lambda d: _coded(d.entry.type),
    A.CLASS: lambda d: _coded(d.entry.class_),
    A.FORMAT: lambda d: _coded(d.entry.format),
    A.PRACTICE_SETTING: lambda d: _coded(d.entry.practice_setting),
    A.FACILITY_TYPE: lambda d: _coded(d.entry.facility_type),
    A.EVENT: lambda d: d.entry.event_codes,
    A.CONFIDENTIALITY: _confidentiality,
    A.MIME_TYPE: lambda d: _coded(Coded(d.entry.mime_type) if d.entry.mime_type else None),
    A.AUTHOR_GIVEN: lambda d: _names(*(author.given for author in d.entry.authors)),
    A.AUTHOR_FAMILY: lambda d: _names(*(author.family for author in d.entry.authors)),
    A.AUTHOR_ID: lambda d: _numbers(d.entry.authors),
    A.AUTHOR_PERSON: lambda d: _persons(d.entry.authors),
    A.CREATED: lambda d: _at(d.entry.creation_time),
    A.CREATED_OR_DEPOSITED: lambda d: _at(d.entry.creation_time or d.deposited_at),
    A.SERVICE: lambda d: _service(d.entry),
    A.SERVICE_START: lambda d: _at(d.entry.service_start),
    A.SERVICE_STOP: lambda d: _at(d.entry.service_stop),
    A.REFERENCE_ID: lambda d: d.entry.reference_ids,
    A.REPLACES: lambda d: tuple(target for _, target in _relations(d)),
    A.RELATION: lambda d: tuple(Coded(code) for code in dict.fromkeys(code for code, _ in _relations(d))),
}
"""What a reader may search documents by."""

SET_ITEMS: Mapping[Attribute, Callable[[SubmissionSet], Iterable[Item]]] = {
    A.ID: lambda s: (Coded(str(s.id)),),
    A.UNIQUE_ID: lambda s: _ids(s.id, s.stated.unique_id),
    A.STATUS: lambda s: (Coded(Status.APPROVED),),
    A.SET_KIND: lambda s: (Coded("submissionset"),),
    A.LIST_CODE: lambda s: (),
    A.CHANGED: lambda s: _at(s.submitted_at),
    A.SUBMITTED: lambda s: _at(s.stated.submission_time or s.submitted_at),
    A.CONTENT_TYPE: lambda s: _coded(s.stated.content_type),
    A.SOURCE_ID: lambda s: _source(s.stated.source_id),
    A.TITLE: lambda s: (s.stated.title,) if s.stated.title else (),
    A.AUTHOR_GIVEN: lambda s: _names(*(author.given for author in _authors_of(s))),
    A.AUTHOR_FAMILY: lambda s: _names(*(author.family for author in _authors_of(s))),
    A.AUTHOR_ID: lambda s: _numbers(_authors_of(s)),
    A.AUTHOR_PERSON: lambda s: _persons(_authors_of(s)),
}
"""What a reader may search submission sets by."""

FOLDER_ITEMS: Mapping[Attribute, Callable[[FiledFolder], Iterable[Item]]] = {
    **dict.fromkeys(SET_ITEMS, lambda f: ()),
    A.ID: lambda f: (Coded(str(f.id)),),
    A.UNIQUE_ID: lambda f: _ids(f.id, f.stated.unique_id),
    A.STATUS: lambda f: (Coded(f.status),),
    A.SET_KIND: lambda f: (Coded("folder"),),
    A.CHANGED: lambda f: _at(f.updated_at),
    A.SUBMITTED: lambda f: _at(f.updated_at),
    A.CONTENT_TYPE: lambda f: f.stated.codes,
    A.LIST_CODE: lambda f: f.stated.codes,
    A.TITLE: lambda f: (f.stated.title,) if f.stated.title else (),
}
"""What a reader may search filed folders by; what only sets have, no folder has."""

OWN_FOLDER_ITEMS: Mapping[Attribute, Callable[[OwnFolder], Iterable[Item]]] = {
    A.ID: lambda f: (Coded(str(f.id)),),
    A.UNIQUE_ID: lambda f: _ids(f.id, f.unique_id),
    A.STATUS: lambda f: (Coded(f.status),),
    A.CHANGED: lambda f: _at(f.updated_at),
}
"""What a feeder may search its own folders by."""


def _list_items(attribute: Attribute) -> Callable[[SubmissionSet | FiledFolder], Iterable[Item]]:
    of_set, of_folder = SET_ITEMS[attribute], FOLDER_ITEMS[attribute]
    return lambda one: of_folder(one) if isinstance(one, FiledFolder) else of_set(one)


LIST_ITEMS: Mapping[Attribute, Callable[[SubmissionSet | FiledFolder], Iterable[Item]]] = {
    attribute: _list_items(attribute) for attribute in SET_ITEMS
}
"""What a reader may search both by."""
