"""What the demonstration's page proposes to try: people to look for, and a datamatrix that the platform reads."""

from datetime import date

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from espace.site.demo.people import ANGE, CAMILLE, CAST, LEO, Person
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


def test_there_is_one_example_for_each_thing_that_may_be_found() -> None:
    found = examples(Begun(date(2025, 11, 21), 264, 2), 7)
    assert [one.found for one in found] == ["attending", "attending", "in_force", "lapsed", "none", "opposed"]
    assert found[0].person.patient.ins == "282053523899178"
    assert [one.found for one in examples(None, 7)] == ["attending", "attending", "in_force", "lapsed", "none"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_professionals_examples_and_the_datamatrix(settings: Settings, language: str) -> None:
    settings.ESPACE_DEMONSTRATION = True
    visitor = Client()
    visitor.cookies["django_language"] = language
    page = visitor.get("/demo/").content.decode()
    for account in ACCOUNTS:
        assert account.identifier in page and account.password in page and account.professional.name in page
    assert CAMILLE.patient.ins in page
    assert datamatrix(CAMILLE.patient) in page
    assert ("Whom to look for" in page) == (language == "en")
