"""The uniqueId rules and replacement, one fact changed at a time."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from espace.kernel.reasons import documents as reasons
from espace.kernel.words import Visibility
from espace.record.facts import Kept, Restricted, Status
from espace.record.rules import entry_named, links
from espace.wire.xds import DocumentEntry, NewDocument

HOSPITAL, LABORATORY = UUID(int=1), UUID(int=2)
FIRST = Kept(
    UUID(int=10),
    UUID(int=20),
    Status.APPROVED,
    HOSPITAL,
    "aa",
    (Restricted(Visibility.MASQUE_PS, UUID(int=5), datetime(2026, 1, 1, tzinfo=UTC)),),
)


def sent(unique_id: str = "1.2.3", replaces: str | None = None, place: str = "e0") -> NewDocument:
    return NewDocument(DocumentEntry(place=place, unique_id=unique_id, mime_type="text/xml"), b"x", replaces=replaces)


def codes(*documents: NewDocument, earlier: dict[str, Kept], digest: str = "aa", sender: UUID = HOSPITAL) -> list[str]:
    found = links(documents, [digest] * len(documents), earlier=earlier, sender=sender)
    return [problem.reason.code for problem in found.problems]


def test_the_same_organisation_and_bytes_get_the_first_ids_again() -> None:
    found = links([sent()], ["aa"], earlier={"1.2.3": FIRST}, sender=HOSPITAL)
    assert (found.repeated, found.already, found.problems) == (True, (FIRST,), ())


def test_other_bytes_or_another_organisation_are_refused() -> None:
    assert codes(sent(), earlier={"1.2.3": FIRST}, digest="bb") == ["unique_id_reused"]
    assert codes(sent(), earlier={"1.2.3": FIRST}, sender=LABORATORY) == ["unique_id_reused"]


@pytest.mark.parametrize("status", [Status.DEPRECATED, Status.DELETED, Status.ARCHIVED])
def test_the_state_of_the_first_never_changes_the_answer(status: Status) -> None:
    assert links([sent()], ["aa"], earlier={"1.2.3": replace(FIRST, status=status)}, sender=HOSPITAL).repeated


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({}, []),
        ({"status": Status.ARCHIVED}, []),
        ({"status": Status.DEPRECATED}, ["replace_refused"]),
        ({"status": Status.DELETED}, ["replace_refused"]),
        ({"organisation": LABORATORY}, ["replace_refused"]),
        ({"restricted": ()}, []),
    ],
)
def test_one_replaces_the_current_version_of_its_own(change: dict[str, object], refused: list[str]) -> None:
    earlier = {"1.2.3": replace(FIRST, **change)}  # type: ignore[arg-type]
    assert codes(sent("9.9", replaces="1.2.3"), earlier=earlier) == refused


def test_nothing_replaces_what_does_not_exist() -> None:
    assert codes(sent("9.9", replaces="1.2.3"), earlier={}) == [reasons.REPLACE_REFUSED.code]


def test_two_documents_cannot_replace_the_same_one() -> None:
    both = (sent("9.8", replaces="1.2.3"), sent("9.9", replaces="1.2.3", place="e1"))
    found = links(both, ["b", "c"], earlier={"1.2.3": FIRST}, sender=HOSPITAL)
    assert [(p.reason.code, p.place) for p in found.problems] == [("replace_refused", "e1.relatesTo")]


def test_a_repeated_replacement_is_answered_like_the_first_time() -> None:
    new = Kept(UUID(int=11), UUID(int=21), Status.APPROVED, HOSPITAL, "bb", ())
    old = replace(FIRST, status=Status.DEPRECATED)
    found = links([sent("9.9", replaces="1.2.3")], ["bb"], earlier={"1.2.3": old, "9.9": new}, sender=HOSPITAL)
    assert (found.repeated, found.problems, found.replaced) == (True, (), (None,))


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
