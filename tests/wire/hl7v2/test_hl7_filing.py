"""One submission from what was transmitted: the header of the CDA says most of it, the flags only restrict."""

from datetime import UTC, datetime

import pytest

from espace.kernel.values import replace
from espace.kernel.words import Problem, Visibility
from espace.wire.cda import CdaDocument
from espace.wire.hl7v2.filing import documents_of, submission_of
from espace.wire.hl7v2.values import Transmission
from espace.wire.xds import Coded
from wire.cda.cda_samples import HEADER, cda, read
from wire.hl7v2.hl7_samples import PID, PROFILE, flag, message, msh, obx, oru, received

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


def transmitted(data: bytes) -> tuple[Transmission, CdaDocument]:
    transmission = received(data).transmission
    assert transmission is not None
    header = read(transmission.documents[0].content).document
    assert header is not None
    return transmission, header


def problems(header: str, code: str = "34133-9") -> list[tuple[str, str]]:
    transmission, read_header = transmitted(oru(document=obx(cda(header), code=code)))
    found: tuple[Problem, ...] = documents_of(transmission, [read_header])[1]
    return [(one.reason.code, one.place) for one in found]


def test_a_submission_of_what_the_header_says() -> None:
    transmission, header = transmitted(oru())
    documents, wrong = documents_of(transmission, [header])
    submission = submission_of(transmission, documents, unique_id="urn:uuid:1", at=AT)
    entry = documents[0].entry

    assert wrong == ()
    assert (entry.unique_id, entry.title, entry.set_id) == (
        "1.2.250.1.213.1.1.1.13.99.1",
        "Synthèse médicale",
        "1.2.250.1.213.1.1.1.13.99",
    )
    assert (entry.place, entry.custodian_id, entry.mime_type) == ("OBX^1^5^1^5", "", "text/xml")
    assert [one.place for one in documents[0].patients] == [
        "PID^1^3^1",
        "OBX^1^5^1^5 /ClinicalDocument/recordTarget/patientRole, line 16",
    ]
    assert (submission.source_id, submission.place, submission.title) == ("1120456789", "PRT^1^8", "Synthèse médicale")
    assert submission.content_type == Coded("03", "1.2.250.1.213.2.2", "Hospitalisation complète")
    assert submission.author is not None
    assert submission.author.family == "MEDIONI"


def test_without_a_sender_the_author_of_the_document_stands_for_the_set() -> None:
    transmission, header = transmitted(message(msh(profile=PROFILE), PID, obx()))
    submission = submission_of(transmission, documents_of(transmission, [header])[0], unique_id="u", at=AT)

    assert (submission.source_id, submission.place) == ("", "MSH^1")
    assert submission.author == header.entry.authors[0]


def test_flags_add_to_what_the_header_restricts() -> None:
    restricted = HEADER.replace(
        "<languageCode", '<confidentialityCode code="MASQUE_PS" codeSystem="1.2.250.1.213.1.1.4.13"/><languageCode'
    )
    transmission, header = transmitted(oru(flag("INVISIBLE_REP_LEGAUX"), document=obx(cda(restricted))))

    assert documents_of(transmission, [header])[0][0].entry.visibility == {
        Visibility.MASQUE_PS,
        Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
    }


def test_mail_goes_nowhere_that_the_header_forbids() -> None:
    held = '<confidentialityCode code="INVISIBLE_PATIENT" codeSystem="1.2.250.1.213.1.1.4.13"/>'
    restricted = HEADER.replace("<languageCode", f"{held}<languageCode")
    flags = [flag(name) for name in ("DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT")]
    transmission, header = transmitted(oru(*flags, document=obx(cda(restricted))))

    assert [(one.reason.code, one.detail) for one in documents_of(transmission, [header])[1]] == [
        ("metadata_mismatch", "INVISIBLE_PATIENT")
    ]


@pytest.mark.parametrize(
    ("left_out", "to", "path"),
    [
        ('<effectiveTime value="20240106113623+0100"/>\n<conf', "<conf", "effectiveTime"),
        ('root="1.2.250.1.213.1.1.1.13.99.1"', 'root="1.2.250.1.213.1.1.1.13.99" extension="1"', "id"),
        ("<standardIndustryClassCode", "<ignored", "documentationOf/serviceEvent/performer/assignedEntity/"
         "representedOrganization/standardIndustryClassCode"),
        ('<code code="SA07"', "<code",
         "componentOf/encompassingEncounter/location/healthCareFacility/code"),
    ],
)  # fmt: skip
def test_what_nothing_but_the_header_gives_must_be_there(left_out: str, to: str, path: str) -> None:
    assert left_out in HEADER

    assert problems(HEADER.replace(left_out, to)) == [("element_missing", f"OBX^1^5^1^5 /ClinicalDocument/{path}")]


def test_the_type_stated_is_that_of_the_header() -> None:
    assert problems(HEADER, "11502-2") == [("metadata_mismatch", "OBX^1^3")]


def test_a_type_of_another_system_is_not_compared() -> None:
    transmission, header = transmitted(oru(document=obx(code="CR").replace("^LN|", "^L|")))

    assert documents_of(transmission, [replace(header)])[1] == ()
