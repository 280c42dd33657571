"""A document hidden from one professional by name: from nobody else, in every version, nowhere in what they read."""

from uuid import UUID, uuid4

import pytest

from cast import AT, Holder, caring, consents, entry, holder, names_doctor, organisation, professional, sender
from espace.access import actions as access
from espace.access import gate
from espace.access.facts import Cause, Switches
from espace.identity.facts import Professional
from espace.kernel.values import replace
from espace.kernel.words import Purpose, Refused, Verb
from espace.record import actions, queries
from espace.record.facts import Change, Document, Search
from record.test_amending import HELD, MASKED, OPEN, amend, deposit, lines, listed
from record.test_masking import mask, restrictions, unmask
from workstation.desk import file

pytestmark = pytest.mark.django_db


def hide(of: Holder, entry_id: UUID, who: Professional | UUID, *, verb: Verb = Verb.MASK) -> None:
    act = {Verb.MASK: actions.hide_from, Verb.UNMASK: actions.show_to}[verb]
    with gate.open_record(actor=of.actor, patient=of.patient, purpose=Purpose.HOLDER, verb=verb, at=AT) as grant:
        act(grant, entry_id, who if isinstance(who, UUID) else who.id)


def show(of: Holder, entry_id: UUID, who: Professional) -> None:
    hide(of, entry_id, who, verb=Verb.UNMASK)


def read(of: Holder, who: Professional) -> dict[UUID, Document]:
    with gate.open_record(
        actor=caring(who), patient=of.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
    ) as grant:
        return {one.id: one for one in queries.documents(grant)}


def agreed(of: Holder, *family: str) -> list[Professional]:
    found = [professional(name) for name in family]
    for one in found:
        consents(of, one)
    return found


def test_it_is_hidden_from_that_professional_and_from_nobody_else() -> None:
    camille, hospital = holder(), sender(organisation())
    one, other = deposit(camille, hospital), deposit(camille, hospital)
    anne, luc = agreed(camille, "Morel", "Abel")
    for _ in range(2):
        hide(camille, one, anne)
        assert (set(read(camille, anne)), set(read(camille, luc))) == ({other}, {one, other})
        assert restrictions(camille) == 1
    assert listed(camille)[one].restrictions == OPEN and listed(camille)[one].kept_from == {anne.id}
    for _ in range(2):
        show(camille, one, anne)
        assert set(read(camille, anne)) == {one, other}
        assert restrictions(camille) == 0


def test_nothing_that_others_read_tells_that_it_is_hidden_from_somebody() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    (luc,) = agreed(camille, "Abel")
    before = read(camille, luc)[one]
    hide(camille, one, professional())
    assert read(camille, luc)[one] == before


def test_every_version_is_hidden_those_to_come_and_those_that_are_held() -> None:
    camille, hospital = holder(), sender(organisation())
    (anne,) = agreed(camille, "Morel")
    first = deposit(camille, hospital)
    second = deposit(camille, hospital, replaces=first)
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=second)
    hide(camille, first, anne)
    assert set(lines(camille)[0].objects) == {first, second}
    later = deposit(camille, hospital, replaces=held)
    assert read(camille, anne) == {}
    show(camille, second, anne)
    assert set(read(camille, anne)) == {first, second, held, later}


def test_it_stands_beside_the_mask_for_all_and_each_is_lifted_alone() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    anne, luc = agreed(camille, "Morel", "Abel")
    hide(camille, one, anne)
    mask(camille, one)
    assert listed(camille)[one].restrictions == MASKED
    assert (read(camille, anne), read(camille, luc)) == ({}, {})
    unmask(camille, one)
    assert (set(read(camille, anne)), set(read(camille, luc))) == (set(), {one})
    mask(camille, one)
    show(camille, one, anne)
    assert read(camille, anne) == {}


def test_a_rule_lifted_shows_nothing_that_is_hidden_by_name() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    (anne,) = agreed(camille, "Morel")
    hide(camille, one, anne)
    for act, count in ((actions.mask_by_rule, 1), (actions.end_rule, 1)):
        with gate.open_record(
            actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.VISIBILITY, at=AT
        ) as grant:
            assert act(grant, "all") == count
        assert read(camille, anne) == {}


def test_the_attending_doctor_is_such_a_professional_too() -> None:
    camille, hospital, anne = holder(), sender(organisation()), professional()
    one, other = deposit(camille, hospital), deposit(camille, hospital)
    names_doctor(camille, anne)
    for entry_id in (one, other):
        mask(camille, entry_id)
    hide(camille, one, anne)
    assert set(read(camille, anne)) == {other}


def test_an_author_keeps_what_they_wrote_and_is_told_nothing() -> None:
    camille = holder()
    (anne,) = agreed(camille, "Morel")
    one = file(camille, "Lettre", author=anne.national_id)
    before = read(camille, anne)[one]
    hide(camille, one, anne)
    assert read(camille, anne) == {one: before}


@pytest.mark.parametrize("shows", [True, False])
def test_in_an_emergency_it_shows_where_the_holder_lets_masked_documents_show(shows: bool) -> None:
    camille, anne = holder(), professional()
    one = file(camille, "Lettre")
    hide(camille, one, anne)
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.SWITCHES, at=AT
    ) as grant:
        access.set_switches(grant, Switches(masked=shows))
    with gate.open_record(
        actor=caring(anne), patient=camille.patient, purpose=Purpose.BREAK_GLASS, verb=Verb.BREAK_GLASS, at=AT
    ) as grant:
        access.break_glass(grant, cause=Cause.UNCONSCIOUS, words="Trouvée inconsciente")
    assert set(read(camille, anne)) == ({one} if shows else set())


def test_two_worlds_with_and_without_the_hidden_document_read_alike() -> None:
    """Everything that the record answers a professional: lists, counts, searches, sets, versions, one document."""
    told = []
    for hidden in (True, False):
        camille, hospital = holder(), sender(organisation())
        (anne,) = agreed(camille, "Morel")
        shown = deposit(camille, hospital, entry(uid="1.2.3.4", title="Visible"))
        if hidden:
            hide(camille, deposit(camille, hospital, entry(title="Secret")), anne)
            hide(camille, deposit(camille, hospital, entry(title="Autre")), anne)
        actor = caring(anne)
        with gate.open_record(
            actor=actor, patient=camille.patient, purpose=Purpose.CARE, verb=Verb.LIST, at=AT
        ) as grant:
            found, sets = queries.find(grant, Search(count=1)), queries.submission_sets(grant, Search())
            noted = len(grant.noted)
        assert [one.id for one in found.found] == [shown]
        plain = [replace(one, id=shown, submission=shown, organisation=None) for one in found.found]
        labels = [(one.entry.unique_id, one.status, one.restrictions, one.changed_at, one.kept_from) for one in plain]
        told.append((labels, found.total, found.more, [len(one.members) for one in sets.found], sets.total, noted))
    assert told[0] == told[1]


def test_a_document_hidden_by_name_answers_as_one_that_is_not_there() -> None:
    camille, hospital = holder(), sender(organisation())
    (anne,) = agreed(camille, "Morel")
    one = deposit(camille, hospital)
    hide(camille, one, anne)
    for entry_id in (one, uuid4()):
        with (
            pytest.raises(Refused) as caught,
            gate.open_record(
                actor=caring(anne), patient=camille.patient, purpose=Purpose.CARE, verb=Verb.READ, at=AT
            ) as grant,
        ):
            queries.content(grant, entry_id)
        assert caught.value.reason.code == "document_unknown"


def test_its_depositor_is_answered_as_if_it_was_not_hidden() -> None:
    """The label is nowhere: what is stated of a new version, and what may be stated, does not depend on it."""
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    hide(camille, one, professional())
    held = deposit(camille, hospital, entry(visibility=HELD), replaces=one)
    assert [amend(camille, hospital, one_of, Change()).visibility for one_of in (one, held)] == [OPEN, HELD]


def test_what_the_holder_may_not_see_they_cannot_hide_and_fifty_names_are_enough() -> None:
    camille, hospital = holder(), sender(organisation())
    held, one = deposit(camille, hospital, entry(visibility=HELD)), deposit(camille, hospital)
    before = restrictions(camille)
    for entry_id in (held, uuid4()):
        with pytest.raises(Refused) as caught:
            hide(camille, entry_id, uuid4())
        assert caught.value.reason.code == "document_unknown"
    assert restrictions(camille) == before
    with gate.open_record(
        actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=Verb.MASK, at=AT
    ) as grant:
        for number in range(50):
            actions.hide_from(grant, one, UUID(int=number))
    hide(camille, one, UUID(int=7))
    with pytest.raises(Refused) as many:
        hide(camille, one, UUID(int=50))
    assert many.value.reason.code == "too_many_named"
    assert restrictions(camille) == before + 50


def test_nobody_but_the_holder_hides_and_a_grant_for_something_else_does_not() -> None:
    camille, hospital = holder(), sender(organisation())
    one = deposit(camille, hospital)
    for verb in (Verb.READ, Verb.UNMASK):
        with (
            pytest.raises(TypeError),
            gate.open_record(
                actor=camille.actor, patient=camille.patient, purpose=Purpose.HOLDER, verb=verb, at=AT
            ) as grant,
        ):
            actions.hide_from(grant, one, uuid4())
