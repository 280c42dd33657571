"""« Unless it exists »: If-None-Exist and ifNoneExist, among the sender's own deposits of that patient alone."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from cast import Holder, holder, organisation, professional
from door import (
    Answer,
    call,
    deposit_of,
    feeder_token,
    holder_token,
    own_deposits,
    professional_token,
    send,
    with_another,
)
from espace.identity.facts import Organisation
from exchange.publishing import FEED, frame, letter, patch, publish, simplified, stored, whole

pytestmark = pytest.mark.django_db

URI = "urn:ietf:rfc:3986"
DELETION = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def token(of: Organisation) -> str:
    return feeder_token(of, scope=FEED)


def named(uid: str) -> dict[str, Any]:
    return {"masterIdentifier": {"system": URI, "value": uid}}


def unless(*uids: str) -> str:
    return "identifier=" + ",".join(f"{URI}|{uid}" for uid in uids)


def put(of: Holder, by: str, uid: str, *, condition: str = "") -> Answer:
    headers = {"if_none_exist": condition} if condition else {}
    return publish(simplified(letter(frame(of)), **named(uid)), by, **headers)


def test_none_creates_and_one_answers_with_it(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    first = put(camille, token(hospital), uid, condition=unless(uid))
    again = put(camille, token(hospital), uid, condition=unless(uid))
    assert (first.status, again.status) == (201, 200)
    assert (first.headers["Location"], first.json) == (again.headers["Location"], again.json)
    assert len(stored(camille)) == 1


@pytest.mark.parametrize(
    "form",
    [
        lambda uid: f"identifier={URI}|{uid}",
        lambda uid: f"?identifier={URI}|{uid}",
        lambda uid: f"identifier={quote(f'{URI}|{uid}')}",
        lambda uid: f"identifier={uid}",
        lambda uid: f"identifier={URI}|{uid},{URI}|urn:oid:1.2.3.4",
    ],
)
def test_the_condition_is_read_in_its_forms(camille: Holder, hospital: Organisation, form: Any) -> None:
    uid = f"urn:uuid:{uuid4()}"
    first = put(camille, token(hospital), uid)
    other = put(camille, token(hospital), f"urn:uuid:{uuid4()}", condition=form(uid))
    assert (other.status, other.json["id"]) == (200, first.json["id"])


def test_what_would_be_created_is_left_aside_when_it_exists(camille: Holder, hospital: Organisation) -> None:
    """Other bytes under the same identifier are refused; with the condition nothing of them is looked at."""
    uid = f"urn:uuid:{uuid4()}"
    first = put(camille, token(hospital), uid)
    assert put(camille, token(hospital), uid).codes == ["unique_id_reused"]
    assert put(camille, token(hospital), uid, condition=unless(uid)).json["id"] == first.json["id"]


def test_several_are_refused(camille: Holder, hospital: Organisation) -> None:
    one, other = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    put(camille, token(hospital), one)
    put(camille, token(hospital), other)
    answer = put(camille, token(hospital), f"urn:uuid:{uuid4()}", condition=unless(one, other))
    assert (answer.status, answer.codes) == (412, ["precondition_failed"])
    assert len(stored(camille)) == 2
    assert put(camille, token(hospital), f"urn:uuid:{uuid4()}", condition=unless(one, one)).status == 200


@pytest.mark.parametrize(
    "condition",
    [
        "status=current",
        "identifier=1.2.3",
        "identifier=",
        "identifier",
        "&",
        f"identifier={URI}|urn:oid:1.2&identifier={URI}|urn:oid:1.3",
        f"identifier={URI}|urn:oid:1.2&patient=Patient/1",
        "identifier=urn:oid:9.9|x",
        "identifier=urn:oid:1.2%00",
        f"identifier:not={URI}|urn:oid:1.2",
        "identifier=" + ",".join(f"urn:oid:1.{number}" for number in range(30)),
        "identifier=urn:oid:1." + "2" * 3_000,
    ],
)
def test_any_other_question_is_refused(camille: Holder, hospital: Organisation, condition: str) -> None:
    answer = put(camille, token(hospital), f"urn:uuid:{uuid4()}", condition=condition)
    assert (answer.status, answer.codes, answer.places) == (400, ["parameter_unsupported"], ["http.if-none-exist"])
    assert stored(camille) == []


def test_the_deposits_of_others_never_count(camille: Holder, hospital: Organisation) -> None:
    """Another organisation's document, shown, hidden, masked or deleted, changes nothing of the answer."""
    laboratory = organisation("Laboratoire")
    answers = []
    for change in (None, [], [{"coding": [{"code": "INVISIBLE_PATIENT"}]}], "deleted"):
        who, uid = holder(), f"urn:uuid:{uuid4()}"
        if change is not None:
            made = whole(who) | named(uid)
            made["securityLabel"] = change if isinstance(change, list) and change else made["securityLabel"]
            theirs = publish(made, token(laboratory))
            assert theirs.status == 201
            if change == "deleted":
                patch(theirs.json["id"], DELETION, token(laboratory))
        mine = f"urn:uuid:{uuid4()}"
        answers.append(put(who, token(hospital), mine, condition=unless(uid)).status)
    assert answers == [201, 201, 201, 201]


def test_the_deposits_of_another_patient_never_count(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    put(holder(), token(hospital), uid)
    assert put(camille, token(hospital), uid, condition=unless(uid)).status == 201


def test_own_deposits_are_those_of_the_organisation(camille: Holder) -> None:
    office = organisation("Cabinet", source_id="1.2.250.1.999.77")
    anne, paul = professional(at=office), professional("Roux", "Paul", at=office)
    uid = f"urn:uuid:{uuid4()}"
    first = put(camille, professional_token(anne), uid)
    again = put(camille, professional_token(paul), uid, condition=unless(uid))
    assert (again.status, again.json["id"]) == (200, first.json["id"])


def test_a_bundle_states_it_of_each_document(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    first = send(deposit_of(camille, uid=uid), hospital).json["entry"][1]["response"]["location"]
    made = with_another(deposit_of(camille))
    made["entry"][1]["request"]["ifNoneExist"] = unless(uid)
    answer = send(made, hospital)
    said = [entry["response"] for entry in answer.json["entry"]]
    assert [one["status"] for one in said] == ["201 Created", "200 OK", "200 OK", "201 Created", "201 Created"]
    assert said[1]["location"] == first
    assert own_deposits(camille, hospital).json["total"] == 2


def test_a_bundle_of_which_everything_exists_files_nothing(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    send(deposit_of(camille, uid=uid), hospital)
    made = deposit_of(camille)
    made["entry"][1]["request"]["ifNoneExist"] = unless(uid)
    assert {one["response"]["status"] for one in send(made, hospital).json["entry"]} == {"200 OK"}
    assert own_deposits(camille, hospital).json["total"] == 1


@pytest.mark.parametrize("entry", [0, 2])
def test_only_a_document_may_have_a_condition(camille: Holder, hospital: Organisation, entry: int) -> None:
    made = deposit_of(camille)
    made["entry"][entry]["request"]["ifNoneExist"] = unless("urn:oid:1.2.3")
    answer = send(made, hospital)
    assert (answer.codes, answer.places) == (["element_unsupported"], [f"Bundle.entry[{entry}].request"])


def test_a_condition_of_a_bundle_that_says_something_else_is_refused(camille: Holder, hospital: Organisation) -> None:
    made = deposit_of(camille)
    made["entry"][1]["request"]["ifNoneExist"] = "status=current"
    answer = send(made, hospital)
    assert (answer.codes, answer.places) == (["parameter_unsupported"], ["Bundle.entry[1].request.ifNoneExist"])


def relates(made: dict[str, Any], source: int, target: int) -> None:
    """One document of the bundle appends another, or itself."""
    named = {"code": "appends", "target": {"reference": made["entry"][target]["fullUrl"]}}
    made["entry"][source]["resource"]["relatesTo"] = [named]


def test_what_appends_a_document_that_exists_appends_the_first_one(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    first = send(deposit_of(camille, uid=uid), hospital).json["entry"][1]["response"]["location"]
    made = with_another(deposit_of(camille))
    made["entry"][1]["request"]["ifNoneExist"] = unless(uid)
    relates(made, 3, 1)
    second = send(made, hospital).json["entry"][3]["response"]["location"]
    found = call("GET", f"/fhir/{second}", token=holder_token(camille.patient)).json
    assert [(one["code"], one["target"]["reference"]) for one in found["relatesTo"]] == [("appends", first)]


def test_nothing_is_asked_of_a_document_that_exists(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    send(deposit_of(camille, uid=uid), hospital)
    made = with_another(deposit_of(camille))
    made["entry"][1]["request"]["ifNoneExist"] = unless(uid)
    relates(made, 1, 1)
    answer = send(made, hospital)
    assert [entry["response"]["status"][:3] for entry in answer.json["entry"]] == ["201", "200", "200", "201", "201"]


def test_several_refuse_the_whole_bundle(camille: Holder, hospital: Organisation) -> None:
    one, other = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    send(deposit_of(camille, uid=one), hospital)
    send(deposit_of(camille, uid=other), hospital)
    made = with_another(deposit_of(camille))
    made["entry"][1]["request"]["ifNoneExist"] = unless(one, other)
    answer = send(made, hospital)
    assert (answer.status, answer.codes, answer.places) == (
        412,
        ["precondition_failed"],
        ["Bundle.entry[1].resource"],
    )
    assert own_deposits(camille, hospital).json["total"] == 2


def test_the_holder_sees_one_line_for_what_existed(camille: Holder, hospital: Organisation) -> None:
    uid = f"urn:uuid:{uuid4()}"
    for _ in range(2):
        put(camille, token(hospital), uid, condition=unless(uid))
    listed = call("GET", "/fhir/DocumentReference", token=holder_token(camille.patient)).json
    assert listed["total"] == 1
