"""English is complete: every sentence of every room with pages has one, and what is compiled is what is written."""

import re

import pytest

from espace.kernel.reasons import REASONS
from espace.kernel.reasons.helped import logged_to_helper
from portal.messages import ROOMS, SOURCE, Said, compiled, english, sentences, written

SAME_IN_BOTH = {
    *("Actions", "Addictions", "Applications", "Cancer", "Code", "Date", "Document", "Documents", "Dose"),
    *("Inflammation", "Normal", "Notifications", "Pages", "Profession", "Vaccinations", "dose %(number)s"),
    ("%(count)s document", "%(count)s documents"),
    "%(value)s, %(day)s",
}

every_room = pytest.mark.parametrize("room", ROOMS)


def parts(said: Said) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


def test_the_rooms_that_speak_to_people_are_here() -> None:
    assert {"looks", "portal"} <= set(ROOMS)


@every_room
def test_the_catalogue_has_the_sentences_of_the_code_and_no_other(room: str) -> None:
    assert set(english(written(room))) == set(sentences(room))


@every_room
def test_every_sentence_has_its_english(room: str) -> None:
    assert [said for said, words in english(written(room)).items() if not all(parts(words))] == []


@every_room
def test_no_english_sentence_is_the_french_one(room: str) -> None:
    assert {said for said, words in english(written(room)).items() if said == words} <= SAME_IN_BOTH


@every_room
def test_the_compiled_catalogue_is_the_written_one(room: str) -> None:
    assert english(compiled(room)) == english(written(room))


@every_room
def test_english_keeps_the_values_of_the_french(room: str) -> None:
    holes = re.compile(r"%\(\w+\)s")
    for said, words in english(written(room)).items():
        for french, translated in zip(parts(said), parts(words), strict=True):
            assert sorted(holes.findall(french)) == sorted(holes.findall(translated))


def test_two_rooms_say_one_sentence_with_one_english() -> None:
    """Django merges the catalogues: two translations of one sentence would be a matter of chance."""
    said: dict[Said, Said] = {}
    for room in ROOMS:
        for french, words in english(written(room)).items():
            assert said.setdefault(french, words) == words


@every_room
def test_no_line_ends_between_a_guillemet_and_its_words(room: str) -> None:
    """A no-break space stands there (U+202F), in the templates and in what the code says."""
    drawn = [(str(path), path.read_text(encoding="utf-8")) for path in (SOURCE / room).rglob("*.html")]
    wrong = {where for where, text in drawn if re.search("«[ \n]|[ \n]»", text)}
    wrong |= {part for said in sentences(room) for part in parts(said) if re.search("« | »", part)}
    assert not wrong


def test_no_line_of_a_reason_begins_with_its_punctuation() -> None:
    for reason in REASONS.values():
        said = (reason.holder, reason.professional, reason.fix, reason.holder_fix, logged_to_helper(reason))
        french = [one.fr.replace("Authorization: ", "") for one in said if one]
        assert not [one for one in french if re.search(r"[^\u202f][:;?!»](?!//)|«[^\u202f]", one)], reason.code
