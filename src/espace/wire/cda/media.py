"""Files embedded in a document: decoded, and believed only when their first bytes show an accepted type."""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterator

from espace.kernel.reasons import Reason
from espace.kernel.reasons.documents import (
    CDA_INCOMPLETE,
    CONTENT_EMPTY,
    CONTENT_TYPE_MISMATCH,
    CONTENT_TYPE_UNSUPPORTED,
    VALUE_INVALID,
)
from espace.wire.cda.finding import attribute, texts
from espace.wire.xml import Element

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"{\\rtf", "application/rtf"),
)  # at byte 0 only: a file that hides its type further is not what it says (DOC-02)
_ALIASES = {
    "text/rtf": "application/rtf",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/tif": "image/tiff",
    "application/x-pdf": "application/pdf",
}
PLAIN = "text/plain"
ACCEPTED = frozenset({kind for _, kind in _MAGIC} | {PLAIN})
_SLICE = 1 << 20
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")


class Unusable(Exception):
    """Why an embedded file cannot be used; caught by the reader of the body."""

    def __init__(self, reason: Reason, rule: str) -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.rule = rule


def decode(element: Element) -> tuple[str, bytes, str]:
    """Type, bytes and remark ("" or what was corrected) of an ED element; raises Unusable.

    A `reference` is never followed, nothing is decompressed, and the type is that of the first bytes
    where they show one: an official example says JPEG and holds a PNG.
    """
    declared = attribute(element, "mediaType").lower()
    declared = _ALIASES.get(declared, declared)
    if attribute(element, "compression"):
        raise Unusable(CONTENT_TYPE_UNSUPPORTED, "compressed content")
    data = _content(element, declared)
    if not data.strip():
        raise Unusable(CONTENT_EMPTY, "a reference is never followed" if len(element) else "no content")
    shown = next((kind for magic, kind in _MAGIC if data.startswith(magic)), "")
    if shown:
        return shown, data, "" if shown == declared else f"these bytes are {shown}"
    if declared not in ACCEPTED:
        raise Unusable(CONTENT_TYPE_UNSUPPORTED, "one of " + ", ".join(sorted(ACCEPTED)))
    if declared != PLAIN or _CONTROLS.search(data):
        raise Unusable(CONTENT_TYPE_MISMATCH, f"these bytes are not {declared}")
    return PLAIN, data, ""


def _content(element: Element, declared: str) -> bytes:
    representation = attribute(element, "representation")
    if representation not in ("", "B64", "TXT"):
        raise Unusable(CDA_INCOMPLETE, "representation B64 or TXT")
    textual = declared in ("", PLAIN) or declared.startswith("text/")
    if representation == "B64" or (not representation and not textual):
        return _base64(element)
    return "".join(texts(element)).encode()


def _base64(element: Element) -> bytes:
    """The bytes of a base64 text, decoded a megabyte at a time: 50 MB are never held three times."""
    decoded = bytearray()
    rest = ""
    for piece in _pieces(element):
        rest += "".join(piece.split())
        whole = len(rest) - len(rest) % 4
        decoded += _strict(rest[:whole])
        rest = rest[whole:]
    decoded += _strict(rest + "=" * (-len(rest) % 4))
    return bytes(decoded)


def _pieces(element: Element) -> Iterator[str]:
    for text in texts(element):
        for at in range(0, len(text), _SLICE):
            yield text[at : at + _SLICE]


def _strict(text: str) -> bytes:
    if not text:
        return b""
    try:
        return a2b_base64(text, strict_mode=True)
    except (Base64Error, ValueError):
        raise Unusable(VALUE_INVALID, "base64") from None
