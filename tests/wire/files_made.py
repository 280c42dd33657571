"""Small files made by the tests themselves: whole ones of each kind, and the bytes of bombs."""

import io
import struct
import zlib

import pikepdf

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RTF = rb"{\rtf1\ansi Glyc\'e9mie {\b 5,1} mmol/L}"
TEXT = "Glycémie 5,1 mmol/L\r\n".encode()
ZIP = b"PK\x03\x04" + b"\0" * 26 + b"a.txt" + b"PK\x05\x06" + b"\0" * 18


def jpeg(width: int = 16, height: int = 8, *, frame: int = 0xC0, note: bytes = b"Exif\0\0") -> bytes:
    """The markers of a JPEG of that size; nothing decodes its scan."""
    sof = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x22\0\2\x11\1\3\x11\1"
    scan = b"\3\1\0\2\x11\3\x11\0\x3f\0"
    parts = ((0xE1, note), (0xDB, b"\0" * 65), (frame, sof), (0xDA, scan))
    return b"\xff\xd8" + b"".join(_segment(*part) for part in parts) + b"\x12\xff\0\x34\xff\xd9"


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def png(width: int = 16, height: int = 8, *, data: bytes | None = None) -> bytes:
    """A PNG that declares that size."""
    rows = b"".join(b"\0" + b"\x7f" * width for _ in range(height)) if data is None else data
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def tiff(
    *sizes: tuple[int, int], order: str = "<", data: bytes = b"\x7f" * 64, claimed: int = 64, turns: bool = False
) -> bytes:
    """A TIFF with a page of each size, each with the same strip; `turns`: the last page leads back to the first."""
    begin = b"II*\0" if order == "<" else b"MM\0*"
    pages, first = sizes or ((16, 4),), 8 + len(data)
    each = 2 + 4 * 12 + 4
    made = begin + struct.pack(f"{order}I", first) + data
    for number, (width, height) in enumerate(pages):
        last = number == len(pages) - 1
        following = (first if turns else 0) if last else first + (number + 1) * each
        tags = ((256, 4, width), (257, 4, height), (273, 4, 8), (279, 4, claimed))
        made += struct.pack(f"{order}H", len(tags))
        made += b"".join(struct.pack(f"{order}HHII", tag, kind, 1, value) for tag, kind, value in tags)
        made += struct.pack(f"{order}I", following)
    return made


def pdf_saying(words: str, *, pages: int = 1, most: int = 1, protection: pikepdf.Encryption | bool = False) -> bytes:
    """A PDF with these words, so many times, on each of its pages."""
    said = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    shown, made = b"BT /F1 12 Tf 14 TL 50 700 Td " + (b"(" + said + b") Tj T* ") * most + b"ET", io.BytesIO()
    with pikepdf.new() as new:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )  # fmt: skip
        resources = new.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=new.make_indirect(font))))
        contents = new.make_stream(shown)
        for _ in range(pages):
            page = new.add_blank_page()
            page.Contents, page.Resources = contents, resources
        new.save(made, compress_streams=True, encryption=protection)
    return made.getvalue()
