"""What the holder added, through the FHIR door: theirs as author, read like any other, no feeder's."""

import pytest

from cast import Holder, consents, holder, organisation, professional
from door import call, holder_token, own_deposits, professional_token
from espace import edge
from record.owning import NOTE, add, remove, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille() -> Holder:
    return holder()


def test_a_search_answers_it_with_the_patient_as_author(camille: Holder) -> None:
    (one,) = add(camille, upload(title="Bilan"))
    token = holder_token(camille.patient)
    (found,) = [entry["resource"] for entry in call("GET", "/fhir/DocumentReference", token=token).json["entry"]]
    assert (found["id"], found["status"], found["type"]["coding"][0]["code"]) == (str(one), "current", "DOCPAT05")
    assert found["author"] == [{"reference": "#author0", "display": "Camille Duval"}]
    (person,) = [held for held in found["contained"] if held["resourceType"] == "Practitioner"]
    assert person["name"] == [{"family": "Duval", "given": ["Camille"]}]
    assert "identifier" not in person and "custodian" not in found
    assert found["context"]["practiceSetting"]["coding"][0]["code"] == "EXP_PATIENT"
    assert call("GET", f"/fhir/DocumentReference/{one}", token=token).json == found
    assert call("GET", f"/fhir/Binary/{one}", token=token, accept="text/plain").body == NOTE
    (listed,) = call("GET", "/fhir/List", token=token).json["entry"]
    assert listed["resource"]["entry"] == [{"item": {"reference": f"DocumentReference/{one}"}}]
    assert listed["resource"]["source"]["display"] == "Camille Duval"


def test_removed_it_is_no_longer_answered(camille: Holder) -> None:
    (one,) = add(camille, upload())
    remove(camille, one)
    token = holder_token(camille.patient)
    assert call("GET", "/fhir/DocumentReference", token=token).json["total"] == 0
    assert call("GET", f"/fhir/Binary/{one}", token=token).status == 404


def test_a_feeder_finds_none_of_it(camille: Holder) -> None:
    add(camille, upload())
    assert own_deposits(camille, organisation()).json["total"] == 0


def test_a_professional_who_may_read_finds_it(camille: Holder) -> None:
    (one,) = add(camille, upload())
    anne = professional()
    consents(camille, anne, at=edge.now())
    query = f"patient=Patient/{camille.patient}"
    found = call("GET", "/fhir/DocumentReference", token=professional_token(anne), query=query).json
    assert [entry["resource"]["id"] for entry in found["entry"]] == [str(one)]
