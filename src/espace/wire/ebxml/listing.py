"""A RegistryObjectList as every submission has one: its objects, and the one SubmissionSet among them."""

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import xds
from espace.wire.ebxml.objects import Stated, stated
from espace.wire.ebxml.schemes import FOLDER, SUBMISSION_SET
from espace.wire.report import Overflow, Report
from espace.wire.xml import Element

MAX_OBJECTS = 1_000
"""What a list may hold: documents, the set, and what links them."""
_KINDS = ("ExtrinsicObject", "RegistryPackage", "Association", "ObjectRef")


def objects_of(lists: list[Element], report: Report) -> list[Stated]:
    """The objects of the one list that is expected. Raises Overflow for one that is too long."""
    if len(lists) != 1:
        report.add(reasons.ELEMENT_MISSING, "SubmitObjectsRequest/RegistryObjectList", "one is expected")
        return []
    if len(lists[0]) > MAX_OBJECTS:
        report.invalid("SubmitObjectsRequest/RegistryObjectList", f"{MAX_OBJECTS} objects at most")
        raise Overflow
    found = list(stated(lists[0]))
    for one in found:
        if one.tag not in _KINDS:
            report.unsupported(one.place)
    return found


def check_ids(objects: list[Stated], report: Report) -> None:
    """What links refer to is there once."""
    seen: set[str] = set()
    for one in objects:
        if not one.id and one.tag != "Association":
            report.missing(f"{one.place}/@id")
        elif one.id in seen and one.tag != "ObjectRef":
            report.add(xds.UNIQUE_ID_TWICE, f"{one.place}/@id")
        seen |= {one.id} if one.id and one.tag != "ObjectRef" else set()


def folders_of(objects: list[Stated]) -> list[Stated]:
    return [one for one in objects if one.tag == "RegistryPackage" and one.is_a(FOLDER)]


def set_of(objects: list[Stated], report: Report) -> Stated | None:
    """The one SubmissionSet among packages that are one, or a folder."""
    packages = [one for one in objects if one.tag == "RegistryPackage"]
    for one in packages:
        if one.is_a(FOLDER) and one.is_a(SUBMISSION_SET):
            report.invalid(one.place, "either a SubmissionSet or a Folder")
        elif not one.is_a(FOLDER) and not one.is_a(SUBMISSION_SET):
            report.missing(f"{one.place}/Classification[@classificationNode]")
    sets = [one for one in packages if one.is_a(SUBMISSION_SET)]
    if not sets:
        report.missing("RegistryObjectList/RegistryPackage", "a SubmissionSet")
    for one in sets[1:]:
        report.invalid(one.place, "one SubmissionSet a request")
    return sets[0] if sets else None
