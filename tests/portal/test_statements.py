"""A page costs a fixed number of statements, whatever the record holds and whoever may read it; a reading writes its
line only."""

import re
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import AT, consents, professional
from portal.helpers import cda, file, member, signed_in


def statements(browser: Client, path: str) -> list[str]:
    """The statements of both databases, transaction control aside."""
    with CaptureQueriesContext(connections["default"]) as main, CaptureQueriesContext(connections["keys"]) as keys:
        assert browser.get(path).status_code == 200
    said = [query["sql"] for query in [*main.captured_queries, *keys.captured_queries]]
    return [sql for sql in said if not re.match(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|SET ", sql)]


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
    "/sante/mesures/",
    "/sante/traitements/ajouter/",
    "/sante/documents-lus/",
    "/sante/resultats/",
    "/partage/copie/",
    "/partage/urgences/",
    "/partage/notifications/",
    "/partage/professionnels/",
    "/documents/{one}/masquer/un/",
    "/partage/voir-comme/{who}/",
    "/partage/professionnels/{who}/bloquer/",
    "/partage/professionnels/{who}/acces/",
    "/partage/professionnels/{who}/acces/retirer/",
)


@pytest.mark.parametrize("path", PAGES)
def test_more_documents_and_professionals_cost_no_more_statements(path: str) -> None:
    camille = member()
    one, morel = file(camille.of, cda(camille.of)), professional()
    consents(camille.of, morel)
    browser = signed_in(camille)
    topic = browser.post("/partage/visibilite/sujets/creer/", {"name": "Document"}).headers["Location"].split("/")[-2]
    address = path.format(one=one, who=morel.id, topic=topic)
    few = len(statements(browser, address))
    for number in range(12):
        file(camille.of, cda(camille.of), title=f"Document {number}", on=AT - timedelta(days=40 * number))
        consents(camille.of, professional(f"Nom{number}"))
    many = statements(browser, address)
    assert len(many) == few <= 16
    written = [sql for sql in many if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql)]
    assert {sql.split()[2].strip('"') for sql in written} <= {"trace_event", "outbox_event", "outbox"}
