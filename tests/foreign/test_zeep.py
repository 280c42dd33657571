"""zeep, a SOAP client of others, against our WSDL: what it makes of the description alone is taken, inline and in
parts, and what we answer is what the description says."""

import base64
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import zeep
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings as django_settings
from lxml import etree
from pytest_django.fixtures import Settings
from requests import Response
from zeep.transports import Transport

import door
import soap_door as soap
import soaping
from attesting import Card, Words, authority
from cast import Holder, consents, holder, professional
from espace import edge
from espace.exchange.wsgi import application

pytestmark = pytest.mark.django_db

DOCUMENT = "{urn:ihe:iti:xds-b:2007}Document"


class Direct(Transport):
    """zeep's transport without a network: the door is called as a server calls it; `in_parts` sends what a Document
    holds as an attachment (zeep itself writes no MTOM)."""

    def __init__(self, card: Card, *, in_parts: bool = False) -> None:
        super().__init__()
        self.card = card
        self.in_parts = in_parts

    def load(self, url: str) -> bytes:
        return self._call("GET", url, b"", "").content

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Response:
        if not self.in_parts:
            return self._call("POST", address, message, headers["Content-Type"])
        root, parts = etree.fromstring(message), {}
        for number, one in enumerate(root.iter(DOCUMENT)):
            parts[f"part{number}@zeep"] = base64.b64decode(one.text or "")
            one.text = None
            one.append(etree.fromstring(soaping.INCLUDE.format(f"part{number}%40zeep")))
        return self._call("POST", address, soaping.in_parts(etree.tostring(root), **parts), soaping.MULTIPART)

    def _call(self, method: str, url: str, body: bytes, kind: str) -> Response:
        path, _, query = url.removeprefix(django_settings.ESPACE_PUBLIC_URL).partition("?")
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "CONTENT_TYPE": kind,
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
            "espace.client_certificate": self.card.der,
        }  # fmt: skip
        answer = Response()

        def start(status: str, headers: list[tuple[str, str]]) -> None:
            answer.status_code = int(status.split()[0])
            answer.headers.update(headers)

        answer.raw = io.BytesIO(b"".join(application(environ, start)))  # type: ignore[arg-type]
        return answer


class Assertion:
    """What zeep adds to a header: the assertion of a sender, a new one each time."""

    def __init__(self, card: Card, said: Words) -> None:
        self.card = card
        self.said = said

    def apply(self, envelope: Any, headers: Any) -> tuple[Any, Any]:
        header = envelope.find("{*}Header")
        header.append(etree.fromstring(soap.security(self.card, self.said)))
        return envelope, headers

    def verify(self, envelope: Any) -> Any:
        return envelope


@pytest.fixture(autouse=True)
def _trusting(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "authorities.pem"
    path.write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    settings.ESPACE_AUTHORITIES = str(path)


def provided(of: Holder, *, in_parts: bool, content: bytes = soaping.CONTENT) -> Any:
    card, said = soap.as_feeder(soap.hospital())
    client = zeep.Client(
        f"{django_settings.ESPACE_PUBLIC_URL}{soap.REPOSITORY}?wsdl",
        transport=Direct(card, in_parts=in_parts),
        wsse=Assertion(card, said),
    )
    body = etree.fromstring(soap.deposit(of, uid=f"urn:uuid:{uuid4()}"))
    listed = list(body.iterfind("{*}SubmitObjectsRequest/{*}RegistryObjectList/*"))
    return client.service["ProvideAndRegisterDocumentSet-b"](
        SubmitObjectsRequest={"RegistryObjectList": {"_value_1": listed}},
        Document=[{"_value_1": content, "id": "Document01"}],
    )


@pytest.mark.parametrize("in_parts", [False, True])
def test_a_foreign_client_deposits_by_the_description_alone(in_parts: bool) -> None:
    camille = holder()
    answer = provided(camille, in_parts=in_parts)
    assert (answer.status, answer.RegistryErrorList) == (soap.SUCCESS, None)
    query = f"patient.identifier=urn:oid:{camille.ins.authority}|{camille.ins.number}"
    found = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(camille.patient), query=query)
    assert len(found.json["entry"]) == 1


def test_a_foreign_client_follows_its_deposits_by_the_description_of_the_registry() -> None:
    camille, hospital = holder(), soap.hospital()
    assert soap.send(soap.deposit(camille), soap.as_feeder(hospital)).status == "Success"
    card, said = soap.as_feeder(hospital)
    client = zeep.Client(
        f"{django_settings.ESPACE_PUBLIC_URL}{soap.REGISTRY}?wsdl", transport=Direct(card), wsse=Assertion(card, said)
    )
    asked = {
        "$XDSDocumentEntryPatientId": f"'{soap.cx(camille)}'",
        "$XDSDocumentEntryStatus": "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')",
    }
    rim = 'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"'
    slots = [etree.fromstring(f"<x {rim}>{soaping.slot(name, value)}</x>")[0] for name, value in asked.items()]
    answer = client.service.RegistryStoredQuery(
        ResponseOption={"returnType": "ObjectRef", "returnComposedObjects": True},
        AdhocQuery={"_value_1": slots, "_attr_1": {"id": "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"}},
    )
    assert answer.status == soap.SUCCESS
    assert len(answer.RegistryObjectList._value_1) == 1


def test_a_foreign_client_reads_the_attachments_of_an_answer() -> None:
    camille, hospital, place = holder(), soap.hospital(), soap.hospital("Cabinet des Tilleuls")
    doctor = professional(at=place)
    consents(camille, doctor, at=edge.now())
    assert soap.send(soap.deposit(camille, uid="1.2.250.1.999.1.1.8"), soap.as_feeder(hospital)).status == "Success"
    card, said = soap.as_doctor(doctor, place, patient=soap.cx(camille).replace("&amp;", "&"))
    client = zeep.Client(
        f"{django_settings.ESPACE_PUBLIC_URL}{soap.REPOSITORY}?wsdl", transport=Direct(card), wsse=Assertion(card, said)
    )
    wanted = {"RepositoryUniqueId": django_settings.ESPACE_REPOSITORY_OID, "DocumentUniqueId": "1.2.250.1.999.1.1.8"}
    answer = client.service.RetrieveDocumentSet(DocumentRequest=[wanted])
    assert answer.RegistryResponse.status == soap.SUCCESS
    assert [(one.mimeType, one.Document) for one in answer.DocumentResponse] == [("text/plain", soaping.CONTENT)]


def test_a_foreign_client_reads_why_it_was_refused() -> None:
    answer = provided(holder(), in_parts=False, content=b"other bytes")
    assert answer.status == soap.FAILURE
    codes = {one.errorCode for one in answer.RegistryErrorList.RegistryError}
    assert codes == {"XDSRepositoryMetadataError"}


def test_a_foreign_client_reads_a_fault() -> None:
    card, _ = soap.as_feeder(soap.hospital())
    client = zeep.Client(f"{django_settings.ESPACE_PUBLIC_URL}{soap.REPOSITORY}?wsdl", transport=Direct(card))
    with pytest.raises(zeep.exceptions.Fault) as fault:
        client.service["ProvideAndRegisterDocumentSet-b"](
            SubmitObjectsRequest={"RegistryObjectList": {"_value_1": []}}, Document=[]
        )
    assert fault.value.subcodes is not None
    assert [one.localname for one in fault.value.subcodes] == ["SecurityTokenUnavailable"]
