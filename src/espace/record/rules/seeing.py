"""What a reader sees. Sources: D50-D66: INVISIBLE_PATIENT hides from the holder, and while a new version is held
the holder keeps the old one as current; C06, C15, C30: professionals see the kinds of their profession, and what
is masked only as its author or as attending doctor, what is hidden from them by name only as its author."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from espace.kernel.reasons.decisions import DOCUMENT_UNKNOWN
from espace.kernel.values import replace
from espace.kernel.words import FROM_REPRESENTATIVES, Eyes, Sight, Verb, Visibility
from espace.record.facts import Document, Linked, Status, Unseen
from espace.record.rules.amending import replaced
from espace.record.rules.filing import PERSON_AUTHORITY
from espace.wire.xds import DocumentEntry, Folder, Submission

_RPPS = re.compile("8[0-9]{11}", re.ASCII)
_RPPS_SYSTEM = "https://rpps.esante.gouv.fr"
_PERSON_AUTHORITIES = (PERSON_AUTHORITY, f"urn:oid:{PERSON_AUTHORITY}")
_LISTINGS = frozenset({Verb.LIST, Verb.SEE_AS, Verb.HISTORY, Verb.OWN_DEPOSITS})


def seen_by_holder(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents the holder may see, as if the others did not exist."""
    return _projected(documents, _shown_to_holder)


def seen_by_helper(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents that somebody who helps the holder may see: what is hidden from the holder is from them, and what
    a minor keeps from legal representatives is nobody's else either (D55, D60; product.md « Documents »)."""
    return _projected(documents, _shown_to_helper)


def seen_by_professional(documents: Iterable[Document], sight: Sight) -> tuple[Document, ...]:
    """The documents that a professional may see: of the kinds that the matrix gives them, unmasked unless they are
    entitled to masked ones; and always those that they wrote. In a minor's secret care, those of that care alone.
    What the holder hides from one of them by name is not there, whatever else shows it but an emergency that does."""
    found = _projected(documents, lambda one: _shown_to_professional(one, sight))
    return tuple(map(_untold, found))


def seen_as(documents: Iterable[Document], eyes: Eyes, *, helper: bool = False) -> tuple[Document, ...]:
    """What somebody else would see, of what the holder does, or (`helper`) somebody who helps them: looking with the
    eyes of a professional tells of nothing that is held from who looks."""
    mine = _shown_to_helper if helper else _shown_to_holder
    found = () if eyes.shut else _projected(documents, lambda one: mine(one) and unseen_because(one, eyes) is None)
    return tuple(map(_untold, found))


def _untold(document: Document) -> Document:
    """Without what the holder keeps to themselves: whom it is hidden from by name, under which rules it is masked."""
    if not document.kept_from and not document.masked_by:
        return document
    return replace(document, kept_from=frozenset(), masked_by=frozenset())


def unseen_because(document: Document, eyes: Eyes) -> Unseen | None:
    """Why these eyes would not see a document; None where they would."""
    if eyes.shut:
        return Unseen.REFUSED
    if eyes.sight is None:
        return None if _shown_to_helper(document) else Unseen.REPRESENTATIVES
    if _shown_to_professional(document, eyes.sight):
        return None
    kind = document.entry.type.code if document.entry.type else ""
    if kind not in eyes.sight.reads:
        return Unseen.KIND
    return Unseen.NAMED if eyes.sight.reader in document.kept_from else Unseen.MASKED


def written_by(entry: DocumentEntry, national_id: str) -> bool:
    """Whether this professional (PS_IdNat) is one of the authors stated at the deposit, in whatever form software
    states them."""
    forms = _forms(national_id)
    return any(author.person_id in forms and not author.later for author in entry.authors)


def same_person(one: str, other: str) -> bool:
    """Whether two identifiers, in whatever form software states them, are one professional's; or the same."""
    return one == other or _national(one) == _national(other)


def _national(person_id: str) -> str:
    """PS_IdNat, of an identifier that is one in some form; else as it is."""
    number = person_id
    for prefix in (*_PERSON_AUTHORITIES, f"{_RPPS_SYSTEM}|"):
        number = number.removeprefix(prefix)
    return f"8{number}" if _RPPS.fullmatch(f"8{number}") else number


@lru_cache(maxsize=1024)
def _forms(national_id: str) -> frozenset[str]:
    """How one professional is named: PS_IdNat, or the RPPS in it (8 comes before it; an ADELI number has no such form),
    bare or after its authority."""
    rpps = national_id[1:] if _RPPS.fullmatch(national_id) else ""
    numbers = [one for one in (national_id, rpps) if one]
    named = {f"{prefix}{number}" for number in numbers for prefix in ("", *_PERSON_AUTHORITIES)}
    return frozenset(named | {f"{_RPPS_SYSTEM}|{rpps}"}) if rpps else frozenset(named)


def _shown_to_holder(document: Document) -> bool:
    return Visibility.INVISIBLE_PATIENT not in document.restrictions and document.status is not Status.DELETED


def _shown_to_helper(document: Document) -> bool:
    return _shown_to_holder(document) and FROM_REPRESENTATIVES.isdisjoint(document.restrictions)


def _shown_to_professional(document: Document, sight: Sight) -> bool:
    if document.status is Status.DELETED or (sight.secret and not document.restrictions >= FROM_REPRESENTATIVES):
        return False
    kind = document.entry.type.code if document.entry.type else ""
    shown = kind in sight.reads and (sight.masked or Visibility.MASQUE_PS not in document.restrictions)
    return (shown and sight.reader not in document.kept_from) or written_by(document.entry, sight.author)


def for_people(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The documents of health. The signature of a lot is proof between machines, about documents that are here: it is
    told by the doors for software, on no page and in no count."""
    return tuple(one for one in documents if not one.signs)


def _projected(documents: Iterable[Document], shows: Callable[[Document], bool]) -> tuple[Document, ...]:
    """Those that show. A signature names what it signs: it shows to whoever sees all of that."""
    documents = tuple(documents)
    shown = {d.id: d for d in documents if shows(d)}
    shown = {one: d for one, d in shown.items() if not d.signs or shown.keys() >= set(d.signs)}
    signed: dict[UUID, tuple[UUID, ...]] = {}
    for one in shown.values():
        signed.update((target, (*signed.get(target, ()), one.id)) for target in (() if one.signs_set else one.signs))
    deleted = {d.id: d for d in documents if d.status is Status.DELETED and shows(replace(d, status=Status.APPROVED))}
    found = {d.id: _without(d, shown, deleted) for d in documents if d.id in shown}
    if any(one.related for one in shown.values()):
        found = _beside(found)
    return tuple(replace(d, signed_by=signed[d.id]) if d.id in signed else d for d in found.values())


def _beside(found: Mapping[UUID, Document]) -> dict[UUID, Document]:
    """These documents, each with those that it appends or transforms, and that do so to it, among them alone. One that
    stands beside what is replaced is « Deprecated » with it (ITI TF-3, 4.2.2.2), for whoever sees all of it."""
    linked = {id: tuple(one for one in d.related if one.other in found) for id, d in found.items() if d.related}
    towards: dict[UUID, tuple[Linked, ...]] = {}
    for source, links in linked.items():
        for one in links:
            towards[one.other] = (*towards.get(one.other, ()), Linked(one.kind, source))
    told = {
        id: replace(d, related=linked.get(id, ()), related_by=towards.get(id, ())) if d.related or id in towards else d
        for id, d in found.items()
    }
    waiting = [d for d in told.values() if d.status is Status.DEPRECATED and d.related_by]
    while waiting:
        before = waiting.pop()
        for one in before.related_by:
            after = told[one.other]
            if replaced(after.status) is not after.status:
                told[after.id] = _deprecated(after, before.changed_at or before.deposited_at)
                waiting.append(told[after.id])
    return told


def _without(document: Document, shown: Mapping[UUID, Document], deleted: Mapping[UUID, Document]) -> Document:
    """This document with no sign of a neighbour that is not shown. One replaced by what shows is « Deprecated »; by
    what does not, it is in its own state. A deleted successor that would be shown otherwise
    leaves it replaced; one that was hidden already does not. A successor that shows changed it that day."""
    if document.replaced_by is not None:
        successor = shown.get(document.replaced_by)
        document = _followed(document, successor or deleted.get(document.replaced_by))
        transformed = successor is not None and successor.by_transforming
        document = replace(
            document, replaced_by=successor.id if successor else None, replaced_by_transforming=transformed
        )
    if document.replaces is not None and document.replaces not in shown:
        document = replace(document, replaces=None, by_transforming=False)
    return document


def _followed(document: Document, successor: Document | None) -> Document:
    """A replaced document as whoever knows of its successor sees it, or as whoever knows of none does."""
    return _deprecated(document, successor.deposited_at) if successor else document


def _deprecated(document: Document, since: datetime) -> Document:
    return replace(document, status=replaced(document.status), changed_at=max(document.changed_at or since, since))


def told_of(stated: Submission, *, whole: bool) -> Submission:
    """What a set says of itself: one of which a member does not show keeps to itself what may tell of it.

    Only what a sender may leave out, so that its absence tells nothing either: the type of content may not be.
    """
    return stated if whole else replace(stated, title="", comments="", author=None)


def told_of_folder(stated: Folder, *, whole: bool) -> Folder:
    """What a filed folder says of itself, as `told_of` a set."""
    return stated if whole else replace(stated, title="", comments="")


_FROM_HOLDER = frozenset({Visibility.INVISIBLE_PATIENT})


def line_shown(
    verb: Verb,
    objects: Collection[UUID],
    hidden_from: Collection[Visibility],
    shown: Collection[UUID],
    *,
    helper: bool = False,
) -> bool:
    """Whether the holder, or somebody who helps them, reads this line of the access log: a line inherits the visibility
    of its objects.

    A listing is shown with the objects that may be seen, even none, unless the line is about hidden ones only; a line
    about objects none of which may be seen is not shown, nor is a refused deposit that asked to be hidden from the
    holder. A minor's representatives never read what was done while a document was kept secret from them, though they
    see it since.
    """
    if helper and not FROM_REPRESENTATIVES.isdisjoint(hidden_from):
        return False
    hides = not _FROM_HOLDER.isdisjoint(hidden_from)
    if verb in _LISTINGS and not hides:
        return True
    if objects:
        return any(one in shown for one in objects)
    return not hides


_TOLD_TO_PROFESSIONALS = frozenset(
    {
        *(Verb.DEPOSIT, Verb.LIST, Verb.READ, Verb.DOWNLOAD, Verb.OWN_DEPOSITS, Verb.AMEND, Verb.ANNOUNCE, Verb.STATUS),
        *(Verb.CONSENT, Verb.WITHDRAW, Verb.BREAK_GLASS, Verb.HISTORY, Verb.TEAM, Verb.ADD_MEMBER, Verb.END_TEAM),
        *(Verb.BLOCK, Verb.UNBLOCK, Verb.GIVE_ACCESS, Verb.END_ACCESS, Verb.NAME_DOCTOR, Verb.NAME_ADMINISTRATOR),
        *(Verb.REMOVE_ADMINISTRATOR, Verb.ADD, Verb.DESCRIBE, Verb.REMOVE, Verb.RESTORE, Verb.STATE),
    }
)
"""What the attending doctor and administrators read of in the access log. The rest is between the holder and those who
help them: from whom they hide a document, what they chose to be told, who acts for them."""


_ABOUT_ONE = frozenset(
    {
        *(Verb.DEPOSIT, Verb.READ, Verb.DOWNLOAD, Verb.AMEND, Verb.ANNOUNCE, Verb.ADD, Verb.DESCRIBE, Verb.REMOVE),
        Verb.RESTORE,
    }
)
"""Of which a refused one could tell that something is there: where nothing is, there is no line."""


def line_shown_to_professional(
    verb: Verb,
    objects: Collection[UUID],
    hidden_from: Collection[Visibility],
    shown: Collection[UUID],
    *,
    refused: str = "",
) -> bool:
    """Whether the attending doctor or an administrator reads this line of the access log (R1111-43): it inherits the
    visibility of its objects for them, and one that was hidden from somebody shows with an object that they see.
    `refused` is the reason of a refusal, "" where there was none."""
    if verb not in _TOLD_TO_PROFESSIONALS:
        return False
    if refused and (verb in _ABOUT_ONE or refused == DOCUMENT_UNKNOWN.code):
        return False
    if objects and not (verb in _LISTINGS and not hidden_from):
        return any(one in shown for one in objects)
    return not hidden_from
