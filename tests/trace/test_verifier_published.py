"""The verifier against a published log on paper: what extends, what was left out, what is another history."""

import io
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from espace.site import verify_trace
from espace.site.verify_trace import Checkpoint, Log, Wrong
from espace.trace.rules import chains, merkle
from espace.trace.rules.notes import verifier_key
from paper_log import (
    KEY,
    KEYS,
    ORIGIN,
    Paper,
    chance,
    file_of,
    log_key,
    note_of,
    options_of,
    paper,
    publish,
    refusal,
    written,
)  # fmt: skip

PLACES = (3, 40, 120, 255, 256, 290)
LOG = paper(600, (*PLACES, 299, 300, 599))
"""Nine lines in six hundred leaves: seven lie in the first three hundred, and one just after."""
LEFT_OUT = "The log holds line 7 of this chain, and the file leaves it out."
TWICE = "The log holds two different lines of one number: somebody was shown another history."
OTHER_ENTRIES = "The published entries are not those that were signed."
HISTORIES = "and the log as it is now are two histories: what had been signed was changed."
CUT = "A bundle of entries of the published log is cut."
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def checkpoint(leaves: tuple[bytes, ...], origin: str = "log") -> Checkpoint:
    return Checkpoint(origin, len(leaves), merkle.root(leaves), "", ())


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    return publish(tmp_path_factory.mktemp("log"), LOG.leaves)


@pytest.fixture
def keys(tmp_path: Path) -> str:
    return written(tmp_path, "keys", KEYS)


# --- extending ----------------------------------------------------------------------------------------------


def test_every_log_extends_all_its_beginnings_and_no_other(tmp_path: Path) -> None:
    leaves = LOG.leaves
    for size in (1, 2, 3, 7, 8, 13, 255, 256, 257, 300, 512, 600):
        there = Log(publish(tmp_path / str(size), leaves[:size]))
        now = checkpoint(leaves[:size])
        for old in {one for one in (0, 1, 2, 3, 4, 6, 7, 12, 128, 255, 256, 257, 300, 511, 512, size) if one <= size}:
            verify_trace.check_extends(there, checkpoint(leaves[:old]), now, "It")
            forged = checkpoint(leaves[:old])._replace(root=bytes(32))
            with pytest.raises(Wrong) as caught:
                verify_trace.check_extends(there, forged, now, "It")
            assert str(caught.value) == f"It {HISTORIES}"


def test_a_log_that_goes_back_or_bears_another_name_extends_nothing(log: str) -> None:
    now = checkpoint(LOG.leaves)
    with pytest.raises(Wrong) as caught:
        verify_trace.check_extends(Log(log), checkpoint((*LOG.leaves, b"")), now, "It")
    assert str(caught.value) == "It has 601 leaves and the log 600 now: it was rolled back."
    with pytest.raises(Wrong) as caught:
        verify_trace.check_extends(Log(log), checkpoint(LOG.leaves[:5], "other"), now, "It")
    assert str(caught.value) == "It is another log's: « other », not « log »."


def test_new_leaves_that_are_not_those_signed_are_seen(tmp_path: Path) -> None:
    there = Log(publish(tmp_path, (*LOG.leaves[:599], chance("other"))))
    with pytest.raises(Wrong) as caught:
        verify_trace.check_extends(there, checkpoint(LOG.leaves[:300]), checkpoint(LOG.leaves), "It")
    assert str(caught.value) == f"It {HISTORIES}"


def test_a_published_hash_over_new_leaves_that_is_not_theirs_is_seen(tmp_path: Path) -> None:
    """The hash over leaves 256 to 511, though these themselves are right."""
    there = Log(publish(tmp_path, LOG.leaves))
    upper = tmp_path / "tile" / "1" / "000.p" / "2"
    upper.write_bytes(upper.read_bytes()[:32] + chance("other"))
    with pytest.raises(Wrong) as caught:
        verify_trace.check_extends(there, checkpoint(LOG.leaves[:256]), checkpoint(LOG.leaves), "It")
    assert str(caught.value) == f"It {HISTORIES}"


# --- tiles --------------------------------------------------------------------------------------------------


class Asked(Log):
    """A log that notes what it is asked for, and has 256 numbered hashes everywhere."""

    seen: list[str] = []

    def get(self, name: str) -> bytes:
        self.seen.append(name)
        return b"".join(chance(number) for number in range(256))


@pytest.mark.parametrize(
    ("kind", "number", "size", "name"),
    [
        ("0", 0, 1, "tile/0/000.p/1"),
        ("0", 0, 255, "tile/0/000.p/255"),
        ("0", 0, 256, "tile/0/000"),
        ("0", 0, 900, "tile/0/000"),
        ("1", 3, 900, "tile/1/003.p/132"),
        ("entries", 999, 256_000, "tile/entries/999"),
        ("entries", 1000, 256_001, "tile/entries/x001/000.p/1"),
        ("0", 1_234_067, 1_234_067 * 256 + 70, "tile/0/x001/x234/067.p/70"),
        ("0", 5_000_010, 5_000_011 * 256, "tile/0/x005/x000/010"),
    ],
)
def test_a_tile_has_one_name(kind: str, number: int, size: int, name: str) -> None:
    asked = Asked("")
    asked.seen.clear()
    asked.tile(kind, number, size)
    assert asked.seen == [name]


def _top(first: int, last: int) -> bytes:
    hashes = [chance(number) for number in range(first, last)]
    while len(hashes) > 1:
        hashes = [merkle.node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


@pytest.mark.parametrize(
    ("height", "place", "name", "found"),
    [
        (0, 5, "tile/0/000", _top(5, 6)),
        (0, 261, "tile/0/001", _top(5, 6)),
        (2, 3, "tile/0/000", _top(12, 16)),
        (7, 5, "tile/0/002", _top(128, 256)),
        (8, 1, "tile/1/000", _top(1, 2)),
        (9, 129, "tile/1/001", _top(2, 4)),
        (16, 3, "tile/2/000.p/4", _top(3, 4)),
    ],
)
def test_a_hash_of_any_height_is_made_from_one_tile(height: int, place: int, name: str, found: bytes) -> None:
    asked = Asked("")
    asked.seen.clear()
    assert asked.node(height, place, 4 * 65_536) == found
    assert asked.seen == [name]


def test_entries_are_those_of_the_size_asked_and_none_is_cut(log: str, tmp_path: Path) -> None:
    assert tuple(Log(log).entries(600)) == LOG.leaves
    assert tuple(Log(publish(tmp_path / "less", LOG.leaves[:256])).entries(256)) == LOG.leaves[:256]
    assert tuple(Log(log).entries(0)) == ()
    bundle = Path(publish(tmp_path / "five", LOG.leaves[:5])) / "tile" / "entries" / "000.p" / "5"
    whole = bundle.read_bytes()
    for cut in (whole[:-1], whole[:130] + b"\0\x81" + whole[132:], whole[:130] + b"\x01\x80" + whole[132:], b""):
        bundle.write_bytes(cut)
        with pytest.raises(Wrong) as caught:
            list(Log(str(tmp_path / "five")).entries(5))
        assert str(caught.value) == CUT


# --- where the log is ---------------------------------------------------------------------------------------


def test_a_log_at_an_address_is_asked_there_and_waited_for_half_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []

    def answers(address: str, timeout: float) -> io.BytesIO:
        asked.append((address, timeout))
        return io.BytesIO(b"answer")

    monkeypatch.setattr(verify_trace, "urlopen", answers)
    monkeypatch.setattr(verify_trace, "MOST_BYTES", 4)
    assert Log("https://log.example/t").get("checkpoint") == b"answ"
    assert Log("http://log.example/t").get("tile/0/000") == b"answ"
    assert asked == [("https://log.example/t/checkpoint", 30), ("http://log.example/t/tile/0/000", 30)]


@pytest.mark.parametrize("failure", [OSError, ValueError])
def test_a_log_that_does_not_answer_is_said(failure: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(address: str, timeout: float) -> Any:
        raise failure

    monkeypatch.setattr(verify_trace, "urlopen", fails)
    for place in ("http://log.example", "absent folder"):
        with pytest.raises(Wrong) as caught:
            Log(place).get("checkpoint")
        assert str(caught.value) == "The published log has no « checkpoint », or does not answer."


# --- reading every entry ------------------------------------------------------------------------------------


def scanned(tmp_path: Path, said: Any, leaves: tuple[bytes, ...], *, note: str | None = None) -> str:
    there = publish(tmp_path / "scanned", leaves, note=note)
    return refusal(tmp_path, said, keys=written(tmp_path, "keys", KEYS), log=there, scan=True)


def test_a_file_that_leaves_nothing_out_holds(tmp_path: Path) -> None:
    assert scanned(tmp_path, file_of(LOG), LOG.leaves) == ""
    assert scanned(tmp_path, file_of(LOG, size=300, numbers=range(1, 8)), LOG.leaves) == ""
    assert scanned(tmp_path, file_of(LOG, numbers=[2], whole=False), LOG.leaves) == ""


@pytest.mark.parametrize(("size", "why"), [(299, ""), (300, LEFT_OUT), (600, LEFT_OUT)])
def test_a_line_that_the_checkpoint_covers_is_not_left_out(size: int, why: str, tmp_path: Path, log: str) -> None:
    six = file_of(LOG, size=size, numbers=range(1, 7))
    assert scanned(tmp_path, six, LOG.leaves) == why
    assert refusal(tmp_path, six, log=log) == ""


def test_a_file_without_lines_proves_nothing_whatever_the_log_holds(tmp_path: Path) -> None:
    nothing = "The file holds no line: it proves nothing."
    assert scanned(tmp_path, file_of(LOG, numbers=[]), LOG.leaves) == nothing
    assert scanned(tmp_path, file_of(paper(9, ())), paper(9, ()).leaves) == nothing


@pytest.mark.parametrize("at", [0, 2, 301, 598])
def test_a_line_told_twice_is_seen_wherever_the_other_stands(at: int, tmp_path: Path) -> None:
    leaf = LOG.leaves[at]
    double = (*LOG.leaves[:at], leaf[:32] + chains.tag(KEY, LOG.audience, 2) + leaf[48:], *LOG.leaves[at + 1 :])
    assert scanned(tmp_path, file_of(Paper(double, LOG.lines)), double) == TWICE


def test_entries_that_are_not_those_of_the_hashes_are_seen(tmp_path: Path) -> None:
    for at in (0, 255, 256, 299):
        there = publish(tmp_path / str(at), LOG.leaves[:300])
        bundle = tmp_path / str(at) / "tile" / "entries" / ("000" if at < 256 else "001.p/44")
        data = bytearray(bundle.read_bytes())
        data[130 * (at % 256) + 129] ^= 1
        bundle.write_bytes(bytes(data))
        said = file_of(LOG, size=300, numbers=range(1, 8))
        assert refusal(tmp_path, said, keys=written(tmp_path, "keys", KEYS), log=there, scan=True) == OTHER_ENTRIES


# --- earlier checkpoints ------------------------------------------------------------------------------------


def test_a_checkpoint_kept_from_before_is_compared(tmp_path: Path, keys: str, log: str) -> None:
    said = file_of(LOG, size=300, numbers=range(1, 8))
    same = written(tmp_path, "same", note_of(LOG.leaves[:300]))
    earlier = written(tmp_path, "earlier", note_of(LOG.leaves[:9]))
    forked = written(tmp_path, "forked", note_of([chance("other")] * 300))
    other = written(tmp_path, "other", note_of(LOG.leaves[:9], private=OTHER))
    no_log = "Comparing checkpoints takes the published log: add --log with its address or a copy of it."
    for kept, where, why in (
        ([same], None, ""),
        ([earlier], None, no_log),
        ([same, earlier], None, no_log),
        ([same, earlier], log, ""),
        ([forked], None, f"{forked} and the file state two trees of one size: there are two histories."),
        ([same, forked], log, f"{forked} and the file state two trees of one size: there are two histories."),
        ([other], log, f"{other} is not signed by a key of the log: it is forged, altered, or another log's."),
        ([keys], None, f"{keys} is not a signed checkpoint."),
    ):
        assert refusal(tmp_path, said, keys=keys, checkpoint=kept, log=where) == why


def test_a_checkpoint_of_another_log_is_not_an_earlier_one(tmp_path: Path, log: str) -> None:
    name = "ailleurs.example"
    both = written(tmp_path, "both", f"{KEYS}\n{verifier_key(log_key(origin=name))}")
    foreign = written(tmp_path, "foreign", note_of(LOG.leaves[:300], origin=name))
    said = file_of(LOG, size=300, numbers=range(1, 8))
    why = refusal(tmp_path, said, keys=both, checkpoint=[foreign], log=log)
    assert why == f"{foreign} is another log's: « {name} », not « {ORIGIN} »."


def test_an_earlier_checkpoint_that_the_log_does_not_extend(tmp_path: Path, keys: str, log: str) -> None:
    forked = written(tmp_path, "forked", note_of([chance("other")] * 9))
    assert refusal(tmp_path, file_of(LOG), keys=keys, checkpoint=[forked], log=log) == f"{forked} {HISTORIES}"
    shorter = publish(tmp_path / "shorter", LOG.leaves[:300])
    rolled = "The file has 600 leaves and the log 300 now: it was rolled back."
    assert refusal(tmp_path, file_of(LOG), keys=keys, log=shorter) == rolled


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("hello", "The published checkpoint is not a signed checkpoint."),
        (note_of(LOG.leaves, private=OTHER),
         "The published checkpoint is not signed by a key of the log: it is forged, altered, or another log's."),
    ],
)  # fmt: skip
def test_the_published_checkpoint_is_checked_too(note: str, why: str, tmp_path: Path) -> None:
    assert scanned(tmp_path, file_of(LOG), LOG.leaves, note=note) == why


def test_what_the_program_says_of_the_published_log(
    tmp_path: Path, keys: str, log: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify_trace.run(options_of(tmp_path, file_of(LOG), keys=keys, log=log)) == 0
    assert capsys.readouterr().out.splitlines() == [
        "9 lines: each is as it was written, in its place, in the log that was signed.",
        "They are numbers 1 to 9 of one chain (holder, 'anne').",
        "The published log of 600 leaves extends every checkpoint that was given.",
        "Not looked for: other lines of this chain, which the file may leave out.",
        "Everything that was asked holds.",
    ]
