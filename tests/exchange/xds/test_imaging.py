"""Manifests of imaging examinations by both doors: filed and read back to the byte, refused where the entry or the
patient is not theirs."""

import base64
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

import bundles
import door
import kos_made as made
import soap_door as soap
import soaping
from cast import Holder, consents, holder, professional
from espace import edge
from espace.identity.facts import Organisation
from exchange.xds.consulting import read
from exchange.xds.test_iti41 import found_by_fhir
from exchange.xds.test_iti43 import here
from soap_door import as_feeder, send

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
TEXT = "urn:ihe:iti:xds-sd:text:2008"


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


@pytest.fixture
def camille() -> Holder:
    return holder()


def uid() -> str:
    return f"2.25.{uuid4().int}"


def manifest_of(who: Holder, sop: str, **said: Any) -> bytes:
    return made.manifest(number=who.ins.number, authority=who.ins.authority, sop=sop, **said)


def bundle_of(who: Holder, data: bytes, sop: str) -> Json:
    """A bundle whose document is this manifest; its DocumentReference is the resource of entry 1."""
    found = door.deposit_of(who, data, uid=f"urn:oid:{sop}", mime="application/dicom")
    document = found["entry"][1]["resource"]
    document["type"] = bundles.coding("IMG-KOS", "urn:oid:1.2.250.1.213.1.1.4.12")
    document["category"] = [bundles.coding("31", "urn:oid:1.2.250.1.213.1.1.4.1")]
    document["content"][0]["format"] = {"code": made.KOS}
    document["context"]["related"] = [
        {"identifier": {"system": "urn:dicom:uid", "value": f"urn:oid:{made.STUDY}"}},
        {"identifier": {"system": "urn:oid:1.2.250.1.999.9", "value": "ACC-5"}},
    ]
    return found


def message_of(who: Holder, data: bytes, sop: str) -> str:
    stated = soaping.document(content=data, mime="application/dicom", uid=sop, cx=soap.cx(who), traits=soap.traits(who))
    for before, after in (("11502-2", "IMG-KOS"), ('"10"', '"31"'), (TEXT, made.KOS)):
        stated = stated.replace(before, after)
    contents = {"Document01": base64.b64encode(data).decode()}
    submission_set = soaping.submission_set(uid=f"urn:uuid:{uuid4()}", cx=soap.cx(who))
    return soaping.provide(stated, submission_set, soaping.member(), contents=contents)


@pytest.mark.parametrize("by_soap", [False, True])
def test_a_manifest_is_filed_and_read_back_to_the_byte_by_both_doors(
    hospital: Organisation, camille: Holder, by_soap: bool
) -> None:
    sop = uid()
    data = manifest_of(camille, sop, x0040A730=("SQ", []))
    if by_soap:
        answer = send(message_of(camille, data, sop), as_feeder(hospital))
        assert (answer.status, answer.errors) == ("Success", [])
    else:
        sent = door.send(bundle_of(camille, data, sop), hospital)
        assert sent.status == 200, sent.body
    [found] = found_by_fhir(camille)
    binary = door.call("GET", f"/fhir/Binary/{found['id']}", token=door.holder_token(camille.patient))
    assert (binary.headers["Content-Type"], binary.body) == ("application/dicom", data)
    assert binary.headers["Content-Disposition"] == f'attachment; filename="document-{found["id"]}.dcm"'
    anne = professional()
    consents(camille, anne, at=edge.now())
    told = read(anne, camille, *here(sop))
    assert told.contents == [(sop, data)]
    assert b"<mimeType>application/dicom</mimeType>" in told.body


FHIR_NEAR: list[tuple[str, str, Callable[[Json], object]]] = [
    ("dicom_mismatch", ".masterIdentifier",
     lambda d: d["masterIdentifier"].update(value=f"urn:oid:{uid()}")),
    ("dicom_mismatch", ".type", lambda d: d.update(type=bundles.coding("18748-4", "http://loinc.org"))),
    ("class_mismatch", ".category", lambda d: d.update(category=[bundles.coding("10")])),
    ("dicom_mismatch", ".content[0].format", lambda d: d["content"][0].update(format={"code": TEXT})),
    ("dicom_mismatch", ".context.related",
     lambda d: d["context"]["related"][0]["identifier"].update(value="urn:oid:1.2.3")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "spoil"), FHIR_NEAR, ids=[row[1] for row in FHIR_NEAR])
def test_metadata_that_contradict_a_manifest_are_refused(
    hospital: Organisation, camille: Holder, code: str, place: str, spoil: Callable[[Json], object]
) -> None:
    sop = uid()
    bundle = bundle_of(camille, manifest_of(camille, sop), sop)
    spoil(bundle["entry"][1]["resource"])
    answer = door.send(bundle, hospital)
    assert (answer.status, answer.codes) == (422, [code])
    assert answer.places[0].endswith(place)
    assert found_by_fhir(camille) == []


SOAP_NEAR: list[tuple[str, str, str, Callable[[str], str]]] = [
    ("dicom_mismatch", "XDSRegistryMetadataError", "/ExternalIdentifier[uniqueId]",
     lambda b: b.replace('value="2.25.', 'value="2.25.9')),
    ("dicom_mismatch", "XDSRegistryMetadataError", "/Classification[formatCode]", lambda b: b.replace(made.KOS, TEXT)),
    ("dicom_mismatch", "XDSRegistryMetadataError", "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']",
     lambda b: b.replace("ACC-5", "ACC-6")),
    ("dicom_mismatch", "XDSRegistryMetadataError", "/Slot[@name='urn:ihe:iti:xds:2013:referenceIdList']",
     lambda b: b.replace("ACC-5^^^&amp;1.9&amp;ISO^urn:ihe:iti:xds:2013:accession",
                         "1.2.3^^^^urn:ihe:iti:xds:2016:studyInstanceUID")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "code", "location", "spoil"), SOAP_NEAR)
def test_soap_refuses_them_with_the_code_of_the_standard(
    hospital: Organisation, camille: Holder, reason: str, code: str, location: str, spoil: Callable[[str], str]
) -> None:
    sop = uid()
    body = message_of(camille, manifest_of(camille, sop), sop)
    answer = send(spoil(body), as_feeder(hospital))
    assert (answer.status, answer.errors) == ("Failure", [(code, f"RegistryObjectList/ExtrinsicObject[1]{location}")])
    assert answer.contexts[0].startswith(f"[{reason}] ")


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (lambda who, sop: manifest_of(holder(), sop), "identities_differ", "(0010,0020)"),
        (lambda who, sop: manifest_of(who, sop, x00100030=("DA", "19850308")), "traits_disagree", "(0010,0020)"),
        (lambda who, sop: manifest_of(who, sop, x00101005=("PN", "AUTRE")), "traits_disagree", "(0010,0020)"),
        (lambda who, sop: manifest_of(who, sop, x00100021=None, x00100024=None), "dicom_incomplete", "(0010,0021)"),
        (lambda who, sop: made.file_of(b"", syntax=made.DEFLATED), "dicom_unsupported", "(0002,0010)"),
        (lambda who, sop: b"%PDF-1.7", "dicom_unreadable", ""),
    ],
)
def test_what_a_manifest_says_of_its_patient_joins_what_the_entry_says(
    hospital: Organisation, camille: Holder, change: Callable[[Holder, str], bytes], code: str, place: str
) -> None:
    sop = uid()
    answer = door.send(bundle_of(camille, change(camille, sop), sop), hospital)
    assert (answer.status, answer.codes) == (422, [code])
    where = f"Bundle.entry[2].resource.data {place}".strip()
    assert answer.json["issue"][0]["diagnostics"].startswith(where)
    assert found_by_fhir(camille) == []


def test_a_single_publication_takes_a_manifest_too(hospital: Organisation, camille: Holder) -> None:
    """ITI-105; what it does not state is not taken from a manifest, which has no author nor title."""
    sop = uid()
    data = manifest_of(camille, sop)
    document = bundle_of(camille, data, sop)["entry"][1]["resource"]
    attachment = document["content"][0]["attachment"]
    del attachment["url"]
    attachment["data"] = base64.b64encode(data).decode()
    body = json.dumps(document).encode()
    answer = door.post("/fhir/DocumentReference", body, token=door.feeder_token(hospital))
    assert answer.status == 201, answer.body
    del document["author"]
    answer = door.post("/fhir/DocumentReference", json.dumps(document).encode(), token=door.feeder_token(hospital))
    assert (answer.status, answer.codes) == (422, ["element_missing"])
