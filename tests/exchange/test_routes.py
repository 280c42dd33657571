"""Every address of the door says who may come and for what purpose (IDO-07: no route without a policy)."""

import re

import pytest

from espace.access.facts import Facts, Standing
from espace.access.rules import decide
from espace.enrolment.facts import State
from espace.exchange.urls import ROUTES, Route
from espace.exchange.xds.asked import Transaction
from espace.exchange.xds.door import ADDRESSES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_is_public_or_declares_its_openings_and_never_both(route: Route) -> None:
    assert (route.public is None) != (route.protected is None)
    assert bool(route.openings) == (route.protected is not None)
    assert all(opening.scope for opening in route.openings.values())


def test_a_name_is_an_address_that_people_read_and_nobody_else_has() -> None:
    names = [route.name for route in ROUTES]
    assert len(set(names)) == len(names)
    assert "GET /fhir/Patient/{id}" in names
    assert "POST /fhir" in names
    assert all(re.fullmatch(r"[A-Z]+ (?:/\$?[\w.-]+|/\{id\})+", name) for name in names)


def test_the_public_addresses_are_these() -> None:
    """Who calls by SOAP is in the message: its own table has the openings."""
    public = [(route.method, route.path) for route in ROUTES if route.public]
    assert public == [
        ("GET", "/fhir/metadata"),
        ("GET", r"/fhir/\.well-known/smart-configuration"),
        ("GET", r"/fhir/openapi\.json"),
        ("POST", "/oauth/token"),
        ("POST", "/oauth/revoke"),
        ("POST", "/xds/repository"),
        ("GET", "/xds/repository"),
        ("POST", "/xds/registry"),
        ("GET", "/xds/registry"),
        ("POST", "/xds/patients"),
        ("GET", "/xds/patients"),
        ("POST", "/xds/habilitations"),
        ("GET", "/xds/habilitations"),
    ]


SPOKEN = [one for transactions in ADDRESSES.values() for one in transactions.values()]


@pytest.mark.parametrize("transaction", SPOKEN, ids=lambda one: one.action.rpartition(":")[2])
def test_what_a_transaction_opens_is_what_the_decision_allows(transaction: Transaction) -> None:
    assert transaction.openings
    for kind, opening in transaction.openings.items():
        facts = Facts(
            kind, opening.purpose, opening.verb, own_record=True, state=State.ACTIVATED, standing=Standing.IN_FORCE
        )
        assert decide(facts).allows


@pytest.mark.parametrize("route", [route for route in ROUTES if route.protected], ids=lambda route: route.path)
def test_what_a_route_opens_is_what_the_decision_allows(route: Route) -> None:
    for kind, opening in route.openings.items():
        facts = Facts(
            kind, opening.purpose, opening.verb, own_record=True, state=State.ACTIVATED, standing=Standing.IN_FORCE
        )
        assert decide(facts).allows
