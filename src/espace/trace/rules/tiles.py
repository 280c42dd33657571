"""The tree of RFC 6962 cut in tiles (C2SP tlog-tiles, height 8): any hash of it from a few stored rows.

A tile of level L holds 256 hashes, each that of 256^L leaves. A tree knows its tiles through `fetch(level, number)`:
the hashes of that tile one after the other, 32 bytes each, at least those that lie whole within the tree.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from espace.trace.rules.merkle import Proof, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_BYTES = 32
EMPTY_ROOT = bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
"""SHA-256 of nothing."""

Fetch = Callable[[int, int], bytes]
Place = tuple[int, int]
"""Level and number of a tile."""


def complete_root(hashes: Sequence[bytes]) -> bytes:
    """The root above a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(hashes[place], hashes[place + 1]) for place in range(0, len(hashes), 2)]
    return hashes[0]


def width_of(level: int, number: int, size: int) -> int:
    """How many hashes of a tile lie whole within the first `size` leaves: 0 to 256."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH))


@dataclass(frozen=True, slots=True)
class Tree:
    """The first `size` leaves, seen through their tiles."""

    size: int
    fetch: Fetch
    _known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def root(self) -> bytes:
        return self._range(0, self.size) if self.size else EMPTY_ROOT

    def inclusion(self, index: int) -> Proof:
        """The audit path of leaf `index`; IndexError outside the tree."""
        if not 0 <= index < self.size:
            raise IndexError(index)
        return tuple(self._path(index))

    def consistency(self, old: int) -> Proof:
        """That this tree only adds to its own first `old` leaves; IndexError outside it."""
        if not 0 < old <= self.size:
            raise IndexError(old)
        first, last, whole, steps = 0, self.size, True, list[bytes]()
        while old != last:
            middle = first + _split(last - first)
            if old <= middle:
                steps.append(self._range(middle, last))
                last = middle
            else:
                steps.append(self._range(first, middle))
                first, whole = middle, False
        own = () if whole else (self._range(first, last),)
        return (*own, *reversed(steps))

    def _path(self, index: int) -> Iterable[bytes]:
        first, last, steps = 0, self.size, list[bytes]()
        while last - first > 1:
            middle = first + _split(last - first)
            if index < middle:
                steps.append(self._range(middle, last))
                last = middle
            else:
                steps.append(self._range(first, middle))
                first = middle
        return reversed(steps)

    def _range(self, first: int, last: int) -> bytes:
        """The root over leaves `first` to `last`; `first` is a multiple of the power of two that holds them."""
        found = b""
        for height, place in reversed(list(_complete(first, last))):
            node = self._node(height, place)
            found = node_hash(node, found) if found else node
        return found

    def _node(self, height: int, place: int) -> bytes:
        """The root over the 2^height leaves from place·2^height."""
        known = self._known.get((height, place))
        if known is None:
            level, low = divmod(height, HEIGHT)
            number, offset = divmod(place << low, WIDTH)
            tile = self.fetch(level, number)
            hashes = [
                tile[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(offset, offset + (1 << low))
            ]
            known = self._known[height, place] = complete_root(hashes)
        return known


def full_tiles_needed(size: int, ask: Callable[[Tree], object]) -> set[Place]:
    """The full tiles of the tree of `size` leaves that `ask` will look at: known before any is read."""
    seen: set[Place] = set()

    def note(level: int, number: int) -> bytes:
        seen.add((level, number))
        return bytes(HASH_BYTES * WIDTH)

    ask(Tree(size, note))
    return {(level, number) for level, number in seen if width_of(level, number, size) == WIDTH}


def edge(size: int) -> list[Place]:
    """The tiles that are not full at the right edge of a tree, from the leaves up; each is computed from the rows
    under it."""
    found: list[Place] = []
    level = 0
    while size >> HEIGHT * level:
        number = size >> HEIGHT * (level + 1)
        if width_of(level, number, size):
            found.append((level, number))
        level += 1
    return found


def _complete(first: int, last: int) -> Iterable[tuple[int, int]]:
    """A range as complete subtrees, the largest first: (height, place)."""
    while first < last:
        height = (last - first).bit_length() - 1
        yield height, first >> height
        first += 1 << height


def _split(count: int) -> int:
    """The largest power of two below `count` (two or more)."""
    return 1 << (count - 1).bit_length() - 1
