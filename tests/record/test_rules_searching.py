"""What a search finds, in what order, and how its pages follow each other."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.kernel.values import replace
from espace.kernel.words import Refused, Visibility
from espace.record.facts import Attribute, Criterion, Deposit, Document, Order, Page, Search, Status, SubmissionSet
from espace.record.rules import DEPOSIT_ITEMS, DOCUMENT_ITEMS, SET_ITEMS, page_of
from espace.wire.fhir.searching import How, Prefix, Target, Text, Token, Value, When
from espace.wire.xds import Author, Coded, DocumentEntry, Submission

AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
A = Attribute
LOINC = "2.16.840.1.113883.6.1"


def document(number: int, **change: Any) -> Document:
    entry = DocumentEntry(place="", unique_id=f"1.2.{number}", mime_type="text/xml")
    plain = Document(
        id=UUID(int=number),
        entry=entry,
        status=Status.APPROVED,
        deposited_at=AT,
        organisation=UUID(int=99),
        organisation_name="Laboratoire",
        restrictions=frozenset(),
        size=10,
    )
    fields = {name: change.pop(name) for name in list(change) if name in Document.__slots__}
    return replace(plain, entry=replace(entry, **change), **fields)


RICH = document(
    7,
    unique_id="urn:uuid:0190",
    type=Coded("11502-2", "http://loinc.org"),
    class_=Coded("10", "1.2.250.1.213.1.1.4.1"),
    format=Coded("urn:ihe:iti:xds-sd:text:2008"),
    practice_setting=Coded("ETABLISSEMENT"),
    facility_type=Coded("SA01"),
    event_codes=(Coded("GLU"), Coded("HB")),
    authors=(
        Author(family="Le Goff", given="Anne Marie", person_id="810001288385"),
        Author(institution="Hôpital", institution_id="1990000017"),
    ),
    creation_time=AT,
    service_start=AT - DAY,
    service_stop=AT,
    reference_ids=(Coded("ACC-5", "1.2.250.1.999.9"),),
    restrictions=frozenset({Visibility.MASQUE_PS}),
    replaces=UUID(int=3),
    changed_at=AT + DAY,
)


def on(day: datetime, prefix: Prefix = Prefix.EQ) -> When:
    return When(prefix, day - timedelta(hours=1), day + timedelta(hours=1))


def found(*criteria: Criterion, among: tuple[Document, ...] = (RICH,)) -> list[int]:
    return [one.id.int for one in page_of(among, DOCUMENT_ITEMS, Search(criteria)).found]


MATCHES: list[tuple[Attribute, Value, Value]] = [
    (A.ID, Token(str(UUID(int=7))), Token(str(UUID(int=8)))),
    (A.UNIQUE_ID, Token("urn:uuid:0190"), Token("urn:uuid:0191")),
    (A.UNIQUE_ID, Token("0190"), Token("190")),
    (A.UNIQUE_ID, Token(f"urn:uuid:{UUID(int=7)}"), Token(f"urn:uuid:{UUID(int=8)}")),
    (A.STATUS, Token("Approved"), Token("Deprecated")),
    (A.TYPE, Token("11502-2"), Token("11502-3")),
    (A.TYPE, Token("11502-2", LOINC), Token("11502-2", "1.2.3")),
    (A.TYPE, Token("", LOINC), Token("", "1.2.3")),
    (A.CLASS, Token("10"), Token("1")),
    (A.CLASS, Token("10", "1.2.250.1.213.1.1.4.1"), Token("10", "")),
    (A.FORMAT, Token("urn:ihe:iti:xds-sd:text:2008", ""), Token("urn:ihe:iti:xds-sd:text:2008", LOINC)),
    (A.PRACTICE_SETTING, Token("ETABLISSEMENT"), Token("etablissement")),
    (A.FACILITY_TYPE, Token("SA01"), Token("SA%")),
    (A.EVENT, Token("HB"), Token("H")),
    (A.CONFIDENTIALITY, Token("N", "2.16.840.1.113883.5.25"), Token("R")),
    (A.CONFIDENTIALITY, Token("MASQUE_PS"), Token("INVISIBLE_PATIENT")),
    (A.MIME_TYPE, Token("text/xml"), Token("text/*")),
    (A.AUTHOR_FAMILY, Text("le g"), Text("goffs")),
    (A.AUTHOR_FAMILY, Text("goff"), Text("off")),
    (A.AUTHOR_FAMILY, Text("off", How.CONTAINS), Text("of_", How.CONTAINS)),
    (A.AUTHOR_FAMILY, Text("Le Goff", How.EXACT), Text("le goff", How.EXACT)),
    (A.AUTHOR_GIVEN, Text("mar"), Text("%")),
    (A.AUTHOR_ID, Token("810001288385", "1.2.250.1.71.4.2.1"), Token("810001288385", "1.2.250.1.71.4.2.2")),
    (A.AUTHOR_ID, Token("1990000017", "1.2.250.1.71.4.2.2"), Token("990000017")),
    (A.CREATED, on(AT), on(AT + DAY)),
    (A.CREATED_OR_DEPOSITED, on(AT), on(AT + DAY)),
    (A.CHANGED, on(AT + DAY), on(AT)),
    (A.SERVICE, on(AT - DAY, Prefix.AP), on(AT + DAY, Prefix.AP)),
    (A.SERVICE_START, on(AT - DAY), on(AT)),
    (A.SERVICE_STOP, on(AT), on(AT - DAY)),
    (A.REFERENCE_ID, Token("ACC-5", "1.2.250.1.999.9"), Token("ACC-5", "1.2.250.1.999.8")),
    (A.REPLACES, Target("DocumentReference", str(UUID(int=3))), Target("DocumentReference", str(UUID(int=7)))),
    (A.RELATION, Token("replaces"), Token("signs")),
]


@pytest.mark.parametrize(("attribute", "right", "wrong"), MATCHES)
def test_a_value_matches_what_the_document_is_and_not_its_neighbour(
    attribute: Attribute, right: Value, wrong: Value
) -> None:
    assert found(Criterion(attribute, (right,))) == [7]
    assert found(Criterion(attribute, (wrong,))) == []
    assert found(Criterion(attribute, (wrong, right))) == [7]
    assert found(Criterion(attribute, (right,)), Criterion(attribute, (wrong,))) == []
    assert found(Criterion(attribute, (right,), negated=True)) == []
    assert found(Criterion(attribute, (wrong,), negated=True)) == [7]


ALWAYS_THERE = {A.ID, A.UNIQUE_ID, A.STATUS, A.CHANGED, A.CONFIDENTIALITY, A.MIME_TYPE, A.CREATED_OR_DEPOSITED}


@pytest.mark.parametrize("attribute", DOCUMENT_ITEMS)
def test_what_was_not_stated_is_missing_and_matches_nothing(attribute: Attribute) -> None:
    both = (RICH, document(1))
    bare = [1] if attribute not in ALWAYS_THERE else []
    assert found(Criterion(attribute, missing=True), among=both) == bare
    assert found(Criterion(attribute, missing=False), among=both) == ([7] if bare else [7, 1])


def test_a_period_open_at_one_end_goes_on_for_ever() -> None:
    begun, ended = document(1, service_start=AT), document(2, service_stop=AT)
    assert found(Criterion(A.SERVICE, (on(AT + 900 * DAY, Prefix.AP),)), among=(begun, ended)) == [1]
    assert found(Criterion(A.SERVICE, (on(AT - 900 * DAY, Prefix.AP),)), among=(begun, ended)) == [2]


def test_a_damaged_document_is_found_by_nothing_that_was_stated() -> None:
    damaged = document(1, unique_id="", mime_type="", damaged=True)
    assert found(Criterion(A.UNIQUE_ID, (Token("1.2.1"),)), among=(damaged,)) == []
    assert found(Criterion(A.MIME_TYPE, (Token("text/xml"),)), among=(damaged,)) == []


def test_a_deposit_is_found_by_ids_status_and_time_alone() -> None:
    assert set(DEPOSIT_ITEMS) == {A.ID, A.UNIQUE_ID, A.STATUS, A.CHANGED}
    one = Deposit(UUID(int=1), "1.2.3", Status.DELETED, AT, AT + DAY)
    assert page_of([one], DEPOSIT_ITEMS, Search((Criterion(A.CHANGED, (on(AT + DAY),)),))).total == 1
    assert page_of([one], DEPOSIT_ITEMS, Search((Criterion(A.CHANGED, (on(AT),)),))).total == 0


STATED = Submission("1.2.3", "1.2.250.1.999.1.1", AT, (), Coded("07"), "Bilan de printemps")
SET = SubmissionSet(
    UUID(int=1),
    replace(STATED, author=Author(family="Le Goff")),
    AT + DAY,
    (UUID(int=7),),
)
SETS: list[tuple[Attribute, Value, Value]] = [
    (A.UNIQUE_ID, Token("1.2.3"), Token("1.2.4")),
    (A.STATUS, Token("Approved"), Token("retired")),
    (A.SET_KIND, Token("submissionset"), Token("folder")),
    (A.SUBMITTED, on(AT), on(AT + DAY)),
    (A.CHANGED, on(AT + DAY), on(AT)),
    (A.CONTENT_TYPE, Token("07"), Token("03")),
    (A.SOURCE_ID, Token("1.2.250.1.999.1.1"), Token("1.2.250.1.999.1")),
    (A.AUTHOR_FAMILY, Text("le goff"), Text("anne")),
    (A.TITLE, Text("bilan"), Text("printemps")),
]


@pytest.mark.parametrize(("attribute", "right", "wrong"), SETS)
def test_a_set_is_found_by_what_its_sender_stated(attribute: Attribute, right: Value, wrong: Value) -> None:
    for value, total in ((right, 1), (wrong, 0)):
        assert page_of([SET], SET_ITEMS, Search((Criterion(attribute, (value,)),))).total == total
    bare = replace(SET, stated=Submission("", "", None, ()))
    assert page_of([bare], SET_ITEMS, Search((Criterion(attribute, missing=True),))).total == (
        attribute in (A.CONTENT_TYPE, A.AUTHOR_FAMILY, A.TITLE, A.SOURCE_ID)
    )


def test_a_source_may_be_a_number_under_a_system() -> None:
    placed = replace(SET, stated=replace(STATED, source_id="1.2.3|SRC-01"))
    for value, total in ((Token("SRC-01"), 1), (Token("SRC-01", "1.2.3"), 1), (Token("SRC-01", "1.2.4"), 0)):
        assert page_of([placed], SET_ITEMS, Search((Criterion(A.SOURCE_ID, (value,)),))).total == total


def in_order(*orders: Order, among: list[Document]) -> list[int]:
    return [one.id.int for one in page_of(among, DOCUMENT_ITEMS, Search(order=orders)).found]


def test_the_order_is_that_of_the_values_then_newest_first_and_what_has_none_comes_last() -> None:
    among = [
        document(1, type=Coded("b"), creation_time=AT),
        document(2, type=Coded("a"), creation_time=AT + DAY),
        document(3, type=Coded("b"), creation_time=AT + DAY),
        document(4),
    ]
    assert in_order(among=among) == [4, 3, 2, 1]
    assert in_order(Order(A.TYPE), among=among) == [2, 3, 1, 4]
    assert in_order(Order(A.TYPE, descending=True), among=among) == [3, 1, 2, 4]
    assert in_order(Order(A.CREATED), Order(A.TYPE, descending=True), among=among) == [1, 3, 2, 4]
    assert in_order(Order(A.CREATED, descending=True), Order(A.TYPE), among=among) == [2, 3, 1, 4]


def test_times_are_ordered_as_instants_and_not_as_texts() -> None:
    tokyo = AT.astimezone(ZoneInfo("Asia/Tokyo"))
    among = [document(1, creation_time=tokyo), document(2, creation_time=AT + timedelta(hours=1))]
    assert in_order(Order(A.CREATED), among=among) == [1, 2]


TYPES = st.lists(st.sampled_from(["a", "b", ""]), max_size=12)
ORDERS = st.sampled_from(
    [(), (Order(A.TYPE),), (Order(A.TYPE, descending=True),), (Order(A.STATUS), Order(A.ID, descending=True))]
)


def walked(among: list[Document], search: Search) -> list[Page[Document]]:
    pages = [page_of(among, DOCUMENT_ITEMS, search)]
    while pages[-1].more:
        pages.append(page_of(among, DOCUMENT_ITEMS, replace(search, after=pages[-1].found[-1].id)))
    return pages


@given(TYPES, ORDERS, st.integers(1, 5), st.booleans())
def test_pages_show_everything_once_in_order(
    kinds: list[str], order: tuple[Order, ...], count: int, some: bool
) -> None:
    among = [document(n, type=Coded(kind) if kind else None) for n, kind in enumerate(kinds)]
    criteria = (Criterion(A.TYPE, (Token("a"),)),) if some else ()
    whole = page_of(among, DOCUMENT_ITEMS, Search(criteria, order))
    pages = walked(among, Search(criteria, order, count=count))
    assert tuple(one for page in pages for one in page.found) == whole.found
    assert {page.total for page in pages} == {whole.total}
    assert (whole.more, pages[-1].more) == (False, False)


def test_a_page_is_stable_while_others_deposit_and_delete() -> None:
    among = [document(n) for n in range(1, 6)]
    search = Search(count=2)
    first = page_of(among, DOCUMENT_ITEMS, search)
    assert [one.id.int for one in first.found] == [5, 4]
    later = [document(6), *(one for one in among if one.id.int != 4)]
    second = page_of(later, DOCUMENT_ITEMS, replace(search, after=first.found[-1].id))
    assert [one.id.int for one in second.found] == [3, 2]


def test_in_another_order_a_page_that_ended_with_what_is_gone_has_expired() -> None:
    among = [document(n, type=Coded("x")) for n in range(1, 4)]
    search = Search(order=(Order(A.TYPE),), after=UUID(int=2), count=1)
    assert [one.id.int for one in page_of(among, DOCUMENT_ITEMS, search).found] == [1]
    with pytest.raises(Refused) as caught:
        page_of([one for one in among if one.id.int != 2], DOCUMENT_ITEMS, search)
    assert (caught.value.reason.code, caught.value.reason.status) == ("page_expired", 410)


def test_in_another_order_a_page_goes_on_after_what_no_longer_matches_but_still_shows() -> None:
    among = [document(n, type=Coded(f"{n}")) for n in range(1, 5)]
    changed = [replace(one, status=Status.ARCHIVED) if one.id.int == 2 else one for one in among]
    current = (Criterion(A.STATUS, (Token("Approved"),)),)
    page = page_of(changed, DOCUMENT_ITEMS, Search(current, (Order(A.TYPE),), UUID(int=2), 1))
    assert ([one.id.int for one in page.found], page.total, page.more) == ([3], 3, True)


def test_a_count_of_nothing_gives_the_total() -> None:
    assert page_of([document(1)], DOCUMENT_ITEMS, Search(count=0)) == Page((), 1, False)
