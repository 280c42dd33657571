"""ITI-65: every way in which a bundle is refused, with its place."""

import json

import pytest

import bundles
from espace.wire.fhir.provide_bundle import parse
from wire.fhir.spoiling import (
    ATTACHMENT,
    BIN,
    DOC,
    LIST,
    READING,
    Change,
    Json,
    drop,
    faults,
    put,
    read,
    replaces,
    second_document,
)

MISSING = [
    (drop(0, "entry", 1, "request"), ["Bundle.entry[1].request"]),
    (drop(0, "entry", 1, "request", "method"), ["Bundle.entry[1].request.method"]),
    (drop(1, "status"), [f"{LIST}.status"]),
    (drop(1, "mode"), [f"{LIST}.mode"]),
    (drop(1, "date"), [f"{LIST}.date"]),
    (drop(1, "extension", 0), [f"{LIST}.extension"]),
    (drop(1, "extension", 1), [f"{LIST}.extension"]),
    (drop(1, "entry"), [f"{LIST}.entry"]),
    (drop(2, "masterIdentifier"), [f"{DOC}.masterIdentifier"]),
    (drop(2, "masterIdentifier", "value"), [f"{DOC}.masterIdentifier.value"]),
    (drop(2, "status"), [f"{DOC}.status"]),
    (drop(2, "type"), [f"{DOC}.type"]),
    (drop(2, "category"), [f"{DOC}.category"]),
    (drop(2, "author"), [f"{DOC}.author"]),
    (drop(2, "content", 0, "format"), [f"{DOC}.content[0].format"]),
    (drop(2, "content", 0, "attachment", "contentType"), [f"{ATTACHMENT}.contentType"]),
    (drop(2, "content", 0, "attachment", "hash"), [f"{ATTACHMENT}.hash"]),
    (drop(2, "content", 0, "attachment", "size"), [f"{ATTACHMENT}.size"]),
    (drop(2, "context", "facilityType"), [f"{DOC}.context.facilityType"]),
    (drop(2, "context", "practiceSetting"), [f"{DOC}.context.practiceSetting"]),
    (drop(2, "context"), [f"{DOC}.context.facilityType", f"{DOC}.context.practiceSetting"]),
    (drop(3, "contentType"), [f"{BIN}.contentType"]),
    (drop(3, "data"), [f"{BIN}.data"]),
]


@pytest.mark.parametrize(("change", "places"), MISSING)
def test_what_is_mandatory_is_asked_for_where_it_belongs(change: Change, places: list[str]) -> None:
    provided = read(change)
    assert provided.submission is None
    assert faults(provided) == [("element_missing", place) for place in places]


REFUSED = [
    ("value_invalid", "Bundle.type", put("batch", 0, "type")),
    ("element_unsupported", "Bundle.entry[0].request", put("identifier=1", 0, "entry", 0, "request", "ifNoneExist")),
    ("element_unsupported", "Bundle.entry[2].request", put("identifier=1", 0, "entry", 2, "request", "ifNoneExist")),
    ("element_unsupported", "Bundle.entry[1].request", put('W/"1"', 0, "entry", 1, "request", "ifMatch")),
    *(
        (
            "parameter_unsupported",
            "Bundle.entry[1].request.ifNoneExist",
            put(condition, 0, "entry", 1, "request", "ifNoneExist"),
        )
        for condition in (
            "identifier=1",
            "identifier=",
            "patient=1",
            "identifier=urn:oid:1.2&status=current",
            "identifier=urn:oid:1.2,",
            "identifier=http://x|urn:oid:1.2",
            "?",
            "x" * 3_000,
        )
    ),
    ("element_unsupported", "Bundle.entry[1].request.method", put("PUT", 0, "entry", 1, "request", "method")),
    ("element_unsupported", "Bundle.entry[1].request.url", put("Binary", 0, "entry", 1, "request", "url")),
    ("value_invalid", f"{LIST}.status", put("retired", 1, "status")),
    ("value_invalid", f"{LIST}.mode", put("snapshot", 1, "mode")),
    ("value_invalid", f"{LIST}.code", put(bundles.coding("todo"), 1, "code")),
    ("value_invalid", f"{LIST}.date", put("yesterday", 1, "date")),
    ("element_unsupported", f"{LIST}.entry[0]", put(True, 1, "entry", 0, "deleted")),
    ("value_invalid", f"{DOC}.status", put("superseded", 2, "status")),
    ("element_unsupported", f"{DOC}.docStatus", put("final", 2, "docStatus")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", put("urn:oid:1.2.3^x", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", put("1.2.250.1", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", put("urn:uuid:abcd", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", put("urn:oid:1." + "2" * 64, 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.value", put("urn:oid:1.٣.4", 2, "masterIdentifier", "value")),
    ("value_invalid", f"{DOC}.masterIdentifier.system", put("http://x", 2, "masterIdentifier", "system")),
    ("value_invalid", f"{DOC}.date", put("2026-03-04", 2, "date")),
    ("value_invalid", f"{DOC}.date", put("2026-03-04T09:30:00", 2, "date")),
    ("value_invalid", f"{DOC}.context.period.start", put("2026-02-30", 2, "context", "period", "start")),
    ("value_invalid", f"{DOC}.date", put("9999-12-31T23:59:59-12:00", 2, "date")),
    ("value_invalid", f"{DOC}.context.period.start", put("0000", 2, "context", "period", "start")),
    ("value_invalid", f"{DOC}.context.period.start", put("٢٠٢٦", 2, "context", "period", "start")),
    ("value_invalid", f"{ATTACHMENT}.creation", put("2026-3-4", 2, "content", 0, "attachment", "creation")),
    ("value_invalid", f"{ATTACHMENT}.hash", put("f9b4fbef" * 5, 2, "content", 0, "attachment", "hash")),
    ("value_invalid", f"{ATTACHMENT}.size", put(-1, 2, "content", 0, "attachment", "size")),
    ("element_unsupported", f"{ATTACHMENT}.data", put("aGVsbG8=", 2, "content", 0, "attachment", "data")),
    ("value_invalid", f"{DOC}.securityLabel[1]", put(bundles.coding("R"), 2, "securityLabel", 1)),
    ("code_unknown", f"{DOC}.securityLabel[1]", put(bundles.coding("MASQUE_PSOCIAL"), 2, "securityLabel", 1)),
    ("element_unsupported", f"{DOC}.meta.security[0]", put({"security": [{"code": "INVISIBLE_PATIENT"}]}, 2, "meta")),
    ("element_unsupported", f"{DOC}.modifierExtension", put([{"url": "x"}], 2, "modifierExtension")),
    ("element_unsupported", f"{DOC}.implicitRules", put("http://x", 2, "implicitRules")),
    ("element_unsupported", f"{DOC}.category[1]", lambda b, s, d, y: d["category"].append(bundles.coding("11"))),
    ("element_unsupported", f"{DOC}.content[1]", lambda b, s, d, y: d["content"].append(d["content"][0])),
    ("reference_unresolved", f"{DOC}.author[0].reference", put("#nobody", 2, "author", 0, "reference")),
    ("reference_unresolved", f"{DOC}.author[0].reference", put("Practitioner/7", 2, "author", 0, "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", put("#nobody", 2, "subject", "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", put("http://evil.test/Patient/1", 2, "subject", "reference")),
    ("reference_unresolved", f"{DOC}.subject.reference", put("Patient/../Practitioner/1", 2, "subject", "reference")),
    ("fhir_structure", f"{DOC}.subject.reference", put("#doctor", 2, "subject", "reference")),
    ("value_invalid", f"{DOC}.subject.reference", put("Patient?name=Dupont", 2, "subject", "reference")),
    *(
        ("value_invalid", f"{DOC}.subject.reference", put(f"Patient?{query}", 2, "subject", "reference"))
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
    ("value_invalid", f"{DOC}.contained[0].birthDate", put("1979-03", 2, "contained", 0, "birthDate")),
    ("value_invalid", f"{DOC}.contained[1].id", put("patient", 2, "contained", 1, "id")),
    ("element_unsupported", f"{DOC}.contained[3]", put("Observation", 2, "contained", 3, "resourceType")),
    ("content_type_mismatch", f"{BIN}.contentType", put("text/xml", 3, "contentType")),
    ("value_invalid", f"{BIN}.data", put("aGVsbG8", 3, "data")),
    ("value_invalid", f"{BIN}.data", put("aGVs*bG8=", 3, "data")),
    ("content_too_large", f"{BIN}.data", put("AAAA" * 400, 3, "data")),
    ("element_unsupported", f"{BIN}.securityContext", put({"reference": "Patient/1"}, 3, "securityContext")),
    ("fhir_structure", f"{DOC}.status", put(["current"], 2, "status")),
    ("fhir_structure", f"{DOC}.category", put({"coding": []}, 2, "category")),
    ("fhir_structure", f"{DOC}.description", put("  ", 2, "description")),
    ("fhir_structure", f"{DOC}.description", put("a\x01b", 2, "description")),
    ("fhir_structure", f"{DOC}.description", put(None, 2, "description")),
    ("fhir_structure", f"{ATTACHMENT}.size", put("21", 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{ATTACHMENT}.size", put(True, 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{ATTACHMENT}.size", put(21.0, 2, "content", 0, "attachment", "size")),
    ("fhir_structure", f"{DOC}.contents", put([], 2, "contents")),
    ("fhir_structure", f"{DOC}", put([], 2, "Jean Dupont, né le 3")),
]


@pytest.mark.parametrize(("code", "place", "change"), REFUSED)
def test_what_is_wrong_is_said_once_where_it_is(code: str, place: str, change: Change) -> None:
    provided = read(change)
    assert provided.submission is None
    assert faults(provided)[0] == (code, place)


def test_what_was_sent_wrong_is_not_said_missing_as_well() -> None:
    assert faults(read(put(5, 2, "status"))) == [("fhir_structure", f"{DOC}.status")]
    assert faults(read(put([{"coding": [{"code": 3}]}], 2, "category"))) == [
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
    nobody = read(lambda b, s, d, y: d["contained"].append(resource), put([{"reference": "#x"}], 2, "author"))
    assert faults(nobody) == [("element_missing", f"{DOC}.contained[4]")]
    assert faults(read(put([{"identifier": {"system": "urn:oid:1.2"}}], 2, "author"))) == [
        ("element_missing", f"{DOC}.author[0]")
    ]


def test_a_problem_of_the_json_is_shown_as_a_path_of_the_bundle() -> None:
    assert faults(parse(b'{"resourceType":"Bundle","entry":[{"a":1,"a":2}]}', READING)) == [
        ("json_malformed", "Bundle.entry[0].a")
    ]
    assert faults(parse(b'{"resourceType":}', READING)) == [("json_malformed", "byte 16")]


def test_every_problem_of_a_bundle_is_listed_at_once() -> None:
    provided = read(drop(1, "mode"), put("x", 2, "date"), drop(2, "type"), put("!", 3, "data"))
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
        second_document(b, s, d, y)
        b["entry"][3]["resource"]["content"][0]["attachment"]["url"] = bundles.BINARY_URL

    assert faults(read(share)) == [
        ("value_invalid", "Bundle.entry[3].resource.content[0].attachment.url"),
        ("reference_unresolved", "Bundle.entry[4].resource"),
    ]
    absent = read(put("http://canary.test/doc", 2, "content", 0, "attachment", "url"))
    assert faults(absent) == [("reference_unresolved", f"{ATTACHMENT}.url"), ("reference_unresolved", BIN)]


def test_a_set_lists_every_document_of_the_bundle_and_nothing_else() -> None:
    unlisted = read(second_document, drop(1, "entry", 1))
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


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        (
            [replaces({"reference": "DocumentReference/a"}, "is")],
            "element_unsupported",
            f"{DOC}.relatesTo[0].code",
        ),
        (
            [replaces({"reference": "DocumentReference/a"}, "signs")],
            "reference_unresolved",
            f"{DOC}.relatesTo[0].target.reference",
        ),
        (
            [replaces({"reference": "http://other.test/fhir/DocumentReference/a"})],
            "reference_unresolved",
            f"{DOC}.relatesTo[0].target.reference",
        ),
        (
            [replaces({"reference": "DocumentReference/../Patient/1"})],
            "reference_unresolved",
            f"{DOC}.relatesTo[0].target.reference",
        ),
        ([lambda b, s, d, y: b["entry"].append(bundles.patch())], "element_unsupported", "Bundle.entry[3].request.url"),
        (
            [
                replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch("DocumentReference/old-2")),
            ],
            "element_unsupported",
            "Bundle.entry[3].request.url",
        ),
        (
            [
                replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch()),
                put("current", 0, "entry", 3, "resource", "parameter", 0, "part", 2, "valueCode"),
            ],
            "element_unsupported",
            "Bundle.entry[3].resource",
        ),
        (
            [
                replaces({"reference": "DocumentReference/old-1"}),
                lambda b, s, d, y: b["entry"].append(bundles.patch()),
                put("DocumentReference.subject", 0, "entry", 3, "resource", "parameter", 0, "part", 1, "valueString"),
            ],
            "element_unsupported",
            "Bundle.entry[3].resource",
        ),
    ],
)
def test_other_relations_and_other_patches_are_refused(changes: list[Change], code: str, place: str) -> None:
    assert (code, place) in faults(read(*changes))


def test_a_body_that_is_no_bundle_is_refused() -> None:
    for body in (b"[]", b"{}", b"3", b'{"resourceType":"Nothing"}', json.dumps(bundles.document()).encode()):
        assert faults(parse(body, READING)) == [("fhir_structure", "Bundle")]


def test_a_hundred_problems_are_enough() -> None:
    provided = read(lambda b, s, d, y: b.update(entry=[{"fullUrl": f"urn:{i}"} for i in range(5_000)]))
    assert len(provided.problems) == 100
