"""The bounded process that opens the files people send: run by `inspection` as a script, on its own, never imported.

It knows nothing of the platform. It reads one line of JSON and the files on its standard input, bounds itself, and
answers on its standard output: `pdf` one line for each file (what is wrong with it, or nothing), `photos` one PDF.
"""

import io
import json
import re
import resource
import sys
import zlib
from collections.abc import Iterator, Sequence

import pikepdf
from PIL import Image, ImageOps

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 15
MAX_PAGES = 2000
CHUNK = 1024 * 1024

ACTS = re.compile(
    rb"/(?:JS|JavaScript|Launch|SubmitForm|ImportData|GoToR|GoToE|RichMedia|RichMediaExecute|Rendition|XFA"
    rb"|EF|EmbeddedFiles?|FileAttachment)(?![\w#.+-])"
)
"""What does something by itself or carries another file; links to the web are left."""

SIZES = ((2339, 85), (1754, 80), (1240, 70))
"""Pixels of the longer side and JPEG quality, tried in turn: 200, 150 and 106 points an inch on A4."""
A4_INCHES = 11.69
PICTURES = ("JPEG", "PNG", "TIFF")


class Outsized(Exception):
    """Once opened, it would be too big."""


def bound() -> None:
    """From here on: bounded memory and time, and no file or connection can be opened (0, 1 and 2 are)."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


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
            return "active" if _acts(pdf, pixels, opened) else ""
    except pikepdf.PasswordError:
        return "encrypted"
    except (Outsized, MemoryError):
        return "outsized"
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError):
        return "broken"


def _acts(pdf: pikepdf.Pdf, pixels: int, left: int) -> bool:
    """Whether anything in it acts; looks at every object, and measures what streams hold. Raises Outsized."""
    for one in pdf.objects:
        if isinstance(one, pikepdf.Stream):
            left -= _measured(one, left, pixels)
            written = pikepdf.Dictionary(dict(one.stream_dict.items())).unparse()
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Array):
            written = one.unparse(resolved=True)
        else:
            continue
        if ACTS.search(written):
            return True
    return False


def _measured(stream: pikepdf.Stream, most: int, pixels: int) -> int:
    """How many bytes a stream holds once decompressed; a picture is measured by what it declares."""
    if stream.get("/Subtype") == "/Image":
        if int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) > pixels:
            raise Outsized
        return 0
    filters = stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters or "")]
    if names == ["/FlateDecode"]:
        return _inflated(stream.read_raw_bytes(), most)
    if {"/FlateDecode", "/LZWDecode", "/RunLengthDecode"} & set(names):
        size = len(stream.read_bytes(pikepdf.StreamDecodeLevel.generalized))
        if size > most:
            raise Outsized
        return size
    return 0


def _inflated(data: bytes, most: int) -> int:
    inflating, size = zlib.decompressobj(), 0
    try:
        while data:
            size += len(inflating.decompress(data, CHUNK))
            if size > most:
                raise Outsized
            if inflating.unconsumed_tail == data:
                break
            data = inflating.unconsumed_tail
    except zlib.error:
        return size
    return size


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
    asked = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in asked["sizes"]]
    if any(b"/Encrypt" in data for data in files):
        load_ciphers()
    Image.init()
    bound()
    Image.MAX_IMAGE_PIXELS = asked["pixels"]
    if asked["task"] == "photos":
        sys.stdout.buffer.write(photos_pdf(files, asked["most"]))
        return
    for data in files:
        sys.stdout.write(f"{pdf_fault(data, pixels=asked['pixels'], opened=asked['opened'])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
