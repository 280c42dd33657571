"""The holder removes what they added and puts it back, ten at once at most, for thirty days."""

from uuid import uuid4

import pytest
from django.db import connection

from cast import document, holder, organisation
from espace.kernel.words import Verb
from espace.record import actions
from espace.record.facts import Change
from record import test_amending as amending
from record.filing import deposit, lines, read
from record.owning import NOTE, add, listed, opened, refusing, remove, removed, restore, upload

pytestmark = pytest.mark.django_db


def test_removed_it_is_gone_for_everybody_and_put_back_it_is_as_it_was() -> None:
    camille = holder()
    one, other = add(camille, upload(title="Bilan"), upload(b"autre"))
    with opened(camille, Verb.ARRANGE) as grant:
        actions.arrange(grant, documents=(one,), pinned=True)
    for _ in range(2):
        remove(camille, one, days=1)
        assert (set(listed(camille)), removed(camille, days=1)) == ({other}, [one])
    with refusing() as found:
        read(camille, one)
    assert found == [("document_unknown", "")]
    for _ in range(2):
        restore(camille, one, days=2)
        assert (set(listed(camille)), removed(camille, days=2)) == ({one, other}, [])
    back = listed(camille)[one]
    assert (back.entry.title, back.pinned, read(camille, one)) == ("Bilan", True, NOTE)
    said = [(line.verb, line.objects) for line in lines(camille) if line.verb in (Verb.REMOVE, Verb.RESTORE)]
    assert sorted(said, key=str) == sorted([(Verb.REMOVE, (one,)), (Verb.RESTORE, (one,))] * 2, key=str)


@pytest.mark.parametrize(("days", "back"), [(0.0, True), (30.0, True), (30.001, False), (-1.0, True)])
def test_it_may_be_put_back_for_thirty_days_whatever_clocks_do(days: float, back: bool) -> None:
    camille = holder()
    (one,) = add(camille, upload())
    remove(camille, one)
    assert removed(camille, days=days) == ([one] if back else [])
    if back:
        restore(camille, one, days=days)
    else:
        for act in (restore, remove):
            with refusing() as found:
                act(camille, one, days=days)
            assert found == [("document_unknown", "")]
    assert (one in listed(camille)) is back


def test_the_last_removed_comes_first_and_of_the_same_bytes_once() -> None:
    camille = holder()
    one, other = add(camille, upload(), upload(b"autre"))
    remove(camille, one, days=1)
    remove(camille, other, days=2)
    (again,) = add(camille, upload(), days=3)
    assert removed(camille, days=3) == [other]
    remove(camille, again, days=4)
    assert removed(camille, days=5) == [again, other]
    restore(camille, again, other, days=5)
    assert removed(camille, days=5) == []


def test_ten_at_once_and_no_more() -> None:
    camille = holder()
    ids = add(camille, *(upload(f"note {n}".encode()) for n in range(11)))
    for act in (remove, restore):
        with refusing() as found:
            act(camille, *ids)
        assert found == [("too_many_at_once", "")]
    remove(camille, *ids[:10], ids[0])
    assert set(listed(camille)) == {ids[10]}
    restore(camille, *ids[:10])
    assert set(listed(camille)) == set(ids)


def test_all_or_none_and_absent_like_forbidden() -> None:
    camille, hospital = holder(), organisation()
    (one,) = add(camille, upload())
    (theirs,) = deposit(camille, hospital, document()).documents
    (strange,) = add(holder(), upload())
    for other, reason in ((theirs, "not_your_document"), (strange, "document_unknown"), (uuid4(), "document_unknown")):
        with refusing() as found:
            remove(camille, one, other)
        assert found == [(reason, "")]
    for other in (theirs, strange, uuid4()):
        with refusing() as found:
            restore(camille, one, other)
        assert found == [("document_unknown", "")]
    assert set(listed(camille)) == {one, theirs}


def test_what_its_depositor_deleted_is_not_the_holders_to_put_back() -> None:
    camille, hospital = holder(), organisation()
    (theirs,) = deposit(camille, hospital, document()).documents
    amending.amend(camille, amending.sender(hospital), theirs, Change(deleted=True))
    assert removed(camille) == []
    with refusing() as found:
        restore(camille, theirs)
    assert found == [("document_unknown", "")]


def test_an_altered_row_is_not_put_back() -> None:
    camille = holder()
    (one,) = add(camille, upload())
    remove(camille, one)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE record_entry SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1) WHERE id = %s", [one]
        )
    assert removed(camille) == []
    with refusing() as found:
        restore(camille, one)
    assert found == [("document_unknown", "")]


def test_a_mask_outlives_removal() -> None:
    camille = holder()
    (one,) = add(camille, upload())
    with opened(camille, Verb.MASK) as grant:
        actions.mask(grant, one)
    remove(camille, one)
    restore(camille, one)
    assert listed(camille)[one].restrictions == {"MASQUE_PS"}
