"""What a document may append or transform (ITI TF-3, 4.2.2.2): one of its sender's own, current, once each.

Its target is filed before, or comes in the same submission. Nothing but `NewDocument.replaces` replaces.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from espace.kernel.reasons import documents as documents_reasons
from espace.kernel.reasons import relations as reasons
from espace.kernel.reasons.words import Reason
from espace.kernel.words import Problem
from espace.record.facts import Kept, Linked, Status
from espace.record.rules.amending import replaced
from espace.record.rules.filing import bare_id, labels_of
from espace.record.rules.visibility import refused_together
from espace.wire.xds import Linking, NewDocument, Related


class Following(Protocol):
    """What becomes of a document, as far as what it hands down needs it (`following.Fate`)."""

    @property
    def already(self) -> Kept | None: ...

    @property
    def replaces(self) -> Kept | None: ...


CURRENT = frozenset({Status.APPROVED, Status.ARCHIVED})
DEEP = 10
"""How many documents may lean on each other one after the other."""
REASONS = (reasons.RELATION_REFUSED, reasons.RELATION_UNRESOLVED, reasons.RELATION_OUTDATED)
"""Each is said once of a document, however many of its links it refuses."""
REPLACING = frozenset({Linking.REPLACES, Linking.TRANSFORMS_AND_REPLACES})
"""Of all links, those after which the target is no longer current."""


def relation_problems(
    documents: Sequence[NewDocument], earlier: Mapping[str, Kept], sender: UUID
) -> Iterator[tuple[int, Problem]]:
    """What refuses the relations of each document, by its place in the submission, but for what is repeated."""
    sent = {bare_id(one.entry.unique_id): one for one in documents}
    gone = {earlier[one.replaces].id for one in documents if one.replaces and one.replaces in earlier}
    placed = set(in_order(documents))
    for index, one in enumerate(documents):
        place = f"{one.entry.place}.relatesTo"
        if one.related and (one.signs or index not in placed or _twice(one, earlier, sent)):
            yield index, Problem(reasons.RELATION_REFUSED, place)
            continue
        found = {_refused(related, earlier.get(related.target), sent, gone, sender) for related in one.related}
        yield from ((index, Problem(reason, place)) for reason in REASONS if reason in found)


def _refused(
    related: Related, found: Kept | None, sent: Mapping[str, NewDocument], gone: set[UUID], sender: UUID
) -> Reason | None:
    beside = sent.get(bare_id(related.target))
    if found is None and beside is not None:
        return reasons.RELATION_REFUSED if beside.signs else None
    if found is None or found.stated.organisation != sender:
        # One of the same submission whose identifier is somebody else's is refused for that.
        return None if beside is not None else reasons.RELATION_UNRESOLVED
    if found.stated.signs:
        return reasons.RELATION_REFUSED
    return reasons.RELATION_OUTDATED if found.status not in CURRENT or found.id in gone else None


def _twice(one: NewDocument, earlier: Mapping[str, Kept], sent: Mapping[str, NewDocument]) -> bool:
    """Whether two of its links, replacement among them, lead to one document."""
    named = [related.target for related in one.related] + ([one.replaces] if one.replaces else [])
    targets = [str(earlier[name].id) if name in earlier else bare_id(name) for name in named]
    return len(set(targets)) < len(targets)


def in_order(documents: Sequence[NewDocument]) -> tuple[int, ...]:
    """The places of the documents, each after those of the same submission that it is linked to: what follows reads
    what it follows; signatures last. Those in a circle are left out."""
    names = {bare_id(one.entry.unique_id): index for index, one in enumerate(documents)}
    needs = {
        index: {names[name] for related in one.related if (name := bare_id(related.target)) in names}
        for index, one in enumerate(documents)
    }
    ordered = list[int]()
    while ready := [index for index in needs if needs[index].isdisjoint(needs)]:
        ordered += ready
        for index in ready:
            del needs[index]
    return tuple(sorted(ordered, key=lambda index: bool(documents[index].signs)))


def too_deep(documents: Sequence[NewDocument], depths: Mapping[str, int]) -> Iterator[Problem]:
    """Documents that lean on others, one after the other, further than any need; `depths` of those filed before, by
    bare uniqueId or reference. Whoever masks or reads one would wait for all of them (our bound)."""
    known = dict(depths)
    for index in in_order(documents):
        one = documents[index]
        leans = (known.get(bare_id(related.target), 0) + 1 for related in one.related)
        known[bare_id(one.entry.unique_id)] = depth = max(leans, default=0)
        if depth > DEEP:
            yield Problem(reasons.RELATION_REFUSED, f"{one.entry.place}.relatesTo", f"≤ {DEEP}")


def linked(one: NewDocument, ids: Mapping[str, UUID]) -> tuple[Linked, ...]:
    """The relations of a document by ids; `ids`, by bare uniqueId or by reference, are
    those of what was filed before and of what came before it."""
    return tuple(Linked(related.kind, ids[bare_id(related.target)]) for related in one.related)


def asks_for_more(one: NewDocument, first: Kept, earlier: Mapping[str, Kept]) -> bool:
    """Whether a deposit that is repeated states a relation that the first did not (ours: nothing is added so)."""
    known = {(related.kind, related.other) for related in first.stated.related}
    named = ((related.kind, earlier.get(related.target)) for related in one.related)
    return any(found is None or (kind, found.id) not in known for kind, found in named)


def with_followers(states: Mapping[UUID, tuple[Status, Collection[UUID]]]) -> Mapping[UUID, Status]:
    """The status of each document, with what it appends or transforms: it is « Deprecated » with that."""
    told, followers = dict[UUID, Status](), dict[UUID, list[UUID]]()
    for one, (status, targets) in states.items():
        told[one] = status
        for target in targets:
            followers.setdefault(target, []).append(one)
    waiting = [one for one, status in told.items() if status is Status.DEPRECATED]
    while waiting:
        for one in followers.get(waiting.pop(), ()):
            if replaced(told[one]) is not told[one]:
                told[one] = replaced(told[one])
                waiting.append(one)
    return told


def handed_down_problems(
    documents: Sequence[NewDocument], fates: Sequence[Following], earlier: Mapping[str, Kept]
) -> Iterator[Problem]:
    """EX_2.1-1050 over what documents inherit from those that they append or transform: what nobody could announce is
    refused (`visibility.refused_together`)."""
    labelled = {bare_id(name): labels_of(kept) for name, kept in earlier.items()}
    for index in in_order(documents):
        one, fate = documents[index], fates[index]
        if fate.already is not None:  # by its uniqueId, or by another one that a condition names
            labelled[bare_id(one.entry.unique_id)] = labels_of(fate.already)
            continue
        before = [labelled[bare_id(related.target)] for related in one.related]
        codes = one.entry.visibility.union(*before, labels_of(fate.replaces) if fate.replaces else ())
        labelled[bare_id(one.entry.unique_id)] = codes
        if before and (together := refused_together(codes)):
            yield Problem(documents_reasons.VISIBILITY_REFUSED, f"{one.entry.place}.securityLabel", together)
