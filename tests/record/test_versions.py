"""What a new version does to the older ones: their own state stays, a mask covers them, and nothing is ever hidden from
both (EX_2.1-1050), whichever version is restricted first and whatever the holder masks."""

from uuid import UUID

import pytest

from cast import AT, Holder, caring, consents, entry, holder, organisation, professional, sender
from espace.access import gate
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Actor, Purpose, RefusedProblems, Verb, Visibility
from espace.record import queries
from espace.record.facts import Change, Document, Status
from espace.wire.xds import Author, DocumentEntry
from record.test_amending import (
    ANNE,
    HELD,
    LABELS,
    MASKED,
    OPEN,
    amend,
    deposit,
    doctor,
    lines,
    listed,
    own,
    refused,
)
from record.test_masking import mask, restrictions, unmask

pytestmark = pytest.mark.django_db


def seen_by(who: Professional, of: Holder) -> dict[UUID, Document]:
    with gate.open_record(actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT) as grant:
        return {one.id: one for one in queries.documents(grant)}


def not_deposited(to: Holder, by: Actor, labels: frozenset[Visibility], replaces: UUID) -> list[tuple[str, str]]:
    with pytest.raises(RefusedProblems) as caught:
        deposit(to, by, entry(visibility=labels), replaces=replaces)
    return [(one.reason.code, one.place) for one in caught.value.problems]


# --- the state of what is replaced ----------------------------------------------------------------------


@pytest.mark.parametrize("archived", [True, False])
def test_a_held_version_leaves_the_holder_the_state_of_the_older_one(archived: bool) -> None:
    """Two worlds: archived or not, the holder's list is the same before and after; those who deposit know better."""
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    amend(camille, hospital, old, Change(archived=archived))
    before = listed(camille)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    assert listed(camille) == before
    assert own(camille, hospital) == {old: Status.DEPRECATED, held: Status.APPROVED}
    amend(camille, hospital, held, Change(visibility=OPEN))
    assert {one: d.status for one, d in listed(camille).items()} == {old: Status.DEPRECATED, held: Status.APPROVED}


def test_what_changes_otherwise_of_a_replaced_document_leaves_its_own_state() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=MASKED))
    amend(camille, hospital, old, Change(archived=True))
    new = deposit(camille, hospital, replaces=old)
    assert amend(camille, hospital, old, Change(visibility=OPEN)).status is Status.DEPRECATED
    assert refused(camille, hospital, old, Change(archived=True)) == [
        ("change_refused", "DocumentReference.extension")
    ]
    assert amend(camille, hospital, old, Change(archived=False)).status is Status.DEPRECATED
    assert amend(camille, hospital, new, Change(deleted=True)).status is Status.DELETED
    assert listed(camille)[old].status is Status.DEPRECATED
    assert amend(camille, hospital, old, Change(deleted=True)).status is Status.DELETED


def test_a_replaced_document_is_not_replaced_again_whatever_its_own_state() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    amend(camille, hospital, old, Change(archived=True))
    deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    assert not_deposited(camille, hospital, OPEN, old) == [("replace_refused", "e0.relatesTo")]


def test_an_author_who_acts_elsewhere_learns_of_no_new_version_that_is_not_theirs() -> None:
    camille, hospital, elsewhere = holder(), sender(organisation()), doctor(organisation("Cabinet"))
    written = entry_of(ANNE)
    old = deposit(camille, hospital, written)
    before = amend(camille, elsewhere, old, Change())
    theirs_not = deposit(camille, hospital, replaces=old)
    assert amend(camille, elsewhere, old, Change()) == before
    assert amend(camille, elsewhere, old, Change(archived=True)).status is Status.ARCHIVED
    assert listed(camille)[old].status is Status.DEPRECATED
    theirs = deposit(camille, hospital, entry_of(ANNE))
    deposit(camille, hospital, entry_of(ANNE), replaces=theirs)
    assert amend(camille, elsewhere, theirs, Change()).status is Status.DEPRECATED
    assert refused(camille, elsewhere, theirs_not, Change()) == [("not_the_author", "")]


def entry_of(author: str) -> DocumentEntry:
    return replace(entry(), authors=(Author("Le Goff", "Anne", author),))


# --- a mask covers the chain, what holds back does not ------------------------------------------------------


def test_a_version_deposited_masked_masks_those_that_it_replaces() -> None:
    camille, hospital, anne = holder(), sender(organisation()), professional()
    consents(camille, anne, at=AT)
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    other = deposit(camille, hospital)
    assert set(seen_by(anne, camille)) == {first, second, other}
    masked = deposit(camille, hospital, entry(visibility=MASKED), replaces=second)
    assert set(seen_by(anne, camille)) == {other}
    assert {one: d.restrictions for one, d in listed(camille).items()} == {
        first: MASKED,
        second: MASKED,
        masked: MASKED,
        other: OPEN,
    }
    amend(camille, hospital, masked, Change(visibility=OPEN))
    assert set(seen_by(anne, camille)) == {first, second, other, masked}


def test_a_version_deposited_masked_adds_one_mask_to_each_and_none_twice() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital, entry(visibility=MASKED))
    second = deposit(camille, hospital, entry(visibility=MASKED), replaces=first)
    assert restrictions(camille) == 2
    mask(camille, second)
    deposit(camille, hospital, entry(visibility=MASKED), replaces=second)
    assert restrictions(camille) == 6


def test_a_mask_deposited_over_the_holders_own_stays_when_the_holder_alone_had_masked() -> None:
    """The depositor's mask stands beside the holder's on every version: lifting one leaves the other."""
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    mask(camille, old)
    new = deposit(camille, hospital, entry(visibility=MASKED), replaces=old)
    assert amend(camille, hospital, old, Change()).visibility == MASKED
    amend(camille, hospital, new, Change(visibility=OPEN))
    assert {d.restrictions for d in listed(camille).values()} == {MASKED}
    unmask(camille, old)
    assert {d.restrictions for d in listed(camille).values()} == {OPEN}


def test_what_holds_a_new_version_back_does_not_hide_the_older_ones() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    assert {one: d.restrictions for one, d in listed(camille).items()} == {old: OPEN}


# --- nothing is hidden from both ----------------------------------------------------------------------------


def test_a_mask_put_on_an_older_version_is_refused_while_a_newer_one_is_held() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=second)
    before = restrictions(camille)
    for one in (first, second, held):
        wanted = MASKED | HELD if one == held else MASKED
        assert refused(camille, hospital, one, Change(visibility=wanted)) == [("visibility_refused", LABELS)]
    assert restrictions(camille) == before
    # Showing it to the holder and masking it to professionals, at once: hidden from one of them only.
    assert amend(camille, hospital, held, Change(visibility=MASKED)).visibility == MASKED
    assert {d.restrictions for d in listed(camille).values()} == {MASKED}


def test_showing_an_older_version_while_masking_it_is_refused_when_the_newer_one_stays_held() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=HELD))
    deposit(camille, hospital, replaces=old)
    assert refused(camille, hospital, old, Change(visibility=MASKED)) == [("visibility_refused", LABELS)]
    assert listed(camille) == {}


def test_a_version_that_was_held_and_is_deleted_forbids_no_mask() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    amend(camille, hospital, held, Change(deleted=True))
    assert amend(camille, hospital, old, Change(visibility=MASKED)).visibility == MASKED


@pytest.mark.parametrize("change", [Change(visibility=MASKED), Change(archived=True)])
def test_what_a_held_version_refuses_is_not_told_to_the_holder(change: Change) -> None:
    """The line of the refusal is hidden from the holder, for whom the document is current and open."""
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    refused(camille, hospital, old, change)
    line = lines(camille)[0]
    assert (line.verb, line.hidden_from) == (Verb.AMEND, HELD)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (MASKED, HELD, [("visibility_refused", "e0.securityLabel")]),
        (HELD, MASKED, [("visibility_refused", "e0.securityLabel")]),
        (MASKED, MASKED, []),
        (HELD, HELD, []),
        (MASKED, OPEN, []),
        (HELD, OPEN, []),
        (OPEN, HELD, []),
        (OPEN, MASKED, []),
    ],
)
def test_a_new_version_is_not_hidden_from_those_from_whom_the_older_one_was_not(
    first: frozenset[Visibility], then: frozenset[Visibility], expected: list[tuple[str, str]]
) -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital, entry(visibility=first))
    before = restrictions(camille)
    if expected:
        assert not_deposited(camille, hospital, then, old) == expected
        assert (own(camille, hospital), restrictions(camille)) == ({old: Status.APPROVED}, before)
    else:
        new = deposit(camille, hospital, entry(visibility=then), replaces=old)
        assert amend(camille, hospital, new, Change()).visibility == first | then


@pytest.mark.parametrize("masked", [True, False])
def test_the_holders_own_mask_refuses_nothing(masked: bool) -> None:
    """Two worlds: whether the holder masks or not, a held version is taken and the refusals are the same."""
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    if masked:
        mask(camille, old)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    assert amend(camille, hospital, held, Change()).visibility == HELD
    assert refused(camille, hospital, old, Change(visibility=MASKED)) == [("visibility_refused", LABELS)]
    assert not_deposited(camille, hospital, MASKED, held) == [("visibility_refused", "e0.securityLabel")]


def test_the_labels_of_a_document_of_another_organisation_are_not_told_by_a_refusal() -> None:
    camille, hospital, stranger = holder(), sender(organisation()), sender(organisation("Laboratoire"))
    answers = [
        not_deposited(camille, stranger, HELD, deposit(camille, hospital, entry(visibility=labels)))
        for labels in (OPEN, MASKED)
    ]
    assert answers == [[("replace_refused", "e0.relatesTo")]] * 2
