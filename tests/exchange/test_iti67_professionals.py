"""What a professional gets from the FHIR door: the reason where they name the patient, a 404 where they name an id."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection

import bundles
from cast import (
    Holder,
    blocks,
    consents,
    fresh_ins,
    holder,
    names_doctor,
    opposed,
    organisation,
    professional,
    put_state,
)
from door import Answer, call, deposit_of, feeder_token, form, lines_of, named, professional_token, send
from espace import edge
from espace.enrolment.facts import State
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import ActorKind, Verb
from espace.trace.facts import Outcome

pytestmark = pytest.mark.django_db

PATH = "/fhir/DocumentReference"


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def anne() -> Professional:
    return professional()


def deposited(to: Holder, by: Organisation, *labels: str, code: str = "") -> str:
    made = deposit_of(to, uuid4().bytes)
    made["entry"][1]["resource"]["securityLabel"] += [bundles.coding(label) for label in labels]
    if code:
        made["entry"][1]["resource"]["type"] = bundles.coding(code, "http://loinc.org")
    answer = send(made, by)
    assert answer.status == 200, answer.body
    return str(answer.json["entry"][1]["response"]["location"].split("/")[1])


def search(who: Professional, of: Holder, **pairs: str) -> Answer:
    return call("GET", PATH, token=professional_token(who), query=urlencode({**named(of), **pairs}))


def told(answer: Answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return answer.status, answer.body, tuple(sorted(answer.headers.items()))


Story = Callable[[Holder, Professional], object]
STORIES: list[tuple[str, Story, int, str]] = [
    ("no consent", lambda of, who: None, 403, "consent_missing"),
    (
        "a consent that lapsed",
        lambda of, who: consents(of, who, at=edge.now() - timedelta(days=2)),
        403,
        "consent_lapsed",
    ),
    (
        "blocked",
        lambda of, who: (consents(of, who, at=edge.now()), blocks(of, who, at=edge.now())),
        403,
        "professional_blocked",
    ),
    ("suspended", lambda of, who: put_state(of.patient, State.SUSPENDED), 403, "space_suspended"),
    ("closed", lambda of, who: put_state(of.patient, State.CLOSED), 422, "space_not_open"),
    ("opposed", lambda of, who: put_state(of.patient, State.OPPOSED), 422, "space_unknown"),
]


@pytest.mark.parametrize(("story", "status", "code"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES])
def test_who_names_the_patient_is_told_why_and_who_names_an_id_is_not(
    hospital: Organisation, camille: Holder, anne: Professional, story: Story, status: int, code: str
) -> None:
    document = deposited(camille, hospital)
    with connection.cursor() as cursor:
        cursor.execute("SELECT submission_id FROM record_entry WHERE id = %s", [document])
        [submission] = cursor.fetchone() or [None]
    story(camille, anne)
    refused = search(anne, camille)
    assert (refused.status, refused.codes) == (status, [code])
    listed = call("GET", "/fhir/List", token=professional_token(anne), query=urlencode(named(camille)))
    assert told(listed) == told(refused)
    token = professional_token(anne)
    closed = {told(call("GET", f"/fhir/{kind}/{document}", token=token)) for kind in ("DocumentReference", "Binary")}
    closed |= {told(call("GET", f"/fhir/List/{submission}", token=token))}
    absent = {
        told(call("GET", f"/fhir/{kind}/{one}", token=token))
        for kind in ("DocumentReference", "Binary", "List")
        for one in (uuid4(), "x", document.upper())
    }
    assert closed == absent and len(absent) == 1


def test_masked_and_not_entitled_answer_as_unknown_and_leave_their_line(
    hospital: Organisation, camille: Holder, anne: Professional
) -> None:
    masked, elsewhere = deposited(camille, hospital, "MASQUE_PS"), deposited(holder(), hospital)
    consents(camille, anne, at=edge.now())
    token = professional_token(anne)
    for kind in ("DocumentReference", "Binary"):
        answers = {told(call("GET", f"/fhir/{kind}/{one}", token=token)) for one in (masked, elsewhere, uuid4(), "1")}
        [(status, body, _)] = answers
        assert (status, json.loads(body)["issue"][0]["details"]["coding"][0]["code"]) == (404, "not_found")
    refused = [line for line in lines_of(camille) if line.outcome is Outcome.REFUSED]
    assert [(line.verb, line.reason, line.actor_id, line.objects) for line in refused] == [
        (Verb.DOWNLOAD, "document_unknown", anne.id, ()),
        (Verb.READ, "document_unknown", anne.id, ()),
    ]


def test_without_consent_the_register_of_the_patient_says_what_was_tried(
    hospital: Organisation, camille: Holder, anne: Professional
) -> None:
    document = deposited(camille, hospital)
    call("GET", f"/fhir/Binary/{document}", token=professional_token(anne))
    search(anne, camille, type="11502-2")
    tried = [line for line in lines_of(camille) if line.actor_kind is ActorKind.PROFESSIONAL]
    assert [(line.verb, line.reason, dict(line.asked)) for line in tried] == [
        (Verb.LIST, "consent_missing", {"type": "11502-2"}),
        (Verb.DOWNLOAD, "consent_missing", {}),
    ]
    assert {line.actor_name for line in tried} == {"Anne Morel"}


def test_the_attending_doctor_and_the_author_see_what_is_masked(hospital: Organisation, camille: Holder) -> None:
    masked = deposited(camille, hospital, "MASQUE_PS")
    doctor, other = professional("Petit", "Jean"), professional("Grand", "Luc")
    names_doctor(camille, doctor, at=edge.now())
    consents(camille, other, at=edge.now())
    assert [entry["resource"]["id"] for entry in search(doctor, camille).json["entry"]] == [masked]
    assert search(other, camille).json["total"] == 0


def test_what_is_hidden_from_the_patient_shows_to_their_doctor_with_the_warning(
    hospital: Organisation, camille: Holder, anne: Professional
) -> None:
    deposited(camille, hospital, "INVISIBLE_PATIENT")
    consents(camille, anne, at=edge.now())
    [entry] = search(anne, camille).json["entry"]
    assert [label["coding"][0]["code"] for label in entry["resource"]["securityLabel"]] == ["N", "INVISIBLE_PATIENT"]


def test_a_professional_names_the_patient(hospital: Organisation, anne: Professional) -> None:
    token = professional_token(anne)
    for path in (PATH, "/fhir/List"):
        for query in ("", "status=current", f"_id={uuid4()}"):
            answer = call("GET", path, token=token, query=query)
            assert (answer.status, answer.places) == (400, ["http.patient.identifier"])
    answer = call("GET", "/fhir/Patient", token=token)
    assert (answer.status, answer.places) == (400, ["http.identifier"])
    wrong = call("GET", PATH, token=token, query=urlencode({"patient.identifier": "urn:oid:1.2.250.1.213.1.4.10|12"}))
    assert (wrong.status, wrong.codes, wrong.places) == (422, ["ins_malformed"], ["http.patient.identifier"])


def test_an_opposed_space_and_one_that_does_not_exist_answer_to_the_byte_the_same(anne: Professional) -> None:
    gone, somebody = opposed(), holder()
    nobody = Holder(somebody.patient, fresh_ins(), somebody.traits, somebody.actor)
    token = professional_token(anne)
    for path in (PATH, "/fhir/List", "/fhir/Patient"):
        name = "identifier" if path == "/fhir/Patient" else "patient.identifier"
        answers = [
            call("GET", path, token=token, query=urlencode({name: f"urn:oid:{who.ins.authority}|{who.ins.number}"}))
            for who in (gone, nobody)
        ]
        assert told(answers[0]) == told(answers[1])
        assert (answers[0].status, answers[0].codes, answers[0].places) == (422, ["space_unknown"], [])
    for path in (PATH, "/fhir/List"):
        ids = [call("GET", path, token=token, query=f"patient={one}") for one in (gone.patient, uuid4(), "x")]
        assert len({told(one) for one in ids}) == 1
        assert ids[0].codes == ["space_unknown"]
    reads = {told(call("GET", f"/fhir/Patient/{one}", token=token)) for one in (gone.patient, uuid4(), "x")}
    [(status, _, _)] = reads
    assert status == 404


def test_looking_for_nobody_costs_what_looking_for_somebody_does(anne: Professional, settings: Any) -> None:
    settings.ESPACE_BUDGET_HOUR = 3
    token, known = professional_token(anne), holder()
    consents(known, anne, at=edge.now())
    for _ in range(2):
        unknown = Holder(known.patient, fresh_ins(), known.traits, known.actor)
        assert search(anne, unknown).codes == ["space_unknown"]
        assert search(anne, unknown).codes == ["space_unknown"]
    for path, query in (
        (PATH, urlencode(named(holder()))),
        (PATH, urlencode({"patient.identifier": f"urn:oid:{known.ins.authority}|{fresh_ins().number}"})),
        (PATH, f"patient={uuid4()}"),
        ("/fhir/Patient", urlencode({"identifier": f"urn:oid:{known.ins.authority}|{fresh_ins().number}"})),
    ):
        answer = call("GET", path, token=token, query=query)
        assert (answer.status, answer.codes) == (429, ["account_frozen"])
    assert search(anne, known).status == 200
    reads = {told(call("GET", f"/fhir/Patient/{one}", token=token)) for one in (holder().patient, uuid4())}
    [(status, _, _)] = reads
    assert status == 404


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("user/DocumentReference.s", {PATH}),
        ("user/DocumentReference.r", {f"{PATH}/x"}),
        ("user/Binary.r", {"/fhir/Binary/x"}),
        ("user/List.rs", {"/fhir/List", "/fhir/List/x"}),
        ("patient/DocumentReference.rs", set()),
        ("system/DocumentReference.s", set()),
    ],
)
def test_a_scope_opens_what_it_says(anne: Professional, scope: str, opens: set[str]) -> None:
    token = professional_token(anne, scope=scope)
    for path in (PATH, f"{PATH}/x", "/fhir/Binary/x", "/fhir/List", "/fhir/List/x"):
        assert (call("GET", path, token=token).status == 403) is (path not in opens)


def test_a_professional_follows_no_deposits_and_a_feeder_reads_no_lists(
    hospital: Organisation, camille: Holder
) -> None:
    token = feeder_token(hospital)
    for path in ("/fhir/List", f"/fhir/List/{uuid4()}", "/fhir/Patient", f"/fhir/Patient/{camille.patient}"):
        answer = call("GET", path, token=token, query=urlencode(named(camille)) if path == "/fhir/List" else "")
        assert (answer.status, answer.codes) == (403, ["organisation_cannot_read"])


def test_a_form_hides_the_ins_from_the_address(hospital: Organisation, camille: Holder, anne: Professional) -> None:
    consents(camille, anne, at=edge.now())
    document = deposited(camille, hospital)
    answer = form(f"{PATH}/_search", token=professional_token(anne), **named(camille))
    assert [entry["resource"]["id"] for entry in answer.json["entry"]] == [document]
    [line] = [one for one in lines_of(camille) if one.actor_id == anne.id and one.verb is Verb.LIST]
    assert (line.asked, [str(one) for one in line.objects], line.organisation_name) == (
        {},
        [document],
        "Cabinet des Tilleuls",
    )
