"""The directory of professionals is brought from the national extract: every bad line told, the others taken."""

import io
from collections.abc import Iterator
from itertools import count
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from espace.identity.facts import Activity, Professional
from espace.identity.queries import actor_of_professional, professional_of
from espace.identity.rules import is_rpps, professional_uuid, structure_uuid
from espace.site.commands import directory
from espace.site.commands.directory import bring
from espace.site.directory_file import NotADirectoryFile, read
from espace.site.terminal import Failed

pytestmark = pytest.mark.django_db

HEADER = (
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|"
    "Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|"
    "Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|"
    "Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|"
    "Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|"
    "Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|"
    "Libellé commune (coord. structure)|Code Département (structure)|Code secteur d'activité|"
    "Code section tableau pharmaciens|"
)
GOOD = {
    "Nom d'exercice": "MOREL",
    "Prénom d'exercice": "ANNE",
    "Code profession": "10",
    "Code savoir-faire": "SM54",
    "Raison sociale site": "MAISON DE SANTE DU CANAL",
    "Libellé commune (coord. structure)": "RENNES",
    "Code Département (structure)": "35",
    "Code secteur d'activité": "SA08",
}
_numbers = count(int(uuid4().int % 80_000_000))


def rpps() -> str:
    body = f"11{next(_numbers) % 100_000_000:08d}"
    return next(f"{body}{key}" for key in range(10) if is_rpps(f"{body}{key}"))


def technical() -> str:
    return f"R{next(_numbers)}"


def line(number: str, structure: str = "", **changed: str) -> str:
    """One line; `changed` fields by the beginning of their names."""
    fields = {
        **GOOD,
        "Type d'identifiant PP": "8",
        "Identifiant PP": number,
        "Identification nationale PP": f"8{number}",
        "Identifiant technique de la structure": structure,
    }
    for begins, value in changed.items():
        [name] = [name for name in HEADER.split("|") if name.startswith(begins.replace("_", " "))]
        fields[name] = value
    return "|".join(fields.get(name, "") for name in HEADER.split("|"))


def file(*lines: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\r\n".join((header, *lines, "")).encode())


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def known(number: str) -> Professional:
    found = professional_of(f"8{number}")
    assert found is not None
    return found


def test_a_line_is_a_professional_where_they_act(capsys: pytest.CaptureFixture[str]) -> None:
    number, structure = rpps(), technical()
    assert bring(file(line(number, structure)), missing_inactive=False) == 0
    assert told(capsys) == [
        "1 lines taken, 0 refused; professionals: 1 added, 0 brought up to date; activities: 1 added"
    ]
    assert known(number) == Professional(
        professional_uuid(f"8{number}"),
        f"8{number}",
        "MOREL",
        "ANNE",
        "10",
        "G15_10/SM54",
        activities=(
            Activity(
                structure_uuid(technical_id=structure),
                "MAISON DE SANTE DU CANAL",
                sector="SA08",
                region="53",
                city="RENNES",
                technical_id=structure,
            ),
        ),
    )


def test_the_same_file_again_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    number, one, two = rpps(), technical(), technical()
    lines = file(line(number, one), line(number, two), line(rpps()))
    bring(lines, missing_inactive=False)
    versions = _versions()
    lines.seek(0)
    told(capsys)
    assert bring(lines, missing_inactive=False) == 0
    assert told(capsys) == [
        "3 lines taken, 0 refused; professionals: 0 added, 0 brought up to date; activities: 0 added"
    ]
    assert _versions() == versions
    assert len(known(number).activities) == 2


def _versions() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, xmin::text FROM identity_professional"
            " UNION ALL SELECT id::text, xmin::text FROM identity_organisation"
            " UNION ALL SELECT professional_id::text || organisation_id, xmin::text FROM identity_activity"
        )
        return sorted(cursor.fetchall())


def test_batches_smaller_than_the_file_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    number, one, two = rpps(), technical(), technical()
    monkeypatch.setattr(directory, "BATCH", 2)
    lines = [line(rpps()), line(number, one), line(rpps()), line(number, two), line(rpps())]
    assert bring(file(*lines), missing_inactive=False) == 0
    assert {activity.technical_id for activity in known(number).activities} == {one, two}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Identification": "810999000011"}, "RPPS: 8 and 11 digits with their key (other identifiers are not taken)"),
        ({"Identification": "0123456789"}, "RPPS: 8 and 11 digits with their key (other identifiers are not taken)"),
        ({"Identification": "8"}, "RPPS: 8 and 11 digits with their key (other identifiers are not taken)"),
        ({"Nom": ""}, "names: 1 to 100 letters"),
        ({"Prénom": "  "}, "names: 1 to 100 letters"),
        ({"Nom": "12345"}, "names: 1 to 100 letters"),
        ({"Nom": "A" * 101}, "names: 1 to 100 letters"),
        ({"Nom": "MOREL\x00"}, "names: 1 to 100 letters"),
        ({"Code_profession": "00"}, "profession: a code of TRE_G15, TRE_R94 or TRE_R95"),
        ({"Code_profession": ""}, "profession: a code of TRE_G15, TRE_R94 or TRE_R95"),
        ({"Code_profession": "AUTOMATE"}, "profession: a code of TRE_G15, TRE_R94 or TRE_R95"),
        ({"Numéro_FINESS_site": "99000001"}, "FINESS: 9 characters"),
        ({"Numéro_FINESS_site": "9900000100"}, "FINESS: 9 characters"),
        ({"Numéro_SIRET": "123"}, "SIRET: 14 digits"),
        ({"Identifiant_technique": "R 1"}, "technical id of the structure: 1 to 40 letters and digits"),
        ({"Code_secteur": "hospital"}, "sector: a code of TRE_R02"),
        (
            {"Identifiant_technique": "R1", "Raison": ""},
            "name of the structure: 1 to 200 characters",
        ),
        ({"Libellé_commune": "R" * 101}, "city: 100 characters at most"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_others_are_taken(
    changed: dict[str, str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = rpps(), rpps()
    assert bring(file(line(bad, **changed), "", line(good)), missing_inactive=False) == 1
    assert told(capsys)[0] == f"line 2: {said}"
    assert professional_of(f"8{bad}") is None
    assert known(good).activities == ()


def test_what_is_not_a_line_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    good = rpps()
    lines = [HEADER.encode(), b"8|1", b"\xff\xfe|" * 40, b"x" * 40_000, line(good).encode()]
    assert bring(io.BytesIO(b"\n".join(lines)), missing_inactive=False) == 1
    assert told(capsys)[:3] == [
        "line 2: 2 fields: some are missing",
        "line 3: not UTF-8 text",
        "line 4: more than 16384 bytes",
    ]
    assert known(good).name == "Anne Morel"


def test_columns_are_found_by_name_and_a_bom_does_not_matter() -> None:
    number = rpps()
    header = (
        "\ufeffcode secteur d’activité|Autre|Code profession|Prénom d’exercice|Nom d’exercice|Identifiant PP|"
        "Type d’identifiant PP|Raison sociale site|Identifiant technique de la structure|Numéro SIRET site|"
        "Numéro FINESS site"
    )
    structure = technical()
    stated = f"SA07|?|60|Julie|Le Gall|{number}|8|Cabinet|{structure}||"
    assert bring(file(stated, header=header), missing_inactive=False) == 0
    found = known(number)
    assert (found.name, found.profession, found.specialty) == ("Julie Le Gall", "60", "G15_60")
    assert [(one.name, one.sector, one.city) for one in found.activities] == [("Cabinet", "SA07", "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xff\xfe\n", "The file is not UTF-8 text."),
        (b"Nom d'exercice|Code profession\n", "missing: Identification nationale PP, Pr"),
        (b"x" * 100_000, "missing: Identification nationale PP"),
    ],
)
def test_another_file_is_refused_as_a_whole(content: bytes, said: str) -> None:
    with pytest.raises(Failed, match=said):
        bring(io.BytesIO(content), missing_inactive=True)


@pytest.fixture
def others_untouched() -> Iterator[None]:
    """Whom other tests put in the directory is as active afterwards as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id) FROM identity_professional WHERE active")
        active = cursor.fetchone()[0]
        yield
        cursor.execute("UPDATE identity_professional SET active = true WHERE id = ANY(%s) AND NOT active", [active])


@pytest.mark.usefixtures("others_untouched")
def test_who_is_not_in_the_whole_directory_becomes_inactive(capsys: pytest.CaptureFixture[str]) -> None:
    stays, goes, unclear, one, two = rpps(), rpps(), rpps(), technical(), technical()
    lines = [line(stays, one), line(stays, two), line(goes, one), line(unclear, one), line(unclear, two)]
    bring(file(*lines), missing_inactive=False)
    told(capsys)
    changed = file(line(stays, one), line(unclear, one), line(unclear, two, Nom=""))
    assert bring(changed, missing_inactive=True) == 1
    assert [activity.technical_id for activity in known(stays).activities] == [one]
    assert known(stays).active
    assert not known(goes).active
    assert len(known(unclear).activities) == 2
    where = known(goes).activities[0].organisation
    assert actor_of_professional(known(goes).id, where) is None
    told(capsys)
    changed.seek(0)
    bring(changed, missing_inactive=True)
    assert told(capsys)[-1] == "not in the file: 0 professionals made inactive, 0 activities ended"
    bring(file(line(goes, one)), missing_inactive=False)
    assert known(goes).active
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_listed")
        assert cursor.fetchone() == (0,)


def test_a_file_without_a_good_line_makes_nobody_inactive() -> None:
    number = rpps()
    bring(file(line(number)), missing_inactive=False)
    with pytest.raises(Failed, match="nobody was marked inactive"):
        bring(file(line(rpps(), Nom="")), missing_inactive=True)
    assert known(number).active


def test_a_large_file_is_read_line_by_line() -> None:
    """Only what was asked of the file has been read: one line, not the whole."""

    class Endless(io.BytesIO):
        lines = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            self.lines += 1
            return (HEADER if self.lines == 1 else line(rpps())).encode() + b"\n"

    source = Endless()
    lines = read(source)
    assert [next(lines).number, next(lines).number] == [2, 3]
    assert source.lines == 3


@given(st.binary(max_size=400), st.text(max_size=200))
def test_any_bytes_are_read_or_refused(noise: bytes, text: str) -> None:
    for content in (noise, HEADER.encode() + b"\n" + noise, f"{HEADER}\n{'|'.join([text] * 30)}".encode()):
        try:
            found = list(read(io.BytesIO(content)))
        except NotADirectoryFile:
            continue
        assert all(bool(one.professional) is not bool(one.refusal) for one in found)
