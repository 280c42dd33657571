"""The PDF and the rich text that letters carry are valid files."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.wire.cda_writing import pdf, rtf

LATIN = st.text(st.sampled_from("abc éèœŒ’«»€()\\ \n"), max_size=400)


def offsets_hold(data: bytes) -> int:
    """The number of objects, once every offset of the cross-reference table points at its object."""
    start = int(data.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    head, count, *rows = data[start:].split(b"\n")
    assert head == b"xref"
    total = int(count.split()[1])
    for number, row in enumerate(rows[1:total], 1):
        assert data[int(row[:10]) :].startswith(b"%d 0 obj\n" % number)
    return total - 1


def test_a_letter_is_a_pdf_of_one_page() -> None:
    data = pdf.letter("Élève à l’œil", ("Bonjour (vous).", "Au revoir \\ à bientôt."))
    assert data.startswith(b"%PDF-1.4\n")
    assert data.endswith(b"%%EOF\n")
    assert offsets_hold(data) == 7
    assert b"(\xc9l\xe8ve \xe0 l\x92\x9cil)" in data
    assert b"(Bonjour \\(vous\\).)" in data
    assert b"(Au revoir \\\\ \xe0 bient\xf4t.)" in data
    assert b"/Lang (fr-FR)" in data


def test_a_long_letter_has_several_pages() -> None:
    data = pdf.letter("Long", tuple(f"Paragraphe {number}." for number in range(60)))
    assert offsets_hold(data) == 11
    assert b"/Count 3" in data
    assert all(b"(Paragraphe %d.)" % number in data for number in range(60))


def test_a_stream_is_as_long_as_it_says() -> None:
    data = pdf.letter("Titre", ("Un mot.",))
    found = re.search(rb"<< /Length (\d+) >>\nstream\n(.*)\nendstream", data, re.DOTALL)
    assert found is not None
    assert int(found[1]) == len(found[2])


def test_a_character_outside_the_code_page_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        pdf.letter("Débit ≥ 60", ())


@given(title=LATIN, paragraphs=st.lists(LATIN, max_size=4))
def test_any_french_letter_is_a_well_formed_pdf(title: str, paragraphs: list[str]) -> None:
    assert offsets_hold(pdf.letter(title, tuple(paragraphs))) >= 7


def test_rich_text_is_ascii_and_escapes_what_it_must() -> None:
    data = rtf.letter("Œil {droit}", ("a\\b", "né\nici"))
    assert data.startswith(b"{\\rtf1\\ansi")
    assert data.endswith(b"}")
    assert b"\\u338?il \\{droit\\}" in data
    assert b"a\\\\b" in data
    assert b"n\\u233?\\line\nici" in data
    assert b"\\u-246?" in rtf.letter("\uff0a", ())


def test_rich_text_refuses_what_it_cannot_say() -> None:
    with pytest.raises(ValueError, match="multilingual"):
        rtf.letter("\U0001f600", ())
