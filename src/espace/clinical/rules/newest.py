"""Out of thousands of facts, the newest of each thing: they are looked at first, and only those are read whole.

A record of ten thousand facts says a few hundred things again and again; a screen shows the last ones.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

import msgspec

from espace.clinical.facts.extracted import Fact, Kind
from espace.kernel.json import decode

Read = Callable[[bytes, bytes | None], tuple[Fact, ...]]
"""The facts of a block that are worth showing, out of its parts: the few and the frequent."""


class _Named(msgspec.Struct, frozen=True, gc=False):
    code: str = ""
    display: str = ""
    words: str = ""


class _Glance(msgspec.Struct, frozen=True, gc=False):
    """What a fact is about, and whether it holds: all that is looked at of most of them."""

    kind: str
    what: _Named
    state: str = ""
    absent: bool = False


class _Glances(msgspec.Struct, frozen=True, gc=False):
    facts: tuple[_Glance, ...] = ()


class _Unread(msgspec.Struct, frozen=True, gc=False):
    facts: tuple[msgspec.Raw, ...] = ()


def newest_of_each(kinds: Collection[Kind], most: int) -> Read:
    """Reads blocks, given the newest first: of these kinds, the `most` newest facts of each thing, and of each way of
    stating it, so that a contradiction stays in sight however old it is."""
    wanted = frozenset(kind.value for kind in kinds)
    seen: Counter[tuple[str, str, str, bool]] = Counter()

    def worth(glances: Sequence[_Glance]) -> list[int]:
        places = []
        for place, one in enumerate(glances):
            if one.kind in wanted:
                key = one.kind, one.what.code or one.what.display or one.what.words, one.state, one.absent
                seen[key] += 1
                if seen[key] <= most:
                    places.append(place)
        return places

    def read(few: bytes, many: bytes | None) -> tuple[Fact, ...]:
        found: list[msgspec.Raw] = []
        if places := worth(decode(few, _Glances).facts):
            unread = decode(few, _Unread).facts
            found += (unread[place] for place in places)
        if many and (places := worth(decode(many, tuple[_Glance, ...]))):
            whole = decode(many, tuple[msgspec.Raw, ...])
            found += (whole[place] for place in places)
        return tuple(decode(one, Fact) for one in found)

    return read
