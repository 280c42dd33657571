"""What the holder masks to professionals in one act, and beforehand. Sources: C29, C30, D51; product.md « Documents ».

A rule is about every new document, about everything, or about one kind of documents as people find them. It masks those
that are there (but for « new », which looks ahead only) and those that arrive later, and all that it masked is shown
again in one act. A document may be under several rules, and masked by itself besides: it shows when nothing masks it.

A new version keeps what its document has, masked or shown: to mask a correction alone would leave professionals with
what it corrects.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record.facts import Document, Extent, Masking, Restricted, Status
from espace.wire.nomenclature import KINDS, kind_of
from espace.wire.xds import DocumentEntry, Linking

NEW, EVERYTHING = "new", "all"
MASKING_RULES = (NEW, EVERYTHING, *(kind.slug for kind in KINDS))
NAMED_AT_MOST = 50
"""Professionals from whom one document is hidden by name: beyond, it is to be masked to all (our choice)."""
NOTED_AT_MOST = 50
"""Documents that the line of one act names: the newest; its count says how many there were."""


def covers(rule: str, entry: DocumentEntry) -> bool:
    """Whether a rule is about such a document."""
    if rule in (NEW, EVERYTHING):
        return True
    return kind_of(entry.type.code if entry.type else "", entry.class_.code if entry.class_ else "").slug == rule


def masked_on_arrival(masking: Masking, entry: DocumentEntry) -> tuple[str, ...]:
    """The rules under which a document that is new arrives."""
    return tuple(sorted(rule for rule in masking.rules if covers(rule, entry)))


def masked_by_kind(masking: Masking, before: DocumentEntry, after: DocumentEntry) -> tuple[str, ...]:
    """The rules that are about a document since it is said to be of another kind."""
    return tuple(rule for rule in masked_on_arrival(masking, after) if not covers(rule, before))


def under(rule: str, documents: Iterable[Document], *, seen: Collection[UUID]) -> frozenset[UUID]:
    """The documents that a rule is about, with all their versions: no mask leaks through another version.

    `documents` as they are stored, those that the holder does not see (`seen`) too. One of those never brings one that
    they do see under a rule: they would learn that it is there. « New » is about none of those that are there.
    """
    if rule == NEW:
        return frozenset()
    every = tuple(documents)
    return with_versions((one.id for one in every if covers(rule, one.entry)), every, seen=seen)


def with_versions(
    chosen: Iterable[UUID], documents: Iterable[Document], *, seen: Collection[UUID]
) -> frozenset[UUID]:
    """These of the documents with all their versions, with what appends or transforms them and what they transform; as
    `under` tells, none that is held brings one that shows."""
    found = {one.id: one for one in documents}
    beside = _followers(found.values())
    waiting, covered = list(chosen), set[UUID]()
    while waiting:
        one = waiting.pop()
        if one in found and one not in covered:
            covered.add(one)
            near = (found[one].replaces, found[one].replaced_by, *beside.get(one, ()))
            waiting += [it for it in near if it and (one in seen or it not in seen)]
    return frozenset(covered)


def _followers(documents: Iterable[Document]) -> Mapping[UUID, Collection[UUID]]:
    """What is masked with each document: a transformation is the same content, an addendum speaks of it."""
    found: dict[UUID, set[UUID]] = {}
    for one in documents:
        for link in one.related:
            found.setdefault(link.other, set()).add(one.id)
            if link.kind is Linking.TRANSFORMS:
                found.setdefault(one.id, set()).add(link.other)
    return found


def inherited(restricted: Iterable[Restricted], target: UUID) -> Iterator[Restricted]:
    """The restrictions that a document gets from one that it appends or transforms: all of them. A mask of that
    document alone is lifted with it; a rule or a topic lifts its own, and what is held has its own day."""
    for one in restricted:
        follows = one.code is Visibility.MASQUE_PS and not one.rule
        yield replace(one, follows=one.follows or target) if follows else one


def masks_all(said: Restricted) -> bool:
    """Whether a restriction masks a document to professionals: to all of them, not to one by name."""
    return said.code is Visibility.MASQUE_PS and said.about is None


def masks_by_itself(said: Restricted) -> bool:
    """Whether a restriction is the holder's own mask of one document, which no rule nor topic lifts."""
    return masks_all(said) and said.by_holder and not said.rule and said.follows is None


def codes(restricted: Iterable[Restricted]) -> frozenset[Visibility]:
    """The restrictions that are everybody's: what is hidden from one professional by name bears no code."""
    return frozenset(one.code for one in restricted if one.about is None)


def kept_from(restricted: Iterable[Restricted]) -> frozenset[UUID]:
    """The professionals from whom these restrictions hide a document by name."""
    return frozenset(one.about for one in restricted if one.about is not None)


def masking_rules(restricted: Iterable[Restricted]) -> frozenset[str]:
    """The holder's rules, and ids of their topics, under which these restrictions mask a document."""
    return frozenset(one.rule for one in restricted if one.by_holder and one.rule and masks_all(one))


def by_name(documents: Iterable[Document]) -> Mapping[UUID, tuple[Document, ...]]:
    """The current documents that are hidden from each professional by name."""
    found: dict[UUID, tuple[Document, ...]] = {}
    for one in documents:
        for who in one.kept_from if one.status is not Status.DEPRECATED else ():
            found[who] = (*found.get(who, ()), one)
    return found


def unmasked(restricted: Iterable[Restricted], *, without: str | None = None) -> bool:
    """Whether nothing masks a document, or would not `without` the masks of that rule."""
    masks = (one for one in restricted if masks_all(one))
    return not any(without is None or one.rule != without for one in masks)


def extents(
    shown: Collection[Document], restricted: Mapping[UUID, Collection[Restricted]]
) -> Iterator[tuple[str, Extent]]:
    """Of each rule, how much it is about among what the holder sees (`shown`); `restricted` says what masks each."""
    current, ids = [one for one in shown if one.status is not Status.DEPRECATED], {one.id for one in shown}
    for rule in MASKING_RULES:
        about = ids if rule == NEW else under(rule, shown, seen=ids)
        yield rule, extent(rule, [restricted[one.id] for one in current if one.id in about])


def extent(rule: str, restricted: Collection[Collection[Restricted]]) -> Extent:
    """How much a rule is about: of each document that it covers, what masks it."""
    freed = sum(not unmasked(one) and unmasked(one, without=rule) for one in restricted)
    return Extent(len(restricted), sum(map(unmasked, restricted)), freed)


def topic_extents(
    topics: Iterable[UUID], shown: Iterable[Document], restricted: Mapping[UUID, Collection[Restricted]]
) -> Mapping[UUID, Extent]:
    """Of each topic, how many current documents of those that the holder sees (`shown`) are linked to it."""
    current = [one for one in shown if one.status is not Status.DEPRECATED]
    return {
        topic: extent(str(topic), [restricted[one.id] for one in current if topic in one.topics]) for topic in topics
    }
