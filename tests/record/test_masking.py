"""The holder's own mask: on every version, lifted by nobody else, and unknown to whoever deposited."""

from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import AT, Holder, document, entry, holder, organisation, sender, submission
from espace.access import gate
from espace.identity.facts import Organisation
from espace.kernel.words import Purpose, Refused, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import Change
from record.test_amending import HELD, MASKED, OPEN, amend, deposit, elsewhere, lines, listed, refused

pytestmark = pytest.mark.django_db


def mask(of: Holder, entry_id: UUID, *, verb: Verb = Verb.MASK) -> None:
    act = {Verb.MASK: actions.mask, Verb.UNMASK: actions.unmask}[verb]
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=AT) as grant:
        act(grant, entry_id)


def unmask(of: Holder, entry_id: UUID) -> None:
    mask(of, entry_id, verb=Verb.UNMASK)


def restrictions(of: Holder) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_restriction WHERE patient_id = %s", [of.patient])
        return int(cursor.fetchone()[0])


def test_the_holder_masks_and_unmasks_and_asking_again_changes_nothing() -> None:
    camille, hospital = holder(), sender(organisation())
    one, other = deposit(camille, hospital), deposit(camille, hospital)
    for _ in range(2):
        mask(camille, one)
        assert {d.id: d.restrictions for d in listed(camille).values()} == {one: MASKED, other: OPEN}
        assert restrictions(camille) == 1
    for _ in range(2):
        unmask(camille, one)
        assert restrictions(camille) == 0
    masked = [line for line in lines(camille) if line.verb in (Verb.MASK, Verb.UNMASK)]
    assert [(line.verb, line.reason, line.objects) for line in masked[::-1]] == [
        (Verb.MASK, "holder_decides", (one,)),
        (Verb.MASK, "holder_decides", (one,)),
        (Verb.UNMASK, "holder_decides", (one,)),
        (Verb.UNMASK, "holder_decides", (one,)),
    ]


def test_a_mask_covers_every_version_those_to_come_and_those_that_are_hidden() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=second)
    mask(camille, first)
    later = deposit(camille, hospital, replaces=held)
    # Asked of what the depositor knows, which never holds the holder's mask.
    assert amend(camille, hospital, later, Change(visibility=OPEN)).visibility == OPEN
    seen = listed(camille)
    assert {one: d.restrictions for one, d in seen.items()} == dict.fromkeys((first, second, held, later), MASKED)


def test_the_line_names_the_versions_that_the_holder_sees_and_no_other() -> None:
    camille, hospital = holder(), sender(organisation())
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    deposit(camille, hospital, entry(visibility=HELD), replaces=second)
    mask(camille, second)
    assert set(lines(camille)[0].objects) == {first, second}


def test_the_holder_also_lifts_what_the_depositor_masked() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital, entry(visibility=MASKED))
    unmask(camille, one)
    assert listed(camille)[one].restrictions == OPEN


@pytest.mark.parametrize(
    "change",
    [Change(visibility=OPEN), Change(archived=True), Change(archived=False), Change(visibility=MASKED)],
)
def test_nobody_but_the_holder_lifts_the_holders_mask(change: Change) -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    mask(camille, one)
    amend(camille, hospital, one, change)
    amend(camille, hospital, one, Change(visibility=OPEN))
    assert listed(camille)[one].restrictions == MASKED


def test_two_masks_stand_beside_each_other() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital, entry(visibility=MASKED))
    mask(camille, one)
    assert amend(camille, hospital, one, Change(visibility=OPEN)).visibility == OPEN
    assert listed(camille)[one].restrictions == MASKED
    unmask(camille, one)
    assert listed(camille)[one].restrictions == OPEN


def test_the_depositor_is_answered_alike_whether_the_holder_masks_or_not() -> None:
    """Two worlds: everything that may be asked of a filed document, with and without the holder's mask."""
    changes = [Change(visibility=MASKED), Change(visibility=OPEN), Change(archived=True), Change(deleted=True)]
    answers = []
    for masked in (True, False):
        camille, hospital = holder(), sender(organisation())
        one = deposit(camille, hospital)
        if masked:
            mask(camille, one)
        found = [amend(camille, hospital, one, change) for change in changes]
        answers.append([(a.status, a.visibility, a.changed_at) for a in found])
    assert answers[0] == answers[1]


def test_a_new_version_that_states_a_mask_states_it_for_its_depositor() -> None:
    """Its depositor sees it whether or not the holder had masked the version before."""
    for masked in (True, False):
        camille, hospital = holder(), sender(organisation())
        old = deposit(camille, hospital)
        if masked:
            mask(camille, old)
        new = deposit(camille, hospital, entry(visibility=MASKED), replaces=old)
        assert amend(camille, hospital, new, Change()).visibility == MASKED


def test_a_held_version_of_a_masked_document_is_taken_as_if_it_was_not_masked() -> None:
    camille, hospital = holder(), sender(organisation())
    old = deposit(camille, hospital)
    mask(camille, old)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=old)
    assert amend(camille, hospital, held, Change(visibility=OPEN)).visibility == OPEN
    assert listed(camille)[held].restrictions == MASKED


def _another(hospital: Organisation) -> UUID:
    return deposit(holder(), sender(hospital))


def test_what_the_holder_may_not_see_they_cannot_mask() -> None:
    camille, hospital = holder(), organisation()
    held = deposit(camille, sender(hospital), entry(visibility=HELD))
    gone = deposit(camille, sender(hospital))
    amend(camille, sender(hospital), gone, Change(deleted=True))
    before = restrictions(camille)
    for one in (held, gone, _another(hospital), uuid4()):
        for verb in (Verb.MASK, Verb.UNMASK):
            with pytest.raises(Refused) as caught:
                mask(camille, one, verb=verb)
            assert caught.value.reason.code == "document_unknown"
    assert restrictions(camille) == before


def test_nobody_else_opens_a_record_to_mask_in_it() -> None:
    camille, paul, hospital = holder(), holder(), sender(organisation())
    one = deposit(camille, hospital)
    for actor in (paul.actor, hospital):
        with (
            pytest.raises(Refused) as caught,
            gate.open_record(
                actor=actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=AT
            ) as grant,
        ):
            actions.mask(grant, one)
        assert caught.value.reason.code == "not_the_holder"


def test_a_grant_for_something_else_masks_nothing() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    with (
        pytest.raises(TypeError),
        gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.READ, at=AT
        ) as grant,
    ):
        actions.mask(grant, one)
    assert refused(camille, sender(organisation("Laboratoire")), one, Change()) == [("not_the_author", "")]


def test_hidden_from_both_is_still_masked_by_the_holder_alone() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital, entry(visibility=frozenset({Visibility.MASQUE_PS})))
    mask(camille, one)
    later = deposit(camille, hospital, replaces=one)
    unmask(camille, later)
    assert {d.restrictions for d in listed(camille).values()} == {OPEN}


def test_a_version_filed_while_the_holder_masks_is_masked_too() -> None:
    camille, hospital = holder(), sender(organisation())
    old, tries = deposit(camille, hospital), []

    def masking() -> None:
        with gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=AT
        ) as grant:
            queries.document(grant, old)
            tries.append(old)
            if len(tries) == 1:
                elsewhere(lambda: deposit(camille, hospital, replaces=old))
            actions.mask(grant, old)

    gate.run_again(masking)
    assert len(tries) == 2
    assert [d.restrictions for d in listed(camille).values()] == [MASKED, MASKED]


def test_a_version_filed_while_the_holder_had_just_masked_inherits_the_mask() -> None:
    camille, hospital = holder(), sender(organisation())
    old, tries = deposit(camille, hospital), []
    sent = submission(camille, document(replaces=f"DocumentReference/{old}"))

    def replacing() -> None:
        with gate.open_record(
            actor=hospital, patient=camille.patient, purpose=Purpose.FEED, verb=Verb.DEPOSIT, at=AT
        ) as grant:
            queries.kept(grant, [old])
            tries.append(old)
            if len(tries) == 1:
                elsewhere(lambda: mask(camille, old))
            actions.submit(grant, submission=sent, headers=[None])

    gate.run_again(replacing)
    assert len(tries) == 2
    assert [d.restrictions for d in listed(camille).values()] == [MASKED, MASKED]


def test_masking_and_unmasking_at_once_follow_each_other() -> None:
    camille, hospital = holder(), sender(organisation())
    one, tries = deposit(camille, hospital), []
    mask(camille, one)

    def masking() -> None:
        with gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=AT
        ) as grant:
            queries.document(grant, one)
            tries.append(one)
            if len(tries) == 1:
                elsewhere(lambda: unmask(camille, one))
            actions.mask(grant, one)

    gate.run_again(masking)
    assert (len(tries), listed(camille)[one].restrictions) == (2, MASKED)
