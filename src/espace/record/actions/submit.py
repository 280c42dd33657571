"""Filing a submission: every document of it, or none (ITI TF-1, 10.1.1)."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate

from espace import edge
from espace.identity import queries as identity
from espace.kernel.reasons import documents as reasons
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
from espace.record.actions.rows import Filing, insert
from espace.record.events import DocumentsFiled, Titled
from espace.record.facts import Filed, Kept
from espace.record.queries import depositor, kept
from espace.wire.headers import Header
from espace.wire.xds import Submission

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
    grant.hidden_from |= _hidden_from(submission, earlier)
    try:
        _require_fileable(grant, submission, headers)
        filed = _filed(grant, submission, conditions, borne, earlier)
    except Refused:
        _look_at_what_is_in_the_way(grant, submission, borne, earlier)
        raise
    grant.note(*filed.documents)
    return filed


def _filed(
    grant: Grant,
    submission: Submission,
    conditions: Conditions,
    borne: Mapping[str, UUID],
    earlier: Mapping[str, Kept],
) -> Filed:
    if grant.actor.organisation is None:
        raise TypeError("documents are filed by an organisation")
    sender = grant.actor.organisation
    digests = [hashlib.sha256(d.content).hexdigest() for d in submission.documents]
    met = [
        rules.meeting(condition, earlier=earlier, sender=sender, place=document.entry.place)
        for document, condition in zip(submission.documents, conditions, strict=True)
    ]
    fates, problems = rules.fates(submission.documents, digests, earlier=earlier, sender=sender, met=met)
    repeated = all(fate.already for fate in fates)
    same_set = borne.get(_set_name(submission)) if submission.unique_id and not repeated else None
    if same_set and _is_own(grant, sender, same_set):
        problems += (Problem(reasons.UNIQUE_ID_REUSED, f"{submission.place}.identifier"),)
    if problems := problems or _over_versions(submission, fates):
        raise RefusedProblems(problems)
    if same_set or any(fate.taken for fate in fates):
        raise RefusedProblems((rules.collision(submission.documents),))
    return _repeated(fates) if repeated else _file(grant, submission, fates, digests)


def _is_own(grant: Grant, sender: UUID, set_id: UUID) -> bool:
    """Whether a set is the sender's: one that was filed has at least one document that it brought."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM record_entry WHERE patient_id = %s AND submission_id = %s AND depositor = %s LIMIT 1",
            [grant.patient, set_id, depositor(grant, sender)],
        )
        return cursor.fetchone() is not None


def _over_versions(submission: Submission, fates: Sequence[rules.Fate]) -> tuple[Problem, ...]:
    """Asked only once it is known that every version replaced is the sender's own."""
    pairs = zip(submission.documents, fates, strict=True)
    return tuple(
        problem for one, fate in pairs if fate.replaces for problem in rules.version_problems(one, fate.replaces)
    )


def _hidden_from(submission: Submission, earlier: Mapping[str, Kept]) -> frozenset[Visibility]:
    """From whom the line of this deposit is hidden: as stated, and as every version that it replaces."""
    stated = (d.entry.visibility for d in submission.documents)
    replaced = (earlier[d.replaces] for d in submission.documents if d.replaces and d.replaces in earlier)
    return frozenset().union(*stated, *(rules.codes(one.restricted) for one in replaced))


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


def _require_fileable(grant: Grant, submission: Submission, headers: Sequence[Header | None]) -> None:
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
    named |= {ref for condition in conditions for ref in condition}
    blinds = {
        keys.blind_index("unique_id", f"{grant.patient}|{name}"): name
        for name in (*(f"document|{rules.bare_id(ref)}" for ref in named), _set_name(submission))
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


def _repeated(fates: Sequence[rules.Fate]) -> Filed:
    first = [fate.already for fate in fates if fate.already]
    return Filed(first[0].submission, tuple(one.id for one in first), (True,) * len(first))


def _file(grant: Grant, submission: Submission, fates: Sequence[rules.Fate], digests: Sequence[str]) -> Filed:
    filing = Filing(grant, keys.keys_of(grant), edge.new_id())
    if submission.unique_id:
        filing.bear(_set_name(submission), filing.submission)
    filed = zip(submission.documents, digests, fates, strict=True)
    ids = {
        one.entry.unique_id: fate.already.id if fate.already else filing.add(one, digest, fate.replaces)
        for one, digest, fate in sorted(filed, key=lambda one: bool(one[0].signs))
    }
    insert(filing, submission)
    for one in filing.new:
        grant.count(one.document.entry.type.code if one.document.entry.type else "")
    shown, secret = _shown(submission, fates, HELD), not _shown(submission, fates, HELD | FROM_REPRESENTATIVES)
    announced = DocumentsFiled(
        grant.patient, filing.submission, shown, grant.at, secret=shown and secret,
        documents=_titled(filing) if shown else (), who=grant.actor.name, place=grant.actor.organisation_name,
    )  # fmt: skip
    outbox.post(announced, patient=grant.patient, at=grant.at, keys=filing.opened)
    ordered = tuple(ids[one.entry.unique_id] for one in submission.documents)
    return Filed(filing.submission, ordered, tuple(fate.already is not None for fate in fates))


def _titled(filing: Filing) -> tuple[Titled, ...]:
    """The new documents that the holder may see, as their rows are: with what they inherit."""
    hides = filing.grant.restricted
    every = ((one, hides.get(one.id, frozenset())) for one in filing.new if not one.document.signs)
    return tuple(
        Titled(one.id, one.document.entry.title, hidden & FROM_REPRESENTATIVES, bool(one.replaced))
        for one, hidden in every
        if Visibility.INVISIBLE_PATIENT not in hidden
    )


def _shown(submission: Submission, fates: Sequence[rules.Fate], hides: frozenset[Visibility]) -> bool:
    """Whether none of these labels hides one of the documents that are new, with what they inherit from those that they
    replace."""
    return any(
        hides.isdisjoint(document.entry.visibility)
        and not (fate.replaces and any(r.code in hides for r in fate.replaces.restricted))
        for document, fate in zip(submission.documents, fates, strict=True)
        if fate.already is None and not document.signs
    )
