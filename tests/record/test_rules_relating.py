"""Relations and folders, decided on values alone: one fact changed at a time."""

from uuid import UUID

import pytest

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record.facts import FolderStated as FolderKept
from espace.record.facts import Kept, KeptFolder, Restricted, Stated, Status
from espace.record.rules import (
    fates,
    folder_problems,
    handed_down_problems,
    in_order,
    inherited,
    nothing_new,
    with_followers,
)
from espace.wire.xds import Coded, DocumentEntry, Folder, Linking, NewDocument, Placed, Related, Submission
from record.test_amending import AT

HOSPITAL, LABORATORY = UUID(int=1), UUID(int=2)
A, X = Linking.APPENDS, Linking.TRANSFORMS
MASKED, HELD = frozenset({Visibility.MASQUE_PS}), frozenset({Visibility.INVISIBLE_PATIENT})
OLD = Kept(
    UUID(int=10),
    UUID(int=20),
    Status.APPROVED,
    Stated(DocumentEntry("", "1.1", "text/xml"), HOSPITAL, "Hôpital", "aa"),
    (),
)
SIGNATURE = replace(OLD, stated=replace(OLD.stated, signs=(UUID(int=11),)))


def sent(uid: str, *related: tuple[Linking, str], **more: object) -> NewDocument:
    made = NewDocument(
        DocumentEntry(uid, uid, "text/xml"), b"x", related=tuple(Related(kind, to) for kind, to in related)
    )
    return replace(made, **more)  # type: ignore[arg-type]


def problems(*documents: NewDocument, earlier: dict[str, Kept]) -> list[tuple[str, str]]:
    _, found = fates(documents, ["aa"] * len(documents), earlier=earlier, sender=HOSPITAL)
    return [(problem.reason.code, problem.place) for problem in found]


REFUSED = [("relation_refused", "2.1.relatesTo")]


@pytest.mark.parametrize(
    ("documents", "old", "expected"),
    [
        ((sent("2.1", (A, "1.1")),), OLD, []),
        ((sent("2.1", (A, "1.1")),), replace(OLD, status=Status.ARCHIVED), []),
        ((sent("2.1", (A, "1.1")),), replace(OLD, status=Status.DELETED), [("relation_outdated", "2.1.relatesTo")]),
        ((sent("2.1", (A, "1.1")),), SIGNATURE, REFUSED),
        ((sent("2.1", (A, "2.2")), sent("2.2", signs=frozenset({"2.3"}))), OLD, REFUSED),
        ((sent("2.1", (A, "1.1"), signs=frozenset({"2.3"})),), OLD, REFUSED),
        ((sent("2.1", (A, "urn:oid:2.1")),), OLD, REFUSED),
        ((sent("2.1", (A, "1.1"), (A, "1.1")),), OLD, REFUSED),
        ((sent("2.1", (A, "1.2")),), OLD, [("relation_unresolved", "2.1.relatesTo")]),
        ((sent("1.1"), sent("2.1", (A, "1.1"))), OLD, []),
        ((sent("1.1", (A, "9.9")),), OLD, [("unique_id_reused", "1.1.relatesTo")]),
    ],
)
def test_near_misses(documents: tuple[NewDocument, ...], old: Kept, expected: list[tuple[str, str]]) -> None:
    assert problems(*documents, earlier={"1.1": old}) == expected


def test_what_is_somebody_elses_is_no_answer_of_its_own() -> None:
    """The identifier of a document of the submission that is taken: told as that alone."""
    theirs = replace(OLD, stated=replace(OLD.stated, organisation=LABORATORY))
    assert problems(sent("1.1"), sent("2.1", (A, "1.1")), earlier={"1.1": theirs}) == []


def test_what_is_there_by_its_condition_is_looked_at_as_a_target() -> None:
    documents = (sent("2.1"), sent("2.2", (A, "2.1")))
    _, found = fates(
        documents,
        ["aa"] * 2,
        earlier={},
        sender=HOSPITAL,
        met=[replace(OLD, status=Status.DEPRECATED), None],
    )
    assert [problem.reason.code for problem in found] == ["relation_outdated"]


def test_documents_come_after_what_they_follow_and_signatures_last() -> None:
    documents = (
        sent("1", signs=frozenset({"3"})),
        sent("2", (A, "3"), (X, "4")),
        sent("3", (A, "4")),
        sent("4", (A, "9.9")),
    )
    assert in_order(documents) == (3, 2, 1, 0)
    assert in_order((sent("1", (A, "2")), sent("2", (X, "1")), sent("3"), sent("4", (A, "1")))) == (2,)


def test_what_is_handed_down() -> None:
    own = Restricted(Visibility.MASQUE_PS, UUID(int=5), AT, by_holder=True)
    rule, held = replace(own, rule="all"), Restricted(Visibility.INVISIBLE_PATIENT, UUID(int=5), AT)
    further = replace(own, follows=UUID(int=7))
    assert list(inherited((own, rule, held, further), UUID(int=6))) == [
        replace(own, follows=UUID(int=6)), rule, held, further,
    ]  # fmt: skip


def test_what_nobody_could_announce_is_refused_wherever_it_comes_from() -> None:
    held = replace(OLD, restricted=(Restricted(Visibility.INVISIBLE_PATIENT, UUID(int=5), AT),))
    masked = sent("2.1", (A, "1.1"), entry=DocumentEntry("2.1", "2.1", "text/xml", visibility=MASKED))
    for documents, expected in (
        ((masked,), ["2.1.securityLabel"]),
        ((replace(masked, related=()),), []),
        ((sent("2.1", (A, "1.1")),), []),
        ((sent("1.1"), masked), ["2.1.securityLabel"]),
    ):
        found, _ = fates(documents, ["aa"] * len(documents), earlier={"1.1": held}, sender=HOSPITAL)
        told = handed_down_problems(documents, found, {"1.1": held})
        assert [problem.place for problem in told] == expected


def test_what_follows_is_outdated_with_it() -> None:
    one, two, three, four = (UUID(int=index) for index in range(4))
    states = {
        one: (Status.DEPRECATED, frozenset()),
        two: (Status.ARCHIVED, {one}),
        three: (Status.APPROVED, {two}),
        four: (Status.DELETED, {one}),
    }
    told = with_followers(states)
    assert [told[each] for each in states] == [Status.DEPRECATED] * 3 + [Status.DELETED]


# --- folders ------------------------------------------------------------------------------------------------

FOLDER = Folder("f0", "3.1", "Grossesse", (Coded("SUIVI"),))
MINE = KeptFolder(UUID(int=30), Status.APPROVED, FolderKept(FOLDER, HOSPITAL, "Hôpital"), (OLD.id,))


def lot(*folders: Folder, placed: tuple[Placed, ...] = ()) -> Submission:
    return Submission("1.2", "1.2", None, (sent("2.1"),), folders=folders, placed=placed)


PLACE = Placed("a0", "List/x", "1.1")


@pytest.mark.parametrize(
    ("submission", "old", "mine", "expected"),
    [
        (lot(replace(FOLDER, members=("2.1", "1.1"))), OLD, {}, []),
        (lot(replace(FOLDER, members=("1.2", "1.3"))), OLD, {}, [("relation_unresolved", "f0.entry")]),
        (
            lot(replace(FOLDER, members=("1.1",))),
            replace(OLD, status=Status.DEPRECATED),
            {},
            [("relation_outdated", "f0.entry")],
        ),
        (
            lot(replace(FOLDER, members=("1.1",))),
            replace(OLD, stated=replace(OLD.stated, organisation=LABORATORY)),
            {},
            [("relation_unresolved", "f0.entry")],
        ),
        (lot(FOLDER, FOLDER), OLD, {}, [("unique_id_reused", "f0.identifier")]),
        (lot(replace(FOLDER, members=("1.1",))), OLD, {"3.1": MINE}, []),
        (lot(replace(FOLDER, members=("2.1",))), OLD, {"3.1": MINE}, [("unique_id_reused", "f0.identifier")]),
        (lot(replace(FOLDER, title="Autre")), OLD, {"3.1": MINE}, [("unique_id_reused", "f0.identifier")]),
        (lot(placed=(PLACE,)), OLD, {"List/x": MINE}, []),
        (lot(placed=(PLACE,)), OLD, {}, [("relation_unresolved", "a0/@sourceObject")]),
        (
            lot(placed=(PLACE,)),
            OLD,
            {"List/x": replace(MINE, status=Status.DEPRECATED)},
            [("relation_outdated", "a0/@sourceObject")],
        ),
        (
            lot(placed=(replace(PLACE, member="1.2"),)),
            OLD,
            {"List/x": MINE},
            [("relation_unresolved", "a0/@targetObject")],
        ),
    ],
)
def test_folders(
    submission: Submission, old: Kept, mine: dict[str, KeptFolder], expected: list[tuple[str, str]]
) -> None:
    found = folder_problems(submission, {"1.1": old}, mine, HOSPITAL)
    assert [(problem.reason.code, problem.place) for problem in found] == expected


@pytest.mark.parametrize(
    ("submission", "mine", "new", "expected"),
    [
        (lot(), {}, [], True),
        (lot(FOLDER), {}, [], False),
        (lot(FOLDER), {"3.1": MINE}, [], True),
        (lot(placed=(PLACE,)), {"List/x": MINE}, [], True),
        (lot(placed=(PLACE,)), {"List/x": MINE}, ["1.1"], False),
        (lot(placed=(PLACE,)), {"List/x": replace(MINE, members=())}, [], False),
        (lot(placed=(PLACE,)), {}, [], False),
    ],
)
def test_a_lot_that_is_there(
    submission: Submission, mine: dict[str, KeptFolder], new: list[str], expected: bool
) -> None:
    assert nothing_new(submission, {"1.1": OLD}, mine, new) is expected


