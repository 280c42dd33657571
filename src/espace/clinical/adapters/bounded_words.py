"""The bounded process that takes the words out of files: run by `words` as a script, on its own, never imported.

It reads one line of JSON and the files on its standard input, bounds itself, and answers a line once it is ready, then
one line of JSON for each file, in their order: its words, or why there are none. PDFium runs no program of a PDF and
opens nothing but its bytes.
"""

import codecs
import ctypes
import json
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CPU_SECONDS = 15
MAX_PAGES = 2000
PROTECTED = frozenset({4, 5})
"""FPDF_ERR_PASSWORD and FPDF_ERR_SECURITY: a password is asked for, or the protection is one that nobody knows."""
BROKEN_WORD = ("\x02\r\n", "\ufffe\r\n", "\x02\n", "\ufffe\n", "\x02", "\ufffe")
"""What PDFium writes where a word is cut at the end of a line: the word is made whole."""
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)


def pdf_words(pdfium: Any, data: bytes, most: int) -> dict[str, str]:
    """Page after page, until there are as many letters as are wanted."""
    document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        return {"fault": "locked" if pdfium.FPDF_GetLastError() in PROTECTED else "broken"}
    try:
        said, size = list[str](), 0
        for words in _pages(pdfium, document, most):
            said.append(words)
            size += len(words)
            if size >= most:
                break
    finally:
        pdfium.FPDF_CloseDocument(document)
    return {"words": tidied("\n".join(said))[:most]}


def _pages(pdfium: Any, document: Any, most: int) -> Iterator[str]:
    for number in range(min(pdfium.FPDF_GetPageCount(document), MAX_PAGES)):
        page = pdfium.FPDF_LoadPage(document, number)
        if not page:
            continue
        text = pdfium.FPDFText_LoadPage(page)
        if text:
            yield _text(pdfium, text, most)
            pdfium.FPDFText_ClosePage(text)
        pdfium.FPDF_ClosePage(page)


def _text(pdfium: Any, text: Any, most: int) -> str:
    """At most so many units of UTF-16; PDFium counts the zero that it puts at the end."""
    wanted = min(pdfium.FPDFText_CountChars(text), most)
    if wanted <= 0:
        return ""
    buffer = ctypes.create_string_buffer(2 * (wanted + 1))
    units = pdfium.FPDFText_GetText(text, 0, wanted, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    return buffer.raw[: 2 * max(0, units - 1)].decode("utf-16-le", "ignore")


def tidied(text: str) -> str:
    """Cut words whole, letters in one piece, no controls but the ends of lines and of cells."""
    for cut in BROKEN_WORD:
        text = text.replace(cut, "")
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_LIGATURES))
    return "".join(one for one in plain if one >= " " or one in "\n\t")


def readers(kinds: set[str], most: int) -> dict[str, Callable[[bytes], dict[str, str]]]:
    """What takes the words out of files of these kinds, loaded while files can be opened."""
    found: dict[str, Callable[[bytes], dict[str, str]]] = {}
    if "pdf" in kinds:
        import pypdfium2_raw as pdfium

        pdfium.FPDF_InitLibrary()
        codecs.lookup("utf-16-le")
        found["pdf"] = lambda data: pdf_words(pdfium, data, most)
    if "rtf" in kinds:
        from espace.wire.files.rtf_words import CODE_PAGES, words_of

        for codec in ("utf-16", *CODE_PAGES.values()):
            codecs.lookup(codec)
        found["rtf"] = lambda data: {"words": tidied(words_of(data, most=most))}
    return found


def main() -> None:
    sys.path.append(str(Path(__file__).parents[3]))  # run as a script, it is told of no package
    from espace.edge.bounds import bound

    asked = json.loads(sys.stdin.buffer.readline())
    read = readers({kind for kind, _ in asked["files"]}, asked["most"])
    bound(memory=asked["memory"], cpu_seconds=CPU_SECONDS)
    sys.stdout.buffer.write(b"{}\n")  # from here on, what goes wrong is a file's fault
    sys.stdout.flush()
    for kind, size in asked["files"]:
        said = read[kind](sys.stdin.buffer.read(size))
        sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "ignore") + b"\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
