"""Looking for documents: accents, words, kinds, years; and no word of health in an address or in the open."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cast import AT
from espace.looks.filters import NOTHING, Chosen, sealed, unsealed
from portal.helpers import Member, cda, file, member, signed_in


@pytest.fixture
def camille() -> Member:
    someone = member()
    file(someone.of, cda(someone.of), title="Glycémie à jeun")
    file(someone.of, cda(someone.of), title="Ordonnance de lunettes", type_code="57833-6")
    file(someone.of, cda(someone.of), title="Glycémie d’avant", on=AT - timedelta(days=400))
    return someone


def found(browser: Client, **form: str) -> list[str]:
    page = browser.post("/documents/", form, follow=True).content.decode()
    return [title for title in ("Glycémie à jeun", "Ordonnance de lunettes", "Glycémie d’avant") if title in page]


@pytest.mark.parametrize(
    ("form", "titles"),
    [
        ({"mots": "GLYCEMIE jeun"}, ["Glycémie à jeun"]),
        ({"mots": "lunet"}, ["Ordonnance de lunettes"]),
        ({"mots": "le goff"}, ["Glycémie à jeun", "Ordonnance de lunettes", "Glycémie d’avant"]),
        ({"genre": "prescriptions"}, ["Ordonnance de lunettes"]),
        ({"annee": "2025"}, ["Glycémie d’avant"]),
        ({"mots": "glycémie", "annee": "2026"}, ["Glycémie à jeun"]),
        ({"mots": "introuvable"}, []),
        ({"genre": "../../", "annee": "20x5"}, ["Glycémie à jeun", "Ordonnance de lunettes", "Glycémie d’avant"]),
    ],
)
def test_words_kinds_and_years_choose(camille: Member, form: dict[str, str], titles: list[str]) -> None:
    assert found(signed_in(camille), **form) == titles


def test_what_is_looked_for_is_in_no_address_and_in_no_session(camille: Member) -> None:
    browser = signed_in(camille)
    response = browser.post("/documents/", {"mots": "glycémie"})
    address = response["Location"]
    assert response.status_code == 302 and "glyc" not in address.lower()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session WHERE session_data LIKE %s", ["%glyc%"])
        assert cursor.fetchone() == (0,)
    assert "glycémie" not in str(dict(browser.session))


def test_a_search_works_for_its_own_account_only(camille: Member) -> None:
    address = signed_in(camille).post("/documents/", {"mots": "lunettes"})["Location"]
    other = member()
    file(other.of, cda(other.of), title="Autre chose")
    assert "Autre chose" in signed_in(other).get(address).content.decode()


def test_a_forged_filter_is_no_filter(camille: Member) -> None:
    browser = signed_in(camille)
    for token in ("x", "%00", "A" * 5000, "é", "////", "==="):
        response = browser.get("/documents/", {"filtre": token})
        assert response.status_code == 200 and "3 documents" in response.content.decode()


def test_a_filter_keeps_its_pages(camille: Member) -> None:
    for number in range(21):
        file(camille.of, cda(camille.of), title=f"Radio {number}")
    browser = signed_in(camille)
    address = browser.post("/documents/", {"mots": "radio"})["Location"]
    token = parse_qs(urlsplit(address).query)["filtre"][0]
    assert f'href="?filtre={token}&amp;page=2"' in browser.get(address).content.decode()


@given(words=st.text(max_size=80), old=st.booleans())
def test_a_choice_comes_back_as_it_was_sealed(words: str, old: bool) -> None:
    account = member_id()
    chosen = Chosen(words=words.encode("utf-8", "replace").decode(), old=old)
    assert unsealed(sealed(chosen, account), account) == chosen


@given(token=st.text(max_size=200))
def test_no_other_text_is_a_choice(token: str) -> None:
    assert unsealed(token, member_id()) == NOTHING


def member_id() -> UUID:
    return UUID(int=7)
