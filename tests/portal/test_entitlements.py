"""« Ce que chaque profession peut lire »: the matrix in force that day, with its source and what is not certain."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection

from espace.access.actions.matrix import put_matrix
from espace.access.rules.entitlements import Cell
from portal.helpers import member, signed_in
from portal.test_reading_pages import text


def test_every_profession_is_there_and_leads_to_its_page() -> None:
    browser = signed_in(member())
    page = browser.get("/partage/habilitations/")
    assert "Règles en vigueur depuis le lundi 30 octobre 2023." in text(page)
    assert "Médecin Lit 107 types de documents sur 108" in text(page)
    assert page.content.decode().count('href="/partage/habilitations/') == 19


def test_a_profession_is_told_kind_by_kind_with_its_sources() -> None:
    page = text(signed_in(member()).get("/partage/habilitations/40/"))
    for words in (
        "Chirurgien-dentiste ou chirurgienne-dentiste",
        "Peut lire",
        "Ne lit pas",
        "la source est connue : arrêté du 26 octobre 2023, d’après information-dentaire.fr",
        "ce sont des valeurs provisoires, choisies par ce service",
    ):
        assert words in page
    assert "Cette profession lit aussi les types de documents que les règles ne nomment pas." not in page


@pytest.fixture
def _packaged_again() -> Iterator[None]:
    """The matrix of a test is not that of the next ones."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access_matrix WHERE in_force_from = '2024-02-29'")


@pytest.mark.usefixtures("_packaged_again")
def test_the_matrix_of_the_operator_is_told_from_its_day_on() -> None:
    cells = [
        Cell("10", "11502-2", read=True, write=True, source="Ordre"),
        Cell("60", "11502-2", read=False, write=False, source="Ordre"),
    ]
    put_matrix(cells, in_force_from=date(2024, 2, 29))
    browser = signed_in(member())
    nurse = text(browser.get("/partage/habilitations/60/"))
    assert "jeudi 29 février 2024" in nurse and "Lit 0 types de documents sur 1" in nurse and "Ordre" in nurse
    assert "valeurs provisoires" not in nurse
    doctor = text(browser.get("/partage/habilitations/10/"))
    assert "Cette profession lit aussi les types de documents que les règles ne nomment pas." in doctor
    assert browser.get("/partage/habilitations/40/").status_code == 404


def test_what_is_no_profession_is_no_page() -> None:
    browser = signed_in(member())
    for word in ("99", "nope", "10-"):
        assert browser.get(f"/partage/habilitations/{word}/").status_code == 404
