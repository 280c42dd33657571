"""Patient/$summary: who is answered, with what, and that nothing which anybody may not see is in it."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from cast import Holder, consents, holder, names_doctor, professional
from clinical.scene import as_holder, deposit, results, stated, summary
from door import FORM, Answer, call, feeder_token, holder_token, lines_of, post, professional_token
from espace import edge
from espace.clinical.actions import profile
from espace.clinical.facts.profile import Section
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import ActorKind, Verb, Visibility
from espace.record import actions as record
from espace.trace.facts import Outcome

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
BY_NAME = "/fhir/Patient/$summary"
COMPOSITION = "http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips"
MASKED = frozenset({Visibility.MASQUE_PS})


def path(of: Holder) -> str:
    return f"/fhir/Patient/{of.patient}/$summary"


def ins(of: Holder) -> str:
    return f"urn:oid:{of.ins.authority}|{of.ins.number}"


def asked(token: str, at: str, **said: str) -> Answer:
    return call("GET", at, token=token, query=urlencode(said))


def sent(token: str, at: str, **said: str) -> Answer:
    stated = [{"name": name, "valueString": value} for name, value in said.items()]
    return post(at, json.dumps({"resourceType": "Parameters", "parameter": stated}).encode(), token=token)


def told(answer: Answer) -> dict[str, list[str]]:
    """The narrative of each section, by its LOINC code."""
    assert answer.status == 200, answer.body
    sections = answer.json["entry"][0]["resource"]["section"]
    return {one["code"]["coding"][0]["code"]: one["text"]["div"].split("<li>")[1:] for one in sections}


def resources(answer: Answer) -> list[str]:
    return [entry["resource"]["resourceType"] for entry in answer.json["entry"]]


def test_a_holder_and_their_doctor_are_answered_a_document_by_each_way(camille: Holder, anne: Professional) -> None:
    mine, theirs = holder_token(camille.patient), professional_token(anne)
    answers = [
        *(asked(token, path(camille)) for token in (mine, theirs)),
        *(sent(token, path(camille), profile=f"{COMPOSITION}|2.0.0") for token in (mine, theirs)),
        *(ask(token, BY_NAME, identifier=ins(camille)) for ask in (asked, sent) for token in (mine, theirs)),
        asked(mine, BY_NAME),
    ]
    lines = told(answers[0])
    assert [len(found) for found in lines.values()] == [1, 1, 1, 1]
    assert "Pénicilline" in lines["48765-2"][0]
    assert "5,1\u00a0mmol/L" in lines["30954-2"][0]
    assert [told(answer) for answer in answers] == [lines] * 9
    for answer in answers:
        assert (answer.json["type"], resources(answer)) == (
            "document",
            ["Composition", "Patient", "Device", "AllergyIntolerance", "Observation"],
        )
    person = answers[0].json["entry"][1]
    assert person["fullUrl"].endswith(f"/fhir/Patient/{camille.patient}")
    assert person["resource"]["identifier"][0]["value"] == camille.ins.number
    assert person["resource"]["birthDate"] == camille.traits.birth_date.isoformat()


def test_its_resources_have_the_ids_that_they_have_at_this_door(camille: Holder) -> None:
    token = holder_token(camille.patient)
    for entry in asked(token, path(camille)).json["entry"][3:]:
        one = entry["resource"]
        read = call("GET", f"/fhir/{one['resourceType']}/{one['id']}", token=token)
        assert (read.status, read.json["code"]) == (200, one["code"])


def test_who_is_not_answered_is_told_why(camille: Holder, anne: Professional, laboratory: Organisation) -> None:
    stranger, theirs = professional_token(professional()), professional_token(anne)
    for at, said, closed in (
        (path(camille), {}, "not_found"),
        (BY_NAME, {"identifier": ins(camille)}, "consent_missing"),
    ):
        assert asked(stranger, at, **said).codes == [closed]
        assert asked(feeder_token(laboratory), at, **said).codes == ["organisation_cannot_read"]
        assert asked(holder_token(holder().patient), at, **said).codes == ["not_found"]
        narrow = professional_token(anne, scope="user/AllergyIntolerance.rs")
        assert asked(narrow, at, **said).codes == ["scope_insufficient"]
        assert call("GET", at).codes == ["token_missing"]
    nobody = f"/fhir/Patient/{uuid4()}/$summary"
    assert asked(theirs, nobody).codes == ["not_found"]
    assert asked(theirs, BY_NAME, identifier=f"urn:oid:{camille.ins.authority}|{holder().ins.number}").codes == [
        "consent_missing"
    ]


def test_what_is_not_understood_is_refused(camille: Holder, anne: Professional) -> None:
    token = professional_token(anne)
    for at, said, places in (
        (BY_NAME, {}, ["http.identifier"]),
        (BY_NAME, {"identifier": camille.ins.number}, ["http.identifier"]),
        (path(camille), {"identifier": ins(camille)}, ["http.identifier"]),
        (path(camille), {"profile": "http://example.org/other"}, ["http.profile"]),
        (path(camille), {"_summary": "count"}, ["http._summary"]),
    ):
        answer = asked(token, at, **said)
        assert (answer.status, answer.codes, answer.places) == (400, ["parameter_unsupported"], places)
    for body, reason in (
        (b"{", "json_malformed"),
        (b"[]", "fhir_structure"),
        (b'{"resourceType":"Patient"}', "fhir_structure"),
        (b'{"resourceType":"Parameters","parameter":[1]}', "fhir_structure"),
        (b'{"resourceType":"Parameters","parameter":{"name":"profile"}}', "fhir_structure"),
    ):
        answer = post(path(camille), body, token=token)
        assert (answer.status, answer.codes) == (400, [reason]), body
    unknown = sent(token, path(camille), _since="2025")
    assert (unknown.codes, unknown.places) == (["fhir_structure"], ["Parameters.parameter[0]"])
    assert post(path(camille), b"", token=token, kind=FORM).codes == ["media_type_unsupported"]


def test_the_register_says_that_a_summary_was_asked_for(camille: Holder, anne: Professional) -> None:
    asked(professional_token(anne), BY_NAME, identifier=ins(camille))
    line = next(one for one in lines_of(camille) if one.actor_id == anne.id and one.verb is Verb.LIST)
    assert dict(line.asked) == {"resource": "Patient/$summary"}
    assert line.outcome is Outcome.ALLOWED
    asked(holder_token(camille.patient), path(camille))
    newest = next(one for one in lines_of(camille) if one.verb is Verb.LIST)
    assert (newest.actor_kind, dict(newest.asked)) == (ActorKind.HOLDER, {"resource": "Patient/$summary"})


def without_ids(answer: Answer, of: Holder) -> str:
    """The narratives and the resources without what is random: their ids and moments."""
    assert answer.status == 200
    told = [entry["resource"] for entry in answer.json["entry"]]
    kept = [{name: value for name, value in one.items() if name not in RANDOM} for one in told]
    sections = [{name: one[name] for name in ("title", "text")} for one in kept[0].pop("section")]
    return json.dumps([kept[3:], sections, resources(answer)])


RANDOM = ("id", "meta", "identifier", "patient", "subject", "derivedFrom")


def test_two_worlds_what_somebody_may_not_see_is_in_nobodys_summary(laboratory: Organisation) -> None:
    """With and without each document that is hidden from anybody: the same bytes, even for those who see it."""
    worlds = []
    for hiding in (False, True):
        of, doctor, attending = holder(), professional(), professional()
        consents(of, doctor, at=edge.now())
        names_doctor(of, attending)
        deposit(of, laboratory, stated(results(of)))
        if hiding:
            deposit(of, laboratory, stated(summary(of, "Iode"), hidden=MASKED))
            byname, masked, _of_a_dentist = deposit(
                of,
                laboratory,
                stated(summary(of, "Latex")),
                stated(results(of, "9.9")),
                stated(summary(of, "Arachide").replace(b"SYNTH", b"68599-0")),
            )
            as_holder(of, lambda grant, one=byname: record.hide_from(grant, one, uuid4()), Verb.MASK)
            as_holder(of, lambda grant, one=masked: record.mask(grant, one), Verb.MASK)
        hide = lambda grant: profile.show_section(grant, section=Section.ALLERGIES, visible=False)  # noqa: E731
        as_holder(of, hide, Verb.VISIBILITY)
        if hiding:
            state = lambda grant: profile.state(grant, section=Section.ALLERGIES, typed={"name": "Pollen"})  # noqa: E731
            as_holder(of, state, Verb.STATE)
        tokens = [holder_token(of.patient), professional_token(doctor), professional_token(attending)]
        worlds.append([without_ids(asked(token, path(of)), of) for token in tokens])
    assert worlds[0] == worlds[1]
    assert len({*worlds[0]}) == 1
    assert "5,1\u00a0mmol/L" in json.loads(worlds[1][0])[1][3]["text"]["div"]
