"""PATCH of a DocumentReference (R4, http.html#patch; PDSm 3.1.1, flux 03; ITI-57): bytes → what is wanted of it.

Three forms of body, one small tree: status, securityLabel and two extensions of PDSm may change. The tree is what
whoever deposited the document knows of it, and never holds what its holder decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from espace.kernel.reasons import care
from espace.kernel.words import Problem, Visibility
from espace.wire.fhir import json, shape
from espace.wire.fhir.answers import STATUSES, deposit
from espace.wire.fhir.answers.codes import concepts
from espace.wire.fhir.documents import IS_ARCHIVED, IS_DELETED, labels
from espace.wire.fhir.patching_json import read_json_patch, read_merge_patch
from espace.wire.fhir.patching_path import read_path_patch
from espace.wire.fhir.patching_tree import PLACES, Operation, applied
from espace.wire.fhir.resources import DocumentReference, Extension
from espace.wire.nomenclature import systems
from espace.wire.report import Overflow, Report
from espace.wire.xds import Coded

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
FHIR_JSON = "application/fhir+json"
PATCH_TYPES = frozenset({JSON_PATCH, MERGE_PATCH, FHIR_JSON, "application/json"})
"""`application/json` is taken for a merge patch where it is an object, as some clients send it, else for JSON Patch."""

MAX_BYTES = 65_536
_LIMITS = json.Limits(depth=16, tokens=8_000, digits=16, text=4_096)
_DELETED = "entered-in-error"
_DELETED_FLAG = Extension(url=IS_DELETED, value_boolean=True)


class Amendable(Protocol):
    """A document as its depositor knows it; `status` is the last part of XDS availabilityStatus."""

    @property
    def id(self) -> UUID: ...
    @property
    def unique_id(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def deposited_at(self) -> datetime: ...
    @property
    def changed_at(self) -> datetime | None: ...
    @property
    def confidentiality(self) -> str: ...
    @property
    def visibility(self) -> frozenset[Visibility]: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the document is to become; `archived` is None where it stays as it is."""

    archived: bool | None
    deleted: bool
    visibility: frozenset[Visibility]


def read_patch(data: bytes, media_type: str, entry_id: str) -> tuple[tuple[Operation, ...], tuple[Problem, ...]]:
    """The operations that a body asks for, or every problem of it. Never raises."""
    value, malformed = json.read(data, limits=_LIMITS)
    if malformed:
        return (), malformed
    report = Report()
    try:
        if media_type == JSON_PATCH or (media_type == "application/json" and isinstance(value, list)):
            operations = read_json_patch(value, report)
        elif media_type == FHIR_JSON:
            operations = read_path_patch(value, report)
        else:
            operations = read_merge_patch(value, entry_id, report)
    except Overflow:
        operations = ()
    return operations, tuple(report.problems)


def depositor_view(known: Amendable) -> DocumentReference:
    """The document as its depositor knows it: ids, state, and the restrictions that they set themselves."""
    found = deposit(
        id=known.id,
        unique_id=known.unique_id,
        status=known.status,
        deposited_at=known.deposited_at,
        changed_at=known.changed_at,
    )
    said = [Coded(known.confidentiality, systems.CONFIDENTIALITY_CODE.oid)]
    said += [Coded(code, systems.VISIBILITY.oid) for code in sorted(known.visibility)]
    extension = (*found.extension, _DELETED_FLAG) if known.status == "Deleted" else found.extension
    return msgspec.structs.replace(found, extension=extension, security_label=concepts(said))


def wanted(operations: tuple[Operation, ...], known: Amendable) -> tuple[Wanted | None, tuple[Problem, ...]]:
    """What these operations make of the document, or every problem. Never raises."""
    whole = msgspec.json.decode(msgspec.json.encode(depositor_view(known)))
    tree, stopped = applied({name: whole.get(name, []) for name in PLACES}, operations)
    if stopped:
        return None, stopped
    report = Report()
    try:
        resource = shape.resource_of({"resourceType": "DocumentReference", **_without_nothing(tree)}, report)
        if not isinstance(resource, DocumentReference) or report.problems:
            return None, tuple(report.problems)
        found = _wanted(resource, known, report)
    except Overflow:
        return None, tuple(report.problems)
    return (None if report.problems else found), tuple(report.problems)


def _without_nothing(tree: dict[str, object]) -> dict[str, object]:
    """FHIR has no empty list: an element whose last item was removed is not there."""
    return {name: value for name, value in tree.items() if value != []}


def _wanted(resource: DocumentReference, known: Amendable, report: Report) -> Wanted:
    said = dict(_flags(resource.extension, report))
    stated, visibility = labels(resource.security_label, "DocumentReference", report)
    if stated not in ("", known.confidentiality):
        report.add(care.CHANGE_REFUSED, "DocumentReference.securityLabel", "N, R and V stay as deposited")
    was_archived, was_deleted = known.status == "Archived", known.status == "Deleted"
    archived = said.get(IS_ARCHIVED, False)
    if was_deleted and (archived or not said.get(IS_DELETED, False)):
        report.add(care.CHANGE_REFUSED, "DocumentReference.extension", "a deleted document stays deleted")
    deleted = _deletes(resource.status, known, report) or said.get(IS_DELETED, False)
    return Wanted(None if archived is was_archived else archived, deleted, visibility)


def _deletes(status: str | None, known: Amendable, report: Report) -> bool:
    """Whether the status asks for deletion. It says nothing else: only a replacement supersedes."""
    if status == STATUSES[known.status]:
        return status == _DELETED
    if status != _DELETED:
        why = "entered-in-error deletes; superseded comes with a replacement only, and current not back"
        report.add(care.CHANGE_REFUSED, "DocumentReference.status", why)
    return True


def _flags(extensions: tuple[Extension, ...], report: Report) -> Iterator[tuple[str, bool]]:
    seen: set[str] = set()
    for index, one in enumerate(extensions):
        url = one.url or ""
        if url not in (IS_ARCHIVED, IS_DELETED) or one.value_boolean is None or url in seen:
            place = f"DocumentReference.extension[{index}]"
            report.add(care.CHANGE_REFUSED, place, "isArchived or isDeleted of PDSm, once, with a boolean")
            continue
        seen.add(url)
        yield url, one.value_boolean


def etag(known: Amendable) -> str:
    """The version of a document: when it last changed, and its status, which a replacement changes."""
    at = known.changed_at or known.deposited_at
    return f'W/"{int(at.timestamp() * 1_000_000):x}-{STATUSES[known.status]}"'


def met(if_match: str, tag: str) -> bool:
    """Whether `If-Match` holds (RFC 9110, 13.1.1; FHIR compares weak tags too). No header asks for nothing."""
    if not if_match.strip() or if_match.strip() == "*":
        return True
    return tag.removeprefix("W/") in (one.strip().removeprefix("W/") for one in if_match[:1000].split(","))
