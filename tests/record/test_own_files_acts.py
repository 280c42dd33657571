"""PDFs that fetch, open or happen by themselves are refused, links that wait for a click are left; and no stream, under
whatever filter, holds more than is said."""

import base64
import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image

from espace.record.adapters import inspection

Make = Callable[[Pdf], object]
AS_THEY_ARE = {"compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none}
SHARE = "\\\\192.0.2.1\\part\\a.pdf"


def made(make: Make) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as new:
        new.add_blank_page()
        make(new)
        new.save(out, **AS_THEY_ARE)
    return out.getvalue()


def codes(files: dict[str, bytes]) -> dict[str, str]:
    """All of them in one process."""
    found = inspection.faults_of_pdf(list(files.values()))
    return {name: fault.code if fault else "" for name, fault in zip(files, found, strict=True)}


def opening(**action: object) -> Make:
    return lambda new: setattr(new.Root, "OpenAction", Dictionary(**action))


def on_page(**action: object) -> Make:
    return lambda new: setattr(new.pages[0].obj, "AA", Dictionary(O=Dictionary(**action)))


def clicked(**action: object) -> Make:
    return annotated(Subtype=Name.Link, A=Dictionary(**action))


def annotated(**keys: object) -> Make:
    def make(new: Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), F=4, **keys)
        new.pages[0].obj.Annots = Array([new.make_indirect(note)])

    return make


def at_root(key: str, value: object) -> Make:
    return lambda new: setattr(new.Root, key, value)


def streamed(data: bytes, **keys: object) -> Make:
    return lambda new: setattr(new.Root, "Held", new.make_indirect(Stream(new, data, **keys)))


def named_elsewhere(new: Pdf) -> None:
    """The kind of an action may be an object of its own."""
    kind = new.make_indirect(Name.Launch)
    new.Root.OpenAction = Dictionary(S=kind, Win=Dictionary())


def a_font_of_that_name(new: Pdf) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    new.pages[0].obj.Resources = Dictionary(Font=Dictionary(AA=font, F=font, AF=font, Ref=font))


def chain(last: object) -> Object:
    """A hundred actions, each after the other."""
    action = last
    for _ in range(99):
        action = Dictionary(S=Name.GoTo, D=Array([]), Next=action)
    return action


WEB = Dictionary(S=Name.URI, URI="https://exemple.fr/")
ACTING = {
    "a beacon at opening": opening(S=Name.URI, URI="http://192.0.2.1/b"),
    "one after another action": opening(S=Name.GoTo, D=Array([]), Next=WEB),
    "one among several": opening(S=Name.GoTo, D=Array([]), Next=Array([WEB])),
    "one far behind": at_root("OpenAction", chain(WEB)),
    "one when a page is shown": on_page(S=Name.URI, URI="https://exemple.fr/"),
    "one when it is closed": at_root("AA", Dictionary(WC=WEB)),
    "a file when a page is shown": on_page(S=Name.URI, URI="file://192.0.2.1/part"),
    "a thread of another file": opening(S=Name.Thread, F=SHARE, D=0),
    "the same when clicked": clicked(S=Name.Thread, F=SHARE, D=0),
    "the same by its description": clicked(S=Name.Thread, F=Dictionary(UF=SHARE), D=0),
    "a film": annotated(Subtype=Name.Movie, Movie=Dictionary(F=SHARE)),
    "a film that starts": opening(S=Name.Movie, T="x"),
    "a sound": annotated(Subtype=Name.Sound, Sound=Dictionary()),
    "a sound that starts": on_page(S=Name.Sound),
    "a solid": annotated(Subtype=Name("/3D")),
    "a view of a solid": opening(S=Name.GoTo3DView),
    "a page of another file": at_root("Held", Dictionary(Ref=Dictionary(F=SHARE, Page=0))),
    "data that are elsewhere": streamed(b"", F="http://192.0.2.1/x"),
    "the same by a description": streamed(b"", F=Dictionary(FS=Name.URL, UF="http://192.0.2.1/x")),
    "a file that goes with it": at_root("AF", Array([Dictionary()])),
    "a folder of files": at_root("Collection", Dictionary(View=Name.H)),
    "the description of a file": at_root("Held", Dictionary(Type=Name.Filespec)),
    "an action whose kind is elsewhere": named_elsewhere,
    "an unknown action": opening(S=Name.Zygomatique),
    "an entry of a menu": opening(S=Name.Named, N=Name.SaveAs),
    "a link to a file": clicked(S=Name.URI, URI="file:///etc/passwd"),
    "a link to another machine": clicked(S=Name.URI, URI=SHARE),
    "a link to a script": clicked(S=Name.URI, URI="javascript:alert(1)"),
    "a link to what is beside it": clicked(S=Name.URI, URI="autre.exe"),
    "a link to the web and its beginning wrong": clicked(S=Name.URI, URI="xhttp://exemple.fr"),
    "a link that tells when it is passed": annotated(Subtype=Name.Link, AA=Dictionary(E=WEB)),
}
LEFT = {
    "a link to the web": clicked(S=Name.URI, URI="https://exemple.fr/?a=file://b"),
    "one in capitals": clicked(S=Name.URI, URI="HTTP://EXEMPLE.FR/"),
    "one behind another action": clicked(S=Name.GoTo, D=Array([]), Next=WEB),
    "a link to an address": clicked(S=Name.URI, URI="mailto:a@exemple.fr"),
    "a page to begin with": at_root("OpenAction", Array([0, Name.Fit])),
    "the same as an action": opening(S=Name.GoTo, D=Array([0, Name.Fit])),
    "the next page": on_page(S=Name.Named, N=Name.NextPage),
    "to be printed": opening(S=Name.Named, N=Name.Print),
    "layers that are hidden": on_page(S=Name.SetOCGState, State=Array([])),
    "articles": at_root("Threads", Array([Dictionary(Type=Name.Thread, F=Dictionary(Type=Name.Bead))])),
    "fonts that have such names": a_font_of_that_name,
    "words in a title": lambda new: new.docinfo.__setitem__("/Title", "/JS /URI (file://a) /Movie /F (x)"),
    "elements that refer to others": at_root("Held", Dictionary(S=Name.Link, Ref=Array([Dictionary(S=Name.P)]))),
}


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    return codes({name: made(make) for name, make in {**ACTING, **LEFT}.items()})


@pytest.mark.parametrize("name", ACTING)
def test_what_happens_by_itself_fetches_or_names_a_file_is_refused(answers: dict[str, str], name: str) -> None:
    assert answers[name] == "file_active"


@pytest.mark.parametrize("name", LEFT)
def test_what_waits_to_be_clicked_or_stays_in_the_document_is_left(answers: dict[str, str], name: str) -> None:
    assert answers[name] == ""


# --- what streams hold --------------------------------------------------------------------------------------

BOUND = 10_000_000
BOMB = zlib.compress(bytes(BOUND + 1_000_000), 9)
GREY = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
SMALL = {**GREY, "Width": 40, "Height": 30}
LARGE = {**GREY, "Width": 8000, "Height": 6000}
ONE_LZW = b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01"


def coded(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("L", (40, 30)).save(out, kind)
    return out.getvalue()


def stating(width: int, height: int) -> bytes:
    """A JPEG whose frame states that size."""
    whole = bytearray(coded("JPEG"))
    place = whole.index(b"\xff\xc0") + 5
    whole[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(whole)


def regions(width: int, height: int) -> bytes:
    """JBIG2 as PDFs have it: a page of that size, and its end."""
    page = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    return page + struct.pack(">IBBBI", 1, 49, 0, 1, 0)


def corners(right: int, bottom: int) -> bytes:
    """The beginning of a JPEG 2000 of that size."""
    return b"\xff\x4f\xff\x51\0\x29\0\0" + struct.pack(">IIII", right, bottom, 0, 0)


def filtered(*names: str) -> Array:
    return Array([Name(f"/{name}") for name in names])


STREAMS = {
    "a picture": (streamed(zlib.compress(bytes(1200)), **SMALL, Filter=Name.FlateDecode), ""),
    "a picture with a byte more in each row": (
        streamed(zlib.compress(bytes(1230)), **SMALL, Filter=Name.FlateDecode, DecodeParms=Dictionary(Predictor=15)),
        "",
    ),
    "a picture of more than it states": (
        streamed(zlib.compress(bytes(2_000_000)), **SMALL, Filter=Name.FlateDecode),
        "file_outsized",
    ),
    "a large picture beyond what is left": (streamed(BOMB, **LARGE, Filter=Name.FlateDecode), "file_outsized"),
    "a picture of less than nothing": (streamed(b"", **GREY, Width=-100_000, Height=-1), "file_broken"),
    "a name cut short": (streamed(zlib.compress(b"x"), Filter=Name.Fl), ""),
    "a bomb under a name cut short": (streamed(BOMB, Filter=Name.Fl), "file_outsized"),
    "a bomb with a wrong header": (streamed(b"\0\0" + BOMB[2:], Filter=Name.FlateDecode), "file_outsized"),
    "a bomb without its end": (streamed(BOMB[:-9], Filter=Name.FlateDecode), "file_outsized"),
    "written in letters": (
        streamed(base64.a85encode(zlib.compress(b"x")) + b"~>", Filter=filtered("A85", "Fl")),
        "",
    ),
    "a bomb in letters": (
        streamed(base64.a85encode(BOMB) + b"~>", Filter=filtered("ASCII85Decode", "FlateDecode")),
        "file_outsized",
    ),
    "runs": (streamed(b"\x81\0" * 20 + b"\x80", Filter=Name.RunLengthDecode), ""),
    "runs without end": (streamed(b"\x81\0" * 100_000 + b"\x80", Filter=Name.RL), "file_outsized"),
    "LZW": (streamed(ONE_LZW, Filter=Name.LZWDecode), ""),
    "an unknown filter": (streamed(b"x", Filter=Name.ZygomatiqueDecode), "file_broken"),
    "one behind a known one": (streamed(zlib.compress(b"x"), Filter=filtered("Fl", "Zyg")), "file_broken"),
    "too many filters": (streamed(b"x", Filter=filtered(*["ASCIIHexDecode"] * 6)), "file_broken"),
    "a picture's filter before another": (streamed(b"x", **SMALL, Filter=filtered("DCT", "Fl")), "file_broken"),
    "a picture's filter without a picture": (streamed(coded("JPEG"), Filter=Name.DCTDecode), "file_broken"),
    "JPEG": (streamed(coded("JPEG"), **SMALL, Filter=Name.DCTDecode), ""),
    "JPEG in Flate": (streamed(zlib.compress(coded("JPEG")), **SMALL, Filter=filtered("Fl", "DCT")), ""),
    "JPEG that is larger than stated": (
        streamed(stating(60_000, 1400), **SMALL, Filter=Name.DCTDecode),
        "file_outsized",
    ),
    "JPEG that is none": (streamed(b"x", **SMALL, Filter=Name.DCTDecode), "file_broken"),
    "JPEG 2000": (streamed(coded("JPEG2000"), **SMALL, Filter=Name.JPXDecode), ""),
    "JPEG 2000 that is larger than stated": (
        streamed(coded("JPEG2000") + corners(90_000, 90_000), **SMALL, Filter=Name.JPXDecode),
        "file_outsized",
    ),
    "JPEG 2000 that is none": (streamed(b"x", **SMALL, Filter=Name.JPXDecode), "file_broken"),
    "JBIG2": (streamed(regions(40, 30), **SMALL, Filter=Name.JBIG2Decode), ""),
    "JBIG2 that is larger than stated": (
        streamed(regions(90_000, 90_000), **SMALL, Filter=Name.JBIG2Decode),
        "file_outsized",
    ),
    "a fax": (streamed(b"\0", **SMALL, Filter=Name.CCF, DecodeParms=Dictionary(Columns=40, Rows=30)), ""),
    "a fax that is larger than stated": (
        streamed(b"\0", **SMALL, Filter=Name.CCF, DecodeParms=Dictionary(Columns=90_000, Rows=90_000)),
        "file_outsized",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def measured() -> dict[str, str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inspection, "_OPENED", BOUND)
        return codes({name: made(make) for name, (make, _) in STREAMS.items()})


@pytest.mark.parametrize("name", STREAMS)
def test_what_a_stream_holds_is_measured_whatever_it_is_called(measured: dict[str, str], name: str) -> None:
    assert measured[name] == STREAMS[name][1]


def test_streams_are_measured_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_OPENED", 3_000_000)
    part = zlib.compress(bytes(1_000_000))

    def parts(count: int) -> Make:
        def make(new: Pdf) -> None:
            streams = [Stream(new, part + bytes((n,)), Filter=Name.FlateDecode) for n in range(count)]
            new.Root.Held = Array([new.make_indirect(one) for one in streams])

        return make

    assert list(codes({"three": made(parts(3)), "four": made(parts(4))}).values()) == ["", "file_outsized"]
