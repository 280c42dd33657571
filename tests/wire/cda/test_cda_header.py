"""The header of a CDA becomes an XDS entry and a statement of identity, and every fault is named with its place."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import Visibility
from espace.wire.cda import RelatedDocument
from espace.wire.cda.timestamps import day, instant
from espace.wire.xds import Author, Coded, DocumentEntry, PatientStatement
from wire.cda.cda_samples import (
    AUTHOR,
    BODY,
    CUSTODIAN,
    PARIS_WINTER,
    RECORD_TARGET,
    cda,
    codes,
    level_1,
    read,
    with_header,
)


def test_a_complete_header_has_neither_problem_nor_warning() -> None:
    result = read(cda())
    assert (result.problems, result.warnings) == ((), ())


def test_the_header_becomes_an_xds_entry() -> None:
    document = read(cda()).document
    assert document is not None
    assert document.entry == DocumentEntry(
        place="/ClinicalDocument",
        unique_id="1.2.250.1.213.1.1.1.13.99.1",
        mime_type="text/xml",
        type=Coded("34133-9", "2.16.840.1.113883.6.1", "Synthèse"),
        title="Synthèse médicale",
        language="fr-FR",
        creation_time=datetime(2024, 1, 6, 10, 36, 23, tzinfo=UTC),
        service_start=datetime(2024, 1, 4, 23, 0, tzinfo=UTC),
        service_stop=datetime(2024, 1, 6, 15, 0, tzinfo=UTC),
        authors=(
            Author(
                "MEDIONI",
                "Stéphane",
                "801234567897",
                Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
                None,
                "Cabinet du Port",
                "1120456789",
            ),
        ),
        legal_authenticator=Author("MEDIONI", "Stéphane", "801234567897"),
        facility_type=Coded("SA07", "1.2.250.1.71.4.2.4", "Cabinet"),
        practice_setting=Coded("AMBULATOIRE", "1.2.250.1.213.1.1.4.9"),
        event_codes=(Coded("34117-2", "2.16.840.1.113883.6.1"), Coded("IMP", "1.2.250.1.213.1.1.4.9", "Acte")),
        reference_ids=(Coded("CMD-7", "1.2.250.1.213.1.1.9", "urn:ihe:iti:xds:2013:order"),),
        set_id="1.2.250.1.213.1.1.1.13.99",
        version="2",
        custodian_id="1120456789",
    )
    assert document.templates == ("2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1", "1.2.250.1.213.1.1.1.13")
    assert document.related == (RelatedDocument("RPLC", "1.2.250.1.213.1.1.1.13.98", "", "1"),)


def test_the_record_target_becomes_a_statement_of_identity() -> None:
    document = read(cda()).document
    assert document is not None
    assert document.patient == PatientStatement(
        place="/ClinicalDocument/recordTarget/patientRole, line 16",
        number="279035121518989",
        authority="1.2.250.1.213.1.4.10",
        birth_name="PAT-TROIS",
        first_given="DOMINIQUE",
        given_names=("DOMINIQUE", "MARIE-LOUISE"),
        birth_date=date(1979, 3, 28),
        sex="F",
        birth_place="51215",
        local_ids=(Coded("IPP-42", "1.2.3.4"),),
    )


@pytest.mark.parametrize("last", ["8", "9", "10", "11", "13"])
def test_each_ins_authority_is_recognised(last: str) -> None:
    document = read(with_header("1.2.250.1.213.1.4.10", f"1.2.250.1.213.1.4.{last}")).document
    assert document is not None
    assert (document.patient.number, document.patient.authority) == ("279035121518989", f"1.2.250.1.213.1.4.{last}")


@pytest.mark.parametrize("root", ["1.2.250.1.213.1.4.1", "1.2.250.1.213.1.4.2", "1.2.250.1.213.1.4.100"])
def test_an_identifier_of_another_authority_is_no_ins(root: str) -> None:
    result = read(with_header("1.2.250.1.213.1.4.10", root))
    assert result.document is not None
    assert not result.document.patient.has_ins
    assert result.document.patient.local_ids[0] == Coded("279035121518989", root)
    assert "/ClinicalDocument/recordTarget/patientRole/id, line 16" in [each.place for each in result.warnings]


@pytest.mark.parametrize(
    "other",
    [
        '<id extension="146026322000196" root="1.2.250.1.213.1.4.10"/>',
        '<id extension="279035121518989" root="1.2.250.1.213.1.4.8"/>',
    ],
)
def test_two_different_ins_refuse(other: str) -> None:
    result = read(with_header('<id extension="IPP-42" root="1.2.3.4"/>', other))
    assert result.document is None
    assert codes(result) == ["identities_differ"]


def test_the_same_ins_twice_is_one() -> None:
    twice = '<id extension="279035121518989" root="1.2.250.1.213.1.4.10"/>'
    assert read(with_header('<id extension="IPP-42" root="1.2.3.4"/>', twice)).document is not None


def test_without_a_list_of_given_names_the_first_one_stands_alone() -> None:
    document = read(with_header("<given>DOMINIQUE MARIE-LOUISE</given>", "")).document
    assert document is not None and document.patient.given_names == ("DOMINIQUE",)


def test_a_name_that_is_not_the_birth_name_is_not_taken_for_it() -> None:
    result = read(with_header('<family qualifier="BR">PAT-TROIS</family>', "<family>PAT-TROIS</family>"))
    assert result.document is not None and result.document.patient.birth_name == ""
    assert [each.detail for each in result.warnings] == ["the birth name"]


def test_a_comment_cannot_hide_half_of_a_name() -> None:
    document = read(with_header(">PAT-TROIS<", ">PAT-<!-- x -->TR<?y?>OIS<")).document
    assert document is not None and document.patient.birth_name == "PAT-TROIS"


@pytest.mark.parametrize("value", ["19790230", "1979-03-28", "28/03/1979", "٢٠٠٠٠١٠١", "x", "00010101", "99991231"])
def test_a_malformed_birth_date_refuses(value: str) -> None:
    result = read(with_header('value="19790328"', f'value="{value}"'))
    assert codes(result) == ["cda_incomplete"]
    assert result.problems[0].place == ("/ClinicalDocument/recordTarget/patientRole/patient/birthTime/@value, line 23")


@pytest.mark.parametrize("value", ["1979", "197903", "1979+0100"])
def test_a_birth_date_that_is_not_to_the_day_refuses(value: str) -> None:
    result = read(with_header('value="19790328"', f'value="{value}"'))
    assert codes(result) == ["cda_incomplete"]
    assert result.problems[0].place == ("/ClinicalDocument/recordTarget/patientRole/patient/birthTime/@value, line 23")


@pytest.mark.parametrize("said", ['value=""', 'nullFlavor="UNK"'])
def test_beside_an_ins_a_birth_date_that_is_not_stated_only_warns(said: str) -> None:
    result = read(with_header('value="19790328"', said))
    assert result.document is not None and result.document.patient.birth_date is None
    assert [each.detail for each in result.warnings] == ["the birth date, to the day"]


@pytest.mark.parametrize(
    ("missing", "place"),
    [
        ('<id root="1.2.250.1.213.1.1.1.13.99.1"/>', "/ClinicalDocument/id, line 1"),
        (
            '<code code="34133-9" displayName="Synthèse" codeSystem="2.16.840.1.113883.6.1"/>',
            "/ClinicalDocument/code, line 1",
        ),
        (RECORD_TARGET, "/ClinicalDocument/recordTarget/patientRole, line 1"),
        (AUTHOR, "/ClinicalDocument/author/assignedAuthor, line 1"),
        (CUSTODIAN, "/ClinicalDocument/custodian/assignedCustodian/representedCustodianOrganization, line 1"),
    ],
)
def test_what_makes_reading_unsafe_refuses_when_it_is_missing(missing: str, place: str) -> None:
    result = read(with_header(missing, ""))
    assert result.document is None
    assert [(each.reason.code, each.place) for each in result.problems] == [("cda_incomplete", place)]


def test_all_problems_are_listed_at_once() -> None:
    result = read(cda(header="", body=""))
    assert [each.place.split(",")[0].split("/")[2] for each in result.problems] == [
        "id",
        "code",
        "recordTarget",
        "author",
        "custodian",
        "component",
    ]


@pytest.mark.parametrize(
    ("missing", "detail"),
    [
        ('<realmCode code="FR"/>', "FR"),
        ('<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>', "POCD_HD000040"),
        ('<templateId root="2.16.840.1.113883.2.8.2.1"/>', "2.16.840.1.113883.2.8.2.1"),
        ('<templateId root="1.2.250.1.213.1.1.1.1"/>', "1.2.250.1.213.1.1.1.1"),
        ("<title>Synthèse médicale</title>", "the title"),
        ('<effectiveTime value="20240106113623+0100"/>\n<conf', "the time of creation"),
        ('<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>', "N, R or V"),
        ('<languageCode code="fr-FR"/>', "fr-FR"),
        ('<setId root="1.2.250.1.213.1.1.1.13.99"/>', "the identifier common to all versions"),
        ('<versionNumber value="2"/>', "the number of the version"),
        ('<signatureCode code="S"/>', "S"),
        ('<code code="SA07" codeSystem="1.2.250.1.71.4.2.4" displayName="Cabinet"/>', "the kind of facility"),
    ],
)
def test_what_the_national_header_demands_besides_only_warns(missing: str, detail: str) -> None:
    result = read(with_header(missing, "<conf" if missing.endswith("<conf") else ""))
    assert result.document is not None
    assert [(each.reason.code, each.detail) for each in result.warnings] == [("cda_incomplete", detail)]


@pytest.mark.parametrize(
    ("old", "new", "detail"),
    [
        ('<versionNumber value="2"/>', '<versionNumber value="-2"/>', "a positive integer"),
        ("<relatedDocument", '<relatedDocument typeCode="RPLC"/><relatedDocument', "one document replaced at most"),
    ],
)
def test_what_is_wrong_but_harmless_only_warns(old: str, new: str, detail: str) -> None:
    result = read(with_header(old, new))
    assert result.document is not None
    assert [each.detail for each in result.warnings] == [detail]


def test_a_type_without_code_refuses() -> None:
    result = read(with_header('code="34133-9"', 'nullFlavor="UNK"'))
    assert [each.place for each in result.problems] == ["/ClinicalDocument/code/@code, line 8"]


def test_two_patients_refuse() -> None:
    result = read(with_header(RECORD_TARGET, RECORD_TARGET + RECORD_TARGET))
    assert [each.detail for each in result.problems] == ["one patient only"]
    assert result.problems[0].place.startswith("/ClinicalDocument/recordTarget[2], line ")


def test_two_bodies_refuse() -> None:
    assert codes(read(cda(body=BODY + BODY))) == ["cda_incomplete"]


@pytest.mark.parametrize("root", ["", "a b", "1.2/3", "x" * 129, "é"])
def test_an_identifier_that_is_no_oid_or_uuid_refuses(root: str) -> None:
    assert codes(read(with_header("1.2.250.1.213.1.1.1.13.99.1", root))) == ["cda_incomplete"]


def test_an_identifier_with_an_extension_is_kept_and_warned_about() -> None:
    result = read(with_header('99.1"', '99.1" extension="A-1"'))
    assert result.document is not None and result.document.entry.unique_id == "1.2.250.1.213.1.1.1.13.99.1^A-1"
    assert [each.place for each in result.warnings] == ["/ClinicalDocument/id/@extension, line 7"]


LEVEL = '<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>'


@pytest.mark.parametrize(
    ("stated", "level", "visibility"),
    [
        (["N"], "N", set()),
        (["R"], "R", set()),
        (["V"], "V", set()),
        (["N", "V", "R"], "V", set()),
        (["N", "MASQUE_PS"], "N", {Visibility.MASQUE_PS}),
        (["R", "INVISIBLE_PATIENT"], "R", {Visibility.INVISIBLE_PATIENT}),
    ],
)
def test_the_strictest_confidentiality_stated_is_kept(
    stated: list[str], level: str, visibility: set[Visibility]
) -> None:
    document = read(with_header(LEVEL, "".join(f'<confidentialityCode code="{code}"/>' for code in stated))).document
    assert document is not None
    assert (document.entry.confidentiality, set(document.entry.visibility)) == (level, visibility)


def test_a_restriction_that_is_not_understood_refuses() -> None:
    assert codes(read(with_header('code="N"', 'code="SECRET"'))) == ["cda_incomplete"]


def test_a_malformed_time_of_the_header_only_warns() -> None:
    result = read(
        with_header('<effectiveTime value="20240106113623+0100"/>', '<effectiveTime value="20240106113623+100"/>')
    )
    assert result.document is not None and result.document.entry.creation_time is None
    assert [each.place for each in result.warnings] == ["/ClinicalDocument/effectiveTime/@value, line 10"]


def test_a_device_is_an_author() -> None:
    device = (
        "<author><time value='2024'/><assignedAuthor><id root='1.2.3'/><assignedAuthoringDevice>"
        "<manufacturerModelName>Lecteur</manufacturerModelName><softwareName>v2</softwareName>"
        "</assignedAuthoringDevice></assignedAuthor></author>"
    )
    document = read(with_header(AUTHOR, device + AUTHOR)).document
    assert document is not None
    assert document.entry.authors[0] == Author("Lecteur", "v2", "1.2.3")
    assert len(document.entry.authors) == 2


def test_another_root_is_refused_and_a_stylesheet_around_one_document_is_read() -> None:
    assert codes(read(b"<a/>")) == ["cda_incomplete"]
    assert codes(read(b"<ClinicalDocument/>")) == ["cda_incomplete"]
    inside = cda().decode()
    sheet = "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>{}</xsl:stylesheet>"
    document = read(sheet.format(f"<d xmlns='urn:asip-sante:ci-sis'>{inside}</d>").encode()).document
    assert document is not None
    assert (document.entry.mime_type, document.patient.number) == ("application/xslt+xml", "279035121518989")
    assert codes(read(sheet.format(inside + inside).encode())) == ["cda_incomplete"]
    assert codes(read(sheet.format("").encode())) == ["cda_incomplete"]


def test_a_header_of_megabytes_is_refused() -> None:
    assert codes(read(with_header("Synthèse médicale", "x" * 20_001))) == ["xml_limit"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=PARIS_WINTER)),
        ("202403", datetime(2024, 3, 1, tzinfo=PARIS_WINTER)),
        ("20240301", datetime(2024, 3, 1, tzinfo=PARIS_WINTER)),
        ("2024030117", datetime(2024, 3, 1, 17, tzinfo=PARIS_WINTER)),
        ("202403011745", datetime(2024, 3, 1, 17, 45, tzinfo=PARIS_WINTER)),
        ("20240301174559", datetime(2024, 3, 1, 17, 45, 59, tzinfo=PARIS_WINTER)),
        ("20240301174559.1234", datetime(2024, 3, 1, 17, 45, 59, 123400, tzinfo=PARIS_WINTER)),
    ],
)
def test_a_time_stamp_of_every_precision_is_local_to_the_zone_given(value: str, expected: datetime) -> None:
    assert instant(value, PARIS_WINTER) == expected


@pytest.mark.parametrize(("value", "hours"), [("+0100", 1), ("-0500", -5), ("+02", 2), ("+0000", 0)])
def test_an_offset_wins_over_the_zone(value: str, hours: int) -> None:
    expected = datetime(2024, 3, 1, 17, 45, tzinfo=timezone(timedelta(hours=hours)))
    assert instant(f"202403011745{value}", ZoneInfo("Europe/Paris")) == expected


def test_without_offset_summer_is_summer() -> None:
    assert instant("20240701120000", ZoneInfo("Europe/Paris")) == datetime(2024, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "24",
        "20241",
        "20241301",
        "20240230",
        "2024030125",
        "202403011760",
        "20240301174561",
        "20240301+100",
        "20240301Z",
        "20240301+1500",
        "2024-03-01",
        " 2024",
        "2024 ",
        "²024",
        "17990101",
        "22010101",
        "20240301174559.",
    ],
)
def test_a_malformed_time_stamp_is_none(value: str) -> None:
    assert instant(value, UTC) is None


@given(st.text(alphabet="0123456789+-.Z ", max_size=30))
def test_whatever_is_read_as_a_time_can_be_converted(value: str) -> None:
    at = instant(value, UTC)
    assert at is None or at.astimezone(UTC).tzinfo is UTC


def test_the_day_is_the_one_written() -> None:
    assert day("19790328233000-0500", UTC) == date(1979, 3, 28)
    assert day("197903", UTC) is None


def test_level_1_has_no_format_and_no_class() -> None:
    document = read(cda(body=level_1('<text mediaType="text/plain">Bonjour</text>'))).document
    assert document is not None
    assert (document.entry.format, document.entry.class_) == (None, None)
