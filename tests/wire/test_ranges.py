"""One range of bytes as RFC 9110, section 14, has it: what is asked, and what of it is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.wire.ranges import Cut, cut

TAG = '"abc"'
WHOLE = Cut(0, 10, 10)


@pytest.mark.parametrize(
    ("asked", "first", "end", "said"),
    [
        ("bytes=0-0", 0, 1, "bytes 0-0/10"),
        ("bytes=0-9", 0, 10, "bytes 0-9/10"),
        ("bytes=4-", 4, 10, "bytes 4-9/10"),
        ("bytes=9-9", 9, 10, "bytes 9-9/10"),
        ("bytes=4-400", 4, 10, "bytes 4-9/10"),
        ("bytes=-3", 7, 10, "bytes 7-9/10"),
        ("bytes=-400", 0, 10, "bytes 0-9/10"),
        ("BYTES= 2-3\t", 2, 4, "bytes 2-3/10"),
    ],
)
def test_a_range_is_answered_as_one(asked: str, first: int, end: int, said: str) -> None:
    found = cut(asked, tag=TAG, size=10)
    assert (found.first, found.end, found.content_range) == (first, end, said)
    assert found.partial and found.satisfiable
    assert cut(asked, unless=TAG, tag=TAG, size=10) == found


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=10-10", "bytes=999999999999999999-", "bytes=-0"])
def test_what_begins_after_the_end_is_not_satisfiable(asked: str) -> None:
    found = cut(asked, tag=TAG, size=10)
    assert found.partial and not found.satisfiable
    assert found.content_range == "bytes */10"


@pytest.mark.parametrize(
    "asked",
    [
        "", "bytes", "bytes=", "bytes=-", "bytes=3-2", "bytes=a-b", "bytes=+1-2", "bytes=1 - 2", "bytes=1-2,4-5",
        "bytes=0-0,", "items=0-1", "bytes=٣-4", "bytes=1-2\n", f"bytes={'9' * 19}-", "bytes=0x1-2", "bytes=--1",
    ],
)  # fmt: skip
def test_what_is_not_one_range_of_bytes_is_passed_over(asked: str) -> None:
    assert cut(asked, tag=TAG, size=10) == WHOLE


@pytest.mark.parametrize("unless", ['"abd"', 'W/"abc"', "abc", "Sun, 22 Nov 2026 10:00:00 GMT", '"abc", "abd"'])
def test_a_range_of_something_else_is_the_whole(unless: str) -> None:
    assert cut("bytes=4-", unless=unless, tag=TAG, size=10) == WHOLE


ENDS = st.integers(-1, 400)


@given(st.text(max_size=30) | st.builds("bytes={}-{}".format, ENDS, ENDS), st.integers(0, 300))
def test_no_header_leads_outside_of_what_there_is(asked: str, size: int) -> None:
    found = cut(asked, tag=TAG, size=size)
    assert found.size == size
    assert not found.satisfiable or 0 <= found.first <= found.end <= size
