"""The checker alone, on evidence made by hand: right as it is, and one fault named for each thing that is changed."""

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from espace.kernel.values import replace
from espace.site.bench.crash.evidence import Entry, Evidence, Listed, Rows, Told, Traced
from espace.site.bench.crash.facts import Act, Line, Phase
from espace.site.bench.crash.judge import judged

PATIENT, ONE, TWO, SET_ONE, SET_TWO = "p", "e1", "e2", "s1", "s2"
DIGEST_ONE, DIGEST_TWO = (hashlib.sha256(text).hexdigest() for text in (b"one", b"two"))
LEAVES = tuple(hashlib.sha256(bytes([number])).digest() for number in range(7))


def said(number: int, act: Act, at: float, **more: Any) -> list[Line]:
    """An operation: sent at a time, answered one second later."""
    told = {name: more.pop(name) for name in ("listed", "status") if name in more}
    sent = msgspec.structs.replace(Line(number, Phase.SEND, act, at, PATIENT), **more)
    found = {"entry": more["given"]} if "given" in more else {}
    return [sent, msgspec.structs.replace(sent, phase=Phase.ACK, at=at + 1, **({"status": 200} | told | found))]


def deposit(number: int, at: float, document: str, entry: str, digest: str) -> list[Line]:
    sent, answered = said(number, Act.DEPOSIT, at, document=document, digest=digest)
    return [sent, msgspec.structs.replace(answered, entry=entry)]


LEDGER = [
    *deposit(1, 1, "11", ONE, DIGEST_ONE),
    *deposit(2, 3, "12", TWO, DIGEST_TWO),
    *said(3, Act.MASK, 5, entry=ONE, status=302),
    *said(4, Act.READ, 7, entry=ONE, digest=DIGEST_ONE),
    *said(5, Act.DOCTOR_READ, 9, entry=ONE, status=404),
    *said(6, Act.SEARCH, 11, listed=(ONE, TWO)),
    *said(7, Act.DOCTOR_SEARCH, 13, listed=(TWO,)),
    *said(8, Act.DOCTOR_READ, 15, entry=TWO, digest=DIGEST_TWO),
]
LINES = (
    Traced(PATIENT, "l1", "deposit", "organisation", "allowed", (ONE,)),
    Traced(PATIENT, "l2", "deposit", "organisation", "allowed", (TWO,)),
    Traced(PATIENT, "l3", "mask", "holder", "allowed", (ONE,)),
    Traced(PATIENT, "l4", "download", "holder", "allowed", (ONE,)),
    Traced(PATIENT, "l5", "list", "holder", "allowed", (ONE, TWO)),
    Traced(PATIENT, "l6", "list", "professional", "allowed", (TWO,)),
    Traced(PATIENT, "l7", "download", "professional", "allowed", (TWO,)),
)
ROWS = Rows(
    entries=(
        Entry(PATIENT, ONE, SET_ONE, "Approved", "c1", DIGEST_ONE),
        Entry(PATIENT, TWO, SET_TWO, "Approved", "c2", DIGEST_TWO),
    ),
    submissions=frozenset({SET_ONE, SET_TWO}),
    located=frozenset({ONE, TWO, SET_ONE, SET_TWO}),
    named=(ONE, TWO, SET_ONE, SET_TWO),
    associations=(),
    restrictions=((ONE, "MASQUE_PS"),),
    lines=LINES,
    broken_lines=(),
    commitments=LEAVES,
    leaves=tuple(enumerate(LEAVES)),
    pending=(),
    waiting=0,
    dead=0,
    counted={"deposit": 2, "reading": 2},
)
SEEN_ONE, SEEN_TWO = Listed(ONE, "11", "current", masked=True), Listed(TWO, "12", "current", masked=False)
TOLD = Told((SEEN_ONE, SEEN_TWO), (SEEN_TWO,), {ONE: (200, DIGEST_ONE), TWO: (200, DIGEST_TWO)})
RIGHT = Evidence(tuple(LEDGER), ROWS, {PATIENT: TOLD})


def ledger(change: Callable[[Line], Line | None]) -> Evidence:
    """Every line of the ledger, changed or left out."""
    return replace(RIGHT, ledger=tuple(line for one in LEDGER if (line := change(one)) is not None))


def answer(number: int, **values: Any) -> Evidence:
    """The answer of one operation, changed."""
    return ledger(
        lambda one: msgspec.structs.replace(one, **values)
        if one.number == number and one.phase is not Phase.SEND
        else one
    )


def rows(**values: Any) -> Evidence:
    return replace(RIGHT, rows=replace(ROWS, **values))


def told(**values: Any) -> Evidence:
    return replace(RIGHT, told={PATIENT: replace(TOLD, **values)})


AGAIN = msgspec.structs.replace(LEDGER[1], entry="e3", at=2.5)
SUPERSEDED = replace(SEEN_ONE, status="superseded")

WRONG: dict[str, tuple[Evidence, str]] = {
    "a deposit given two identifiers": (replace(RIGHT, ledger=(*LEDGER, AGAIN)), "duplicate"),
    "a deposit refused": (answer(1, phase=Phase.REFUSED, status=422), "refused"),
    "an operation given up": (answer(3, phase=Phase.STUCK), "unanswered"),
    "a row that is not there": (rows(entries=ROWS.entries[1:]), "lost"),
    "a row that nobody knows": (rows(entries=(*ROWS.entries, replace(ROWS.entries[0], id="e9"))), "duplicate"),
    "a content that is not there": (
        rows(entries=(replace(ROWS.entries[0], digest="missing"), ROWS.entries[1])),
        "lost",
    ),
    "another content": (rows(entries=(replace(ROWS.entries[0], digest=DIGEST_TWO), ROWS.entries[1])), "altered"),
    "a set without document": (rows(submissions=ROWS.submissions | {"s9"}), "half_visible"),
    "a set that is not there": (rows(submissions=frozenset({SET_ONE})), "half_visible"),
    "a document without place": (rows(located=ROWS.located - {ONE}), "half_visible"),
    "an identifier of nothing": (rows(named=(*ROWS.named, "e9")), "half_visible"),
    "two identifiers of one": (rows(named=(*ROWS.named, ONE)), "duplicate"),
    "a mask of nothing": (rows(restrictions=(*ROWS.restrictions, ("e9", "MASQUE_PS"))), "half_visible"),
    "a replacement of nothing": (rows(associations=(("RPLC", ONE, "e9"),)), "half_visible"),
    "a mask that is not there": (rows(restrictions=()), "undone"),
    "a mask that nobody put": (rows(restrictions=(*ROWS.restrictions, (TWO, "MASQUE_PS"))), "undone"),
    "a document deleted by nobody": (
        rows(entries=(ROWS.entries[0], replace(ROWS.entries[1], status="Deleted"))),
        "undone",
    ),
    "a document not told to its holder": (told(holder=(SEEN_TWO,)), "lost"),
    "a document told twice": (told(holder=(SEEN_ONE, SEEN_TWO, SEEN_TWO)), "duplicate"),
    "a document told and sent by nobody": (told(holder=(*TOLD.holder, replace(SEEN_TWO, entry="e9"))), "half_visible"),
    "a document told under another identifier": (told(holder=(SEEN_ONE, replace(SEEN_TWO, document="9"))), "altered"),
    "a document told as replaced": (told(holder=(SUPERSEDED, SEEN_TWO)), "undone"),
    "a masked document told as visible": (told(holder=(replace(SEEN_ONE, masked=False), SEEN_TWO)), "undone"),
    "a masked document told to a doctor": (told(doctor=(SEEN_ONE, SEEN_TWO)), "shown"),
    "a document not told to a doctor": (told(doctor=()), "lost"),
    "a document not served": (told(served={**TOLD.served, ONE: (404, "")}), "lost"),
    "a document served with other bytes": (told(served={**TOLD.served, ONE: (200, DIGEST_TWO)}), "altered"),
    "other bytes were served": (answer(4, digest=DIGEST_TWO), "altered"),
    "an acknowledged document was not served": (answer(4, status=404), "lost"),
    "a masked document was served to a doctor": (answer(5, status=200, digest=DIGEST_ONE), "shown"),
    "a search without a document": (answer(6, listed=(ONE,)), "lost"),
    "a search with one twice": (answer(6, listed=(ONE, TWO, TWO)), "duplicate"),
    "a search with one that nobody sent": (answer(6, listed=(ONE, TWO, "e9")), "half_visible"),
    "a search that tells a doctor of a masked one": (answer(7, listed=(ONE, TWO)), "shown"),
    "a reading without its line": (rows(lines=LINES[:3] + LINES[4:]), "untraced"),
    "a search whose line names less": (
        rows(lines=(*LINES[:4], replace(LINES[4], objects=(ONE,)), *LINES[5:])),
        "untraced",
    ),
    "a line that nobody asked for": (ledger(lambda one: None if one.number == 4 else one), "unasked"),
    "a line that does not open": (rows(broken_lines=("l9",)), "trace_gap"),
    "a gap between leaves": (rows(leaves=(*ROWS.leaves[:3], (9, LEAVES[3]), *ROWS.leaves[4:])), "trace_gap"),
    "a leaf without line": (rows(commitments=LEAVES[1:]), "trace_gap"),
    "a line without leaf": (rows(leaves=ROWS.leaves[:-1]), "trace_gap"),
    "a leaf twice": (rows(leaves=(*ROWS.leaves, (7, LEAVES[0]))), "trace_gap"),
    "a line that still waits": (rows(leaves=ROWS.leaves[:-1], pending=LEAVES[-1:]), "dropped"),
    "an event given up": (rows(dead=1), "dropped"),
    "an event left": (rows(waiting=1), "dropped"),
    "a deposit counted twice": (rows(counted={"deposit": 3, "reading": 2}), "duplicate"),
    "a reading not counted": (rows(counted={"deposit": 2}), "dropped"),
}


def test_right_evidence_has_no_fault() -> None:
    assert judged(RIGHT) == []


@pytest.mark.parametrize("name", WRONG)
def test_one_thing_wrong_is_named(name: str) -> None:
    evidence, fault = WRONG[name]
    assert fault in {one.fault for one in judged(evidence)}


def test_what_is_under_way_may_be_seen_either_way() -> None:
    """The mask and both looks overlap: neither answer is a fault."""
    for listed in ((TWO,), (ONE, TWO)):
        early = [msgspec.structs.replace(one, at=5.5) if one.number == 7 else one for one in LEDGER]
        seen = [msgspec.structs.replace(one, listed=listed) if one.number == 7 and one.listed else one for one in early]
        lines = tuple(replace(one, objects=listed) if one.id == "l6" else one for one in LINES)
        assert judged(Evidence(tuple(seen), replace(ROWS, lines=lines), RIGHT.told)) == []


def test_a_request_without_answer_may_have_its_line_or_not() -> None:
    """Sent twice, answered once: one line and two lines are both right, none and three are not."""
    resent = replace(RIGHT, ledger=(LEDGER[6], *LEDGER))
    faults = {}
    for count in range(4):
        lines, counted = (*LINES[:3], *LINES[4:], *LINES[3:4] * count), {"deposit": 2, "reading": 1 + count}
        found = judged(replace(resent, rows=replace(ROWS, lines=lines, counted=counted)))
        faults[count] = {one.fault for one in found}
    assert faults == {0: {"untraced"}, 1: set(), 2: set(), 3: {"unasked"}}
