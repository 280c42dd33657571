"""Which links may be made between documents that are there: one fact at a time."""

from typing import Any
from uuid import UUID

import pytest

from cast import AT, entry
from espace.kernel.words import Visibility
from espace.record.facts import Kept, Restricted, Stated, Status
from espace.record.rules import link_problems, refiled, refiling_problems
from espace.wire.xds import Coded, Folder

MASKED, HELD, SECRET = Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX
A, R, D, X = Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED, Status.DELETED


def kept(*labels: Visibility, by_holder: bool = False, **more: Any) -> Kept:
    said = tuple(Restricted(one, UUID(int=1), AT, by_holder=by_holder) for one in labels)
    return Kept(UUID(int=2), UUID(int=3), A, Stated(entry(), UUID(int=1), "Hôpital", "00", **more), said)


@pytest.mark.parametrize(
    ("source", "target", "statuses", "with_it", "circular", "expected"),
    [
        (kept(), kept(), (A, A), (), False, []),
        (kept(), kept(), (R, A), (), False, []),
        (kept(), kept(), (A, A), (), True, [("relation_refused", "kind")]),
        (kept(signs=(UUID(int=9),)), kept(), (A, A), (), False, [("relation_refused", "kind")]),
        (kept(), kept(signs=(UUID(int=9),)), (A, A), (), False, [("relation_refused", "kind")]),
        (kept(), kept(), (A, D), (), False, [("relation_outdated", "target")]),
        (kept(), kept(), (X, A), (), False, [("relation_outdated", "source")]),
        (kept(), kept(MASKED), (A, A), (), False, []),
        (kept(), kept(HELD), (A, A), (), False, [("visibility_refused", "target")]),
        (kept(HELD), kept(HELD), (A, A), (), False, []),
        (kept(HELD), kept(HELD), (A, A), (kept(),), False, [("visibility_refused", "target")]),
        (kept(), kept(SECRET), (A, A), (), False, [("visibility_refused", "target")]),
        (kept(HELD), kept(MASKED), (A, A), (), False, [("visibility_refused", "target")]),
        (kept(HELD), kept(MASKED, by_holder=True), (A, A), (), False, []),
    ],
)  # fmt: skip
def test_what_may_append_or_transform_what(
    source: Kept,
    target: Kept,
    statuses: tuple[Status, Status],
    with_it: tuple[Kept, ...],
    circular: bool,
    expected: list[tuple[str, str]],
) -> None:
    found = link_problems((source, target), statuses, circular=circular, with_it=with_it)
    assert [(one.reason.code, one.place) for one in found] == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Folder("f", "urn:oid:1.2.3", "Autre", (Coded("MAT"),), "Dit autrement"), []),
        (Folder("f", "1.2.4", "Autre"), [("identifier_kept", "f.identifier")]),
        (Folder("f", "1.2.3", "x" * 501), [("value_invalid", "f.title")]),
        (Folder("f", "1.2.3", codes=(Coded("x" * 257),)), [("value_invalid", "f.code")]),
        (Folder("f", "1.2.3", codes=(Coded("x"),) * 101), [("value_invalid", "f.code")]),
    ],
)
def test_what_a_folder_may_say_otherwise(said: Folder, expected: list[tuple[str, str]]) -> None:
    before = Folder("e", "1.2.3", "Grossesse", (Coded("GRO"),), members=("a",))
    assert [(one.reason.code, one.place) for one in refiling_problems(before, said)] == expected
    after = refiled(before, said)
    assert (after.place, after.unique_id, after.members) == ("e", "1.2.3", ("a",))
    assert (after.title, after.codes, after.comments) == (said.title, said.codes, said.comments)
