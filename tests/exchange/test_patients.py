"""Patient: the status of a space, and who may be told whose it is."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection

from cast import Holder, blocks, consents, fresh_ins, holder, names_doctor, professional, put_state
from door import Answer, audience, call, form, holder_token, lines_of, professional_token
from espace import edge
from espace.enrolment.facts import State
from espace.identity.facts import Professional
from espace.identity.queries.people import ins_index
from espace.kernel.words import Verb

pytestmark = pytest.mark.django_db

PATH = "/fhir/Patient"


@pytest.fixture
def camille() -> Holder:
    return holder()


@pytest.fixture
def anne() -> Professional:
    return professional()


def ins(of: Holder) -> dict[str, str]:
    return {"identifier": f"urn:oid:{of.ins.authority}|{of.ins.number}"}


def search(token: str, **pairs: str) -> Answer:
    return call("GET", PATH, token=token, query=urlencode(pairs))


def bare(of: Holder) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": str(of.patient),
        "identifier": [{"system": f"urn:oid:{of.ins.authority}", "value": of.ins.number}],
    }


def whole(of: Holder) -> dict[str, Any]:
    name = {"use": "official", "family": "DUVAL", "given": ["CAMILLE", "ROSE"]}
    return bare(of) | {"name": [name], "gender": "female", "birthDate": "1985-03-07"}


def test_the_status_of_a_space_is_told_to_a_professional_and_its_traits_to_those_who_may_read(
    camille: Holder, anne: Professional
) -> None:
    token = professional_token(anne)
    answer = search(token, **ins(camille))
    [entry] = answer.json["entry"]
    assert (answer.json["total"], entry["fullUrl"]) == (1, f"{audience()}/Patient/{camille.patient}")
    assert entry["resource"] == bare(camille)
    consents(camille, anne, at=edge.now())
    assert search(token, **ins(camille)).json["entry"][0]["resource"] == whole(camille)
    assert search(token, _id=str(camille.patient)).json["entry"][0]["resource"] == whole(camille)
    assert form(f"{PATH}/_search", token=token, **ins(camille)).json["entry"][0]["resource"] == whole(camille)
    assert call("GET", f"{PATH}/{camille.patient}", token=token).json == whole(camille)
    blocks(camille, anne, at=edge.now())
    assert search(token, **ins(camille)).json["entry"][0]["resource"] == bare(camille)


@pytest.mark.parametrize("how", ["never", "lapsed", "blocked"])
def test_an_id_leads_to_no_ins_for_who_may_not_read(camille: Holder, anne: Professional, how: str) -> None:
    """An INS tells sex, month of birth and birthplace: an id that is known by chance answers as one that is not."""
    at = edge.now()
    if how == "lapsed":
        consents(camille, anne, at=at - timedelta(days=2), until=at - timedelta(days=1))
    if how == "blocked":
        blocks(camille, anne, at=at)
    token, nobody = professional_token(anne), str(uuid4())
    reads = [call("GET", f"{PATH}/{one}", token=token) for one in (camille.patient, nobody)]
    finds = [search(token, _id=one) for one in (str(camille.patient), nobody)]
    assert (reads[0].status, reads[0].codes, reads[0]) == (404, ["not_found"], reads[1])
    assert (finds[0].status, finds[0].codes, finds[0]) == (422, ["space_unknown"], finds[1])
    logged = {"never": "consent_missing", "lapsed": "consent_lapsed", "blocked": "professional_blocked"}[how]
    assert [line.reason for line in lines_of(camille) if line.verb is Verb.STATUS] == [logged, logged]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_seen WHERE professional_id = %s", [anne.id])
        assert cursor.fetchone() == (2,)


def test_who_may_not_read_is_told_the_ins_that_they_asked_about_and_no_other(
    camille: Holder, anne: Professional
) -> None:
    former = fresh_ins()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_ins (blind, patient_id, since) VALUES (%s, %s, %s)",
            [ins_index(former), camille.patient, edge.now()],
        )
    asked = {"identifier": f"urn:oid:{former.authority}|{former.number}"}
    token = professional_token(anne)
    assert search(token, **asked).json["entry"][0]["resource"]["identifier"][0]["value"] == former.number
    consents(camille, anne, at=edge.now())
    assert search(token, **asked).json["entry"][0]["resource"]["identifier"][0]["value"] == camille.ins.number


def test_the_attending_doctor_is_told_the_traits(camille: Holder, anne: Professional) -> None:
    names_doctor(camille, anne, at=edge.now())
    assert search(professional_token(anne), **ins(camille)).json["entry"][0]["resource"] == whole(camille)


def test_asking_for_the_status_leaves_its_line_and_nothing_of_the_ins(camille: Holder, anne: Professional) -> None:
    search(professional_token(anne), **ins(camille))
    [line] = [line for line in lines_of(camille) if line.verb is Verb.STATUS]
    assert (line.reason, line.actor_name, dict(line.asked)) == ("space_status", "Anne Morel", {})


@pytest.mark.parametrize(
    ("state", "code"), [(State.CLOSED, "space_not_open"), (State.SUSPENDED, "space_suspended"), (State.OPENED, "")]
)
def test_a_space_that_cannot_be_read_says_why_to_who_names_the_ins(
    camille: Holder, anne: Professional, state: State, code: str
) -> None:
    put_state(camille.patient, state)
    answer = search(professional_token(anne), **ins(camille))
    assert (answer.codes if code else answer.json["total"]) == ([code] if code else 1)
    read = call("GET", f"{PATH}/{camille.patient}", token=professional_token(anne))
    assert read.status == 404


def test_a_holder_is_told_of_themselves_and_of_nobody_else(camille: Holder) -> None:
    token, other = holder_token(camille.patient), holder(birth_name="AUTRE")
    for pairs in ({}, ins(camille), {"_id": str(camille.patient)}):
        assert search(token, **pairs).json["entry"][0]["resource"] == whole(camille)
    assert call("GET", f"{PATH}/{camille.patient}", token=token).json == whole(camille)
    unknown = Holder(other.patient, fresh_ins(), other.traits, other.actor)
    for who in (other, unknown):
        answer = search(token, **ins(who)).json
        assert (answer["total"], "entry" in answer) == (0, False)
    assert search(token, _id=str(other.patient)).json["total"] == 0
    reads = [call("GET", f"{PATH}/{one}", token=token) for one in (other.patient, uuid4(), "x", f"{{{other.patient}}}")]
    assert all(one == reads[0] for one in reads)
    assert (reads[0].status, reads[0].codes) == (404, ["not_found"])
    assert lines_of(other)[-1].actor_id != camille.actor.id


def test_one_patient_at_a_time(camille: Holder) -> None:
    token = holder_token(camille.patient)
    both = {**ins(camille), "_id": str(camille.patient)}
    assert search(token, **both).status == 400
    assert search(token, identifier=",".join([ins(camille)["identifier"]] * 2)).status == 400
    assert search(token, _summary="count").json["total"] == 1
    assert "entry" not in search(token, _count="0").json
    for name, value in (("name", "Duval"), ("birthdate", "1985-03-07"), ("identifier", "279035121518989")):
        answer = search(token, **{name: value})
        assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])
