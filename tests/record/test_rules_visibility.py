"""Which restrictions may be stated together: all eight combinations, at each door that takes them."""

from datetime import date
from itertools import combinations
from uuid import UUID

import pytest

from cast import AT, entry
from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record.facts import Amendable, Change, Kept, Restricted, Stated, Status
from espace.record.rules import amending_problems, is_adult, problems, version_problems
from espace.record.rules.visibility import ALLOWED
from espace.wire.xds import NewDocument, Submission

M, H, R = Visibility.MASQUE_PS, Visibility.INVISIBLE_PATIENT, Visibility.INVISIBLE_REPRESENTANTS_LEGAUX
EVERY = [frozenset(labels) for size in range(4) for labels in combinations((M, H, R), size)]
REFUSED = [frozenset({M, H}), frozenset({M, H, R})]
SENDER = UUID(int=7)
NEWLY_HIDDEN = "INVISIBLE_REPRESENTANTS_LEGAUX: not on the version replaced"
"""What representatives could see is kept from them by no new version."""


def filed(labels: frozenset[Visibility], *, adult: bool = False, level: str = "N") -> list[str]:
    stated = replace(entry(visibility=labels), confidentiality=level)
    sent = Submission("urn:uuid:x", "", AT, (NewDocument(stated, b"x"),))
    found = problems(sent, [None], sends_as=(), adult=adult, at=AT)
    return [one.detail for one in found if one.place.endswith("securityLabel")]


def kept(labels: frozenset[Visibility]) -> Kept:
    restricted = tuple(Restricted(code, SENDER, AT) for code in labels)
    return Kept(UUID(int=1), UUID(int=2), Status.APPROVED, Stated(entry(), SENDER, "", ""), restricted)


def test_the_table_is_all_but_what_nobody_could_announce() -> None:
    assert len(EVERY) == 8
    assert set(ALLOWED) == set(EVERY) - set(REFUSED)


@pytest.mark.parametrize("labels", EVERY, ids=lambda labels: "+".join(sorted(labels)) or "none")
def test_the_same_at_each_door(labels: frozenset[Visibility]) -> None:
    said = [" + ".join(sorted(labels))] if labels in REFUSED else []
    assert filed(labels) == said
    assert filed(labels, level="V") == said
    for first in EVERY:
        if first <= labels and first not in REFUSED:
            document = NewDocument(entry(visibility=labels - first), b"x")
            newly = [NEWLY_HIDDEN] if R in labels - first else []
            assert [one.detail for one in version_problems(document, kept(first))] == newly + said
    if M in labels:
        now = Amendable(UUID(int=1), "", Status.APPROVED, AT, None, "N", labels - {M})
        assert [one.detail for one in amending_problems(now, Change(visibility=labels))] == said


def test_a_mask_that_would_cover_a_held_version_is_refused() -> None:
    now = Amendable(UUID(int=1), "", Status.APPROVED, AT, None, "N", frozenset())
    change = Change(visibility=frozenset({M}))
    assert [one.detail for one in amending_problems(now, change, [kept(frozenset({H}))])] == [
        "INVISIBLE_PATIENT + MASQUE_PS"
    ]
    assert amending_problems(now, change, [kept(frozenset({R}))]) == ()


@pytest.mark.parametrize(("born", "refused"), [(date(2008, 3, 4), True), (date(2008, 3, 5), False)])
def test_from_majority_on_nothing_is_hidden_from_representatives(born: date, refused: bool) -> None:
    said = filed(frozenset({R}), adult=is_adult(born, date(2026, 3, 4)))
    assert said == (["INVISIBLE_REPRESENTANTS_LEGAUX, > 18"] if refused else [])
