"""How a submission follows what was filed before: the uniqueId rules and replacement.

Sources: ITI TF-3 4.2.2.2 (replacement), product.md « Documents »: the same organisation and bytes give the
first ids again; other bytes or another organisation are refused; only the submission's own association
replaces; hidden state never changes the answer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Problem
from espace.record.facts import Kept, Status
from espace.wire.xds import NewDocument

_CURRENT = frozenset({Status.APPROVED, Status.ARCHIVED})


@dataclass(frozen=True, slots=True)
class Links:
    """For each document, in order: the entry it already is, the entry it replaces; and what refuses."""

    already: tuple[Kept | None, ...]
    replaced: tuple[Kept | None, ...]
    problems: tuple[Problem, ...]

    @property
    def repeated(self) -> bool:
        return all(self.already)


def links(
    documents: Sequence[NewDocument], digests: Sequence[str], *, earlier: Mapping[str, Kept], sender: UUID
) -> Links:
    """`digests` are the SHA-256 of the contents; `earlier` what bears, or is named by, an identifier sent."""
    already = tuple(earlier.get(document.entry.unique_id) for document in documents)
    problems: list[Problem] = []
    targets: list[Kept | None] = []
    taken: set[UUID] = set()
    for document, digest, same in zip(documents, digests, already, strict=True):
        target = earlier.get(document.replaces) if document.replaces and not same else None
        targets.append(target)
        if same and (same.organisation, same.sha256) != (sender, digest):
            problems.append(Problem(reasons.UNIQUE_ID_REUSED, f"{document.entry.place}.masterIdentifier"))
        if document.replaces and not same and not _replaceable(target, sender, taken):
            problems.append(Problem(reasons.REPLACE_REFUSED, f"{document.entry.place}.relatesTo"))
        if target:
            taken.add(target.id)
    return Links(already, tuple(targets), tuple(problems))


def _replaceable(target: Kept | None, sender: UUID, taken: Collection[UUID]) -> bool:
    return target is not None and target.organisation == sender and target.status in _CURRENT and target.id not in taken


def entry_named(reference: str) -> UUID | None:
    """The entry that a FHIR reference names (`DocumentReference/<id>`, relative or absolute), if it is one."""
    _, found, identifier = reference.rpartition("DocumentReference/")
    try:
        return UUID(identifier) if found else None
    except ValueError:
        return None
