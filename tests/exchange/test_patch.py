"""PATCH and DELETE of a DocumentReference: by whoever deposited or wrote it, once, and by nobody else."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from cast import Holder, blocks, consents, holder, organisation, professional, put_state
from door import (
    Answer,
    call,
    deposit_of,
    feeder_token,
    holder_token,
    lines_of,
    own_deposits,
    professional_token,
    send,
)
from espace import edge
from espace.access import gate
from espace.enrolment.facts import State
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Verb
from espace.record import actions
from exchange.publishing import (
    FEED,
    IS_ARCHIVED,
    IS_DELETED,
    JSON_PATCH,
    MERGE_PATCH,
    Json,
    frame,
    letter,
    patch,
    publish,
    simplified,
    stored,
)

pytestmark = pytest.mark.django_db

MASK = {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}]}
DELETION = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]
ARCHIVING = [{"op": "add", "path": "/extension/-", "value": {"url": IS_ARCHIVED, "valueBoolean": True}}]
MASKING = [{"op": "add", "path": "/securityLabel/-", "value": MASK}]


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def token(of: Organisation) -> str:
    return feeder_token(of, scope=FEED)


def deposited(of: Holder, by: Organisation, **changes: Any) -> str:
    made = deposit_of(of)
    made["entry"][1]["resource"] |= changes
    answer = send(made, by)
    assert answer.status == 200, answer.body
    return str(answer.json["entry"][1]["response"]["location"]).split("/")[1]


def seen(of: Holder, identifier: str) -> Answer:
    return call("GET", f"/fhir/DocumentReference/{identifier}", token=holder_token(of.patient))


def labels(resource: Json) -> list[str]:
    return [label["coding"][0]["code"] for label in resource["securityLabel"]]


def delete(identifier: str, with_token: str, **headers: str) -> Answer:
    return call("DELETE", f"/fhir/DocumentReference/{identifier}", token=with_token, **headers)


def parameters(kind: str, path: str, **value: Any) -> Json:
    parts = [{"name": "type", "valueCode": kind}, {"name": "path", "valueString": path}]
    parts += [{"name": "value", **value}] if value else []
    return {"resourceType": "Parameters", "parameter": [{"name": "operation", "part": parts}]}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (MASKING, JSON_PATCH),
        ({"securityLabel": [{"coding": [{"code": "N"}]}, MASK]}, MERGE_PATCH),
        ({"securityLabel": [{"coding": [{"code": "N"}]}, MASK]}, "application/json"),
        (
            parameters("replace", "DocumentReference.securityLabel[0]", valueCodeableConcept=MASK),
            "application/fhir+json",
        ),
    ],
)
def test_a_document_is_masked_in_three_forms(
    camille: Holder, hospital: Organisation, body: object, kind: str
) -> None:
    identifier = deposited(camille, hospital)
    answer = patch(identifier, body, token(hospital), kind=kind)
    assert (answer.status, answer.json["id"], labels(answer.json)) == (200, identifier, ["N", "MASQUE_PS"])
    assert labels(seen(camille, identifier).json) == ["N", "MASQUE_PS"]
    assert "subject" not in answer.json and "type" not in answer.json


def test_a_document_is_archived_and_taken_back(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    archived = patch(identifier, ARCHIVING, token(hospital))
    assert archived.json["extension"] == [{"url": IS_ARCHIVED, "valueBoolean": True}]
    assert seen(camille, identifier).json["extension"] == [{"url": IS_ARCHIVED, "valueBoolean": True}]
    back = [{"op": "remove", "path": "/extension/0"}]
    assert "extension" not in patch(identifier, back, token(hospital)).json
    assert "extension" not in seen(camille, identifier).json


def test_a_deleted_document_is_a_tombstone(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    for _ in range(2):
        answer = patch(identifier, DELETION, token(hospital))
        assert (answer.status, answer.json["status"]) == (200, "entered-in-error")
        assert answer.json["extension"] == [{"url": IS_DELETED, "valueBoolean": True}]
    absent = call("GET", f"/fhir/DocumentReference/{uuid4()}", token=holder_token(camille.patient))
    for kind in ("DocumentReference", "Binary"):
        gone = call("GET", f"/fhir/{kind}/{identifier}", token=holder_token(camille.patient))
        assert (gone.status, gone.body) == (404, absent.body)
    followed = own_deposits(camille, hospital).json["entry"][0]["resource"]
    assert (followed["id"], followed["status"]) == (identifier, "entered-in-error")
    assert patch(identifier, ARCHIVING, token(hospital)).codes == ["change_refused"]
    assert patch(identifier, [{**DELETION[0], "value": "current"}], token(hospital)).codes == ["change_refused"]


def test_delete_is_the_same_as_that_patch(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    for _ in range(2):
        answer = delete(identifier, token(hospital))
        assert (answer.status, answer.body) == (204, b"")
        assert not {"Content-Type", "Content-Length"} & answer.headers.keys()
    assert seen(camille, identifier).status == 404
    line = next(one for one in lines_of(camille) if one.verb is Verb.AMEND)
    assert (line.reason, line.actor_name, [str(one) for one in line.objects]) == (
        "author_amends",
        "Hôpital des Remparts",
        [identifier],
    )


def test_the_author_changes_it_from_elsewhere(camille: Holder, hospital: Organisation) -> None:
    anne = professional()
    author = [{"identifier": {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": anne.national_id}}]
    identifier = deposited(camille, hospital, author=author)
    assert labels(patch(identifier, MASKING, professional_token(anne)).json) == ["N", "MASQUE_PS"]
    assert delete(identifier, professional_token(anne)).status == 204


def test_a_professional_changes_what_they_published(camille: Holder) -> None:
    anne = professional()
    answer = publish(simplified(letter(frame(camille))), professional_token(anne))
    assert delete(answer.json["id"], professional_token(anne)).status == 204


# --- nobody else ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [DELETION, ARCHIVING, MASKING])
def test_absent_and_forbidden_are_told_alike(camille: Holder, hospital: Organisation, body: list[Json]) -> None:
    identifier = deposited(camille, hospital)
    before = stored(camille)
    consents(camille, reader := professional(), at=edge.now())
    strangers = [token(organisation("Laboratoire")), professional_token(professional()), professional_token(reader)]
    for stranger in strangers:
        answers = [patch(one, body, stranger) for one in (identifier, str(uuid4()), "x", identifier.upper())]
        answers.append(call("GET", f"/fhir/DocumentReference/{uuid4()}", token=holder_token(camille.patient)))
        assert {(one.status, one.body) for one in answers} == {(404, answers[0].body)}
        gone = [delete(one, stranger) for one in (identifier, str(uuid4()))]
        assert {(one.status, one.body) for one in gone} == {(404, answers[0].body)}
    assert stored(camille) == before
    tried = [line.reason for line in lines_of(camille) if line.verb is Verb.AMEND]
    assert tried == ["not_the_author"] * 6


@pytest.mark.parametrize("state", [State.CLOSED, State.OPPOSED, State.DECEASED])
def test_a_space_that_is_closed_holds_nothing_to_change(camille: Holder, hospital: Organisation, state: State) -> None:
    identifier = deposited(camille, hospital)
    put_state(camille.patient, state)
    answer = patch(identifier, DELETION, token(hospital))
    assert (answer.status, answer.body) == (404, patch(str(uuid4()), DELETION, token(hospital)).body)


def test_a_suspended_space_is_still_fed_and_amended(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    put_state(camille.patient, State.SUSPENDED)
    assert delete(identifier, token(hospital)).status == 204


def test_the_holder_patches_nothing_here(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    answer = patch(identifier, MASKING, holder_token(camille.patient))
    assert (answer.status, answer.codes) == (403, ["holder_cannot_feed"])


@pytest.mark.parametrize(
    ("scope", "method", "status"),
    [
        ("system/DocumentReference.cs", "PATCH", 403),
        ("system/DocumentReference.cs", "DELETE", 403),
        ("system/DocumentReference.u", "DELETE", 403),
        ("system/DocumentReference.d", "PATCH", 403),
        ("system/DocumentReference.u", "PATCH", 200),
        ("system/DocumentReference.d", "DELETE", 204),
    ],
)
def test_each_has_its_own_scope(
    camille: Holder, hospital: Organisation, scope: str, method: str, status: int
) -> None:
    identifier = deposited(camille, hospital)
    with_token = feeder_token(hospital, scope=scope)
    answer = patch(identifier, MASKING, with_token) if method == "PATCH" else delete(identifier, with_token)
    assert answer.status == status


def test_a_lapsed_token_changes_nothing(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    lapsed = feeder_token(hospital, scope=FEED, lifetime=timedelta(seconds=-1))
    assert patch(identifier, DELETION, lapsed).codes == ["token_expired"]
    assert patch(identifier, DELETION, "x").codes == ["token_invalid"]


# --- the holder's mask ------------------------------------------------------------------------------------


def masks(of: Holder, identifier: str) -> None:
    with gate.open_record(
        actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=edge.now()
    ) as grant:
        actions.mask(grant, UUID(identifier))


def test_whoever_deposited_is_answered_alike_whether_the_holder_masks_or_not(hospital: Organisation) -> None:
    worlds = []
    bodies: list[object] = [
        MASKING,
        [{"op": "remove", "path": "/securityLabel/1"}],
        [{"op": "remove", "path": "/securityLabel/1"}],
        [{"op": "replace", "path": "/securityLabel", "value": [{"coding": [{"code": "N"}]}]}],
        ARCHIVING,
        DELETION,
    ]
    for masked in (True, False):
        camille = holder()
        identifier = deposited(camille, hospital)
        if masked:
            masks(camille, identifier)
        answers = [patch(identifier, body, token(hospital)) for body in bodies]
        told = [_without_times(one.json) if one.status == 200 else one.body for one in answers]
        worlds.append([(one.status, said) for one, said in zip(answers, told, strict=True)])
    for mine, theirs in zip(*worlds, strict=True):
        assert mine == theirs
    assert [status for status, _ in worlds[0]] == [200, 200, 422, 200, 200, 200]


def _without_times(resource: Json) -> Json:
    varying = {"id", "meta", "masterIdentifier", "identifier", "date"}
    return {name: value for name, value in resource.items() if name not in varying}


@pytest.mark.parametrize("who", ["organisation", "author"])
def test_nobody_but_the_holder_lifts_the_holders_mask(camille: Holder, hospital: Organisation, who: str) -> None:
    anne = professional()
    author = [{"identifier": {"value": anne.national_id}}]
    identifier = deposited(camille, hospital, author=author)
    masks(camille, identifier)
    with_token = token(hospital) if who == "organisation" else professional_token(anne)
    for body in (
        [{"op": "remove", "path": "/securityLabel/1"}],
        [{"op": "remove", "path": "/securityLabel"}],
        [{"op": "replace", "path": "/securityLabel", "value": [{"coding": [{"code": "N"}]}]}],
    ):
        patch(identifier, body, with_token)
    patch(identifier, {"securityLabel": None}, with_token, kind=MERGE_PATCH)
    assert labels(seen(camille, identifier).json) == ["N", "MASQUE_PS"]


# --- versions ---------------------------------------------------------------------------------------------


def test_a_change_of_another_version_is_refused(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    first = patch(identifier, [{"op": "test", "path": "/status", "value": "current"}], token(hospital)).headers["ETag"]
    second = patch(identifier, MASKING, token(hospital), if_match=first)
    assert second.status == 200
    assert second.headers["ETag"] != first
    late = patch(identifier, DELETION, token(hospital), if_match=first)
    assert (late.status, late.codes, late.places) == (412, ["precondition_failed"], ["http.if-match"])
    assert delete(identifier, token(hospital), if_match=first).status == 412
    assert delete(identifier, token(hospital), if_match=second.headers["ETag"]).status == 204


def test_a_version_is_told_to_nobody_else(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    stranger = token(organisation("Laboratoire"))
    assert patch(identifier, DELETION, stranger, if_match='W/"0"').status == 404


def test_a_minimal_answer_has_no_body(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    answer = patch(identifier, MASKING, token(hospital), prefer="return=minimal")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["ETag"].startswith('W/"')


# --- bad bodies -------------------------------------------------------------------------------------------

BODIES: list[tuple[bytes, str, int]] = [
    (b"", JSON_PATCH, 400),
    (b"[" * 2_000, JSON_PATCH, 400),
    (b'[{"op":"remove","op":"add","path":"/status"}]', JSON_PATCH, 400),
    (b'[{"op":"replace","path":"/status","value":"a\\u0000b"}]', JSON_PATCH, 400),
    (b'[{"op":"replace","path":"/status","value":"\xff"}]', JSON_PATCH, 400),
    (b'{"securityLabel":7}', MERGE_PATCH, 400),
    (b'{"subject":{"reference":"Patient/1"}}', MERGE_PATCH, 422),
    (b"x" * 70_000, JSON_PATCH, 413),
    (b"<a/>", "text/xml", 415),
    (b"[]", "", 415),
    (b"{}", "application/fhir+json", 400),
]


@pytest.mark.parametrize(("body", "kind", "status"), BODIES, ids=range(len(BODIES)))
def test_a_bad_body_changes_nothing(
    camille: Holder, hospital: Organisation, body: bytes, kind: str, status: int
) -> None:
    identifier = deposited(camille, hospital)
    before = stored(camille)
    answer = patch(identifier, body, token(hospital), kind=kind)
    assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")
    assert stored(camille) == before


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ([{"op": "replace", "path": "/status", "value": "superseded"}], "change_refused", "DocumentReference.status"),
        ([{"op": "replace", "path": "/type", "value": {}}], "change_refused", "DocumentReference.type"),
        (
            [{"op": "add", "path": "/securityLabel/-", "value": {"coding": [{"code": "INVISIBLE_PATIENT"}]}}],
            "change_refused",
            "DocumentReference.securityLabel",
        ),
    ],
)
def test_what_may_not_change_is_refused_with_its_place(
    camille: Holder, hospital: Organisation, body: list[Json], code: str, place: str
) -> None:
    identifier = deposited(camille, hospital)
    before = stored(camille)
    answer = patch(identifier, body, token(hospital))
    assert (answer.status, answer.codes, answer.places) == (422, [code], [place])
    assert stored(camille) == before


def test_what_hides_from_the_patient_is_lifted_once(camille: Holder, hospital: Organisation) -> None:
    hidden = [{"coding": [{"code": "N"}]}, {"coding": [{"code": "INVISIBLE_PATIENT"}]}]
    identifier = deposited(camille, hospital, securityLabel=hidden)
    assert seen(camille, identifier).status == 404
    both = patch(identifier, MASKING, token(hospital))
    assert (both.status, both.codes) == (422, ["visibility_refused"])
    assert patch(identifier, [{"op": "remove", "path": "/securityLabel/1"}], token(hospital)).status == 200
    assert labels(seen(camille, identifier).json) == ["N"]
    again = patch(identifier, {"securityLabel": hidden}, token(hospital), kind=MERGE_PATCH)
    assert again.codes == ["change_refused"]


def test_a_change_in_the_url_says_nothing(camille: Holder, hospital: Organisation) -> None:
    identifier = deposited(camille, hospital)
    answer = call(
        "PATCH",
        f"/fhir/DocumentReference/{identifier}",
        json.dumps(DELETION).encode(),
        token=token(hospital),
        kind=JSON_PATCH,
        query="status=current",
    )
    assert answer.codes == ["parameter_unsupported"]


def test_a_blocked_professional_still_changes_what_they_wrote(camille: Holder) -> None:
    anne = professional()
    identifier = publish(simplified(letter(frame(camille))), professional_token(anne)).json["id"]
    blocks(camille, anne, at=edge.now())
    assert delete(identifier, professional_token(anne)).status == 204
