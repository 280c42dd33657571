"""Words looked for: accents, plurals, abbreviations; where they stand."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.said import document
from espace.clinical.facts import Known
from espace.clinical.rules.searching import SAME, answers, asked, extracts, folded_text
from espace.looks.finding import sought


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("glycemie", "Glycémie à jeun"),
        ("GLYCÉMIES", "une glycémie"),
        ("radios", "Radiographie du thorax"),
        ("hopital", "les hôpitaux de Nantes"),
        ("hôpitaux", "à l’hôpital"),
        ("cerveaux", "IRM du cerveau"),
        ("HbA1c", "Hémoglobine glyquée : 7,2 %"),
        ("hémoglobine glyquée", "HbA1c 7,2"),
        ("hemoglobines glyquees", "HbA1c 7,2"),
        ("TSH", "Thyréostimuline [Arbitraire/Volume]"),
        ("thyréostimuline", "TSH : 1,95"),
        ("ecbu", "Examen cytobactériologique des urines"),
        ("irm", "I.R.M. ou IRM du genou"),
        ("imagerie par résonance magnétique", "IRM du genou"),
        ("irm genou", "Genou gauche : imagerie par résonance\u00a0magnétique"),
        ("nfs", "Hémogramme complet"),
        ("thérapie", "chimiothérapie"),
        ("œdème", "OEDEMES des membres"),
        ("", "n’importe quoi"),
        ("…", "n’importe quoi"),
    ],
)
def test_words_are_found(words: str, text: str) -> None:
    assert answers(asked(words), ["rien", text])


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("irm", "infirmière"),
        ("ta", "tabac"),
        ("xxxxx", "tabac"),
        ("sssss xxxxx", "tabac"),
        ("vs", "vsl"),
        ("irm genou", "IRM de l’épaule"),
        ("tsh", "thyroïde"),
        ("hémoglobine glyquée", "hémoglobine : 12 g/dL"),
    ],
)
def test_other_words_are_not(words: str, text: str) -> None:
    assert not answers(asked(words), [text])


def test_each_word_may_be_in_another_text() -> None:
    question = asked("genou martin")
    assert answers(question, ["IRM du genou", "Dr Paul Martin"])
    assert not answers(question, ["IRM du genou"])
    assert answers(asked("genou"), ["IRM du genou", "Dr Paul Martin"])


def test_extracts_tell_apart_what_was_found() -> None:
    text = "Conclusion\n\nPas de lésion.\tHémoglobine glyquée\t7,2 %\nHémoglobine glyquée\nHbA1c stable"
    found = extracts(asked("hba1c"), [text], most=2)
    assert [one.parts for one in found] == [(("Hémoglobine glyquée", True),), (("HbA1c", True), (" stable", False))]
    assert extracts(asked("hba1c"), [text], most=1) == found[:1]
    assert extracts(asked(""), [text], most=2) == ()
    assert extracts(asked("absent"), [text], most=2) == ()


def test_an_extract_of_a_long_line_is_cut_at_words() -> None:
    text = f"{'mot ' * 100}fracture du fémur {'suite ' * 100}"
    (one,) = extracts(asked("fracture"), [text], most=1)
    words = "".join(part for part, _ in one.parts)
    assert words.startswith("… mot mot") and words.endswith("suite …") and len(words) < 320
    assert [part for part, marked in one.parts if marked] == ["fracture"]
    assert extracts(asked("fracture"), ["a" * 2000 + "fracture" + "b" * 400], most=1)[0].parts[-1][0]


def test_letters_that_fold_into_two_keep_their_places() -> None:
    (one,) = extracts(asked("oeil"), ["Cœur, œil droit : ŒIL"], most=1)
    assert one.parts == (("Cœur, ", False), ("œil", True), (" droit : ", False), ("ŒIL", True))


def test_what_is_far_in_a_line_is_not_shown_with_the_first() -> None:
    (one,) = extracts(asked("radio"), ["radio " + "x " * 200 + "radio"], most=1)
    assert [part for part, marked in one.parts if marked] == ["radio"]


@pytest.mark.parametrize("ways", SAME, ids=lambda ways: ways[0])
def test_every_way_of_saying_finds_every_other(ways: tuple[str, ...]) -> None:
    assert all(answers(asked(way), [f"Ici : {other}."]) for way in ways for other in ways)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=300))
def test_whatever_is_typed_extracts_are_of_the_text(words: str, text: str) -> None:
    kept = " ".join(text.split())
    for one in extracts(asked(words), [text], most=3):
        shown = "".join(part for part, _ in one.parts).removeprefix("… ").removesuffix(" …")
        assert shown in kept and any(marked for _, marked in one.parts)


HOSTILE = [
    *("(a+)+$", "[[[[", "\\", "(?P<n>", ".*.*.*", "a{1000000}", "%(x)s", "\0", "\ud800", "é" * 10_000),
    "mot " * 500,
]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:9]))
def test_what_is_typed_is_words_and_never_a_pattern(words: str) -> None:
    text = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ! " * 200
    assert extracts(asked(words), [text], most=2) in ((), extracts(asked("a"), [text], most=2))
    assert len(asked(words).things) <= 12


def test_ten_thousand_documents_that_all_answer_are_found_swiftly() -> None:
    documents = tuple(document(number, "2025-03-04") for number in range(10_000))
    known = Known(documents, (), {one.id: "Hémoglobine glyquée (HbA1c) : 7,2 %" for one in documents})
    began = time.process_time()
    looked_for = sought("hba1c", known)
    found = [one.id for one in documents if looked_for.has(one)]
    shown = [looked_for.extracts(one) for one in found[:100]]
    assert time.process_time() - began < 4
    assert len(found) == 10_000 and all(len(one) == 1 for one in shown)


def test_accents_fall_whatever_their_number() -> None:
    few, many = "Élève, ŒDÈME", "".join(map(chr, range(0xC0, 0x250)))
    assert folded_text(few) == "eleve, oedeme"
    assert folded_text(many + few) == "".join(map(folded_text, many)) + "eleve, oedeme"
    assert folded_text(unicodedata.normalize("NFD", "élève")) == "eleve"
