"""Writing a ZIP file a piece at a time (PKWARE APPNOTE 6.3.10): each member whole, then the directory of them all.

Nothing is kept from one member to the next but its `Member`: a file of any length is written in as many goes as it
takes, by whoever has the members written so far. Beyond 4 GiB and 65 535 members the directory is ZIP64.
"""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

MEDIA_TYPE = "application/zip"
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")
_OFFSET64 = struct.Struct("<2HQ")

_DEFLATED, _UTF8, _PLAIN, _LARGE = 8, 0x0800, 20, 45
_MADE_BY_UNIX = 3 << 8 | _LARGE
_OWNER_READS = 0o100600 << 16
_MOST16, _MOST32 = 0xFFFF, 0xFFFFFFFF
_FIRST_YEAR, _LAST_YEAR = 1980, 2107


@dataclass(frozen=True, slots=True)
class Member:
    """One member as the directory has it: `offset` bytes of the file come before it."""

    name: str
    crc: int
    packed: int
    size: int
    offset: int
    date: int
    time: int


def member(name: str, data: Iterable[bytes], *, moment: datetime, offset: int) -> tuple[bytes, Member]:
    """One member as it stands in the file, and what the directory will say of it; `moment` as clocks show it there.

    Only its packed form is held in memory. ValueError for one of 4 GiB or more.
    """
    pack, packed, crc, size = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS), bytearray(), 0, 0
    for piece in data:
        packed += pack.compress(piece)
        crc, size = zlib.crc32(piece, crc), size + len(piece)
    packed += pack.flush()
    if max(size, len(packed)) >= _MOST32:
        raise ValueError("a member of 4 GiB or more")
    date, time = _moment(moment)
    made, raw = Member(name, crc, len(packed), size, offset, date, time), name.encode()
    sizes = (crc, len(packed), size)
    head = _LOCAL.pack(b"PK\x03\x04", _PLAIN, _UTF8, _DEFLATED, time, date, *sizes, len(raw), 0)
    return head + raw + packed, made


def directory(members: Sequence[Member], *, offset: int) -> bytes:
    """What ends the file whose members take its first `offset` bytes."""
    entries = b"".join(map(_entry, members))
    count, size = len(members), len(entries)
    large = offset >= _MOST32 or size >= _MOST32 or count >= _MOST16
    end64 = _end64(count, size, offset) if large else b""
    shown = min(count, _MOST16)
    end = _END.pack(b"PK\x05\x06", 0, 0, shown, shown, min(size, _MOST32), min(offset, _MOST32), 0)
    return entries + end64 + end


def _entry(one: Member) -> bytes:
    raw, far = one.name.encode(), one.offset >= _MOST32
    extra = _OFFSET64.pack(1, 8, one.offset) if far else b""
    needed = _LARGE if far else _PLAIN
    fixed = (b"PK\x01\x02", _MADE_BY_UNIX, needed, _UTF8, _DEFLATED, one.time, one.date)
    lengths = (len(raw), len(extra), 0, 0, 0)
    place = min(one.offset, _MOST32)
    return _CENTRAL.pack(*fixed, one.crc, one.packed, one.size, *lengths, _OWNER_READS, place) + raw + extra


def _end64(count: int, size: int, offset: int) -> bytes:
    rest = _END64.size - 12
    end = _END64.pack(b"PK\x06\x06", rest, _MADE_BY_UNIX, _LARGE, 0, 0, count, count, size, offset)
    return end + _LOCATOR.pack(b"PK\x06\x07", 0, offset + size, 1)


def _moment(at: datetime) -> tuple[int, int]:
    """Date and time as MS-DOS wrote them, to two seconds."""
    year = min(max(at.year, _FIRST_YEAR), _LAST_YEAR)
    return (year - _FIRST_YEAR) << 9 | at.month << 5 | at.day, at.hour << 11 | at.minute << 5 | at.second // 2
