"""« Trouver un patient » while a part is down: the sentence beside the field, and a status that says so."""

import pytest

from cast import holder, professional
from espace.keys.facts import KeyServiceUnavailable
from espace.workstation.pages import finding
from workstation.desk import Desk

pytestmark = pytest.mark.usefixtures("db")


def test_an_outage_has_its_status_its_sentence_and_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    number = holder().ins.number
    desk = Desk(professional())

    def gone(*_: object) -> str:
        raise KeyServiceUnavailable("gone")

    monkeypatch.setattr(finding, "_way_to", gone)
    answer = desk.post("/pro/", {"ins": number})
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Réessayez dans" in page
    assert f'value="{number}"' in page


def test_what_is_wrong_with_the_number_is_no_outage() -> None:
    answer = Desk(professional()).post("/pro/", {"ins": "123"})
    assert answer.status_code == 200
    assert "Retry-After" not in answer
