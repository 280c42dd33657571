"""What a change of one version does to the others, and to what is deleted or held."""


import pytest

from cast import AT, entry, holder, organisation, sender
from espace.access import gate
from espace.kernel.words import Purpose, Refused, RefusedProblems, Verb
from espace.record import queries
from espace.record.facts import Change, Status
from record.test_amending import HELD, LABELS, MASKED, OPEN, amend, deposit, lines, listed, own, refused, shown

pytestmark = pytest.mark.django_db


def test_deleting_does_not_bring_back_the_older_version() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, new, Change(deleted=True))
    (seen,) = listed(camille).values()
    assert (seen.id, seen.status, seen.replaced_by) == (old, Status.DEPRECATED, None)
    assert {old, new} <= shown(camille)


def test_deleting_a_version_that_was_held_changes_nothing_for_the_holder() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    before = listed(camille)
    amend(camille, hospital, held, Change(deleted=True))
    assert listed(camille) == before
    assert before[old].status is Status.APPROVED
    assert held not in shown(camille)


def test_the_unique_id_of_a_deleted_document_stays_taken_and_sending_it_again_brings_nothing_back() -> None:
    camille, hospital = holder(), sender(organisation())
    stated = entry()
    one = deposit(camille, hospital, stated)
    amend(camille, hospital, one, Change(deleted=True))
    assert deposit(camille, hospital, stated) == one
    assert (own(camille, hospital), listed(camille)) == ({one: Status.DELETED}, {})
    with pytest.raises(RefusedProblems) as caught:
        deposit(camille, hospital, stated, content=b"autre")
    assert caught.value.reason.code == "unique_id_reused"
    with pytest.raises(RefusedProblems) as caught:
        deposit(camille, hospital, replaces=one)
    assert caught.value.reason.code == "replace_refused"


def test_what_is_deleted_is_read_by_nobody_and_kept_in_the_log() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    amend(camille, hospital, one, Change(deleted=True))
    with (
        pytest.raises(Refused) as caught,
        gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
        ) as grant,
    ):
        queries.content(grant, one)
    assert caught.value.reason.code == "document_unknown"
    amended = next(line for line in lines(camille) if line.verb is Verb.AMEND)
    assert (amended.reason, amended.objects, amended.actor_name) == (
        "author_amends",
        (one,),
        "Hôpital des Remparts",
    )


def test_a_mask_covers_every_version_and_is_taken_off_every_version() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    third = deposit(camille, hospital, replaces=second)
    amend(camille, hospital, second, Change(visibility=MASKED))
    assert {one.restrictions for one in listed(camille).values()} == {MASKED}
    assert amend(camille, hospital, third, Change(visibility=OPEN)).visibility == OPEN
    assert {one.restrictions for one in listed(camille).values()} == {OPEN}


def test_what_was_held_is_shown_once_and_cannot_be_hidden_again() -> None:
    camille, hospital = holder(), sender(organisation())
    held = deposit(camille, hospital, entry(visibility=HELD))
    assert listed(camille) == {}
    assert amend(camille, hospital, held, Change(visibility=OPEN)).visibility == OPEN
    assert list(listed(camille)) == [held]
    assert refused(camille, hospital, held, Change(visibility=HELD)) == [("change_refused", LABELS)]


def test_showing_an_older_version_does_not_show_the_newer_one() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=HELD))
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, old, Change(visibility=OPEN))
    assert list(listed(camille)) == [old]
    amend(camille, hospital, new, Change(visibility=OPEN))
    assert set(listed(camille)) == {old, new}


def test_showing_the_current_version_shows_those_that_it_replaces() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=HELD))
    new = deposit(camille, hospital, replaces=old)
    amend(camille, hospital, new, Change(visibility=OPEN))
    assert set(listed(camille)) == {old, new}
