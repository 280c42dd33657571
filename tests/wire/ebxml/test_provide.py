"""ITI-41's request: everything said becomes a value; whatever is wrong is told at its place."""

import base64
import os
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from espace.kernel.reasons import Reason, documents, soap, xds
from espace.kernel.words import Problem, Visibility
from espace.wire.ebxml.listing import MAX_OBJECTS
from espace.wire.ebxml.provide import MAX_DOCUMENTS, Provided, read
from espace.wire.xds import Author, Coded, DocumentEntry, NewDocument, PatientStatement, Submission
from espace.wire.xml import parse_xml
from soaping import (
    A_FOLDER,
    A_SET,
    CONTENT,
    CX,
    DOCUMENT_UID,
    HAS_MEMBER,
    INCLUDE,
    RPLC,
    TRAITS,
    association,
    document,
    member,
    provide,
    request,
    slot,
    submission_set,
)

INLINE = base64.b64encode(CONTENT).decode()
ENTRY = "RegistryObjectList/ExtrinsicObject[1]"
SET = "RegistryObjectList/RegistryPackage[1]"


def reading(text: str, parts: Mapping[str, bytes] | None = None) -> Provided:
    parsed = parse_xml(text.encode())
    assert parsed.root is not None
    views = {name: memoryview(data) for name, data in (parts or {}).items()}
    return read(parsed.root, views, max_bytes=1_000)


DOCTOR = Author("Le Goff", "Anne", "810001288385")
AUTHOR = Author(
    "Le Goff",
    "Anne",
    "810001288385",
    specialty=Coded("G15_10/SM26", "1.2.250.1.213.1.1.4.5", "Médecin généraliste"),
    institution="Hôpital des Remparts",
    institution_id="1990000017",
)
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
FILED = DocumentEntry(
    place=ENTRY,
    unique_id="1.2.250.1.999.1.1.8",
    mime_type="text/plain",
    type=Coded("11502-2", "2.16.840.1.113883.6.1", "CR d'examens biologiques"),
    class_=Coded("10", "1.2.250.1.213.1.1.4.1", "Compte rendu"),
    format=Coded("urn:ihe:iti:xds-sd:text:2008", "1.3.6.1.4.1.19376.1.2.3", "x"),
    title="Biologie",
    comments="À jeun",
    language="fr-FR",
    creation_time=AT,
    service_start=datetime(2026, 3, 4, tzinfo=UTC),
    authors=(AUTHOR,),
    legal_authenticator=DOCTOR,
    facility_type=Coded("SA01", "1.2.250.1.71.4.2.4", "x"),
    practice_setting=Coded("ETABLISSEMENT", "1.2.250.1.213.1.1.4.9", "x"),
    event_codes=(Coded("GLU", "1.2.3", "x"),),
    reference_ids=(Coded("ACC-5", "1.9", "urn:ihe:iti:xds:2013:accession"),),
    hash="CXnlAaW9J3md1/qfyI5JnxDIQIk=",
    size=20,
)
PATIENT = PatientStatement(
    place=f"{ENTRY}/ExternalIdentifier[patientId]",
    number="279035121518989",
    authority="1.2.250.1.213.1.4.10",
    birth_name="PAT-TROIS",
    first_given="DOMINIQUE",
    given_names=("DOMINIQUE", "MARIE"),
    birth_date=date(1979, 3, 5),
    sex="F",
    local_ids=(Coded("IPP-1", "1.2.3.4"),),
)
SUBMITTED = Submission(
    place=SET,
    unique_id="1.2.250.1.999.1.1.7",
    source_id="1.2.250.1.999.1.1",
    submission_time=AT,
    documents=(NewDocument(FILED, CONTENT, (PATIENT,)),),
    content_type=Coded("07", "1.2.250.1.213.2.2", "x"),
    title="Bilan de printemps",
    comments="Deux tubes",
    author=AUTHOR,
    patients=(
        PatientStatement(
            f"{SET}/ExternalIdentifier[patientId]", number="279035121518989", authority="1.2.250.1.213.1.4.10"
        ),
    ),
)


def test_a_request_becomes_a_submission() -> None:
    found = reading(request())
    assert found.problems == ()
    assert found.submission == SUBMITTED
    assert [(one.place, one.mime_type, one.data) for one in found.attached] == [("Document[1]", "text/plain", CONTENT)]
    assert found.warnings == ()


def test_an_attachment_is_the_same_as_base64_inside() -> None:
    text = provide(document(), submission_set(), member(), contents={"Document01": INCLUDE.format("one%40x")})
    assert reading(text, {"one@x": CONTENT}).submission == reading(request()).submission


def test_what_a_registry_would_say_itself_may_be_said() -> None:
    said = 'status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved" lid="Document01" mimeType='
    assert reading(spoiled("mimeType=", said)).submission == reading(request()).submission


def test_the_set_may_be_classified_beside_itself() -> None:
    inside = f'<rim:Classification classifiedObject="SubmissionSet01" classificationNode="{A_SET}"/>'
    text = request().replace(inside, "").replace("</rim:RegistryObjectList>", f"{inside}</rim:RegistryObjectList>")
    assert reading(text).submission == reading(request()).submission


def test_hash_and_size_are_those_of_the_content_where_nobody_says_them() -> None:
    text = request().replace('name="hash"', 'name="x"').replace('name="size"', 'name="y"')
    assert reading(text).submission == reading(request()).submission


def test_labels_are_told_apart_from_the_level_under_any_system() -> None:
    labels = ("MASQUE_PS", "R", "INVISIBLE_REPRESENTANTS_LEGAUX")
    found = reading(provide(document(labels=labels), submission_set(), member())).submission
    assert found
    assert found.documents[0].entry.confidentiality == "R"
    assert found.documents[0].entry.visibility == {
        Visibility.MASQUE_PS,
        Visibility.INVISIBLE_REPRESENTANTS_LEGAUX,
    }


def test_a_replacement_names_the_entry_replaced() -> None:
    old = "urn:uuid:0199A2B4-0000-7000-8000-000000000001"
    found = reading(provide(document(), submission_set(), member(), association(RPLC, "Document01", old)))
    assert found.submission
    assert found.submission.documents[0].replaces == "DocumentReference/0199a2b4-0000-7000-8000-000000000001"


def test_two_documents_keep_their_order_and_their_contents() -> None:
    other = document("Document02", content=b"two", uid="urn:uuid:0199A2B4-0000-7000-8000-000000000001")
    contents = {"Document02": "dHdv", "Document01": INLINE}
    found = reading(provide(other, document(), submission_set(), member(), member("Document02"), contents=contents))
    assert found.submission
    assert [(one.entry.unique_id, one.content) for one in found.submission.documents] == [
        ("urn:uuid:0199a2b4-0000-7000-8000-000000000001", b"two"),
        (DOCUMENT_UID, CONTENT),
    ]


def test_every_other_ins_of_an_entry_is_stated_too_so_that_none_differs_unseen() -> None:
    traits = (*TRAITS, "PID-3|IPP-2^^^&amp;1.2.3.4&amp;ISO~277076322082910^^^&amp;1.2.250.1.213.1.4.10&amp;ISO^NH")
    found = reading(provide(document(traits=traits), submission_set(), member())).submission
    assert found
    named, other = found.documents[0].patients
    assert named.local_ids == (Coded("IPP-1", "1.2.3.4"), Coded("IPP-2", "1.2.3.4"))
    assert (other.number, other.authority) == ("277076322082910", "1.2.250.1.213.1.4.10")


def test_a_weak_identity_status_is_kept() -> None:
    found = reading(provide(document(traits=(*TRAITS, "PID-32|PROV")), submission_set(), member())).submission
    assert found
    assert found.documents[0].patients[0].reliability == "PROV"


def test_a_patient_of_another_authority_states_no_ins() -> None:
    local = "IPP-9^^^&amp;1.2.3.4&amp;ISO^PI"
    found = reading(provide(document(cx=local), submission_set(cx=local), member())).submission
    assert found
    assert (found.patients[0].number, found.patients[0].local_ids) == ("", (Coded("IPP-9", "1.2.3.4"),))


def test_what_is_beyond_the_standard_is_taken_and_told_not_kept() -> None:
    found = reading(provide(document(more=slot("urn:ours:colour", "red")), submission_set(), member()))
    assert found.submission == reading(request()).submission
    assert found.warnings == (Problem(xds.EXTRA_NOT_KEPT, ENTRY),)


def spoiled(old: str, new: str) -> str:
    whole = request()
    assert old in whole, old
    return whole.replace(old, new)


MORE = '</Document><Document id="{}">aA==</Document>'
SNAPSHOT = association("urn:ihe:iti:2010:AssociationType:IsSnapshotOf", "Document01", "x")
APND = "urn:ihe:iti:2007:AssociationType:APND"
SPOILED: list[tuple[Reason, str, str]] = [
    (documents.ELEMENT_MISSING, "SubmitObjectsRequest/RegistryObjectList", "<x/>"),
    (documents.ELEMENT_UNSUPPORTED, "ProvideAndRegisterDocumentSetRequest", spoiled("<Document ", "<x/><Document ")),
    (documents.ELEMENT_UNSUPPORTED, f"{ENTRY}/@objectType", spoiled("7edca82f", "34268e47")),
    (documents.ELEMENT_UNSUPPORTED, f"{ENTRY}/@status", spoiled("mimeType=", 'status="urn:x:Deleted" mimeType=')),
    (documents.ELEMENT_UNSUPPORTED, f"{ENTRY}/@lid", spoiled("mimeType=", 'lid="urn:uuid:x" mimeType=')),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot", spoiled('name="serviceStartTime"', 'name="creationTime"')),
    (documents.ELEMENT_MISSING, f"{ENTRY}/@mimeType", spoiled('mimeType="text/plain"', "")),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Name", spoiled('value="Biologie"', 'value=""')),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Slot[@name='languageCode']", spoiled("fr-FR", "")),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Slot[@name='creationTime']", spoiled("creationTime", "x")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='serviceStartTime']", spoiled(">20260304<", ">2026-03-04<")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='serviceStartTime']", spoiled(">20260304<", ">20260304+01<")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='serviceStartTime']", spoiled(">20260304<", ">20261304<")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='hash']", spoiled("0979e501", "0979e50g")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='size']", spoiled(">20<", ">20.0<")),
    (documents.VALUE_INVALID, f"{ENTRY}/Slot[@name='sourcePatientInfo']", spoiled("19790305", "197903")),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Classification[typeCode]", spoiled('"11502-2"', '""')),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Classification[author]", spoiled("93606bcf", "03606bcf")),
    (documents.ELEMENT_MISSING, f"{ENTRY}/Classification[confidentialityCode]", spoiled('"N"', '"MASQUE_PS"')),
    (documents.CODE_UNKNOWN, f"{ENTRY}/Classification[confidentialityCode]", spoiled('"N"', '"X"')),
    (documents.CODE_UNKNOWN, f"{ENTRY}/Classification[confidentialityCode]", spoiled('"N"', '""')),
    (documents.VALUE_INVALID, f"{ENTRY}/ExternalIdentifier[uniqueId]", spoiled(DOCUMENT_UID, f"{DOCUMENT_UID}^1")),
    (documents.VALUE_INVALID, f"{ENTRY}/ExternalIdentifier[uniqueId]", spoiled(DOCUMENT_UID, f"1.{'2' * 63}")),
    (documents.ELEMENT_MISSING, f"{ENTRY}/ExternalIdentifier[uniqueId]", spoiled("2e82c1f6", "3e82c1f6")),
    (documents.VALUE_INVALID, f"{ENTRY}/ExternalIdentifier[patientId]", spoiled(CX, "279035121518989")),
    (documents.VALUE_INVALID, f"{SET}/ExternalIdentifier[sourceId]", spoiled('"1.2.250.1.999.1.1"', '"me"')),
    (documents.ELEMENT_MISSING, f"{SET}/ExternalIdentifier[sourceId]", spoiled('"1.2.250.1.999.1.1"', '""')),
    (documents.ELEMENT_MISSING, f"{SET}/Slot[@name='submissionTime']", spoiled("submissionTime", "x")),
    (documents.ELEMENT_MISSING, f"{SET}/Classification[contentTypeCode]", spoiled('"07"', '""')),
    (documents.ELEMENT_MISSING, f"{SET}/Classification[author]", spoiled("a7058bb9", "07058bb9")),
    (documents.VALUE_INVALID, "Document[1]", spoiled(INLINE, "%%%")),
    (documents.VALUE_INVALID, "Document[1]", spoiled(INLINE, "<x/>")),
    (documents.CONTENT_EMPTY, "Document[1]", spoiled(INLINE, "")),
    (documents.CONTENT_TOO_LARGE, "Document[1]", spoiled(INLINE, base64.b64encode(b"x" * 1_001).decode())),
    (documents.ELEMENT_MISSING, "Document[1]/@id", spoiled('<Document id="Document01"', "<Document")),
    (xds.DOCUMENT_MISSING, ENTRY, provide(document(), submission_set(), member(), contents={})),
    (xds.DOCUMENT_METADATA_MISSING, "Document[2]", spoiled("</Document>", MORE.format("Document02"))),
    (xds.UNIQUE_ID_TWICE, "Document[2]/@id", spoiled("</Document>", MORE.format("Document01"))),
    (documents.ELEMENT_MISSING, "RegistryObjectList/RegistryPackage", provide(document())),
    (documents.ELEMENT_MISSING, f"{SET}/Classification[@classificationNode]", spoiled("Node=", "Knot=")),
    (documents.ELEMENT_MISSING, "RegistryObjectList/RegistryPackage", spoiled(A_SET, A_FOLDER)),
    (documents.ELEMENT_MISSING, f"{SET}/Classification[codeList]", spoiled(A_SET, A_FOLDER)),
    (documents.VALUE_INVALID, "RegistryObjectList/RegistryPackage[2]",
     provide(document(), submission_set(), submission_set().replace("SubmissionSet01", "S2"), member())),
    (xds.UNIQUE_ID_TWICE, "RegistryObjectList/RegistryPackage[2]/@id",
     provide(document(), submission_set(), submission_set(), member())),
    (xds.UNIQUE_ID_TWICE, "RegistryObjectList/ExtrinsicObject[2]/ExternalIdentifier[uniqueId]",
     provide(document(), document("Document02"), submission_set(), member(), member("Document02"))),
    (documents.ELEMENT_MISSING, f"{ENTRY}/@id", provide(document(), submission_set())),
    (documents.REFERENCE_UNRESOLVED, "RegistryObjectList/Association[1]/@targetObject",
     provide(document(), submission_set(), member("Document02"))),
    (documents.REFERENCE_UNRESOLVED, "RegistryObjectList/Association[1]/@sourceObject",
     spoiled('sourceObject="SubmissionSet01"', 'sourceObject="Document01"')),
    (documents.VALUE_INVALID, "RegistryObjectList/Association[2]/@targetObject",
     provide(document(), submission_set(), member(), member())),
    (documents.VALUE_INVALID, "RegistryObjectList/Association[1]/Slot[@name='SubmissionSetStatus']",
     spoiled("Original", "Reference")),
    (xds.ASSOCIATION_UNSUPPORTED, "RegistryObjectList/Association[2]/@associationType",
     provide(document(), submission_set(), member(), SNAPSHOT)),
    (xds.ASSOCIATION_UNSUPPORTED, "RegistryObjectList/Association[1]/@associationType",
     spoiled(HAS_MEMBER, "HasMember")),
    (documents.REFERENCE_UNRESOLVED, "RegistryObjectList/Association[2]/@targetObject",
     provide(document(), submission_set(), member(), association(RPLC, "Document01", "Document01"))),
    (documents.REFERENCE_UNRESOLVED, "RegistryObjectList/Association[2]/@targetObject",
     provide(document(), submission_set(), member(), association(APND, "Document01", "x"))),
    (documents.REFERENCE_UNRESOLVED, "RegistryObjectList/Association[2]/@sourceObject",
     provide(document(), submission_set(), member(), association(APND, "SubmissionSet01", "Document01"))),
    (documents.ELEMENT_UNSUPPORTED, "RegistryObjectList/*[1]",
     spoiled("</rim:RegistryObjectList>", "<x/></rim:RegistryObjectList>")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "place", "text"), SPOILED)
def test_what_is_wrong_is_told_at_its_place(reason: Reason, place: str, text: str) -> None:
    found = reading(text)
    assert found.submission is None
    assert (reason, place) in [(problem.reason, problem.place) for problem in found.problems]


def test_problems_are_told_all_at_once() -> None:
    text = spoiled("fr-FR", "").replace("Biologie", "").replace('"07"', '""').replace(INLINE, "%")
    assert len(reading(text).problems) == 4


TWO = (document(), document("Document02", uid="1.2.3"), submission_set(), member(), member("Document02"))
NESTED = INCLUDE.format("one@x").replace("/>", f">{INCLUDE.format('one@x')}</xop:Include>")
TRICKS: list[tuple[Reason, str, str, dict[str, bytes]]] = [
    (soap.PART_UNKNOWN, "Document[1]", INCLUDE.format("two@x"), {"one@x": CONTENT}),
    (soap.PART_UNKNOWN, "Include", INLINE, {"one@x": CONTENT}),
    (soap.PART_UNKNOWN, "Document[1]", INCLUDE.format("one@x").replace("cid:", "http://canary/"), {}),
    (soap.PART_UNKNOWN, "Document[1]", INCLUDE.format("one@x").replace("cid:", "file:///etc/"), {}),
    (documents.VALUE_INVALID, "Document[1]", INCLUDE.format("one@x") * 2, {"one@x": CONTENT}),
    (documents.VALUE_INVALID, "Document[1]", INCLUDE.format("one@x") + "aA==", {"one@x": CONTENT}),
    (documents.VALUE_INVALID, "Document[1]", NESTED, {"one@x": CONTENT}),
    (documents.CONTENT_EMPTY, "Document[1]", INCLUDE.format("one@x"), {"one@x": b""}),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "place", "inside", "parts"), TRICKS)
def test_no_trick_of_cid_is_obeyed(reason: Reason, place: str, inside: str, parts: dict[str, bytes]) -> None:
    found = reading(provide(document(), submission_set(), member(), contents={"Document01": inside}), parts)
    assert (reason, place) in [(problem.reason, problem.place) for problem in found.problems]


def test_a_part_is_one_documents_alone() -> None:
    twice = {"Document01": INCLUDE.format("one@x"), "Document02": INCLUDE.format("one%40x")}
    found = reading(provide(*TWO, contents=twice), {"one@x": CONTENT})
    assert [(one.reason, one.place, one.detail) for one in found.problems] == [
        (soap.PART_UNKNOWN, "Document[2]", "named twice")
    ]


def test_an_include_in_the_metadata_is_refused() -> None:
    text = spoiled("<lcm:SubmitObjectsRequest>", f"<lcm:SubmitObjectsRequest>{INCLUDE}")
    assert (documents.ELEMENT_UNSUPPORTED, "Include") in [(p.reason, p.place) for p in reading(text).problems]


def test_reading_stops_where_problems_are_not_worth_listing() -> None:
    every = [document(f"D{n}", uid=f"1.2.{n}").replace("fr-FR", "") for n in range(MAX_DOCUMENTS + 2)]
    found = reading(provide(*every, contents={}))
    assert len(found.problems) == 100
    assert found.submission is None


def test_a_list_that_nobody_needs_is_not_read() -> None:
    found = reading(provide(*[association("x", "", "")] * (MAX_OBJECTS + 1)))
    assert [(one.reason, one.place) for one in found.problems][-1] == (
        documents.VALUE_INVALID,
        "SubmitObjectsRequest/RegistryObjectList",
    )


def test_what_senders_called_things_is_in_no_place() -> None:
    text = request().replace('<rim:Slot name="hash"', '<rim:Slot name="DUPONT"').replace("Document01", "JEAN")
    found = reading(text.replace("fr-FR", ""))
    assert not any("DUPONT" in one.place or "JEAN" in one.place for one in found.problems)


SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))
PUBLISHED = SHARED / "ihe" / "ipf" / "xds" / "src" / "test" / "resources" / "SubmitObjectsRequest_ebrs30.xml"


@pytest.mark.skipif(not PUBLISHED.is_file(), reason="the published examples are not on this machine")
def test_a_published_request_lacks_only_what_is_french_or_not_taken() -> None:
    """Spaces have come into its identifiers; without them, each other remark is about its content."""
    metadata = PUBLISHED.read_text("utf-8").replace("- ", "-").rpartition("?>")[2]
    body = f'<ProvideAndRegisterDocumentSetRequest xmlns="urn:ihe:iti:xds-b:2007">{metadata}'
    found = reading(f'{body}<Document id="Document01">aA==</Document></ProvideAndRegisterDocumentSetRequest>')
    assert [(one.reason.code, one.place.removeprefix("RegistryObjectList/")) for one in found.problems] == [
        ("code_unknown", "ExtrinsicObject[1]/Classification[confidentialityCode]"),
        ("association_unsupported", "Association[2]/@associationType"),
        ("value_invalid", "RegistryPackage[1]/ExternalIdentifier[sourceId]"),
    ]
