"""A professional's page costs a fixed number of statements, whatever the record holds; reading writes its line only."""

import re

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cast import begins_team, holder, names_administrator, professional
from espace import edge
from espace.kernel.words import Purpose
from espace.workstation.urls import PUBLIC, ROUTES, urlpatterns
from record.secret import agrees, minor
from record.test_secret_care import files
from workstation.desk import Desk, file

pytestmark = pytest.mark.usefixtures("db")

PAGES = {
    "/pro/": 5,
    "/pro/ouvrir/une-adresse/": 5,
    "/pro/acces/": 6,
    "/pro/patients/{patient}/": 16,
    "/pro/patients/{patient}/changements/": 16,
    "/pro/patients/{patient}/resultats/": 16,
    "/pro/patients/{patient}/accord/": 15,
    "/pro/patients/{patient}/equipe/": 16,
    "/pro/patients/{patient}/historique/": 16,
    "/pro/patients/{patient}/deposer/": 13,
    "/pro/patients/{patient}/documents/{one}/": 17,
}
"""At most, the session of the browser, the budget and the access log included."""


def statements(desk: Desk, path: str) -> list[str]:
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        assert desk.get(path).status_code == 200
    said = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    return [sql for sql in said if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|SET ", sql)]


@pytest.mark.parametrize(("path", "most"), PAGES.items())
def test_more_documents_cost_no_more_statements(path: str, most: int) -> None:
    camille, anne = holder(), professional()
    one = file(camille, "Le premier")
    begins_team(camille, anne, at=edge.now())
    names_administrator(camille, anne, at=edge.now())
    desk = Desk(anne)
    address = path.format(patient=camille.patient, one=one)
    desk.get(address)
    few = len(statements(desk, address))
    for number in range(8):
        file(camille, f"Document {number}")
    many = statements(desk, address)
    assert len(many) == few <= most, "\n".join(many)
    written = [sql for sql in many if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
    assert {sql.split()[2].strip('"') for sql in written} <= {"outbox_event", "outbox"}


KEPT_SECRET = {"": 18, "changements/": 18, "resultats/": 18, "deposer/": 14, "documents/{one}/": 19}
"""One more than the usual pages: whether the patient is a minor is asked of each session of secret care."""


@pytest.mark.parametrize(("path", "most"), KEPT_SECRET.items())
def test_secret_care_costs_a_fixed_number_too(path: str, most: int) -> None:
    leo, anne = minor(), professional()
    agrees(leo, anne, at=edge.now())
    one = files(leo, anne, "Le premier")
    desk, address = Desk(anne), f"/pro/patients/{leo.patient}/soins-secrets/{path.format(one=one)}"
    desk.get(address)
    few = len(statements(desk, address))
    for number in range(3):
        file(leo, f"Document {number}")
    assert len(statements(desk, address)) == few <= most


def test_every_address_declares_a_purpose_or_is_public() -> None:
    assert {route.name for route in ROUTES if route.public} == PUBLIC
    assert {route.purpose for route in ROUTES if route.name not in PUBLIC} == {
        Purpose.CARE, Purpose.FEED, Purpose.BREAK_GLASS,
    }  # fmt: skip
    assert [pattern.name for pattern in urlpatterns] == [route.name for route in ROUTES]
