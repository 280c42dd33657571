"""A fact is seen by whoever sees its document, and by nobody else: as if there were no other."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import pytest

from cast import Holder, caring, consents, holder, names_doctor, organisation, professional
from clinical.scene import (
    HIDDEN,
    as_carer,
    as_helper,
    as_holder,
    deposit,
    holder_knows,
    opened,
    results,
    stated,
    summary,
    told,
)
from espace.access import gate
from espace.clinical import queries
from espace.clinical.facts import Known, Origin
from espace.identity.facts import Organisation, Professional
from espace.kernel.words import ITSELF, Grant, Purpose, Verb, Visibility
from espace.record import actions as record
from espace.record.actions.holding import end_hold
from espace.wire.xds import NewDocument
from record.secret import FROM_PARENTS, agrees, minor, mother_of

pytestmark = pytest.mark.django_db

MASKED = frozenset({Visibility.MASQUE_PS})
SECRET_KIND = "68599-0"
"""A kind that dentists do not read."""
Fact = tuple[str, str]
GLUCOSE, PENICILLIN = ("Glucose à jeun", "5.1 mmol/L"), ("Pénicilline", "")


def consented(of: Holder, profession: str = "10") -> Professional:
    who = professional(profession=profession)
    consents(of, who)
    return who


def attending(of: Holder) -> Professional:
    who = professional()
    names_doctor(of, who)
    return who


def knows(of: Holder, who: Professional, *, secret: bool = False) -> list[Fact]:
    return told(as_carer(of, who, queries.known, secret=secret))


def hide_from(of: Holder, one: UUID, who: Professional) -> None:
    as_holder(of, lambda grant: record.hide_from(grant, one, who.id), Verb.MASK)


@dataclass(frozen=True)
class World:
    """Camille's record: a result that everybody sees and, where it is the world with it, an allergy that is hidden from
    the reader in one of the ways in which things are."""

    of: Holder
    laboratory: Organisation
    first: UUID
    hidden: bool


def world(*, hidden: bool) -> World:
    camille, laboratory = holder(), organisation()
    (first,) = deposit(camille, laboratory, stated(results(camille)))
    return World(camille, laboratory, first, hidden)


def _held(it: World) -> list[Fact]:
    if it.hidden:
        deposit(it.of, it.laboratory, stated(summary(it.of), hidden=HIDDEN))
    return holder_knows(it.of)


def _held_version(it: World) -> list[Fact]:
    """The new version is held: the old one stays current, with its facts."""
    if it.hidden:
        deposit(it.of, it.laboratory, stated(results(it.of, "9.9"), hidden=HIDDEN), replaces=it.first)
    return holder_knows(it.of)


def _masked(it: World) -> list[Fact]:
    if it.hidden:
        deposit(it.of, it.laboratory, stated(summary(it.of), hidden=MASKED))
    return knows(it.of, consented(it.of))


def _masked_by_holder(it: World) -> list[Fact]:
    if it.hidden:
        (one,) = deposit(it.of, it.laboratory, stated(summary(it.of)))
        as_holder(it.of, lambda grant: record.mask(grant, one), Verb.MASK)
    return knows(it.of, consented(it.of))


def _hidden_by_name(it: World) -> list[Fact]:
    who = consented(it.of)
    if it.hidden:
        hide_from(it.of, deposit(it.of, it.laboratory, stated(summary(it.of)))[0], who)
    return knows(it.of, who)


def _hidden_from_the_attending_doctor(it: World) -> list[Fact]:
    who = attending(it.of)
    if it.hidden:
        hide_from(it.of, deposit(it.of, it.laboratory, stated(summary(it.of)))[0], who)
    return knows(it.of, who)


def _of_a_kind_not_read(it: World) -> list[Fact]:
    if it.hidden:
        deposit(it.of, it.laboratory, _of_kind(summary(it.of), SECRET_KIND))
    return knows(it.of, consented(it.of, "40"))


def _seen_with_the_eyes_of_another(it: World) -> list[Fact]:
    """The holder looks with the eyes of a professional."""
    who = consented(it.of)
    if it.hidden:
        deposit(it.of, it.laboratory, stated(summary(it.of), hidden=MASKED))

    def looking(grant: Grant) -> Known:
        gate.look_as(grant, caring(who))
        return queries.known(grant)

    return told(as_holder(it.of, looking, Verb.SEE_AS))


def _of_kind(content: bytes, kind: str) -> NewDocument:
    return stated(content.replace(b"SYNTH", kind.encode()))


WAYS: dict[str, Callable[[World], list[Fact]]] = {
    "held": _held,
    "held version": _held_version,
    "masked": _masked,
    "masked by the holder": _masked_by_holder,
    "hidden by name": _hidden_by_name,
    "hidden from the attending doctor": _hidden_from_the_attending_doctor,
    "of a kind that is not read": _of_a_kind_not_read,
    "seen with the eyes of another": _seen_with_the_eyes_of_another,
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_two_worlds(way: Callable[[World], list[Fact]]) -> None:
    assert way(world(hidden=True)) == way(world(hidden=False)) == [GLUCOSE]


def test_near_misses_of_what_hides() -> None:
    """What is hidden from one is seen by the next: by its author's attending colleague, by who is not named."""
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(summary(camille), hidden=MASKED))
    assert (holder_knows(camille), knows(camille, attending(camille))) == ([PENICILLIN], [PENICILLIN])
    assert knows(camille, consented(camille)) == []
    as_holder(camille, lambda grant: record.unmask(grant, one), Verb.UNMASK)
    named = consented(camille)
    hide_from(camille, one, named)
    assert (knows(camille, named), knows(camille, consented(camille))) == ([], [PENICILLIN])
    as_holder(camille, lambda grant: record.show_to(grant, one, named.id), Verb.UNMASK)
    assert knows(camille, named) == [PENICILLIN]


def test_what_is_announced_shows_its_facts() -> None:
    camille, laboratory = holder(), organisation()
    (one,) = deposit(camille, laboratory, stated(summary(camille), hidden=HIDDEN))
    assert holder_knows(camille) == []
    assert knows(camille, consented(camille)) == [PENICILLIN]
    opened(camille, ITSELF, Purpose.FEED, Verb.ANNOUNCE, lambda grant: end_hold(grant, one))
    assert holder_knows(camille) == [PENICILLIN]


def test_the_secret_care_of_a_minor() -> None:
    """What is kept from representatives is known to the minor and in sessions of that care; nothing else is there."""
    leo, laboratory = minor(), organisation()
    mother = mother_of(leo)
    deposit(leo, laboratory, stated(results(leo)))
    deposit(leo, laboratory, stated(summary(leo), hidden=FROM_PARENTS))
    who = professional()
    agrees(leo, who)
    assert told(as_helper(leo, mother, queries.known)) == [GLUCOSE]
    assert holder_knows(leo) == [GLUCOSE, PENICILLIN]
    assert knows(leo, who, secret=True) == [PENICILLIN]


def test_reimbursements_are_told_apart() -> None:
    camille, insurer = holder(), organisation()
    deposit(camille, insurer, _of_kind(summary(camille), "REMB"))
    (fact,) = as_holder(camille, queries.known).facts
    assert fact.origin is Origin.REIMBURSED
