"""Reading a ZIP file that may be hostile (PKWARE APPNOTE 6.3.10): what two readers could understand in two ways, what
hides something, and what opens to more than it should is refused; nothing is ever written under the names in it.

Members follow one another from the first byte to the directory, and each says of itself what the directory says of it.
Run in a process of its own, which knows nothing else of the platform: it imports the standard library alone.
"""

import codecs
import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST_MEMBERS = 1_000
MOST_RATIO = 200
"""Bytes for each packed byte; no document comes near, for text that repeats itself is packed fifty times at most."""
FREE_BYTES = 65_536
"""Up to which a member may be packed as well as it can be."""

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END_MARK, _CENTRAL_MARK, _LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_MOST_COMMENT = 0xFFFF
_MOST16, _MOST32 = 0xFFFF, 0xFFFFFFFF
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _STREAMED, _UTF8 = 0x2041, 0x0008, 0x0800
"""Flags: encrypted in any way; sizes after the data; the name is in UTF-8."""
_UNIX = 3
_PLAIN_KINDS = frozenset({0, 0o040000, 0o100000})
"""Of st_mode: unsaid, a folder, a file; anything else is a link or a device."""
_KIND = 0o170000
_DESCRIPTORS = {12: "<3I", 16: "<4x3I", 20: "<I2Q", 24: "<4xI2Q"}
"""By length, CRC and sizes after the data, with or without their mark, in 32 or 64 bits."""
_DRIVE = re.compile(r"[A-Za-z]:")
_MOST_NAME = 255
_OLD_NAMES = codecs.lookup("cp437")
"""Looked up at once: the process that uses it opens no file any more, and Python has this one in a file."""


class Unreadable(Exception):
    """`fault` is one of: malformed, unsafe, outsized; `detail` says what, and never a name that was in the file."""

    def __init__(self, fault: str, detail: str) -> None:
        super().__init__(fault, detail)
        self.fault, self.detail = fault, detail


@dataclass(frozen=True, slots=True)
class _Entry:
    """A member as the directory has it; `number` counts from one."""

    number: int
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    raw: bytes
    offset: int
    mode: int


def members(data: bytes, *, most: int, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """The files whose names are `wanted`, in their order: `most` bytes together at most. Raises Unreadable, before the
    first of them but for what only shows in its bytes."""
    entries = _directory(data)
    names = _names(entries)
    placed = [(one, name, _place(data, one)) for one, name in zip(entries, names, strict=True)]
    placed.sort(key=lambda found: found[0].offset)
    _require_in_a_row(data, [(one, start) for one, _, start in placed])
    chosen = [(one, name, start) for one, name, start in placed if wanted(name) and not name.endswith("/")]
    _require_bounded(chosen, most)
    for one, name, start in chosen:
        yield name, _opened(data, one, start)


def _names(entries: list[_Entry]) -> list[str]:
    """By whatever a reader compares them, in capitals or not, each is another one."""
    found, folded = list[str](), set[str]()
    for one in entries:
        name = _name(one)
        bare = unicodedata.normalize("NFC", name.upper()).casefold()
        if bare in folded:
            raise _unsafe(one, "two members of one name")
        folded.add(bare)
        found.append(name)
    return found


def _require_in_a_row(data: bytes, placed: list[tuple[_Entry, int]]) -> None:
    """From the first byte to the directory, nothing between the members and nothing twice."""
    ends, until = [one.offset for one, _ in placed[1:]], 0
    ends.append(int(_END.unpack_from(data, _end(data))[6]))
    for (one, start), end in zip(placed, ends, strict=False):
        if one.offset != until:
            raise _unsafe(one, "bytes between the members, or members that overlap")
        until = start + one.packed
        if one.flags & _STREAMED:
            until += _described(data, one, until, end)
    if until != ends[-1]:
        raise Unreadable("unsafe", "bytes between the members and the directory")


def _end(data: bytes) -> int:
    """Where the one end of the directory is: its comment ends the file."""
    first, found = max(0, len(data) - _END.size - _MOST_COMMENT), list[int]()
    at = data.find(_END_MARK, first)
    while at != -1:
        if at + _END.size <= len(data) and at + _END.size + _END.unpack_from(data, at)[7] == len(data):
            found.append(at)
        at = data.find(_END_MARK, at + 1)
    if len(found) != 1:
        raise Unreadable("malformed", "two ends of the directory" if found else "no end of the directory")
    return found[0]


def _directory(data: bytes) -> list[_Entry]:
    end = _end(data)
    _, disk, first_disk, here, count, size, offset, _ = _END.unpack_from(data, end)
    if _MOST16 in (disk, here, count) or _MOST32 in (size, offset):
        raise Unreadable("unsafe", "ZIP64")
    if disk or first_disk or here != count:
        raise Unreadable("unsafe", "several disks")
    if count > MOST_MEMBERS:
        raise Unreadable("outsized", f"more than {MOST_MEMBERS} members")
    if offset + size != end:
        raise Unreadable("malformed", "the directory is not where its end says")
    found, at = list[_Entry](), offset
    for number in range(1, count + 1):
        entry, at = _entry(data, number, at, end)
        found.append(entry)
    if at != end:
        raise Unreadable("malformed", "the directory holds more than it counts")
    return found


def _entry(data: bytes, number: int, at: int, end: int) -> tuple[_Entry, int]:
    if at + _CENTRAL.size > end or not data.startswith(_CENTRAL_MARK, at):
        raise Unreadable("malformed", f"member {number} is not in the directory")
    _, made, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, kept, offset = (
        _CENTRAL.unpack_from(data, at)
    )
    start, after = at + _CENTRAL.size, at + _CENTRAL.size + name + extra + comment
    mode = kept >> 16 if made >> 8 == _UNIX else 0
    one = _Entry(number, flags, method, crc, packed, size, data[start : start + name], offset, mode)
    if after > end:
        raise Unreadable("malformed", f"member {number} is not in the directory")
    _require_plain(one, disk)
    return one, after


def _require_plain(one: _Entry, disk: int) -> None:
    if one.flags & _ENCRYPTED:
        raise _unsafe(one, "encrypted")
    if one.method not in (_STORED, _DEFLATED):
        raise _unsafe(one, "packed in a way other than stored and deflated")
    if _MOST32 in (one.packed, one.size, one.offset) or disk:
        raise _unsafe(one, "ZIP64, or several disks")
    if one.mode & _KIND not in _PLAIN_KINDS:
        raise _unsafe(one, "neither a file nor a folder")
    if one.method == _STORED and one.packed != one.size:
        raise _unsafe(one, "stored, and of two sizes")


def _name(one: _Entry) -> str:
    """The name, whatever it is used for: a path inside the archive and nothing else."""
    try:
        name = one.raw.decode("utf-8")
    except UnicodeDecodeError:
        if one.flags & _UTF8:
            raise _unsafe(one, "a name that is not UTF-8") from None
        name, _ = _OLD_NAMES.decode(one.raw)
    steps = name.removesuffix("/").split("/")
    hostile = "\\" in name or any(unicodedata.category(sign) in ("Cc", "Cf", "Cs") for sign in name)
    if hostile or len(name) > _MOST_NAME or _DRIVE.match(name) or not {"", ".", ".."}.isdisjoint(steps):
        raise _unsafe(one, "a name that is no path inside the archive")
    return name


def _place(data: bytes, one: _Entry) -> int:
    """Where its data begin; its own header says what the directory does."""
    if one.offset + _LOCAL.size > len(data) or not data.startswith(_LOCAL_MARK, one.offset):
        raise _unsafe(one, "its header is not where the directory says")
    _, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack_from(data, one.offset)
    start = one.offset + _LOCAL.size
    streamed = one.flags & _STREAMED
    same = (flags & (_ENCRYPTED | _STREAMED), method) == (one.flags & (_ENCRYPTED | _STREAMED), one.method)
    told = streamed or (crc, packed, size) == (one.crc, one.packed, one.size)
    if not same or not told or data[start : start + name] != one.raw:
        raise _unsafe(one, "its header and the directory differ")
    return start + int(name) + int(extra)


def _described(data: bytes, one: _Entry, at: int, end: int) -> int:
    """How many bytes after its data say again what it is, as its header left that for later."""
    length = end - at
    if length not in _DESCRIPTORS:
        raise _unsafe(one, "nothing, or something else, after its data")
    if struct.unpack_from(_DESCRIPTORS[length], data, at) != (one.crc, one.packed, one.size):
        raise _unsafe(one, "what comes after its data and the directory differ")
    return length


def _require_bounded(chosen: list[tuple[_Entry, str, int]], most: int) -> None:
    if sum(one.size for one, _, _ in chosen) > most:
        raise Unreadable("outsized", f"more than {most} bytes once opened")
    for one, _, _ in chosen:
        if one.size > max(FREE_BYTES, MOST_RATIO * one.packed):
            raise Unreadable("outsized", f"member {one.number}: {MOST_RATIO} bytes a packed byte at most")


def _opened(data: bytes, one: _Entry, start: int) -> bytes:
    packed = memoryview(data)[start : start + one.packed]
    found = bytes(packed) if one.method == _STORED else _inflated(packed, one)
    if len(found) != one.size or zlib.crc32(found) != one.crc:
        raise _unsafe(one, "its bytes are not those that were announced")
    return found


def _inflated(packed: memoryview, one: _Entry) -> bytes:
    opening = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        found = opening.decompress(packed, one.size + 1)
    except zlib.error:
        raise _unsafe(one, "its bytes cannot be opened") from None
    if not opening.eof or opening.unused_data or opening.unconsumed_tail:
        raise _unsafe(one, "its bytes are not those that were announced")
    return found


def _unsafe(one: _Entry, why: str) -> Unreadable:
    return Unreadable("unsafe", f"member {one.number}: {why}")
