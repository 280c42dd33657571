"""A form that is sent without anything says what is missing, above and beside the field."""

from typing import Any

import pytest
from django.test import Client

from cast import AT, Holder, holder, professional
from espace import edge
from portal.helpers import member, signed_in
from portal.test_activation import invited
from portal.test_reading_pages import text
from workstation.desk import Desk

__all__ = ["invited"]
pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/partage/proches/inviter/", "Écrivez une adresse électronique."),
        ("/documents/dossiers/", "Donnez un nom au dossier."),
    ],
)
def test_of_the_holder(path: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.portal.pages.step_up.is_fresh", lambda request, at: True)
    _told(signed_in(member()).post(path, {}), said)


def test_of_the_professional() -> None:
    desk, patient = Desk(professional()), holder().patient
    for page in ("", f"patients/{patient}/accord/", f"patients/{patient}/urgence/", f"patients/{patient}/deposer/"):
        _told(desk.post(f"/pro/{page}", {}), "")


def test_the_birth_date_says_it_beside_its_three_fields(invited: tuple[Holder, str]) -> None:
    with edge.clock_at(AT):
        answer = Client().post(f"/activation/{invited[1]}/", {})
    assert answer.status_code == 422
    assert 'aria-describedby="birth-hint birth-error"' in answer.content.decode()
    assert text(answer).count("Écrivez le jour, le mois et l’année de votre naissance, en chiffres.") == 2


def _told(answer: Any, said: str) -> None:
    page = answer.content.decode()
    assert 'class="error"' in page and 'aria-invalid="true"' in page
    assert text(answer).count(said) >= 2
