"""The verifier against a log on paper: what a file must say, near-miss by near-miss, each with its own sentence.

No database: these are the tests that its mutants meet (`./espace check --mutants verifier`).
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from espace.site import verify_trace
from espace.site.verify_trace import Line, Wrong
from espace.trace.facts import Audience
from espace.trace.rules import merkle
from paper_log import KEY, KEYS, ORIGIN, Paper, Said, b64, chance, event_of, file_of, paper, refusal, written

PLACES = (3, 40, 41, 120, 255, 256, 290)
LOG = paper(300, PLACES, links={3: 200})
TRUE = json.dumps(file_of(LOG))
"""Seven lines, of which the third was hidden until leaf 200: eight leaves."""


def true() -> Said:
    said: Said = json.loads(TRUE)
    return said


def altered(change: Callable[[Said], object]) -> Said:
    said = true()
    change(said)
    return said


def put(*path: Any) -> Callable[[Said], None]:
    """Puts the last of these at the place that the others name."""

    def change(said: Any) -> None:
        for step in path[:-2]:
            said = said[step]
        said[path[-2]] = path[-1]

    return change


def drop(*path: Any) -> Callable[[Said], None]:
    def change(said: Any) -> None:
        for step in path[:-1]:
            said = said[step]
        del said[path[-1]]

    return change


def number_of(index: int) -> int:
    """Where the entry of this leaf is in the file."""
    return [one["index"] for one in true()["entries"]].index(index)


# --- the tree -----------------------------------------------------------------------------------------------


def test_a_leaf_leads_to_the_root_by_its_own_path_and_by_none_longer_or_shorter() -> None:
    leaves = [chance("leaf", number) for number in range(33)]
    for size in range(1, 34):
        root = merkle.root(leaves[:size])
        for index in range(size):
            path = merkle.inclusion_proof(index, leaves[:size])
            assert verify_trace.root_from(index, size, leaves[index], path) == root
            for wrong in (path[:-1], (*path, bytes(32))):
                if len(wrong) != len(path):
                    with pytest.raises(Wrong) as caught:
                        verify_trace.root_from(index, size, leaves[index], wrong)
                    assert str(caught.value) == (
                        f"The proof of leaf {index} does not have the length that a tree of {size} leaves asks."
                    )


def test_a_tree_is_complete_subtrees_from_the_left() -> None:
    assert [list(verify_trace.subtrees(size)) for size in (0, 1, 6, 13)] == [
        [], [(0, 0)], [(2, 0), (1, 2)], [(3, 0), (2, 2), (0, 12)],
    ]  # fmt: skip


def test_subtrees_are_folded_from_the_right() -> None:
    one, two, three = chance(1), chance(2), chance(3)
    assert verify_trace.folded([]) == merkle.root([])
    assert verify_trace.folded([one]) == one
    assert verify_trace.folded([one, two, three]) == merkle.node_hash(one, merkle.node_hash(two, three))


# --- what is true -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("audience", list(Audience))
def test_a_true_file_holds_for_its_audience(audience: Audience, tmp_path: Path) -> None:
    log = paper(300, PLACES, audience=audience, links={3: 200})
    assert refusal(tmp_path, file_of(log), keys=written(tmp_path, "keys", KEYS)) == ""


def test_what_a_file_says_is_read_as_it_was_written() -> None:
    proof = verify_trace.proof_of(TRUE.encode())
    third = LOG.lines[2]
    assert (proof.audience, proof.whole, proof.chain_key, proof.keys) == ("holder", True, KEY, (KEYS,))
    assert proof.entries == {index: LOG.leaves[index] for index in (*PLACES, 200)}
    assert proof.lines[2] == Line(
        third.event, {"id": "line 3", "patient": "anne"}, third.nonce, 3, third.previous, 41, 200
    )
    assert proof.checkpoint[:3] == (ORIGIN, 300, merkle.root(LOG.leaves))
    assert proof.checkpoint.text == f"{ORIGIN}\n300\n{b64(merkle.root(LOG.leaves))}\n"
    assert verify_trace.check_signed(proof.checkpoint, proof.keys, "It") == KEYS


def test_one_line_alone_is_of_any_number_and_its_scope_says_so() -> None:
    said = file_of(LOG, numbers=[5], whole=False)
    assert said["scope"] == "line" and not verify_trace.proof_of(json.dumps(said).encode()).whole
    verify_trace.check_chain(verify_trace.proof_of(json.dumps(said).encode()))


def test_a_file_without_lines_proves_nothing_and_is_not_called_good(tmp_path: Path) -> None:
    assert refusal(tmp_path, file_of(paper(5, ()))) == "The file holds no line: it proves nothing."


def test_numbers_go_as_far_as_eight_signed_bytes() -> None:
    line = true()["lines"][0]
    assert verify_trace.line_of(line | {"number": 2**63 - 1}).number == 2**63 - 1


# --- what is not --------------------------------------------------------------------------------------------


def _swap(said: Said) -> None:
    said["lines"][1], said["lines"][2] = said["lines"][2], said["lines"][1]


def _without(at: int) -> Callable[[Said], None]:
    def change(said: Said) -> None:
        gone = said["lines"].pop(at)
        said["entries"] = [one for one in said["entries"] if one["index"] not in (gone["entry"], gone["link_entry"])]

    return change


def _foreign_entry(said: Said) -> None:
    """A leaf of the same tree that is nobody's line."""
    proof = [b64(step) for step in merkle.inclusion_proof(7, LOG.leaves)]
    said["entries"].append({"index": 7, "data": b64(LOG.leaves[7]), "proof": proof})


SHORT, LONG = b64(bytes(31)), b64(bytes(33))
FIELDS = "does not have the fields that the format states."
UNSIGNED = "is not signed by a key of the log: it is forged, altered, or another log's."
NOT_IN_PLACE = "Line 1 is not at this place of its chain."
NO_NUMBER = "A line has a number that is none."
COUNT = "The file does not hold the number of lines that it should."
WHOM = "The file does not say what it proves, and to whom."
ALTERED = (number_of(40), "data", b64(LOG.leaves[40][:127] + bytes([LOG.leaves[40][127] ^ 1])))
REFUSED: dict[str, tuple[Callable[[Said], object], str]] = {
    "another format": (put("format", "espace-trace-proof/2"),
                       "This file is not a proof of the access log (espace-trace-proof/1)."),
    "no format": (drop("format"), "This file is not a proof of the access log (espace-trace-proof/1)."),
    "a field too few": (drop("waiting"), f"The file {FIELDS}"),
    "a field too many": (put("comment", ""), f"The file {FIELDS}"),
    "a truth for a number": (put("waiting", True), f"The file {FIELDS}"),
    "an audience that is none": (put("audience", "insurer"), WHOM),
    "a scope that is none": (put("scope", "some"), WHOM),
    "a key that is no text": (put("keys", [7]), WHOM),
    "told as one line": (put("scope", "line"), COUNT),
    "told as one line, and none": (lambda said: said.update(scope="line", lines=[], entries=[]), COUNT),
    "no checkpoint": (put("checkpoint", "hello"), "The checkpoint of the file is not a signed checkpoint."),
    "a short key of the chain": (put("chain_key", SHORT), "The key of the chain has 31 bytes instead of 32."),
    "another key of the chain": (put("chain_key", b64(bytes(32))), NOT_IN_PLACE),
    "the other audience": (put("audience", "representatives"), NOT_IN_PLACE),
    "an entry twice": (lambda said: said["entries"].append(said["entries"][0]), "The file states an entry twice."),
    "an entry that is none": (put("entries", 0, "leaf"), f"An entry {FIELDS}"),
    "an entry with an index in letters": (put("entries", 0, "index", "3"), f"An entry {FIELDS}"),
    "an entry before the tree": (put("entries", 0, "index", -1), "Leaf -1 is not in the tree of the checkpoint."),
    "an entry after the tree": (put("entries", 0, "index", 300), "Leaf 300 is not in the tree of the checkpoint."),
    "an entry elsewhere": (put("entries", 0, "index", 4), "Leaf 4 is not in the tree that was signed."),
    "a short entry": (put("entries", 0, "data", b64(bytes(127))), "Leaf 3 has 127 bytes instead of 128."),
    "a long entry": (put("entries", 0, "data", b64(bytes(129))), "Leaf 3 has 129 bytes instead of 128."),
    "an entry that is not base64": (put("entries", 0, "data", "é"), "Leaf 3 is not base64."),
    "an entry with one bit changed": (put("entries", *ALTERED), "Leaf 40 is not in the tree that was signed."),
    "a path with a short step": (put("entries", 0, "proof", 0, SHORT),
                                 "The proof of leaf 3 has 31 bytes instead of 32."),
    "a path with another step": (put("entries", 0, "proof", 0, b64(bytes(32))),
                                 "Leaf 3 is not in the tree that was signed."),
    "a path with a number": (put("entries", 0, "proof", 0, 1), "The proof of leaf 3 is not base64."),
    "a line that is none": (put("lines", 0, []), f"A line {FIELDS}"),
    "a line with a field too few": (drop("lines", 0, "nonce"), f"A line {FIELDS}"),
    "a line with number nought": (put("lines", 0, "number", 0), NO_NUMBER),
    "a line with too large a number": (put("lines", 0, "number", 2**63), NO_NUMBER),
    "a line with the largest number": (put("lines", 0, "number", 2**63 - 1),
                                       f"Line {2**63 - 1} is not at this place of its chain."),
    "a line with a long nonce": (put("lines", 1, "nonce", LONG), "Line 2: nonce has 33 bytes instead of 32."),
    "a line that follows too short a link": (put("lines", 1, "previous", SHORT),
                                             "Line 2: previous link has 31 bytes instead of 32."),
    "a line that is not JSON": (put("lines", 1, "event", "{"), "Line 2 is not JSON."),
    "a line that is a list": (put("lines", 1, "event", "[]"), "Line 2 is not a JSON object."),
    "a line that says a thing twice": (put("lines", 1, "event", '{"a":1,"a":1}'), "Line 2 is not JSON."),
    "another event": (put("lines", 1, "event", "{}"), "Line 2 is not the one that was written: it was altered."),
    "another nonce": (put("lines", 1, "nonce", b64(bytes(32))),
                      "Line 2 is not the one that was written: it was altered."),
    "another leaf": (put("lines", 1, "entry", 41), "Line 2 is not the one that was written: it was altered."),
    "a leaf that is not there": (put("lines", 1, "entry", 42), "Line 2 names a leaf that the file does not hold."),
    "a leaf of the link that is not there": (put("lines", 1, "link_entry", 42),
                                             "Line 2 names a leaf that the file does not hold."),
    "another leaf of the link": (put("lines", 1, "link_entry", 41), "Line 2 is not at this place of its chain."),
    "another link before": (put("lines", 1, "previous", b64(bytes(32))), "Line 2 is not at this place of its chain."),
    "another number": (put("lines", 6, "number", 8), "Line 8 is not at this place of its chain."),
    "a line left out": (_without(3), "After line 3 comes line 5: lines are missing or out of order."),
    "the first line left out": (_without(0), "The first lines are missing: the file begins with line 2."),
    "two lines swapped": (_swap, "After line 1 comes line 3: lines are missing or out of order."),
    "a line twice": (lambda said: said["lines"].append(said["lines"][-1]), "A line is there twice."),
    "a leaf of nobody": (_foreign_entry, "The file holds leaves of no line."),
    "leaves of nobody": (lambda said: said["lines"].clear(), "The file holds leaves of no line."),
    "no key": (put("keys", []), f"The checkpoint of the file {UNSIGNED}"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_its_reason(name: str, tmp_path: Path) -> None:
    change, why = REFUSED[name]
    assert refusal(tmp_path, altered(change)) == why


FALSE: dict[str, tuple[Paper, str]] = {
    "lines of two people": (paper(9, (1, 4, 7), events={2: event_of(2, patient="paul")}),
                            "The lines are not all of one person."),
    "one line under two numbers": (paper(9, (1, 4, 7), events={3: event_of(1)}), "A line is there twice."),
    "a first line that follows another": (paper(9, (1, 4, 7), before={1: chance("before")}),
                                          "The first line of the chain follows another one."),
    "a line that follows none": (paper(9, (1, 4, 7), before={2: bytes(32)}), "Line 2 does not follow line 1."),
    "a last line that follows another": (paper(9, (1, 4, 7), before={3: chance("before")}),
                                         "Line 3 does not follow line 2."),
}  # fmt: skip


@pytest.mark.parametrize("name", FALSE)
def test_a_log_that_was_written_false_is_seen(name: str, tmp_path: Path) -> None:
    log, why = FALSE[name]
    assert refusal(tmp_path, file_of(log)) == why


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "This file is not JSON."),
        (b"\xff", "This file is not JSON."),
        (b"[]", "This file is not a JSON object."),
        (b'{"format":1,"format":1}', "This file is not JSON."),
        (b"[" * 100_000, "This file is not JSON."),
        (b"{}", "This file is not a proof of the access log (espace-trace-proof/1)."),
    ],
)
def test_what_is_no_file_of_ours(data: bytes, why: str, tmp_path: Path) -> None:
    assert refusal(tmp_path, data) == why


# --- bounds -------------------------------------------------------------------------------------------------


def _keys(count: int) -> Callable[[Said], None]:
    return lambda said: said.update(keys=said["keys"] * count)


def _entries(count: int) -> Callable[[Said], None]:
    def change(said: Said) -> None:
        _without(0)(said)
        proofs = [[b64(step) for step in merkle.inclusion_proof(at, LOG.leaves)] for at in range(count)]
        more = ({"index": at, "data": b64(LOG.leaves[at]), "proof": proofs[at]} for at in range(count))
        said["entries"] = list(more)

    return change


@pytest.mark.parametrize(
    ("most", "change", "why"),
    [
        (7, dict, ""),
        (6, dict, COUNT),
        (7, _keys(7), ""),
        (7, _keys(8), COUNT),
        (6, _entries(13), "Line 2 names a leaf that the file does not hold."),
        (6, _entries(14), COUNT),
    ],
)
def test_a_file_has_so_many_lines_leaves_and_keys_at_most(
    most: int, change: Callable[[Said], object], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_trace, "MOST_LINES", most)
    assert refusal(tmp_path, altered(change)) == why


def test_the_last_lines_that_fit_in_a_file_need_not_begin_with_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = file_of(LOG, numbers=[5, 6, 7])
    assert refusal(tmp_path, last) == "The first lines are missing: the file begins with line 5."
    monkeypatch.setattr(verify_trace, "MOST_LINES", 3)
    assert refusal(tmp_path, last) == ""


def test_a_file_is_read_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_trace, "MOST_BYTES", 10)
    name = written(tmp_path, "file", b" " * 10)
    assert verify_trace.read_file(name) == b" " * 10
    with pytest.raises(Wrong) as caught:
        verify_trace.read_file(written(tmp_path, "file", b" " * 11))
    assert str(caught.value) == f"{name} is larger than any proof: 10 bytes."


def test_no_more_of_a_file_is_read_than_shows_that_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    class Endless(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            asked.append(size or -1)
            return b" " * (size or 0)

    monkeypatch.setattr(verify_trace, "MOST_BYTES", 10)
    monkeypatch.setattr(verify_trace, "Path", lambda path: SimpleNamespace(open=lambda mode: Endless()))
    with pytest.raises(Wrong, match="is larger than any proof: 10 bytes"):
        verify_trace.read_file("endless")
    assert asked == [11]


@pytest.mark.parametrize("text", [None, 7, b"AA==", "A", "AA", "AB==", "AA==\n", " AA==", "AA=A", "é", "A\u0101=="])
def test_a_value_has_one_way_to_be_written(text: object) -> None:
    with pytest.raises(Wrong) as caught:
        verify_trace.decoded(text, "It")
    assert str(caught.value) == "It is not base64."


def test_a_value_has_its_length() -> None:
    assert verify_trace.decoded("AA==", "It") == verify_trace.decoded("AA==", "It", 1) == b"\0"
    assert verify_trace.decoded("", "It", 0) == b""
    for length in (0, 2):
        with pytest.raises(Wrong) as caught:
            verify_trace.decoded("AA==", "It", length)
        assert str(caught.value) == f"It has 1 bytes instead of {length}."


def test_fields_are_given_in_the_order_asked_and_none_is_of_another_type() -> None:
    fields = {"a": int, "b": str}
    assert verify_trace.taken({"b": "x", "a": 1}, fields, "It") == [1, "x"]
    for said in ({"a": 1}, {"a": True, "b": "x"}, {"a": 1, "b": "x", "c": 1}, [("a", 1)], None, {"a": "1", "b": "x"}):
        with pytest.raises(Wrong) as caught:
            verify_trace.taken(said, fields, "It")
        assert str(caught.value) == "It does not have the fields that the format states."
