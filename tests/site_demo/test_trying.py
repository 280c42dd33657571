"""What the demonstration's page proposes to try: people to look for, and a datamatrix that the platform reads."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from espace.site.demo.people import ANGE, CAMILLE, CAST, INES, LEO, Person
from espace.site.demo.progress import Begun
from espace.site.demo.trying import datamatrix, examples
from espace.site.provider.accounts import ACCOUNTS
from espace.wire.datamatrix import read_datamatrix
from espace.wire.xds import PatientStatement


def test_the_datamatrix_is_this() -> None:
    assert datamatrix(CAMILLE.patient) == (
        "IS010000000000000000000000S1282053523899178S21.2.250.1.213.1.4.10"
        "S3CAMILLE ANNE␝S4MARCHAND␝S5FS617-05-1982S735238"
    )


@pytest.mark.parametrize("person", CAST, ids=[one.slug for one in CAST])
def test_the_platform_reads_the_datamatrix_of_everybody(person: Person) -> None:
    found = read_datamatrix(datamatrix(person.patient))
    assert isinstance(found, PatientStatement)
    assert (found.number, found.authority, found.birth_date, found.sex, found.birth_place) == (
        person.patient.ins,
        person.patient.authority,
        person.patient.birth_date,
        person.patient.sex,
        person.patient.birth_place,
    )


def test_names_lose_their_accents_and_corsica_keeps_its_letter() -> None:
    assert "S3LEO YANN␝" in datamatrix(LEO.patient)
    assert "S3ANGE FRANCOIS␝" in datamatrix(ANGE.patient) and datamatrix(ANGE.patient).endswith("S72A004")


CAST_FOUND = [
    ("camille", "attending"), ("monique", "attending"), ("jeanne", "in_force"), ("youssef", "lapsed"),
    ("linh", "none"), ("ines", "none"), ("ange", "none"), ("leo", "lapsed"),
]  # fmt: skip


def test_everybody_of_the_cast_may_be_looked_for_and_somebody_who_objected() -> None:
    found = examples(Begun(date(2025, 11, 21), 264, 2), 7)
    assert [(one.person.slug, one.found) for one in found[:-1]] == CAST_FOUND
    assert found[-1].found == "opposed"
    assert found[0].person.patient.ins == "282053523899178"
    assert [(one.person.slug, one.found) for one in examples(None, 7)] == CAST_FOUND


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_professionals_examples_and_the_datamatrix(settings: Settings, language: str) -> None:
    settings.ESPACE_DEMONSTRATION = True
    visitor = Client()
    visitor.cookies["django_language"] = language
    page = visitor.get("/demo/").content.decode()
    for account in ACCOUNTS:
        assert account.identifier in page and account.password in page and account.professional.name in page
    assert all(one.patient.ins in page for one in (CAMILLE, INES, ANGE, LEO))
    assert datamatrix(CAMILLE.patient) in page
    assert ("Whom to look for" in page) == (language == "en")
