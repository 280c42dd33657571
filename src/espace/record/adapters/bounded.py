"""The bounded process that opens the files people send: run by `inspection` as a script, on its own, never imported.

It knows nothing of the platform but how to bound itself. It reads one line of JSON and the files on its standard
input, and answers on its standard output: `pdf` one line for each file (what is wrong with it, or nothing), `photos`
one PDF.
"""

import io
import json
import re
import struct
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pikepdf
from PIL import Image, ImageOps

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
MAX_PAGES = 2000
CHUNK = 1024 * 1024

_ACTS = (
    "/JS /JavaScript /Launch /SubmitForm /ImportData /GoToR /GoToE /RichMedia /RichMediaExecute /Rendition /XFA /EF "
    "/EmbeddedFile /EmbeddedFiles /FileAttachment /Filespec /Movie /Sound /3D /3DD /GoTo3DView /Collection"
)
ACTS = frozenset(_ACTS.split())
"""Names, as keys or as values, of what does something by itself, fetches, or carries or names another file."""
WATCHED = re.compile(rf"(?:{'|'.join(sorted(ACTS))}|/(?:URI|OpenAction|AA|Ref|F|AF))(?![\w#.+-])".encode())
"""What makes an object be looked into; strings may hold these words too."""
_WHENS = "/E /X /D /U /Fo /Bl /PO /PC /PV /PI /O /C /K /F /V /WC /WS /DS /WP /DP"
WHENS = frozenset(_WHENS.split())
"""When an additional action happens (ISO 32000-2, tables 197 to 200); a font may have the name /AA too."""
_MENU = ("/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/Print")
_SHOWING = ("/GoTo", "/Hide", "/SetOCGState", "/Trans")
HARMLESS = frozenset([*((kind, "None") for kind in _SHOWING), *(("/Named", entry) for entry in _MENU)])
"""Kind and name of actions that may happen by themselves: they show something that is in the same document. Of the
menus of readers, what the standard names, and printing, which asks first."""
LINKS = re.compile(rb"\s*(?:https?://|mailto:)", re.IGNORECASE)
FILE_KEYS = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix", "/FS", "/EF"})
NEXT_ACTIONS = 100

SHORT_FILTERS = {
    "/Fl": "/FlateDecode", "/LZW": "/LZWDecode", "/RL": "/RunLengthDecode", "/A85": "/ASCII85Decode",
    "/AHx": "/ASCIIHexDecode", "/CCF": "/CCITTFaxDecode", "/DCT": "/DCTDecode",
}  # fmt: skip
"""For pictures within a page only, but readers take them everywhere (ISO 32000-2, table 92)."""
OPENED_BY_QPDF = frozenset({"/LZWDecode", "/RunLengthDecode", "/ASCII85Decode", "/ASCIIHexDecode"})
OF_PICTURES = frozenset({"/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode"})
"""Last of their chain; what they hold is bounded by the points that the picture and its own header declare."""
MAX_FILTERS = 5
ALL_PICTURES = 50
"""Times the points of the largest picture: of all the pictures with such filters together."""
COLOURS = {"/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3, "/DeviceCMYK": 4, "/DeviceGray": 1, "/CalGray": 1,
           "/Indexed": 1, "/Separation": 1}  # fmt: skip
MOST_COLOURS = 32
CODESTREAM = struct.Struct(">IIII")
SIZED = re.compile(rb"\xff\x4f\xff\x51.{4}(.{16})", re.DOTALL)
"""Of JPEG 2000 (ITU T.800 A.5.1): the far corner of the picture, then the near one."""
WITH_A_SIZE = frozenset({4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48})
UNKNOWN = 0xFFFFFFFF
"""Of JBIG2: kinds of segments that begin with a width and a height; a height or a length that comes at the end."""

SIZES = ((2339, 85), (1754, 80), (1240, 70))
"""Pixels of the longer side and JPEG quality, tried in turn: 200, 150 and 106 points an inch on A4."""
A4_INCHES = 11.69
PICTURES = ("JPEG", "PNG", "TIFF")


UNREADABLE = (ValueError, TypeError, AttributeError, RuntimeError, OSError, LookupError, ArithmeticError)
"""What values of another kind than they should be raise, wherever they are met."""


class Outsized(Exception):
    """Once opened, it would be too big."""


def load_ciphers() -> None:
    """Have qpdf load its ciphers while files can be opened: an old one and a new one, on PDFs of our own."""
    old = pikepdf.Encryption(owner="o", user="", R=3, aes=False, metadata=False)
    for protection in (old, pikepdf.Encryption(owner="o", user="", R=6)):
        made = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.save(made, encryption=protection)
        pikepdf.open(made).close()


def pdf_fault(data: bytes, *, pixels: int, opened: int) -> str:
    """`encrypted`, `broken`, `active`, `outsized` or nothing; a picture has at most `pixels`, and all the streams
    hold at most `opened` bytes together once decompressed."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if not pages:
                return "broken"
            if pages > MAX_PAGES:
                return "outsized"
            return "active" if _acts(pdf, Left(opened, pixels)) else ""
    except pikepdf.PasswordError:
        return "encrypted"
    except (Outsized, MemoryError, Image.DecompressionBombError):
        return "outsized"
    except (pikepdf.PdfError, *UNREADABLE):
        return "broken"


class Left:
    """How much the streams of a file may still hold: bytes, and points of the pictures that are not opened here."""

    def __init__(self, opened: int, pixels: int) -> None:
        self.opened, self.pixels, self.points = opened, pixels, ALL_PICTURES * pixels

    def take(self, size: int, points: int = 0) -> None:
        self.opened, self.points = self.opened - size, self.points - points
        if self.opened < 0 or self.points < 0 or points > self.pixels:
            raise Outsized


def _acts(pdf: pikepdf.Pdf, left: Left) -> bool:
    """Whether anything in it acts; looks at every object, and measures what streams hold. Raises Outsized."""
    for one in (pdf.trailer, *pdf.objects):
        if isinstance(one, pikepdf.Stream):
            if "/F" in one.stream_dict:
                return True
            _measure(one, left)
            held: pikepdf.Object = pikepdf.Dictionary(dict(one.stream_dict.items()))
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Array | pikepdf.Name):
            held = one
        else:
            continue
        if WATCHED.search(held.unparse(resolved=True)) and _holds_act(held):
            return True
    return False


def _holds_act(top: pikepdf.Object) -> bool:
    """Whether an object acts, or one within it that has no number of its own: those are looked at in their turn."""
    waiting = [top]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Name):
            if str(one) in ACTS:
                return True
        elif isinstance(one, pikepdf.Dictionary):
            inside = dict(one.items())
            if any(key in ACTS or _acts_by(key, value) for key, value in inside.items()):
                return True
            waiting += [value for value in inside.values() if _is_within(value)]
        elif isinstance(one, pikepdf.Array):
            waiting += [value for value in one if _is_within(value)]
    return False


def _is_within(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _acts_by(key: str, value: object) -> bool:
    """Whether what a dictionary has under this key fetches, names another file, or happens without a click."""
    if key == "/URI" and isinstance(value, pikepdf.String):
        return not LINKS.match(bytes(value))
    if key == "/OpenAction":
        return isinstance(value, pikepdf.Dictionary) and not _harmless(value)
    if key == "/AA" and isinstance(value, pikepdf.Dictionary):
        happens = (one for when, one in value.items() if when in WHENS)
        return not all(_harmless(one) for one in happens if isinstance(one, pikepdf.Dictionary))
    if key in ("/F", "/Ref", "/AF"):
        named = isinstance(value, pikepdf.Dictionary) and not FILE_KEYS.isdisjoint(value.keys())
        return named or isinstance(value, pikepdf.String) or (key == "/AF" and isinstance(value, pikepdf.Array))
    return False


def _harmless(action: object) -> bool:
    """Whether an action, and those after it, only show another place of the same document."""
    waiting: list[object] = [action]
    for _ in range(NEXT_ACTIONS):
        if not waiting:
            return True
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif not isinstance(one, pikepdf.Dictionary) or (str(one.get("/S")), str(one.get("/N"))) not in HARMLESS:
            return False
        elif "/Next" in one:
            waiting.append(one.Next)
    return False


def _measure(stream: pikepdf.Stream, left: Left) -> None:
    """Take what a stream holds once opened from what is left. A picture holds no more than its points need, with what
    programs add. Outsized beyond; ValueError for a filter that nobody knows."""
    kept = stream.get("/Filter")
    written = list(kept) if isinstance(kept, pikepdf.Array) else [] if kept is None else [kept]
    names = [SHORT_FILTERS.get(str(one), str(one)) for one in written]
    if len(names) > MAX_FILTERS or not OF_PICTURES.isdisjoint(names[:-1]):
        raise ValueError("filters")
    picture = stream.get("/Subtype") == "/Image" or "/Width" in stream
    points, size = _declared(stream) if picture else (0, left.opened)
    if points > left.pixels:
        raise Outsized
    most = min(left.opened, 2 * size + CHUNK)
    data: bytes | bytearray = stream.read_raw_bytes()
    for number, name in enumerate(names):
        if name == "/FlateDecode":
            data = _inflated(data, most)
        elif name in OPENED_BY_QPDF:
            data = _opened(bytes(data), name, stream, number)
        elif name in OF_PICTURES and picture:
            left.take(0, max(points, _points(bytes(data), name, stream, number)))
        elif name != "/Crypt":
            raise ValueError("filter")
        if len(data) > most:
            raise Outsized
    left.take(len(data) if names else 0)


def _declared(stream: pikepdf.Stream) -> tuple[int, int]:
    """Points of a picture, and bytes that they need."""
    width, height, bits = (int(stream.get(key, 0)) for key in ("/Width", "/Height", "/BitsPerComponent"))
    if width < 0 or height < 0 or not 0 <= bits <= 16:
        raise ValueError("a picture of less than nothing")
    return width * height, height * (width * _colours(stream.get("/ColorSpace")) * (bits or 8) // 8 + 2)


def _colours(space: pikepdf.Object | None) -> int:
    """Components of a point; the most there may be where the colours are named elsewhere."""
    if isinstance(space, pikepdf.Array) and len(space):
        if space[0] == "/ICCBased":
            return min(max(int(space[1].get("/N", MOST_COLOURS)), 1), MOST_COLOURS)
        space = space[0]
    return MOST_COLOURS if space is not None and str(space) not in COLOURS else COLOURS.get(str(space), 1)


def _opened(data: bytes, name: str, stream: pikepdf.Stream, number: int) -> bytes:
    """One filter undone by qpdf, in memory that is bounded for the whole process."""
    with pikepdf.new() as scratch:
        one = scratch.make_stream(data)
        one.Filter = pikepdf.Name(name)
        for key, value in _parameters(stream, number).items():
            if isinstance(value, int):
                one.DecodeParms = one.get("/DecodeParms", pikepdf.Dictionary())
                one.DecodeParms[key] = value
        return one.read_bytes(pikepdf.StreamDecodeLevel.specialized)


def _parameters(stream: pikepdf.Stream, number: int) -> dict[str, object]:
    kept = stream.get("/DecodeParms", stream.get("/DP"))
    if isinstance(kept, pikepdf.Array):
        kept = kept[number] if number < len(kept) else None
    return dict(kept.items()) if isinstance(kept, pikepdf.Dictionary) else {}


def _points(data: bytes, name: str, stream: pikepdf.Stream, number: int) -> int:
    """Points by what the data themselves say, which is what a reader opens. ValueError where they say nothing."""
    if name == "/CCITTFaxDecode":
        stated = _parameters(stream, number)
        columns, rows = int(str(stated.get("/Columns", 1728))), int(str(stated.get("/Rows", 0)))
        return abs(columns) * max(abs(rows), int(stream.get("/Height", 0)))
    if name == "/JPXDecode":
        sizes = [CODESTREAM.unpack(found) for found in SIZED.findall(data)]
        return max(int((right - x) * (bottom - y)) for right, bottom, x, y in sizes)
    if name == "/DCTDecode":
        with Image.open(io.BytesIO(data[max(data.find(b"\xff\xd8\xff"), 0) :]), formats=("JPEG",)) as picture:
            return picture.width * picture.height
    return _points_of_regions(data)


def _points_of_regions(data: bytes) -> int:
    """The largest page or region that JBIG2 segments state (ITU T.88 §7.2, §7.4): a number, flags, segments referred
    to, a page, a length, then width and height. ValueError where they do not follow."""
    place, most = 0, 0
    while place + 11 <= len(data):
        number, flags, count = int.from_bytes(data[place : place + 4]), data[place + 4], data[place + 5] >> 5
        referred = place + 6
        if count == 7:
            count = int.from_bytes(data[place + 5 : place + 9]) & 0x1FFFFFFF
            referred = place + 9 + (count + 8) // 8
        after = referred + count * (1 if number <= 256 else 2 if number <= 65536 else 4) + (4 if flags & 0x40 else 1)
        length, body = int.from_bytes(data[after : after + 4]), data[after + 4 : after + 12]
        if flags & 0x3F in WITH_A_SIZE:
            width, height = int.from_bytes(body[:4]), int.from_bytes(body[4:])
            most = max(most, width * (1 if height == UNKNOWN else height))
        if length == UNKNOWN:
            return most
        place = after + 4 + length
    if place > len(data) + 4:
        raise ValueError("segments do not follow")
    return most


def _inflated(data: bytes | bytearray, most: int) -> bytearray:
    """What deflated data hold, as far as they do; Outsized over `most` bytes. Readers pass over a wrong header."""
    for bits, skipped in ((zlib.MAX_WBITS, 0), (-zlib.MAX_WBITS, 2)):
        inflating, found = zlib.decompressobj(bits), bytearray()
        data = data[skipped:]
        with suppress(zlib.error):
            left = data
            while left and not inflating.eof:
                found += inflating.decompress(left, CHUNK)
                if len(found) > most:
                    raise Outsized
                left = inflating.unconsumed_tail
        if found:
            break
    return found


def photos_pdf(photos: Sequence[bytes], most: int) -> bytes:
    """One PDF, a page for each picture, upright, with nothing of what the camera noted; at most `most` bytes or as
    small as is still readable. The same pictures give the same bytes: it has no date."""
    side = SIZES[0][0]
    pages = [page for photo in photos for page in _pages(photo, side)]
    written = b""
    for side, quality in SIZES:
        for page in pages:
            page.thumbnail((side, side))
        buffer = io.BytesIO()
        first, *rest = pages
        # No date in it: the same photos sent again are the same bytes, and so the same document.
        undated = {"creationDate": None, "modDate": None}
        first.save(
            buffer, "PDF", save_all=True, append_images=rest, resolution=side / A4_INCHES, quality=quality, **undated
        )
        written = buffer.getvalue()
        if len(written) <= most:
            break
    return written


def _pages(photo: bytes, side: int) -> Iterator[Image.Image]:
    with Image.open(io.BytesIO(photo), formats=PICTURES) as picture:
        frames = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
        picture.draft("RGB", (side, side))
        for number in range(frames):
            if frames > 1:
                picture.seek(number)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            # A new image: what is noted in the old one (place, date, camera) is not copied.
            page = Image.new("RGB", upright.size, "white")
            page.paste(upright.convert("RGB"), mask=upright.convert("RGBA").getchannel("A"))
            yield page


def main() -> None:
    sys.path.append(str(Path(__file__).parents[3]))  # run as a script, it is told of no package
    from espace.edge.bounds import bound

    asked = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in asked["sizes"]]
    if any(b"/Encrypt" in data for data in files):
        load_ciphers()
    Image.init()
    bound(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    Image.MAX_IMAGE_PIXELS = asked["pixels"]
    if asked["task"] == "photos":
        sys.stdout.buffer.write(photos_pdf(files, asked["most"]))
        return
    for data in files:
        sys.stdout.write(f"{pdf_fault(data, pixels=asked['pixels'], opened=asked['opened'])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
