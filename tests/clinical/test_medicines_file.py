"""The list of medicines that an operator brings: taken whole, or not at all."""

import pytest

from espace.clinical.actions.medicines import put_medicines
from espace.clinical.facts.profile import Medicine
from espace.clinical.queries.medicines import any_medicines, medicine, medicines_named
from espace.site.commands import medicines as command
from espace.site.csv_file import NotTaken
from espace.site.medicines_file import read
from espace.site.terminal import Failed

FILE = "cip13;name;substance;atc\n3400930000120;DOLIPRANE 1000;paracétamol;N02BE01\n3400930000137;Éfferalgan;;\n"


def test_a_file_is_read() -> None:
    assert read(FILE.encode("utf-8-sig")) == (
        Medicine("3400930000120", "DOLIPRANE 1000", "paracétamol", "N02BE01"),
        Medicine("3400930000137", "Éfferalgan"),
    )
    assert read(b"cip13,name\n3400930000120,X\n") == (Medicine("3400930000120", "X"),)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"cip;nom\n", "The first line is to be cip13,name[,substance[,atc]]."),
        (b"", "The first line is to be cip13,name[,substance[,atc]]."),
        (b"cip13,name\n", "The file has no medicine."),
        (b"cip13,name\n\xff\n", "The file is not UTF-8."),
        (b'cip13,name\n3400930000120,"X\n', "line 2 is not CSV: unexpected end of data."),
        (b"cip13,name\n3400930000121,X\n", "line 2: cip13: 13 digits that begin with 3400, the last one its key"),
        (b"cip13,name\n3400930000120,X\n3400930000120,Y\n", "line 3: this code is already in the file"),
        (b"cip13,name\n3400930000120,X 2,4 %\n", "line 2: 2 cells, and not 3"),
        (
            b"cip13,name\n3400930000120\n",
            "line 2: a name, and a substance, of 300 characters at most; an ATC code of 7",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(NotTaken) as refused:
        read(data)
    assert refused.value.lines == (said,)


def test_a_file_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.site.medicines_file.BYTES_MOST", 10)
    with pytest.raises(NotTaken, match="larger than 10 bytes"):
        read(FILE.encode())


@pytest.mark.usefixtures("db")
def test_the_list_replaces_the_one_before_and_a_wrong_one_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    put_medicines([])
    assert not any_medicines()
    assert command._bring(FILE.encode()) == 0
    with pytest.raises(Failed, match="nothing was taken"):
        command._bring(b"cip13,name\n1,X\n")
    assert any_medicines()
    assert [one.name for one in medicines_named("EFF", most=5)] == ["Éfferalgan"]
    assert medicines_named("do%", most=5) == () and medicines_named("d", most=5) == ()
    command._bring(b"cip13,name\n3400930000168,Autre\n")
    assert medicine("3400930000120") is None and medicine("3400930000168") == Medicine("3400930000168", "Autre")
    assert "2 medicines." in capsys.readouterr().err
