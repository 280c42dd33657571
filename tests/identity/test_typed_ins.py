"""An INS typed by hand: forgiving of spaces and case, never of a wrong key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.identity.rules import ins_key, typed_ins
from espace.kernel.words import Problem


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("282053523899178", "282053523899178"),
        (" 2 82 05 35 238 991 78\n", "282053523899178"),
        ("2.82.05.35.238.991.78", "282053523899178"),
        ("2\u00a082\u202f05-35-238-991/78", "282053523899178"),
        ("161062a00499783", "161062A00499783"),
        ("1 61 06 2a 004 997 83", "161062A00499783"),
    ],
)
def test_groups_dots_and_case_do_not_matter(text: str, number: str) -> None:
    assert typed_ins(text) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ins_malformed"),
        ("28205352389917", "ins_malformed"),
        ("2820535238991780", "ins_malformed"),
        ("28205352389917B", "ins_malformed"),
        ("982053523899178", "ins_malformed"),
        ("٢82053523899178", "ins_malformed"),
        ("282053523899178" + " " * 60, "ins_malformed"),
        ("282053523899179", "ins_key_wrong"),
        ("282053523899187", "ins_key_wrong"),
        ("820253523899178", "ins_key_wrong"),
    ],
)
def test_a_slip_of_the_finger_is_refused(text: str, code: str) -> None:
    problem = typed_ins(text)
    assert isinstance(problem, Problem)
    assert (problem.reason.code, problem.place, problem.detail) == (code, "ins", "")


def test_the_key_may_be_left_alone_where_test_identities_are() -> None:
    assert typed_ins("282053523899179", check_key=False) == "282053523899179"


@given(st.from_regex(r"[1-8][0-9]{4}(?:[0-9]{2}|2A|2B)[0-9]{6}", fullmatch=True))
def test_two_neighbours_exchanged_are_always_seen(body: str) -> None:
    number = body + ins_key(body)
    assert typed_ins(number) == number
    for place in range(7, 12):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        assert swapped == number or isinstance(typed_ins(swapped), Problem)


@given(st.text(max_size=100))
def test_any_text_may_be_typed(text: str) -> None:
    assert isinstance(typed_ins(text), str | Problem)
