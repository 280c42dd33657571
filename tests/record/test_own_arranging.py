"""Folders and pins: the holder's alone, over any document that they see, kept through versions."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection

from cast import document, entry, holder, organisation, sender
from espace.kernel.words import Grant, Verb, Visibility
from espace.record import actions, queries
from espace.record.facts import UNSET, Unset
from record import test_amending as amending
from record.filing import deposit
from record.owning import Holder, add, folders, folders_of, listed, opened, refusing, remove, upload

pytestmark = pytest.mark.django_db


def make(of: Holder, name: str) -> UUID:
    with opened(of, Verb.ARRANGE) as grant:
        return actions.make_folder(grant, name=name)


def arrange(
    of: Holder, *documents: UUID, folder: UUID | Unset | None = UNSET, pinned: bool | None = None
) -> None:
    with opened(of, Verb.ARRANGE) as grant:
        actions.arrange(grant, documents=documents, folder=folder, pinned=pinned)


def rename(of: Holder, folder: UUID, name: str) -> None:
    with opened(of, Verb.ARRANGE) as grant:
        actions.rename_folder(grant, folder=folder, name=name)


def dissolve(of: Holder, folder: UUID) -> None:
    with opened(of, Verb.ARRANGE) as grant:
        actions.remove_folder(grant, folder=folder)


def places(of: Holder) -> dict[UUID, tuple[UUID | None, bool]]:
    return {one.id: (one.folder, one.pinned) for one in listed(of).values()}


def test_any_document_goes_in_a_folder_and_is_pinned_each_apart() -> None:
    camille = holder()
    (theirs,) = deposit(camille, organisation(), document()).documents
    (own,) = add(camille, upload())
    foot = make(camille, "Pied")
    arrange(camille, theirs, own, folder=foot)
    arrange(camille, own, pinned=True)
    assert places(camille) == {theirs: (foot, False), own: (foot, True)}
    assert folders(camille) == [("Pied", 2)]
    arrange(camille, own, theirs, folder=None)
    assert places(camille) == {theirs: (None, False), own: (None, True)}
    arrange(camille, own, pinned=False)
    assert (places(camille)[own], folders(camille)) == ((None, False), [("Pied", 0)])


def test_folders_are_counted_by_what_is_seen_of_them() -> None:
    camille, hospital = holder(), sender(organisation())
    first = amending.deposit(camille, hospital)
    own, gone = add(camille, upload(), upload(b"autre"))
    foot = make(camille, "Pied")
    arrange(camille, first, own, gone, folder=foot)
    remove(camille, gone)
    second = amending.deposit(camille, hospital, replaces=first)
    amending.deposit(camille, hospital, entry(visibility=amending.HELD), replaces=second)
    assert folders(camille) == [("Pied", 2)]
    with opened(camille, Verb.LIST) as grant:
        found = queries.folders(grant, among=queries.documents(grant))
    assert found == folders_of(camille)


def test_a_new_version_goes_where_the_one_before_was() -> None:
    camille, hospital = holder(), sender(organisation())
    first = amending.deposit(camille, hospital)
    foot = make(camille, "Pied")
    arrange(camille, first, folder=foot, pinned=True)
    second = amending.deposit(camille, hospital, replaces=first)
    third = amending.deposit(camille, hospital, replaces=second)
    assert places(camille)[third] == (foot, True)


def test_removed_a_folder_leaves_its_documents_in_none() -> None:
    camille = holder()
    own, other = add(camille, upload(), upload(b"autre"))
    foot, knee = make(camille, "Pied"), make(camille, "Genou")
    arrange(camille, own, folder=foot, pinned=True)
    arrange(camille, other, folder=knee)
    dissolve(camille, foot)
    assert places(camille) == {own: (None, True), other: (knee, False)}
    assert folders(camille) == [("Genou", 1)]
    with refusing() as found:
        dissolve(camille, foot)
    assert found == [("folder_unknown", "")]


def test_two_folders_never_have_one_name() -> None:
    camille = holder()
    foot, knee = make(camille, "Pied"), make(camille, "  Genou\n droit ")
    assert make(camille, " PIED ") == foot
    assert folders(camille) == [("Genou droit", 0), ("Pied", 0)]
    with refusing() as found:
        rename(camille, knee, "pied")
    assert found == [("folder_exists", "name")]
    rename(camille, foot, "PIED")
    rename(camille, foot, "PIED")
    rename(camille, knee, "Épaule")
    assert folders(camille) == [("PIED", 0), ("Épaule", 0)]
    make(camille, "Genou droit")


@pytest.mark.parametrize("name", ["", "  \t", "\u202e\u200b", "x" * 61])
def test_a_name_that_will_not_do(name: str) -> None:
    camille = holder()
    foot = make(camille, "Pied")
    for act in (lambda: make(camille, name), lambda: rename(camille, foot, name)):
        with refusing() as found:
            act()
        assert found == [("folder_name_refused", "name")]
    assert folders(camille) == [("Pied", 0)]


def test_a_hundred_folders_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("espace.record.rules.FOLDERS_AT_MOST", 2)
    camille = holder()
    make(camille, "a"), make(camille, "b")
    with refusing() as found:
        make(camille, "c")
    assert found == [("folders_too_many", "")]
    make(camille, "A")


def test_all_or_none_and_absent_like_hidden() -> None:
    camille, hospital = holder(), organisation()
    (own,) = add(camille, upload())
    held = entry(visibility=frozenset({Visibility.INVISIBLE_PATIENT}))
    (hidden,) = deposit(camille, hospital, document(held)).documents
    stranger = holder()
    (strange,) = add(stranger, upload())
    theirs, mine = make(stranger, "Pied"), make(camille, "Pied")
    for other in (hidden, strange, uuid4()):
        with refusing() as found:
            arrange(camille, own, other, folder=mine)
        assert found == [("document_unknown", "")]
    for folder in (theirs, uuid4()):
        with refusing() as found:
            arrange(camille, own, folder=folder)
        assert found == [("folder_unknown", "")]
        with refusing() as found:
            rename(camille, folder, "Genou")
        assert found == [("folder_unknown", "")]
    assert places(camille) == {own: (None, False)}
    with refusing() as found:
        arrange(camille, *(uuid4() for _ in range(101)), pinned=True)
    assert found == [("too_many_at_once", "")]


def test_what_was_altered_is_nowhere_and_hides_nothing() -> None:
    camille = holder()
    (own,) = add(camille, upload())
    foot = make(camille, "Pied")
    arrange(camille, own, folder=foot)
    with connection.cursor() as cursor:
        for table in ("record_arrangement", "record_folder"):
            cursor.execute(
                f"UPDATE {table} SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE patient_id = %s",
                [camille.patient],
            )
    assert places(camille) == {own: (None, False)}
    assert folders(camille) == [("", 0)]
    rename(camille, foot, "Genou")
    dissolve(camille, foot)
    assert folders(camille) == []


ACTS: dict[Verb, Callable[[Grant], object]] = {
    Verb.ADD: lambda grant: actions.add(grant, uploads=()),
    Verb.DESCRIBE: lambda grant: actions.describe(grant, document=uuid4(), title="", type_code="", day=None),
    Verb.ARRANGE: lambda grant: actions.arrange(grant, documents=()),
    Verb.REMOVE: lambda grant: actions.remove(grant, documents=()),
    Verb.RESTORE: lambda grant: actions.restore(grant, documents=()),
}


@pytest.mark.parametrize("asked", ACTS)
def test_each_act_needs_its_own_verb(asked: Verb) -> None:
    camille = holder()
    for verb, act in ACTS.items():
        if verb is not asked:
            with pytest.raises(TypeError), opened(camille, asked) as grant:
                act(grant)
