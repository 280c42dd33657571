"""What the holder sees: what is hidden leaves no trace, and a line inherits the visibility of its objects."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Kinds, Sight, Verb, Visibility
from espace.record.facts import Document, Status
from espace.record.rules import for_people, line_shown, seen_by_holder, seen_by_professional, told_of, written_by
from espace.wire.xds import Author, Coded, DocumentEntry, Submission

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


@pytest.mark.parametrize("own", [Status.APPROVED, Status.ARCHIVED])
def test_while_a_new_version_is_held_the_old_one_stays_as_it_was(own: Status) -> None:
    old = document(1, status=own, replaced_by=UUID(int=2))
    new = document(2, restrictions=HELD, replaces=UUID(int=1))
    assert seen_by_holder([old, new]) == (document(1, status=own),)


@pytest.mark.parametrize("own", [Status.APPROVED, Status.ARCHIVED])
def test_once_announced_the_old_version_is_seen_as_replaced(own: Status) -> None:
    old = document(1, status=own, replaced_by=UUID(int=2))
    new = document(2, replaces=UUID(int=1))
    assert seen_by_holder([old, new]) == (replace(old, status=Status.DEPRECATED, changed_at=AT), new)


def test_a_document_changed_when_the_version_that_shows_replaced_it_and_not_when_a_held_one_did() -> None:
    earlier, later = AT - timedelta(days=2), AT + timedelta(days=2)
    for own, seen in ((None, AT), (earlier, AT), (later, later)):
        old = document(1, replaced_by=UUID(int=2), changed_at=own)
        assert seen_by_holder([old, document(2, replaces=UUID(int=1))])[0].changed_at == seen
        held = document(2, replaces=UUID(int=1), restrictions=HELD)
        assert seen_by_holder([old, held])[0].changed_at == own


def test_a_deleted_document_is_not_shown() -> None:
    assert seen_by_holder([document(1, status=Status.DELETED)]) == ()


@given(st.lists(st.booleans(), max_size=6))
def test_two_worlds_with_and_without_the_hidden_documents_look_the_same(held: list[bool]) -> None:
    here = [document(n, restrictions=HELD if hidden else frozenset()) for n, hidden in enumerate(held)]
    elsewhere = [d for d in here if not d.restrictions]
    assert seen_by_holder(here) == seen_by_holder(elsewhere)


MASKED = frozenset({Visibility.MASQUE_PS})
LABORATORY, LETTER = "11502-2", "96349-6"
ANNE = "899700218896"


def written(number: int, code: str, by: str = "", **change: object) -> Document:
    plain = document(number, **change)
    return replace(plain, entry=replace(plain.entry, type=Coded(code), authors=(Author(person_id=by),)))


def numbers(documents: Iterable[Document], sight: Sight) -> list[int]:
    return [one.id.int for one in seen_by_professional(documents, sight)]


def test_a_professional_sees_the_kinds_of_their_profession_unmasked_and_not_deleted() -> None:
    record = [
        written(1, LABORATORY),
        written(2, LETTER),
        written(3, LABORATORY, restrictions=MASKED),
        written(4, LABORATORY, status=Status.DELETED),
        written(5, LABORATORY, restrictions=HELD),
        document(6),
    ]
    assert numbers(record, Sight()) == [1, 2, 5, 6]
    assert numbers(record, Sight(masked=True)) == [1, 2, 3, 5, 6]
    assert numbers(record, Sight(reads=Kinds(frozenset({LABORATORY})))) == [1, 5]
    assert numbers(record, Sight(reads=Kinds())) == []


def test_an_author_always_sees_their_own_but_what_was_deleted() -> None:
    record = [
        written(1, LETTER, ANNE, restrictions=MASKED),
        written(2, LETTER, ANNE, status=Status.DELETED),
        written(3, LETTER, "810001288385", restrictions=MASKED),
        written(4, LETTER, "", restrictions=MASKED),
    ]
    assert numbers(record, Sight(reads=Kinds(), author=ANNE)) == [1]
    assert numbers(record, Sight(reads=Kinds(), author="")) == []


@pytest.mark.parametrize(
    "form",
    [
        "899700218896",
        "99700218896",
        "1.2.250.1.71.4.2.1|899700218896",
        "urn:oid:1.2.250.1.71.4.2.1|899700218896",
        "urn:oid:1.2.250.1.71.4.2.1|99700218896",
        "https://rpps.esante.gouv.fr|99700218896",
    ],
)
def test_an_author_is_known_by_every_form_of_their_rpps(form: str) -> None:
    assert written_by(written(1, LETTER, form).entry, ANNE)


@pytest.mark.parametrize(
    ("form", "who"),
    [
        ("", ANNE),
        ("", ""),
        ("9700218896", ANNE),
        ("099700218896", ANNE),
        ("8899700218896", ANNE),
        ("99700218896 ", ANNE),
        ("1.2.250.1.71.4.2.2|899700218896", ANNE),
        ("1.2.3|99700218896", ANNE),
        ("urn:uuid:899700218896", ANNE),
        ("https://adeli.esante.gouv.fr|99700218896", ANNE),
        ("1.2.250.1.71.4.2.1|", ANNE),
        ("1.2.250.1.71.4.2.1|", ""),
        ("https://rpps.esante.gouv.fr|", ""),
        ("751234567", "0751234567"),
        ("0751234567", "751234567"),
        ("99700218896", "99700218896x"),
    ],
)
def test_a_number_that_is_nearly_theirs_is_somebody_elses(form: str, who: str) -> None:
    assert not written_by(written(1, LETTER, form).entry, who)


def test_the_number_of_an_institution_makes_nobody_an_author() -> None:
    entry = replace(document(1).entry, authors=(Author(institution_id=ANNE), Author(institution_id="99700218896")))
    assert not written_by(entry, ANNE)


def test_a_deleted_successor_that_showed_leaves_a_document_replaced_and_says_no_more_of_itself() -> None:
    old = document(1, replaced_by=UUID(int=2))
    gone = document(2, replaces=UUID(int=1), status=Status.DELETED)
    left = replace(old, status=Status.DEPRECATED, replaced_by=None, changed_at=AT)
    assert seen_by_holder([old, gone]) == (left,)
    hidden = replace(gone, restrictions=HELD)
    assert seen_by_holder([old, hidden]) == (document(1),)


def test_a_professional_keeps_an_archived_document_archived_while_its_new_version_is_masked() -> None:
    archived = document(1, status=Status.ARCHIVED, replaced_by=UUID(int=2))
    masked = document(2, restrictions=MASKED, replaces=UUID(int=1))
    assert seen_by_professional([archived, masked], Sight()) == (replace(archived, replaced_by=None),)
    left = replace(archived, status=Status.DEPRECATED, changed_at=AT)
    assert seen_by_professional([archived, masked], Sight(masked=True)) == (left, masked)


def test_a_set_of_which_a_member_is_hidden_tells_only_what_no_sender_may_leave_out() -> None:
    told = Submission("1.2.3", "1.2.250.1", AT, (), Coded("07"), "Annonce", "le 12", Author(family="Le Goff"))
    assert told_of(told, whole=True) == told
    assert told_of(told, whole=False) == Submission("1.2.3", "1.2.250.1", AT, (), Coded("07"))


def test_a_document_whose_predecessor_is_hidden_replaces_nothing() -> None:
    new = document(2, replaces=UUID(int=1))
    assert seen_by_holder([document(1, restrictions=HELD), new]) == (document(2),)


def test_a_line_is_shown_as_its_objects_are() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert line_shown(Verb.DEPOSIT, [one], HELD, shown={one})
    assert not line_shown(Verb.DEPOSIT, [one], HELD, shown={other})
    assert line_shown(Verb.DEPOSIT, [one, other], frozenset(), shown={other})
    assert line_shown(Verb.OWN_DEPOSITS, [one], frozenset(), shown=set())
    assert line_shown(Verb.DEPOSIT, [], frozenset(), shown=set())
    assert not line_shown(Verb.DEPOSIT, [], HELD, shown=set())


def test_a_signature_shows_with_all_that_it_signs_and_not_without() -> None:
    one, other, signature = document(1), document(2), document(3, signs=(UUID(int=1), UUID(int=2)))
    signed = [replace(each, signed_by=(signature.id,)) for each in (one, other)]
    assert seen_by_holder([one, other, signature]) == (*signed, signature)
    assert seen_by_holder([one, replace(other, restrictions=HELD), signature]) == (one,)
    assert seen_by_holder([one, replace(other, status=Status.DELETED), signature]) == (one,)
    assert seen_by_holder([one, signature]) == (one,)
    assert for_people([*signed, signature]) == tuple(signed)


def test_a_signature_of_the_set_is_no_link_of_its_documents() -> None:
    one, signature = document(1), document(3, signs=(UUID(int=1),), signs_set=True)
    assert seen_by_holder([one, signature]) == (one, signature)
