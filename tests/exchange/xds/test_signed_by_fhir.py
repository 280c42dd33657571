"""ITI-65 with the signature of a lot: filed as by SOAP; a signature of something else refuses the lot."""

import base64
import hashlib
from typing import Any
from uuid import uuid4

import pytest

import attesting
import bundles
import door
import soap_door as soap
from cast import Holder, holder
from lot_signing import lot_signature

pytestmark = pytest.mark.django_db

CLASS = "urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1"


def signed_lot(to: Holder, content: bytes = b"Premier", signed: bytes = b"Premier") -> dict[str, Any]:
    """A bundle of one document and its signature, made over `signed`."""
    uid, set_id = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    made = door.with_another(door.deposit_of(to, content, uid=uid))
    made["entry"][0]["resource"]["identifier"][1]["value"] = set_id
    data = lot_signature({uid: signed}, attesting.person("899700123456"), set_id=set_id)
    signature, binary = made["entry"][-2]["resource"], made["entry"][-1]["resource"]
    signature["category"] = [bundles.coding(CLASS)]
    signature["type"] = bundles.coding("E1762", "urn:oid:1.2.840.10065.1.12", "Full Document")
    signature["content"][0]["format"] = {"code": "http://www.w3.org/2000/09/xmldsig#"}
    signature["content"][0]["attachment"] |= {
        "contentType": "text/xml",
        "language": "art",
        "size": len(data),
        "hash": base64.b64encode(hashlib.sha1(data).digest()).decode(),
    }
    signature["relatesTo"] = [{"code": "signs", "target": {"reference": made["entry"][1]["fullUrl"]}}]
    binary |= {"contentType": "text/xml", "data": base64.b64encode(data).decode()}
    return made


def test_a_signature_is_filed_with_what_it_signs_and_read_back() -> None:
    camille, hospital = holder(), soap.hospital()
    answer = door.send(signed_lot(camille), hospital)
    assert answer.status == 200, answer.body
    told = [one["response"]["location"] for one in answer.json["entry"]]
    document, signature = (one for one in told if one.startswith("DocumentReference/"))
    read = door.call("GET", f"/fhir/{signature}", token=door.holder_token(camille.patient)).json
    assert read["relatesTo"] == [{"code": "signs", "target": {"reference": document}}]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda made: made["entry"][-2]["resource"].pop("relatesTo"), "element_missing"),
        (lambda made: made["entry"][1]["resource"].update(
            relatesTo=[{"code": "signs", "target": {"reference": made["entry"][-2]["fullUrl"]}}]
        ), "element_unsupported"),
        (lambda made: made["entry"][-2]["resource"]["relatesTo"].append(
            {"code": "signs", "target": {"reference": made["entry"][-2]["fullUrl"]}}
        ), "reference_unresolved"),
    ],
)  # fmt: skip
def test_what_signs_and_is_signed(spoil: Any, code: str) -> None:
    camille, hospital = holder(), soap.hospital()
    made = signed_lot(camille)
    spoil(made)
    assert code in door.send(made, hospital).codes


def test_a_signature_of_something_else_refuses_the_lot() -> None:
    camille, hospital = holder(), soap.hospital()
    answer = door.send(signed_lot(camille, signed=b"Autre chose"), hospital)
    assert (answer.status, answer.codes) == (422, ["lot_signature_wrong"])
    found = door.call("GET", "/fhir/DocumentReference", token=door.holder_token(camille.patient))
    assert "entry" not in found.json or found.json["entry"] == []
