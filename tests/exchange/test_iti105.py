"""ITI-105: what is not stated comes from the CDA header; what is stated is kept; nothing of it is believed unread."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bundles
from cast import Holder, fresh_ins, holder, opposed, organisation, professional
from door import (
    call,
    deposit_of,
    feeder_token,
    holder_token,
    lines_of,
    own_deposits,
    post,
    professional_token,
    send,
)
from espace.identity.facts import Organisation
from exchange.publishing import FEED, Json, frame, letter, publish, report, simplified, stored, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def token(of: Organisation) -> str:
    return feeder_token(of, scope=FEED)


def read(of: Holder, identifier: str) -> Any:
    return call("GET", f"/fhir/DocumentReference/{identifier}", token=holder_token(of.patient)).json


def test_a_cda_alone_says_everything_that_is_needed(camille: Holder, hospital: Organisation) -> None:
    written = frame(camille)
    answer = publish(simplified(report(written)), token(hospital))
    assert answer.status == 201, answer.body
    identifier = answer.json["id"]
    assert answer.headers["Location"].endswith(f"/fhir/DocumentReference/{identifier}")
    assert re.fullmatch(r'W/"[0-9a-f]+-current"', answer.headers["ETag"])
    assert answer.headers["Last-Modified"].endswith(" GMT")
    assert answer.json["meta"]["tag"][0]["code"] == "SUBSETTED"
    found = read(camille, identifier)
    assert found["masterIdentifier"]["value"] == f"urn:oid:{written.id}"
    assert found["type"]["coding"][0]["code"] == "11502-2"
    assert found["category"][0]["coding"][0]["code"] == "10"
    assert found["date"] == "2026-03-04T10:30:00+01:00"
    assert found["context"]["period"] == {"start": "2026-03-04T10:00:00+01:00", "end": "2026-03-04T10:20:00+01:00"}
    assert found["context"]["facilityType"]["coding"][0]["code"] == "SA01"
    assert found["context"]["practiceSetting"]["coding"][0]["code"] == "ETABLISSEMENT"
    attachment = found["content"][0]["attachment"]
    assert (attachment["title"], attachment["language"]) == ("Compte rendu d’examens biologiques", "fr-FR")
    assert found["content"][0]["format"]["code"] == "urn:ihe:lab:xd-lab:2008"
    assert found["securityLabel"][0]["coding"][0]["code"] == "N"
    assert "LE GOFF" in json.dumps(found, ensure_ascii=False)


def test_a_type_that_nobody_knows_is_refused_as_such(camille: Holder, hospital: Organisation) -> None:
    made = simplified(letter(frame(camille)).replace(b'code="11490-0"', b'code="11490-9"'))
    refused = publish(made, token(hospital))
    assert (refused.status, refused.codes) == (422, ["code_unknown"])
    assert refused.json["issue"][0]["expression"] == ["DocumentReference.type"]
    assert stored(camille) == []


def test_the_bytes_are_those_that_were_sent(camille: Holder, hospital: Organisation) -> None:
    content = letter(frame(camille))
    identifier = publish(simplified(content), token(hospital)).json["id"]
    answer = call("GET", f"/fhir/Binary/{identifier}", token=holder_token(camille.patient), accept="*/*")
    assert answer.body == content
    assert read(camille, identifier)["content"][0]["format"]["code"] == "urn:ihe:iti:xds-sd:text:2008"


def test_what_is_stated_is_kept_and_the_identifier_may_be_another(camille: Holder, hospital: Organisation) -> None:
    mine = f"urn:uuid:{uuid4()}"
    stated = {
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": mine},
        "description": "Votre bilan",
        "author": [{"display": "Dr Roux"}],
        "date": "2026-03-05T08:00:00+01:00",
        "securityLabel": [bundles.coding("R")],
        "context": {"facilityType": bundles.coding("SA07"), "period": {"start": "2026-03-01"}},
    }
    answer = publish(simplified(report(frame(camille)), **stated), token(hospital))
    assert answer.status == 201, answer.body
    found = read(camille, answer.json["id"])
    assert found["masterIdentifier"]["value"] == mine
    assert found["content"][0]["attachment"]["title"] == "Votre bilan"
    assert found["date"] == "2026-03-05T08:00:00+01:00"
    assert found["securityLabel"][0]["coding"][0]["code"] == "R"
    assert found["context"]["facilityType"]["coding"][0]["code"] == "SA07"
    assert found["context"]["practiceSetting"]["coding"][0]["code"] == "ETABLISSEMENT"
    assert found["context"]["period"] == {"start": "2026-03-01T00:00:00+01:00"}


def test_sending_again_answers_with_the_first(camille: Holder, hospital: Organisation) -> None:
    made = simplified(letter(frame(camille)))
    first, again = publish(made, token(hospital)), publish(made, token(hospital))
    assert (first.status, again.status) == (201, 200)
    assert first.headers["Location"] == again.headers["Location"]
    assert first.json == again.json
    assert len(stored(camille)) == 1


def test_a_pdf_states_everything_itself(camille: Holder, hospital: Organisation) -> None:
    assert publish(whole(camille), token(hospital)).status == 201
    bare = publish(simplified(b"%PDF-1.4 x", mime="application/pdf"), token(hospital))
    assert bare.status == 422
    assert set(bare.codes) == {"element_missing"}
    assert set(bare.places) == {
        "DocumentReference.masterIdentifier",
        "DocumentReference.type",
        "DocumentReference.category",
        "DocumentReference.author",
        "DocumentReference.subject",
        "DocumentReference.content[0].format",
        "DocumentReference.content[0].attachment.title",
        "DocumentReference.content[0].attachment.creation",
        "DocumentReference.context.facilityType",
        "DocumentReference.context.practiceSetting",
    }


def test_a_minimal_answer_has_no_body(camille: Holder, hospital: Organisation) -> None:
    answer = publish(simplified(letter(frame(camille))), token(hospital), prefer="return=minimal")
    assert (answer.status, answer.body) == (201, b"")
    assert "/fhir/DocumentReference/" in answer.headers["Location"]


def test_a_professional_publishes_for_where_they_act(camille: Holder) -> None:
    anne = professional()
    answer = publish(simplified(letter(frame(camille))), professional_token(anne))
    assert answer.status == 201, answer.body
    line = lines_of(camille)[0]
    assert (line.reason, line.actor_name, line.organisation_name) == (
        "professional_feeds",
        "Anne Morel",
        "Cabinet des Tilleuls",
    )


def test_a_restriction_of_the_header_is_never_left_out(camille: Holder, hospital: Organisation) -> None:
    content = letter(frame(camille)).replace(
        b"<confidentialityCode ",
        b'<confidentialityCode code="INVISIBLE_PATIENT" codeSystem="1.2.250.1.213.1.1.4.13"/><confidentialityCode ',
        1,
    )
    lying = publish(simplified(content, securityLabel=[bundles.coding("N")]), token(hospital))
    assert (lying.codes, lying.places) == (["metadata_mismatch"], ["DocumentReference.securityLabel"])
    silent = publish(simplified(content), token(hospital))
    assert silent.status == 201
    assert [label["coding"][0]["code"] for label in silent.json["securityLabel"]] == ["N", "INVISIBLE_PATIENT"]
    assert call("GET", "/fhir/DocumentReference", token=holder_token(camille.patient)).json["total"] == 0


REFUSED: list[tuple[str, str, Json]] = [
    ("value_invalid", "DocumentReference.status", {"status": "superseded"}),
    ("element_missing", "DocumentReference.status", {"status": None}),
    ("element_missing", "DocumentReference.content[0].attachment.data", {"content": None}),
    ("metadata_mismatch", "DocumentReference.type", {"type": bundles.coding("11490-0")}),
    ("class_mismatch", "DocumentReference.category", {"category": [bundles.coding("42")]}),
    (
        "value_invalid",
        "DocumentReference.masterIdentifier.value",
        {"masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:abcd-efgh-ijkl-mnop"}},
    ),
    ("reference_unresolved", "DocumentReference.author[0].reference", {"author": [{"reference": "Practitioner/1"}]}),
    ("identities_differ", "", {"subject": {"identifier": bundles.INS}}),
    ("source_not_yours", "DocumentReference.custodian", {"custodian": {"identifier": {"value": "1999999999"}}}),
    ("element_unsupported", "DocumentReference.docStatus", {"docStatus": "final"}),
    ("element_unsupported", "DocumentReference.modifierExtension", {"modifierExtension": [{"url": "x"}]}),
    ("fhir_structure", "DocumentReference.contents", {"contents": 1}),
    ("code_unknown", "DocumentReference.securityLabel[0]", {"securityLabel": [bundles.coding("MASQUE")]}),
]


@pytest.mark.parametrize(("code", "place", "change"), REFUSED)
def test_a_near_miss_is_refused_at_its_place(
    camille: Holder, hospital: Organisation, code: str, place: str, change: Json
) -> None:
    made = {**simplified(report(frame(camille))), **change}
    answer = publish({name: value for name, value in made.items() if value is not None}, token(hospital))
    assert answer.status in (400, 403, 422)
    assert code in answer.codes
    assert not place or place in answer.places
    assert stored(camille) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"data": "a*b="}, "value_invalid"),
        ({"data": None}, "element_missing"),
        ({"data": ""}, "fhir_structure"),
        ({"size": 3}, "size_mismatch"),
        ({"hash": "2jmj7l5rSw0yVb/vlWAYkK/YBwk="}, "hash_mismatch"),
        ({"url": "http://canary.test/x"}, "element_unsupported"),
        ({"contentType": None}, "element_missing"),
    ],
)
def test_the_attachment_is_what_it_says(
    camille: Holder, hospital: Organisation, change: Json, code: str
) -> None:
    made = simplified(report(frame(camille)))
    attachment = {**made["content"][0]["attachment"], **change}
    made["content"] = [{"attachment": {name: value for name, value in attachment.items() if value is not None}}]
    answer = publish(made, token(hospital))
    assert answer.status in (400, 422)
    assert code in answer.codes
    assert stored(camille) == []


@pytest.mark.parametrize(
    ("content", "mime", "code"),
    [
        (b"%PDF-1.4 x", "image/png", "content_type_mismatch"),
        (b"<html/>", "application/pdf", "content_type_mismatch"),
        (b"PK", "application/zip", "content_type_unsupported"),
        (b"<html/>", "text/html", "content_type_unsupported"),
    ],
)
def test_a_content_is_of_the_type_stated(
    camille: Holder, hospital: Organisation, content: bytes, mime: str, code: str
) -> None:
    answer = publish(whole(camille, content, mime=mime), token(hospital))
    assert (answer.status, answer.codes) == (422, [code])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<ClinicalDocument", "xml_malformed"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><ClinicalDocument xmlns="urn:hl7-org:v3"/>', "xml_doctype"),
        (b'<ClinicalDocument xmlns="urn:hl7-org:v3"/>', "cda_incomplete"),
        (b"<a>" * 5_000, "xml_limit"),
    ],
)
def test_a_content_that_is_no_cda_is_refused_with_its_place(hospital: Organisation, content: bytes, code: str) -> None:
    answer = publish(simplified(content), token(hospital))
    assert (answer.status, answer.codes[0]) == (422, code)
    assert answer.places[0] == "DocumentReference.content[0].attachment.data"


BODIES = [
    b"",
    b"[]",
    b"null",
    b'{"resourceType":"Bundle","type":"transaction"}',
    b'{"resourceType":"DocumentReference","resourceType":"DocumentReference"}',
    b'{"resourceType":"DocumentReference","description":"a\\u0000b"}',
    b'{"resourceType":"DocumentReference","contained":' + b"[" * 100 + b"]" * 100 + b"}",
    b'{"resourceType":"DocumentReference","content":{}}',
    b'{"resourceType":"DocumentReference","content":[{"attachment":{"data":7}}]}',
    b'{"resourceType":"DocumentReference","content":[{"attachment":{"data":"\xff"}}]}',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_is_no_document_is_refused(hospital: Organisation, body: bytes) -> None:
    answer = post("/fhir/DocumentReference", body, token=token(hospital))
    assert answer.status in (400, 422)
    assert answer.json["resourceType"] == "OperationOutcome"


def test_a_body_without_measure_is_refused_before_it_is_read(hospital: Organisation) -> None:
    answer = call(
        "POST",
        "/fhir/DocumentReference",
        b"{}",
        token=token(hospital),
        kind="application/fhir+json",
        content_length="99999999999",
    )
    assert answer.codes == ["payload_too_large"]


def test_an_opposed_space_answers_as_one_that_does_not_exist(camille: Holder, hospital: Organisation) -> None:
    nobody = Holder(camille.patient, fresh_ins(), camille.traits, camille.actor)
    answers = [publish(simplified(letter(frame(who))), token(hospital)) for who in (opposed(), nobody)]
    assert [(one.status, one.codes) for one in answers] == [(422, ["space_unknown"])] * 2
    assert answers[0].body == answers[1].body


@pytest.mark.parametrize("scope", ["system/DocumentReference.s", "system/DocumentReference.ud"])
def test_the_scope_to_create_is_needed(camille: Holder, hospital: Organisation, scope: str) -> None:
    answer = publish(simplified(letter(frame(camille))), feeder_token(hospital, scope=scope))
    assert answer.codes == ["scope_insufficient"]


def test_a_holder_deposits_nothing_here(camille: Holder) -> None:
    answer = publish(simplified(letter(frame(camille))), holder_token(camille.patient))
    assert (answer.status, answer.codes) == (403, ["holder_cannot_feed"])


def test_what_was_published_is_followed_with_what_was_provided(camille: Holder, hospital: Organisation) -> None:
    send(deposit_of(camille), hospital)
    publish(simplified(letter(frame(camille))), token(hospital))
    assert own_deposits(camille, hospital).json["total"] == 2


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["content", "type", "subject", "author", "context", "masterIdentifier", "id"]), ANYTHING)
def test_no_element_makes_the_door_fail(camille: Holder, hospital: Organisation, element: str, value: Any) -> None:
    made = {**simplified(b"<x/>"), element: value}
    assert publish(made, token(hospital)).status < 500
