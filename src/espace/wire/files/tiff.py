"""TIFF without what was noted in it: written anew from the tags that show its pages, their data as they were coded.

Nothing else follows: no place, name, date or program, no smaller picture, nothing that no tag names. A file that has
nothing but such tags stays as it is. Sources: TIFF 6.0 §2, §8 and the registry of its tags.
"""

from collections.abc import Iterator, Mapping
from struct import Struct, error

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused

SHOWING = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 282, 283, 284, 290, 291}
    | {292, 293, 296, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 332, 334, 336, 338, 339, 340, 341, 347}
    | {529, 530, 531, 532, 34675}
)
"""Size, coding, colours, density and way up; 34675 is the colour profile."""
_COMPRESSION, _OLD_JPEG = 259, 6
_PARTS = {273: 279, 324: 325}
"""Where each strip or tile is, and how many bytes it has."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_WHOLE = {3: "H", 4: "I"}
_LONG, _ENTRY = 4, 12
_ROOM = 4096
"""Pages may share values or data, but no small file becomes a big one: beyond the length of the file, this."""

Field = tuple[int, int, bytes]
"""Kind, count and bytes of the values of a tag."""


def without_notes(data: bytes) -> bytes:
    """The same pages. Refused: FILE_BROKEN; FILE_KIND_REFUSED for the first way of JPEG inside TIFF, withdrawn since,
    whose data cannot be told from notes."""
    order = "<" if data.startswith(b"II") else ">"
    try:
        pages = list(_pages(data, order))
        if all(tag in SHOWING for page in pages for tag in page):
            return data
        if any(_numbers(page[_COMPRESSION], order) == (_OLD_JPEG,) for page in pages if _COMPRESSION in page):
            raise Refused(reasons.FILE_KIND_REFUSED)
        return _written(data, pages, order)
    except (error, KeyError):
        raise Refused(reasons.FILE_BROKEN) from None


def _pages(data: bytes, order: str) -> Iterator[Mapping[int, Field]]:
    """The fields of each directory, in their order; the chain, which `pictures.tiff` looked at, never turns back."""
    (place,) = Struct(f"{order}I").unpack_from(data, 4)
    left = len(data) + _ROOM
    while place:
        (many,) = Struct(f"{order}H").unpack_from(data, place)
        page: dict[int, Field] = {}
        for number in range(many):
            tag, field = _field(data, place + 2 + number * _ENTRY, order)
            left -= len(field[2])
            if left < 0:
                raise Refused(reasons.FILE_BROKEN)
            page[tag] = field
        yield page
        (place,) = Struct(f"{order}I").unpack_from(data, place + 2 + many * _ENTRY)


def _field(data: bytes, entry: int, order: str) -> tuple[int, Field]:
    tag, kind, count = Struct(f"{order}HHI").unpack_from(data, entry)
    if tag not in SHOWING:
        return tag, (kind, count, b"")
    size, place = _SIZES[kind] * count, entry + 8
    if size > 4:
        (place,) = Struct(f"{order}I").unpack_from(data, place)
    if place + size > len(data):
        raise Refused(reasons.FILE_BROKEN)
    return tag, (kind, count, data[place : place + size])


def _numbers(field: Field, order: str) -> tuple[int, ...]:
    kind, count, values = field
    return Struct(f"{order}{count}{_WHOLE[kind]}").unpack(values)


def _written(data: bytes, pages: list[Mapping[int, Field]], order: str) -> bytes:
    """Header, then for each page its data, its longer values and its directory."""
    made, link = bytearray(data[:4] + bytes(4)), 4
    for page in pages:
        kept = {tag: page[tag] for tag in sorted(page) if tag in SHOWING}
        for places, sizes in _PARTS.items():
            if places in kept:
                parts = zip(_numbers(kept[places], order), _numbers(kept[sizes], order), strict=False)
                moved = [_append(made, data, place, size) for place, size in parts]
                kept[places] = (_LONG, len(moved), Struct(f"{order}{len(moved)}I").pack(*moved))
        entries = [_entry(made, tag, field, order) for tag, field in kept.items()]
        Struct(f"{order}I").pack_into(made, link, len(made))
        made += Struct(f"{order}H").pack(len(entries)) + b"".join(entries) + bytes(4)
        link = len(made) - 4
    return bytes(made)


def _append(made: bytearray, data: bytes, place: int, size: int) -> int:
    """Where these bytes of the first file now are."""
    if place + size > len(data) or len(made) + size > 2 * (len(data) + _ROOM):
        raise Refused(reasons.FILE_BROKEN)
    at = len(made)
    made += data[place : place + size] + bytes(size % 2)
    return at


def _entry(made: bytearray, tag: int, field: Field, order: str) -> bytes:
    """An entry, whose values are in it where they fit in four bytes, else before its directory."""
    kind, count, values = field
    begins = Struct(f"{order}HHI").pack(tag, kind, count)
    if len(values) <= 4:
        return begins + values.ljust(4, b"\0")
    at = len(made)
    made += values + bytes(len(values) % 2)
    return begins + Struct(f"{order}I").pack(at)
