"""Out of thousands of facts, the newest of each thing: their heads are looked at first, and only those are read whole.

A record of ten thousand facts says a few hundred things again and again; a screen shows the last ones.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from espace.clinical.facts.extracted import Fact, Kind
from espace.clinical.rules.keeping import Many
from espace.kernel.json import decode
from espace.keys.facts import SealBroken

Places = list[int]
"""Which facts of a block are worth showing, by their rank: those of its first part come before the frequent ones."""


_ORDERED, TIMES = Kind.PRESCRIPTION.value, 2
"""An order counts for a year, and may be given again each month: so many times more of these are read."""
_LASTING = Kind.TREATMENT.value
"""What goes on until somebody says otherwise is taken since it was first said."""


class _Unread(msgspec.Struct, frozen=True, gc=False):
    facts: tuple[msgspec.Raw, ...] = ()


class Choosing:
    """Chooses by the heads of blocks, given the newest first: of these kinds, the `most` newest facts of each thing,
    and of each way of stating it, so that a contradiction stays in sight however old it is; of what is taken, the
    first time too."""

    def __init__(self, kinds: Collection[Kind], most: int) -> None:
        self._wanted = frozenset(kind.value for kind in kinds)
        self._most = most
        self._left: dict[str, int] = {}
        self._first: dict[str, tuple[UUID, int]] = {}
        self._worth: dict[UUID, Places] = {}

    def look(self, document: UUID, heads: bytes) -> None:
        """At the heads of one document's block."""
        left, first, places = self._left, self._first, list[int]()
        for place, head in enumerate(decode(heads, list[str])):
            room = left.get(head)
            if room is None:
                kind = head.partition(" ")[0]
                room = self._most * (TIMES if kind == _ORDERED else 1) if kind in self._wanted else 0
                if room and kind == _LASTING:
                    first[head] = document, place
            left[head] = room - 1
            if room > 0:
                places.append(place)
            elif head in first:
                first[head] = document, place
        if places:
            self._worth[document] = places

    def chosen(self) -> Mapping[UUID, Places]:
        """The facts worth reading, by document, in their order there."""
        found = dict(self._worth)
        for document, place in self._first.values():
            found[document] = sorted({*found.get(document, ()), place})
        return found


def facts_at(places: Places, few: bytes, many: Many | None) -> tuple[Fact, ...]:
    """These facts of a block, and no others; keys.SealBroken where its heads were those of another one."""
    found = decode(few, _Unread).facts
    if many and places[-1] >= len(found):
        found += decode(many(), tuple[msgspec.Raw, ...])
    if places[-1] >= len(found):
        raise SealBroken("heads of another block")
    return tuple(decode(found[place], Fact) for place in places)
