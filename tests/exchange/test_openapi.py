"""The OpenAPI document says every address for machines and no other, and the doors answer as it says."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.conf import settings

from door import audience, call
from espace.exchange.openapi import DOORS
from espace.exchange.urls import ROUTES
from espace.exchange.xds.door import ADDRESSES
from espace.wire.fhir.searching import DOCUMENTS, LISTS, PATIENTS, Table

pytestmark = pytest.mark.usefixtures("db")
_MEDIA = re.compile(r"[\w.+*-]+/[\w.+*-]+")


@cache
def document() -> dict[str, Any]:
    answer = call("GET", "/fhir/openapi.json", accept="application/vnd.oai.openapi+json")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json
    return found


def operations() -> dict[str, dict[str, Any]]:
    """« GET /fhir/metadata » → the operation."""
    paths = document()["paths"].items()
    return {f"{method.upper()} {path}": said for path, item in paths for method, said in item.items()}


def within(value: Any) -> Iterator[Any]:
    yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        yield from within(one)


def test_every_route_is_described_and_everything_described_is_a_route() -> None:
    assert set(operations()) == {route.name for route in ROUTES}
    assert len({one["operationId"] for one in operations().values()}) == len(ROUTES)
    assert all(one["summary"] for one in operations().values())
    assert {one["tags"][0] for one in operations().values()} == set(DOORS)


def test_it_has_the_form_of_openapi_3_1() -> None:
    said = document()
    assert said["openapi"] == "3.1.0" and said["servers"] == [{"url": settings.ESPACE_PUBLIC_URL}]
    for one in within(said):
        if isinstance(one, dict) and "$ref" in one:
            kind, name = one["$ref"].removeprefix("#/components/").split("/")
            assert name in said["components"][kind]
        if isinstance(one, dict) and "content" in one:
            assert all(_MEDIA.fullmatch(media) and "schema" in each for media, each in one["content"].items())
    for path, item in said["paths"].items():
        named = set(re.findall(r"{(\w+)}", path))
        for operation in item.values():
            assert {one["name"] for one in operation["parameters"] if one["in"] == "path"} == named


@pytest.mark.parametrize("table", [DOCUMENTS, LISTS, PATIENTS], ids=lambda table: table.resource)
def test_a_search_has_the_parameters_of_its_table_by_either_method(table: Table) -> None:
    asked = {one["name"] for one in operations()[f"GET /fhir/{table.resource}"]["parameters"]}
    [body] = operations()[f"POST /fhir/{table.resource}/_search"]["requestBody"]["content"].values()
    assert asked == set(body["schema"]["properties"])
    assert set(table.parameters) == {name for name in asked if name not in settled()}


def settled() -> set[str]:
    """What every search takes."""
    return {"_count", "_sort", "_summary", "_total", "_format", "_pretty"}


def test_an_address_of_the_soap_door_names_what_it_understands() -> None:
    for path, understood in ADDRESSES.items():
        assert operations()[f"POST {path}"]["description"].split("\n") == list(understood)


def test_who_may_come_is_what_the_routes_say() -> None:
    said = operations()
    schemes = document()["components"]["securitySchemes"]
    scopes = schemes["token"]["flows"]["clientCredentials"]["scopes"]
    assert schemes["token"]["flows"]["clientCredentials"]["tokenUrl"] == audience().replace("/fhir", "/oauth/token")
    for route in ROUTES:
        security = said[route.name]["security"]
        if route.public is None:
            assert security == [{"token": [opening.scope]} for opening in route.openings.values()]
            assert all(one["token"][0] in scopes for one in security)
        else:
            assert security == ([{"certificate": []}] if route.name.startswith("POST /xds/") else [])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_a_refusal_has_the_type_and_the_form_that_are_announced(route: Any) -> None:
    """What is protected asks for a token; what is public and takes a body refuses one that is nothing."""
    announced = operations()[route.name]
    path = route.name.partition(" ")[2].replace("{id}", "00000000-0000-7000-8000-000000000000")
    answer = call(route.method, path, b"\x00" if route.takes else b"", kind=next(iter(sorted(route.takes)), ""))
    if route.public and not route.takes:
        [media] = announced["responses"]["2XX"]["content"]
        assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, media)
        return
    assert answer.status == 401 if route.protected else 400 <= answer.status < 500
    [(media, said)] = announced["responses"]["4XX"]["content"].items()
    assert answer.headers["Content-Type"].partition(";")[0] == media
    if said["schema"] == {"$ref": "#/components/schemas/OperationOutcome"}:
        [issue] = answer.json["issue"]
        assert answer.json["resourceType"] == "OperationOutcome" and {"severity", "code", "details"} <= set(issue)
        code = issue["details"]["coding"][0]["code"]
        assert issue["diagnostics"].endswith(f" {settings.ESPACE_PUBLIC_URL}/erreurs/{code}/")
