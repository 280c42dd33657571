"""When two names are those of one medicine."""

import pytest

from espace.workstation.pages.medicines.choosing import same_name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ramipril", "ramipril 5 mg", True),
        ("Ramipril 10 mg, comprimé", "RAMIPRIL 5MG", True),
        ("Lévothyroxine 75 microgrammes, comprimé", "levothyroxine", True),
        ("Sulfate de fer 80 mg", "fer", True),
        ("Insuline glargine", "insuline", True),
        ("5-fluorouracile", "5 fluorouracile", True),
        ("Amoxicilline", "1 g amoxicilline", True),
        ("Fer", "Fervex", False),
        ("Vitamine D", "Vitamine B12", False),
        ("Insuline glargine", "Insuline lispro", False),
        ("Ramipril", "5 mg", False),
        ("Ramipril", "…", False),
        ("", "Ramipril", False),
        ("Aspirine", f"{'comprimé ' * 20}aspirine", True),
        ("Aspirine", f"{'comprimé ' * 1000}aspirine", False),
    ],
)
def test_names_are_compared_in_whole_words_but_for_strength_and_form(one: str, other: str, same: bool) -> None:
    assert (same_name(one, other), same_name(other, one)) == (same, same)
