"""PyPI `fhirclient` (SMART Health IT), unmodified: its strict R4 models read everything that the door answers."""

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from uuid import uuid4

import pytest
import requests
from fhirclient.client import FHIRClient
from fhirclient.models.binary import Binary
from fhirclient.models.bundle import Bundle
from fhirclient.models.documentreference import DocumentReference
from fhirclient.models.list import List
from fhirclient.models.operationoutcome import OperationOutcome
from fhirclient.models.patient import Patient
from fhirclient.models.practitionerrole import PractitionerRole
from fhirclient.server import (
    FHIRNotFoundException,
    FHIRPermissionDeniedException,
    FHIRServer,
    FHIRUnauthorizedException,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from cast import holder
from door import deposit_of
from espace import edge
from espace.catalogue import actions
from exchange.publishing import whole
from foreign.conftest import World

pytestmark = pytest.mark.django_db

Opened = Callable[[str], FHIRServer]


@pytest.fixture
def opened(world: World) -> Iterator[Opened]:
    """A client that already has this token, as it restores one from its saved state."""
    with ExitStack() as stack:

        def with_token(token: str) -> FHIRServer:
            auth = {"access_token": token}
            server = {"base_uri": f"{world.base}/", "auth_type": "oauth2", "auth": auth}
            found = FHIRClient(state={"app_id": "tests", "server": server}).server
            stack.callback(found.session.close)
            return found

        yield with_token


def ids(server: FHIRServer, **said: str) -> list[list[str]]:
    """The ids of each page of a search."""
    pages = DocumentReference.where(said).perform_iter(server)
    return [[entry.resource.id for entry in page.entry or ()] for page in pages]


def told(response: requests.Response) -> OperationOutcome:
    return OperationOutcome(response.json())


def test_it_learns_what_the_door_can_do_and_where_tokens_are_given(world: World) -> None:
    client = FHIRClient(settings={"app_id": "tests", "api_base": world.base})
    assert client.prepare() is False
    stated = client.server.capabilityStatement
    client.server.session.close()
    assert stated.fhirVersion == "4.0.1"
    told = [one.type for one in stated.rest[0].resource]
    assert told[:4] == ["DocumentReference", "List", "Patient", "Binary"]
    assert {"AllergyIntolerance", "MedicationStatement", "Observation", "Provenance"} < set(told)
    assert client.server.auth._token_uri == world.base.replace("/fhir", "/oauth/token")


def test_software_gets_a_token_of_its_own_and_uses_it(world: World) -> None:
    """SMART backend services: fhirclient finds the token's address in the statement, and signs with what we give it."""
    name, key = f"client-{uuid4()}", ECKey.generate_key("P-384", parameters={"kid": "ec"})
    keys = {"keys": [key.as_dict(private=False)]}
    actions.register_client(client_id=name, organisation_id=world.hospital.id, name="DPI", jwks=keys, at=edge.now())
    client = FHIRClient(
        settings={"app_id": name, "api_base": world.base, "scope": "system/DocumentReference.cuds",
                  "jwt_token": assertion(name, world.base.replace("/fhir", "/oauth/token"), key)}
    )  # fmt: skip
    client.wants_patient = False
    assert client.prepare() is False
    client.authorize()
    assert client.ready
    assert len(ids(client.server, **{"patient.identifier": world.ins})[0]) == 7
    client.server.session.close()


def assertion(name: str, address: str, key: ECKey) -> str:
    now = int(edge.now().timestamp())
    said = {"iss": name, "sub": name, "aud": address, "jti": str(uuid4()), "iat": now, "exp": now + 240}
    return jwt.encode({"alg": "ES384", "kid": "ec", "typ": "JWT"}, said, key, algorithms=["ES384"])


def test_the_holder_finds_reads_and_opens_their_documents(world: World, opened: Opened) -> None:
    server = opened(world.holder)
    pages = ids(server, **{"patient.identifier": world.ins, "_count": "2"})
    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert sorted(chain(*pages)) == sorted(world.documents)

    document = DocumentReference.read(world.documents[2], server)
    attachment = document.content[0].attachment
    assert (document.status, attachment.title, attachment.contentType) == ("current", "Bilan 3", "text/plain")
    assert server.request_data(attachment.url, {"Accept": "*/*"}) == "Bilan 3 : glycémie 5,1 mmol/L".encode()
    content = Binary.read(world.documents[2], server)
    assert base64.b64decode(content.data) == "Bilan 3 : glycémie 5,1 mmol/L".encode()

    sets = [entry.resource for entry in next(List.where({"_count": "10"}).perform_iter(server)).entry]
    assert (len(sets), {one.code.coding[0].code for one in sets}) == (7, {"submissionset"})


def test_a_professional_finds_the_patient_then_every_page_then_the_content(world: World, opened: Opened) -> None:
    server = opened(world.professional)
    found = next(Patient.where({"identifier": world.ins}).perform_iter(server)).entry[0].resource
    assert (found.name[0].family, found.gender, found.birthDate.isostring) == ("DUVAL", "female", "1985-03-07")

    pages = ids(server, patient=f"Patient/{found.id}", _count="2", _sort="-date")
    assert sorted(chain(*pages)) == sorted(world.documents)
    document = DocumentReference.read(world.documents[0], server)
    role = document.author[0].resolved(PractitionerRole)
    contained = {f"#{one.id}": one for one in document.contained}
    assert contained[role.practitioner.reference].name[0].family == "Le Goff"
    assert server.request_data(document.content[0].attachment.url, {"Accept": "*/*"}).startswith(b"Bilan 1")


def test_software_deposits_by_transaction_and_by_a_single_document(world: World, opened: Opened) -> None:
    server = opened(world.organisation)
    answer = Bundle(Bundle(deposit_of(world.camille)).create(server))
    assert (answer.type, [entry.response.status for entry in answer.entry]) == (
        "transaction-response",
        ["201 Created"] * 3,
    )
    sent = DocumentReference(whole(world.camille))
    published = DocumentReference(sent.create(server))
    assert (published.status, published.masterIdentifier.value) == ("current", sent.masterIdentifier.value)

    followed = list(chain(*ids(server, **{"patient.identifier": world.ins, "_count": "4"})))
    assert len(followed) == 9
    assert {answer.entry[1].response.location.split("/")[1], published.id} <= set(followed)

    published.delete(server)
    query = {"patient.identifier": world.ins, "status": "entered-in-error"}
    assert ids(server, **query) == [[published.id]]


def test_refusals_are_outcomes_that_it_reads(world: World, opened: Opened) -> None:
    server = opened(world.holder)
    stranger = opened(world.organisation)
    with pytest.raises(FHIRNotFoundException) as absent:
        DocumentReference.read("9c2f4e1a-6f0b-4a52-9e1c-0d5a1f2b3c4d", server)
    with pytest.raises(FHIRPermissionDeniedException) as forbidden:
        DocumentReference.read(world.documents[0], stranger)
    with pytest.raises(FHIRUnauthorizedException) as unknown:
        DocumentReference.read(world.documents[0], opened("nobody"))
    with pytest.raises(requests.HTTPError) as unsupported:
        ids(server, description="x")
    with pytest.raises(requests.HTTPError) as malformed:
        made = deposit_of(holder())
        del made["entry"][1]["resource"]["type"]
        Bundle(made).create(stranger)
    said = [told(one.value.response).issue[0] for one in (absent, forbidden, unknown, unsupported, malformed)]
    assert [(one.severity, one.code, one.details.coding[0].code) for one in said] == [
        ("error", "not-found", "not_found"),
        ("error", "forbidden", "organisation_cannot_read"),
        ("error", "login", "token_invalid"),
        ("error", "not-supported", "parameter_unsupported"),
        ("error", "required", "element_missing"),
    ]
    assert said[4].expression == ["Bundle.entry[1].resource.type"]
