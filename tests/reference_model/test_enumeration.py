"""Every operation of every door, as everybody, in every state of a space, about every kind of document: the platform
answers what the independent model says, and nothing that may not be known is in any answer."""

from collections.abc import Iterator
from typing import Any

import pytest

from reference_model.comparing import differences, stored
from reference_model.model import DOORS, HOLDER, ORGANISATION, STATES, Person, World, answer
from reference_model.people import PEOPLE, Cast
from reference_model.worlds import DOCUMENTS, FEW, Real, build

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: Any) -> Cast:
    with django_db_blocker.unblock():
        return Cast()


@pytest.fixture(scope="module")
def worlds(crew: Cast, django_db_blocker: Any) -> dict[str, Real]:
    """One space with every kind of document, and a small one for each state and each switch."""
    with django_db_blocker.unblock():
        found = {"full": build(World("full", "activated"), DOCUMENTS, crew)}
        for state in STATES:
            found[state] = build(World(state, state), FEW, crew)
        for name, switches in SWITCHES.items():
            found[name] = build(World(name, "activated", **switches), FEW, crew)
        crew.freeze()
    return found


SWITCHES: dict[str, dict[str, bool]] = {
    "no_emergencies": {"emergencies": False},
    "no_calls": {"calls": False},
    "masked_in_emergency": {"masked_in_emergency": True},
}
SOME = frozenset(["nobody", "holder", "other_holder", "hospital", "agreed", "blocked", "attending", "emergency", "regulator", "author", "frozen"])
"""Enough where the state of the space refuses before anything else is looked at."""
READABLE = frozenset({"full", "opened", *SWITCHES})
WORLDS = ("full", *STATES, *SWITCHES)


def questions(real: Real, who: Person) -> Iterator[tuple[str, str, str]]:
    """Every operation that changes nothing, or that is refused, about everything that it may be about."""
    for door, operations in DOORS.items():
        if door != "mhd" and who.kind == ORGANISATION:
            continue
        for name, operation in operations.items():
            if not _meaningful(who, door, name):
                continue
            for about in _abouts(real, operation.about, who):
                changes = name.startswith(("POST", "DELETE")) and not _only_asks(door, name)
                allowed = answer(real.model, who, door, name, about).status < 400 and who.kind in operation.opens
                if not (changes and allowed):
                    yield door, name, about


def _meaningful(who: Person, door: str, name: str) -> bool:
    """Somebody else's portal has no address of this record but those that name something in it; a call is declared
    by those alone to whom the form offers it."""
    about = DOORS[door][name].about
    if door == "portal" and who.kind == HOLDER and not who.own:
        return about in ("document", "folder", "removed")
    return not name.endswith(" call") or who.regulates


def _only_asks(door: str, name: str) -> bool:
    return "_search" in name or name in ("POST documents", "POST professionals", "POST pro_home", "POST pro_patient")


def _abouts(real: Real, about: str, who: Person) -> tuple[str, ...]:
    names = tuple(real.model.documents)
    names = names if real.model.name in READABLE else ("plain", "held")
    if about in ("document", "removed"):
        return (*names, "absent")
    if about == "set":
        return (*dict.fromkeys(real.model.documents[one].set or one for one in names), "absent")
    if about == "folder":
        return ("folder", "absent")
    if about == "professional":
        return ("stranger", "agreed", "attending", "nurse", "blocked", "absent")
    return ("",)


@pytest.mark.parametrize("name", WORLDS)
def test_the_doors_answer_what_the_model_says(worlds: dict[str, Real], name: str) -> None:
    real = worlds[name]
    before = stored(real.of.patient)
    people = PEOPLE if name in READABLE else tuple(one for one in PEOPLE if one.name in SOME)
    asked = [(who, *question) for who in people for question in questions(real, who)]
    found = [one for question in asked for one in differences(real, *question)]
    assert not found, f"{len(found)} differences of {len(asked)}:\n" + "\n".join(found)
    assert stored(real.of.patient) == before
