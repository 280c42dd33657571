"""SQL's LIKE as ITI-18 has it, against the definition; and no pattern takes long."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace.record.rules.searching import _like
from espace.wire.fhir.searching import Pattern


@pytest.mark.parametrize(
    ("pattern", "text", "same"),
    [
        ("a", "a", True), ("a", "A", False), ("a", "ab", False), ("ab", "a", False), ("%", "", True), ("_", "", False),
        ("_", "é", True), ("a%", "a", True), ("%a", "ba", True), ("%a", "ab", False), ("%a%b%", "xaxbx", True),
        ("%a%b%", "xbxax", False), ("a_c%", "abcd", True), ("%%", "x", True), ("a.c", "abc", False), ("", "a", False),
    ],
)  # fmt: skip
def test_patterns(pattern: str, text: str, same: bool) -> None:
    assert _like(Pattern(pattern), text) is same


@given(st.text("ab%_", max_size=12), st.text("ab", max_size=12))
def test_a_pattern_is_the_expression_that_it_means(pattern: str, text: str) -> None:
    meant = "".join({"%": ".*", "_": "."}.get(sign, re.escape(sign)) for sign in pattern)
    assert _like(Pattern(pattern), text) is bool(re.fullmatch(meant, text, re.DOTALL))


def test_no_pattern_takes_long() -> None:
    begun = time.process_time()
    assert not _like(Pattern("%a" * 150 + "b"), "a" * 2_000)
    assert time.process_time() - begun < 1
