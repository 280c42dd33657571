"""A ZIP file is read as it was written, or not at all: whatever hides, points outside, bursts, or can be read in two
ways is refused before a byte of it is opened."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire import unzip
from espace.wire.unzip import Unreadable
from xdm_made import zipped

TWO = {"IHE_XDM/A.TXT": b"first " * 50, "IHE_XDM/B.TXT": b"second " * 50}
MOST = 1_000_000


def opened(data: bytes, most: int = MOST) -> dict[str, bytes]:
    return dict(unzip.members(data, most=most, wanted=lambda name: True))


def fault(data: bytes, most: int = MOST) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        opened(data, most)
    return caught.value.fault, caught.value.detail


@settings(max_examples=10, deadline=None)
@given(st.dictionaries(st.from_regex(r"[A-Z]{1,8}(/[A-Z0-9]{1,8}){0,2}\.TXT", fullmatch=True), st.binary(max_size=300)))
def test_what_python_writes_is_read(files: dict[str, bytes]) -> None:
    assert opened(zipped(files)) == files
    assert opened(zipped(files, packed=False)) == files


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(zipped(TWO)) - 1), st.integers(1, 255))
def test_a_changed_byte_never_gives_other_bytes(place: int, by: int) -> None:
    data = bytearray(zipped(TWO))
    data[place] ^= by
    try:
        found = opened(bytes(data))
    except Unreadable:
        return
    assert sorted(found.values()) == sorted(TWO.values()), "dates and versions may change, and the case of a name"


@pytest.mark.parametrize("cut", [0, 1, 21, 100])
def test_what_does_not_end_is_refused(cut: int) -> None:
    assert fault(zipped(TWO)[:-1 - cut])[0] == "malformed"


def test_sizes_after_the_data_and_folders_are_taken() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("IHE_XDM/", b"")
        made.writestr("IHE_XDM/A.TXT", b"abc" * 100)
        with made.open("IHE_XDM/B.TXT", "w", force_zip64=True) as one:
            one.write(b"def" * 100)
    assert opened(out.getvalue()) == {"IHE_XDM/A.TXT": b"abc" * 100, "IHE_XDM/B.TXT": b"def" * 100}


NAMES = [
    "../a", "/a", "a/../b", "a//b", "./a", "C:\\a", "c:a", "\\\\host\\a", "a\\b", "a/./b", "a\x01b", "a\u202eb", "..",
    "a" * 256,
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_path_inside(name: str) -> None:
    assert fault(zipped({name: b"x"})) == ("unsafe", "member 1: a name that is no path inside the archive")


def test_a_name_that_is_another_one_in_capitals_is_no_other_name() -> None:
    assert fault(zipped({"IHE_XDM/I.TXT": b"x", "IHE_XDM/ı.TXT": b"y"})) == (
        "unsafe", "member 2: two members of one name",
    )  # fmt: skip


@pytest.mark.parametrize("other", [b"ihe_xdm/a.txt", b"IHE_XDM/A.TXT"])
def test_names_differ_by_more_than_case(other: bytes) -> None:
    data = zipped({"IHE_XDM/A.TXT": b"x", "IHE_XDM/0.TXT": b"y"}).replace(b"IHE_XDM/0.TXT", other)
    assert fault(data) == ("unsafe", "member 2: two members of one name")


def test_overlong_utf_8_is_no_name() -> None:
    data = zipped({"é/x": b"x"}).replace("é/x".encode(), b"\xc0\xafxx")
    assert fault(data) == ("unsafe", "member 1: a name that is not UTF-8")


def of_mode(mode: int) -> bytes:
    out = io.BytesIO()
    info = zipfile.ZipInfo("IHE_XDM/LINK")
    info.create_system, info.external_attr = 3, mode << 16
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(info, b"/etc/passwd")
    return out.getvalue()


@pytest.mark.parametrize("mode", [0o120777, 0o020666, 0o060666, 0o010666, 0o140666])
def test_links_and_devices_are_refused(mode: int) -> None:
    assert fault(of_mode(mode)) == ("unsafe", "member 1: neither a file nor a folder")


def changed(of: int, format: str, offset: int, value: int) -> Callable[[bytes], bytes]:
    """The header of that member (the directory's for a negative `of`), a field of it changed."""

    def change(data: bytes) -> bytes:
        mark = b"PK\x01\x02" if of < 0 else b"PK\x03\x04"
        at = -1
        for _ in range(abs(of) or 1):
            at = data.index(mark, at + 1)
        made = bytearray(data)
        struct.pack_into(format, made, at + offset, value)
        return bytes(made)

    return change


SPOILED = {
    "encrypted": (changed(-1, "<H", 8, 1), "member 1: encrypted"),
    "encrypted in its own header alone": (changed(1, "<H", 6, 1), "member 1: its header and the directory differ"),
    "another packing": (changed(-1, "<H", 10, 12), "member 1: packed in a way other than stored and deflated"),
    "another size": (changed(1, "<I", 22, 5), "member 1: its header and the directory differ"),
    "another CRC in both": (
        lambda data: changed(-1, "<I", 16, 7)(changed(1, "<I", 14, 7)(data)),
        "member 1: its bytes are not those that were announced",
    ),
    "ZIP64": (changed(-1, "<I", 24, 0xFFFFFFFF), "member 1: ZIP64, or several disks"),
    "another disk": (changed(-2, "<H", 34, 3), "member 2: ZIP64, or several disks"),
    "overlapping": (changed(-2, "<I", 42, 0), "member 2: its header and the directory differ"),
    "outside": (changed(-2, "<I", 42, 90_000), "member 2: its header is not where the directory says"),
    "before": (lambda data: b"MZ" + data, "the directory is not where its end says"),
    "two ends": (lambda data: data + b"PK\x05\x06" + bytes(16) + b"\0\0", "two ends of the directory"),
}


@pytest.mark.parametrize("name", SPOILED)
def test_what_can_be_read_in_two_ways_is_refused(name: str) -> None:
    spoil, told = SPOILED[name]
    data = zipped(TWO)
    if name == "two ends":
        first = data.rindex(b"PK\x05\x06")
        data = data[: first + 20] + struct.pack("<H", 22) + data[first + 22 :]
    assert fault(spoil(data))[1] == told


def test_bytes_between_the_members_are_refused() -> None:
    hidden, data = b"hidden", zipped(TWO)
    second, directory = data.index(b"PK\x03\x04", 4), data.index(b"PK\x01\x02")
    made = bytearray(data[:second] + hidden + data[second:])
    struct.pack_into("<I", made, made.rindex(b"PK\x05\x06") + 16, directory + len(hidden))
    struct.pack_into("<I", made, made.index(b"PK\x01\x02", directory + len(hidden) + 4) + 42, second + len(hidden))
    assert fault(bytes(made)) == ("unsafe", "member 2: bytes between the members, or members that overlap")


def test_a_quoted_overlap_is_refused() -> None:
    """Two members whose data are the same bytes: the bomb that opens to more than it holds (CVE-2024-0450)."""
    data = zipped({"A": b"x" * 9_000})
    first = data.index(b"PK\x01\x02")
    entry = data[first : data.index(b"PK\x05\x06")]
    again = entry.replace(b"A", b"B")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), first, 0)
    assert fault(data[:first] + entry + again + end)[0] == "unsafe"


def test_what_bursts_is_refused_before_it_is_opened() -> None:
    flat = zipped({"IHE_XDM/A.TXT": bytes(10_000_000)})
    assert fault(flat, most=20_000_000) == ("outsized", "member 1: 200 bytes a packed byte at most")
    assert fault(flat, most=9_999_999) == ("outsized", "more than 9999999 bytes once opened")
    lied = changed(-1, "<I", 24, 9_000)(changed(1, "<I", 22, 9_000)(flat))
    assert fault(lied) == ("unsafe", "member 1: its bytes are not those that were announced")
    many = zipped({f"{number}": b"" for number in range(1_001)}, packed=False)
    assert fault(many) == ("outsized", "more than 1000 members")


def test_what_is_not_wanted_is_not_opened() -> None:
    data = zipped({"BIG.BIN": bytes(10_000_000), "IHE_XDM/A.TXT": b"a"})
    assert dict(unzip.members(data, most=10, wanted=lambda name: name.startswith("IHE"))) == {"IHE_XDM/A.TXT": b"a"}


def test_an_archive_in_an_archive_is_bytes() -> None:
    inner = zipped({"A": bytes(1_000_000)})
    assert opened(zipped({"IHE_XDM/A.ZIP": inner})) == {"IHE_XDM/A.ZIP": inner}


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_noise_is_refused(data: bytes) -> None:
    assert fault(data + b"PK\x05\x06" + data)[0] in ("malformed", "unsafe", "outsized")


def test_bytes_after_the_packed_ones_are_refused() -> None:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(b"abc") + packer.flush() + b"hidden"
    head = (20, 0, 8, 0, 33, zlib.crc32(b"abc"), len(packed), 3, 1, 0)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", *head) + b"A" + packed
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, *head, 0, 0, 0, 0, 0) + b"A"
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), len(local), 0)
    assert fault(local + entry + end) == ("unsafe", "member 1: its bytes are not those that were announced")
