"""A professional's page costs a fixed number of statements, whatever the record holds; reading writes its line only."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cast import begins_team, holder, names_administrator, organisation, professional
from clinical.scene import deposit, results, stated
from espace import edge
from espace.kernel.words import Purpose
from espace.workstation.urls import PUBLIC, ROUTES, urlpatterns
from record.secret import agrees, minor
from record.test_secret_care import files
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")

LINK = re.compile(r'href="([^"]*/resultats/[^"]+/)"')
PAGES = {
    "/pro/": 4,
    "/pro/ouvrir/une-adresse/": 3,
    "/pro/acces/": 4,
    "/pro/patients/{patient}/": 15,
    "/pro/patients/{patient}/changements/": 15,
    "/pro/patients/{patient}/traitements/": 14,
    "/pro/patients/{patient}/conciliation/": 16,
    "/pro/patients/{patient}/synthese/": 16,
    "/pro/patients/{patient}/enfant/": 16,
    "/pro/patients/{patient}/resultats/": 14,
    "{analyte}": 14,
    "{searched}": 14,
    "/pro/patients/{patient}/resume-etranger/": 16,
    "/pro/patients/{patient}/accord/": 10,
    "/pro/patients/{patient}/equipe/": 11,
    "/pro/patients/{patient}/historique/": 12,
    "/pro/patients/{patient}/deposer/": 11,
    "/pro/patients/{patient}/documents/{one}/": 13,
}
"""At most, the session of the browser, the budget and the access log included."""


def statements(desk: Desk, path: str) -> list[str]:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        assert desk.get(path).status_code == 200
    said = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    return [sql for sql in said if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|SET ", sql)]


Costs = dict[str, list[list[str]]]
"""The statements of each page: with little in the record, then with much."""


def costs_of(desk: Desk, addresses: dict[str, str], more: Callable[[], object]) -> Costs:
    desk.get(next(iter(addresses.values())))  # the first page of a session writes that somebody is there
    few = {page: statements(desk, address) for page, address in addresses.items()}
    more()
    return {page: [few[page], statements(desk, address)] for page, address in addresses.items()}


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker: Any) -> Costs:
    with django_db_blocker.unblock():
        camille, anne = holder(), professional()
        one = file(camille, "Le premier")
        begins_team(camille, anne, at=edge.now())
        names_administrator(camille, anne, at=edge.now())
        desk, place, laboratory = Desk(anne), f"/pro/patients/{camille.patient}/", organisation()
        deposit(camille, laboratory, stated(results(camille)))
        (analyte,) = set(LINK.findall(desk.get(f"{place}resultats/").content.decode()))
        searched = desk.post(place, {"mots": "glucose"})["Location"]
        named = {"patient": camille.patient, "one": one, "analyte": analyte, "searched": searched}
        addresses = {path: path.format(**named) for path in PAGES}

        def more() -> None:
            deposit(camille, laboratory, *(stated(results(camille, f"{value}.5")) for value in range(4, 7)))
            for number in range(8):
                file(camille, f"Document {number}")

        return costs_of(desk, addresses, more)


@pytest.mark.parametrize(("path", "most"), PAGES.items())
def test_more_documents_cost_no_more_statements(path: str, most: int, costs: Costs) -> None:
    few, many = costs[path]
    assert len(many) == len(few) <= most, "\n".join(many)
    written = [sql for sql in many if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
    assert {sql.split()[2].strip('"') for sql in written} <= {"outbox_event", "outbox"}


KEPT_SECRET = {
    "": 15,
    "changements/": 15,
    "traitements/": 14,
    "enfant/": 16,
    "resultats/": 14,
    "deposer/": 11,
    "documents/{one}/": 13,
}
"""As many as the usual pages: whether the patient is a minor is told by who they are, which every page reads."""


@pytest.fixture(scope="module")
def secret_costs(django_db_setup: None, django_db_blocker: Any) -> Costs:
    with django_db_blocker.unblock():
        leo, anne = minor(), professional()
        agrees(leo, anne, at=edge.now())
        one = files(leo, anne, "Le premier")
        start = f"/pro/patients/{leo.patient}/soins-secrets/"
        addresses = {path: f"{start}{path.format(one=one)}" for path in KEPT_SECRET}
        return costs_of(Desk(anne), addresses, lambda: [file(leo, f"Document {number}") for number in range(3)])


@pytest.mark.parametrize(("path", "most"), KEPT_SECRET.items())
def test_secret_care_costs_a_fixed_number_too(path: str, most: int, secret_costs: Costs) -> None:
    few, many = secret_costs[path]
    assert len(many) == len(few) <= most


def test_every_address_declares_a_purpose_or_is_public() -> None:
    assert {route.name for route in ROUTES if route.public} == PUBLIC
    assert {route.purpose for route in ROUTES if route.name not in PUBLIC} == {
        Purpose.CARE, Purpose.FEED, Purpose.BREAK_GLASS,
    }  # fmt: skip
    assert [pattern.name for pattern in urlpatterns] == [route.name for route in ROUTES]
