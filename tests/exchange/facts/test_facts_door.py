"""The FHIR door for facts: whose they are, who finds them, and that nothing else is told of a record."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest

from cast import Holder, blocks, consents, holder, professional
from clinical.scene import as_holder, deposit, results, stated, summary, switch
from door import FORM, Answer, call, feeder_token, holder_token, lines_of, named, post, professional_token
from espace import edge
from espace.catalogue.facts import FACTS
from espace.clinical.actions import profile
from espace.clinical.facts.profile import Section
from espace.exchange.fhir.facts.telling import SERVED
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import Verb, Visibility
from espace.trace.facts import Outcome
from espace.wire.fhir.facts.parameters import SEARCHES

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
ALLERGY, OBSERVATION = "/fhir/AllergyIntolerance", "/fhir/Observation"
FORECAST = "ImmunizationRecommendation"
MASKED = frozenset({Visibility.MASQUE_PS})


def mine(who: Holder, path: str, **said: str) -> Answer:
    return call("GET", path, token=holder_token(who.patient), query=urlencode(said))


def theirs(who: Professional, of: Holder, path: str, **said: str) -> Answer:
    return call("GET", path, token=professional_token(who), query=urlencode({**named(of), **said}))


def found(answer: Answer, mode: str = "match") -> list[Json]:
    assert answer.status == 200, answer.body
    return [one["resource"] for one in answer.json.get("entry", []) if one["search"]["mode"] == mode]


def state_allergy(of: Holder, to: str) -> None:
    as_holder(of, lambda grant: profile.state(grant, section=Section.ALLERGIES, typed={"name": to}), Verb.STATE)


def test_the_types_of_the_door_are_those_of_the_scopes_and_of_the_searches() -> None:
    assert {*FACTS} == {*SEARCHES} == {*SERVED, "Provenance"}


def test_a_holder_and_their_doctor_find_the_same_facts_and_read_each(camille: Holder, anne: Professional) -> None:
    [allergy] = found(mine(camille, ALLERGY))
    assert allergy["code"]["coding"][0]["display"] == "Pénicilline"
    assert allergy["patient"]["reference"] == f"Patient/{camille.patient}"
    [glucose] = found(theirs(anne, camille, OBSERVATION, code="http://loinc.org|14749-6"))
    assert (glucose["valueQuantity"]["value"], glucose["valueQuantity"]["code"]) == (5.1, "mmol/L")
    assert found(theirs(anne, camille, ALLERGY)) == [allergy]
    for one in (allergy, glucose):
        path = f"/fhir/{one['resourceType']}/{one['id']}"
        assert mine(camille, path).json == one
        assert call("GET", path, token=professional_token(anne)).json == one


@pytest.mark.parametrize("name", FACTS)
def test_every_type_is_searched_by_address_and_by_form(camille: Holder, anne: Professional, name: str) -> None:
    token = professional_token(anne)
    by_address = theirs(anne, camille, f"/fhir/{name}")
    body = urlencode(named(camille)).encode()
    by_form = post(f"/fhir/{name}/_search", body, token=token, kind=FORM)
    assert (by_address.status, by_form.status) == (200, 200)
    assert by_address.json == by_form.json
    assert camille.ins.number not in by_form.json["link"][0]["url"]
    counted = theirs(anne, camille, f"/fhir/{name}", _summary="count").json
    assert (counted["total"], "entry" in counted) == (by_address.json["total"], False)


def test_where_facts_come_from_is_answered_with_them(camille: Holder, anne: Professional) -> None:
    for word in ("_revinclude", "_include"):
        answer = theirs(anne, camille, ALLERGY, **{word: "Provenance:target"})
        [allergy], [source] = found(answer), found(answer, "include")
        assert source["target"] == [{"reference": f"AllergyIntolerance/{allergy['id']}"}]
        assert answer.json["total"] == 1
    [entity] = source["entity"]
    document = entity["what"]["reference"]
    assert call("GET", f"/fhir/{document}", token=professional_token(anne)).status == 200
    assert allergy["id"].startswith(document.removeprefix("DocumentReference/"))
    assert {one["url"] for one in entity["extension"]} == {
        "urn:espace:extension:section",
        "urn:espace:extension:paragraph",
    }
    assert found(theirs(anne, camille, "/fhir/Provenance", target=f"AllergyIntolerance/{allergy['id']}")) == [source]
    assert found(theirs(anne, camille, "/fhir/Provenance", entity=document)) == [source]
    back = theirs(
        anne, camille, "/fhir/Provenance", target=f"AllergyIntolerance/{allergy['id']}", _include="Provenance:target"
    )
    assert found(back, "include") == [allergy]
    read = call("GET", f"/fhir/Provenance/{source['id']}", token=professional_token(anne))
    assert read.json == source
    with_document = theirs(anne, camille, "/fhir/Provenance", entity=document, _include="Provenance:entity")
    [there] = found(with_document, "include")
    assert (there["resourceType"], f"DocumentReference/{there['id']}") == ("DocumentReference", document)


def test_a_report_comes_with_its_results(camille: Holder, anne: Professional) -> None:
    answer = theirs(anne, camille, "/fhir/DiagnosticReport", _include="DiagnosticReport:result")
    [report], [result] = found(answer), found(answer, "include")
    assert report["result"] == [{"reference": f"Observation/{result['id']}"}]
    again = theirs(anne, camille, "/fhir/DiagnosticReport", result=f"Observation/{result['id']}")
    assert found(again) == [report]


def test_what_is_stated_by_the_patient_is_told_apart_and_read_by_its_id(camille: Holder, anne: Professional) -> None:
    state_allergy(camille, "Iode")
    [iodine] = found(theirs(anne, camille, ALLERGY, _tag="stated"))
    assert iodine["code"] == {"text": "Iode"}
    assert iodine["asserter"]["reference"] == f"Patient/{camille.patient}"
    assert len(iodine["id"]) == 52
    path = f"{ALLERGY}/{iodine['id']}"
    assert call("GET", path, token=professional_token(anne)).json == iodine
    assert mine(camille, path).json == iodine
    assert [one["code"]["text"] for one in found(theirs(anne, camille, ALLERGY, _tag="extracted"))] == ["Pénicilline"]
    hide = lambda grant: profile.show_section(grant, section=Section.ALLERGIES, visible=False)  # noqa: E731
    as_holder(camille, hide, Verb.VISIBILITY)
    assert found(theirs(anne, camille, ALLERGY, _tag="stated")) == []
    assert call("GET", path, token=professional_token(anne)).codes == ["not_found"]
    assert mine(camille, path).json == iodine


def told(answer: Answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return answer.status, answer.body, tuple(sorted(answer.headers.items()))


def test_absent_and_forbidden_answer_alike(camille: Holder, laboratory: Organisation, anne: Professional) -> None:
    hidden = holder()
    consents(hidden, anne, at=edge.now())
    deposit(hidden, laboratory, stated(summary(hidden), hidden=MASKED))
    closed = holder()
    deposit(closed, laboratory, stated(summary(closed)))
    state_allergy(closed, "Iode")
    ids = [found(mine(hidden, ALLERGY))[0]["id"], *(one["id"] for one in found(mine(closed, ALLERGY)))]
    [shown] = found(theirs(anne, camille, ALLERGY))
    ids += [f"{uuid4()}.0", str(uuid4()), "x", "a" * 52, shown["id"].upper(), f"{shown['id']}.2"]
    token = professional_token(anne)
    answers = {told(call("GET", f"{ALLERGY}/{one}", token=token)) for one in ids}
    answers |= {told(call("GET", f"/fhir/Provenance/AI.{one}", token=token)) for one in ids}
    answers |= {told(call("GET", f"/fhir/Condition/{one}", token=token)) for one in (shown["id"], ids[0])}
    answers |= {told(call("GET", f"/fhir/Provenance/{one}", token=token)) for one in ("AI", "ZZ.1", shown["id"])}
    [(status, body, _)] = answers
    assert (status, b"not_found" in body) == (404, True)
    assert found(theirs(anne, hidden, ALLERGY)) == []


def test_a_masked_documents_facts_are_in_no_answer(camille: Holder, laboratory: Organisation) -> None:
    """Two worlds: with and without the masked document, whatever is asked, the answers are the same."""
    plain, hiding, doctor = holder(), holder(), professional()
    worlds = []
    for of in (plain, hiding):
        consents(of, doctor, at=edge.now())
        deposit(of, laboratory, stated(results(of)))
        if of is hiding:
            deposit(
                of, laboratory, stated(summary(of, "Iode"), hidden=MASKED), stated(results(of, "9.9"), hidden=MASKED)
            )
        asked = [(f"/fhir/{name}", {"_revinclude": "Provenance:target"}) for name in SERVED]
        asked += [("/fhir/Provenance", {}), (ALLERGY, {"_summary": "count"}), (OBSERVATION, {"_count": "1"})]
        said = [found_alike(theirs(doctor, of, path, **pairs)) for path, pairs in asked]
        worlds.append(said)
    assert worlds[0] == worlds[1]
    assert [one["valueQuantity"]["value"] for one in found(theirs(doctor, hiding, OBSERVATION))] == [5.1]


def found_alike(answer: Answer) -> tuple[int, list[Json]]:
    """The answer without its random ids."""
    names = (
        "id",
        "patient",
        "subject",
        "derivedFrom",
        "identifier",
        "result",
        "presentedForm",
        "target",
        "entity",
        "meta",
    )
    kept = [
        {name: value for name, value in one["resource"].items() if name not in names}
        for one in answer.json.get("entry", [])
    ]
    return answer.json["total"], kept


def test_who_names_the_patient_is_told_why_the_record_stays_closed(camille: Holder) -> None:
    stranger, blocked = professional(), professional()
    consents(camille, blocked, at=edge.now())
    blocks(camille, blocked, at=edge.now())
    for name in FACTS:
        assert theirs(stranger, camille, f"/fhir/{name}").codes == ["consent_missing"]
        assert theirs(blocked, camille, f"/fhir/{name}").codes == ["professional_blocked"]
    nobody = call("GET", ALLERGY, token=professional_token(stranger))
    assert (nobody.codes, nobody.places) == (["parameter_unsupported"], ["http.patient.identifier"])


def test_an_organisation_reads_no_fact(camille: Holder, laboratory: Organisation) -> None:
    for path in (ALLERGY, f"{ALLERGY}/x"):
        answer = call("GET", path, token=feeder_token(laboratory), query=urlencode(named(camille)))
        assert (answer.status, answer.codes) == (403, ["organisation_cannot_read"])


def test_a_scope_is_for_one_type(camille: Holder, anne: Professional) -> None:
    token = professional_token(anne, scope="user/Observation.rs user/DocumentReference.cruds")
    query = urlencode(named(camille))
    assert call("GET", OBSERVATION, token=token, query=query).status == 200
    refused = call("GET", ALLERGY, token=token, query=query)
    assert (refused.status, refused.codes) == (403, ["scope_insufficient"])


def test_another_holders_facts_are_nowhere_for_a_holder(camille: Holder) -> None:
    other = holder()
    answer = mine(other, ALLERGY, **named(camille))
    assert (answer.json["total"], "entry" in answer.json) == (0, False)
    [allergy] = found(mine(camille, ALLERGY))
    assert mine(other, f"{ALLERGY}/{allergy['id']}").codes == ["not_found"]


def test_the_register_says_what_was_asked_and_what_was_shown(camille: Holder, anne: Professional) -> None:
    theirs(anne, camille, OBSERVATION, code="14749-6")
    line = next(one for one in lines_of(camille) if one.actor_id == anne.id and one.verb is Verb.LIST)
    assert dict(line.asked) == {"resource": "Observation", "code": "14749-6"}
    assert (line.outcome, len(line.objects)) == (Outcome.ALLOWED, 2)


PARAMETERS = [
    ("_include", "AllergyIntolerance:patient"),
    ("_include:iterate", "Provenance:target"),
    ("_revinclude", "Observation:subject"),
    ("_has", "x"),
    ("clinical-status:in", "active"),
    ("date", "hier"),
    ("patient.name", "Duval"),
    ("_count", "501"),
    ("_sort", "code"),
    ("_summary", "all"),
]


@pytest.mark.parametrize(("name", "value"), PARAMETERS)
def test_what_is_not_understood_is_refused(camille: Holder, name: str, value: str) -> None:
    answer = mine(camille, ALLERGY, **{name: value})
    assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])


def test_the_switch_of_the_holder_takes_the_facts_away(camille: Holder, anne: Professional) -> None:
    switch(camille, on=False)
    for name in SERVED:
        if name != FORECAST:
            assert found(theirs(anne, camille, f"/fhir/{name}")) == []
    [forecast] = found(theirs(anne, camille, f"/fhir/{FORECAST}"))
    assert forecast["meta"]["tag"][0]["code"] == "calendar"
    assert {one.get("doseNumberPositiveInt", 1) for one in forecast["recommendation"]} == {1}


def test_what_the_calendar_makes_of_somebody_is_found_and_read(camille: Holder, anne: Professional) -> None:
    [forecast] = found(theirs(anne, camille, f"/fhir/{FORECAST}"))
    assert found(mine(camille, f"/fhir/{FORECAST}", status="urn:espace:vaccine-standing|up_to_date")) == []
    assert found(mine(camille, f"/fhir/{FORECAST}", _tag="calendar", _revinclude="Provenance:target")) == [forecast]
    assert mine(camille, f"/fhir/{FORECAST}/{forecast['id']}").json == forecast
    assert call("GET", f"/fhir/{FORECAST}/{forecast['id']}", token=professional_token(anne)).json == forecast
    stranger = call("GET", f"/fhir/{FORECAST}/{forecast['id']}", token=professional_token(professional()))
    assert stranger.status in (403, 404)


def test_pages_follow_each_other_and_a_page_that_is_gone_is_told(camille: Holder, laboratory: Organisation) -> None:
    for value in ("6.0", "7.0"):
        deposit(camille, laboratory, stated(results(camille, value)))
    seen, query = [], {"_count": "1", "_sort": "-_lastUpdated"}
    answer = mine(camille, "/fhir/DiagnosticReport", **query)
    while True:
        assert answer.json["total"] == 3
        seen += [one["id"] for one in found(answer)]
        following = [one["url"] for one in answer.json["link"] if one["relation"] == "next"]
        if not following:
            break
        answer = call(
            "GET", "/fhir/DiagnosticReport", token=holder_token(camille.patient), query=following[0].partition("?")[2]
        )
    assert len(seen) == len(set(seen)) == 3
    gone = mine(camille, "/fhir/DiagnosticReport", _after=str(UUID(int=1)))
    assert (gone.status, gone.codes) == (410, ["page_expired"])


def test_a_summary_is_marked_as_a_part(camille: Holder) -> None:
    [whole], [short] = found(mine(camille, OBSERVATION)), found(mine(camille, OBSERVATION, _summary="true"))
    assert short["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert ("referenceRange" in whole, "referenceRange" in short) == (True, False)
    assert short["valueQuantity"] == whole["valueQuantity"]
    [text] = found(mine(camille, OBSERVATION, _summary="text"))
    assert set(text) == {"resourceType", "id", "meta", "status", "code", "subject", "effectiveDateTime"}
