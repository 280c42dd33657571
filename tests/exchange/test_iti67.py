"""ITI-67 for those who were there first: a feeder follows its own deposits, a holder reads their documents."""

import json
from urllib.parse import urlencode
from uuid import uuid4

import pytest

import bundles
from cast import Holder, fresh_ins, holder, opposed, organisation
from door import audience, call, deposit_of, feeder_token, form, holder_token, own_deposits, pages, send, with_another
from espace.identity.facts import Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def test_the_holder_reads_what_the_sender_stated(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    location = send(deposit_of(camille, uid=uid), hospital).json["entry"][1]["response"]["location"]
    found = call("GET", f"/fhir/{location}", token=holder_token(camille.patient)).json
    assert found["masterIdentifier"] == {"system": "urn:ietf:rfc:3986", "value": uid}
    assert found["status"] == "current"
    assert found["subject"]["identifier"]["value"] == camille.ins.number
    assert found["type"]["coding"] == [
        {"system": "http://loinc.org", "code": "11502-2", "display": "CR d'examens biologiques"}
    ]
    [content] = found["content"]
    assert content["attachment"]["url"] == f"{audience()}/Binary/{found['id']}"
    assert content["attachment"]["title"] == "Biologie"
    assert (content["attachment"]["size"], content["attachment"]["hash"]) == (20, "CXnlAaW9J3md1/qfyI5JnxDIQIk=")
    listed = call("GET", "/fhir/DocumentReference", token=holder_token(camille.patient)).json
    assert (listed["total"], [entry["resource"] for entry in listed["entry"]]) == (1, [found])


MASKED = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}


def test_a_feeder_follows_its_own_deposits_by_id_and_status_only(hospital: Organisation, camille: Holder) -> None:
    uid = f"urn:uuid:{uuid4()}"
    identifier = send(deposit_of(camille, uid=uid), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    found = own_deposits(camille, hospital).json
    [resource] = [entry["resource"] for entry in found["entry"]]
    assert resource.pop("date") == resource["meta"]["lastUpdated"]
    assert resource.pop("meta")["tag"][0]["code"] == "SUBSETTED"
    assert resource == {
        "resourceType": "DocumentReference",
        "id": identifier,
        "status": "current",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": uid},
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{identifier}"}],
        "content": [{"attachment": {"extension": [MASKED]}}],
    }
    assert own_deposits(camille, organisation("Une autre")).json["total"] == 0


def test_a_search_is_narrowed_by_identifier_and_status(hospital: Organisation, camille: Holder) -> None:
    uids = [f"urn:uuid:{uuid4()}" for _ in range(3)]
    for uid in uids:
        assert send(deposit_of(camille, uid.encode(), uid=uid), hospital).status == 200
    everything = own_deposits(camille, hospital).json
    assert everything["total"] == 3
    assert [one["relation"] for one in everything["link"]] == ["self"]
    assert own_deposits(camille, hospital, identifier=uids[0]).json["total"] == 1
    two = f"urn:ietf:rfc:3986|{uids[0]},{uids[2].upper()}"
    assert own_deposits(camille, hospital, identifier=two).json["total"] == 2
    assert own_deposits(camille, hospital, identifier=uids[0].removeprefix("urn:uuid:")).json["total"] == 1
    assert own_deposits(camille, hospital, identifier=uids[0][:-1]).json["total"] == 0
    assert own_deposits(camille, hospital, status="superseded").json["total"] == 0
    assert own_deposits(camille, hospital, status="entered-in-error").json["total"] == 0
    assert own_deposits(camille, hospital, status="current,superseded").json["total"] == 3
    assert own_deposits(camille, hospital, **{"identifier:not": uids[0]}).json["total"] == 2
    assert own_deposits(camille, hospital, _id=everything["entry"][0]["resource"]["id"]).json["total"] == 1
    assert own_deposits(camille, hospital, _lastUpdated="gt2000", _sort="-_lastUpdated").json["total"] == 3
    assert own_deposits(camille, hospital, _lastUpdated="lt2000").json["total"] == 0
    assert "entry" not in own_deposits(camille, hospital, _summary="count").json
    few = own_deposits(camille, hospital, _count="1").json
    assert (few["total"], len(few["entry"])) == (3, 1)
    assert pages(few, feeder_token(hospital)) == [one["resource"]["id"] for one in everything["entry"]]
    token = feeder_token(hospital)
    name = f"urn:oid:{camille.ins.authority}|{camille.ins.number}"
    assert form("/fhir/DocumentReference/_search", token=token, **{"patient:identifier": name}).json["total"] == 3


BAD_PARAMETERS = [
    "",
    "patient.identifier=279035121518989",
    "patient.identifier=urn:oid:1.2|",
    "{ins}&subject=x",
    "{ins}&_include=*",
    "{ins}&_count=-1",
    "{ins}&_count=1e9",
    "{ins}&_count=%C2%B2",
    "{ins}&_after=1",
    "{ins}&status=hidden",
    "{ins}&identifier=",
    "{ins}&identifier=http://x|y",
    "{ins}&identifier=" + "1" * 129,
    "{ins}&_summary=counts",
    "{ins}&_summary=count&_summary=count",
    "{ins}&_total=some",
    "{ins}&_sort=date",
    "{ins}&_sort=status,status",
    "{ins}&type=11502-2",
    "{ins}&security-label=N",
    "{ins}&_include=DocumentReference:patient",
    "{ins}&_revinclude=*",
    "{ins}&_has:Provenance:target:agent=x",
    "{ins}&_elements=subject",
    "{ins}&patient=Patient/1",
    "{ins}&patient.identifier:not=x",
    "{ins}&{ins}",
    "{ins}&patient:identifier=urn:oid:1.2|3",
    "{ins}&identifier:text=x",
    "{ins}&identifier:=x",
    "{ins}&access_token=x",
    "{ins},urn:oid:1.2|3",
    "{ins}&_id=" + "a" * 5000,
    "{ins}&a%00=1",
]


@pytest.mark.parametrize("query", BAD_PARAMETERS)
def test_a_parameter_that_is_not_known_is_refused_and_never_passed_over(
    hospital: Organisation, camille: Holder, query: str
) -> None:
    ins = f"patient.identifier=urn:oid:{camille.ins.authority}|{camille.ins.number}"
    answer = call("GET", "/fhir/DocumentReference", token=feeder_token(hospital), query=query.replace("{ins}", ins))
    assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])


def test_an_opposed_space_answers_to_the_byte_as_one_that_does_not_exist(hospital: Organisation) -> None:
    gone, somebody = opposed(), holder()
    nobody = Holder(somebody.patient, fresh_ins(), somebody.traits, somebody.actor)
    searches = [own_deposits(who, hospital) for who in (gone, nobody)]
    deposits = [send(deposit_of(who), hospital) for who in (gone, nobody)]
    lots = [send(with_another(deposit_of(who)), hospital, accept_language="en") for who in (gone, nobody)]
    for one, other in (searches, deposits, lots):
        assert (one.status, one.codes, one.places) == (422, ["space_unknown"], [])
        assert one == other
    open_one = own_deposits(somebody, hospital)
    assert (open_one.status, open_one.json["total"]) == (200, 0)


def test_an_organisation_reads_nothing_whether_it_exists_or_not(hospital: Organisation, camille: Holder) -> None:
    identifier = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    token = feeder_token(hospital)
    answers = {
        (answer.status, answer.body)
        for one in (identifier, str(uuid4()), "x")
        for answer in [call("GET", f"/fhir/{kind}/{one}", token=token) for kind in ("Binary", "DocumentReference")]
    }
    [(status, body)] = answers
    assert (status, json.loads(body)["issue"][0]["details"]["coding"][0]["code"]) == (403, "organisation_cannot_read")


def test_somebody_elses_document_answers_as_one_that_does_not_exist(hospital: Organisation, camille: Holder) -> None:
    theirs = send(deposit_of(camille), hospital).json["entry"][1]["response"]["location"].split("/")[1]
    hidden = deposit_of(camille)
    hidden["entry"][1]["resource"]["securityLabel"].append(bundles.coding("INVISIBLE_PATIENT"))
    unseen = send(hidden, hospital).json["entry"][1]["response"]["location"].split("/")[1]
    stranger, own = holder_token(holder(birth_name="AUTRE").patient), holder_token(camille.patient)
    for kind in ("Binary", "DocumentReference"):
        answers = {
            (answer.status, answer.body, tuple(sorted(answer.headers.items())))
            for token, one in (
                (stranger, theirs),
                (stranger, unseen),
                (own, unseen),
                (own, str(uuid4())),
                (own, "1"),
                (own, theirs.upper()),
                (own, "٣"),
                (own, f"{{{theirs}}}"),
            )
            for answer in [call("GET", f"/fhir/{kind}/{one}", token=token)]
        }
        [(status, body, _)] = answers
        assert status == 404
        assert json.loads(body)["issue"][0]["details"]["coding"][0]["code"] == "not_found"
    assert call("GET", "/fhir/DocumentReference", token=own).json["total"] == 1


def test_a_holder_learns_nothing_about_another_ins(camille: Holder) -> None:
    other = holder(birth_name="AUTRE")
    token = holder_token(camille.patient)
    for ins in (other.ins, fresh_ins()):
        asked = urlencode({"patient.identifier": f"urn:oid:{ins.authority}|{ins.number}"})
        answer = call("GET", "/fhir/DocumentReference", token=token, query=asked).json
        link = answer.pop("link")
        assert answer == {"resourceType": "Bundle", "type": "searchset", "total": 0}
        assert [(one["relation"], one["url"].partition("?")[2]) for one in link] == [("self", asked)]


def test_a_feeder_follows_its_pages_without_saying_the_ins_again(hospital: Organisation, camille: Holder) -> None:
    for _ in range(3):
        assert send(deposit_of(camille), hospital).status == 200
    first = own_deposits(camille, hospital, _count="2")
    [link] = [one["url"] for one in first.json["link"] if one["relation"] == "next"]
    assert camille.ins.number not in link
    rest = call("GET", "/fhir/DocumentReference", token=feeder_token(hospital), query=link.partition("?")[2])
    assert (len(first.json["entry"]), len(rest.json["entry"])) == (2, 1)


def test_a_feeder_that_names_nobody_by_id_finds_nobody(hospital: Organisation) -> None:
    answer = call("GET", "/fhir/DocumentReference", token=feeder_token(hospital), query="patient=x")
    assert (answer.status, answer.codes) == (422, ["space_unknown"])
