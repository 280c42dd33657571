"""The verifier against a log on paper: checkpoints, who signed them, and what the program says. No database."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from espace.keys.facts import LogKey
from espace.site import verify_trace
from espace.site.verify_trace import Checkpoint, Wrong
from espace.trace.rules.notes import key_id, signed_note, verifier_key
from paper_log import (
    KEYS,
    ORIGIN,
    PRIVATE,
    Said,
    b64,
    chance,
    event_of,
    file_of,
    log_key,
    note_of,
    options_of,
    paper,
    written,
)  # fmt: skip

TRUE = json.dumps(file_of(paper(300, (3, 40, 41, 120, 255, 256, 290))))


def true() -> Said:
    """A true file of seven lines."""
    said: Said = json.loads(TRUE)
    return said


# --- checkpoints --------------------------------------------------------------------------------------------

ROOT = b64(bytes(32))
SIGNED = "— log AAAA\n"
SHORT = b64(bytes(31))
NONE, SIZE, LINE = "is not a signed checkpoint.", "states no number of leaves.", "bears a line that is not a signature."


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("", NONE),
        (f"log\n3\n{ROOT}\n{SIGNED}", NONE),
        (f"log\n3\n{ROOT}\n\n", NONE),
        (f"log\n3\n{ROOT}\n\n— log AAAA", NONE),
        (f"log\n3\n{ROOT}\n\n{SIGNED}\n", LINE),
        (f"\n3\n{ROOT}\n\n{SIGNED}", NONE),
        (f"log\n3\n{ROOT}\nmore\n\n{SIGNED}", NONE),
        (f"log\n3\n\n{SIGNED}", NONE),
        (f"lo\tg\n3\n{ROOT}\n\n{SIGNED}", NONE),
        (f"log\n3\n{ROOT}\n\n— l\tg AAAA\n", NONE),
        (f"log\n3\r\n{ROOT}\n\n{SIGNED}", NONE),
        (f"log\n\n{ROOT}\n\n{SIGNED}", NONE),
        (f"log\n03\n{ROOT}\n\n{SIGNED}", SIZE),
        (f"log\n-3\n{ROOT}\n\n{SIGNED}", SIZE),
        (f"log\n3 \n{ROOT}\n\n{SIGNED}", SIZE),
        (f"log\n٣\n{ROOT}\n\n{SIGNED}", SIZE),
        (f"log\n1{'0' * 18}\n{ROOT}\n\n{SIGNED}", SIZE),
        (f"log\n3\n{ROOT}\n\n- log AAAA\n", LINE),
        (f"log\n3\n{ROOT}\n\n— log\n", LINE),
        (f"log\n3\n{ROOT}\n\n— log AAAA more\n", LINE),
        (f"log\n3\n{ROOT}\n\n{SIGNED}x{SIGNED}", LINE),
        (f"log\n3\n{ROOT}\n\n{SIGNED}\n{SIGNED}", LINE),
        (f"log\n3\n{ROOT}\n\n— log A\n", "signature is not base64."),
        (f"log\n3\n{SHORT}\n\n{SIGNED}", "root has 31 bytes instead of 32."),
    ],
)
def test_what_is_no_checkpoint(note: str, why: str) -> None:
    with pytest.raises(Wrong) as caught:
        verify_trace.checkpoint_of(note, "It")
    assert str(caught.value) == ("It: " if "bytes" in why or "base64" in why else "It ") + why


@pytest.mark.parametrize("size", ["0", "7", "10", "9" * 18])
def test_a_checkpoint_says_origin_size_root_and_signatures(size: str) -> None:
    note = f"a log\n{size}\n{ROOT}\n\n— a+b AAAA\n— c AAAB\n"
    assert verify_trace.checkpoint_of(note, "It") == Checkpoint(
        "a log", int(size), bytes(32), f"a log\n{size}\n{ROOT}\n", (("a+b", b"\0\0\0"), ("c", b"\0\0\1"))
    )


def test_a_checkpoint_is_of_so_many_letters_at_most() -> None:
    short = f"log\n3\n{ROOT}\n\n— "
    longest = short + "x" * (10_000 - len(short) - len(" AAAA\n")) + " AAAA\n"
    assert verify_trace.checkpoint_of(longest, "It").size == 3
    with pytest.raises(Wrong, match=NONE):
        verify_trace.checkpoint_of(longest.replace("—", "— x", 1).replace("— x ", "— x"), "It")


# --- signatures ---------------------------------------------------------------------------------------------

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
UNSIGNED = "It is not signed by a key of the log: it is forged, altered, or another log's."
NO_KEY = "A key of the log is not one: its identifier is not that of the key."
LEAVES = [chance("leaf", number) for number in range(5)]


def signed(note: str, *keys: str) -> str:
    """The key that signed, or why none did."""
    try:
        return verify_trace.check_signed(verify_trace.checkpoint_of(note, "It"), keys, "It")
    except Wrong as why:
        return str(why)


def key_text(name: str, public: bytes, *, identifier: bytes | None = None) -> str:
    """A key as C2SP writes it; `public` begins with its algorithm."""
    made = key_id(LogKey(name, public[0], public[1:])) if identifier is None else identifier
    return f"{name}+{made.hex()}+{b64(public)}"


def test_whichever_key_signed_is_named() -> None:
    other = verifier_key(log_key(OTHER))
    assert signed(note_of(LEAVES), KEYS) == signed(note_of(LEAVES), other, KEYS) == KEYS
    assert signed(note_of(LEAVES, private=OTHER), KEYS, other) == other
    assert signed(note_of(LEAVES, private=OTHER), KEYS) == UNSIGNED


def test_a_key_is_read_to_its_end_though_its_text_has_the_sign_that_parts_it() -> None:
    seeds = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(1, 200))
    private = next(one for one in seeds if "+" in b64(b"\1" + one.public_key().public_bytes_raw()))
    key = verifier_key(log_key(private))
    assert key.count("+") > 2
    assert signed(note_of(LEAVES, private=private), key) == key


def test_a_key_of_an_algorithm_to_come_is_passed_over() -> None:
    public = log_key().public
    for later in (b"\2" + public, b"\1" + public + b"\0", b"\1" + public[:-1]):
        assert signed(note_of(LEAVES), key_text(ORIGIN, later), KEYS) == KEYS
        assert signed(note_of(LEAVES), key_text(ORIGIN, later)) == UNSIGNED


@pytest.mark.parametrize(
    "later", [b"\2" + log_key().public, b"\1" + log_key().public + b"\0", b""], ids=["another", "longer", "none"]
)
def test_what_a_key_of_another_algorithm_signed_is_not_taken_for_signed(later: bytes) -> None:
    identifier = sha256(ORIGIN.encode() + b"\n" + later).digest()[:4]
    text = note_of(LEAVES).partition("\n\n")[0] + "\n"
    note = f"{text}\n— {ORIGIN} {b64(identifier + PRIVATE.sign(text.encode()))}\n"
    key = f"{ORIGIN}+{identifier.hex()}" + (f"+{b64(later)}" if later else "")
    assert signed(note, key) == UNSIGNED
    assert signed(note, key, KEYS) == UNSIGNED


def test_what_is_no_key_is_said() -> None:
    public = b"\1" + log_key().public
    for wrong in (
        key_text(ORIGIN, public, identifier=bytes(4)),
        key_text(ORIGIN, public, identifier=key_id(log_key()) + b"\0"),
        key_text("a\x1blog", public),
        KEYS.replace(ORIGIN, "ailleurs.example"),
    ):
        assert signed(note_of(LEAVES), wrong, KEYS) == NO_KEY
    for wrong in ("", "log", f"{ORIGIN}+{key_id(log_key()).hex()}+é"):
        assert signed(note_of(LEAVES), wrong) in (NO_KEY, "A key is not base64.")
    assert signed(note_of(LEAVES), f"{ORIGIN}+{key_id(log_key()).hex()}+é") == "A key is not base64."


def test_a_forged_signature_of_a_known_key_is_refused_even_beside_the_true_one() -> None:
    """c2sp.org/signed-note: signatures of unknown keys are passed over, one of a known key must be one."""
    note, forged = note_of(LEAVES), b64(key_id(log_key()) + bytes(64))
    text, _, line = note.partition("\n\n")
    before = f"{text}\n\n— {ORIGIN} {forged}\n{line}"
    after = f"{note}— {ORIGIN} {forged}\n"
    assert signed(before, KEYS) == signed(after, KEYS) == UNSIGNED
    assert signed(note + line, KEYS) == KEYS  # the same one twice says nothing more
    unknown = f"{note}— {ORIGIN} {b64(bytes(4) + bytes(64))}\n— temoin.example {forged}\n"
    assert signed(unknown, KEYS) == KEYS
    assert signed(f"{text}\n\n— {ORIGIN} {forged}\n", KEYS) == UNSIGNED
    assert signed(note.replace(f"— {ORIGIN}", "— autre.example"), KEYS) == UNSIGNED
    assert signed(note.replace("\n5\n", "\n6\n"), KEYS) == UNSIGNED


def test_a_signature_under_another_identifier_is_not_that_of_the_key() -> None:
    text = note_of(LEAVES).partition("\n\n")[0] + "\n"
    under = b64(bytes(4) + PRIVATE.sign(text.encode()))
    assert signed(f"{text}\n— {ORIGIN} {under}\n", KEYS) == UNSIGNED


def test_a_key_signs_for_the_log_of_its_name_only() -> None:
    text = note_of(LEAVES, origin="ailleurs.example").partition("\n\n")[0] + "\n"
    note = signed_note(text, [(log_key(), PRIVATE.sign(text.encode()))])
    assert signed(note, KEYS) == "It is of the log « ailleurs.example », and the key is another log's."


# --- the program --------------------------------------------------------------------------------------------


def test_what_the_program_says_of_a_true_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    holds = "7 lines: each is as it was written, in its place, in the log that was signed."
    whose = "They are numbers 1 to 7 of one chain (holder, 'anne')."
    stated = f"The key is the one that the file itself states. Compare it with the published one: {KEYS}"
    others = "Not looked for: other lines of this chain, which the file may leave out."
    assert verify_trace.run(options_of(tmp_path, true())) == 0
    if_key = "Everything that was asked holds, if that key is the log's."
    assert capsys.readouterr().out.splitlines() == [holds, whose, stated, others, if_key]
    assert verify_trace.run(options_of(tmp_path, true(), keys=written(tmp_path, "keys", f"x+\n{KEYS}\n"))) == 1
    assert verify_trace.run(options_of(tmp_path, true(), keys=written(tmp_path, "keys", f"{KEYS}\n"))) == 0
    verdict = "Everything that was asked holds."
    assert capsys.readouterr().out.splitlines() == [f"REFUSED. {NO_KEY}", holds, whose, others, verdict]


def test_a_name_that_a_file_states_is_printed_to_a_bound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = paper(3, (1,), events={1: event_of(1, patient="é" + "x" * 60)})
    assert verify_trace.run(options_of(tmp_path, file_of(log), keys=written(tmp_path, "keys", KEYS))) == 0
    said = capsys.readouterr().out.splitlines()[1]
    assert said == f"They are numbers 1 to 1 of one chain (holder, '\\xe9{'x' * 35})."


def test_what_the_program_says_of_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count = "The file does not hold the number of lines that it should."
    unread = "REFUSED. A file could not be read, or holds text that is none."
    assert verify_trace.run(options_of(tmp_path, true(), keys=str(tmp_path / "absent"))) == 1
    assert verify_trace.run(options_of(tmp_path, true(), keys=written(tmp_path, "keys", b"\xff"))) == 1
    assert verify_trace.run(options_of(tmp_path, true() | {"scope": "line"})) == 1
    assert capsys.readouterr().out.splitlines() == [unread, unread, f"REFUSED. {count}"]


def test_what_the_program_is_asked() -> None:
    parser = verify_trace.argparse.ArgumentParser()
    verify_trace.arguments(parser)
    asked = parser.parse_args(["P", "--keys", "K", "--checkpoint", "A", "--checkpoint", "B", "--log", "L", "--scan"])
    assert vars(asked) == {"proof": "P", "keys": "K", "checkpoint": ["A", "B"], "log": "L", "scan": True}
    assert vars(parser.parse_args(["P"])) == {
        "proof": "P", "keys": None, "checkpoint": [], "log": None, "scan": False,
    }  # fmt: skip
    assert [(one.metavar or one.dest, one.help) for one in parser._actions[1:]] == [
        ("PROOF", "the file downloaded from the history of accesses"),
        ("FILE", "the public keys of the log, kept from before or had from elsewhere"),
        ("FILE", "a checkpoint kept from before"),
        ("LOG", "the published log: its address, or a folder with a copy of it"),
        ("scan", "with --log: read every entry, to see that no line is left out"),
    ]
