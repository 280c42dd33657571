"""Filing a new version: what becomes of the old one, and who may replace it."""


import pytest

from cast import document, entry, holder, organisation
from espace.kernel.words import Refused, Visibility
from espace.record.facts import Status
from record.filing import HELD, deposit, listed, read, refused

pytestmark = pytest.mark.usefixtures("db")


def test_replacing_keeps_the_old_version_and_inherits_its_restrictions() -> None:
    camille, hospital = holder(), organisation()
    old = document(entry(visibility=frozenset({Visibility.MASQUE_PS})))
    (old_id,) = deposit(camille, hospital, old).documents
    (new_id,) = deposit(camille, hospital, document(replaces=old.entry.unique_id)).documents
    new_seen, old_seen = listed(camille)
    assert (old_seen.id, old_seen.status, old_seen.replaced_by) == (old_id, Status.DEPRECATED, new_id)
    assert (new_seen.id, new_seen.status, new_seen.replaces) == (new_id, Status.APPROVED, old_id)
    assert new_seen.restrictions == {Visibility.MASQUE_PS}
    assert read(camille, old_id) == old.content


def test_replacing_by_the_id_of_the_answer() -> None:
    camille, hospital = holder(), organisation()
    (old_id,) = deposit(camille, hospital, document()).documents
    deposit(camille, hospital, document(replaces=f"DocumentReference/{old_id}"))
    assert refused(camille, hospital, document(replaces=f"DocumentReference/{old_id}")) == ["replace_refused"]


def test_the_document_of_somebody_else_is_not_replaced() -> None:
    camille, paul, hospital, laboratory = holder(), holder(), organisation(), organisation("Laboratoire")
    one = document()
    (one_id,) = deposit(camille, hospital, one).documents
    assert refused(camille, laboratory, document(replaces=one.entry.unique_id)) == ["replace_refused"]
    assert refused(paul, hospital, document(replaces=f"DocumentReference/{one_id}")) == ["replace_refused"]
    assert refused(camille, hospital, document(replaces="1.2.3.nothing")) == ["replace_refused"]


def test_while_the_new_version_is_held_the_holder_keeps_the_old_one() -> None:
    camille, hospital = holder(), organisation()
    old = document()
    (old_id,) = deposit(camille, hospital, old).documents
    held = document(entry(visibility=HELD), replaces=old.entry.unique_id)
    (held_id,) = deposit(camille, hospital, held).documents
    (seen,) = listed(camille)
    assert (seen.id, seen.status, seen.replaced_by) == (old_id, Status.APPROVED, None)
    with pytest.raises(Refused) as caught:
        read(camille, held_id)
    assert caught.value.reason.code == "document_unknown"
