"""A header that could be about two persons, or about nobody in particular, is refused; its neighbours are read."""

from datetime import date

import pytest

from espace.wire.xds import Coded
from wire.cda.cda_samples import RECORD_TARGET, cda, codes, read, with_header

INS = '<id extension="279035121518989" root="1.2.250.1.213.1.4.10"/>'
BIRTH_FAMILY = '<family qualifier="BR">PAT-TROIS</family>'
BIRTH_GIVEN = '<given qualifier="BR">DOMINIQUE</given>'
MARRIED = '<family qualifier="CL">DURAND</family>'
SEX = '<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/>'
BORN = '<birthTime value="19790328"/>'
ROLE = RECORD_TARGET.removeprefix("<recordTarget>").removesuffix("</recordTarget>")
PERSON = RECORD_TARGET[RECORD_TARGET.index("<patient>") : RECORD_TARGET.index("</patientRole>")]
PLACE = "/ClinicalDocument/recordTarget/patientRole"


def without_ins(old: str, new: str) -> bytes:
    """The sample without its INS, and one thing changed."""
    assert old in RECORD_TARGET
    return with_header(RECORD_TARGET, RECORD_TARGET.replace(INS, "").replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (ROLE, ROLE + ROLE.replace("PAT-TROIS", "AUTRE"), f"{PLACE}[2]"),
        (PERSON, PERSON + PERSON.replace("PAT-TROIS", "PAT-TROIS "), f"{PLACE}/patient[2]"),
        (BORN, BORN + '<birthTime value="19850514"/>', f"{PLACE}/patient/birthTime[2]"),
        (SEX, SEX + '<administrativeGenderCode code="M"/>', f"{PLACE}/patient/administrativeGenderCode[2]"),
        (PERSON, "", f"{PLACE}/patient"),
    ],
)
def test_there_is_exactly_one_patient(old: str, new: str, place: str) -> None:
    result = read(with_header(old, new))
    assert result.document is None
    assert (result.problems[0].reason.code, result.problems[0].place.split(",")[0]) == ("cda_incomplete", place)


@pytest.mark.parametrize(
    ("added", "path"),
    [
        ('<name><family qualifier="BR">AUTRE</family></name>', "patient/name/family"),
        ('<name><family qualifier="SP BR">AUTRE</family></name>', "patient/name/family"),
        ('<name><given qualifier="BR">CAMILLE</given></name>', "patient/name/given"),
    ],
)
def test_two_different_names_of_birth_refuse(added: str, path: str) -> None:
    result = read(with_header("<patient>\n", f"<patient>\n{added}"))
    assert codes(result) == ["identities_differ"]
    assert result.problems[0].place.split(",")[0] == f"{PLACE}/{path}"


@pytest.mark.parametrize(
    "added",
    [
        '<name><family qualifier="BR">Pat-Trois</family><given qualifier="BR">Dominique</given></name>',
        '<name><family qualifier="SP">AUTRE</family><given qualifier="CL">CAMILLE</given></name>',
        '<name><family qualifier="BR"> </family></name>',
    ],
)
def test_the_same_name_of_birth_twice_and_names_of_use_are_read(added: str) -> None:
    document = read(with_header("</name>\n<admin", f"</name>{added}\n<admin")).document
    assert document is not None
    assert (document.patient.birth_name, document.patient.first_given) == ("PAT-TROIS", "DOMINIQUE")


def test_without_ins_the_four_traits_are_enough() -> None:
    document = read(without_ins("IPP-42", "IPP-43")).document
    assert document is not None
    assert (document.patient.number, document.patient.birth_date) == ("", date(1979, 3, 28))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BIRTH_FAMILY, ""),
        (BIRTH_FAMILY, "<family>PAT-TROIS</family>"),
        (BIRTH_GIVEN, ""),
        (BORN, ""),
        (BORN, '<birthTime nullFlavor="UNK"/>'),
        (SEX, ""),
        (SEX, '<administrativeGenderCode code="UN"/>'),
    ],
)
def test_without_ins_each_of_the_four_traits_is_needed(old: str, new: str) -> None:
    result = read(without_ins(old, new))
    assert [(each.reason.code, each.place.split(",")[0]) for each in result.problems] == [("cda_incomplete", PLACE)]
    assert read(with_header(old, new)).document is not None


def test_a_family_name_alone_without_qualifier_is_the_birth_name() -> None:
    alone = RECORD_TARGET.replace(INS, "").replace(MARRIED, "").replace(BIRTH_FAMILY, "<family>DUPONT</family>")
    document = read(with_header(RECORD_TARGET, alone)).document
    assert document is not None and document.patient.birth_name == "DUPONT"
    partial = alone.replace('value="19790328"', 'value="1984"')
    assert codes(read(with_header(RECORD_TARGET, partial))) == ["cda_incomplete", "cda_incomplete"]
    two = alone.replace("<family>DUPONT</family>", "<family>DUPONT</family><family>MARTIN</family>")
    assert codes(read(with_header(RECORD_TARGET, two))) == ["cda_incomplete"]


@pytest.mark.parametrize("prefix", ["urn:oid:", "URN:OID:", ""])
def test_an_ins_is_read_whether_or_not_its_oid_is_a_urn(prefix: str) -> None:
    document = read(with_header("1.2.250.1.213.1.4.10", f"{prefix}1.2.250.1.213.1.4.8")).document
    assert document is not None
    assert (document.patient.number, document.patient.authority) == ("279035121518989", "1.2.250.1.213.1.4.8")
    assert document.patient.local_ids == (Coded("IPP-42", "1.2.3.4"),)


def test_a_urn_cannot_hide_a_second_ins() -> None:
    other = '<id extension="146026322000196" root="urn:oid:1.2.250.1.213.1.4.10"/>'
    assert codes(read(with_header(INS, INS + other))) == ["identities_differ"]
    assert read(with_header(INS, INS + INS.replace("1.2.250", "urn:oid:1.2.250"))).document is not None


@pytest.mark.parametrize("root", ["urn:oid:1.2.250.1.213.1.4.2", "urn:oid:1.2.3.4", "urn:uuid:1.2.250.1.213.1.4.8"])
def test_another_urn_stays_a_local_identifier(root: str) -> None:
    document = read(with_header("1.2.250.1.213.1.4.10", root)).document
    assert document is not None and document.patient.number == ""
    assert document.patient.local_ids[0] == Coded("279035121518989", root)


def test_the_sample_itself_is_read() -> None:
    assert read(cda()).problems == ()
