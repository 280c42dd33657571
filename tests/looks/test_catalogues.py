"""The English of all rooms is one catalogue for whoever reads a page."""

from portal.messages import ROOMS, Said, english, written


def test_a_sentence_has_one_english_in_all_rooms() -> None:
    """The catalogues are read together: of two rooms that translate one sentence, only one is heard."""
    heard: dict[str, set[Said]] = {}
    for room in ROOMS:
        for said, words in english(written(room)).items():
            heard.setdefault(said if isinstance(said, str) else said[0], set()).add(words)
    assert {said: words for said, words in heard.items() if len(words) > 1} == {}
