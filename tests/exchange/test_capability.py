"""The CapabilityStatement says what the door does, and the door does what it says: no more, no less."""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from cast import holder, organisation
from door import audience, call, feeder_token, holder_token, named
from espace.catalogue.facts import FACTS
from espace.exchange.fhir import iti66, iti67
from espace.exchange.urls import ROUTES
from espace.wire.fhir.facts.parameters import SEARCHES
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS, Table

pytestmark = pytest.mark.django_db

INTERACTIONS = {
    ("GET", "type", True): "search-type",
    ("POST", "_search", True): "search-type",
    ("GET", "instance", False): "read",
    ("POST", "type", False): "create",
    ("PATCH", "instance", False): "patch",
    ("DELETE", "instance", False): "delete",
}
"""What a route is for R4 (http.html#summary): method, form of the address, whether it searches."""


def stated() -> dict[str, Any]:
    [rest] = call("GET", "/fhir/metadata").json["rest"]
    return {one["type"]: one for one in rest["resource"]}


def routed() -> set[tuple[str, str]]:
    """The interactions of the route table, by type of resource."""
    found = set()
    for route in (one for one in ROUTES if r"\$" not in one.path):
        if typed := re.fullmatch(r"/fhir/([A-Z][A-Za-z]+)(?:/(.+))?", route.path):
            form = {None: "type", "_search": "_search"}.get(typed[2], "instance")
            found.add((typed[1], INTERACTIONS[route.method, form, route.table is not None]))
    return found


def test_every_route_is_stated_and_everything_stated_is_a_route() -> None:
    said = {(kind, one["code"]) for kind, resource in stated().items() for one in resource["interaction"]}
    assert said == routed()


def test_the_one_operation_is_stated_and_is_a_route_with_and_without_an_id() -> None:
    assert [one.name for one in ROUTES if r"\$" in one.path] == [
        "GET /fhir/Patient/$summary",
        "POST /fhir/Patient/$summary",
        "GET /fhir/Patient/{id}/$summary",
        "POST /fhir/Patient/{id}/$summary",
    ]
    operations = {name: one["operation"] for name, one in stated().items() if "operation" in one}
    definition = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
    assert operations == {"Patient": [{"name": "summary", "definition": definition}]}


@pytest.mark.parametrize("table", [DOCUMENTS, LISTS, PATIENTS], ids=lambda table: table.resource)
def test_every_parameter_stated_is_understood_and_every_one_understood_is_stated(table: Table) -> None:
    parameters = {one["name"]: one["type"] for one in stated()[table.resource]["searchParam"]}
    assert parameters == {name: one.kind for name, one in table.parameters.items()}
    assert {"searchInclude", "searchRevInclude"} & set(stated()[table.resource]) == set()


@pytest.mark.parametrize("name", FACTS)
def test_the_searches_of_facts_say_what_they_take_and_take_what_they_say(name: str) -> None:
    """Each parameter, modifier, order and inclusion that is stated, at once for the few that a request may carry."""
    said, token = stated()[name], holder_token(holder().patient)
    table = SEARCHES[name].table
    assert {one["name"]: one["type"] for one in said["searchParam"]} == {
        parameter: one.kind for parameter, one in table.parameters.items()
    }
    pairs = [(f"_{word}", one) for word in ("include", "revinclude") for one in said.get(INCLUDING[word], ())]
    asked: list[list[tuple[str, str]]] = [pairs, *([("_sort", f"-{one}")] for one in table.sorts)]
    for parameter, one in table.parameters.items():
        reference = f"{one.target or 'Observation'}/x"
        value = NAMED.get(parameter, reference if one.kind == "reference" else VALUES[one.kind])
        asked.append([(parameter, value), *((f"{parameter}:missing", "true") for _ in one.modifiers & {"missing"})])
        asked += [[(f"{parameter}:{modifier}", value)] for modifier in one.modifiers - {"missing"}]
    for query in asked:
        answer = call("GET", f"/fhir/{name}", token=token, query=urlencode(query))
        assert (answer.status, answer.json["total"] > RECKONED.get(name, 0)) == (200, False), query


RECKONED = {"ImmunizationRecommendation": 1}
"""What is worked out of a record of which nothing is known."""
INCLUDING = {"include": "searchInclude", "revinclude": "searchRevInclude"}
NAMED = {"patient.identifier": "urn:oid:1.2|x"}


def test_each_parameter_looks_at_something_of_the_record() -> None:
    for table, attributes in ((DOCUMENTS, iti67.ATTRIBUTES), (LISTS, iti66.ATTRIBUTES)):
        asked = set(table.parameters) - {"patient", "patient.identifier"}
        assert set(attributes) == asked
        assert set(table.sorts) <= asked


VALUES = {"token": "x", "string": "x", "date": "2026", "reference": "x"}
CLOSED = {"status": "current", "isArchived": "true", "relation": "replaces", "code": "submissionset"}


@pytest.mark.parametrize("table", [DOCUMENTS, LISTS], ids=lambda table: table.resource)
def test_each_parameter_modifier_and_order_stated_is_answered(table: Table) -> None:
    token = holder_token(holder().patient)
    for name, parameter in table.parameters.items():
        value = CLOSED.get(name, "urn:oid:1.2|x" if name == "patient.identifier" else VALUES[parameter.kind])
        values = {"": value, **{f":{one}": "true" if one == "missing" else value for one in parameter.modifiers}}
        for modifier, said in values.items():
            answer = call("GET", f"/fhir/{table.resource}", token=token, query=f"{name}{modifier}={said}")
            assert (answer.status, answer.json["total"]) == (200, 0), name
    for sort in table.sorts:
        answer = call("GET", f"/fhir/{table.resource}", token=token, query=f"_sort=-{sort}")
        assert answer.status == 200


def test_what_an_organisation_may_ask_is_told_in_words() -> None:
    [rest] = call("GET", "/fhir/metadata").json["rest"]
    assert all(name in rest["documentation"] for name in iti67.FOLLOWED)
    hospital, camille = organisation(), holder()
    for name in sorted(set(DOCUMENTS.parameters) - iti67.FOLLOWED):
        query = "&".join(f"{key}={value}" for key, value in {**named(camille), f"{name}:missing": "true"}.items())
        answer = call("GET", "/fhir/DocumentReference", token=feeder_token(hospital), query=query)
        assert (answer.status, answer.codes) == (400, ["parameter_unsupported"])


def test_the_statements_say_what_there_is() -> None:
    capability = call("GET", "/fhir/metadata").json
    assert (capability["resourceType"], capability["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    [rest] = capability["rest"]
    assert [one["code"] for one in rest["interaction"]] == ["transaction"]
    assert [one["type"] for one in rest["resource"]] == ["DocumentReference", "List", "Patient", "Binary", *FACTS]
    assert call("GET", "/fhir/metadata", query="_format=application/fhir+json").status == 200
    assert call("GET", "/fhir/metadata", query="_format=xml").codes == ["not_acceptable"]
    assert call("GET", "/fhir/metadata", query="mode=full").codes == ["parameter_unsupported"]
    smart = call("GET", "/fhir/.well-known/smart-configuration", accept="text/html")
    assert smart.headers["Content-Type"] == "application/json"
    assert smart.json["code_challenge_methods_supported"] == ["S256"]
    assert smart.json["token_endpoint"] == audience().replace("/fhir", "/oauth/token")
    assert smart.json["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384", "RS256", "ES256"]


def test_the_formats_and_the_place_of_tokens_stated_are_those_of_the_door() -> None:
    capability = call("GET", "/fhir/metadata").json
    for media in capability["format"]:
        answer = call("GET", "/fhir/metadata", accept=media)
        assert (answer.status, answer.headers["Content-Type"]) == (200, f"{media}; charset=utf-8")
    assert call("GET", "/fhir/metadata", accept="application/fhir+xml").codes == ["not_acceptable"]
    [rest] = capability["rest"]
    [uris] = rest["security"]["extension"]
    [token] = [one["valueUri"] for one in uris["extension"]]
    assert token == call("GET", "/fhir/.well-known/smart-configuration").json["token_endpoint"]
    path = token.removeprefix(audience().removesuffix("/fhir"))
    refused = call("POST", path, b"grant_type=client_credentials", kind="application/x-www-form-urlencoded")
    assert (refused.status, refused.json["error"]) == (400, "invalid_scope")
    for resource, said in stated().items():
        assert call("GET", f"/fhir/{resource}/{uuid4()}").headers["WWW-Authenticate"].startswith("Bearer"), said
