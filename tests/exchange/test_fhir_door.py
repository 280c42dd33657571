"""The FHIR door from end to end: deposit, follow, read; and what every stranger gets."""

import base64
import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import bundles
from cast import Holder, holder, organisation
from door import (
    call,
    deposit_of,
    feeder_token,
    holder_token,
    own_deposits,
    patient_of,
    post,
    send,
    with_another,
)
from espace.identity.facts import Organisation

pytestmark = pytest.mark.django_db

Json = dict[str, Any]


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def test_a_deposit_is_answered_entry_by_entry_and_read_back_by_its_holder(
    hospital: Organisation, camille: Holder
) -> None:
    answer = send(deposit_of(camille), hospital)
    assert (answer.status, answer.json["type"]) == (200, "transaction-response")
    responses = [entry["response"] for entry in answer.json["entry"]]
    assert [one["status"] for one in responses] == ["201 Created"] * 3
    kinds, ids = zip(*(one["location"].split("/") for one in responses), strict=True)
    assert kinds == ("List", "DocumentReference", "Binary")
    assert ids[1] == ids[2] != ids[0]

    read = call("GET", f"/fhir/Binary/{ids[1]}", token=holder_token(camille.patient))
    assert (read.status, read.body) == (200, bundles.CONTENT)
    assert read.headers["Content-Type"] == "text/plain"
    assert read.headers["Content-Disposition"] == f'attachment; filename="document-{ids[1]}.txt"'
    assert read.headers["X-Content-Type-Options"] == "nosniff"
    assert read.headers["Cache-Control"] == "no-store"
    assert "sandbox" in read.headers["Content-Security-Policy"]

    as_json = call("GET", f"/fhir/Binary/{ids[1]}", token=holder_token(camille.patient), accept="application/fhir+json")
    assert as_json.json == {
        "resourceType": "Binary",
        "id": ids[1],
        "contentType": "text/plain",
        "data": base64.b64encode(bundles.CONTENT).decode(),
    }
    head = call("HEAD", f"/fhir/Binary/{ids[1]}", token=holder_token(camille.patient))
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(bundles.CONTENT)))


def test_the_same_deposit_again_gets_the_same_ids(hospital: Organisation, camille: Holder) -> None:
    made = deposit_of(camille)
    first, again = send(made, hospital), send(made, hospital)
    locations = [[entry["response"]["location"] for entry in one.json["entry"]] for one in (first, again)]
    assert locations[0] == locations[1]
    assert {entry["response"]["status"] for entry in again.json["entry"]} == {"200 OK"}


def test_of_two_documents_the_repeated_one_alone_is_told_as_such(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    first = send(deposit_of(camille, uid=uid), hospital).json["entry"]
    again = send(with_another(deposit_of(camille, uid=uid)), hospital).json["entry"]
    assert [entry["response"]["status"] for entry in again] == [
        "201 Created",
        "200 OK",
        "200 OK",
        "201 Created",
        "201 Created",
    ]
    locations = [[entry["response"]["location"] for entry in one] for one in (first, again)]
    assert locations[1][1:3] == locations[0][1:3]
    assert len({*locations[0], *locations[1]}) == 6


def test_a_new_version_replaces_and_the_patch_is_answered(hospital: Organisation, camille: Holder) -> None:
    old = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"]
    made = deposit_of(camille, b"version 2")
    made["entry"][1]["resource"]["relatesTo"] = [{"code": "replaces", "target": {"reference": old}}]
    made["entry"].append(bundles.patch(old))
    answer = send(made, hospital)
    assert [entry["response"]["status"] for entry in answer.json["entry"]] == ["201 Created"] * 3 + ["200 OK"]
    assert answer.json["entry"][3]["response"]["location"] == old
    statuses = {e["resource"]["id"]: e["resource"]["status"] for e in own_deposits(camille, hospital).json["entry"]}
    assert statuses[old.split("/")[1]] == "superseded"
    new = answer.json["entry"][1]["response"]["location"]
    read = call("GET", f"/fhir/{new}", token=holder_token(camille.patient)).json
    assert read["relatesTo"] == [{"code": "replaces", "target": {"reference": old}}]


def test_a_holder_does_not_deposit_here(camille: Holder) -> None:
    answer = post("/fhir", json.dumps(deposit_of(camille)).encode(), token=holder_token(camille.patient))
    assert (answer.status, answer.codes) == (403, ["holder_cannot_feed"])


def test_the_token_comes_before_the_body_and_by_its_own_header_only(hospital: Organisation) -> None:
    assert post("/fhir", b"not json").codes == ["token_missing"]
    assert post("/fhir", b"not json", token="x" * 43).codes == ["token_invalid"]
    assert post("/fhir", b"not json", authorization="Basic eDp5").codes == ["token_invalid"]
    assert post("/fhir", b"not json", token="é" * 600).codes == ["token_invalid"]
    assert post("/fhir", b"not json", token=feeder_token(hospital, lifetime=timedelta(0))).codes == ["token_expired"]
    search_only = feeder_token(hospital, scope="system/DocumentReference.s")
    answer = post("/fhir", b"not json", token=search_only)
    assert (answer.status, answer.codes) == (403, ["scope_insufficient"])
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="espace", error="insufficient_scope"'
    assert post("/fhir", b"not json", token=feeder_token(hospital)).codes == ["json_malformed"]


def _change(step: Callable[[Json, Json, Json], object]) -> Callable[[Json], Json]:
    def change(made: Json) -> Json:
        step(*(entry["resource"] for entry in made["entry"]))
        return made

    return change


REFUSED: list[tuple[str, int, str, Callable[[Json], Json]]] = [
    (
        "hash_mismatch",
        422,
        "attachment.hash",
        _change(lambda s, d, b: d["content"][0]["attachment"].update(hash="8pl7Z12YNSlZS4mJh2qLlsxX0Vg=")),
    ),
    ("size_mismatch", 422, "attachment.size", _change(lambda s, d, b: d["content"][0]["attachment"].update(size=9))),
    ("code_unknown", 422, "type", _change(lambda s, d, b: d.update(type=bundles.coding("99999-9")))),
    ("class_mismatch", 422, "category", _change(lambda s, d, b: d.update(category=[bundles.coding("42")]))),
    (
        "replace_refused",
        422,
        "relatesTo",
        _change(
            lambda s, d, b: d.update(
                relatesTo=[{"code": "replaces", "target": {"reference": f"DocumentReference/{uuid4()}"}}]
            )
        ),
    ),
    (
        "source_not_yours",
        403,
        "",
        _change(lambda s, d, b: s["extension"][1]["valueIdentifier"].update(value="urn:oid:1.2.3")),
    ),
    (
        "ins_malformed",
        422,
        "",
        _change(
            lambda s, d, b: [
                one.update(value=one["value"][:-1])
                for one in (s["subject"]["identifier"], d["contained"][0]["identifier"][0])
            ]
        ),
    ),
    ("identities_differ", 422, "", _change(lambda s, d, b: s["subject"]["identifier"].update(value="279035121518989"))),
    ("traits_disagree", 422, "", _change(lambda s, d, b: d["contained"][0].update(birthDate="1985-03-08"))),
    ("traits_missing", 422, "", _change(lambda s, d, b: d["contained"][0].pop("birthDate"))),
    (
        "ins_not_qualified",
        422,
        "",
        _change(
            lambda s, d, b: d["contained"][0].update(
                extension=[{"url": f"{bundles.FR_CORE}/fr-core-identity-reliability", "valueCoding": {"code": "PROV"}}]
            )
        ),
    ),
    ("json_malformed", 400, "", lambda made: {**made, "x\x00": 1}),
    ("fhir_structure", 400, "Bundle.entry", lambda made: {**made, "entry": {}}),
    ("element_missing", 422, "Bundle.entry[1].resource.type", _change(lambda s, d, b: d.pop("type"))),
]


@pytest.mark.parametrize(("code", "status", "place", "change"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_deposit_is_refused_with_its_reason_and_nothing_is_kept(
    hospital: Organisation, camille: Holder, code: str, status: int, place: str, change: Callable[[Json], Json]
) -> None:
    answer = send(change(deposit_of(camille)), hospital)
    assert (answer.status, answer.codes[0]) == (status, code)
    assert place in "".join(answer.places)
    [issue, *_] = answer.json["issue"]
    assert issue["severity"] == "error" and issue["details"]["text"].endswith(".")
    assert own_deposits(camille, hospital).json["total"] == 0


def test_the_faults_of_a_cda_are_told_with_those_of_its_bundle(hospital: Organisation, camille: Holder) -> None:
    made = deposit_of(camille, b"<!DOCTYPE x><ClinicalDocument/>", mime="text/xml")
    del made["entry"][0]["resource"]["mode"]
    answer = send(made, hospital)
    assert answer.codes == ["element_missing", "xml_doctype"]
    assert answer.places == ["Bundle.entry[0].resource.mode", "Bundle.entry[2].resource.data"]
    assert answer.json["issue"][1]["diagnostics"].startswith("Bundle.entry[2].resource.data line 1")


def test_sentences_are_french_unless_english_is_preferred(hospital: Organisation) -> None:
    said = {
        wanted: post("/fhir", b"", accept_language=wanted).headers["Content-Language"]
        for wanted in ("", "en", "de, en;q=0.5, fr;q=0.4", "fr-FR, en;q=0.9", "en;q=0", "xx", "en-GB,*;q=0.1", ";;,=")
    }
    assert said == {
        "": "fr",
        "en": "en",
        "de, en;q=0.5, fr;q=0.4": "en",
        "fr-FR, en;q=0.9": "fr",
        "en;q=0": "fr",
        "xx": "fr",
        "en-GB,*;q=0.1": "en",
        ";;,=": "fr",
    }
    english = post("/fhir", b"", accept_language="en").json["issue"][0]
    assert english["details"]["text"] == "No access token comes with the request."


@pytest.mark.parametrize(
    ("kind", "headers", "status"),
    [
        ("application/fhir+xml", {}, 415),
        ("text/plain", {}, 415),
        ("", {}, 415),
        ("application/fhir+json; charset=utf-16", {}, 415),
        ("application/fhir+json", {"content_encoding": "gzip"}, 415),
        ("application/fhir+json", {"accept": "application/fhir+xml"}, 406),
        ("application/fhir+json", {"content_length": "99999999999"}, 413),
        ("application/fhir+json", {"content_length": "1" * 40}, 413),
        ("application/fhir+json", {"content_length": "-1"}, 400),
        ("application/fhir+json", {"content_length": "²"}, 400),
        ("application/fhir+json", {"content_length": "500"}, 400),
    ],
)
def test_other_kinds_of_request_are_refused(
    hospital: Organisation, kind: str, headers: dict[str, str], status: int
) -> None:
    answer = post("/fhir", b"{}", token=feeder_token(hospital), kind=kind, **headers)
    assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")


def test_a_body_without_a_length_is_read_to_its_end_or_its_limit(hospital: Organisation, settings: Any) -> None:
    settings.ESPACE_MAX_REQUEST_BYTES = 1_000
    token = feeder_token(hospital)
    chunked = {"content_length": "", "transfer_encoding": "chunked"}
    assert post("/fhir", b"[]" + b" " * 900, token=token, **chunked).codes == ["fhir_structure"]
    assert post("/fhir", b"[]" + b" " * 1_000, token=token, **chunked).codes == ["payload_too_large"]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/fhir/Nothing", 404, ""),
        ("GET", "/fhir/Practitioner/1", 404, ""),
        ("POST", "/fhir/Patient", 405, "GET, HEAD"),
        ("GET", "/fhir/Patient/1/DocumentReference", 404, ""),
        ("GET", "/fhir/Binary/a/b", 404, ""),
        ("GET", "/fhir/Binary/", 404, ""),
        ("GET", "/fhir/DocumentReference/", 404, ""),
        ("GET", "/fhir/../fhir/metadata", 404, ""),
        ("GET", "/fhir/metadata/", 404, ""),
        ("GET", "/fhir/METADATA", 404, ""),
        ("GET", "/fhir/metadata\n", 404, ""),
        ("GET", "/fhir/metadata;x=1", 404, ""),
        ("GET", "/xds", 404, ""),
        ("GET", "/fhir", 405, "POST"),
        ("DELETE", "/fhir/Binary/x", 405, "GET, HEAD"),
        ("PUT", "/fhir/DocumentReference", 405, "GET, HEAD, POST"),
        ("PUT", "/fhir/DocumentReference/x", 405, "DELETE, GET, HEAD, PATCH"),
        ("GET", "/fhir/DocumentReference/x/_history", 405, ""),
        ("GET", "/fhir/_history", 405, ""),
        ("POST", "/fhir/DocumentReference/$docref", 405, ""),
        ("GET", "/fhir/Binary", 405, ""),
        ("GET", "/fhir/Coverage/1", 404, ""),
        ("OPTIONS", "/fhir/metadata", 405, "GET, HEAD"),
        ("TRACE", "/fhir", 405, "POST"),
        ("", "/fhir", 405, "POST"),
    ],
)
def test_what_is_not_in_the_table_does_not_exist(method: str, path: str, status: int, allow: str) -> None:
    answer = call(method, path)
    assert (answer.status, answer.headers.get("Allow", "")) == (status, allow)
    assert method == "HEAD" or answer.json["resourceType"] == "OperationOutcome"


def test_nothing_of_a_patient_is_logged(
    hospital: Organisation, camille: Holder, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    send(deposit_of(camille), hospital)
    own_deposits(camille, hospital, nonsense="DUVAL")
    call("GET", "/fhir/DocumentReference", token="DUVAL" * 10)
    said = " ".join(str(vars(line)) for line in caplog.records)
    assert "DUVAL" not in said and camille.ins.number not in said


SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data")) / "cda"
EXAMPLE = SHARED / "BIO-CR-BIO_2024.01_TSH_1.xml"


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the published examples are not on this machine")
def test_an_official_cda_is_deposited_under_the_identity_of_its_header(hospital: Organisation) -> None:
    """The metadata state the INS alone: the traits are those of the CDA header."""
    person = holder(birth_name="PAT-TROIS", given_names=("DOMINIQUE", "MARIE-LOUISE"), born=date(1979, 3, 28))
    text = EXAMPLE.read_text("utf-8").replace("279035121518989", person.ins.number)
    content = text.replace("<county>51215</county>", "<county>44109</county>").encode()
    made = deposit_of(person, content, mime="text/xml")
    made["entry"][1]["resource"]["contained"][0] = {
        key: value for key, value in patient_of(person).items() if key in ("resourceType", "id", "identifier")
    }
    answer = send(made, hospital)
    assert answer.status == 200, answer.body
    identifier = answer.json["entry"][1]["response"]["location"].split("/")[1]
    read = call("GET", f"/fhir/Binary/{identifier}", token=holder_token(person.patient), accept="*/*")
    assert (read.body, read.headers["Content-Type"]) == (content, "text/xml")
