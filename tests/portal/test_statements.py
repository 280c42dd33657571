"""A page costs a fixed number of statements, whatever the record holds and whoever may read it; a reading writes its
line only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import AT, consents, organisation, professional
from clinical.scene import deposit, results, stated
from portal.helpers import cda, file, member, signed_in


def statements(browser: Client, path: str) -> list[str]:
    """The statements of both databases, transaction control aside."""
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        assert browser.get(path).status_code == 200
    said = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    return [sql for sql in said if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|SET ", sql)]


LINK = re.compile(r'href="([^"]*/resultats/[^"]+/)"')
PAGES = (
    "/",
    "/documents/",
    "/documents/{one}/",
    "/documents/{one}/masquer/",
    "/partage/",
    "/partage/proches/",
    "/partage/proches/conseiller/",
    "/partage/historique/",
    "/partage/signalements/",
    "/partage/visibilite/",
    "/partage/visibilite/biology/masquer/",
    "/partage/visibilite/sujets/{topic}/masquer/",
    "/documents/{one}/sujets/",
    "/sante/",
    "/sante/allergies/",
    "/sante/vaccinations/",
    "/sante/suivi-enfant/",
    "/sante/suivi-enfant/croissance/",
    "/sante/suivi-enfant/a6/",
    "/sante/mesures/",
    "/sante/traitements/ajouter/",
    "/sante/documents-lus/",
    "/sante/medicaments/",
    "/sante/resultats/",
    "{analyte}",
    "{searched}",
    "/sante/synthese/",
    "/sante/fiche-urgence/",
    "/sante/resume-etranger/",
    "/partage/copie/",
    "/partage/urgences/",
    "/partage/applications/",
    "/partage/notifications/",
    "/partage/professionnels/",
    "/documents/{one}/masquer/un/",
    "/partage/voir-comme/{who}/",
    "/partage/professionnels/{who}/bloquer/",
    "/partage/professionnels/{who}/acces/",
    "/partage/professionnels/{who}/acces/retirer/",
)


@pytest.fixture(scope="module")
def costs(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[list[str]]]:
    """The statements of each page of one record: with little in it, then with much."""
    with django_db_blocker.unblock():
        camille = member()
        one, morel = file(camille.of, cda(camille.of)), professional()
        consents(camille.of, morel)
        browser = signed_in(camille)
        made = browser.post("/partage/visibilite/sujets/creer/", {"name": "Document"}).headers["Location"]
        deposit(camille.of, organisation(), stated(results(camille.of)))
        (analyte,) = set(LINK.findall(browser.get("/sante/resultats/").content.decode()))
        searched = browser.post("/documents/", {"mots": "glucose"}).headers["Location"]
        words = {"one": one, "who": morel.id, "topic": made.split("/")[-2], "analyte": analyte, "searched": searched}
        few = {path: statements(browser, path.format(**words)) for path in PAGES}
        for number in range(12):
            file(camille.of, cda(camille.of), title=f"Document {number}", on=AT - timedelta(days=40 * number))
            consents(camille.of, professional(f"Nom{number}"))
        deposit(camille.of, organisation(), *(stated(results(camille.of, f"{value}.5")) for value in range(4, 7)))
        return {path: [few[path], statements(browser, path.format(**words))] for path in PAGES}


@pytest.mark.parametrize("path", PAGES)
def test_more_documents_and_professionals_cost_no_more_statements(path: str, costs: dict[str, list[list[str]]]) -> None:
    few, many = costs[path]
    assert len(many) == len(few) <= 16
    written = [sql for sql in many if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
    assert {sql.split()[2].strip('"') for sql in written} <= {"trace_event", "outbox_event", "outbox"}
