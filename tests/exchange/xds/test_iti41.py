"""ITI-41 from end to end: what SOAP files, FHIR finds; what the standard refuses has its code, and nothing is kept."""

import base64
import hashlib
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import door
import soap_door as soap
import soaping
from cast import Holder, holder, professional
from espace.identity.facts import Organisation
from soap_door import as_doctor, as_feeder, deposit, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def found_by_fhir(who: Holder) -> list[dict[str, object]]:
    query = "patient.identifier=" + f"urn:oid:{who.ins.authority}|{who.ins.number}"
    answer = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(who.patient), query=query)
    return [entry["resource"] for entry in answer.json.get("entry", [])]


def test_what_soap_files_inline_fhir_finds_and_reads(hospital: Organisation, camille: Holder) -> None:
    answer = send(deposit(camille, uid="1.2.250.1.999.1.1.8"), as_feeder(hospital))
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    assert answer.headers["Content-Type"].startswith("application/soap+xml")
    assert answer.root.findtext("s:Header/a:RelatesTo", namespaces=soap.NAMES) == soaping.MESSAGE_ID
    [found] = found_by_fhir(camille)
    assert found["masterIdentifier"] == {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1.8"}
    assert found["date"] == "2026-03-04T09:30:00+00:00"
    attachment = found["content"][0]["attachment"]  # type: ignore[index]
    assert attachment["title"] == "Biologie"
    assert attachment["hash"] == base64.b64encode(hashlib.sha1(soaping.CONTENT).digest()).decode()
    assert found["type"]["coding"][0]["system"] == "http://loinc.org"  # type: ignore[index]
    read = door.call("GET", f"/fhir/Binary/{found['id']}", token=door.holder_token(camille.patient))
    assert read.body == soaping.CONTENT


def test_what_soap_files_in_parts_is_the_same_byte_for_byte(hospital: Organisation, camille: Holder) -> None:
    content = b"%PDF-" + bytes(range(256)) * 8 + b"\r\n--"
    stated = soaping.document(
        content=content, mime="application/pdf", uid="1.2.3.4", cx=soap.cx(camille), traits=soap.traits(camille)
    )
    body = soaping.provide(
        stated,
        soaping.submission_set(cx=soap.cx(camille)),
        soaping.member(),
        contents={"Document01": soaping.INCLUDE.format("one%40x")},
    )
    answer = send(body, as_feeder(hospital), parts={"one@x": content})
    assert (answer.http, answer.status, answer.errors) == (200, "Success", [])
    assert answer.headers["Content-Type"].startswith("multipart/related")
    [found] = found_by_fhir(camille)
    read = door.call("GET", f"/fhir/Binary/{found['id']}", token=door.holder_token(camille.patient))
    assert (read.headers["Content-Type"], read.body) == ("application/pdf", content)


def test_a_doctor_deposits_with_their_own_card(camille: Holder) -> None:
    place = soap.hospital("Cabinet des Tilleuls")
    doctor = professional(at=place)
    answer = send(deposit(camille), as_doctor(doctor, place, patient=soap.cx(camille).replace("&amp;", "&")))
    assert (answer.status, answer.errors) == ("Success", [])
    assert len(found_by_fhir(camille)) == 1


def test_an_identical_resubmission_succeeds_and_changes_nothing(hospital: Organisation, camille: Holder) -> None:
    body = deposit(camille)
    assert send(body, as_feeder(hospital)).status == "Success"
    [first] = found_by_fhir(camille)
    assert send(body, as_feeder(hospital)).status == "Success"
    assert [one["id"] for one in found_by_fhir(camille)] == [first["id"]]


def test_a_new_version_replaces_the_old_one(hospital: Organisation, camille: Holder) -> None:
    assert send(deposit(camille), as_feeder(hospital)).status == "Success"
    [old] = found_by_fhir(camille)
    replaces = soaping.association(soaping.RPLC, "Document01", f"urn:uuid:{old['id']}")
    assert send(deposit(camille, more=replaces), as_feeder(hospital)).status == "Success"
    statuses = {one["id"]: one["status"] for one in found_by_fhir(camille)}
    assert len(statuses) == 2
    assert statuses[old["id"]] == "superseded"
    again = send(deposit(camille, more=replaces), as_feeder(hospital))
    assert again.errors == [("XDSReplaceFailed", "RegistryObjectList/ExtrinsicObject[1]/Association[RPLC]")]


def test_extension_metadata_is_a_warning_of_a_success(hospital: Organisation, camille: Holder) -> None:
    more = soaping.slot("urn:ours:colour", "red")
    stated = soaping.document(cx=soap.cx(camille), traits=soap.traits(camille), more=more)
    body = soaping.provide(stated, soaping.submission_set(cx=soap.cx(camille)), soaping.member())
    answer = send(body, as_feeder(hospital))
    assert (answer.status, answer.errors) == (
        "Success",
        [("XDSExtraMetadataNotSaved", "RegistryObjectList/ExtrinsicObject[1]")],
    )


Spoil = Callable[[str], str]
ENTRY, SET = "RegistryObjectList/ExtrinsicObject[1]", "RegistryObjectList/RegistryPackage[1]"
SHA1 = hashlib.sha1(soaping.CONTENT).hexdigest()
NEAR: list[tuple[str, str, str, Spoil]] = [
    ("hash_mismatch", "XDSRepositoryMetadataError", f"{ENTRY}/Slot[@name='hash']",
     lambda b: b.replace(SHA1, hashlib.sha1(b"other").hexdigest())),
    ("size_mismatch", "XDSRepositoryMetadataError", f"{ENTRY}/Slot[@name='size']",
     lambda b: b.replace(f">{len(soaping.CONTENT)}<", ">9<")),
    ("content_type_unsupported", "XDSRepositoryMetadataError", f"{ENTRY}/@mimeType",
     lambda b: b.replace("text/plain", "text/html")),
    ("content_type_mismatch", "XDSRepositoryMetadataError", f"{ENTRY}/@mimeType",
     lambda b: b.replace("text/plain", "application/pdf")),
    ("code_unknown", "XDSRegistryMetadataError", f"{ENTRY}/Classification[typeCode]",
     lambda b: b.replace('"11502-2"', '"99999-9"')),
    ("class_mismatch", "XDSRegistryMetadataError", f"{ENTRY}/Classification[classCode]",
     lambda b: b.replace('nodeRepresentation="10"', 'nodeRepresentation="42"')),
    ("source_not_yours", "XDSRegistryMetadataError", f"{SET}/ExternalIdentifier[sourceId]",
     lambda b: b.replace('"1.2.250.1.999.1.1"', '"1.2.250.1.999.1.2"')),
    ("element_missing", "XDSRegistryMetadataError", f"{ENTRY}/Slot[@name='languageCode']",
     lambda b: b.replace("fr-FR", "")),
    ("document_missing", "XDSMissingDocument", ENTRY,
     lambda b: b[: b.index("<Document ")] + b[b.index("</Document>") + 11 :]),
    ("document_metadata_missing", "XDSMissingDocumentMetadata", "Document[2]",
     lambda b: b.replace("</Document>", '</Document><Document id="x">aA==</Document>')),
    ("association_unsupported", "XDSRegistryMetadataError", "RegistryObjectList/Association[2]/@associationType",
     lambda b: b.replace("</rim:RegistryObjectList>", soaping.association(
         "urn:ihe:iti:2010:AssociationType:IsSnapshotOf", "Document01", "urn:uuid:x") + "</rim:RegistryObjectList>")),
    ("replace_refused", "XDSReplaceFailed", f"{ENTRY}/Association[RPLC]",
     lambda b: b.replace("</rim:RegistryObjectList>", soaping.association(
         soaping.RPLC, "Document01", f"urn:uuid:{uuid4()}") + "</rim:RegistryObjectList>")),
    ("relation_unresolved", "UnresolvedReferenceException", f"{ENTRY}/Association",
     lambda b: b.replace("</rim:RegistryObjectList>", soaping.association(
         "urn:ihe:iti:2007:AssociationType:XFRM", "Document01", f"urn:uuid:{uuid4()}") + "</rim:RegistryObjectList>")),
    ("relation_refused", "XDSRegistryMetadataError", f"{ENTRY}/Association",
     lambda b: b.replace("</rim:RegistryObjectList>", soaping.association(
         "urn:ihe:iti:2007:AssociationType:APND", "Document01", "Document01") + "</rim:RegistryObjectList>")),
    ("traits_disagree", "XDSPatientIdDoesNotMatch", "", lambda b: b.replace("PID-7|1985", "PID-7|1986")),
    ("traits_missing", "XDSPatientIdDoesNotMatch", "", lambda b: b.replace("PID-7|", "PID-99|")),
    ("ins_not_qualified", "XDSPatientIdDoesNotMatch", "",
     lambda b: b.replace("PID-8|F</rim:Value>", "PID-8|F</rim:Value><rim:Value>PID-32|PROV</rim:Value>")),
    ("ins_malformed", "XDSUnknownPatientId", "", lambda b: b.replace("^^^&amp;1.2.250", "0^^^&amp;1.2.250")),
    ("ins_missing", "XDSUnknownPatientId", "", lambda b: b.replace("&amp;1.2.250.1.213.1.4.10", "&amp;1.2.3")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "code", "location", "spoil"), NEAR, ids=[row[0] for row in NEAR])
def test_a_near_miss_has_the_code_of_the_standard_and_files_nothing(
    hospital: Organisation, camille: Holder, reason: str, code: str, location: str, spoil: Spoil
) -> None:
    body = deposit(camille)
    assert spoil(body) != body
    answer = send(spoil(body), as_feeder(hospital))
    assert (answer.http, answer.status, answer.errors[0][0]) == (200, "Failure", code)
    assert answer.contexts[0].startswith(f"[{reason}] ")
    assert location in answer.errors[0][1]
    assert found_by_fhir(camille) == []


def test_a_set_and_its_entries_are_about_one_patient(hospital: Organisation, camille: Holder) -> None:
    other = holder()
    body = soaping.provide(
        soaping.document(cx=soap.cx(camille), traits=soap.traits(camille)),
        soaping.submission_set(cx=soap.cx(other)),
        soaping.member(),
    )
    assert send(body, as_feeder(hospital)).errors[0][0] == "XDSPatientIdDoesNotMatch"
    assert (found_by_fhir(camille), found_by_fhir(other)) == ([], [])


def test_an_ins_that_nobody_bears_is_an_unknown_patient(hospital: Organisation, camille: Holder) -> None:
    from cast import fresh_ins

    nobody = fresh_ins()
    body = deposit(camille).replace(camille.ins.number, nobody.number)
    assert send(body, as_feeder(hospital)).errors[0][0] == "XDSUnknownPatientId"


def test_a_unique_id_with_other_bytes_is_told_as_such_to_who_filed_it(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    assert send(deposit(camille, uid=uid), as_feeder(hospital)).status == "Success"
    other = base64.b64encode(b"other").decode()
    changed = deposit(camille, uid=uid, content=b"other")
    changed = changed.replace(base64.b64encode(soaping.CONTENT).decode(), other)
    expected = [("XDSNonIdenticalHash", f"{ENTRY}/ExternalIdentifier[uniqueId]")]
    assert send(changed, as_feeder(hospital)).errors == expected
    stranger = send(changed, as_feeder(soap.hospital("Clinique du Parc")))
    assert stranger.errors == [("XDSDuplicateUniqueIdInRegistry", f"{ENTRY}/ExternalIdentifier[uniqueId]")]
    assert len(found_by_fhir(camille)) == 1


def test_a_set_id_serves_once(hospital: Organisation, camille: Holder) -> None:
    first = deposit(camille)
    assert send(first, as_feeder(hospital)).status == "Success"
    document_uid = first.split(soaping.DOCUMENT_UNIQUE + '" value="')[1].partition('"')[0]
    again = first.replace(document_uid, f"urn:uuid:{uuid4()}")
    assert send(again, as_feeder(hospital)).errors == [
        ("XDSDuplicateUniqueIdInRegistry", f"{SET}/ExternalIdentifier[uniqueId]")
    ]


def test_the_assertion_and_the_request_are_about_the_same_person(hospital: Organisation, camille: Holder) -> None:
    other = soap.cx(holder()).replace("&amp;", "&")
    answer = send(deposit(camille), as_feeder(hospital, patient=other))
    assert answer.contexts[0].startswith("[vihf_other_patient] ")
    assert found_by_fhir(camille) == []


def _counted(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_a_deposit_costs_as_many_statements_in_either_form(hospital: Organisation, camille: Holder) -> None:
    """Three of them say who calls: the structure's number, and the assertion that serves once. One says whether the
    patient objected to deposits from there."""
    one, other = deposit(camille), deposit(camille)
    assert _counted(lambda: send(one, as_feeder(hospital))) == 16
    assert _counted(lambda: send(other, as_feeder(hospital), parts={})) == 16
