"""Who may change a filed document: its near-misses one fact at a time."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from cast import entry, holder, organisation, sender
from espace.identity.facts import Organisation
from espace.kernel.values import replace
from espace.kernel.words import Actor
from espace.record.facts import Change, Status
from espace.wire.xds import Author
from record.test_amending import ANNE, HELD, MASKED, amend, deposit, doctor, lines, listed, own, refused, rows

pytestmark = pytest.mark.django_db


def test_an_author_who_acts_elsewhere_changes_what_another_organisation_deposited() -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE),))
    one = deposit(camille, sender(hospital), written)
    assert amend(camille, doctor(organisation("Cabinet")), one, Change(deleted=True)).status is Status.DELETED


@pytest.mark.parametrize(
    "stranger",
    [
        lambda hospital: sender(organisation("Laboratoire")),
        lambda hospital: doctor(organisation("Cabinet"), national_id="810009999999"),
        lambda hospital: doctor(organisation("Cabinet"), national_id=""),
        lambda hospital: replace(doctor(hospital, national_id=""), organisation=None),
    ],
    ids=["organisation", "professional", "without number", "without organisation"],
)
def test_nobody_else_changes_it_and_it_is_as_if_it_did_not_exist(stranger: Callable[[Organisation], Actor]) -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE),))
    one, before = deposit(camille, sender(hospital), written), rows(camille)
    unknown = refused(camille, stranger(hospital), uuid4(), Change(deleted=True))
    assert refused(camille, stranger(hospital), one, Change(deleted=True)) == unknown == [("not_the_author", "")]
    assert rows(camille) == before
    assert [line.reason for line in lines(camille)[:2]] == ["not_the_author", "not_the_author"]


@pytest.mark.parametrize(
    ("profession", "may"),
    [("10", True), ("60", False), ("98", False), ("ZZ", False), ("", False)],
    ids=["doctor", "nurse", "other", "unknown", "none"],
)
def test_a_colleague_changes_only_what_their_profession_writes(profession: str, may: bool) -> None:
    """A report of biology: a doctor writes some, nobody of a profession that writes none touches it."""
    camille, hospital = holder(), organisation()
    one = deposit(camille, sender(hospital))
    colleague = replace(doctor(hospital, national_id="810009999999"), profession=profession)
    if may:
        assert amend(camille, colleague, one, Change(visibility=MASKED)).visibility == MASKED
        return
    for change in (Change(visibility=MASKED), Change(archived=True), Change(deleted=True)):
        assert refused(camille, colleague, one, change) == [("not_the_author", "")]
    assert own(camille, sender(hospital)) == {one: Status.APPROVED}


@pytest.mark.parametrize("profession", ["60", "ZZ", ""])
def test_an_author_changes_their_own_whatever_their_profession_is_now(profession: str) -> None:
    camille, hospital = holder(), organisation()
    written = replace(entry(), authors=(Author("Le Goff", "Anne", ANNE[1:]),))
    one = deposit(camille, sender(hospital), written)
    anne = replace(doctor(organisation("Cabinet")), profession=profession)
    assert amend(camille, anne, one, Change(archived=True)).status is Status.ARCHIVED


def test_the_ids_of_another_patient_lead_nowhere() -> None:
    camille, paul, hospital = holder(), holder(), sender(organisation())
    one = deposit(camille, hospital)
    assert refused(paul, hospital, one, Change(deleted=True)) == [("not_the_author", "")]
    assert list(listed(camille)) == [one]


def test_the_line_of_a_refusal_is_hidden_as_the_document_is() -> None:
    camille, hospital = holder(), sender(organisation())
    held = deposit(camille, hospital, entry(visibility=HELD))
    refused(camille, sender(organisation("Laboratoire")), held, Change(deleted=True))
    assert lines(camille)[0].hidden_from == HELD
