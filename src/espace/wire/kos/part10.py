"""DICOM files (PS3.10) and data sets (PS3.5): bytes to elements, little endian only, depth and number bounded."""

from collections.abc import Mapping
from dataclasses import dataclass

from espace.kernel.reasons import Reason
from espace.kernel.reasons.dicom import DICOM_UNREADABLE, DICOM_UNSUPPORTED

BEGINNING = bytes(128) + b"DICM"
"""An empty preamble and the prefix. Other preambles (PS3.10, 7.1) let a file be two things at once."""

META_LENGTH, TRANSFER_SYNTAX = 0x0002_0000, 0x0002_0010
_IMPLICIT, _EXPLICIT = b"1.2.840.10008.1.2", b"1.2.840.10008.1.2.1"
_MOST_DEPTH = 16
_MOST_ELEMENTS = 100_000
_UNDEFINED = 0xFFFF_FFFF
_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFE_E000, 0xFFFE_E00D, 0xFFFE_E0DD
_LONG = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"})
_SHORT = frozenset(
    {
        *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT"),
        *(b"PN", b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US"),
    }
)
"""Value representations by the size of their length (PS3.5, 7.1.2)."""


@dataclass(frozen=True, slots=True)
class DataSet:
    """Elements by tag (group and element in one number): values as they are written, and the items of sequences."""

    values: Mapping[int, bytes]
    items: Mapping[int, tuple["DataSet", ...]]


class Unreadable(Exception):
    """Why the bytes are not taken, and at which element."""

    def __init__(self, detail: str, tag: int | None = None, reason: Reason = DICOM_UNREADABLE) -> None:
        super().__init__(detail)
        self.detail, self.place, self.reason = detail, "" if tag is None else named(tag), reason


def named(tag: int) -> str:
    """A tag as DICOM writes it: (gggg,eeee)."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def read_file(data: bytes, sequences: frozenset[int]) -> tuple[DataSet, DataSet]:
    """The file meta information and the data set of a file. `sequences` are those that are read in a data set without
    value representations, where nothing else tells them from bytes when their length is written. Raises Unreadable."""
    if not data.startswith(BEGINNING):
        raise Unreadable("128 bytes of zero, then DICM, are expected")
    head = _Reader(data, len(BEGINNING), sequences)
    begun = head.one(explicit=True)
    if begun is None or begun[0] != META_LENGTH or len(begun[1]) != 4:
        raise Unreadable("the length of the file meta information comes first", META_LENGTH)
    end = head.at + int.from_bytes(begun[1], "little")
    if end > len(data):
        raise Unreadable("more bytes are announced than there are", META_LENGTH)
    meta = head.elements(end, explicit=True)
    if stray := next((tag for tag in (*meta.values, *meta.items) if tag >> 16 != 2), None):
        raise Unreadable("not an element of the file meta information", stray)
    syntax = meta.values.get(TRANSFER_SYNTAX, b"").rstrip(b"\0 ")
    if syntax not in (_IMPLICIT, _EXPLICIT):
        raise Unreadable("Implicit or Explicit VR Little Endian", TRANSFER_SYNTAX, DICOM_UNSUPPORTED)
    return meta, head.elements(len(data), explicit=syntax == _EXPLICIT)


class _Reader:
    """A place in the bytes, and how many elements may still come."""

    def __init__(self, data: bytes, at: int, sequences: frozenset[int]) -> None:
        self.data, self.at, self.sequences = data, at, sequences
        self.left = _MOST_ELEMENTS

    def one(self, *, explicit: bool) -> tuple[int, bytes] | None:
        """The next element where it is a plain value."""
        tag = self._tag(len(self.data))
        kind, length = self._head(tag, len(self.data), explicit=explicit)
        return None if kind == b"SQ" or length == _UNDEFINED else (tag, self._take(length, len(self.data), tag))

    def elements(self, end: int, *, explicit: bool, depth: int = 0, ends: bool = False) -> DataSet:
        """The elements up to `end`, or up to the delimiter of an item where one `ends` them; tags only go up."""
        values, items, last = dict[int, bytes](), dict[int, tuple[DataSet, ...]](), -1
        while self.at < end:
            tag = self._tag(end)
            if tag == _ITEM_END and ends:
                self._delimited(tag, end)
                return DataSet(values, items)
            if tag <= last:
                raise Unreadable("elements come once, in the order of their tags", tag)
            last = tag
            kind, length = self._head(tag, end, explicit=explicit)
            if self._is_sequence(tag, kind, length):
                items[tag] = self._items(tag, length, end, explicit=explicit and kind != b"UN", depth=depth + 1)
            else:
                values[tag] = self._take(length, end, tag)
        if ends:
            raise Unreadable("an item has no end")
        return DataSet(values, items)

    def _is_sequence(self, tag: int, kind: bytes, length: int) -> bool:
        """A value of unknown representation and undefined length is a sequence too (PS3.5, 6.2.2, note 2)."""
        if length == _UNDEFINED and kind not in (b"", b"SQ", b"UN"):
            raise Unreadable("compressed pictures are not part of a manifest", tag, DICOM_UNSUPPORTED)
        return kind == b"SQ" or length == _UNDEFINED or (not kind and tag in self.sequences)

    def _items(self, tag: int, length: int, end: int, *, explicit: bool, depth: int) -> tuple[DataSet, ...]:
        if depth > _MOST_DEPTH:
            raise Unreadable(f"at most {_MOST_DEPTH} sequences inside one another", tag, DICOM_UNSUPPORTED)
        found = list[DataSet]()
        stop = self._stop(length, end, tag)
        while self.at < stop:
            inner = self._tag(stop)
            if inner == _SEQUENCE_END and length == _UNDEFINED:
                self._delimited(inner, stop)
                return tuple(found)
            if inner != _ITEM:
                raise Unreadable("items are expected", tag)
            size = self._number(4, stop, inner)
            whole = self._stop(size, stop, tag)
            found.append(self.elements(whole, explicit=explicit, depth=depth, ends=size == _UNDEFINED))
        if length == _UNDEFINED:
            raise Unreadable("a sequence has no end", tag)
        return tuple(found)

    def _stop(self, length: int, end: int, tag: int) -> int:
        """Where what has this length ends; what has none may go as far as what holds it."""
        if length == _UNDEFINED:
            return end
        if length > end - self.at:
            raise Unreadable("longer than what holds it", tag)
        return self.at + length

    def _head(self, tag: int, end: int, *, explicit: bool) -> tuple[bytes, int]:
        """The value representation, empty where it is not written, and the length."""
        if not explicit:
            return b"", self._number(4, end, tag)
        kind = self._take(2, end, tag)
        if kind in _SHORT:
            return kind, self._number(2, end, tag)
        if kind not in _LONG:
            raise Unreadable("a value representation of PS3.5 is expected", tag)
        self._take(2, end, tag)
        return kind, self._number(4, end, tag)

    def _tag(self, end: int) -> int:
        self.left -= 1
        if self.left < 0:
            raise Unreadable(f"at most {_MOST_ELEMENTS} elements", None, DICOM_UNSUPPORTED)
        both = self._number(4, end, None)
        return (both & 0xFFFF) << 16 | both >> 16

    def _delimited(self, tag: int, end: int) -> None:
        if self._number(4, end, tag):
            raise Unreadable("a delimiter has no value", tag)

    def _number(self, size: int, end: int, tag: int | None) -> int:
        return int.from_bytes(self._take(size, end, tag), "little")

    def _take(self, length: int, end: int, tag: int | None) -> bytes:
        if length > end - self.at:
            raise Unreadable("longer than what holds it", tag)
        begin, self.at = self.at, self.at + length
        return self.data[begin : self.at]
