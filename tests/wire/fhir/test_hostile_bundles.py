"""ITI-65: what a sender could slip past the reading, a restriction or a weak identity lost, or a text without end."""

import json
import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import bundles
from espace.kernel.words import Visibility
from espace.wire.fhir.documents import Reading
from espace.wire.fhir.provide_bundle import Provided, parse

Json = dict[str, Any]

READING = Reading(zone=ZoneInfo("Europe/Paris"), base="http://localhost:8000/fhir", max_bytes=1_000)
DOC, BIN = "Bundle.entry[1].resource", "Bundle.entry[2].resource"
TITLE = f"{DOC}.content[0].attachment.title"
FR_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"
INTEROPSANTE = "http://interopsante.org/fhir/StructureDefinition/FrPatientIdentReliability"
INTEROPSANTE_AT_HL7 = "http://hl7.fr/interopsante/StructureDefinition/fr-patient-ident-reliability"


def with_document(**elements: object) -> Provided:
    return parse(bundles.spoiled(lambda b, s, d, y: d.update(elements)), READING)


def faults(provided: Provided) -> list[tuple[str, str]]:
    return [(problem.reason.code, problem.place) for problem in provided.problems]


def labels(*concepts: list[str]) -> list[Json]:
    return [{"coding": [{"code": code} for code in codes]} for codes in concepts]


@pytest.mark.parametrize(
    ("said", "confidentiality", "visibility"),
    [
        (labels(["N", "INVISIBLE_PATIENT"]), "N", {Visibility.INVISIBLE_PATIENT}),
        (labels(["INVISIBLE_PATIENT", "R"]), "R", {Visibility.INVISIBLE_PATIENT}),
        (labels(["MASQUE_PS", "INVISIBLE_PATIENT"]), "N", {Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT}),
        (labels(["MASQUE_PS"], ["V", "MASQUE_PS"]), "V", {Visibility.MASQUE_PS}),
    ],
)
def test_every_coding_of_every_label_counts(
    said: list[Json], confidentiality: str, visibility: set[Visibility]
) -> None:
    provided = with_document(securityLabel=said)
    assert provided.problems == () and provided.submission is not None
    entry = provided.submission.documents[0].entry
    assert entry.confidentiality == confidentiality
    assert set(entry.visibility) == visibility


@pytest.mark.parametrize(
    ("said", "code", "place"),
    [
        (labels(["N", "R"]), "value_invalid", f"{DOC}.securityLabel[0]"),
        (labels(["N"], ["MASQUE_PS", "V"]), "value_invalid", f"{DOC}.securityLabel[1]"),
        (labels(["N", "INVISIBLE_PATIENTS"]), "code_unknown", f"{DOC}.securityLabel[0]"),
        ([{"coding": [{"code": "N"}, {"display": "Invisible patient"}]}], "code_unknown", f"{DOC}.securityLabel[0]"),
        ([{"text": "Invisible patient"}], "code_unknown", f"{DOC}.securityLabel[0]"),
    ],
)
def test_labels_that_cannot_all_be_obeyed_are_refused(said: list[Json], code: str, place: str) -> None:
    assert faults(with_document(securityLabel=said)) == [(code, place)]


def test_a_restriction_on_the_binary_or_the_bundle_is_refused_and_normal_is_none() -> None:
    hidden, normal = {"security": [{"code": "INVISIBLE_PATIENT"}]}, {"security": [{"code": "N"}]}
    on_binary = parse(bundles.spoiled(lambda b, s, d, y: y.update(meta=hidden)), READING)
    on_bundle = parse(bundles.spoiled(lambda b, s, d, y: b.update(meta=hidden)), READING)
    assert faults(on_binary) == [("element_unsupported", f"{BIN}.meta.security[0]")]
    assert faults(on_bundle) == [("element_unsupported", "Bundle.meta.security[0]")]
    both = parse(bundles.spoiled(lambda b, s, d, y: [part.update(meta=normal) for part in (b, y)]), READING)
    assert both.problems == ()


def test_a_text_has_4000_characters_at_most_whatever_it_looks_like() -> None:
    def titled(title: str) -> Provided:
        return parse(bundles.spoiled(lambda b, s, d, y: d["content"][0]["attachment"].update(title=title)), READING)

    assert titled("é" * 4_000).problems == ()
    assert faults(titled("é" * 4_001)) == [("value_invalid", TITLE)]
    assert faults(titled("A" * 5_000_000)) == [("value_invalid", TITLE)]


def test_the_content_alone_may_be_longer() -> None:
    wide = Reading(zone=READING.zone, base=READING.base, max_bytes=10_000)
    provided = parse(bundles.spoiled(lambda b, s, d, y: y.update(data="AAAA" * 2_000)), wide)
    assert provided.submission is not None
    assert provided.submission.documents[0].content == bytes(6_000)


@pytest.mark.parametrize(
    ("element", "item"),
    [
        ("author", {"reference": "#role"}),
        ("identifier", {"value": "x"}),
        ("securityLabel", {"coding": [{"code": "MASQUE_PS"}]}),
    ],
)
def test_an_element_is_repeated_100_times_at_most(element: str, item: Json) -> None:
    assert with_document(**{element: [item] * 100}).problems == ()
    assert faults(with_document(**{element: [item] * 101})) == [("value_invalid", f"{DOC}.{element}")]


def test_a_resource_contains_100_others_at_most() -> None:
    def holding(count: int) -> Provided:
        there = bundles.document()["contained"]
        more = [{"resourceType": "Device", "id": f"d{index}"} for index in range(count - len(there))]
        return with_document(contained=[*there, *more])

    assert holding(100).problems == ()
    assert faults(holding(101))[0] == ("value_invalid", f"{DOC}.contained")


def _of_documents(count: int) -> bytes:
    made = bundles.bundle()
    for index in range(1, count):
        document = bundles.document()
        document["masterIdentifier"]["value"] = f"urn:oid:1.2.250.1.999.1.2.{index}"
        document["content"][0]["attachment"]["url"] = f"urn:b{index}"
        made["entry"] += [
            bundles.entry(f"urn:d{index}", document),
            bundles.entry(f"urn:b{index}", bundles.binary()),
        ]
        made["entry"][0]["resource"]["entry"].append({"item": {"reference": f"urn:d{index}"}})
    return json.dumps(made).encode()


def test_a_bundle_has_100_documents_at_most() -> None:
    assert parse(_of_documents(100), READING).problems == ()
    assert faults(parse(_of_documents(101), READING)) == [
        ("value_invalid", "Bundle.entry[0].resource.entry"),
        ("value_invalid", "Bundle.entry[201].resource"),
    ]


def test_base64_full_of_white_space_is_read_in_passing() -> None:
    wide = Reading(zone=READING.zone, base=READING.base, max_bytes=20_000_000)
    body = bundles.spoiled(lambda b, s, d, y: y.update(data="A A A A " * 2_500_000))
    start = time.process_time()
    provided = parse(body, wide)
    assert time.process_time() - start < 1
    assert provided.submission is not None
    assert provided.submission.documents[0].content == bytes(7_500_000)


@pytest.mark.parametrize("data", ["AAA\u00a0A", "AA é", "A A A", "AA==\nAA=="])
def test_only_white_space_is_passed_over_in_base64(data: str) -> None:
    provided = parse(bundles.spoiled(lambda b, s, d, y: y.update(data=data)), READING)
    assert faults(provided) == [("value_invalid", f"{BIN}.data")]


def reliability(*extensions: Json) -> str:
    """What the contained Patient's statement says, its own reliability replaced by these extensions."""

    def change(b: Json, s: Json, d: Json, y: Json) -> None:
        patient = d["contained"][0]
        patient["extension"] = [*extensions, patient["extension"][1]]

    submission = parse(bundles.spoiled(change), READING).submission
    assert submission is not None
    return submission.documents[0].patients[1].reliability


def concept(*codes: str) -> Json:
    return {"valueCodeableConcept": {"coding": [{"code": code} for code in codes]}}


def nested(value: Json) -> Json:
    return {"extension": [{"url": "identityStatus", **value}]}


@pytest.mark.parametrize("url", [FR_CORE, f"{FR_CORE}|2.1.0", INTEROPSANTE, INTEROPSANTE_AT_HL7])
@pytest.mark.parametrize("code", ["PROV", "VALI", "QUAL"])
def test_an_identity_status_is_read_in_every_form_and_under_every_name(url: str, code: str) -> None:
    forms: list[Json] = [{"valueCoding": {"code": code}}, concept(code), {"valueCode": code}, {"valueString": code}]
    for form in [*forms, *map(nested, forms)]:
        assert reliability({"url": url, **form}) == code


@pytest.mark.parametrize(
    ("extensions", "status"),
    [
        ([{"url": FR_CORE, "valueCode": "VALI"}, {"url": FR_CORE, "valueCode": "PROV"}], "PROV"),
        ([{"url": FR_CORE, "valueCode": "vali"}, {"url": INTEROPSANTE, "valueCode": "PROV"}], "PROV"),
        ([{"url": FR_CORE, **concept("VALI", "PROV")}], "PROV"),
        ([{"url": FR_CORE, "valueCoding": {"code": "VALI"}, **nested({"valueCode": "PROV"})}], "PROV"),
        ([{"url": FR_CORE, "valueCoding": {"display": "Identité provisoire"}}], "UNREADABLE"),
        ([{"url": FR_CORE, "valueCodeableConcept": {"text": "Identité provisoire"}}], "UNREADABLE"),
        ([{"url": FR_CORE, "valueUri": "urn:PROV"}], "UNREADABLE"),
        ([{"url": FR_CORE, "extension": [{"url": "validationMode", "valueCode": "CN"}]}], "UNREADABLE"),
        ([{"url": FR_CORE, "valueCode": "VALI", **nested({"valueUri": "urn:PROV"})}], "UNREADABLE"),
        ([{"url": FR_CORE, "valueCode": "VALI"}, {"url": INTEROPSANTE}], "UNREADABLE"),
        ([{"url": "http://hl7.org/fhir/StructureDefinition/patient-importance", "valueCode": "PROV"}], ""),
    ],
)
def test_the_weakest_identity_status_is_kept_and_silence_only_where_there_is_none(
    extensions: list[Json], status: str
) -> None:
    assert reliability(*extensions) == status


def test_an_identity_status_on_the_ins_itself_counts() -> None:
    weak = {"url": FR_CORE, "valueCode": "PROV"}
    body = bundles.spoiled(lambda b, s, d, y: d["contained"][0]["identifier"][0].update(extension=[weak]))
    submission = parse(body, READING).submission
    assert submission is not None
    assert submission.documents[0].patients[1].reliability == "PROV"
