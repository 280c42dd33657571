"""What a camera or a program noted in a picture, taken out without touching the picture: no pixel is decoded.

The place where a photograph was taken is often the holder's home. What is needed to show the picture stays: its
colours, its density, its way up. Everything else goes, also what we do not know, and what was put behind the end.

Sources: ITU T.81 annex B (JPEG), JFIF 1.02, ICC.1 annex B.4, Exif 2.32 §4.5 and §4.7 (segment, orientation), PNG
specification 3rd edition §5 and §11.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from struct import Struct, error, pack

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused
from espace.wire.files.kinds import JPEG, PNG, TIFF
from espace.wire.files.pictures import parts_allowed
from espace.wire.files.tiff import without_notes

UPRIGHT = 1
"""Orientation of a picture that is stored as it is to be seen; 2 to 8 turn or mirror it."""
_EXIF = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
_ENTRIES = 256
"""Looked at in the notes of a camera, which are sorted: the way up is among the first."""

# --- JPEG -----------------------------------------------------------------------------------------------------

_SOI, _EOI, _SOS, _APP0, _APP1, _COMMENT = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xFE
_APPS = range(0xE0, 0xF0)
_KEPT_APPS = ((0xE0, b"JFIF\0"), (0xE2, b"ICC_PROFILE\0"), (0xEE, b"Adobe"))
"""Density, colour profile, and how colours were transformed: without the last two the colours would be others."""
_JFIF = 16
"""Bytes of its segment without the thumbnail that may follow, a small picture of its own."""
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""In the data of a scan 0xFF is also before a stuffed byte, one that fills up, or a restart."""


def jpeg(data: bytes) -> bytes:
    """The same picture, coded byte for byte as it was. Refused(FILE_BROKEN) where its segments do not follow."""
    kept, place, turned = bytearray(b"\xff\xd8"), 2, False
    for _ in range(parts_allowed(data)):
        place = _marker_at(data, place)
        marker = data[place + 1]
        if marker == _EOI:
            return bytes(kept + b"\xff\xd9")
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            kept += data[place : place + 2]
            place += 2
            continue
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        if end < place + 4 or end > len(data) or marker == _SOI:
            raise Refused(reasons.FILE_BROKEN)
        if marker == _SOS:
            end = _marker_at(data, end, _AFTER_SCAN)
        segment = _kept_segment(marker, data[place:end], turned)
        turned = turned or segment.startswith(b"\xff\xe1")
        kept += segment
        place = end
    raise Refused(reasons.FILE_BROKEN)


def _marker_at(data: bytes, place: int, marker: re.Pattern[bytes] = _MARKER) -> int:
    """Where the next marker begins; what fills up before it is left out."""
    if found := marker.search(data, place):
        return found.start()
    raise Refused(reasons.FILE_BROKEN)


def _kept_segment(marker: int, segment: bytes, turned: bool) -> bytes:
    """What is kept of one segment; of the notes of the camera, the way up, once."""
    body = segment[4:]
    if marker == _COMMENT or marker in _APPS:
        if marker == _APP1 and body.startswith(_EXIF) and not turned:
            way = orientation(body[len(_EXIF) :])
            return b"" if way == UPRIGHT else b"\xff\xe1\x00\x22" + _EXIF + _way_up(way)
        if not any(marker == app and body.startswith(begins) for app, begins in _KEPT_APPS):
            return b""
        if marker == _APP0:
            return _without_thumbnail(body)
    return segment


def _without_thumbnail(body: bytes) -> bytes:
    if len(body) < _JFIF - 2:
        return b""
    return b"\xff\xe0" + pack(">H", _JFIF) + body[: _JFIF - 4] + b"\0\0"


def orientation(exif: bytes) -> int:
    """The way up that Exif notes state, 1 to 8; UPRIGHT where they do not, or wrongly."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (place,) = Struct(f"{order}I").unpack_from(exif, 4)
        (many,) = Struct(f"{order}H").unpack_from(exif, place)
        for number in range(min(many, _ENTRIES)):
            tag, kind, count, value = Struct(f"{order}HHIH").unpack_from(exif, place + 2 + number * 12)
            if tag == _ORIENTATION:
                return value if kind == _SHORT and count == 1 and 1 <= value <= 8 else UPRIGHT
    except error:
        pass
    return UPRIGHT


def _way_up(way: int) -> bytes:
    """Exif notes that say nothing else: one directory of one entry."""
    return pack(">4sIHHHIHHI", b"MM\0*", 8, 1, _ORIENTATION, _SHORT, 1, way, 0, 0)


# --- PNG ------------------------------------------------------------------------------------------------------

_PNG_BEGINS = 8
_KEPT_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT".split()
)


def png(data: bytes) -> bytes:
    """The same picture: chunks that show it as they were, no text, time, place or unknown one; a whole PNG is given."""
    kept, place = bytearray(data[:_PNG_BEGINS]), _PNG_BEGINS
    while place + 12 <= len(data):
        end = place + 12 + int.from_bytes(data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : end - 4]
        if kind in _KEPT_CHUNKS or not kind[0] & 0x20:
            kept += data[place:end]
        elif kind == b"eXIf" and (way := orientation(body)) != UPRIGHT:
            kept += _chunk(kind, _way_up(way))
        place = end
        if kind == b"IEND":
            break
    return bytes(kept)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


_STRIPPED: Mapping[str, Callable[[bytes], bytes]] = {JPEG: jpeg, PNG: png, TIFF: without_notes}


def stripped(media_type: str, data: bytes) -> bytes:
    """What is kept of a file that `kinds.checked` let pass: a picture without what was noted in it, another file as it
    is. The same bytes give the same bytes, and twice is once. Refused: FILE_BROKEN, FILE_KIND_REFUSED."""
    return _STRIPPED.get(media_type, bytes)(data)
