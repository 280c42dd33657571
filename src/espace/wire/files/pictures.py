"""Pictures by their headers alone: whole, and of a size that a screen can open. Nothing is decoded here.

Sources: ITU T.81 annex B (JPEG markers), PNG specification 3rd edition §5 and §11.2.1, TIFF 6.0 §2 and §8.
"""

import re
import zlib
from collections.abc import Iterator
from struct import Struct, error

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused

MAX_PIXELS = 80_000_000
"""Of one picture: an A3 page at 600 points an inch has seventy million."""
MAX_PAGES = 200
MAX_ALL_PIXELS = 10 * MAX_PIXELS
MAX_PARTS_BASE, BYTES_A_PART = 1024, 256
MAX_ENTRIES = 1024
"""Of a directory of a TIFF; all the tags that are registered are half as many."""
MAX_VALUES = 100_000
"""Of one tag that counts: the largest picture in tiles of 32 by 32 has 78 125."""
SHARED = 4096
"""Directories may share values, but reading them never takes more than the length of the file, and this."""

_PNG_BEGINS = 8
_TIFF_ENTRY = 12
_WIDTH, _HEIGHT = 256, 257
_PARTS = ((273, 279), (324, 325))
"""Tags of a page's data: where each strip or tile is, and how many bytes it has."""
_SIZES = {3: 2, 4: 4}


def bounded(width: int, height: int) -> int:
    """The number of pixels; Refused FILE_BROKEN for none, FILE_OUTSIZED for too many."""
    if width < 1 or height < 1:
        raise Refused(reasons.FILE_BROKEN)
    if width * height > MAX_PIXELS:
        raise Refused(reasons.FILE_OUTSIZED)
    return width * height


def parts_allowed(data: bytes) -> int:
    """How many chunks or segments a picture of that length may have. Programs write some thousand bytes in each; many
    empty ones would only take the time of who looks at them."""
    return MAX_PARTS_BASE + len(data) // BYTES_A_PART


def jpeg(data: bytes) -> None:
    """A frame of a bounded size, a scan after it, and the mark of its end. What telephones add behind is left.

    Restart marks are within scans only (T.81, B.2.1): before the first one they are an error.
    """
    place, framed = 2, False
    for _ in range(parts_allowed(data)):
        found = _MARKER.search(data, place)
        if found is None or (place := found.start()) + 4 > len(data):
            break
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if marker == _SCAN and framed and data.find(b"\xff\xd9", place + length) >= 0:
            return
        if marker in _FRAMES and place + 9 <= len(data):
            bounded(int.from_bytes(data[place + 7 : place + 9]), int.from_bytes(data[place + 5 : place + 7]))
            framed = True
        if marker in _STRAY or length < 2:
            break
        place += 2 + length
    raise Refused(reasons.FILE_BROKEN)


_MARKER = re.compile(rb"\xff[^\xff]")
"""The last of the bytes that fill up, and the marker: two bytes, so that looking for it never turns back."""
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, 0xD9
_STRAY = frozenset({_SCAN, _END, 0x01, *range(0xD0, 0xD8)})
"""What has no place before the first scan of a frame; the last nine have no length."""


def png(data: bytes) -> None:
    """A header of a bounded size first, whole chunks up to the last, and nothing behind it."""
    place, kinds = _PNG_BEGINS, set[bytes]()
    for _ in range(parts_allowed(data)):
        length, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 4 : place + 8 + length]
        place += 12 + length
        if len(kind) < 4 or place > len(data) or zlib.crc32(body) != int.from_bytes(data[place - 4 : place]):
            break
        if not kinds and (kind != b"IHDR" or length != 13):
            break
        if kind == b"IHDR":
            bounded(int.from_bytes(body[4:8]), int.from_bytes(body[8:12]))
        kinds.add(kind)
        if kind == b"IEND":
            if data[place:].strip(b"\0\r\n "):
                raise Refused(reasons.FILE_LIES)
            if b"IDAT" in kinds:
                return
            break
    raise Refused(reasons.FILE_BROKEN)


def tiff(data: bytes) -> None:
    """Pages of a bounded size, few enough, each with all its data."""
    pixels = 0
    try:
        for number, page in enumerate(_pages(data), start=1):
            pixels += bounded(page.get(_WIDTH, (0,))[0], page.get(_HEIGHT, (0,))[0])
            if pixels > MAX_ALL_PIXELS or number > MAX_PAGES:
                raise Refused(reasons.FILE_OUTSIZED)
            if not any(_whole(page, *tags, len(data)) for tags in _PARTS):
                raise Refused(reasons.FILE_BROKEN)
    except error:
        raise Refused(reasons.FILE_BROKEN) from None


def _whole(page: dict[int, tuple[int, ...]], places: int, sizes: int, most: int) -> bool:
    parts = tuple(zip(page.get(places, ()), page.get(sizes, ()), strict=False))
    return bool(parts) and all(place + size <= most for place, size in parts)


def _pages(data: bytes) -> Iterator[dict[int, tuple[int, ...]]]:
    """The tags that count of each directory; the chain of directories never turns back.

    Each tag is there once (TIFF 6.0 §2: sorted), and all that is read is counted: directories that overlap, or that
    state the same values again and again, are refused before they cost more than the file is long.
    """
    order = "<" if data.startswith(b"II") else ">"
    count, entry, offset = Struct(f"{order}H"), Struct(f"{order}HHII"), Struct(f"{order}I")
    (place,), seen, left = offset.unpack_from(data, 4), set[int](), len(data) + SHARED
    while place or not seen:
        if place in seen or place < 8:
            raise Refused(reasons.FILE_BROKEN)
        seen.add(place)
        (entries,) = count.unpack_from(data, place)
        after = place + 2 + entries * _TIFF_ENTRY
        if entries > MAX_ENTRIES:
            raise Refused(reasons.FILE_OUTSIZED)
        rows = enumerate(entry.iter_unpack(data[place + 2 : after]))
        found = {tag: (place + 2 + n * _TIFF_ENTRY + 8, kind, many) for n, (tag, kind, many, _) in rows}
        if len(found) < entries:
            raise Refused(reasons.FILE_BROKEN)
        page = {tag: _values(data, *found[tag], order) for tag in _READ & found.keys() if found[tag][1] in _SIZES}
        left -= after - place + sum(_SIZES[found[tag][1]] * len(values) for tag, values in page.items())
        if left < 0:
            raise Refused(reasons.FILE_BROKEN)
        yield page
        (place,) = offset.unpack_from(data, after)


_READ = frozenset({_WIDTH, _HEIGHT, *_PARTS[0], *_PARTS[1]})


def _values(data: bytes, place: int, kind: int, many: int, order: str) -> tuple[int, ...]:
    """The values of an entry, in it where they fit in four bytes, else where it says."""
    size = _SIZES[kind]
    if many < 1 or many * size > len(data):
        raise Refused(reasons.FILE_BROKEN)
    if many > MAX_VALUES:
        raise Refused(reasons.FILE_OUTSIZED)
    if many * size > 4:
        (place,) = Struct(f"{order}I").unpack_from(data, place)
    return Struct(f"{order}{many}{'H' if size == 2 else 'I'}").unpack_from(data, place)
