"""How a submission follows what was filed before: the uniqueId rules and replacement.

Sources: ITI TF-3 4.2.2.2 (replacement), and our own rule: the same organisation and bytes give the
first ids again; other bytes or another organisation are refused; only the submission's own association
replaces; hidden state never changes the answer. That an identifier is somebody else's is told where nothing else
refuses, and never which of several: whoever guesses one leaves a deposit behind each time it was free.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from espace.kernel.reasons import documents as reasons
from espace.kernel.reasons import transport
from espace.kernel.words import Problem, Refused
from espace.record.facts import Kept, Status
from espace.record.rules.relating import asks_for_more, relation_problems
from espace.wire.xds import NewDocument, Submission

_CURRENT = frozenset({Status.APPROVED, Status.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one document: it is filed `already`, or it is new and `replaces` another, or just new; it
    is not filed at all where its identifier is `taken` by somebody else, but looked at as if it were."""

    already: Kept | None = None
    replaces: Kept | None = None
    taken: bool = False


def fates(
    documents: Sequence[NewDocument],
    digests: Sequence[str],
    *,
    earlier: Mapping[str, Kept],
    sender: UUID,
    met: Sequence[Kept | None] = (),
) -> tuple[tuple[Fate, ...], tuple[Problem, ...]]:
    """The fate of each document, and what refuses but for an identifier that is taken.

    `digests` are the SHA-256 of the contents; `earlier` what bears, or is named by, an identifier sent; `met`, of
    each document, the deposit that meets its condition « unless it exists »: nothing of it is then looked at.
    """
    found: list[Fate] = []
    problems: list[Problem] = []
    taken: set[UUID] = set()
    found_before = met or (None,) * len(documents)
    earlier = {**earlier, **{d.entry.unique_id: one for d, one in zip(documents, found_before, strict=True) if one}}
    related = list(relation_problems(documents, earlier, sender))
    for index, (document, digest, existing) in enumerate(zip(documents, digests, found_before, strict=True)):
        if existing:
            found.append(Fate(already=existing))
            continue
        same = earlier.get(document.entry.unique_id)
        target = earlier.get(document.replaces) if document.replaces else None
        if same and same.stated.organisation == sender:
            problems += _not_the_same(document, digest, same, target)
            problems += _more_relations(document, same, earlier)
            problems += _signs_others(document, {earlier[one].id for one in document.signs if one in earlier}, same)
            found.append(Fate(already=same))
            continue
        if document.replaces and not _replaceable(target, sender, taken):
            problems.append(Problem(reasons.REPLACE_REFUSED, f"{document.entry.place}.relatesTo"))
        problems += _signs_others(document, {earlier[one].id for one in document.signs if one in earlier})
        problems += (problem for of, problem in related if of == index)
        taken |= {target.id} if target else set()
        found.append(Fate(replaces=target, taken=same is not None))
    return tuple(found), tuple(problems)


def collision(submission: Submission) -> Problem:
    """That an identifier sent is somebody else's: said alike whichever it is, of a document or of the set, and however
    many are."""
    if len(submission.documents) == 1 and not submission.folders:
        place = f"{submission.documents[0].entry.place}.masterIdentifier"
        return Problem(reasons.UNIQUE_ID_REUSED, place, "this identifier, or that of the set")
    return Problem(reasons.UNIQUE_ID_REUSED, "", "one of the identifiers sent")


def _not_the_same(document: NewDocument, digest: str, same: Kept, target: Kept | None) -> Iterator[Problem]:
    """A repeated deposit asks for nothing that the first did not do; compared with what was first stated,
    never with what is in force today, which is nobody's to learn."""
    place, first = document.entry.place, same.stated
    if first.sha256 != digest:
        yield Problem(reasons.UNIQUE_ID_REUSED, f"{place}.masterIdentifier")
    elif not document.entry.visibility <= first.entry.visibility:
        yield Problem(reasons.UNIQUE_ID_REUSED, f"{place}.securityLabel")
    elif document.replaces and (
        target is None or (target.id, document.by_transforming) != (first.replaces, first.by_transforming)
    ):
        yield Problem(reasons.UNIQUE_ID_REUSED, f"{place}.relatesTo")


def _more_relations(document: NewDocument, same: Kept, earlier: Mapping[str, Kept]) -> Iterator[Problem]:
    if asks_for_more(document, same, earlier):
        yield Problem(reasons.UNIQUE_ID_REUSED, f"{document.entry.place}.relatesTo")


def _signs_others(document: NewDocument, filed: Collection[UUID], first: Kept | None = None) -> Iterator[Problem]:
    """A signature is filed once, with what it signs; `filed` are those of these documents that are filed already."""
    if set(filed) != (set(first.stated.signs) if first else set()):
        yield Problem(reasons.UNIQUE_ID_REUSED, f"{document.entry.place}.relatesTo")


def meeting(condition: Collection[str], *, earlier: Mapping[str, Kept], sender: UUID, place: str) -> Kept | None:
    """The sender's own deposit that bears one of these uniqueIds (R4, http.html#ccreate); nobody else's counts.

    Raises Refused(PRECONDITION_FAILED) where there are several.
    """
    found = {one.id: one for ref in condition if (one := earlier.get(ref)) and one.stated.organisation == sender}
    if len(found) > 1:
        raise Refused(transport.PRECONDITION_FAILED, place=place)
    return next(iter(found.values()), None)


def _replaceable(target: Kept | None, sender: UUID, taken: Collection[UUID]) -> bool:
    return (
        target is not None
        and target.stated.organisation == sender
        and target.status in _CURRENT
        and target.id not in taken
    )


def entry_named(reference: str, kind: str = "DocumentReference") -> UUID | None:
    """What a FHIR reference to this kind of resource names (`<kind>/<id>`, relative or absolute), if it is one."""
    _, found, identifier = reference.rpartition(f"{kind}/")
    try:
        return UUID(identifier) if found else None
    except ValueError:
        return None
