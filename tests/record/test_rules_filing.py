"""Whose identifiers are whose, and from which day one is an adult."""

from datetime import date
from uuid import UUID

import pytest

from espace.identity.facts import Organisation
from espace.identity.rules import sends_as
from espace.record.rules import bare_id, is_adult


def test_an_organisation_deposits_under_its_own_identifiers() -> None:
    hospital = Organisation(UUID(int=1), "Hôpital", "990000010", "12345678900011", "SA01", "53", ("urn:oid:2.25.7",))
    assert sends_as(hospital) == {"urn:oid:2.25.7", "990000010", "1990000010", "12345678900011", "312345678900011"}


@pytest.mark.parametrize(
    ("stated", "bare"),
    [
        ("urn:oid:2.25.7", "2.25.7"),
        ("2.25.7", "2.25.7"),
        ("urn:uuid:0", "0"),
        ("1.2.250.1.71.4.2.2|1990000010", "1990000010"),
        ("1.2.3|1990000010", "1.2.3|1990000010"),
    ],
)
def test_bare_identifiers(stated: str, bare: str) -> None:
    assert bare_id(stated) == bare


@pytest.mark.parametrize(
    ("born", "today", "adult"),
    [
        (date(2008, 3, 4), date(2026, 3, 3), False),
        (date(2008, 3, 4), date(2026, 3, 4), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(1950, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_adults(born: date, today: date, adult: bool) -> None:
    assert is_adult(born, today) is adult
