"""Proof files that are forged, altered, replayed or somebody else's are refused, with a sentence that says why; a
hostile file costs little and breaks nothing."""

import base64
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from espace.keys.facts import LogKey
from espace.site import verify_trace
from espace.trace.rules import merkle
from espace.trace.rules.notes import checkpoint_text, signed_note, verifier_key
from logbook import ORIGIN, file_of, mirror, others, published, settle, somebody, verified, write

Said = dict[str, Any]


@pytest.fixture(scope="module")
def true(django_db_setup: None, django_db_blocker: Any) -> tuple[bytes, bytes, str]:
    """A true file of seven lines, another person's, and the published keys."""
    with django_db_blocker.unblock():
        anne, paul = somebody(), somebody()
        write(anne, 4)
        write(paul, 2)
        others(40)
        settle()
        write(anne, 3)
        settle()
        return file_of(anne), file_of(paul), published("keys").decode()


@pytest.fixture
def keys(true: tuple[bytes, bytes, str], tmp_path: Path) -> str:
    (tmp_path / "keys").write_text(true[2])
    return str(tmp_path / "keys")


def written(said: Said) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def texts(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every text and number of the file is, but for what nothing hangs on."""
    if isinstance(said, dict | list):
        for name, value in said.items() if isinstance(said, dict) else enumerate(said):
            if name not in ("waiting", "keys"):
                yield from texts(value, (*path, name))
    else:
        yield path


def changed(value: Any, chance: random.Random) -> Any:
    """The same with one letter or bit that is another; a number a little off."""
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 256))
    at = chance.randrange(len(value))
    other = chance.choice([one for one in "AZaz09+/{}\n é" if one != value[at]])
    return chance.choice((value[:at] + other + value[at + 1 :], value[:at] + value[at + 1 :], value + value[at]))


def test_three_thousand_changes_of_a_file_are_refused(true: tuple[bytes, bytes, str], tmp_path: Path) -> None:
    chance, said = random.Random(11), json.loads(true[0])
    places, accepted = list(texts(said)), []
    named = {"format", "audience", "scope", "chain_key", "checkpoint", "entries", "lines"}
    assert {path[0] for path in places} == named
    for number in range(3000):
        path = places[number % len(places)] if number < len(places) else chance.choice(places)
        target = said
        for step in path[:-1]:
            target = target[step]
        before = target[path[-1]]
        target[path[-1]] = changed(before, chance)
        why = refusal_of(said)
        accepted += [(path, target[path[-1]])] if why is None else []
        target[path[-1]] = before
    assert accepted == []
    assert refusal_of(said) is None


def refusal_of(said: Said) -> str | None:
    """As the program does, without its files; any other exception than its own is a fault."""
    try:
        proof = verify_trace.proof_of(written(said))
        verify_trace.check_signed(proof.checkpoint, proof.keys, "The checkpoint")
        verify_trace.check_chain(proof)
    except (verify_trace.Wrong, UnicodeError) as why:
        return str(why)
    return None


@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_cut_added_or_changed_are_refused_or_change_nothing(
    true: tuple[bytes, bytes, str], data: st.DataObject
) -> None:
    file = true[0]
    at, cut = data.draw(st.integers(0, len(file) - 1)), data.draw(st.integers(0, 40))
    changed_file = file[:at] + data.draw(st.binary(max_size=8)) + file[at + cut :]
    try:
        proof = verify_trace.proof_of(changed_file)
        verify_trace.check_signed(proof.checkpoint, proof.keys, "The checkpoint")
        verify_trace.check_chain(proof)
    except (verify_trace.Wrong, UnicodeError):
        return
    whole = verify_trace.proof_of(file)
    assert [line.event for line in proof.lines] == [line.event for line in whole.lines]
    assert proof.checkpoint.text == whole.checkpoint.text


def _without(number: int) -> Callable[[Said], None]:
    def change(said: Said) -> None:
        gone = said["lines"].pop(number)
        said["entries"] = [one for one in said["entries"] if one["index"] != gone["entry"]]

    return change


def _swap(said: Said) -> None:
    said["lines"][1], said["lines"][2] = said["lines"][2], said["lines"][1]


def _renumber(said: Said) -> None:
    _without(3)(said)
    for number, line in enumerate(said["lines"]):
        line["number"] = number + 1


def _twice(said: Said) -> None:
    said["lines"].append(said["lines"][-1] | {"number": 8})


def _own_root(said: Said) -> None:
    lines = said["checkpoint"].split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    said["checkpoint"] = "\n".join(lines)


def _set(name: str, value: Any) -> Callable[[Said], None]:
    def change(said: Said) -> None:
        said[name] = value

    return change


FORGED: dict[str, tuple[Callable[[Said], None], str]] = {
    "a line left out": (_without(3), "After line 3 comes line 5: lines are missing or out of order."),
    "the first line left out": (_without(0), "The first lines are missing: the file begins with line 2."),
    "two lines swapped": (_swap, "After line 1 comes line 3: lines are missing or out of order."),
    "the others renumbered": (_renumber, "Line 4 is not at this place of its chain."),
    "a line twice": (_twice, "Line 8 is not at this place of its chain."),
    "another root": (_own_root, "is not in the tree that was signed."),
    "another audience": (_set("audience", "representatives"), "Line 1 is not at this place of its chain."),
    "an audience that is none": (_set("audience", "insurer"), "The file does not say what it proves, and to whom."),
    "another key of the chain": (_set("chain_key", f"{'A' * 43}="), "Line 1 is not at this place of its chain."),
    "told as one line": (_set("scope", "line"), "The file does not hold the number of lines that it should."),
    "another format": (_set("format", "espace-trace-proof/2"), "This file is not a proof of the access log"),
    "a field too many": (_set("comment", "hello"), "The file does not have the fields that the format states."),
    "no key": (_set("keys", []), "is not signed by a key of the log"),
    "entries of nobody": (lambda said: said["lines"].clear(), "The file holds leaves of no line."),
    "a number as a text": (_set("waiting", "0"), "The file does not have the fields that the format states."),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_file_is_refused_with_its_reason(
    name: str, true: tuple[bytes, bytes, str], tmp_path: Path, keys: str
) -> None:
    change, why = FORGED[name]
    said = json.loads(true[0])
    change(said)
    without_keys, with_keys = verified(written(said), tmp_path), verified(written(said), tmp_path, keys=keys)
    assert why in (without_keys if name == "no key" else with_keys)
    assert without_keys


def test_the_last_lines_left_out_are_seen_in_the_published_entries(
    true: tuple[bytes, bytes, str], tmp_path: Path, keys: str, db: None
) -> None:
    said = json.loads(true[0])
    _without(6)(said)
    log = str(mirror(tmp_path / "log"))
    assert verified(written(said), tmp_path, keys=keys) == ""
    why = verified(written(said), tmp_path, keys=keys, log=log, scan=True)
    assert why == "The log holds line 7 of this chain, and the file leaves it out."


def test_lines_of_two_people_are_not_one_file(true: tuple[bytes, bytes, str], tmp_path: Path) -> None:
    anne, paul = json.loads(true[0]), json.loads(true[1])
    kept = {one["index"]: one for one in anne["entries"]} | {one["index"]: one for one in paul["entries"]}
    anne["lines"].append(paul["lines"][1] | {"number": 8})
    anne["entries"] = list(kept.values())
    assert verified(written(anne), tmp_path) == "Line 8 is not at this place of its chain."


def _signed(origin: str, leaves: list[bytes]) -> tuple[str, str]:
    """A checkpoint of a log of one's own, and its key."""
    private = Ed25519PrivateKey.generate()
    key = LogKey(origin, 1, private.public_key().public_bytes_raw())
    text = checkpoint_text(origin, len(leaves), merkle.root(leaves))
    return signed_note(text, [(key, private.sign(text.encode()))]), verifier_key(key)


@pytest.mark.parametrize("origin", ["ailleurs.example/transparency", ORIGIN])
def test_another_log_s_signature_is_refused_by_whoever_knows_the_key(
    origin: str, true: tuple[bytes, bytes, str], tmp_path: Path, keys: str
) -> None:
    said = json.loads(true[0])
    entries = {one["index"]: base64.b64decode(one["data"]) for one in said["entries"]}
    leaves = [entries.get(index, bytes(128)) for index in range(max(entries) + 1)]
    said["checkpoint"], key = _signed(origin, leaves)
    said["keys"] = [key]
    for one in said["entries"]:
        one["proof"] = [base64.b64encode(step).decode() for step in merkle.inclusion_proof(one["index"], leaves)]
    assert verified(written(said), tmp_path) == ""
    assert "is not signed by a key of the log" in verified(written(said), tmp_path, keys=keys)


def test_a_replayed_file_is_refused_against_a_later_checkpoint_of_another_history(
    true: tuple[bytes, bytes, str], tmp_path: Path
) -> None:
    said = json.loads(true[0])
    origin, size, *_ = said["checkpoint"].split("\n")
    other, key = _signed(origin, [bytes((1,)) * 128] * int(size))
    (tmp_path / "other").write_text(other)
    (tmp_path / "both").write_text(key + "\n" + said["keys"][0])
    why = verified(true[0], tmp_path, keys=str(tmp_path / "both"), checkpoint=[str(tmp_path / "other")])
    assert "state two trees of one size: there are two histories." in why


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b'"text"', b"\xff\xfe", b"[" * 200_000, b'{"format":' * 50_000, b"9" * 100_000,
        b'{"format": "espace-trace-proof/1", "format": "espace-trace-proof/1"}', b'{"format": [1]}',
        b'{"format": "espace-trace-proof/1"}', b"\x00" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_proof_is_refused_in_a_sentence(data: bytes, tmp_path: Path) -> None:
    assert verified(data, tmp_path).endswith(".")


def test_a_file_without_end_is_read_to_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_trace, "MOST_BYTES", 1000)
    assert "is larger than any proof: 1000 bytes." in verified(b" " * 1001, tmp_path)


@pytest.mark.parametrize("value", ["\ud800", "a\x1b[2Jb", "\u202e", "A" * 20_000, "", "—", "\n\n"])
def test_hostile_texts_are_refused(value: str, true: tuple[bytes, bytes, str], tmp_path: Path) -> None:
    for path in (("checkpoint",), ("chain_key",), ("keys", 0), ("lines", 0, "event"), ("entries", 0, "data")):
        said = json.loads(true[0])
        target = said
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
        (tmp_path / "proof.json").write_bytes(json.dumps(said).encode())
        options = verify_trace.argparse.Namespace(
            proof=str(tmp_path / "proof.json"), keys=None, checkpoint=[], log=None, scan=False
        )
        assert verify_trace.run(options) == 1
