"""Looking at a file takes a time that grows with its length and no faster. Steps are counted, not seconds: the lines
that are run, and the bytes that a line may take in at once."""

import struct
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.kernel.words import Refused
from espace.wire import files
from espace.wire.files.pictures import MAX_ENTRIES, MAX_VALUES, parts_allowed
from espace.wire.files.rtf import STEPS
from wire.files_made import jpeg, png, png_chunk, tiff

SIZE = 200_000
RTF_LINES, LINES = 25 * STEPS, 30_000
"""Lines that a file of that kind, and that any other may take; and one more for so many of its bytes."""
BYTES_A_LINE = 4
AT_ONCE = 64
"""Bytes that may be held at once for each byte of a file that is read whole."""


def looked_at(data: bytes) -> str:
    """All that the server's own process does with a file."""
    try:
        kind = files.kind_of(data)
        files.stripped(kind, data)
    except Refused as refusal:
        return refusal.reason.code
    return kind


def steps(work: Callable[[], Any]) -> tuple[int, Any]:
    """How many lines are run, those of each turn of a loop; and what the work answers."""
    count, before = 0, sys.gettrace()

    def line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    sys.settrace(line)
    try:
        found = work()
    finally:
        sys.settrace(before)
    return count, found


def filled(begin: bytes, part: bytes, end: bytes = b"") -> bytes:
    return begin + part * ((SIZE - len(begin) - len(end)) // len(part)) + end


def directory(*entries: tuple[int, int, int, int], after: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", after)


def tiff_of(*entries: tuple[int, int, int, int], size: int = SIZE) -> bytes:
    return (b"II*\0\x08\0\0\0" + directory(*entries)).ljust(size, b"\1")


def overlapping(pages: int) -> bytes:
    """Directories that begin in one another, whole ones: each has a thousand entries, none of the same tag twice."""
    made = bytearray(b"II*\0\x08\0\0\0" + bytes(SIZE))
    for number in range(1000):
        struct.pack_into("<HHII", made, 10 + number * 12, 1000 + number, 3, 1, 0)
    for number, entry in enumerate(PAGE):
        struct.pack_into("<HHII", made, 10 + (100 + number) * 12, *entry)
    for page in range(pages):
        struct.pack_into("<H", made, 8 + page * 12, 1000)
        struct.pack_into("<I", made, 10 + (1000 + page) * 12, 8 + (page + 1) * 12)
    return bytes(made)


PAGE = ((256, 4, 1, 1), (257, 4, 1, 1), (273, 4, 1, 8), (279, 4, 1, 1))
SCAN = jpeg()[:-2]
SLOW = {
    "a tag a thousand times": tiff_of(*[(273, 3, 99_000, 8)] * 1000),
    "too many entries": tiff_of(*[(273, 3, 99_000, 8)] * 16_000),
    "tags beyond those that exist": tiff_of(*[(tag, 3, 1, 8) for tag in range(1, 16_000)]),
    "millions of values": tiff_of((256, 4, 1, 8), (257, 4, 1, 8), (273, 3, 99_900, 8), (279, 3, 99_900, 8)),
    "directories in one another": overlapping(90),
    "restarts before a scan": filled(b"\xff\xd8\xff", b"\xd0\xff"),
    "nothing but filling": filled(b"\xff\xd8", b"\xff"),
    "segments of nothing": filled(b"\xff\xd8", b"\xff\xe1\0\2"),
    "scans of nothing": filled(SCAN, b"\xff\xda\0\2", b"\xff\xd9"),
    "stuffed bytes": filled(SCAN, b"\xff\0", b"\xff\xd9"),
    "restarts": filled(SCAN, b"\xff\xd1", b"\xff\xd9"),
    "filling in a scan": filled(SCAN, b"\xff", b"\xff\xd9"),
    "segments behind a scan": filled(SCAN, b"\xff\xe1\0\2", b"\xff\xd9"),
    "notes of many entries": filled(
        jpeg()[:2], b"\xff\xe1\xff\xffExif\0\0MM\0*\0\0\0\x08\xff\xff" + bytes(65_517), jpeg()[2:]
    ),
    "chunks of nothing": filled(png()[:33], png_chunk(b"tEXt", b""), png()[33:]),
    "data in chunks of nothing": filled(png()[:33], png_chunk(b"IDAT", b""), png()[33:]),
    "fields without end": filled(b"{\\rtf1", b"\\fldinst", b"}"),
    "fields of fields": filled(b"{\\rtf1", b"{\\fldinst ", b"}"),
    "fields": filled(b"{\\rtf1", b"{\\fldinst PAGE}", b"}"),
    "long fields": filled(b"{\\rtf1", b"{\\fldinst PAGE " + b"x" * 9000 + b"}", b"}"),
    "pictures elsewhere": filled(b"{\\rtf1", b"pibName\\sv", b"}"),
    "links": filled(b"{\\rtf1", b"{\\hlsrc http://a}", b"}"),
    "backslashes": filled(b"{\\rtf1", b"\\", b"}"),
    "braces": filled(b"{\\rtf1\\fldinst", b"{", b"}"),
    "angles": filled(b"a", b"<!doctyp "),
    "spaces": filled(b"a", b" "),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_file_takes_more_steps_than_its_length_allows(name: str) -> None:
    data = SLOW[name]
    taken, answer = steps(lambda: looked_at(data))
    always = RTF_LINES if data.startswith(b"{\\rtf") else LINES
    assert taken <= always + len(data) // BYTES_A_LINE, answer


@pytest.mark.parametrize("name", SLOW)
def test_no_file_takes_more_memory_than_its_length_allows(name: str) -> None:
    data = SLOW[name]
    tracemalloc.start()
    try:
        looked_at(data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most <= AT_ONCE * len(data)


PARTS: dict[str, tuple[bytes, bytes, bytes]] = {
    "png": (png()[:33], png_chunk(b"tEXt", b"a\0b"), png()[33:]),
    "jpeg": (jpeg()[:2], b"\xff\xe1\0\4ab", jpeg()[2:]),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_picture_may_have_many_parts_and_not_as_many_as_it_has_bytes(name: str) -> None:
    begin, part, end = PARTS[name]
    assert looked_at(begin + part * 1000 + end).startswith("image/")
    assert looked_at(begin + part * 20_000 + end) == "file_broken"


def test_parts_allowed_are_those_that_programs_write() -> None:
    assert parts_allowed(b"") == 1024
    assert parts_allowed(bytes(5_000_000)) == 1024 + 19_531


TIFFS = {
    "a page": (tiff_of(*PAGE, size=200), "image/tiff"),
    "a tag that is there twice": (tiff_of(*PAGE, (279, 4, 1, 1), size=200), "file_broken"),
    "another one twice": (tiff_of(*PAGE, (305, 2, 4, 1), (305, 2, 4, 1), size=200), "file_broken"),
    "as many entries as may be": (
        tiff_of(*PAGE, *((1000 + n, 3, 1, 1) for n in range(MAX_ENTRIES - 4)), size=20_000),
        "image/tiff",
    ),
    "one more": (tiff_of(*PAGE, *((1000 + n, 3, 1, 1) for n in range(MAX_ENTRIES - 3)), size=20_000), "file_outsized"),
    "as many strips as may be": (
        tiff_of(*PAGE[:2], (273, 3, MAX_VALUES, 90), (279, 3, MAX_VALUES, 90), size=400_200),
        "image/tiff",
    ),
    "one strip more": (
        tiff_of(*PAGE[:2], (273, 3, MAX_VALUES + 1, 90), (279, 3, 1, 90), size=400_200),
        "file_outsized",
    ),
    "values that are read more often than the file is long": (
        tiff_of(*PAGE[:2], (273, 3, 90_000, 8), (279, 3, 90_000, 8), size=200_000),
        "file_broken",
    ),
    "cut in its directory": (tiff_of(*PAGE, size=0)[:40], "file_broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", TIFFS)
def test_a_directory_states_each_thing_once_and_within_bounds(name: str) -> None:
    data, expected = TIFFS[name]
    assert looked_at(data) == expected


ENTRY = st.tuples(
    st.sampled_from((254, 256, 257, 259, 270, 273, 279, 324, 325)),
    st.integers(0, 13),
    st.one_of(st.integers(0, 4), st.integers(0, 2**32 - 1)),
    st.one_of(st.integers(0, 300), st.integers(0, 2**32 - 1)),
)


@settings(max_examples=60)
@given(st.lists(ENTRY, max_size=30), st.integers(0, 400), st.binary(max_size=200))
def test_any_directory_is_read_in_few_steps(entries: list[tuple[int, int, int, int]], after: int, rest: bytes) -> None:
    data = b"II*\0\x08\0\0\0" + directory(*entries, after=after) + rest
    taken, answer = steps(lambda: looked_at(data))
    assert answer == "image/tiff" or answer.startswith("file_")
    assert taken <= 5000 + 40 * len(data)


@settings(max_examples=60)
@given(
    st.sampled_from((jpeg(), png(), tiff(), b"{\\rtf1 }")),
    st.integers(0, 200),
    st.binary(min_size=1, max_size=8),
    st.integers(1, 400),
)
def test_what_is_repeated_within_a_file_costs_no_more_each_time(
    whole: bytes, place: int, part: bytes, times: int
) -> None:
    data = whole[:place] + part * times + whole[place:]
    taken, _ = steps(lambda: looked_at(data))
    assert taken <= 5000 + 40 * len(data)
