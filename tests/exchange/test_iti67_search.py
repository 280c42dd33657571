"""ITI-67 by every parameter, in every form, in every order: what a holder finds, a professional finds too."""

import copy
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import bundles
from cast import Holder, consents, holder, organisation, professional
from door import (
    FORM,
    Answer,
    audience,
    call,
    deposit_of,
    holder_token,
    named,
    pages,
    post,
    professional_token,
    send,
)
from espace import edge
from espace.identity.facts import Organisation

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
Pairs = list[tuple[str, str]]
PATH = "/fhir/DocumentReference"


class World:
    """Two documents of one person, and who may look for them."""

    def __init__(self) -> None:
        self.hospital: Organisation = organisation()
        self.camille: Holder = holder()
        anne = professional()
        consents(self.camille, anne, at=edge.now())
        self.tokens = {"holder": holder_token(self.camille.patient), "professional": professional_token(anne)}
        self.first = self._deposited(_biology(self.camille))
        self.second = self._deposited(_letter(self.camille))

    def _deposited(self, made: Json) -> str:
        answer = send(made, self.hospital)
        assert answer.status == 200, answer.body
        return str(answer.json["entry"][1]["response"]["location"].split("/")[1])

    def search(self, who: str, *pairs: tuple[str, str], form: bool = False, **headers: str) -> Answer:
        said = urlencode([*named(self.camille).items(), *pairs])
        if form:
            return post(f"{PATH}/_search", said.encode(), token=self.tokens[who], kind=FORM, **headers)
        return call("GET", PATH, token=self.tokens[who], query=said, **headers)

    def found(self, who: str, *pairs: tuple[str, str], form: bool = False) -> str:
        """Which of the documents, in order: 1 for the first, 2 for the second."""
        answer = self.search(who, *pairs, form=form)
        assert answer.status == 200, answer.body
        numbers = {self.first: "1", self.second: "2"}
        ids = [entry["resource"]["id"] for entry in answer.json.get("entry", [])]
        assert answer.json["total"] == len(ids)
        return "".join(numbers[one] for one in ids)


def _biology(of: Holder) -> Json:
    return deposit_of(of, uid="urn:oid:1.2.250.1.999.1.1.77")


def _letter(of: Holder) -> Json:
    made = deposit_of(of, b"%PDF-1.7", mime="application/pdf")
    document = made["entry"][1]["resource"]
    document["type"] = bundles.coding("11488-4", "http://loinc.org")
    document["contained"][2] |= {"name": [{"family": "Évrard", "given": ["Zoé"]}]}
    document["contained"][2]["identifier"][0]["value"] = "899700218896"
    document["contained"][3] |= {"identifier": [{"value": "1990000025"}], "name": "Clinique"}
    document["securityLabel"] = [bundles.coding("R")]
    document["date"] = document["content"][0]["attachment"]["creation"] = "2025-06-01T08:00:00Z"
    document["content"][0]["format"] = {"code": "urn:ihe:iti:xds-sd:pdf:2008"}
    document["context"] = {
        "facilityType": bundles.coding("SA07"),
        "practiceSetting": bundles.coding("AMBULATOIRE"),
        "period": {"start": "2025-05-30"},
        "event": [bundles.coding("HB", "urn:oid:1.2.3")],
        "related": [{"identifier": {"system": "urn:oid:1.2.250.1.999.9", "value": "ACC-6"}}],
        "sourcePatientInfo": {"reference": "#patient"},
    }
    return made


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> World:
    with django_db_blocker.unblock():
        return World()


BY_PARAMETER: list[tuple[Pairs, str]] = [
    ([], "21"),
    ([("status", "current")], "21"),
    ([("status", "superseded")], ""),
    ([("identifier", "urn:oid:1.2.250.1.999.1.1.77")], "1"),
    ([("identifier", "urn:ietf:rfc:3986|urn:oid:1.2.250.1.999.1.1.77")], "1"),
    ([("identifier", "urn:oid:1.2.250.1.999.1.1.7")], ""),
    ([("type", "11488-4")], "2"),
    ([("type", "http://loinc.org|11488-4,http://loinc.org|11502-2")], "21"),
    ([("type", "urn:oid:1.2.3|11488-4")], ""),
    ([("type:not", "11488-4")], "1"),
    ([("type", "11488-4"), ("type", "11502-2")], ""),
    ([("category", "10")], "21"),
    ([("category", "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument|10")], "21"),
    ([("format", "urn:ihe:iti:xds-sd:pdf:2008")], "2"),
    ([("setting", "AMBULATOIRE")], "2"),
    ([("facility", "SA01")], "1"),
    ([("event", "GLU")], "1"),
    ([("event", "urn:oid:1.2.3|HB")], "2"),
    ([("event", "|HB")], ""),
    ([("security-label", "R")], "2"),
    ([("security-label", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|N")], "1"),
    ([("contenttype", "application/pdf")], "2"),
    ([("author.family", "evr")], "2"),
    ([("author.family:exact", "evrard")], ""),
    ([("author.family:contains", "GOF")], "1"),
    ([("author.given", "zoe")], "2"),
    ([("author.given", "marie")], "1"),
    ([("author.identifier", "urn:oid:1.2.250.1.71.4.2.1|899700218896")], "2"),
    ([("author:identifier", "1990000017")], "1"),
    ([("date", "2026")], "1"),
    ([("date", "ge2025-06-01"), ("date", "lt2025-06-02")], "2"),
    ([("creation", "2026-03-04")], "1"),
    ([("creation", "2026-03-04T10:30+01:00")], "1"),
    ([("creation", "2026-03-04T10:30 01:00")], "1"),
    ([("creation", "lt2026-03-04T09:30:00Z")], "2"),
    ([("period", "ge2026-03-04")], "21"),
    ([("period", "2026-03-04")], "1"),
    ([("period-start", "2025-05-30")], "2"),
    ([("period-end:missing", "true")], "2"),
    ([("related.identifier", "urn:oid:1.2.250.1.999.9|ACC-5")], "1"),
    ([("related:identifier", "ACC-6")], "2"),
    ([("related:identifier", "urn:oid:1.2.250.1.999.8|ACC-6")], ""),
    ([("relation", "replaces")], ""),
    ([("relatesto:missing", "true")], "21"),
    ([("isArchived", "true")], ""),
    ([("isArchived", "false")], "21"),
    ([("_lastUpdated", "gt2000")], "21"),
    ([("_lastUpdated", "lt2000")], ""),
    ([("_sort", "date")], "21"),
    ([("_sort", "-date")], "12"),
    ([("_sort", "creation,_id")], "21"),
    ([("_sort", "period")], "21"),
    ([("_sort", "-type")], "12"),
    ([("_sort", "_lastUpdated")], "12"),
    ([("_sort", "-status")], "21"),
]


@pytest.mark.parametrize(("pairs", "expected"), BY_PARAMETER, ids=lambda one: str(one)[:60])
@pytest.mark.parametrize("who", ["holder", "professional"])
def test_documents_are_found_by_each_parameter(world: World, who: str, pairs: Pairs, expected: str) -> None:
    assert world.found(who, *pairs) == expected
    assert world.found(who, *pairs, form=True) == expected


@pytest.mark.parametrize("who", ["holder", "professional"])
def test_documents_are_found_by_id_and_by_the_identifier_given_here(world: World, who: str) -> None:
    assert world.found(who, ("_id", world.first)) == "1"
    assert world.found(who, ("_id", f"{world.first},{world.second}"), ("_sort", "_lastUpdated")) == "12"
    assert world.found(who, ("identifier", f"urn:uuid:{world.second}")) == "2"
    assert world.found(who, ("relatesto", f"DocumentReference/{world.first}")) == ""


def test_the_address_and_the_form_are_read_together(world: World) -> None:
    token, query = world.tokens["professional"], urlencode(named(world.camille))
    environ = {"token": token, "query": query, "kind": FORM}
    assert call("POST", f"{PATH}/_search", b"type=11488-4", **environ).json["total"] == 1
    twice = call("POST", f"{PATH}/_search", query.encode(), **environ)
    assert (twice.status, twice.places) == (400, ["http.patient.identifier"])
    counted = call("POST", f"{PATH}/_search", b"_count=1", **{**environ, "query": f"{query}&_count=1"})
    assert (counted.status, counted.places) == (400, ["http._count"])


def test_a_patient_may_be_named_by_their_id_here(world: World) -> None:
    for said in (f"Patient/{world.camille.patient}", f"{world.camille.patient}"):
        for token in world.tokens.values():
            assert call("GET", PATH, token=token, query=urlencode({"patient": said})).json["total"] == 2


def test_counts_and_totals_alone(world: World) -> None:
    for pairs in ([("_summary", "count")], [("_count", "0")]):
        answer = world.search("professional", *pairs).json
        assert (answer["total"], "entry" in answer, len(answer["link"])) == (2, False, 1)
    assert "total" not in world.search("holder", ("_total", "none")).json
    assert world.search("holder", ("_total", "estimate")).json["total"] == 2


def test_a_summary_is_a_part_of_the_whole_and_says_so(world: World) -> None:
    [whole, *_] = world.search("holder", ("_id", world.first)).json["entry"]
    everything = len(whole["resource"])
    for summary, kept in (("true", everything - 1), ("text", 5), ("data", everything), ("false", everything)):
        [one] = world.search("holder", ("_id", world.first), ("_summary", summary)).json["entry"]
        assert len(one["resource"]) == kept
        assert ("tag" in one["resource"]["meta"]) == (summary in ("true", "text"))


@pytest.mark.parametrize("sort", ["", "date", "-type,date", "_lastUpdated"])
def test_pages_follow_each_other_in_every_order(world: World, sort: str) -> None:
    pairs = [("_sort", sort)] if sort else []
    whole = world.search("professional", *pairs).json
    first = world.search("professional", *pairs, ("_count", "1")).json
    assert (first["total"], len(first["entry"])) == (2, 1)
    assert pages(first, world.tokens["professional"]) == [entry["resource"]["id"] for entry in whole["entry"]]


def test_a_next_link_holds_what_was_said_and_one_id_and_never_an_ins(world: World) -> None:
    answer = world.search("holder", ("type", "11488-4,11502-2"), ("_count", "1"), ("_sort", "date"))
    [link] = [one["url"] for one in answer.json["link"] if one["relation"] == "next"]
    whose = ("patient", str(world.camille.patient))
    said = [whose, ("type", "11488-4,11502-2"), ("_count", "1"), ("_sort", "date")]
    assert link == f"{audience()}/DocumentReference?{urlencode([*said, ('_after', world.second)])}"
    assert all(world.camille.ins.number not in one["url"] for one in answer.json["link"])


def test_unknown_parameters_are_left_out_only_where_the_client_asks_for_it(world: World) -> None:
    strict = world.search("holder", ("colour", "blue"), ("type", "11488-4"))
    assert (strict.status, strict.codes, strict.places) == (400, ["parameter_unsupported"], ["http.colour"])
    assert world.search("holder", ("colour", "blue"), prefer="handling=strict").status == 400
    for prefer in ("handling=lenient", 'respond-async, handling="lenient"', "handling=lenient; wait=10"):
        lenient = world.search("holder", ("colour", "blue"), ("type", "11488-4"), prefer=prefer)
        assert (lenient.status, lenient.json["total"]) == (200, 1)
        [link] = lenient.json["link"]
        assert "colour" not in link["url"] and "type=11488-4" in link["url"]
    assert world.search("holder", ("status", "hidden"), prefer="handling=lenient").status == 400


def test_other_formats_are_not_produced(world: World) -> None:
    assert world.search("holder", ("_format", "application/fhir+json"), ("_pretty", "true")).status == 200
    assert world.search("holder", ("_format", "xml")).codes == ["not_acceptable"]
    assert world.search("holder", ("_format", "json"), ("_format", "xml")).codes == ["not_acceptable"]


def test_a_document_read_is_the_one_found(world: World) -> None:
    for token in world.tokens.values():
        [entry] = call("GET", PATH, token=token, query=urlencode({**named(world.camille), "_id": world.first})).json[
            "entry"
        ]
        read = call("GET", f"{PATH}/{world.first}", token=token)
        assert (read.status, read.json) == (200, entry["resource"])
        assert entry["fullUrl"] == f"{audience()}/DocumentReference/{world.first}"
        content = call("GET", f"/fhir/Binary/{world.first}", token=token)
        assert (content.status, content.body) == (200, bundles.CONTENT)


def test_what_is_asked_of_the_database_does_not_grow_with_the_record(world: World) -> None:
    small, large = holder(), holder()
    for number in range(6):
        for one in (small, large) if number < 1 else (large,):
            assert send(deposit_of(one, bytes([number])), world.hospital).status == 200
    for path in (PATH, "/fhir/List"):
        asked = []
        for one in (small, large):
            token = holder_token(one.patient)
            with CaptureQueriesContext(connection) as captured:
                assert call("GET", path, token=token, query="_sort=-date").status == 200
            asked.append(len(captured))
        assert asked[0] == asked[1] <= 10


def test_a_new_version_is_found_by_what_it_replaces_and_both_tell_when_they_changed(world: World) -> None:
    camille = holder()
    token = holder_token(camille.patient)
    old = send(deposit_of(camille), world.hospital).json["entry"][1]["response"]["location"]
    made = copy.deepcopy(deposit_of(camille, b"version 2"))
    made["entry"][1]["resource"]["relatesTo"] = [{"code": "replaces", "target": {"reference": old}}]
    new = send(made, world.hospital).json["entry"][1]["response"]["location"]
    for pairs in ({"relatesto": old}, {"relatesto": old.split("/")[1]}, {"relation": "replaces"}):
        [entry] = call("GET", PATH, token=token, query=urlencode(pairs)).json["entry"]
        assert f"DocumentReference/{entry['resource']['id']}" == new
    [first] = call("GET", PATH, token=token, query="status=superseded").json["entry"]
    [second] = call("GET", PATH, token=token, query="status=current").json["entry"]
    assert first["resource"]["meta"]["lastUpdated"] == second["resource"]["meta"]["lastUpdated"]
