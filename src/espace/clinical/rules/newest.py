"""Out of thousands of facts, the newest of each thing: their heads are looked at first, and only those are read whole.

A record of ten thousand facts says a few hundred things again and again; a screen shows the last ones.
"""

from collections.abc import Callable, Collection

import msgspec

from espace.clinical.facts.extracted import Fact, Kind
from espace.clinical.rules.keeping import Many
from espace.kernel.json import decode
from espace.keys.facts import SealBroken

Places = list[int]
"""Which facts of a block are worth showing, by their rank: those of its first part come before the frequent ones."""


class _Unread(msgspec.Struct, frozen=True, gc=False):
    facts: tuple[msgspec.Raw, ...] = ()


def newest_of_each(kinds: Collection[Kind], most: int) -> Callable[[bytes], Places]:
    """Chooses by the heads of blocks, given the newest first: of these kinds, the `most` newest facts of each thing,
    and of each way of stating it, so that a contradiction stays in sight however old it is."""
    wanted = frozenset(kind.value for kind in kinds)
    left: dict[str, int] = {}

    def worth(heads: bytes) -> Places:
        places = []
        for place, head in enumerate(decode(heads, list[str])):
            room = left.get(head)
            if room is None:
                room = most if head.partition(" ")[0] in wanted else 0
            left[head] = room - 1
            if room > 0:
                places.append(place)
        return places

    return worth


def facts_at(places: Places, few: bytes, many: Many | None) -> tuple[Fact, ...]:
    """These facts of a block, and no others; keys.SealBroken where its heads were those of another one."""
    found = decode(few, _Unread).facts
    if many and places[-1] >= len(found):
        found += decode(many(), tuple[msgspec.Raw, ...])
    if places[-1] >= len(found):
        raise SealBroken("heads of another block")
    return tuple(decode(found[place], Fact) for place in places)
