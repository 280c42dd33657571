"""What the holder sees: what is hidden leaves no trace, and a line inherits the visibility of its objects."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.words import Verb, Visibility
from espace.record.facts import Document, Status
from espace.record.rules import line_shown, seen_by_holder
from espace.wire.xds import DocumentEntry

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def document(number: int, **change: object) -> Document:
    plain = Document(
        id=UUID(int=number),
        entry=DocumentEntry(place="", unique_id=f"1.2.{number}", mime_type="text/xml"),
        status=Status.APPROVED,
        deposited_at=AT,
        organisation=UUID(int=99),
        organisation_name="Laboratoire",
        restrictions=frozenset(),
        size=10,
    )
    return replace(plain, **change)  # type: ignore[arg-type]


def test_a_held_result_does_not_exist_for_the_holder() -> None:
    assert seen_by_holder([document(1), document(2, restrictions=HELD)]) == (document(1),)


def test_masking_from_professionals_hides_nothing_from_the_holder() -> None:
    masked = document(1, restrictions=frozenset({Visibility.MASQUE_PS}))
    assert seen_by_holder([masked]) == (masked,)


def test_while_a_new_version_is_held_the_old_one_stays_current() -> None:
    old = document(1, status=Status.DEPRECATED, replaced_by=UUID(int=2))
    new = document(2, restrictions=HELD, replaces=UUID(int=1))
    assert seen_by_holder([old, new]) == (document(1),)


def test_once_announced_the_old_version_is_seen_as_replaced() -> None:
    old = document(1, status=Status.DEPRECATED, replaced_by=UUID(int=2))
    new = document(2, replaces=UUID(int=1))
    assert seen_by_holder([old, new]) == (old, new)


def test_a_deleted_document_is_not_shown() -> None:
    assert seen_by_holder([document(1, status=Status.DELETED)]) == ()


@given(st.lists(st.booleans(), max_size=6))
def test_two_worlds_with_and_without_the_hidden_documents_look_the_same(held: list[bool]) -> None:
    here = [document(n, restrictions=HELD if hidden else frozenset()) for n, hidden in enumerate(held)]
    elsewhere = [d for d in here if not d.restrictions]
    assert seen_by_holder(here) == seen_by_holder(elsewhere)


def test_a_line_is_shown_as_its_objects_are() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert line_shown(Verb.DEPOSIT, [one], HELD, shown={one})
    assert not line_shown(Verb.DEPOSIT, [one], HELD, shown={other})
    assert line_shown(Verb.DEPOSIT, [one, other], frozenset(), shown={other})
    assert line_shown(Verb.OWN_DEPOSITS, [one], frozenset(), shown=set())
    assert line_shown(Verb.DEPOSIT, [], frozenset(), shown=set())
    assert not line_shown(Verb.DEPOSIT, [], HELD, shown=set())
