"""Wrong passwords from one place: the fifth in a day is announced, once, whoever the identifier belongs to."""

from uuid import uuid4

import pytest
from django.test import Client

from espace.edge import now
from espace.identity.events import PasswordTried
from espace.outbox.actions import lease
from espace.outbox.rules import registry
from portal.helpers import member

pytestmark = pytest.mark.usefixtures("cheap")


def announced() -> list[str]:
    """The identifiers that wait for the worker, which has them no more."""
    found = lease(worker="test", at=now(), limit=50, known=registry((PasswordTried,)))
    return [one.event.identifier for one in found if isinstance(one.event, PasswordTried)]


def guess(identifier: str, place: str, times: int) -> None:
    for _n in range(times):
        Client(REMOTE_ADDR=place).post("/connexion/", {"login": identifier, "password": "Pas-le-bon-1"})


def test_the_fifth_from_one_place_is_announced_once_and_nobodys_identifier_alike() -> None:
    announced()
    for identifier in (member().identifier, f"personne.{uuid4().hex[:8]}"):
        place = f"2001:db8:{uuid4().hex[:4]}::1"
        guess(identifier, place, 4)
        assert announced() == []
        guess(identifier.upper(), place, 1)
        assert announced() == [identifier.upper()]
        guess(identifier, place, 2)
        assert announced() == []


def test_right_ones_and_other_places_do_not_count() -> None:
    announced()
    camille = member()
    guess(camille.identifier, "192.0.2.31", 2)
    guess(camille.identifier, "192.0.2.32", 2)
    Client(REMOTE_ADDR="192.0.2.31").post("/connexion/", {"login": camille.identifier, "password": camille.password})
    assert announced() == []
