"""Whatever becomes of a request, it is read or its problems are told: nothing raises, and never neither nor both."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from espace.wire.ebxml.provide import read
from espace.wire.xml import parse_xml
from soaping import CONTENT, INCLUDE, document, member, provide, submission_set

GOOD = parse_xml(
    provide(document(), submission_set(), member(), contents={"Document01": INCLUDE.format("one@x")}).encode()
).root
assert GOOD is not None
COUNT = sum(1 for _ in GOOD.iter("*"))
TEXTS = st.sampled_from(["", " ", "x", "^", "^^^&&", "20260304", "99999999", "urn:uuid:x", "cid:one@x", "é" * 300])
CHANGES = st.lists(
    st.tuples(st.sampled_from(["drop", "double", "rename", "text", "attribute", "move"]), st.integers(1, COUNT), TEXTS),
    min_size=1,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_a_spoiled_request_is_read_or_told_why_not(changes: list[tuple[str, int, str]]) -> None:
    root = copy.deepcopy(GOOD)
    for change, place, text in changes:
        every = list(root.iter("*"))
        one = every[place % len(every)]
        parent = one.getparent()
        if parent is None:
            continue
        if change == "drop":
            parent.remove(one)
        elif change == "double":
            parent.append(copy.deepcopy(one))
        elif change == "rename":
            one.tag = f"{one.tag}x"
        elif change == "text":
            one.text = text
        elif change == "attribute":
            for name in one.attrib:
                one.set(name, text)
        else:
            root.append(one)
    found = read(root, {"one@x": memoryview(CONTENT)}, max_bytes=1_000)
    assert (found.submission is None) == bool(found.problems)
    assert all(problem.place for problem in found.problems)
