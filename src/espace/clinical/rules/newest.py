"""Out of thousands of facts, the newest of each thing: their heads are looked at first, and only those are read whole.

A record of ten thousand facts says a few hundred things again and again; a screen shows the last ones.
"""

from collections.abc import Callable, Collection, Sequence

import msgspec

from espace.clinical.facts.extracted import Fact, Kind
from espace.clinical.rules.keeping import Many, facts_in
from espace.kernel.json import decode

Read = Callable[[bytes, Many | None], tuple[Fact, ...]]
"""The facts of a block that are worth showing, out of its parts: the few and the frequent."""


class _Heads(msgspec.Struct, frozen=True, gc=False):
    heads: tuple[str, ...] = ()


class _Unread(msgspec.Struct, frozen=True, gc=False):
    facts: tuple[msgspec.Raw, ...] = ()


def newest_of_each(kinds: Collection[Kind], most: int) -> Read:
    """Reads blocks, given the newest first: of these kinds, the `most` newest facts of each thing, and of each way of
    stating it, so that a contradiction stays in sight however old it is."""
    wanted = frozenset(kind.value for kind in kinds)
    left: dict[str, int] = {}

    def worth(heads: Sequence[str]) -> list[int]:
        places = []
        for place, head in enumerate(heads):
            room = left.get(head)
            if room is None:
                room = most if head.partition(" ")[0] in wanted else 0
            left[head] = room - 1
            if room > 0:
                places.append(place)
        return places

    def read(few: bytes, many: Many | None) -> tuple[Fact, ...]:
        heads = decode(few, _Heads).heads
        if not heads:
            return facts_in(few, many, kinds)
        places = worth(heads)
        if not places:
            return ()
        found = decode(few, _Unread).facts
        if many and places[-1] >= len(found):
            found += decode(many(), tuple[msgspec.Raw, ...])
        return tuple(decode(found[place], Fact) for place in places)

    return read
