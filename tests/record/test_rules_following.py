"""The uniqueId rules and replacement, one fact changed at a time."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from espace.kernel.values import replace
from espace.kernel.words import Visibility
from espace.record.facts import Kept, Restricted, Stated, Status
from espace.record.rules import Fate, collision, entry_named, fates
from espace.wire.xds import DocumentEntry, NewDocument, Submission

HOSPITAL, LABORATORY = UUID(int=1), UUID(int=2)


def stated(visibility: frozenset[Visibility] = frozenset(), **change: object) -> Stated:
    plain = Stated(DocumentEntry("", "1.2.3", "text/xml", visibility=visibility), HOSPITAL, "Hôpital", "aa")
    return replace(plain, **change)  # type: ignore[arg-type]


FIRST = Kept(UUID(int=10), UUID(int=20), Status.APPROVED, stated(), ())
MASKED = (Restricted(Visibility.MASQUE_PS, UUID(int=5), datetime(2026, 1, 1, tzinfo=UTC)),)
HELD = frozenset({Visibility.INVISIBLE_PATIENT})


def sent(
    unique_id: str = "1.2.3",
    replaces: str | None = None,
    place: str = "e0",
    visibility: frozenset[Visibility] = frozenset(),
) -> NewDocument:
    entry = DocumentEntry(place=place, unique_id=unique_id, mime_type="text/xml", visibility=visibility)
    return NewDocument(entry, b"x", replaces=replaces)


def lot(*documents: NewDocument) -> Submission:
    return Submission("1.2.3", "1.2", None, documents)


def problems(
    *documents: NewDocument, earlier: dict[str, Kept], digest: str = "aa", sender: UUID = HOSPITAL
) -> list[tuple[str, str]]:
    _, found = fates(documents, [digest] * len(documents), earlier=earlier, sender=sender)
    return [(problem.reason.code, problem.place) for problem in found]


def test_the_same_organisation_and_bytes_get_the_first_ids_again() -> None:
    assert fates([sent()], ["aa"], earlier={"1.2.3": FIRST}, sender=HOSPITAL) == ((Fate(already=FIRST),), ())


def test_other_bytes_are_refused() -> None:
    refused = [("unique_id_reused", "e0.masterIdentifier")]
    assert problems(sent(), earlier={"1.2.3": FIRST}, digest="bb") == refused


def test_what_is_somebody_elses_is_looked_at_as_if_its_identifier_were_free() -> None:
    """Whatever else refuses is the same whether the identifier is taken or not: it is no fault of its own here."""
    own = replace(FIRST, id=UUID(int=12))
    theirs = replace(FIRST, stated=stated(organisation=LABORATORY))
    wanted: list[tuple[tuple[NewDocument, ...], list[tuple[str, str]]]] = [
        ((sent(),), []),
        ((sent(replaces="9.9"),), []),
        ((sent(replaces="nothing"),), [("replace_refused", "e0.relatesTo")]),
        ((sent(replaces="9.9"), sent("9.8", "9.9", "e1")), [("replace_refused", "e1.relatesTo")]),
        ((sent("9.8", "9.9"), sent(replaces="9.9", place="e1")), [("replace_refused", "e1.relatesTo")]),
        ((sent("9.8", "1.2.3"),), [("replace_refused", "e0.relatesTo")]),
    ]
    for documents, refused in wanted:
        assert problems(*documents, earlier={"9.9": own}) == refused
        assert problems(*documents, earlier={"9.9": own, "1.2.3": theirs}) == refused
    (taken, free), _ = fates([sent(), sent("9.8")], ["aa", "aa"], earlier={"1.2.3": theirs}, sender=HOSPITAL)
    assert (taken, free) == (Fate(taken=True), Fate())


def test_a_collision_never_says_which_of_several() -> None:
    alone, among = collision(lot(sent())), collision(lot(sent(), sent("9.9", place="e1")))
    assert (alone.reason.code, alone.place) == ("unique_id_reused", "e0.masterIdentifier")
    assert (among.reason.code, among.place) == ("unique_id_reused", "")


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("restricted", [(), MASKED])
def test_what_is_in_force_today_never_changes_the_answer(status: Status, restricted: tuple[Restricted, ...]) -> None:
    first = replace(FIRST, status=status, restricted=restricted)
    assert problems(sent(), earlier={"1.2.3": first}) == []


def test_a_repeated_deposit_cannot_ask_for_more_secrecy_than_the_first_did() -> None:
    assert problems(sent(visibility=HELD), earlier={"1.2.3": FIRST}) == [("unique_id_reused", "e0.securityLabel")]
    held = replace(FIRST, stated=stated(HELD))
    assert problems(sent(visibility=HELD), earlier={"1.2.3": held}) == []
    assert problems(sent(), earlier={"1.2.3": held}) == []


def test_a_repeated_deposit_cannot_replace_what_the_first_did_not() -> None:
    old, other = replace(FIRST, id=UUID(int=12)), replace(FIRST, id=UUID(int=13))
    new = replace(FIRST, stated=stated(replaces=old.id))
    known = {"9.9": new, "1.2.3": old, "4.5": other}
    refused = [("unique_id_reused", "e0.relatesTo")]
    assert problems(sent("9.9", replaces="1.2.3"), earlier=known) == []
    assert problems(sent("9.9"), earlier=known) == []
    assert problems(sent("9.9", replaces="4.5"), earlier=known) == refused
    assert problems(sent("9.9", replaces="nothing"), earlier=known) == refused
    assert problems(sent("1.2.3", replaces="4.5"), earlier={"1.2.3": FIRST, "4.5": other}) == refused


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, []),
        ({"status": Status.ARCHIVED}, []),
        ({"restricted": MASKED}, []),
        ({"status": Status.DEPRECATED}, [("replace_refused", "e0.relatesTo")]),
        ({"status": Status.DELETED}, [("replace_refused", "e0.relatesTo")]),
        ({"stated": stated(organisation=LABORATORY)}, [("replace_refused", "e0.relatesTo")]),
    ],
)
def test_one_replaces_the_current_version_of_its_own(change: dict[str, object], refused: list[tuple[str, str]]) -> None:
    earlier = {"1.2.3": replace(FIRST, **change)}  # type: ignore[arg-type]
    assert problems(sent("9.9", replaces="1.2.3"), earlier=earlier) == refused


def test_nothing_replaces_what_does_not_exist() -> None:
    assert problems(sent("9.9", replaces="1.2.3"), earlier={}) == [("replace_refused", "e0.relatesTo")]


def test_two_documents_cannot_replace_the_same_one() -> None:
    both = (sent("9.8", replaces="1.2.3"), sent("9.9", replaces="1.2.3", place="e1"))
    assert problems(*both, earlier={"1.2.3": FIRST}) == [("replace_refused", "e1.relatesTo")]


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("DocumentReference/00000000-0000-0000-0000-00000000000a", UUID(int=10)),
        ("http://localhost:8000/fhir/DocumentReference/00000000-0000-0000-0000-00000000000a", UUID(int=10)),
        ("DocumentReference/doc-old", None),
        ("1.2.3", None),
        ("00000000-0000-0000-0000-00000000000a", None),
    ],
)
def test_what_a_reference_names(reference: str, named: UUID | None) -> None:
    assert entry_named(reference) == named
