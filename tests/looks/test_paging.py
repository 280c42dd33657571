"""Pages of a list: which one an address asks for, and where its two links lead."""

import pytest

from espace.looks.paging import cut, page_number, pager


def address(page: int) -> str:
    return f"?page={page}"


@pytest.mark.parametrize(
    ("number", "last", "previous", "following"),
    [
        (1, 1, "", ""),
        (1, 2, "", "?page=2"),
        (2, 3, "?page=1", "?page=3"),
        (3, 3, "?page=2", ""),
        (9, 3, "?page=2", ""),
    ],
)
def test_the_links_of_a_page(number: int, last: int, previous: str, following: str) -> None:
    made = pager(number, last, address)
    assert (made.previous, made.next) == (previous, following)
    assert (made.previous_label, made.next_label) == ("Plus récents", "Plus anciens")


@pytest.mark.parametrize(
    ("count", "number", "shown", "last"), [(0, 1, 0, 1), (20, 1, 20, 1), (21, 2, 1, 2), (21, 9, 1, 2)]
)
def test_a_list_is_cut_every_twenty(count: int, number: int, shown: int, last: int) -> None:
    items, found = cut(range(count), number)
    assert (len(items), found) == (shown, last)


@pytest.mark.parametrize(
    ("text", "number"), [("2", 2), ("", 1), ("0", 1), ("-1", 1), ("²", 1), ("99999", 10_000), ("x", 1)]
)
def test_what_is_no_page_is_the_first(text: str, number: int) -> None:
    assert page_number(text) == number
