"""Filing a submission: every document of it, or none (ITI TF-1, 10.1.1)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate

from espace import edge
from espace.identity import queries as identity
from espace.kernel.reasons import documents as reasons
from espace.kernel.values import replace
from espace.kernel.words import (
    FROM_REPRESENTATIVES,
    Grant,
    Problem,
    Purpose,
    Refused,
    RefusedProblems,
    Verb,
    Visibility,
)
from espace.keys import queries as keys
from espace.outbox import actions as outbox
from espace.record import queries, rules
from espace.record.actions.foldering import file_folders, members_of, new_ids, put_in
from espace.record.actions.rows import Filing, insert
from espace.record.events import DocumentsFiled, Titled
from espace.record.facts import Filed, Kept, KeptFolder
from espace.record.queries import depositor, kept
from espace.wire.headers import Header
from espace.wire.xds import Folder, NewDocument, Submission

HELD = frozenset({Visibility.INVISIBLE_PATIENT})
Conditions = Sequence[Collection[str]]
"""Of each document, the uniqueIds of which one at least must not be among the sender's own deposits already."""


def submit(
    grant: Grant, *, submission: Submission, headers: Sequence[Header | None], unless: Conditions = ()
) -> Filed:
    """File the submission. `headers` are what was read from the contents (CDA, KOS), in the documents' order.

    uniqueIds are scoped to the patient: the same organisation with the same bytes gets the first ids
    again; and so does a document whose condition `unless` an own deposit meets. The sender is the organisation, or
    the one where the professional acts; in a minor's secret care, all of it is hidden from the representatives. Raises
    Refused with every problem listed, and then nothing is kept.
    """
    grant.require(Purpose.FEED, Verb.DEPOSIT)
    submission = rules.kept_secret(submission) if grant.secret else submission
    conditions = unless or ((),) * len(submission.documents)
    borne, earlier = _borne(grant, submission, conditions)
    folders = _folders(grant, submission, borne)
    grant.hidden_from |= _hidden_from(submission, earlier)
    try:
        require_fileable(grant, submission, headers)
        filed = _filed(grant, submission, conditions, _There(borne, earlier, folders))
    except Refused:
        _look_at_what_is_in_the_way(grant, submission, borne, earlier)
        raise
    grant.note(*filed.documents)
    return filed


@dataclass(frozen=True, slots=True)
class _There:
    """What is there already: the identifiers sent that are `borne`, the entries that bear or are named by one, and the
    sender's own `folders` that do or are, by uniqueId or reference."""

    borne: Mapping[str, UUID]
    earlier: Mapping[str, Kept]
    folders: Mapping[str, KeptFolder]


def _folders(grant: Grant, submission: Submission, borne: Mapping[str, UUID]) -> dict[str, KeptFolder]:
    """Asked where folders are spoken of only."""
    named = {one.folder: rules.entry_named(one.folder, "List") for one in submission.placed}
    named |= {one.unique_id: borne.get(_folder_name(one)) for one in submission.folders}
    ids = {one for one in named.values() if one}
    found = queries.kept_folders(grant, ids) if ids else {}
    return {name: found[one] for name, one in named.items() if one in found}


def _folder_name(folder: Folder) -> str:
    return f"folder|{rules.bare_id(folder.unique_id)}"


def _filed(grant: Grant, submission: Submission, conditions: Conditions, there: _There) -> Filed:
    if grant.actor.organisation is None:
        raise TypeError("documents are filed by an organisation")
    sender, borne, earlier = grant.actor.organisation, there.borne, there.earlier
    digests = [_digest(one) for one in submission.documents]
    met = [
        rules.meeting(condition, earlier=earlier, sender=sender, place=document.entry.place)
        for document, condition in zip(submission.documents, conditions, strict=True)
    ]
    if any(met):
        # Nothing of what is there by its condition is looked at, what it is related to neither.
        pairs = zip(submission.documents, met, strict=True)
        alone = tuple(replace(one, related=()) if found else one for one, found in pairs)
        submission = replace(submission, documents=alone)
    fates, problems = rules.fates(submission.documents, digests, earlier=earlier, sender=sender, met=met)
    problems += rules.folder_problems(submission, earlier, there.folders, sender)
    new = [one.entry.unique_id for one, fate in zip(submission.documents, fates, strict=True) if not fate.already]
    repeated = not new and rules.nothing_new(submission, earlier, there.folders, new)
    same_set = borne.get(_set_name(submission)) if submission.unique_id and not repeated else None
    if same_set and _is_own(grant, sender, same_set):
        problems += (Problem(reasons.UNIQUE_ID_REUSED, f"{submission.place}.identifier"),)
    if problems := problems or _over_versions(grant, submission, fates, earlier):
        raise RefusedProblems(problems)
    taken = any(_folder_name(one) in borne and one.unique_id not in there.folders for one in submission.folders)
    if same_set or taken or any(fate.taken for fate in fates):
        raise RefusedProblems((rules.collision(submission),))
    return _repeated(fates, submission, there) if repeated else _file(grant, submission, fates, digests, there)


def _digest(document: NewDocument) -> str:
    """What says that bytes are the same; of those that another repository keeps, what it says that they are."""
    entry = document.entry
    if entry.repository:
        return f"{entry.repository}|{entry.hash}|{entry.size}"
    return hashlib.sha256(document.content).hexdigest()


def _is_own(grant: Grant, sender: UUID, set_id: UUID) -> bool:
    """Whether a set is the sender's: one that was filed has at least one document that it brought."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM record_entry WHERE patient_id = %s AND submission_id = %s AND depositor = %s LIMIT 1",
            [grant.patient, set_id, depositor(grant, sender)],
        )
        return cursor.fetchone() is not None


def _over_versions(
    grant: Grant, submission: Submission, fates: Sequence[rules.Fate], earlier: Mapping[str, Kept]
) -> tuple[Problem, ...]:
    """Asked only once it is known that every version replaced, and what is related to, is the sender's own."""
    pairs = zip(submission.documents, fates, strict=True)
    found = [
        problem for one, fate in pairs if fate.replaces for problem in rules.version_problems(one, fate.replaces)
    ]
    return tuple(found) or (
        *rules.handed_down_problems(submission.documents, fates, earlier),
        *rules.too_deep(submission.documents, _depths(grant, submission, earlier)),
    )


def _depths(grant: Grant, submission: Submission, earlier: Mapping[str, Kept]) -> dict[str, int]:
    """Asked where documents are related only."""
    named = {one.target for document in submission.documents for one in document.related}
    ids = {name: earlier[name].id for name in named if name in earlier}
    reach = queries.reach(grant, set(ids.values())) if ids else {}
    return {rules.bare_id(name): reach[one][0] for name, one in ids.items()}


def _hidden_from(submission: Submission, earlier: Mapping[str, Kept]) -> frozenset[Visibility]:
    """From whom the line of this deposit is hidden: as stated, and as every version that it replaces."""
    stated = (d.entry.visibility for d in submission.documents)
    named = (name for d in submission.documents for name in (d.replaces, *(one.target for one in d.related)))
    before = (earlier[name] for name in named if name and name in earlier)
    return frozenset().union(*stated, *(rules.codes(one.restricted) for one in before))


def _look_at_what_is_in_the_way(
    grant: Grant, submission: Submission, borne: Mapping[str, UUID], earlier: Mapping[str, Kept]
) -> None:
    """What a refusal of this submission may be about, so that its line is hidden as that is: besides what bears its
    identifiers or is named by them, what its set brought before, and what already replaces the versions that it
    replaces."""
    ids = set(queries.of_set(grant, borne[_set_name(submission)])) if _set_name(submission) in borne else set()
    for one in submission.documents:
        if replaced := earlier.get(one.replaces or ""):
            ids.update(queries.versions(grant, replaced.id)[1])
    kept(grant, ids)


def require_fileable(grant: Grant, submission: Submission, headers: Sequence[Header | None]) -> None:
    """Identity first: a document of somebody else gets no further answer (B23)."""
    statements = (*submission.patients, *(s for d in submission.documents for s in d.patients))
    known = identity.require_traits(grant, statements)
    adult = rules.is_adult(known.birth_date, localdate(grant.at))
    found = rules.problems(
        submission,
        headers,
        sends_as=grant.actor.sends_as,
        adult=adult,
        at=grant.at,
        writes=grant.sight.writes,
    )
    if found:
        raise RefusedProblems(found)


def _set_name(submission: Submission) -> str:
    return f"submission|{rules.bare_id(submission.unique_id)}"


def _borne(
    grant: Grant, submission: Submission, conditions: Conditions
) -> tuple[Mapping[str, UUID], dict[str, Kept]]:
    """Which of the identifiers sent are borne already, by what, and the entries that bear or are named by them."""
    named = {ref for d in submission.documents for ref in (d.entry.unique_id, d.replaces) if ref}
    named |= {one.target for d in submission.documents for one in d.related}
    named |= {one for folder in submission.folders for one in folder.members}
    named |= {one.member for one in submission.placed}
    named |= {ref for condition in conditions for ref in condition}
    blinds = {
        keys.blind_index("unique_id", f"{grant.patient}|{name}"): name
        for name in (
            *(f"document|{rules.bare_id(ref)}" for ref in named),
            *map(_folder_name, submission.folders),
            _set_name(submission),
        )
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT blind, target_id FROM record_unique_id WHERE patient_id = %s AND blind = ANY(%s)",
            [grant.patient, list(blinds)],
        )
        borne = {blinds[bytes(blind)]: target for blind, target in cursor.fetchall()}
    ids = {ref: rules.entry_named(ref) or borne.get(f"document|{rules.bare_id(ref)}") for ref in named}
    entries = kept(grant, {one for one in ids.values() if one})
    return borne, {ref: entries[one] for ref, one in ids.items() if one in entries}


def _repeated(fates: Sequence[rules.Fate], submission: Submission, there: _There) -> Filed:
    first = [fate.already for fate in fates if fate.already]
    folders = tuple((there.folders[one.unique_id].id, True) for one in submission.folders)
    return Filed(first[0].submission, tuple(one.id for one in first), (True,) * len(first), folders)


def _file(
    grant: Grant,
    submission: Submission,
    fates: Sequence[rules.Fate],
    digests: Sequence[str],
    there: _There,
) -> Filed:
    known = {one.id: one for one in there.earlier.values()}
    filing = Filing(grant, keys.keys_of(grant), edge.new_id(), known=known)
    if submission.unique_id:
        filing.bear(_set_name(submission), filing.submission)
    ids = _added(filing, submission.documents, fates, digests, there.earlier)
    new = new_ids(one for one in submission.folders if one.unique_id not in there.folders)
    for folder_id, folder in new.items():
        filing.bear(_folder_name(folder), folder_id)
    insert(filing, submission)
    folders = {one.unique_id: folder_id for folder_id, one in new.items()}
    folders |= {name: one.id for name, one in there.folders.items()}
    _put_away(filing, submission, new, folders, ids)
    for one in filing.new:
        grant.count(one.document.entry.type.code if one.document.entry.type else "")
    shown, secret = _shown(filing, HELD), not _shown(filing, HELD | FROM_REPRESENTATIVES)
    announced = DocumentsFiled(
        grant.patient, filing.submission, shown, grant.at, secret=shown and secret,
        documents=_titled(filing) if shown else (), who=grant.actor.name, place=grant.actor.organisation_name,
        to_read=filing.to_read,
    )  # fmt: skip
    outbox.post(announced, patient=grant.patient, at=grant.at, keys=filing.opened)
    ordered = tuple(ids[rules.bare_id(one.entry.unique_id)] for one in submission.documents)
    told = tuple((folders[one.unique_id], one.unique_id in there.folders) for one in submission.folders)
    return Filed(filing.submission, ordered, tuple(fate.already is not None for fate in fates), told)


def _put_away(
    filing: Filing,
    submission: Submission,
    new: Mapping[UUID, Folder],
    folders: Mapping[str, UUID],
    ids: Mapping[str, UUID],
) -> None:
    """The folders that are new, and what goes into these and into those that are there."""
    file_folders(filing.grant, new, submission=filing.submission)
    places = [(folder, member) for folder, one in new.items() for member in members_of(one, ids)]
    places += [(folders[one.folder], ids[rules.bare_id(one.member)]) for one in submission.placed]
    put_in(filing.grant, places, submission=filing.submission)


def _added(
    filing: Filing,
    documents: Sequence[NewDocument],
    fates: Sequence[rules.Fate],
    digests: Sequence[str],
    earlier: Mapping[str, Kept],
) -> dict[str, UUID]:
    """The ids of what is filed, and of what it is related to, by bare uniqueId or reference."""
    ids = {rules.bare_id(name): kept.id for name, kept in earlier.items()}
    there = ((one, fate.already) for one, fate in zip(documents, fates, strict=True))
    ids |= {rules.bare_id(one.entry.unique_id): already.id for one, already in there if already}
    for index in rules.in_order(documents):
        one, fate = documents[index], fates[index]
        if fate.already is None:
            name = rules.bare_id(one.entry.unique_id)
            ids[name] = filing.add(one, digests[index], fate.replaces, rules.linked(one, ids))
    return ids


def _titled(filing: Filing) -> tuple[Titled, ...]:
    """The new documents that the holder may see, as their rows are: with what they inherit."""
    hides = filing.grant.restricted
    every = ((one, hides.get(one.id, frozenset())) for one in filing.new if not one.document.signs)
    return tuple(
        Titled(one.id, one.document.entry.title, hidden & FROM_REPRESENTATIVES, bool(one.replaced))
        for one, hidden in every
        if Visibility.INVISIBLE_PATIENT not in hidden
    )


def _shown(filing: Filing, hides: frozenset[Visibility]) -> bool:
    """Whether none of these labels hides one of the documents that are new, with what they inherit."""
    restricted = filing.grant.restricted
    return any(hides.isdisjoint(restricted.get(one.id, ())) for one in filing.new if not one.document.signs)
