"""The entitlement matrix: what is known of it, how it is brought, and which one is in force on a day."""

import itertools
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from espace.access.actions.matrix import put_matrix
from espace.access.queries.entitlement import entitlement, matrix_in_force
from espace.access.rules.entitlements import IN_FORCE_FROM, PACKAGED, Cell, entitled
from espace.kernel.words import Kinds
from espace.site.commands.matrix import _bring
from espace.site.csv_file import NotTaken
from espace.site.matrix_file import read, write
from espace.site.terminal import Failed
from espace.wire.nomenclature import PROFESSIONS, TYPES

PSYCHIATRY, RESIDENCE, LETTER, BIOLOGY = "68599-0", "ATTEST-RESID", "96349-6", "11502-2"
HEADER = b"profession,type,read,write,source\n"


def reads(profession: str) -> Kinds:
    return entitled(profession, PACKAGED)[0]


def writes(profession: str) -> Kinds:
    return entitled(profession, PACKAGED)[1]


def test_the_packaged_matrix_has_one_cell_for_each_profession_and_type() -> None:
    pairs = [(cell.profession, cell.type_code) for cell in PACKAGED]
    professions = sorted({profession for profession, _ in pairs})
    types = sorted({code for _, code in pairs})
    assert len(professions) == 19
    assert sorted(pairs) == list(itertools.product(professions, types))
    assert set(professions) <= set(PROFESSIONS)
    assert set(types) == {code for code, known in TYPES.items() if known.dmp}
    assert all(cell.source for cell in PACKAGED)


@pytest.mark.parametrize(
    ("profession", "type_code", "read", "source"),
    [
        ("10", RESIDENCE, False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("10", PSYCHIATRY, True, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", "80788-3", False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", "75496-0", False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", "83981-1", False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", "83901-9", False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", PSYCHIATRY, False, "arrêté of 2023-10-26, after information-dentaire.fr (reading)"),
        ("40", LETTER, True, "placeholder"),
        ("60", "75496-0", False, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", PSYCHIATRY, False, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", "83901-9", False, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", "68817-6", False, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", "89601-9", False, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", "56445-0", True, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", "PROT_ALD", True, "arrêté of 2023-10-26, after infirmiers.com (reading)"),
        ("60", BIOLOGY, True, "placeholder"),
        ("41", BIOLOGY, False, "placeholder"),
        ("41", RESIDENCE, True, "placeholder"),
    ],
)
def test_a_cell_says_who_says_so(profession: str, type_code: str, read: bool, source: str) -> None:
    [cell] = [one for one in PACKAGED if (one.profession, one.type_code) == (profession, type_code)]
    assert (cell.read, cell.source, cell.known) == (read, source, source != "placeholder")


def test_doctors_read_types_that_nobody_names_and_nobody_else_does() -> None:
    unnamed = [profession for profession in PROFESSIONS if "99999-9" in reads(profession)]
    assert unnamed == ["10"]
    assert RESIDENCE not in reads("10")
    assert BIOLOGY in reads("10")


def test_a_profession_outside_the_matrix_reads_and_writes_nothing() -> None:
    assert entitled("83", PACKAGED) == (Kinds(), Kinds())
    assert entitled("", PACKAGED) == (Kinds(), Kinds())


def test_nobody_writes_what_patients_write() -> None:
    for profession in PROFESSIONS:
        assert not any(code in writes(profession) for code in TYPES if code.startswith(("DOCPAT", "EXPPAT", "REMB")))
    assert "87273-9" in writes("60")
    assert BIOLOGY not in writes("60")
    assert "99999-9" not in writes("10")


# --- the file -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"00,11502-2,yes,no,us\n", "line 2: profession: a code of TRE_G15, TRE_R94 or TRE_R95"),
        (b"10,99999-9,yes,no,us\n", "line 2: type: a code of JDV_J07 or JDV_J66"),
        (b"10,11502-2,perhaps,no,us\n", "line 2: read: yes or no"),
        (b"10,11502-2,yes,,us\n", "line 2: write: yes or no"),
        (b"10,11502-2,yes,no,\n", "line 2: source: 1 to 200 characters"),
        (b"10,11502-2,yes,no,a\x07b\n", "line 2: source: 1 to 200 characters"),
        (b"10,11502-2,yes,no,us,more\n", "line 2: 5 cells, and not 6"),
        (b"10,11502-2,yes,no\n", "line 2: 5 cells, and not 4"),
        (
            b"10,11502-2,yes,no,us\n10,11502-2,no,no,us\n",
            "line 3: this profession and type are already in the file",
        ),
        (b'10,11502-2,yes,no,"us\n', "line 2 is not CSV: unexpected end of data."),
        (b"", "The file has no cell."),
        (b"\xff\xfe", "The file is not UTF-8."),
    ],
)
def test_one_wrong_line_refuses_the_file_with_its_line(body: bytes, said: str) -> None:
    with pytest.raises(NotTaken) as refused:
        read(HEADER + body)
    assert refused.value.lines == (said,)


def test_every_wrong_line_is_told() -> None:
    with pytest.raises(NotTaken) as refused:
        read(HEADER + b"10,11502-2,yes,no,us\n00,0,x,y,\n60,11502-2,yes,no,\n")
    assert [line.partition(":")[0] for line in refused.value.lines] == ["line 3", "line 4"]


@pytest.mark.parametrize("header", [b"", b"a,b\n", b"profession;type;read;write\n"])
def test_another_header_is_refused(header: bytes) -> None:
    with pytest.raises(NotTaken, match="The first line is to be profession,type,read,write,source"):
        read(header + b"10,11502-2,yes,no,us\n")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2026-01-01", "2026-01-02"), "in_force_from: one day for the whole file"),
        (("2026-13-01", "2026-13-01"), "in_force_from: YYYY-MM-DD, a day that exists"),
        (("", ""), "in_force_from: YYYY-MM-DD, a day that exists"),
    ],
)
def test_a_file_has_one_day(days: tuple[str, str], said: str) -> None:
    lines = (f"{profession},11502-2,yes,no,us,{day}\n" for profession, day in zip(("10", "60"), days, strict=True))
    with pytest.raises(NotTaken) as refused:
        read(b"profession,type,read,write,source,in_force_from\n" + "".join(lines).encode())
    assert refused.value.lines == (said,)


def test_semicolons_separate_as_well_and_a_dated_file_has_no_line_without_a_day() -> None:
    dated = b"profession;type;read;write;source;in_force_from\n"
    found = read(dated + b"10;11502-2;oui;non;us;2026-01-01\n")
    assert [(one.type_code, one.read, one.write) for one in found.cells] == [("11502-2", True, False)]
    assert found.in_force_from == date(2026, 1, 1)
    with pytest.raises(NotTaken, match="line 2: 6 cells, and not 5"):
        read(dated + b"10;11502-2;oui;non;us\n")


def test_what_is_printed_is_taken_back_as_it_was() -> None:
    found = read(write(PACKAGED, IN_FORCE_FROM).encode())
    assert found.in_force_from == date(2023, 10, 30)
    assert set(found.cells) == set(PACKAGED)


# --- in force -----------------------------------------------------------------------------------------------


@pytest.fixture
def no_matrix(db: None) -> None:
    """No matrix but those that a test brings."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_matrix")


def noon(day: int) -> datetime:
    return datetime(2031, 5, day, 12, tzinfo=UTC)


@pytest.mark.usefixtures("no_matrix")
def test_the_matrix_in_force_is_the_last_one_that_has_begun() -> None:
    with transaction.atomic():
        put_matrix([Cell("60", BIOLOGY, True, True, "us")], in_force_from=date(2031, 5, 10))
        put_matrix([Cell("60", LETTER, True, False, "us")], in_force_from=date(2031, 5, 20))
    assert entitlement("60", noon(9)) == entitled("60", PACKAGED)
    assert entitlement("60", noon(10)) == (Kinds(frozenset({BIOLOGY})), Kinds(frozenset({BIOLOGY})))
    assert entitlement("60", noon(19))[0] == Kinds(frozenset({BIOLOGY}))
    assert entitlement("60", noon(20)) == (Kinds(frozenset({LETTER})), Kinds())
    assert entitlement("10", noon(20)) == (Kinds(), Kinds())
    late = datetime(2031, 5, 9, 22, 30, tzinfo=UTC)  # already the 10th in France
    assert entitlement("60", late)[0] == Kinds(frozenset({BIOLOGY}))


@pytest.mark.usefixtures("no_matrix")
def test_the_packaged_matrix_says_the_same_once_brought() -> None:
    with transaction.atomic():
        put_matrix(PACKAGED, in_force_from=date(2031, 5, 10))
    for profession in ("10", "21", "41", "60", "83"):
        assert entitlement(profession, noon(10)) == entitled(profession, PACKAGED)
    matrix = matrix_in_force(date(2031, 5, 11))
    assert (matrix.in_force_from, set(matrix.cells)) == (date(2031, 5, 10), set(PACKAGED))
    assert matrix_in_force(date(2031, 5, 9)).in_force_from == IN_FORCE_FROM


@pytest.mark.usefixtures("no_matrix")
@pytest.mark.parametrize("brought", [False, True])
def test_an_entitlement_costs_one_statement(brought: bool) -> None:
    if brought:
        with transaction.atomic():
            put_matrix(PACKAGED, in_force_from=date(2031, 5, 10))
    with CaptureQueriesContext(connection) as captured:
        entitlement("10", noon(12))
    assert len(captured) == 1


@pytest.mark.usefixtures("no_matrix")
def test_the_command_takes_a_matrix_whole_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert _bring(HEADER + b"60,11502-2,yes,no,us\n", date(2031, 5, 10)) == 0
    assert capsys.readouterr().err == "1 cells of 1 professions, in force from 2031-05-10 on.\n"
    with pytest.raises(Failed, match="nothing was taken"):
        _bring(HEADER + b"60,96349-6,yes,no,us\n60,nothing,yes,no,us\n", date(2031, 5, 10))
    assert capsys.readouterr().err == "line 3: type: a code of JDV_J07 or JDV_J66\n"
    dated = b"profession,type,read,write,source,in_force_from\n60,96349-6,yes,no,us,2031-05-11\n"
    with pytest.raises(Failed, match="the file says 2031-05-11, --from says 2031-05-10"):
        _bring(dated, date(2031, 5, 10))
    assert entitlement("60", noon(12))[0] == Kinds(frozenset({BIOLOGY}))
    assert _bring(dated, None) == 0
    assert entitlement("60", noon(12))[0] == Kinds(frozenset({LETTER}))
