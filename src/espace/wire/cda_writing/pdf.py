"""A plain letter in PDF 1.4: text in Helvetica on A4 pages, accents included; no picture, no clock, no chance.

ISO 32000-1 is followed for the structure (header, objects, cross-reference table, trailer); characters are those of
WinAnsiEncoding (Windows code page 1252).
"""

from dataclasses import dataclass
from textwrap import wrap

_WIDTH, _HEIGHT, _MARGIN, _LEADING = 595, 842, 64, 15
_SIZES = {"title": 16, "text": 11}
_COLUMNS = {"title": 52, "text": 84}
_LINES = (_HEIGHT - 2 * _MARGIN) // _LEADING


@dataclass(frozen=True, slots=True)
class Line:
    """A line to print: `style` is title or text."""

    text: str
    style: str = "text"


def _lines(title: str, paragraphs: tuple[str, ...]) -> list[Line]:
    found = [Line(part, "title") for part in wrap(title, _COLUMNS["title"])] + [Line("")]
    for paragraph in paragraphs:
        for row in paragraph.split("\n"):
            found += [Line(part) for part in wrap(row, _COLUMNS["text"]) or [""]]
        found.append(Line(""))
    return found


def _string(text: str) -> bytes:
    encoded = text.encode("cp1252")
    for mark in (b"\\", b"(", b")"):
        encoded = encoded.replace(mark, b"\\" + mark)
    return b"(" + encoded + b")"


def _stream(lines: list[Line]) -> bytes:
    parts = [b"BT", b"%d TL" % _LEADING, b"%d %d Td" % (_MARGIN, _HEIGHT - _MARGIN)]
    for line in lines:
        font = b"/F2" if line.style == "title" else b"/F1"
        parts.append(b"%s %d Tf %s Tj T*" % (font, _SIZES[line.style], _string(line.text)))
    data = b"\n".join([*parts, b"ET"])
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _font(name: bytes) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name


def _page(contents: int) -> bytes:
    resources = b"<< /Font << /F1 3 0 R /F2 4 0 R >> >>"
    box = b"[0 0 %d %d]" % (_WIDTH, _HEIGHT)
    return b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Resources %s /Contents %d 0 R >>" % (
        box,
        resources,
        contents,
    )


def _objects(title: str, pages: list[list[Line]]) -> list[bytes]:
    numbers = [6 + 2 * rank for rank in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        _font(b"Helvetica"),
        _font(b"Helvetica-Bold"),
        b"<< /Title <%s> >>" % ("\ufeff" + title).encode("utf-16-be").hex().encode(),
    ]
    for number, lines in zip(numbers, pages, strict=True):
        objects += [_page(number + 1), _stream(lines)]
    return objects


def _file(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(objects) + 1
    trailer = b"<< /Size %d /Root 1 0 R /Info 5 0 R >>" % count
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        table,
        trailer,
        len(out),
    )


def letter(title: str, paragraphs: tuple[str, ...]) -> bytes:
    """A PDF of as many pages as needed; UnicodeEncodeError on a character that code page 1252 lacks."""
    lines = _lines(title, paragraphs)
    pages = [lines[start : start + _LINES] for start in range(0, len(lines), _LINES)]
    return _file(_objects(title, pages))
