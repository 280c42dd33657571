"""The directory of professionals: written once whatever is sent twice, found by number or by name, and who they are."""

from itertools import count
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from cast import organisation
from espace.identity import queries
from espace.identity.actions import put_organisation, put_professional
from espace.identity.facts import Activity, Organisation, Professional
from espace.identity.queries import (
    actor_of_professional,
    professional,
    professional_of,
    search_professionals,
)
from espace.identity.rules import is_national_id, is_rpps, structure_uuid
from espace.kernel.values import replace
from espace.kernel.words import Actor, ActorKind

pytestmark = pytest.mark.django_db
_numbers = count(int(uuid4().int % 80_000_000))


def national_id() -> str:
    """A PS_IdNat that nobody else bears in this run."""
    body = f"10{next(_numbers) % 100_000_000:08d}"
    return next(f"8{body}{key}" for key in range(10) if is_rpps(f"{body}{key}"))


def place(name: str = "Maison de santé du Canal", **numbers: str) -> Activity:
    stated = numbers or {"technical_id": f"R{next(_numbers)}"}
    return Activity(structure_uuid(**stated), name, **stated, sector="SA08", region="53", city="RENNES")


def doctor(family: str = "MOREL", given: str = "ANNE", *places: Activity) -> Professional:
    return Professional(uuid4(), national_id(), family, given, "10", "G15_10/SM54", activities=places or (place(),))


def rows() -> list[tuple[object, ...]]:
    """Every row with the transaction that wrote it: what is written again gets another one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 'p', id::text, xmin::text FROM identity_professional"
            " UNION ALL SELECT 'o', id::text, xmin::text FROM identity_organisation"
            " UNION ALL SELECT 'a', professional_id::text || organisation_id, xmin::text FROM identity_activity"
        )
        return sorted(cursor.fetchall())


def test_a_professional_is_read_as_written_and_writing_again_changes_nothing() -> None:
    anne = doctor()
    stored = put_professional(anne)
    assert stored == anne
    before = rows()
    assert put_professional(anne) == anne
    assert rows() == before
    assert professional(anne.id) == professional_of(anne.national_id) == anne
    assert anne.name == "Anne Morel"


@pytest.mark.parametrize(
    ("family", "given_name", "name"),
    [
        ("LE GALL", "JULIE", "Julie Le Gall"),
        ("D'ARTAGNAN", "JEAN-MARC", "Jean-Marc D'Artagnan"),
        ("MacDonald", "Léa", "Léa MacDonald"),
        ("riou", "", "Riou"),
    ],
)
def test_names_are_shown_as_people_write_them(family: str, given_name: str, name: str) -> None:
    assert Professional(uuid4(), "", family, given_name, "10").name == name


def test_an_organisation_is_found_by_its_strongest_number_and_keeps_what_it_sends() -> None:
    hospital = Organisation(uuid4(), "CH", "35" + f"{next(_numbers) % 10**7:07d}", "", "SA01", "53", ("1.2.250.1.7",))
    put_organisation(hospital)
    stated = place("Centre hospitalier des Remparts", finess=hospital.finess, siret=f"{next(_numbers):014d}")
    stored = put_professional(doctor("ROUX", "PAUL", stated))
    assert [activity.organisation for activity in stored.activities] == [hospital.id]
    now = queries.organisation(hospital.id)
    assert now is not None
    assert (now.name, now.siret, now.source_ids) == (stated.name, stated.siret, ("1.2.250.1.7",))
    same_siret_only = put_professional(doctor("ROUX", "MARIE", place("CH", siret=stated.siret)))
    assert same_siret_only.activities[0].organisation == hospital.id
    other_finess = put_professional(doctor("ROUX", "LUC", place("Clinique", finess="990000999", siret=stated.siret)))
    assert other_finess.activities[0].organisation != hospital.id


def test_activities_that_are_no_longer_given_end() -> None:
    one, two = place("Un"), place("Deux")
    anne = doctor("MOREL", "ANNE", one, two)
    put_professional(anne)
    assert actor_of_professional(anne.id, two.organisation) is not None
    put_professional(replace(anne, activities=(one,)))
    assert actor_of_professional(anne.id, two.organisation) is None
    assert actor_of_professional(anne.id, one.organisation) is not None


def test_a_known_national_id_keeps_its_id() -> None:
    anne = doctor()
    put_professional(anne)
    stored = put_professional(replace(anne, id=uuid4(), family="MOREL-PETIT"))
    assert (stored.id, stored.family) == (anne.id, "MOREL-PETIT")


def test_the_actor_is_known_in_one_statement_with_where_they_act() -> None:
    anne = put_professional(doctor())
    where = anne.activities[0]
    with CaptureQueriesContext(connection) as captured:
        actor = actor_of_professional(anne.id, where.organisation)
    assert len(captured) == 1
    assert actor == Actor(
        ActorKind.PROFESSIONAL,
        anne.id,
        "Anne Morel",
        organisation=where.organisation,
        sector="SA08",
        region="53",
        organisation_name="Maison de santé du Canal",
        profession="10",
        national_id=anne.national_id,
        sends_as=frozenset({anne.national_id, anne.national_id[1:], where.technical_id, f"4{where.technical_id}"}),
    )


def test_nobody_acts_when_one_of_the_facts_is_missing() -> None:
    anne = put_professional(doctor())
    where = anne.activities[0].organisation
    elsewhere = organisation()
    assert actor_of_professional(uuid4(), where) is None
    assert actor_of_professional(anne.id, elsewhere.id) is None
    known = queries.organisation(where)
    assert known is not None
    put_organisation(replace(known, active=False))
    assert actor_of_professional(anne.id, where) is None
    put_organisation(known)
    put_professional(replace(anne, active=False))
    assert actor_of_professional(anne.id, where) is None


def found(words: str, **more: int) -> list[str]:
    return [one.name for one in search_professionals(words, **more)]


def test_a_search_takes_the_beginning_of_each_word_whatever_case_and_accents() -> None:
    mark = "ZQ" + "".join(chr(65 + int(digit)) for digit in str(next(_numbers)))
    put_professional(doctor(f"{mark}-LE GALL", "Hélène"))
    put_professional(doctor(f"{mark}", "HELOÏSE"))
    put_professional(replace(doctor(f"{mark}", "HÉLIA"), active=False))
    lower, name = mark.lower(), mark.title()
    heloise, helene = f"Heloïse {name}", f"Hélène {name}-Le Gall"
    assert found(f"{lower} hel") == [heloise, helene]
    assert found(f"HÉLÈ {mark[:-1]}") == [helene]
    assert found(f"{mark} gal") == [helene]
    assert found(f"{mark} x h") == [heloise, helene]
    assert found(f"{mark} all") == []
    assert found(mark, limit=1) == [heloise]


RUBBISH = ["", " ", "a", "a b c", "--", "'; DROP TABLE identity_professional; --", "&|!:*()", "\0"]


@pytest.mark.parametrize("words", RUBBISH)
def test_a_search_for_nothing_or_for_rubbish_finds_nobody(words: str) -> None:
    assert search_professionals(words) == ()


@given(st.text(max_size=400), st.integers())
def test_any_text_may_be_searched(words: str, limit: int) -> None:
    assert len(search_professionals(words, limit=limit)) <= 50


def test_a_search_uses_its_index() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries.professionals._SEARCH}", ["'MOREL':*", 20])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "professional_folded" in plan


def test_a_structure_without_a_number_has_no_id_of_its_own() -> None:
    assert structure_uuid(finess="990000010", siret="1") == structure_uuid(finess="990000010", technical_id="R1")
    assert structure_uuid(siret="1") != structure_uuid(technical_id="1")
    with pytest.raises(ValueError, match="a FINESS, a SIRET or a technical id"):
        structure_uuid()


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("810999000010", True),
        ("810999000011", False),
        ("010999000010", False),
        ("81099900001", False),
        ("8109990000100", False),
        ("8١٠٩٩٩٠٠٠٠١٠", False),
        ("", False),
    ],
)
def test_a_national_id_is_an_rpps_with_its_key(text: str, holds: bool) -> None:
    assert is_national_id(text) is holds
    assert holds or professional_of(text) is None
