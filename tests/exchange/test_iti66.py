"""ITI-66: the submission sets of a record, by every parameter; what is hidden is in none."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from django.db import connection

import bundles
from cast import Holder, consents, holder, organisation, professional, sender
from door import (
    FORM,
    Answer,
    audience,
    call,
    deposit_of,
    holder_token,
    lines_of,
    named,
    pages,
    post,
    professional_token,
    send,
    with_another,
)
from espace import edge
from espace.access import gate
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Verb
from espace.record import actions as record
from espace.record.facts import Change

pytestmark = pytest.mark.django_db

PATH = "/fhir/List"
MHD = "https://profiles.ihe.net/ITI/MHD/StructureDefinition"


@pytest.fixture
def hospital() -> Organisation:
    return organisation()


@pytest.fixture
def camille() -> Holder:
    return holder()


def sent(made: dict[str, Any], by: Organisation) -> list[str]:
    answer = send(made, by)
    assert answer.status == 200, answer.body
    return [entry["response"]["location"] for entry in answer.json["entry"]]


def search(token: str, *pairs: tuple[str, str]) -> Answer:
    return call("GET", PATH, token=token, query=urlencode(pairs))


def test_a_set_is_told_as_its_sender_stated_it(hospital: Organisation, camille: Holder) -> None:
    made = with_another(deposit_of(camille))
    location, first, _, second, *_ = sent(made, hospital)
    [told] = [
        call("GET", f"/fhir/{location}", token=token).json
        for token in (holder_token(camille.patient),)
    ]
    assert told.pop("meta")["profile"] == [
        f"{MHD}/IHE.MHD.Comprehensive.SubmissionSet",
        "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/pdsm-submissionset-comprehensive",
    ]
    stated = made["entry"][0]["resource"]
    ins = {"system": f"urn:oid:{camille.ins.authority}", "value": camille.ins.number}
    assert told == {
        "resourceType": "List",
        "id": location.split("/")[1],
        "contained": [
            {"resourceType": "PractitionerRole", "id": "source", "practitioner": {"reference": "#source-person"}},
            {"resourceType": "Practitioner", "id": "source-person", "name": [{"family": "Le Goff"}]},
        ],
        "extension": [
            {
                "url": f"{MHD}/ihe-designationType",
                "valueCodeableConcept": {
                    "coding": [
                        {
                            "system": "https://mos.esante.gouv.fr/NOS/TRE_R209-TypeActivite/FHIR/TRE-R209-TypeActivite",
                            "code": "07",
                        }
                    ]
                },
            },
            {
                "url": f"{MHD}/ihe-sourceId",
                "valueIdentifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.1"},
            },
        ],
        "identifier": [
            {"use": "usual", "system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{location.split('/')[1]}"},
            {"use": "official", "system": "urn:ietf:rfc:3986", "value": stated["identifier"][1]["value"]},
        ],
        "status": "current",
        "mode": "working",
        "title": "Bilan de printemps",
        "code": {
            "coding": [
                {"system": "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes", "code": "submissionset"}
            ]
        },
        "subject": {"reference": f"Patient/{camille.patient}", "type": "Patient", "identifier": ins},
        "date": "2026-03-04T10:30:00+01:00",
        "source": {"reference": "#source", "display": "Le Goff"},
        "note": [{"text": "Deux tubes"}],
        "entry": [{"item": {"reference": first}}, {"item": {"reference": second}}],
    }


TELLING: list[tuple[tuple[str, str], ...]] = [
    (("title", "bilan"),),
    (("title:contains", "printemps"),),
    (("title:missing", "false"),),
    (("source.family", "le goff"),),
    (("source.family:missing", "false"),),
]
STRUCTURAL: list[tuple[tuple[str, str], ...]] = [
    (("designationType", "07"),),
    (("sourceId", "1.2.250.1.999.1.1"),),
    (("date", "2026-03-04"),),
    (("title:missing", "true"),),
    (("_sort", "-date,title"),),
]


def _masked(document: dict[str, Any], label: str) -> None:
    document["securityLabel"].append(bundles.coding(label))


@pytest.mark.parametrize("label", ["INVISIBLE_PATIENT", "MASQUE_PS"])
def test_a_set_keeps_to_itself_what_may_tell_of_a_member_that_is_hidden(
    hospital: Organisation, camille: Holder, label: str
) -> None:
    """Whoever sees both members is told all of it, whoever sees one only what no sender may leave out."""
    made = with_another(deposit_of(camille))
    _masked(made["entry"][3]["resource"], label)
    location, seen, *_ = sent(made, hospital)
    anne, whose = professional(), tuple(named(camille).items())
    consents(camille, anne, at=edge.now())
    tokens = [holder_token(camille.patient), professional_token(anne)]
    without, whole = tokens if label == "INVISIBLE_PATIENT" else tokens[::-1]
    told, all_told = (call("GET", f"/fhir/{location}", token=token).json for token in (without, whole))
    assert [entry["item"]["reference"] for entry in told["entry"]] == [seen]
    assert set(all_told) - set(told) == {"title", "note", "source", "contained"}
    same = set(told) - {"entry", "meta"}
    assert {name: told[name] for name in same} == {name: all_told[name] for name in same}
    assert told["meta"]["profile"] == [f"{MHD}/IHE.MHD.Comprehensive.SubmissionSet"]
    for pairs, with_all, with_one in (
        *((pairs, 1, 0) for pairs in TELLING),
        *((pairs, int(pairs != (("title:missing", "true"),)), 1) for pairs in STRUCTURAL),
    ):
        totals = [search(token, *whose, *pairs).json["total"] for token in (whole, without)]
        assert totals == [with_all, with_one], pairs


def test_a_set_of_which_a_member_was_deleted_tells_no_more_than_one_of_which_a_member_is_hidden(
    hospital: Organisation, camille: Holder
) -> None:
    location, _, _, second, *_ = sent(with_another(deposit_of(camille)), hospital)
    token = holder_token(camille.patient)
    assert "title" in call("GET", f"/fhir/{location}", token=token).json
    with gate.open_record(
        actor=sender(hospital), patient=camille.patient, purpose=Purpose.FEED, verb=Verb.AMEND, at=edge.now()
    ) as grant:
        record.amend(grant, UUID(second.split("/")[1]), Change(deleted=True))
    assert not {"title", "note", "source"} & set(call("GET", f"/fhir/{location}", token=token).json)


BY_PARAMETER = [
    ((), 1),
    ((("code", "submissionset"),), 1),
    ((("code", "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes|submissionset"),), 1),
    ((("code", "folder"),), 0),
    ((("status", "current"),), 1),
    ((("status", "retired"),), 0),
    ((("date", "2026-03-04"),), 1),
    ((("date", "gt2026-03-04"),), 0),
    ((("designationType", "07"),), 1),
    ((("designationType", "urn:oid:1.2.250.1.213.2.2|07"),), 1),
    ((("designationType:not", "07"),), 0),
    ((("sourceId", "urn:oid:1.2.250.1.999.1.1"),), 1),
    ((("sourceId", "1.2.250.1.999.1.1"),), 1),
    ((("sourceId", "1.2.250.1.999.1"),), 0),
    ((("source.family", "le g"),), 1),
    ((("source.given", "anne"),), 0),
    ((("source.identifier:missing", "true"),), 1),
    ((("title", "bilan"),), 1),
    ((("title:contains", "PRINTEMPS"),), 1),
    ((("title:exact", "bilan"),), 0),
    ((("_lastUpdated", "gt2020"),), 1),
    ((("_sort", "-date,title"),), 1),
]


@pytest.mark.parametrize(("pairs", "total"), BY_PARAMETER, ids=lambda one: str(one)[:60])
def test_sets_are_found_by_each_parameter(
    hospital: Organisation, camille: Holder, pairs: tuple[tuple[str, str], ...], total: int
) -> None:
    sent(deposit_of(camille), hospital)
    anne = professional()
    consents(camille, anne, at=edge.now())
    whose = tuple(named(camille).items())
    for token in (holder_token(camille.patient), professional_token(anne)):
        answer = search(token, *whose, *pairs)
        assert (answer.status, answer.json["total"], len(answer.json.get("entry", []))) == (200, total, total)
        posted = post(f"{PATH}/_search", urlencode([*whose, *pairs]).encode(), token=token, kind=FORM)
        assert posted.body == answer.body


def test_sets_are_found_by_id_and_identifier_and_read_by_whoever_may(hospital: Organisation, camille: Holder) -> None:
    made = deposit_of(camille)
    location = sent(made, hospital)[0]
    sent(deposit_of(camille, b"other"), hospital)
    anne = professional()
    consents(camille, anne, at=edge.now())
    one, uid = location.split("/")[1], made["entry"][0]["resource"]["identifier"][1]["value"]
    for token in (holder_token(camille.patient), professional_token(anne)):
        for pair in (("_id", one), ("identifier", uid), ("identifier", f"urn:uuid:{one}")):
            [entry] = search(token, *named(camille).items(), pair).json["entry"]
            assert entry["fullUrl"] == f"{audience()}/{location}"
            assert call("GET", f"/fhir/{location}", token=token).json == entry["resource"]
        first = search(token, *named(camille).items(), ("_count", "1")).json
        assert (first["total"], len(pages(first, token))) == (2, 2)
        counted = search(token, *named(camille).items(), ("_summary", "count")).json
        assert (counted["total"], "entry" in counted) == (2, False)
        [short, _] = search(token, *named(camille).items(), ("_summary", "true")).json["entry"]
        assert {"entry", "note", "extension"} & set(short["resource"]) == set()


REFUSED = ["source=Practitioner/1", "code=other", "item=x", "subject=x", "_include=List:item", "_count=501", "title="]


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_not_searched_by_is_refused(camille: Holder, query: str) -> None:
    answer = call("GET", PATH, token=holder_token(camille.patient), query=query)
    assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])


def hidden(made: dict[str, Any], label: str, document: int) -> dict[str, Any]:
    made["entry"][document]["resource"]["securityLabel"].append(bundles.coding(label))
    return made


def test_a_hidden_document_is_in_no_set_and_a_set_of_hidden_documents_is_none(
    hospital: Organisation, camille: Holder
) -> None:
    anne = professional()
    consents(camille, anne, at=edge.now())
    for label, token in (
        ("INVISIBLE_PATIENT", holder_token(camille.patient)),
        ("MASQUE_PS", professional_token(anne)),
    ):
        partly, shown, _, masked, *_ = sent(hidden(with_another(deposit_of(camille)), label, 3), hospital)
        wholly, *_ = sent(hidden(deposit_of(camille, uuid4().bytes), label, 1), hospital)
        told = call("GET", f"/fhir/{partly}", token=token)
        assert [one["item"]["reference"] for one in told.json["entry"]] == [shown]
        assert masked.encode() not in search(token, *named(camille).items()).body
        gone, absent = (call("GET", f"/fhir/{one}", token=token) for one in (wholly, f"List/{uuid4()}"))
        assert (gone.status, gone) == (404, absent)
        for pairs in ((), (("_id", wholly.split("/")[1]),), (("_summary", "count"), ("_id", wholly.split("/")[1]))):
            assert wholly.encode() not in search(token, *named(camille).items(), *pairs).body.replace(b"_id=", b"")


def test_somebody_elses_sets_answer_as_none(hospital: Organisation, camille: Holder) -> None:
    theirs = sent(deposit_of(holder(birth_name="AUTRE")), hospital)[0]
    token = holder_token(camille.patient)
    assert call("GET", f"/fhir/{theirs}", token=token) == call("GET", f"/fhir/List/{uuid4()}", token=token)
    assert search(token, ("_id", theirs.split("/")[1])).json["total"] == 0
    assert search(token, ("patient", "Patient/" + str(uuid4()))).json["total"] == 0


def test_the_line_of_a_search_tells_the_documents_that_were_shown(hospital: Organisation, camille: Holder) -> None:
    document = sent(deposit_of(camille), hospital)[1]
    search(holder_token(camille.patient), ("title", "bilan"))
    line = next(line for line in lines_of(camille) if line.verb is Verb.LIST)
    assert ([str(one) for one in line.objects], dict(line.asked)) == ([document.split("/")[1]], {"title": "bilan"})


def test_a_set_whose_row_was_altered_is_told_without_what_it_stated(hospital: Organisation, camille: Holder) -> None:
    location = sent(deposit_of(camille), hospital)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_submission SET sealed = sealed || '\\x00' WHERE patient_id = %s AND id = %s",
            [camille.patient, location.split("/")[1]],
        )
    told = call("GET", f"/fhir/{location}", token=holder_token(camille.patient))
    assert (told.status, told.json["status"], "title" in told.json) == (200, "current", False)
    assert search(holder_token(camille.patient), ("title:missing", "true")).json["total"] == 1
