"""Somebody who changes the log in the database is seen by its holder, who still reads the rest."""

import logging

import pytest

from espace.edge import new_id
from logbook import settle, sql
from portal.helpers import Member, cda, file, member, signed_in
from portal.test_reading_pages import text

pytestmark = pytest.mark.usefixtures("db")
TOLD = "Une ligne de cet historique a été modifiée sans droit dans notre base"
PLANT = """
INSERT INTO trace_event (patient_id, id, commitment, sealed)
SELECT patient_id, %s, commitment, sealed FROM trace_event WHERE patient_id = %s LIMIT 1
"""


@pytest.fixture
def camille() -> Member:
    camille = member()
    file(camille.of, cda(camille.of))
    return camille


def test_a_line_that_is_not_what_was_written_is_told_and_the_others_are_read(
    camille: Member, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("espace.integrity"), "propagate", True)
    browser = signed_in(camille)
    assert TOLD not in text(browser.get("/partage/historique/"))
    sql(PLANT, new_id(), camille.of.patient)
    for path in ("/", "/partage/historique/"):
        page = browser.get(path)
        assert page.status_code == 200
        assert TOLD in text(page)
    assert "a déposé un document" in text(browser.get("/partage/historique/"))
    assert browser.get("/partage/").status_code == browser.get("/documents/").status_code == 200
    assert "a line of the access log was altered" in caplog.text


def test_where_the_chain_was_altered_no_proof_is_made_and_the_page_says_why(camille: Member) -> None:
    settle()
    browser = signed_in(camille)
    assert browser.get("/partage/historique/preuve/").status_code == 200
    sql("INSERT INTO trace_link (patient_id, number, sealed) SELECT patient_id, 99, sealed FROM trace_link"
        " WHERE patient_id = %s LIMIT 1", camille.of.patient)  # fmt: skip
    answer = browser.get("/partage/historique/preuve/")
    assert answer.status_code == 503
    assert "a été modifié sans droit dans notre base" in text(answer)
