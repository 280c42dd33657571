"""PyPI `fhirpy`, unmodified: searches, pages, counts, creates, patches and deletes as its users write them."""

import base64

import pytest
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import AuthorizationError, ForbiddenError, OperationOutcome, ResourceNotFound

from door import deposit_of
from exchange.measuring import amount, app_token, bundle, device, entry, lets_in, measure, pressure, registered
from exchange.publishing import whole
from foreign.conftest import World

pytestmark = pytest.mark.django_db

MASK = {"coding": [{"system": "urn:oid:1.2.250.1.213.1.1.4.13", "code": "MASQUE_PS"}]}
NORMAL = {"coding": [{"system": "urn:oid:2.16.840.1.113883.5.25", "code": "N"}]}


def client(world: World, token: str, **headers: str) -> SyncFHIRClient:
    return SyncFHIRClient(world.base, authorization=f"Bearer {token}", extra_headers=headers)


def test_it_learns_what_the_door_can_do_without_a_token(world: World) -> None:
    stated = SyncFHIRClient(world.base).execute("metadata", method="get")
    interactions = {one.type: [each.code for each in one.interaction] for one in stated.rest[0].resource}
    assert interactions.pop("DocumentReference") == ["create", "read", "patch", "delete", "search-type"]
    assert interactions.pop("Binary") == ["read"]
    assert interactions.pop("Observation") == ["create", "read", "search-type"]
    assert set(map(tuple, interactions.values())) == {("read", "search-type")}
    assert {"List", "Patient", "AllergyIntolerance"} < set(interactions)


def test_the_holder_finds_counts_reads_and_opens_their_documents(world: World) -> None:
    fhir = client(world, world.holder)
    documents = fhir.resources("DocumentReference").search(**{"patient.identifier": world.ins})
    assert sorted(one.id for one in documents.limit(2).fetch_all()) == sorted(world.documents)
    assert documents.count() == 7
    assert documents.search(_lastUpdated__ge="2020", status="current").sort("-date").limit(3).count() == 7
    assert documents.search(status="superseded").first() is None

    document = fhir.reference("DocumentReference", world.documents[4]).to_resource()
    assert document.get_by_path("content.0.attachment.title") == "Bilan 5"
    content = fhir.get("Binary", document.id)
    assert base64.b64decode(content.data) == "Bilan 5 : glycémie 5,1 mmol/L".encode()
    assert fhir.execute(document.content[0].attachment.url, method="get") == content


def test_a_professional_follows_the_patient_of_a_document(world: World) -> None:
    fhir = client(world, world.professional)
    patient = fhir.resources("Patient").search(identifier=world.ins).get()
    assert (patient.name[0].family, patient.birthDate) == ("DUVAL", "1985-03-07")
    documents = fhir.resources("DocumentReference").search(patient=patient).limit(2).fetch_all()
    assert sorted(one.id for one in documents) == sorted(world.documents)
    assert documents[0].subject.to_resource() == patient


def test_software_deposits_follows_masks_and_deletes(world: World) -> None:
    fhir = client(world, world.organisation)
    answer = fhir.execute("", data=deposit_of(world.camille))
    assert [entry.response.status for entry in answer.entry] == ["201 Created"] * 3
    published = fhir.resource("DocumentReference", **whole(world.camille)).create()
    assert published.status == "current"
    own = fhir.resources("DocumentReference").search(**{"patient.identifier": world.ins})
    assert own.count() == len(own.limit(4).fetch_all()) == 9

    masked = fhir.patch("DocumentReference", published.id, securityLabel=[NORMAL, MASK])
    assert [label.coding[0].code for label in masked.securityLabel] == ["N", "MASQUE_PS"]
    doctors = client(world, world.professional).resources("DocumentReference")
    assert doctors.search(**{"patient.identifier": world.ins}).count() == 8

    assert published.patch(status="entered-in-error").status == "entered-in-error"
    assert fhir.delete(published.reference) is None
    assert [one.id for one in own.search(status="entered-in-error")] == [published.id]


def test_a_document_sent_twice_on_condition_is_there_once(world: World) -> None:
    made = whole(world.camille)
    stated = f"{made['masterIdentifier']['system']}|{made['masterIdentifier']['value']}"
    fhir = client(world, world.organisation, **{"If-None-Exist": f"identifier={stated}"})
    first, again = (fhir.resource("DocumentReference", **made).create() for _time in range(2))
    assert first == again


def test_refusals_are_its_own_exceptions_with_the_outcome_inside(world: World) -> None:
    holder, software = client(world, world.holder), client(world, world.organisation)
    with pytest.raises(ResourceNotFound, match="not_found"):
        holder.get("DocumentReference", "9c2f4e1a-6f0b-4a52-9e1c-0d5a1f2b3c4d")
    with pytest.raises(ForbiddenError, match="organisation_cannot_read"):
        software.get("DocumentReference", world.documents[0])
    with pytest.raises(AuthorizationError, match="token_invalid"):
        client(world, "nobody").get("DocumentReference", world.documents[0])
    with pytest.raises(OperationOutcome) as unsupported:
        holder.resources("DocumentReference").search(description="x").fetch()
    with pytest.raises(OperationOutcome) as whole_update:
        holder.update(holder.resource("DocumentReference", id=world.documents[0], status="current"))
    with pytest.raises(OperationOutcome) as in_the_address:
        made = software.resource("DocumentReference", **whole(world.camille))
        software.resources("DocumentReference").search(identifier="urn:oid:1.2.3").get_or_create(made)
    said = [one.value.resource["issue"][0] for one in (unsupported, whole_update, in_the_address)]
    assert [(one["severity"], one["code"], one["details"]["coding"][0]["code"]) for one in said] == [
        ("error", "not-supported", "parameter_unsupported"),
        ("error", "not-supported", "method_not_allowed"),
        ("error", "not-supported", "parameter_unsupported"),
    ]


def test_an_application_sends_measures_and_the_holder_finds_them(world: World) -> None:
    app = registered(world.hospital)
    lets_in(world.camille, app)
    fhir = client(world, app_token(world.camille, app))
    weighed = measure(world.camille, device={"reference": "Device/scale"})
    answer = fhir.execute("", data=bundle(device("scale"), entry(weighed), entry(pressure(world.camille))))
    assert [one.response.status for one in answer.entry] == ["201 Created"] * 3
    warm = measure(world.camille, "8310-5", "bodytemperature", valueQuantity=amount(37.4, "Cel"))
    made = fhir.resource("Observation", **warm).create()
    assert made.get_by_path("valueQuantity.value") == 37.4
    own = client(world, world.holder).resources("Observation")
    assert (
        own.search(code="http://loinc.org|29463-7").get().to_reference().reference == answer.entry[0].response.location
    )
    assert sorted(one.get_by_path("valueQuantity.value") for one in own.fetch_all()) == [37.4, 60, 71, 120]
    with pytest.raises(OperationOutcome):
        fhir.execute("", data=bundle(entry({**weighed, "status": "unknown"})))
