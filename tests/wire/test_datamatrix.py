"""The INS datamatrix is read however a reader types it, and refused with its place where it is not one."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Problem
from espace.wire.datamatrix import is_datamatrix, read_datamatrix
from espace.wire.xds import PatientStatement

HEADER = "IS01" + "0" * 22
NUMBER, OID = "282053523899178", "1.2.250.1.213.1.4.10"
TEXT = f"{HEADER}S1{NUMBER}S2{OID}S3CAMILLE ANNE\x1dS4LE BIHAN-D'ARC\x1dS5FS617-05-1982S735238"
CAMILLE = PatientStatement(
    place="datamatrix",
    number=NUMBER,
    authority=OID,
    birth_name="LE BIHAN-D'ARC",
    given_names=("CAMILLE", "ANNE"),
    birth_date=date(1982, 5, 17),
    sex="F",
    birth_place="35238",
)


def test_the_published_example_is_read() -> None:
    text = (
        "IS010000000000000000000000S1123549685274612S225978456325481569525S3TEST1 TEST2 TEST\x1d"
        "S4DATAMATRIXTEST\x1dS5MS631-08-2021S717000"
    )
    assert read_datamatrix(text) == PatientStatement(
        place="datamatrix",
        number="123549685274612",
        authority="25978456325481569525",
        birth_name="DATAMATRIXTEST",
        given_names=("TEST1", "TEST2", "TEST"),
        birth_date=date(2021, 8, 31),
        sex="M",
        birth_place="17000",
    )


SHOWN = ["\x1d", "␝", "<GS>", "<gs>", "[GS]", "{GS}", "\\x1d", "\\x1D", "\\u001d", "\\035", "^]", "&#29;", "%1D", ""]


@pytest.mark.parametrize("shown", SHOWN)
def test_a_separator_is_read_as_readers_show_it_or_leave_it_out(shown: str) -> None:
    assert read_datamatrix(TEXT.replace("\x1d", shown)) == CAMILLE


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"  {TEXT}\r\n", CAMILLE),
        (TEXT.lower(), CAMILLE),
        (f"]d2{TEXT}", CAMILLE),
        (f"{TEXT}\x1d", CAMILLE),
        (TEXT.replace("ANNE\x1d", "ANNE"), CAMILLE),
        (TEXT.replace("ARC\x1d", "ARC"), CAMILLE),
        (TEXT.replace("S3CAMILLE ANNE\x1d", "S3INES\x1d"), replace(CAMILLE, given_names=("INES",))),
        (TEXT.replace("S3CAMILLE ANNE\x1d", "S3INES"), replace(CAMILLE, given_names=("INES",))),
        (TEXT.replace("4.10", "4.8\x1d"), replace(CAMILLE, authority="1.2.250.1.213.1.4.8")),
        (TEXT.replace("4.10", "4.8"), replace(CAMILLE, authority="1.2.250.1.213.1.4.8")),
        (TEXT.replace("S735238", "S72A004"), replace(CAMILLE, birth_place="2A004")),
        (TEXT.replace("LE BIHAN-D'ARC\x1d", "B" * 100), replace(CAMILLE, birth_name="B" * 100)),
        (TEXT.replace("LE BIHAN-D'ARC\x1d", "B1" * 50), replace(CAMILLE, birth_name="B1" * 50)),
    ],
)
def test_what_readers_add_and_leave_out_changes_nothing(text: str, wanted: PatientStatement) -> None:
    assert read_datamatrix(text) == wanted


@pytest.mark.parametrize(
    ("text", "code", "place", "detail"),
    [
        ("", "datamatrix_unreadable", "datamatrix", "IS01 and 22 zeros are expected first"),
        (NUMBER, "datamatrix_unreadable", "datamatrix", "IS01 and 22 zeros are expected first"),
        (TEXT[1:], "datamatrix_unreadable", "datamatrix", "IS01 and 22 zeros are expected first"),
        (TEXT.replace("IS01", "IS02"), "datamatrix_version_unknown", "datamatrix", "version 02"),
        (TEXT.replace("S1", "S9", 1), "datamatrix_unreadable", "datamatrix.S1", "15 characters"),
        (TEXT.replace(NUMBER, NUMBER[1:]), "datamatrix_unreadable", "datamatrix.S1", "15 characters"),
        (TEXT.replace("4.10", "4.1000"), "datamatrix_unreadable", "datamatrix.S2", "an OID of 20 characters at most"),
        (
            TEXT.replace("CAMILLE ANNE", ""),
            "datamatrix_unreadable",
            "datamatrix.S3",
            "given names, upper case without diacritics",
        ),
        (
            TEXT.replace("CAMILLE ANNE", " "),
            "datamatrix_unreadable",
            "datamatrix.S3",
            "given names, upper case without diacritics",
        ),
        (
            TEXT.replace("CAMILLE ANNE\x1d", "TEST1 TEST2"),
            "datamatrix_unreadable",
            "datamatrix.S3",
            "given names, upper case without diacritics",
        ),
        (
            TEXT.replace("LE BIHAN", "LÉ BIHAN"),
            "datamatrix_unreadable",
            "datamatrix.S4",
            "birth name, upper case without diacritics",
        ),
        (
            TEXT.replace("LE BIHAN", "B" * 101),
            "datamatrix_unreadable",
            "datamatrix.S4",
            "birth name, upper case without diacritics",
        ),
        (TEXT.replace("S5F", "S5X"), "datamatrix_unreadable", "datamatrix.S5", "M or F"),
        (TEXT.replace("17-05-1982", "1982-05-17"), "datamatrix_unreadable", "datamatrix.S6", "DD-MM-YYYY"),
        (TEXT.replace("17-05-1982", "31-02-1982"), "datamatrix_unreadable", "datamatrix.S6", "a day that exists"),
        (TEXT.replace("17-05-1982", "17-05-0000"), "datamatrix_unreadable", "datamatrix.S6", "a day that exists"),
        (TEXT[:-1], "datamatrix_unreadable", "datamatrix.S7", "5 characters"),
        (TEXT + "S8", "datamatrix_unreadable", "datamatrix.S7", "5 characters"),
        (TEXT[:60], "datamatrix_unreadable", "datamatrix.S2", "an OID of 20 characters at most"),
        (TEXT + " " * 600, "datamatrix_unreadable", "datamatrix", "more than 600 characters"),
        (HEADER + "S1" * 200, "datamatrix_unreadable", "datamatrix.S1", "15 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_never_with_what_was_read(
    text: str, code: str, place: str, detail: str
) -> None:
    problem = read_datamatrix(text)
    assert isinstance(problem, Problem)
    assert (problem.reason.code, problem.place, problem.detail) == (code, place, detail)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (TEXT, True),
        (f" ]d1{TEXT.lower()}", True),
        ("IS02", True),
        (NUMBER, False),
        ("IS", False),
        ("", False),
        ("ISÈRE", False),
    ],
)
def test_a_datamatrix_is_told_from_a_typed_number(text: str, holds: bool) -> None:
    assert is_datamatrix(text) is holds


@given(st.text(max_size=700), st.integers(0, len(TEXT)), st.integers(0, 20))
def test_any_text_is_read_or_refused(noise: str, where: int, taken: int) -> None:
    for text in (noise, TEXT[:where] + noise + TEXT[where + taken :], HEADER + noise):
        assert isinstance(read_datamatrix(text), PatientStatement | Problem)


_NAMES = st.from_regex(r"[A-Z][A-Z'-]{0,20}( [A-Z][A-Z'-]{0,20}){0,3}", fullmatch=True)


@given(_NAMES, _NAMES, st.booleans(), st.booleans())
def test_names_come_back_with_and_without_separators(given_names: str, family: str, one: bool, two: bool) -> None:
    ends = ["\x1d" if kept else "" for kept in (one, two)]
    text = f"{HEADER}S1{NUMBER}S2{OID}S3{given_names}{ends[0]}S4{family}{ends[1]}S5FS617-05-1982S735238"
    read = read_datamatrix(text)
    assert read == replace(CAMILLE, given_names=tuple(given_names.split()), birth_name=family)
