"""Depositing to learn something: whether an INS has a space, whether an identifier is taken, what a colleague filed."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from cast import Holder, consents, fresh_ins, holder, organisation, professional
from door import (
    Answer,
    call,
    deposit_of,
    feeder_token,
    own_deposits,
    post,
    professional_token,
    send,
    with_another,
)
from espace import edge
from espace.identity.facts import Ins, Organisation
from espace.kernel.values import replace
from exchange.publishing import FEED, patch, publish, stored, whole

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
PERSONS = "urn:oid:1.2.250.1.71.4.2.1"
MASQUE_PS = {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}]}
MASKING: list[Json] = [{"op": "add", "path": "/securityLabel/-", "value": MASQUE_PS}]


def by_bundle(of: Holder, token: str) -> Answer:
    return post("/fhir", json.dumps(deposit_of(of)).encode(), token=token)


def by_publishing(of: Holder, token: str) -> Answer:
    return publish(whole(of), token)


def told(answer: Answer) -> tuple[int, list[str], list[str], list[str]]:
    return answer.status, answer.codes, answer.places, [one.get("diagnostics", "") for one in answer.json["issue"]]


# --- the INS of nobody ------------------------------------------------------------------------------------


@pytest.mark.parametrize("deposit", [by_bundle, by_publishing])
def test_a_deposit_for_nobody_costs_a_professional_what_one_for_somebody_does(
    deposit: Callable[[Holder, str], Answer], settings: Any
) -> None:
    settings.ESPACE_BUDGET_HOUR = 3
    known, token = holder(), professional_token(professional(at=organisation()))
    unknown = [replace(known, ins=fresh_ins()) for _ in range(3)]
    assert deposit(known, token).status in (200, 201)
    for one in unknown[:2]:
        assert [deposit(one, token).codes for _ in range(2)] == [["space_unknown"]] * 2
    beyond = [deposit(one, token) for one in (unknown[2], holder())]
    assert [(one.status, one.codes) for one in beyond] == [(429, ["account_frozen"])] * 2
    assert deposit(known, token).status in (200, 201)


@pytest.mark.parametrize("deposit", [by_bundle, by_publishing])
def test_an_organisation_has_no_budget_to_spend(deposit: Callable[[Holder, str], Answer], settings: Any) -> None:
    settings.ESPACE_BUDGET_HOUR = 1
    token = feeder_token(organisation(), scope=f"{FEED} system/*.c")
    known = holder()
    for _ in range(3):
        assert deposit(replace(known, ins=fresh_ins()), token).codes == ["space_unknown"]


def test_an_ins_that_cannot_be_costs_nothing(settings: Any) -> None:
    settings.ESPACE_BUDGET_HOUR = 1
    known, token = holder(), professional_token(professional(at=organisation()))
    for number, authority in (("1", known.ins.authority), ("x" * 15, known.ins.authority), (known.ins.number, "1.2.3")):
        wrong = replace(known, ins=Ins(number, authority))
        assert "space_unknown" not in by_bundle(wrong, token).codes
    assert by_bundle(known, token).status == 200


# --- the identifier of somebody else ----------------------------------------------------------------------


def replacing_nothing(made: Json, entry: int) -> Json:
    target = {"reference": f"DocumentReference/{uuid4()}"}
    made["entry"][entry]["resource"]["relatesTo"] = [{"code": "replaces", "target": target}]
    return made


def test_a_probe_of_an_identifier_says_the_same_whether_it_is_taken_or_free() -> None:
    camille, clinic = holder(), organisation("Centre d'addictologie")
    secret, token = f"urn:uuid:{uuid4()}", professional_token(professional(at=organisation()))
    made = deposit_of(camille, uid=secret)
    made["entry"][1]["resource"]["securityLabel"].append(MASQUE_PS)
    assert send(made, clinic).status == 200
    before = stored(camille)
    taken, free = (
        [
            told(post("/fhir", json.dumps(probe).encode(), token=token))
            for probe in (
                replacing_nothing(with_another(deposit_of(camille, uid=uid)), -2),
                replacing_nothing(deposit_of(camille, uid=uid), 1),
                replacing_nothing(with_another(deposit_of(camille), uid=uid), 1),
            )
        ]
        for uid in (secret, f"urn:uuid:{uuid4()}")
    )
    assert taken == free
    assert {(status, tuple(codes)) for status, codes, _, _ in taken} == {(422, ("replace_refused",))}
    assert stored(camille) == before


def test_among_several_nobody_learns_which_identifier_is_taken() -> None:
    camille, clinic, laboratory = holder(), organisation("Clinique"), organisation("Laboratoire")
    one, other = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    for uid in (one, other):
        assert send(deposit_of(camille, uid=uid), clinic).status == 200
    free = f"urn:uuid:{uuid4()}"
    pairs = [(one, free), (free, one), (one, other)]
    answers = [send(with_another(deposit_of(camille, uid=a), uid=b), laboratory) for a, b in pairs]
    assert told(answers[0]) == told(answers[1]) == told(answers[2])
    assert (answers[0].status, answers[0].codes, answers[0].places) == (409, ["unique_id_reused"], [])
    assert own_deposits(camille, laboratory).json["total"] == 0
    assert send(with_another(deposit_of(camille, uid=free)), laboratory).status == 200
    assert own_deposits(camille, laboratory).json["total"] == 2


def test_an_honest_sender_of_one_document_is_shown_the_place() -> None:
    camille, uid = holder(), f"urn:uuid:{uuid4()}"
    assert send(deposit_of(camille, uid=uid), organisation("Clinique")).status == 200
    answer = send(deposit_of(camille, uid=uid), organisation("Laboratoire"))
    assert (answer.status, answer.codes) == (409, ["unique_id_reused"])
    assert answer.places == ["Bundle.entry[1].resource.masterIdentifier"]


def test_a_condition_tells_nothing_of_the_identifiers_of_others() -> None:
    """With the condition on the guessed identifier as without it, beside something that refuses."""
    camille, clinic, laboratory = holder(), organisation("Clinique"), organisation("Laboratoire")
    secret = f"urn:uuid:{uuid4()}"
    assert send(deposit_of(camille, uid=secret), clinic).status == 200
    answers = []
    for uid in (secret, f"urn:uuid:{uuid4()}"):
        made = replacing_nothing(with_another(deposit_of(camille, uid=uid)), -2)
        for entry in (1, -2):
            made["entry"][entry]["request"]["ifNoneExist"] = f"identifier=urn:ietf:rfc:3986|{uid}"
        answers.append(told(send(made, laboratory)))
    assert answers[0] == answers[1]
    assert answers[0][:2] == (422, ["replace_refused"])


# --- what is one's own ------------------------------------------------------------------------------------


@pytest.mark.parametrize("profession", ["60", "98", "ZZ"])
def test_a_colleague_who_writes_no_such_document_changes_none(profession: str) -> None:
    camille, hospital = holder(), organisation()
    filed = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    before, token = stored(camille), professional_token(professional(profession=profession, at=hospital))
    absent = patch(str(uuid4()), MASKING, token)
    assert (absent.status, patch(filed, MASKING, token).body) == (404, absent.body)
    assert call("DELETE", f"/fhir/DocumentReference/{filed}", token=token).body == absent.body
    assert stored(camille) == before
    doctor = professional_token(professional(at=hospital))
    assert patch(filed, MASKING, doctor).status == 200


@pytest.mark.parametrize(
    ("system", "cut", "theirs"),
    [
        ("https://rpps.esante.gouv.fr", 1, True),
        (PERSONS, 0, True),
        (PERSONS, 1, True),
        (PERSONS, 2, False),
        ("https://adeli.esante.gouv.fr", 3, False),
    ],
)
def test_an_author_stated_by_their_rpps_reads_what_is_masked(system: str, cut: int, theirs: bool) -> None:
    camille, anne, hospital = holder(), professional(), organisation()
    consents(camille, anne, at=edge.now())
    identifier = filed_by(camille, hospital, system, anne.national_id[cut:])
    answer = call("GET", f"/fhir/DocumentReference/{identifier}", token=professional_token(anne))
    assert answer.status == (200 if theirs else 404)


def filed_by(of: Holder, hospital: Organisation, system: str, number: str) -> str:
    """A masked document whose author is stated under their software's number first, then by this one."""
    made = deposit_of(of)
    document = made["entry"][1]["resource"]
    for one in document["contained"]:
        if one["resourceType"] == "Practitioner":
            local = {"system": "urn:oid:1.2.3.4", "value": "7"}
            one["identifier"] = [local, {"system": system, "value": number}]
    document["securityLabel"].append(MASQUE_PS)
    answer = send(made, hospital)
    assert answer.status == 200
    return str(answer.json["entry"][1]["response"]["location"].split("/")[1])
