"""What a camera noted in a picture is taken out, and not one pixel, nor its way up, nor its colours, changes."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps, PngImagePlugin

from espace.kernel.words import Refused
from espace.wire.files import JPEG, PDF, PNG, TEXT, TIFF, checked, stripped

PLANTED = b"Zygomatique 48.8566N 2.3522E"
GPS, MAKE, WAY, USER = 0x8825, 0x010F, 0x0112, 0x9286


def noted(way: int = 1, order: str = "<") -> bytes:
    """What a telephone notes: its make, the way up, the place."""
    exif = Image.Exif()
    exif.endian = order
    exif[MAKE], exif[WAY] = PLANTED.decode(), way
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 8.0), 29: PLANTED.decode()})
    return exif.tobytes()


def drawn(mode: str = "RGB") -> Image.Image:
    """A small picture of which no two corners are alike."""
    made = Image.linear_gradient("L").resize((32, 20)).convert("RGB")
    made.paste("red", (0, 0, 8, 6))
    made.paste("blue", (24, 14, 32, 20))
    return made.convert(mode)


def saved(kind: str, mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    drawn(mode).save(out, kind, **options)
    return out.getvalue()


def seen(data: bytes) -> list[bytes]:
    """The pixels of each page, as they are to be looked at."""
    with Image.open(io.BytesIO(data)) as picture:
        found = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            found.append(picture.mode.encode() + ImageOps.exif_transpose(picture).tobytes())
        return found


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def with_segments(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_notes() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", PLANTED.decode())
    text.add_text("Description", PLANTED.decode(), zip=True)
    text.add_itxt("XML:com.adobe.xmp", PLANTED.decode())
    return saved("PNG", pnginfo=text, exif=noted(8), dpi=(300, 300))


def two_pages() -> bytes:
    out = io.BytesIO()
    first, second = drawn(), drawn("L").rotate(180)
    first.save(out, "TIFF", save_all=True, append_images=[second], description=PLANTED.decode(), exif=noted(3))
    return out.getvalue()


PICTURES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "jpeg": lambda: (JPEG, saved("JPEG", exif=noted())),
    "jpeg, big end first": lambda: (JPEG, saved("JPEG", exif=noted(1, ">"))),
    "jpeg, progressive": lambda: (JPEG, saved("JPEG", progressive=True, exif=noted(), comment=PLANTED)),
    "jpeg, with restarts": lambda: (JPEG, saved("JPEG", restart_marker_blocks=1, exif=noted())),
    "jpeg, xmp": lambda: (
        JPEG,
        with_segments(saved("JPEG"), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLANTED)),
    ),
    "jpeg, iptc": lambda: (JPEG, with_segments(saved("JPEG"), segment(0xED, b"Photoshop 3.0\x008BIM" + PLANTED))),
    "jpeg, comment": lambda: (JPEG, saved("JPEG", comment=PLANTED)),
    "jpeg, of its maker": lambda: (
        JPEG,
        with_segments(saved("JPEG"), segment(0xE7, PLANTED), segment(0xE2, b"FPXR\0" + PLANTED)),
    ),
    "jpeg, small picture": lambda: (JPEG, with_segments(saved("JPEG"), segment(0xE0, b"JFXX\0\x13" + PLANTED))),
    "jpeg, something behind": lambda: (JPEG, saved("JPEG") + saved("JPEG", exif=noted()) + PLANTED),
    "jpeg, something between": lambda: (JPEG, saved("JPEG").replace(b"\xff\xdb", PLANTED + b"\xff\xdb", 1)),
    "jpeg, four colours": lambda: (JPEG, saved("JPEG", "CMYK", exif=noted())),
    "png": lambda: (PNG, png_notes()),
    "png, time and unknown": lambda: (
        PNG,
        saved("PNG")[:-12] + chunk(b"tIME", PLANTED[:7]) + chunk(b"caBX", PLANTED) + chunk(b"IEND", b""),
    ),
    "tiff": lambda: (TIFF, saved("TIFF", exif=noted())),
    "tiff, big end first": lambda: (TIFF, saved("TIFF", "I;16B", description=PLANTED.decode())),
    "tiff, packed": lambda: (TIFF, saved("TIFF", compression="tiff_lzw", description=PLANTED.decode())),
    "tiff, jpeg inside": lambda: (TIFF, saved("TIFF", compression="jpeg", description=PLANTED.decode())),
    "tiff, two pages": lambda: (TIFF, two_pages()),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_that_was_noted_is_left_and_the_picture_is_the_same(name: str) -> None:
    kind, data = PICTURES[name]()
    assert PLANTED in data or PLANTED[:7] in data or name == "jpeg, something behind"
    kept = stripped(kind, data)
    assert PLANTED not in kept and b"Zygo" not in kept
    assert GPS not in Image.open(io.BytesIO(kept)).getexif()
    assert seen(kept) == seen(data)
    assert stripped(kind, kept) == kept, "twice is once"
    assert checked("", kept, most=len(data)) == kind, "what is kept would be taken again"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("way", range(1, 9))
def test_the_picture_stands_as_the_camera_said(kind: str, order: str, way: int) -> None:
    data = saved(kind, exif=noted(way, order))
    kept = stripped(f"image/{kind.lower()}", data)
    assert seen(kept) == seen(data)
    assert PLANTED not in kept
    if way == 6:
        assert seen(kept) != [drawn().mode.encode() + drawn().tobytes()]


def test_all_that_is_kept_of_the_notes_is_the_way_up() -> None:
    plain, notes = saved("JPEG"), b"Exif\0\0" + noted(6).removeprefix(b"Exif\0\0")
    literal = "ffe10022 457869660000 4d4d002a00000008 0001 0112 0003 00000001 00060000 00000000"
    assert stripped(JPEG, with_segments(plain, segment(0xE1, notes))) == with_segments(plain, bytes.fromhex(literal))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (JPEG, saved("JPEG")),
        (JPEG, saved("JPEG", "CMYK")),
        (JPEG, saved("JPEG", dpi=(200, 200), icc_profile=b"a profile of colours")),
        (PNG, saved("PNG", "RGBA", dpi=(200, 200))),
        (PNG, saved("PNG", "P", transparency=3)),
        (TIFF, saved("TIFF", dpi=(200, 200), compression="tiff_deflate")),
        (TEXT, PLANTED),
        (PDF, b"%PDF-1.7 " + PLANTED),
    ],
)
def test_a_file_without_notes_and_one_that_is_no_picture_stay_as_they_are(kind: str, data: bytes) -> None:
    assert stripped(kind, data) == data


def test_a_small_picture_inside_the_density_goes_and_the_density_stays() -> None:
    plain = saved("JPEG", dpi=(200, 200))
    assert plain[2:20] == segment(0xE0, b"JFIF\0\x01\x01\x01\x00\xc8\x00\xc8\0\0")
    grown = plain[:2] + segment(0xE0, plain[6:18] + b"\x01\x01abc") + plain[20:]
    assert stripped(JPEG, grown) == plain


NOTES = {
    "another order": b"XX*\0\0\0\0\x08",
    "cut": b"MM\0*\0\0\0\x08\0\x01\x01\x12",
    "directory outside": b"II*\0\xff\xff\xff\xff",
    "way 9": struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x0112, 3, 1, 9, 0, 0),
    "way 0": struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x0112, 3, 1, 0, 0, 0),
    "a text": struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x0112, 2, 1, 6, 0, 0),
    "two ways": struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, 0x0112, 3, 2, 6, 6, 0),
    "nothing": b"",
}


@pytest.mark.parametrize("notes", NOTES.values(), ids=list(NOTES))
def test_notes_that_say_no_way_up_leave_none(notes: bytes) -> None:
    assert stripped(JPEG, with_segments(saved("JPEG"), segment(0xE1, b"Exif\0\0" + notes))) == saved("JPEG")


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8\xff\xe1\x00\x01",
        b"\xff\xd8\xff\xd8\x00\x02\xff\xd9",
        b"\xff\xd8\xff\xda\x00\x02\x12\x34",
        b"\xff\xd8\xff\xda\x00\x02\x12\x34\xff",
        saved("JPEG")[:-2],
    ],
)
def test_a_jpeg_whose_parts_do_not_follow_is_broken(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stripped(JPEG, data)
    assert caught.value.reason.code == "file_broken"


def directory(order: str, *entries: tuple[int, int, int, int], after: int = 0) -> bytes:
    body = b"".join(struct.pack(f"{order}HHII", *entry) for entry in entries)
    return struct.pack(f"{order}H", len(entries)) + body + struct.pack(f"{order}I", after)


SIZED = ((256, 4, 1, 1), (257, 4, 1, 1))


def tiff(*entries: tuple[int, int, int, int], more: bytes = b"") -> bytes:
    return b"II*\0\x08\0\0\0" + directory("<", *SIZED, *entries) + more


HOSTILE = {
    "values outside": (tiff((270, 2, 4, 0), (273, 4, 1, 8), (279, 4, 1, 1), (282, 5, 1, 9999)), "file_broken"),
    "data outside": (tiff((270, 2, 4, 0), (273, 4, 1, 8), (279, 4, 1, 9999)), "file_broken"),
    "no sizes": (tiff((270, 2, 4, 0), (273, 4, 1, 8)), "file_broken"),
    "a kind of value that is none": (tiff((270, 2, 4, 0), (258, 99, 1, 8)), "file_broken"),
    "places that are no numbers": (tiff((270, 2, 4, 0), (273, 5, 1, 8), (279, 4, 1, 1)), "file_broken"),
    "the first way of JPEG": (
        tiff((259, 4, 1, 6), (270, 2, 4, 0), (273, 4, 1, 8), (279, 4, 1, 1)),
        "file_kind_refused",
    ),
    "one profile a hundred times": (
        tiff((270, 2, 4, 0), *(((34675, 7, 60_000, 8),) * 100), more=bytes(60_000)),
        "file_broken",
    ),
    "one strip a thousand times": (
        tiff(
            (270, 2, 4, 0),
            (273, 4, 1000, 8 + 2 + 5 * 12 + 4),
            (279, 4, 1000, 8 + 2 + 5 * 12 + 4 + 4000),
            more=struct.pack("<I", 8) * 1000 + struct.pack("<I", 8000) * 1000,
        ),
        "file_broken",
    ),
}


@pytest.mark.parametrize(("data", "code"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_tiff_is_refused_and_never_grows(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        stripped(TIFF, data)
    assert caught.value.reason.code == code


WHOLE = {kind: make() for kind, make in PICTURES.items() if kind in ("jpeg", "png", "tiff, two pages")}


@given(st.sampled_from(sorted(WHOLE)), st.data())
def test_any_other_bytes_are_a_picture_or_refused(name: str, data: st.DataObject) -> None:
    """Whatever is changed in it: never an error of another kind, and nothing longer than what came."""
    kind, whole = WHOLE[name]
    other = bytearray(whole)
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        other[place] = data.draw(st.integers(0, 255))
    try:
        checked("", bytes(other), most=10**7)
        kept = stripped(kind, bytes(other))
    except Refused as refusal:
        assert refusal.reason.code.startswith(("file_", "content_"))
    else:
        assert len(kept) <= 2 * (len(whole) + 4096)
        assert stripped(kind, kept) == kept
