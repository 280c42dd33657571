"""ITI-65: what is read from a bundle, as stated."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import bundles
from espace.kernel.words import Visibility
from espace.wire.fhir.provide_bundle import Part, Role
from espace.wire.xds import Author, Coded, PatientStatement
from wire.fhir.spoiling import Change, Json, drop, put, read, replaces, second_document

WINTER = timezone(timedelta(hours=1))


def test_a_whole_bundle_is_read_as_stated() -> None:
    provided = read()
    assert provided.problems == ()
    assert provided.parts == (Part(Role.SUBMISSION_SET), Part(Role.DOCUMENT), Part(Role.CONTENT))
    submission = provided.submission
    assert submission is not None
    assert submission.place == "Bundle.entry[0].resource"
    assert (submission.unique_id, submission.source_id) == ("1.2.250.1.999.1.1.7", "1.2.250.1.999.1.1")
    assert submission.submission_time == datetime(2026, 3, 4, 10, 30, tzinfo=WINTER)
    assert submission.content_type == Coded("07", "1.2.250.1.213.2.2")
    assert (submission.title, submission.comments) == ("Bilan de printemps", "Deux tubes")
    assert submission.author == Author(family="Le Goff")
    [document] = submission.documents
    assert document.content == b"Glyc\xc3\xa9mie 5,1 mmol/L"
    assert document.replaces is None


def test_every_metadata_element_is_kept() -> None:
    submission = read().submission
    assert submission is not None
    entry = submission.documents[0].entry
    doctor = Author("Le Goff", "Anne Marie", "810001288385")
    assert entry.place == "Bundle.entry[1].resource"
    assert entry.unique_id == "1.2.250.1.999.1.1.8"
    assert entry.mime_type == "text/plain"
    assert entry.type == Coded("11502-2", "http://loinc.org", "CR d'examens biologiques")
    assert entry.class_ == Coded("10", "1.2.250.1.213.1.1.4.1", "Compte rendu")
    assert entry.format == Coded("urn:ihe:iti:xds-sd:text:2008")
    assert (entry.title, entry.comments, entry.language) == ("Biologie", "À jeun", "fr-FR")
    assert entry.creation_time == datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
    assert entry.service_start == datetime(2026, 3, 3, 23, 0, tzinfo=UTC)
    assert entry.service_stop == datetime(2026, 3, 4, 8, 45, tzinfo=UTC)
    assert entry.authors == (
        Author(
            "Le Goff",
            "Anne Marie",
            "810001288385",
            specialty=Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
            institution="Hôpital des Remparts",
            institution_id="1990000017",
        ),
    )
    assert entry.legal_authenticator == doctor
    assert (entry.facility_type, entry.practice_setting) == (Coded("SA01"), Coded("ETABLISSEMENT"))
    assert entry.confidentiality == "N"
    assert entry.visibility == {Visibility.MASQUE_PS}
    assert entry.event_codes == (Coded("GLU"),)
    assert entry.reference_ids == (Coded("ACC-5", "1.2.250.1.999.9"),)
    assert (entry.hash, entry.size) == ("CXnlAaW9J3md1/qfyI5JnxDIQIk=", 20)
    assert entry.custodian_id == "1990000017"


def test_every_statement_of_identity_is_found_with_its_place() -> None:
    submission = read().submission
    assert submission is not None
    assert submission.patients == (
        PatientStatement("Bundle.entry[0].resource.subject.identifier", "279035121518989", "1.2.250.1.213.1.4.10"),
    )
    local, full = submission.documents[0].patients
    assert local == PatientStatement("Bundle.entry[1].resource.subject.reference", local_ids=(Coded("local-17"),))
    assert full == PatientStatement(
        place="Bundle.entry[1].resource.contained[0].identifier[0]",
        number="279035121518989",
        authority="1.2.250.1.213.1.4.10",
        birth_name="PAT-TROIS",
        first_given="DOMINIQUE",
        given_names=("DOMINIQUE", "MARIE"),
        birth_date=date(1979, 3, 5),
        sex="F",
        birth_place="75056",
        reliability="VALI",
        local_ids=(Coded("IPP-1", "1.2.3.4"),),
    )


def _subject(value: Json) -> Change:
    return lambda b, s, d, y: d.update(subject=value)


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "Patient?identifier=urn:oid:1.2.250.1.213.1.4.8|279035121518989"},
        {"reference": "Patient?identifier=urn%3Aoid%3A1.2.250.1.213.1.4.8%7C279035121518989"},
        {"identifier": {"system": "urn:oid:1.2.250.1.213.1.4.8", "value": "279035121518989"}},
    ],
)
def test_an_ins_is_read_wherever_a_reference_may_state_it(subject: Json) -> None:
    submission = read(_subject(subject)).submission
    assert submission is not None
    stated = submission.documents[0].patients[0]
    assert (stated.number, stated.authority) == ("279035121518989", "1.2.250.1.213.1.4.8")


def test_two_current_ins_of_one_patient_are_two_statements_and_an_old_one_is_none() -> None:
    other = {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "277076322082910"}
    two = read(lambda b, s, d, y: d["contained"][0]["identifier"].append(other)).submission
    old = read(lambda b, s, d, y: d["contained"][0]["identifier"].append({**other, "use": "old"})).submission
    assert two is not None and old is not None
    assert [one.number for one in two.documents[0].patients] == ["", "279035121518989", "277076322082910"]
    assert [one.number for one in old.documents[0].patients] == ["", "279035121518989"]


def test_a_weaker_identity_status_is_kept_in_its_two_published_forms() -> None:
    nested = {"url": "identityStatus", "valueCoding": {"code": "PROV"}}
    method = {"url": "validationMode", "valueCoding": {"code": "CN"}}

    def complex_form(b: Json, s: Json, d: Json, y: Json) -> None:
        stated = d["contained"][0]["extension"][0]
        del stated["valueCoding"]
        stated["extension"] = [method, nested]

    def simple_form(b: Json, s: Json, d: Json, y: Json) -> None:
        d["contained"][0]["extension"][0]["valueCoding"] = {"code": "VIDE"}

    for change, code in ((complex_form, "PROV"), (simple_form, "VIDE")):
        submission = read(change).submission
        assert submission is not None
        assert submission.documents[0].patients[1].reliability == code


@pytest.mark.parametrize(
    ("resource", "author"),
    [
        ({"resourceType": "Device", "deviceName": [{"name": "Automate"}]}, Author(family="Automate")),
        ({"resourceType": "Device", "identifier": [{"value": "7"}]}, Author(person_id="7")),
        (
            {
                "resourceType": "PractitionerRole",
                "practitioner": {"reference": "#y"},
                "organization": {"reference": "#hospital"},
            },
            Author(institution="Hôpital des Remparts", institution_id="1990000017"),
        ),
        (
            {
                "resourceType": "Practitioner",
                "identifier": [
                    {"system": "urn:oid:1.2.3.4", "value": "7"},
                    {"system": "https://rpps.esante.gouv.fr"},
                    {"system": "https://rpps.esante.gouv.fr", "value": "10001288385"},
                ],
            },
            Author(person_id="10001288385"),
        ),
        (
            {
                "resourceType": "Practitioner",
                "identifier": [
                    {"system": "urn:oid:1.2.3.4", "value": "7"},
                    {"system": "urn:oid:1.2.250.1.71.4.2.2", "value": "1990000017"},
                    {"system": "https://rpps.esante.gouv.fr"},
                ],
            },
            Author(person_id="7"),
        ),
        ({"resourceType": "Practitioner", "name": [{"text": "Dr Le Goff"}]}, Author(family="Dr Le Goff")),
        ({"resourceType": "Practitioner", "name": [{"text": "Anne", "given": ["Anne"]}]}, Author(given="Anne")),
    ],
)
def test_an_author_with_a_name_or_an_identifier_is_enough(resource: Json, author: Author) -> None:
    def add(b: Json, s: Json, d: Json, y: Json) -> None:
        d["contained"] += [{**resource, "id": "x"}, {"resourceType": "Practitioner", "id": "y"}]

    submission = read(add, put([{"reference": "#x"}], 2, "author")).submission
    assert submission is not None
    assert submission.documents[0].entry.authors == (author,)


def test_several_documents_keep_their_own_bytes_and_order() -> None:
    provided = read(second_document)
    assert provided.submission is not None
    ids = [document.entry.unique_id for document in provided.submission.documents]
    assert ids == ["1.2.250.1.999.1.1.8", "urn:uuid:abcdef01-2345-4789-8abc-def012345678"]
    assert provided.parts[3:] == (Part(Role.DOCUMENT, 1), Part(Role.CONTENT, 1))


@pytest.mark.parametrize(
    ("target", "replaced"),
    [
        ({"reference": "DocumentReference/old-1"}, "DocumentReference/old-1"),
        ({"reference": "http://localhost:8000/fhir/DocumentReference/old-1"}, "DocumentReference/old-1"),
        ({"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"}}, "1.2.3.4"),
    ],
)
def test_a_replacement_names_its_target(target: Json, replaced: str) -> None:
    submission = read(replaces(target)).submission
    assert submission is not None
    assert submission.documents[0].replaces == replaced


def test_the_patch_of_a_replacement_is_taken_when_it_says_what_is_done_anyway() -> None:
    old = replaces({"reference": "DocumentReference/old-1"})
    provided = read(old, lambda b, s, d, y: b["entry"].append(bundles.patch()))
    assert provided.problems == ()
    assert provided.parts[3] == Part(Role.SUPERSEDED, 0)


def test_without_labels_a_document_is_normal_and_with_visibility_alone_too() -> None:
    none = read(drop(2, "securityLabel")).submission
    alone = read(lambda b, s, d, y: d["securityLabel"].pop(0)).submission
    assert none is not None and alone is not None
    assert (none.documents[0].entry.confidentiality, none.documents[0].entry.visibility) == ("N", frozenset())
    assert alone.documents[0].entry.confidentiality == "N"


def test_of_several_codings_the_national_one_is_kept() -> None:
    codings = {"coding": [{"code": "LOCAL", "system": "http://x"}, {"code": "11502-2", "system": "http://loinc.org"}]}
    submission = read(put(codings, 2, "type")).submission
    assert submission is not None
    assert submission.documents[0].entry.type == Coded("11502-2", "http://loinc.org")


def test_base64_may_be_cut_in_lines() -> None:
    submission = read(put("aGVs\r\nbG8=\n", 3, "data")).submission
    assert submission is not None
    assert submission.documents[0].content == b"hello"


def test_a_source_that_is_neither_oid_nor_uri_is_told_with_its_system() -> None:
    stated = {"system": "urn:oid:1.2.250.1.213.1.1.1", "value": "SRC-01"}
    submission = read(put(stated, 1, "extension", 1, "valueIdentifier")).submission
    assert submission is not None
    assert submission.source_id == "1.2.250.1.213.1.1.1|SRC-01"
