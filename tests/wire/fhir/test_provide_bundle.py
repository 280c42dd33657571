"""ITI-65: what is read from a bundle, and every way in which a bundle is refused, with its place."""

import copy
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bundles
from espace.kernel.words import Visibility
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.provide_bundle import Part, Provided, Role, parse
from espace.wire.xds import Author, Coded, PatientStatement

Json = dict[str, Any]
Change = Callable[[Json, Json, Json, Json], object]

READING = Reading(zone=ZoneInfo("Europe/Paris"), base="http://localhost:8000/fhir", max_bytes=1_000)
WINTER = timezone(timedelta(hours=1))


def read(*changes: Change) -> Provided:
    return parse(bundles.spoiled(*changes), READING)


def faults(provided: Provided) -> list[tuple[str, str]]:
    return [(problem.reason.code, problem.place) for problem in provided.problems]


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


def _drop(part: int, *path: str | int) -> Change:
    def change(*parts: Json) -> None:
        target: Any = parts[part]
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]

    return change


def _put(value: object, part: int, *path: str | int) -> Change:
    def change(*parts: Json) -> None:
        target: Any = parts[part]
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value

    return change


LIST, DOC, BIN = "Bundle.entry[0].resource", "Bundle.entry[1].resource", "Bundle.entry[2].resource"
ATTACHMENT = f"{DOC}.content[0].attachment"

MISSING = [
    (_drop(0, "entry", 1, "request"), ["Bundle.entry[1].request"]),
    (_drop(0, "entry", 1, "request", "method"), ["Bundle.entry[1].request.method"]),
    (_drop(1, "status"), [f"{LIST}.status"]),
    (_drop(1, "mode"), [f"{LIST}.mode"]),
    (_drop(1, "date"), [f"{LIST}.date"]),
    (_drop(1, "extension", 0), [f"{LIST}.extension"]),
    (_drop(1, "extension", 1), [f"{LIST}.extension"]),
    (_drop(1, "entry"), [f"{LIST}.entry"]),
    (_drop(2, "masterIdentifier"), [f"{DOC}.masterIdentifier"]),
    (_drop(2, "masterIdentifier", "value"), [f"{DOC}.masterIdentifier.value"]),
    (_drop(2, "status"), [f"{DOC}.status"]),
    (_drop(2, "type"), [f"{DOC}.type"]),
    (_drop(2, "category"), [f"{DOC}.category"]),
    (_drop(2, "author"), [f"{DOC}.author"]),
    (_drop(2, "content", 0, "format"), [f"{DOC}.content[0].format"]),
    (_drop(2, "content", 0, "attachment", "contentType"), [f"{ATTACHMENT}.contentType"]),
    (_drop(2, "content", 0, "attachment", "hash"), [f"{ATTACHMENT}.hash"]),
    (_drop(2, "content", 0, "attachment", "size"), [f"{ATTACHMENT}.size"]),
    (_drop(2, "context", "facilityType"), [f"{DOC}.context.facilityType"]),
    (_drop(2, "context", "practiceSetting"), [f"{DOC}.context.practiceSetting"]),
    (_drop(2, "context"), [f"{DOC}.context.facilityType", f"{DOC}.context.practiceSetting"]),
    (_drop(3, "contentType"), [f"{BIN}.contentType"]),
    (_drop(3, "data"), [f"{BIN}.data"]),
]


@pytest.mark.parametrize(("change", "places"), MISSING)
def test_what_is_mandatory_is_asked_for_where_it_belongs(change: Change, places: list[str]) -> None:
    provided = read(change)
    assert provided.submission is None
    assert faults(provided) == [("element_missing", place) for place in places]


def _second_document(b: Json, s: Json, d: Json, y: Json) -> None:
    """Another document with its own Binary."""
    other = bundles.document()
    other["masterIdentifier"]["value"] = "urn:uuid:ABCDEF01-2345-4789-8abc-def012345678"
    other["content"][0]["attachment"]["url"] = "urn:uuid:b2"
    b["entry"] += [bundles.entry("urn:uuid:d2", other), bundles.entry("urn:uuid:b2", bundles.binary())]
    s["entry"].append({"item": {"reference": "urn:uuid:d2"}})


REFUSED = [
    ("value_invalid", "Bundle.type", _put("batch", 0, "type")),
    ("element_unsupported", "Bundle.entry[1].request", _put("identifier=1", 0, "entry", 1, "request", "ifNoneExist")),
    ("element_unsupported", "Bundle.entry[1].request.method", _put("PUT", 0, "entry", 1, "request", "method")),
    ("element_unsupported", "Bundle.entry[1].request.url", _put("Binary", 0, "entry", 1, "request", "url")),
    ("value_invalid", f"{LIST}.status", _put("retired", 1, "status")),
    ("value_invalid", f"{LIST}.mode", _put("snapshot", 1, "mode")),
    ("value_invalid", f"{LIST}.code", _put(bundles.coding("todo"), 1, "code")),
    ("value_invalid", f"{LIST}.date", _put("yesterday", 1, "date")),
    ("element_unsupported", f"{LIST}.entry[0]", _put(True, 1, "entry", 0, "deleted")),
    ("value_invalid", f"{DOC}.status", _put("superseded", 2, "status")),
    ("element_unsupported", f"{DOC}.docStatus", _put("final", 2, "docStatus")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", _put("urn:oid:1.2.3^x", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", _put("1.2.250.1", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", _put("urn:uuid:abcd", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", _put("urn:oid:1." + "2" * 64, 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", _put("urn:oid:1.٣.4", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.system", _put("http://x", 2, "masterIdentifier", "system")),
    ("value_invalid", f"{DOC}.date", _put("2026-03-04", 2, "date")),
    ("value_invalid", f"{DOC}.date", _put("2026-03-04T09:30:00", 2, "date")),
    ("value_invalid", f"{DOC}.context.period.start", _put("2026-02-30", 2, "context", "period", "start")),
    ("value_invalid", f"{DOC}.date", _put("9999-12-31T23:59:59-12:00", 2, "date")),
    ("value_invalid", f"{DOC}.context.period.start", _put("0000", 2, "context", "period", "start")),
    ("value_invalid", f"{DOC}.context.period.start", _put("٢٠٢٦", 2, "context", "period", "start")),
    ("value_invalid", f"{ATTACHMENT}.creation", _put("2026-3-4", 2, "content", 0, "attachment", "creation")),
    ("value_invalid", f"{ATTACHMENT}.hash", _put("f9b4fbef" * 5, 2, "content", 0, "attachment", "hash")),
    ("value_invalid", f"{ATTACHMENT}.size", _put(-1, 2, "content", 0, "attachment", "size")),
    ("element_unsupported", f"{ATTACHMENT}.data", _put("aGVsbG8=", 2, "content", 0, "attachment", "data")),
    ("value_invalid", f"{DOC}.securityLabel[1]", _put(bundles.coding("R"), 2, "securityLabel", 1)),
    ("code_unknown", f"{DOC}.securityLabel[1]", _put(bundles.coding("MASQUE_PSOCIAL"), 2, "securityLabel", 1)),
    ("element_unsupported", f"{DOC}.meta.security[0]", _put({"security": [{"code": "INVISIBLE_PATIENT"}]}, 2, "meta")),
    ("element_unsupported", f"{DOC}.modifierExtension", _put([{"url": "x"}], 2, "modifierExtension")),
    ("element_unsupported", f"{DOC}.implicitRules", _put("http://x", 2, "implicitRules")),
    ("element_unsupported", f"{DOC}.category[1]", lambda b, s, d, y: d["category"].append(bundles.coding("11"))),
    ("element_unsupported", f"{DOC}.content[1]", lambda b, s, d, y: d["content"].append(d["content"][0])),
    ("reference_unresolved", f"{DOC}.author[0].reference", _put("#nobody", 2, "author", 0, "reference")),
    ("reference_unresolved", f"{DOC}.author[0].reference", _put("Practitioner/7", 2, "author", 0, "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", _put("#nobody", 2, "subject", "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", _put("http://evil.test/Patient/1", 2, "subject", "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", _put("Patient/../Practitioner/1", 2, "subject", "reference")),
    ("fhir_structure", f"{DOC}.subject.reference", _put("#doctor", 2, "subject", "reference")),
    ("value_invalid", f"{DOC}.subject.reference", _put("Patient?name=Dupont", 2, "subject", "reference")),
    *(
        ("value_invalid", f"{DOC}.subject.reference", _put(f"Patient?{query}", 2, "subject", "reference"))
        for query in (
            "&".join(f"a{number}={number}" for number in range(11)),
            "&" * 50,
            "identifier=urn:oid:1.2.250.1.213.1.4.8|279035121518989&active=true",
            "identifier=urn:oid:1.2.250.1.213.1.4.8|%00",
            "identifier=%7C1",
            "identifier",
            "",
        )
    ),
    ("value_invalid", f"{DOC}.contained[0].birthDate", _put("1979-03", 2, "contained", 0, "birthDate")),
    ("value_invalid", f"{DOC}.contained[1].id", _put("patient", 2, "contained", 1, "id")),
    ("element_unsupported", f"{DOC}.contained[3]", _put("Observation", 2, "contained", 3, "resourceType")),
    ("content_type_mismatch", f"{BIN}.contentType", _put("text/xml", 3, "contentType")),
    ("value_invalid", f"{BIN}.data", _put("aGVsbG8", 3, "data")),
    ("value_invalid", f"{BIN}.data", _put("aGVs*bG8=", 3, "data")),
    ("content_too_large", f"{BIN}.data", _put("AAAA" * 400, 3, "data")),
    ("element_unsupported", f"{BIN}.securityContext", _put({"reference": "Patient/1"}, 3, "securityContext")),
    ("fhir_structure", f"{DOC}.status", _put(["current"], 2, "status")),
    ("fhir_structure", f"{DOC}.category", _put({"coding": []}, 2, "category")),
    ("fhir_structure", f"{DOC}.description", _put("  ", 2, "description")),
    ("fhir_structure", f"{DOC}.description", _put("a\x01b", 2, "description")),
    ("fhir_structure", f"{DOC}.description", _put(None, 2, "description")),
    ("fhir_structure", f"{ATTACHMENT}.size", _put("21", 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{ATTACHMENT}.size", _put(True, 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{ATTACHMENT}.size", _put(21.0, 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{DOC}.contents", _put([], 2, "contents")),
    ("fhir_structure", f"{DOC}", _put([], 2, "Jean Dupont, né le 3")),
]


@pytest.mark.parametrize(("code", "place", "change"), REFUSED)
def test_what_is_wrong_is_said_once_where_it_is(code: str, place: str, change: Change) -> None:
    provided = read(change)
    assert provided.submission is None
    assert faults(provided)[0] == (code, place)


def test_what_was_sent_wrong_is_not_said_missing_as_well() -> None:
    assert faults(read(_put(5, 2, "status"))) == [("fhir_structure", f"{DOC}.status")]
    assert faults(read(_put([{"coding": [{"code": 3}]}], 2, "category"))) == [
        ("fhir_structure", f"{DOC}.category[0].coding[0].code")
    ]


NOBODY: list[Json] = [
    {"resourceType": "Device", "id": "x"},
    {"resourceType": "Device", "id": "x", "deviceName": [{"type": "user-friendly-name"}]},
    {"resourceType": "PractitionerRole", "id": "x"},
    {"resourceType": "PractitionerRole", "id": "x", "specialty": [bundles.coding("G15_10/SM26")]},
    {"resourceType": "PractitionerRole", "id": "x", "practitioner": {"reference": "#x"}},
    {"resourceType": "Practitioner", "id": "x", "name": [{"use": "official"}]},
    {"resourceType": "Organization", "id": "x"},
]


@pytest.mark.parametrize("resource", NOBODY)
def test_an_author_who_is_nobody_is_missing(resource: Json) -> None:
    nobody = read(lambda b, s, d, y: d["contained"].append(resource), _put([{"reference": "#x"}], 2, "author"))
    assert faults(nobody) == [("element_missing", f"{DOC}.contained[4]")]
    assert faults(read(_put([{"identifier": {"system": "urn:oid:1.2"}}], 2, "author"))) == [
        ("element_missing", f"{DOC}.author[0]")
    ]


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
        ({"resourceType": "Practitioner", "name": [{"text": "Dr Le Goff"}]}, Author(family="Dr Le Goff")),
        ({"resourceType": "Practitioner", "name": [{"text": "Anne", "given": ["Anne"]}]}, Author(given="Anne")),
    ],
)
def test_an_author_with_a_name_or_an_identifier_is_enough(resource: Json, author: Author) -> None:
    def add(b: Json, s: Json, d: Json, y: Json) -> None:
        d["contained"] += [{**resource, "id": "x"}, {"resourceType": "Practitioner", "id": "y"}]

    submission = read(add, _put([{"reference": "#x"}], 2, "author")).submission
    assert submission is not None
    assert submission.documents[0].entry.authors == (author,)


def test_a_problem_of_the_json_is_shown_as_a_path_of_the_bundle() -> None:
    assert faults(parse(b'{"resourceType":"Bundle","entry":[{"a":1,"a":2}]}', READING)) == [
        ("json_malformed", "Bundle.entry[0].a")
    ]
    assert faults(parse(b'{"resourceType":}', READING)) == [("json_malformed", "byte 16")]


def test_every_problem_of_a_bundle_is_listed_at_once() -> None:
    provided = read(_drop(1, "mode"), _put("x", 2, "date"), _drop(2, "type"), _put("!", 3, "data"))
    assert faults(provided) == [
        ("element_missing", f"{DOC}.type"),
        ("value_invalid", f"{DOC}.date"),
        ("value_invalid", f"{BIN}.data"),
        ("element_missing", f"{LIST}.mode"),
    ]


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        ({"resourceType": "Patient", "id": "p"}, "Bundle.entry[3].resource"),
        ({"resourceType": "List", "code": bundles.coding("folder")}, "Bundle.entry[3].resource"),
        ({"resourceType": "Bundle", "type": "document"}, "Bundle.entry[3].resource"),
        ({"resourceType": "Observation"}, "Bundle.entry[3].resource"),
        ({"resourceType": "Organization", "name": "x"}, "Bundle.entry[3].resource"),
    ],
)
def test_entries_that_are_not_part_of_a_deposit_are_refused(resource: Json, place: str) -> None:
    provided = read(lambda b, s, d, y: b["entry"].append(bundles.entry("urn:uuid:x", resource)))
    assert ("element_unsupported", place) in faults(provided)


def test_a_binary_belongs_to_one_document_and_none_is_left_over() -> None:
    def share(b: Json, s: Json, d: Json, y: Json) -> None:
        _second_document(b, s, d, y)
        b["entry"][3]["resource"]["content"][0]["attachment"]["url"] = bundles.BINARY_URL

    assert faults(read(share)) == [
        ("value_invalid", "Bundle.entry[3].resource.content[0].attachment.url"),
        ("reference_unresolved", "Bundle.entry[4].resource"),
    ]
    absent = read(_put("http://canary.test/doc", 2, "content", 0, "attachment", "url"))
    assert faults(absent) == [("reference_unresolved", f"{ATTACHMENT}.url"), ("reference_unresolved", BIN)]


def test_several_documents_keep_their_own_bytes_and_order() -> None:
    provided = read(_second_document)
    assert provided.submission is not None
    ids = [document.entry.unique_id for document in provided.submission.documents]
    assert ids == ["1.2.250.1.999.1.1.8", "urn:uuid:abcdef01-2345-4789-8abc-def012345678"]
    assert provided.parts[3:] == (Part(Role.DOCUMENT, 1), Part(Role.CONTENT, 1))


def test_a_set_lists_every_document_of_the_bundle_and_nothing_else() -> None:
    unlisted = read(_second_document, _drop(1, "entry", 1))
    assert faults(unlisted) == [("element_missing", f"{LIST}.entry")]
    foreign = read(lambda b, s, d, y: s["entry"].append({"item": {"reference": "DocumentReference/other"}}))
    assert faults(foreign) == [("reference_unresolved", f"{LIST}.entry[1].item.reference")]
    twice = read(lambda b, s, d, y: s["entry"].append(s["entry"][0]))
    assert faults(twice) == [("value_invalid", f"{LIST}.entry[1].item.reference")]


def test_exactly_one_set_and_at_least_one_document() -> None:
    none = read(lambda b, s, d, y: b["entry"].pop(0))
    assert faults(none)[-1] == ("element_missing", "Bundle.entry")
    two = read(lambda b, s, d, y: b["entry"].append(bundles.entry("urn:uuid:s2", bundles.submission_set())))
    assert faults(two) == [("value_invalid", "Bundle.entry[3].resource")]
    assert ("element_missing", "Bundle.entry") in faults(read(lambda b, s, d, y: b.update(entry=b["entry"][:1])))


def _replaces(target: Json, code: str = "replaces") -> Change:
    return lambda b, s, d, y: d.update(relatesTo=[{"code": code, "target": target}])


@pytest.mark.parametrize(
    ("target", "replaced"),
    [
        ({"reference": "DocumentReference/old-1"}, "DocumentReference/old-1"),
        ({"reference": "http://localhost:8000/fhir/DocumentReference/old-1"}, "DocumentReference/old-1"),
        ({"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.4"}}, "1.2.3.4"),
    ],
)
def test_a_replacement_names_its_target(target: Json, replaced: str) -> None:
    submission = read(_replaces(target)).submission
    assert submission is not None
    assert submission.documents[0].replaces == replaced


def test_the_patch_of_a_replacement_is_taken_when_it_says_what_is_done_anyway() -> None:
    old = _replaces({"reference": "DocumentReference/old-1"})
    provided = read(old, lambda b, s, d, y: b["entry"].append(bundles.patch()))
    assert provided.problems == ()
    assert provided.parts[3] == Part(Role.SUPERSEDED, 0)


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        (
            [_replaces({"reference": "DocumentReference/a"}, "appends")],
            "element_unsupported",
            f"{DOC}.relatesTo[0].code",
        ),
        ([_replaces({"reference": "DocumentReference/a"}, "signs")], "element_unsupported", f"{DOC}.relatesTo[0].code"),
        (
            [_replaces({"reference": "http://other.test/fhir/DocumentReference/a"})],
            "reference_unresolved",
            f"{DOC}.relatesTo[0].target.reference",
        ),
        (
            [_replaces({"reference": "DocumentReference/../Patient/1"})],
            "reference_unresolved",
            f"{DOC}.relatesTo[0].target.reference",
        ),
        ([lambda b, s, d, y: b["entry"].append(bundles.patch())], "element_unsupported", "Bundle.entry[3].request.url"),
        (
            [
                _replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch("DocumentReference/old-2")),
            ],
            "element_unsupported",
            "Bundle.entry[3].request.url",
        ),
        (
            [
                _replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch()),
                _put("current", 0, "entry", 3, "resource", "parameter", 0, "part", 2, "valueCode"),
            ],
            "element_unsupported",
            "Bundle.entry[3].resource",
        ),
        (
            [
                _replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch()),
                _put("DocumentReference.subject", 0, "entry", 3, "resource", "parameter", 0, "part", 1, "valueString"),
            ],
            "element_unsupported",
            "Bundle.entry[3].resource",
        ),
    ],
)
def test_other_relations_and_other_patches_are_refused(changes: list[Change], code: str, place: str) -> None:
    assert (code, place) in faults(read(*changes))


def test_without_labels_a_document_is_normal_and_with_visibility_alone_too() -> None:
    none = read(_drop(2, "securityLabel")).submission
    alone = read(lambda b, s, d, y: d["securityLabel"].pop(0)).submission
    assert none is not None and alone is not None
    assert (none.documents[0].entry.confidentiality, none.documents[0].entry.visibility) == ("N", frozenset())
    assert alone.documents[0].entry.confidentiality == "N"


def test_of_several_codings_the_national_one_is_kept() -> None:
    codings = {"coding": [{"code": "LOCAL", "system": "http://x"}, {"code": "11502-2", "system": "http://loinc.org"}]}
    submission = read(_put(codings, 2, "type")).submission
    assert submission is not None
    assert submission.documents[0].entry.type == Coded("11502-2", "http://loinc.org")


def test_base64_may_be_cut_in_lines() -> None:
    submission = read(_put("aGVs\r\nbG8=\n", 3, "data")).submission
    assert submission is not None
    assert submission.documents[0].content == b"hello"


def test_a_source_that_is_neither_oid_nor_uri_is_told_with_its_system() -> None:
    stated = {"system": "urn:oid:1.2.250.1.213.1.1.1", "value": "SRC-01"}
    submission = read(_put(stated, 1, "extension", 1, "valueIdentifier")).submission
    assert submission is not None
    assert submission.source_id == "1.2.250.1.213.1.1.1|SRC-01"


def test_a_body_that_is_no_bundle_is_refused() -> None:
    for body in (b"[]", b"{}", b"3", b'{"resourceType":"Nothing"}', json.dumps(bundles.document()).encode()):
        assert faults(parse(body, READING)) == [("fhir_structure", "Bundle")]


def test_a_hundred_problems_are_enough() -> None:
    provided = read(lambda b, s, d, y: b.update(entry=[{"fullUrl": f"urn:{i}"} for i in range(5_000)]))
    assert len(provided.problems) == 100


PATHS = st.lists(st.integers(0, 40), min_size=1, max_size=8)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"reference": "#role"}),
    st.just("#"),
    st.just("urn:oid:"),
    st.just("Patient?"),
    st.sampled_from(["2026-13-45", "Patient?identifier=|", "DocumentReference/", "data:", "1e400"]),
)


def _spoil(tree: Any, path: list[int], value: object) -> None:
    for step in path:
        keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        if not keys:
            return
        key = keys[step % len(keys)]
        if step == path[-1] or not isinstance(tree[key], dict | list):
            tree[key] = value
            return
        tree = tree[key]


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(PATHS, VALUES), min_size=1, max_size=4))
def test_a_bundle_spoiled_anywhere_is_read_or_refused_and_never_raises(spoils: list[tuple[list[int], object]]) -> None:
    made = bundles.bundle()
    for path, value in spoils:
        _spoil(made, path, copy.deepcopy(value))
    provided = parse(json.dumps(made).encode(), READING)
    assert (provided.submission is None) == bool(provided.problems)


REFERENCES = st.one_of(
    st.text(max_size=80),
    st.text(max_size=80).map(lambda text: f"Patient?{text}"),
    st.text(max_size=80).map(lambda text: f"Patient?identifier={text}"),
    st.lists(
        st.sampled_from(["a=1", "identifier=", "urn:oid:1.2|3", "&", "%", "%ff", "%00", ";", "#", "|"]), max_size=30
    ).map(lambda parts: "Patient?" + "".join(parts)),
)


@settings(max_examples=200, deadline=None)
@given(REFERENCES, st.sampled_from(["subject", "authenticator", "custodian"]))
def test_no_reference_makes_the_reading_fail(reference: str, element: str) -> None:
    provided = read(_put({"reference": reference}, 2, element))
    assert (provided.submission is None) == bool(provided.problems)


SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "fhir"
OFFICIAL = (
    "pdsm-3.1.x/derived-json/bundle-iti65-replace.json",
    "PDSM4DMP-EEDS/input/examples/Bundle-example-td2-iti65-lot-soumission.json",
    "PDSM4DMP-EEDS/input/examples/Bundle-example-td2-1-remplacement.json",
)


@pytest.mark.parametrize("path", [SHARED / name for name in OFFICIAL if SHARED.is_dir()], ids=lambda path: path.name)
def test_the_official_bundles_are_read(path: Path) -> None:
    assert parse(path.read_bytes(), READING).problems == ()
