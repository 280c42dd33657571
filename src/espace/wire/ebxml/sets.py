"""RegistryPackage → XDS SubmissionSet (ITI TF-3, 4.2.3.3)."""

from collections.abc import Sequence

from espace.wire.ebxml import stating
from espace.wire.ebxml.entries import NEW
from espace.wire.ebxml.objects import Stated
from espace.wire.ebxml.schemes import Folder as Scheme
from espace.wire.ebxml.schemes import Set
from espace.wire.report import Report
from espace.wire.xds import Folder, NewDocument, PatientStatement, Submission


def read_folder(stated: Stated, members: Sequence[str], report: Report) -> tuple[Folder, PatientStatement | None]:
    """The Folder that a RegistryPackage states, and of which patient. Its title is optional here (ours), and
    lastUpdateTime ours to say."""
    if stated.repeated:
        report.invalid(f"{stated.place}/Slot", "one of them is said twice")
    if stated.status not in NEW:
        report.unsupported(f"{stated.place}/@status", "a new folder is approved")
    codes = tuple(stating.coded(one) for one in stated.codes(Scheme.CODES) if one.code)
    if not codes:
        report.missing(f"{stated.place}/Classification[codeList]")
    patient = stating.patient(stated, Scheme.PATIENT_ID, report)
    unique_id = stating.unique_id(stated, Scheme.UNIQUE_ID, report)
    return Folder(stated.place, unique_id, stated.name, codes, stated.description, tuple(members)), patient


def read_set(stated: Stated, documents: tuple[NewDocument, ...], report: Report) -> Submission:
    """The SubmissionSet that a RegistryPackage states, with the documents that it brings."""
    if stated.repeated:
        report.invalid(f"{stated.place}/Slot", "one of them is said twice")
    patient = stating.patient(stated, Set.PATIENT_ID, report)
    return Submission(
        place=stated.place,
        unique_id=stating.unique_id(stated, Set.UNIQUE_ID, report),
        source_id=stating.source_id(stated, Set.SOURCE_ID, report),
        submission_time=stating.time(stated, "submissionTime", report, needed=True),
        documents=documents,
        content_type=stating.code(stated, Set.CONTENT_TYPE, "contentTypeCode", report),
        title=stated.name,
        comments=stated.description,
        author=next(iter(stating.authors(stated, Set.AUTHOR, report)), None),
        patients=(patient,) if patient else (),
    )
