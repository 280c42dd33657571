"""The curves of growth that an operator brings: taken whole, or not at all."""

import pytest

from espace.clinical.facts.growth import Percentiles, Reference
from espace.clinical.queries.growth import reference
from espace.site.commands import growth as command
from espace.site.csv_file import NotTaken
from espace.site.growth_file import read
from espace.site.terminal import Failed

HEADER = "measure,sex,age_months,p3,p50,p97\n"
FILE = f"{HEADER}weight,F,0,2.5,3.3,4.2\nheight,M,1.5,50,54.5,59\n"


def test_a_file_is_read() -> None:
    assert read(FILE.encode("utf-8-sig")) == (
        Percentiles("weight", "F", 0, 2.5, 3.3, 4.2),
        Percentiles("height", "M", 1.5, 50, 54.5, 59),
    )
    semicolons = "measure;sex;age_months;p3;p50;p97\nbmi;F;24;13,5;16;18,5\n"
    assert read(semicolons.encode()) == (Percentiles("bmi", "F", 24, 13.5, 16, 18.5),)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("arm,F,0,1,2,3", "line 2: measure: one of weight, height, head, bmi"),
        ("weight,X,0,1,2,3", "line 2: sex: F or M"),
        ("weight,F,-1,1,2,3", "line 2: age_months from 0 to 216 and three percentiles, decimal numbers"),
        ("weight,F,217,1,2,3", "line 2: age_months from 0 to 216 and three percentiles, decimal numbers"),
        ("weight,F,0,1,2", "line 2: age_months from 0 to 216 and three percentiles, decimal numbers"),
        ("weight,F,0,2,5,33,4,2", "line 2: 6 cells, and not 8"),
        ("weight,F,0,1,nan,3", "line 2: age_months from 0 to 216 and three percentiles, decimal numbers"),
        ("weight,F,0,2,1,3", "line 2: the percentiles rise from p3 to p97, above 0 and not above 300"),
        ("weight,F,0,0,1,3", "line 2: the percentiles rise from p3 to p97, above 0 and not above 300"),
        ("weight,F,0,1,2,301", "line 2: the percentiles rise from p3 to p97, above 0 and not above 300"),
        ("weight,F,0,1,2,3\nweight,F,0.0,1,2,4", "line 3: this measure, sex and age are already in the file"),
        ("", "The file has no curve."),
    ],
)
def test_a_wrong_line_is_refused_with_its_number(row: str, said: str) -> None:
    with pytest.raises(NotTaken) as refused:
        read(f"{HEADER}{row}\n".encode())
    assert refused.value.lines == (said,)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The first line is to be measure,sex,age_months,p3,p50,p97."),
        (b"measure,sex\nweight,F\n", "The first line is to be measure,sex,age_months,p3,p50,p97."),
        (HEADER.encode() + b"\xff\n", "The file is not UTF-8."),
        (HEADER.encode() + b'weight,"F\n', "line 2 is not CSV: unexpected end of data."),
        (b"x" * (4 * 1024 * 1024 + 1), "The file is larger than 4194304 bytes."),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(NotTaken) as refused:
        read(data)
    assert refused.value.lines == (said,)


def test_twenty_wrong_lines_are_told() -> None:
    with pytest.raises(NotTaken) as refused:
        read((HEADER + "arm,F,0,1,2,3\n" * 30).encode())
    assert len(refused.value.lines) == 20


@pytest.mark.usefixtures("db")
def test_the_curves_replace_those_before_and_wrong_ones_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert command._bring(FILE.encode(), " Courbes  d’essai ") == 0
    for data, source in (
        (FILE.replace("2.5", "9").encode(), "Autres"),
        (FILE.encode(), " "),
        (FILE.encode(), "x" * 201),
    ):
        with pytest.raises(Failed):
            command._bring(data, source)
    assert reference("F") == Reference("Courbes d’essai", (Percentiles("weight", "F", 0, 2.5, 3.3, 4.2),))
    assert reference("M").of("height") == (Percentiles("height", "M", 1.5, 50, 54.5, 59),)
    command._bring(f"{HEADER}head,F,0,32,34.5,37\n".encode(), "Autres")
    assert (reference("M"), reference("F").of("weight")) == (Reference(), ())
    assert "2 lines of curves." in capsys.readouterr().err
