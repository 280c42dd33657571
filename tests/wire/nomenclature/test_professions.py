"""Professions and regions in words: the labels of the lists, and nothing invented for what is not in them."""

import pytest

from espace.wire.nomenclature import PROFESSIONS, author_specialty, profession_label, region_of


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("10", "Médecin"),
        ("21", "Pharmacien"),
        ("41", "Assistant de service social"),
        ("43", "Technicien de l’intervention sociale et familiale"),
        ("60", "Infirmier"),
        ("93", "Psychologue"),
        ("EXP_PATIENT", ""),
        ("00", ""),
        ("", ""),
    ],
)
def test_a_profession_has_its_label(code: str, label: str) -> None:
    assert profession_label(code) == label


def test_machines_and_patients_have_no_profession() -> None:
    assert all(code.isdigit() for code in PROFESSIONS)


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        (("10", "SM54", ""), "G15_10/SM54"),
        (("10", "SM999", ""), "G15_10"),
        (("10", "", ""), "G15_10"),
        (("21", "", "A"), "G15_21/A"),
        (("60", "", ""), "G15_60"),
        (("93", "", ""), "93"),
        (("41", "", ""), "41"),
        (("43", "", ""), None),
        (("", "", ""), None),
    ],
)
def test_the_specialty_of_an_author_is_the_most_precise_known(stated: tuple[str, str, str], code: str | None) -> None:
    found = author_specialty(*stated)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("department", "region"),
    [
        ("35", "53"),
        ("75", "11"),
        ("2A", "94"),
        ("2b", "94"),
        ("971", "01"),
        ("976", "06"),
        ("975", ""),
        ("20", ""),
        ("", ""),
    ],
)
def test_a_department_is_in_its_region(department: str, region: str) -> None:
    assert region_of(department) == region
