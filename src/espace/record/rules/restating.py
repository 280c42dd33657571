"""What may be stated anew of a document once filed (ITI-57), by whoever may change it. Sources: CI-SIS ITI-57; D24.

What the bytes, their identity and their patient say never changes: to correct that, a new version is deposited. The
rest passes the rules of a deposit, as far as it changes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons.updating import ATTRIBUTE_KEPT, IDENTIFIER_KEPT
from espace.kernel.values import defaults, replace
from espace.kernel.words import Kinds, Problem
from espace.record.facts import Stated
from espace.record.rules.filing import code_problems, entitlement_problems
from espace.record.rules.imaging import new_studies
from espace.record.rules.lengths import entry_problems
from espace.record.rules.seeing import same_person
from espace.wire import kos
from espace.wire.cda import CDA_TYPES
from espace.wire.xds import Author, DocumentEntry

RESTATABLE: Mapping[str, str] = {
    "type": "typeCode",
    "class_": "classCode",
    "format": "formatCode",
    "title": "title",
    "comments": "comments",
    "language": "languageCode",
    "service_start": "serviceStartTime",
    "service_stop": "serviceStopTime",
    "authors": "author",
    "legal_authenticator": "legalAuthenticator",
    "facility_type": "healthcareFacilityTypeCode",
    "practice_setting": "practiceSettingCode",
    "event_codes": "eventCodeList",
    "reference_ids": "referenceIdList",
}
"""The attributes of a DocumentEntry, by their fields, that may be stated anew; their names in XDS are those of the
access log. `visibility` has rules of its own (`amending`); N, R, V stay, as at every door."""

_ELSEWHERE = frozenset({"place", "visibility"})
_KIND = ("type", "class_", "format")


def changed(before: DocumentEntry, after: DocumentEntry) -> tuple[str, ...]:
    """The attributes, by their fields, that an entry stated anew has otherwise."""
    names = (name for name in defaults(DocumentEntry) if name not in _ELSEWHERE)
    return tuple(name for name in names if _said(before, name) != _said(after, name))


def _said(entry: DocumentEntry, name: str) -> object:
    return tuple(map(_bare, entry.authors)) if name == "authors" else getattr(entry, name)


def _bare(author: Author) -> Author:
    return replace(author, later=False)


def restating_problems(
    stated: Stated, entry: DocumentEntry, *, writes: Kinds, at: datetime
) -> Iterator[Problem]:
    """Every reason why `entry` may not be what a document states from now on; `writes` are the kinds that the matrix
    lets who changes it deposit. The place of what stays as it was is that of the entry and the name of the field."""
    names = changed(stated.entry, entry)
    if "unique_id" in names:
        yield Problem(IDENTIFIER_KEPT, f"{entry.place}.unique_id")
    kept = (*(one for one in names if one not in RESTATABLE and one != "unique_id"), *_of_content(stated, entry, names))
    yield from (Problem(ATTRIBUTE_KEPT, f"{entry.place}.{one}") for one in dict.fromkeys(kept))
    if "type" in names and stated.entry.mime_type in CDA_TYPES and not stated.signs:
        yield _mismatch(stated.entry, entry)
    old = set(code_problems(replace(stated.entry, place=entry.place), at))
    yield from (one for one in code_problems(entry, at) if one not in old)
    yield from entry_problems(entry)
    if "type" in names:
        yield from entitlement_problems(entry, writes)


def _mismatch(before: DocumentEntry, after: DocumentEntry) -> Problem:
    """The type of a CDA is that of its header, as at the deposit."""
    new, old = (one.type.code[:20] if one.type else "" for one in (after, before))
    return Problem(reasons.METADATA_MISMATCH, f"{after.place}.type", f"{new} ≠ {old}")


def _of_content(stated: Stated, entry: DocumentEntry, names: tuple[str, ...]) -> Iterator[str]:
    """What the bytes of a manifest of images say, or what makes a signature one."""
    manifest = entry.mime_type == kos.MEDIA_TYPE
    if manifest or stated.signs or stated.signs_set:
        yield from (one for one in _KIND if one in names)
    if manifest and new_studies(stated.entry.reference_ids, entry.reference_ids):
        yield "reference_ids"


def restated_entry(before: DocumentEntry, after: DocumentEntry) -> DocumentEntry:
    """The entry to keep: an author named since the deposit only has no right by it, nor one who was taken out."""
    first = [one.person_id for one in before.authors if one.person_id and not one.later]
    authors = tuple(
        replace(one, later=bool(one.person_id) and not any(same_person(one.person_id, known) for known in first))
        for one in after.authors
    )
    return replace(after, authors=authors, place=before.place, visibility=before.visibility)
