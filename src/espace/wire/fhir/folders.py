"""The Folder List of MHD 4.2 (« IHE.MHD.Comprehensive.Folder ») → an XDS Folder."""

from collections.abc import Mapping

from espace.kernel.values import replace
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.people import contained_in, statements
from espace.wire.fhir.relating import own_reference
from espace.wire.fhir.resources import List
from espace.wire.fhir.submission_set import DESIGNATION, check_fixed, item_of, list_unique_id
from espace.wire.fhir.values import coded
from espace.wire.report import Report
from espace.wire.xds import Folder, PatientStatement

MAX_FOLDERS, MAX_MEMBERS = 100, 1_000
"""Of one bundle, and documents of one folder that it brings."""


def read_folder(
    resource: List, place: str, reading: Reading, report: Report
) -> tuple[Folder, tuple[PatientStatement, ...]]:
    """The folder that a List states, and of which patient. Its members are named by fullUrl (`reading.beside`) until
    `named`, or as `DocumentReference/<id>`; its date, lastUpdateTime, is ours to say. The uniqueId is needed (ours)."""
    contained = contained_in(resource, place, report)
    check_fixed(resource, place, "folder", report)
    unique_id = list_unique_id(resource, place, report)
    if not unique_id:
        report.missing(f"{place}.identifier", "the uniqueId")
    kinds = (one.value_codeable_concept for one in resource.extension if one.url == DESIGNATION)
    codes = tuple(code for kind in kinds if (code := coded(kind)))
    if not codes:
        report.missing(f"{place}.extension", "ihe-designationType")
    if resource.subject is None:
        report.missing(f"{place}.subject")
    folder = Folder(
        place=place,
        unique_id=unique_id,
        title=resource.title or "",
        codes=codes,
        comments=" ".join(note.text for note in resource.note if note.text),
        members=_members(resource, place, reading, report),
    )
    subject = resource.subject
    return folder, tuple(statements(subject, contained, f"{place}.subject", report)) if subject else ()


def _members(resource: List, place: str, reading: Reading, report: Report) -> tuple[str, ...]:
    found: list[str] = []
    if len(resource.entry) > MAX_MEMBERS:
        report.invalid(f"{place}.entry", f"{MAX_MEMBERS} documents a folder at most")
    for index, entry in enumerate(resource.entry[:MAX_MEMBERS]):
        here = f"{place}.entry[{index}]"
        target = item_of(entry, here, report)
        if target and target not in reading.beside:
            target = own_reference(target, f"{here}.item.reference", reading.base, report)
        if target and target in found:
            report.invalid(f"{here}.item.reference", "listed twice")
        found += [target] if target else []
    return tuple(found)


def named(folder: Folder, names: Mapping[str, str]) -> Folder:
    """With the uniqueIds of the documents of the same bundle, by fullUrl."""
    return replace(folder, members=tuple(names.get(one, one) for one in folder.members))
