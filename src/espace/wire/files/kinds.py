"""What a file is, by its bytes and never by its name; a name that says something else is refused (DOC-02, D29).

A file is refused that is two things at once (a zip archive behind a picture, a page of the web before a PDF), since
who opens it may see the other one.
"""

import re
from collections.abc import Callable, Mapping

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Refused
from espace.wire.files import pictures, rtf
from espace.wire.files.names import suffix_of

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
RTF, TEXT = "application/rtf", "text/plain"

SUFFIXES: Mapping[str, str] = {
    "pdf": PDF,
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), JPEG),
    "png": PNG,
    **dict.fromkeys(("tif", "tiff"), TIFF),
    "rtf": RTF,
    **dict.fromkeys(("txt", "text"), TEXT),
}
"""What a name may end with, and the type that it then announces."""

_BEGINNING = 1024
_ZIP_END = b"PK\x05\x06"
_ZIP_TAIL = 65_557
_END_OF_PDF = 2048
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|svg|iframe|\?xml)\b|<!doctype", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


def checked(name: str, data: bytes, *, most: int) -> str:
    """The media type of a file that may be kept: at most `most` bytes, and what its name says. Raises Refused."""
    if not data:
        raise Refused(reasons.CONTENT_EMPTY)
    if len(data) > most:
        raise Refused(reasons.CONTENT_TOO_LARGE)
    suffix = suffix_of(name)
    if suffix and suffix not in SUFFIXES:
        raise Refused(reasons.FILE_KIND_REFUSED)
    found = kind_of(data)
    if suffix and SUFFIXES[suffix] != found:
        raise Refused(reasons.FILE_LIES)
    return found


def kind_of(data: bytes) -> str:
    """The media type that the bytes show, whole and harmless as far as bytes tell (PDF: `pdf` looks inside).

    Raises Refused: FILE_KIND_REFUSED, FILE_LIES, FILE_BROKEN, FILE_ACTIVE, FILE_OUTSIZED, CONTENT_EMPTY.
    """
    if not data:
        raise Refused(reasons.CONTENT_EMPTY)
    found, look = next(((kind, look) for begins, kind, look in _KINDS if data.startswith(begins)), (TEXT, _text))
    look(data)
    _one_thing(found, data)
    return found


def _one_thing(found: str, data: bytes) -> None:
    beginning = data[:_BEGINNING]
    other_pdf = found != PDF and b"%PDF-" in beginning
    if other_pdf or _MARKUP.search(beginning) or _ZIP_END in data[-_ZIP_TAIL:]:
        raise Refused(reasons.FILE_LIES)


def _pdf(data: bytes) -> None:
    """A PDF says where it ends; one that was cut does not."""
    if b"%%EOF" not in data[-_END_OF_PDF:]:
        raise Refused(reasons.FILE_BROKEN)


def _rtf(data: bytes) -> None:
    if b"\0" in data or not data.rstrip().endswith(b"}"):
        raise Refused(reasons.FILE_BROKEN)
    rtf.look(data)


def _text(data: bytes) -> None:
    """UTF-8 without controls; markup and scripts are programs, whatever their name."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(reasons.FILE_KIND_REFUSED) from None
    if _CONTROLS.search(text) or text.startswith("#!") or _MARKUP.match(data.removeprefix(b"\xef\xbb\xbf").lstrip()):
        raise Refused(reasons.FILE_KIND_REFUSED)
    if not text.strip():
        raise Refused(reasons.CONTENT_EMPTY)


_KINDS: tuple[tuple[bytes, str, Callable[[bytes], None]], ...] = (
    (b"%PDF-", PDF, _pdf),
    (b"\xff\xd8\xff", JPEG, pictures.jpeg),
    (b"\x89PNG\r\n\x1a\n", PNG, pictures.png),
    (b"II*\0", TIFF, pictures.tiff),
    (b"MM\0*", TIFF, pictures.tiff),
    (b"{\\rtf", RTF, _rtf),
)
"""How each kind begins, and who looks at the rest; whatever begins otherwise is text, or refused."""
