"""The words of RTF files: what a reader shows, in its letters; whatever the bytes, an end."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire.cda_writing import rtf
from espace.wire.files.rtf_words import words_of


def said(inside: str, head: str = r"\ansi\ansicpg1252") -> str:
    return words_of(rf"{{\rtf1{head} {inside}}}".encode("latin-1"), most=1000)


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (r"Glyc\'e9mie \'e0 jeun", "Glycémie à jeun"),
        (r"Glyc\u233?mie", "Glycémie"),
        (r"\uc2 c\u339\'8c\'8cur", "cœur"),
        (r"\uc0 c\u339 ur", "cœur"),
        (r"\u-10179?\u-8704?", "\U0001f600"),
        (r"\u-10179?seul", "seul"),
        (r"{\b H\'e9}mo{\i globine}", "Hémoglobine"),
        ("Hémo\r\nglobine", "Hémoglobine"),
        (r"un\par deux\line trois\tab quatre", "un\ndeux\ntrois\tquatre"),
        (r"\{7,2\~%\}\_\\", "{7,2\u00a0%}-\\"),
        (r"{\fonttbl{\f0 Arial;}}{\colortbl;\red0;}{\info{\author Paul}}TSH", "TSH"),
        (r"{\*\generator Word;}{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Cadre}} TSH", "Cadre TSH"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt le lien}}", "le lien"),
        (r"{\pict\pngblip 89504e47}TSH", "TSH"),
        (r"\bin5 {{{{{TSH", "TSH"),
        (r"a\rquote b\endash c", "a’b–c"),
    ],
)
def test_words_are_those_that_a_reader_shows(inside: str, words: str) -> None:
    assert said(inside) == words


def test_the_code_page_is_the_one_that_the_file_states() -> None:
    assert said(r"\'e9", r"\ansi\ansicpg1251") == "й"
    assert said(r"\'82\'a0", r"\ansi\ansicpg932") == "あ"
    assert said(r"\'8e", r"\mac") == "é"
    assert said(r"\'e9", r"\ansi\ansicpg99999") == "é"


def test_a_letter_of_our_own_is_read() -> None:
    words = words_of(rtf.letter("Consultation", ("Œdème de la cheville.",)), most=1000)
    assert "Consultation" in words and "Œdème de la cheville." in words


def test_no_more_is_read_than_is_asked_for() -> None:
    assert words_of(rb"{\rtf1 " + b"a" * 5000 + b"}", most=100) == "a" * 100
    assert words_of(rb"{\rtf1 " + b"a\\par " * 5000 + b"}", most=10) == "a\na\na\na\na\n"
    assert words_of(b"{" * 100_000 + b"a", most=10) == ""
    assert words_of(rb"{\rtf1 a\bin999999999 b}", most=10) == "a"
    assert words_of(rb"}}}} {\rtf1 a", most=10) == " a"
    assert words_of(b"\\", most=10) == ""


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([*"{}\\*'a 9\n", r"\u", r"\uc", r"\'e", r"\bin3", r"\ansicpg65001", r"\*"])))
def test_whatever_the_bytes_there_are_words_or_none(parts: list[str]) -> None:
    assert len(words_of("".join(parts).encode(), most=20)) <= 20
