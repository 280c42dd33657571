"""ITI-105: the official example of PDSm 3.1.x, with its known defects and without them."""

import base64
import json
import os
import re
from pathlib import Path
from uuid import uuid4

import pytest

from cast import holder, organisation
from door import feeder_token, patient_of
from exchange.publishing import FEED, Json, publish

pytestmark = pytest.mark.django_db

SHARED = Path(os.environ.get("ESPACE_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
EXAMPLE = SHARED / "fhir/pdsm-3.1.x/examples-fsh/DR_simplified.fsh"
_RULE = re.compile(r"^\* (?P<path>[\w.\[\]]+) = (?P<value>.*?)(?:\s+//.*)?$")


def official() -> Json:
    """The example of PDSm 3.1.x as JSON: codes, texts, numbers and references of its FSH, line by line."""
    made: Json = {"resourceType": "DocumentReference"}
    for line in EXAMPLE.read_text("utf-8").splitlines():
        if found := _RULE.match(line):
            _assign(made, found["path"].replace("[0]", "").split("."), _value(found["value"], found["path"]))
    return made


_LISTS = frozenset({"category", "author", "content"})


def _assign(target: Json, path: list[str], value: object) -> None:
    for name in path[:-1]:
        inner = target.setdefault(name, [{}] if name in _LISTS else {})
        target = inner[0] if isinstance(inner, list) else inner
    target[path[-1]] = [value] if path[-1] in _LISTS else value


def _value(text: str, path: str) -> object:
    if text.startswith("Reference("):
        kind = "Patient" if path == "subject" else "PractitionerRole"
        return {"reference": f"{kind}/{text[10:-1]}"}
    coded = re.fullmatch(r'(?P<system>\S+?)#(?P<code>\S+)(?: "(?P<display>.*)")?', text)
    if coded and coded["system"]:
        coding = {name: said for name, said in coded.groupdict().items() if said}
        return coding if path.endswith("format") else {"coding": [coding]}
    return text[1:] if text.startswith("#") else json.loads(text)


@pytest.mark.skipif(not EXAMPLE.is_file(), reason="the published examples are not on this machine")
def test_the_official_example_is_refused_for_its_known_defects_and_taken_without_them() -> None:
    """Its identifier is no UUID, its author is nowhere, its PDF is none; and hash and size are of another content."""
    camille, token = holder(), feeder_token(organisation(), scope=FEED)
    made = official()
    answer = publish(made, token)
    assert (answer.status, answer.places) == (
        422,
        [
            "DocumentReference.masterIdentifier.value",
            "DocumentReference.author[0].reference",
            "DocumentReference.authenticator.reference",
        ],
    )
    made |= {
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid4()}"},
        "contained": [
            {"resourceType": "PractitionerRole", "id": "practitionerrole-example", "identifier": [{"value": "8"}]}
        ],
        "author": [{"reference": "#practitionerrole-example"}],
        "authenticator": {"reference": "#practitionerrole-example"},
    }
    assert publish(made, token).codes == ["ins_missing"]
    made["contained"].append(patient_of(camille))
    made["subject"] = {"reference": "#patient"}
    attachment = made["content"][0]["attachment"]
    assert publish(made, token).codes == ["size_mismatch", "hash_mismatch", "content_type_mismatch"]
    del attachment["size"], attachment["hash"]
    attachment["data"] = base64.b64encode(b"%PDF-1.4 Hello World").decode()
    assert publish(made, token).status == 201

