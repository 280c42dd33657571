"""What may be filed in folders (ITI TF-3, 4.1.4 and 4.2.2.1): documents of the same sender, current, of one patient.

A folder's uniqueId is scoped to the patient as a document's is, and answered alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from espace.kernel.reasons import documents as documents_reasons
from espace.kernel.reasons import relations as reasons
from espace.kernel.reasons.words import Reason
from espace.kernel.words import Problem
from espace.record.facts import Kept, KeptFolder, Status
from espace.record.rules.filing import bare_id
from espace.record.rules.relating import CURRENT
from espace.wire.report import MAX_PROBLEMS
from espace.wire.xds import Folder, Submission


def folder_problems(
    submission: Submission, earlier: Mapping[str, Kept], mine: Mapping[str, KeptFolder], sender: UUID
) -> tuple[Problem, ...]:
    """What refuses the folders, but for an identifier that is taken. `mine` are the sender's own folders, by the
    reference that names each, or by the uniqueId that it bears."""
    sent = {bare_id(one.entry.unique_id) for one in submission.documents}
    found = list[Problem]()
    seen: set[str] = set()
    for folder in submission.folders:
        if folder.unique_id and bare_id(folder.unique_id) in seen:
            found.append(Problem(documents_reasons.UNIQUE_ID_REUSED, f"{folder.place}.identifier"))
        seen.add(bare_id(folder.unique_id))
        reasons_of = {_member(name, sent, earlier, sender) for name in folder.members}
        found += (Problem(reason, f"{folder.place}.entry") for reason in _in_table(reasons_of))
        if (same := mine.get(folder.unique_id)) and not _same(folder, same, earlier):
            found.append(Problem(documents_reasons.UNIQUE_ID_REUSED, f"{folder.place}.identifier"))
    return (*found, *_placed(submission, sent, earlier, mine, sender))[:MAX_PROBLEMS]


def _in_table(found: set[Reason | None]) -> Iterator[Reason]:
    return (one for one in (reasons.RELATION_UNRESOLVED, reasons.RELATION_OUTDATED) if one in found)


def _placed(
    submission: Submission,
    sent: set[str],
    earlier: Mapping[str, Kept],
    mine: Mapping[str, KeptFolder],
    sender: UUID,
) -> Iterator[Problem]:
    for one in submission.placed:
        folder = mine.get(one.folder)
        if folder is None:
            yield Problem(reasons.RELATION_UNRESOLVED, f"{one.place}/@sourceObject")
        elif folder.status is not Status.APPROVED:
            yield Problem(reasons.RELATION_OUTDATED, f"{one.place}/@sourceObject")
        if reason := _member(one.member, sent, earlier, sender):
            yield Problem(reason, f"{one.place}/@targetObject")


def _member(name: str, sent: set[str], earlier: Mapping[str, Kept], sender: UUID) -> Reason | None:
    if bare_id(name) in sent:
        return None
    found = earlier.get(name)
    if found is None or found.stated.organisation != sender:
        return reasons.RELATION_UNRESOLVED
    return None if found.status in CURRENT else reasons.RELATION_OUTDATED


def _same(folder: Folder, first: KeptFolder, earlier: Mapping[str, Kept]) -> bool:
    """Whether a folder that is sent again states what the first did, and no more documents."""
    said = first.stated.stated
    if (folder.title, folder.codes, folder.comments) != (said.title, said.codes, said.comments):
        return False
    return all(name in earlier and earlier[name].id in first.members for name in folder.members)


def nothing_new(
    submission: Submission, earlier: Mapping[str, Kept], mine: Mapping[str, KeptFolder], new: Sequence[str]
) -> bool:
    """Whether all of the folders, and of what is put into folders, is there; `new` are the uniqueIds that are not."""
    if any(not folder.unique_id or folder.unique_id not in mine for folder in submission.folders):
        return False
    return all(
        one.folder in mine
        and one.member not in new
        and one.member in earlier
        and earlier[one.member].id in mine[one.folder].members
        for one in submission.placed
    )
