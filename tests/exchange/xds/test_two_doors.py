"""One document by two doors: what SOAP files and what FHIR files cannot be told apart afterwards."""

import base64
import json
import os
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

import bundles
import door
import soap_door as soap
import soaping
from cast import Holder, holder
from espace.identity.facts import Organisation
from soap_door import as_feeder, deposit, send

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
OID = "urn:oid:"


def by_fhir(of: Holder, uid: str, set_uid: str) -> Json:
    """What `soaping.document` and `soaping.submission_set` say, as a bundle."""
    made = door.deposit_of(of, soaping.CONTENT, uid=uid)
    submission_set, document, _ = (entry["resource"] for entry in made["entry"])
    submission_set["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": set_uid}]
    submission_set["date"] = "2026-03-04T09:30:00Z"
    submission_set["extension"][0]["valueCodeableConcept"] = bundles.coding("07", f"{OID}1.2.250.1.213.2.2", "x")
    patient, role, doctor, hospital = document["contained"]
    patient["identifier"].append({"system": f"{OID}1.2.3.4", "value": "IPP-1"})
    doctor["name"] = [{"family": "Le Goff", "given": ["Anne"]}]
    submission_set["contained"] = [
        {**role, "id": "source", "practitioner": {"reference": "#d"}, "organization": {"reference": "#h"}},
        {**doctor, "id": "d"},
        {**hospital, "id": "h"},
    ]
    document["category"] = [bundles.coding("10", f"{OID}1.2.250.1.213.1.1.4.1", "Compte rendu")]
    document["type"] = bundles.coding("11502-2", f"{OID}2.16.840.1.113883.6.1", "CR d'examens biologiques")
    content = document["content"][0]
    content["format"] = {
        "system": f"{OID}1.3.6.1.4.1.19376.1.2.3", "code": "urn:ihe:iti:xds-sd:text:2008", "display": "x",
    }  # fmt: skip
    document["context"] |= {
        "event": [bundles.coding("GLU", f"{OID}1.2.3", "x")],
        "period": {"start": "2026-03-04T00:00:00Z"},
        "facilityType": bundles.coding("SA01", f"{OID}1.2.250.1.71.4.2.4", "x"),
        "practiceSetting": bundles.coding("ETABLISSEMENT", f"{OID}1.2.250.1.213.1.1.4.9", "x"),
        "related": [{"identifier": {"system": f"{OID}1.9", "value": "ACC-5"}}],
    }
    return made


def seen(of: Holder) -> tuple[Json, Json]:
    """The one document and the one set that the FHIR door shows, without what is of one deposit alone."""
    token, found = door.holder_token(of.patient), []
    ins = f"patient.identifier={OID}{of.ins.authority}|{of.ins.number}"
    for kind, query in (("DocumentReference", ins), ("List", f"{ins}&code=submissionset")):
        [entry] = door.call("GET", f"/fhir/{kind}", token=token, query=query).json["entry"]
        text = json.dumps(entry["resource"], sort_keys=True)
        for own in (entry["resource"]["id"], of.ins.number, str(of.patient)):
            text = text.replace(own, "…")
        found.append(json.loads(text))
    for one in found:
        one["meta"].pop("lastUpdated", None)
    found[1]["entry"] = len(found[1]["entry"])
    return found[0], found[1]


@pytest.fixture
def hospital() -> Organisation:
    return soap.hospital()


def test_the_same_document_by_both_doors_is_the_same(hospital: Organisation) -> None:
    camille, zoe, uid, set_uid = holder(), holder(), f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    body = soaping.provide(
        soaping.document(uid=uid, cx=soap.cx(camille), traits=soap.traits(camille)),
        soaping.submission_set(uid=set_uid, cx=soap.cx(camille)),
        soaping.member(),
    )
    assert send(body, as_feeder(hospital)).status == "Success"
    answer = door.send(by_fhir(zoe, uid, set_uid), hospital)
    assert answer.status == 200, answer.body
    assert seen(camille) == seen(zoe)


def test_what_one_door_filed_the_other_knows(hospital: Organisation) -> None:
    """The uniqueIds of both are the same ids: the same bytes again are no second document, other bytes are refused."""
    camille, uid = holder(), f"urn:uuid:{uuid4()}"
    made = door.deposit_of(camille, soaping.CONTENT, uid=uid)
    first = door.send(made, hospital).json["entry"][1]["response"]["location"]
    assert send(deposit(camille, uid=uid), as_feeder(hospital)).status == "Success"
    again = door.send(made, hospital).json["entry"][1]["response"]
    assert (again["location"], again["status"]) == (first, "200 OK")
    content = base64.b64encode(soaping.CONTENT).decode()
    other = deposit(camille, uid=uid, content=b"other").replace(content, base64.b64encode(b"other").decode())
    assert [code for code, _ in send(other, as_feeder(hospital)).errors] == ["XDSNonIdenticalHash"]


SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "cda"
EXAMPLE = SHARED / "BIO-CR-BIO_2024.01_TSH_1.xml"


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the published examples are not on this machine")
def test_an_official_cda_is_deposited_under_the_identity_of_its_header(hospital: Organisation) -> None:
    """The metadata state the INS alone: the traits are those of the CDA header."""
    person = holder(birth_name="PAT-TROIS", given_names=("DOMINIQUE", "MARIE-LOUISE"), born=date(1979, 3, 28))
    text = EXAMPLE.read_text("utf-8").replace("279035121518989", person.ins.number)
    content = text.replace("<county>51215</county>", "<county>44109</county>").encode()
    stated = soaping.document(content=content, mime="text/xml", cx=soap.cx(person), traits=())
    body = soaping.provide(
        stated,
        soaping.submission_set(cx=soap.cx(person)),
        soaping.member(),
        contents={"Document01": soaping.INCLUDE.format("cda%40x")},
    )
    answer = send(body, as_feeder(hospital), parts={"cda@x": content})
    assert (answer.status, answer.errors) == ("Success", [])
    wrong = content.replace(b"<family", b"<famille", 1)
    stated = soaping.document(content=wrong, mime="text/xml", cx=soap.cx(person), traits=(), uid="1.2.3")
    refused = send(body.replace(body[body.index("<rim:ExtrinsicObject") : body.index("<rim:RegistryPackage")], stated),
                   as_feeder(hospital), parts={"cda@x": wrong})  # fmt: skip
    assert {code for code, _ in refused.errors} == {"XDSRepositoryMetadataError"}
    assert refused.errors[0][1].startswith("Document[1] ")
