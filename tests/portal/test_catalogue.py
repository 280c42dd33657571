"""English is complete: every sentence of the portal has one, and what is compiled is what is written."""

import re

from portal.messages import Said, compiled, english, sentences, written


def parts(said: Said) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


def test_the_catalogue_has_the_sentences_of_the_code_and_no_other() -> None:
    assert set(english(written())) == set(sentences())


def test_every_sentence_has_its_english() -> None:
    assert [said for said, words in english(written()).items() if not all(parts(words))] == []


def test_no_english_sentence_is_the_french_one() -> None:
    same = {"Code", "Date", "Documents", "Pages", ("%(count)s document", "%(count)s documents")}
    assert {said for said, words in english(written()).items() if said == words} == same


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert english(compiled()) == english(written())


def test_english_keeps_the_values_of_the_french() -> None:
    holes = re.compile(r"%\(\w+\)s")
    for said, words in english(written()).items():
        for french, translated in zip(parts(said), parts(words), strict=True):
            assert sorted(holes.findall(french)) == sorted(holes.findall(translated))
