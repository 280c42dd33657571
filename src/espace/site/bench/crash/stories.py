"""What the ledger says happened to each document, and what is therefore sure at each moment.

A client does one thing after the other with the documents that it deposited, so that only what is under way while
somebody looks can be one way or the other. Times are those of the monotonic clock.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from espace.site.bench.crash.facts import FILED, MASKINGS, READINGS, SEARCHES, Act, Line, Phase


@dataclass(slots=True)
class Operation:
    """One operation, however often it was sent: the first time, the answers, and the times that it was sent."""

    act: Act
    patient: str
    first: Line
    sends: int = 0
    last_sent: float = math.inf
    answers: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    stuck: bool = False

    @property
    def begun(self) -> float:
        return self.first.at

    @property
    def ended(self) -> float:
        """When it was first acknowledged."""
        return self.answers[0].at if self.answers else math.inf

    def surely(self, begin: float, end: float) -> bool | None:
        """Whether it was done for somebody who looked between these times; None when it may or may not."""
        return True if self.ended <= begin else False if self.begun >= end else None


@dataclass(slots=True)
class Chain:
    """What all the versions of one document share: the masks, and whether one of them was deleted."""

    masks: list[Operation] = field(default_factory=list)
    cut: bool = False


@dataclass(slots=True)
class Story:
    """One document: its deposit, the entries that it was given, what replaced it, its deletion."""

    deposit: Operation
    entries: tuple[str, ...]
    chain: Chain = field(default_factory=Chain)
    replaced: Operation | None = None
    deleted: Operation | None = None

    @property
    def entry(self) -> str:
        return self.entries[0] if self.entries else ""

    @property
    def digest(self) -> str:
        return self.deposit.first.digest

    def masked(self, begin: float, end: float) -> bool | None:
        """Whether professionals could not see it between these times; None while that changed."""
        sure = [(one, one.surely(begin, end)) for one in self.chain.masks]
        if any(done is None for _one, done in sure):
            return None
        last = max((one for one, done in sure if done), key=lambda one: one.begun, default=None)
        return last is not None and last.act is Act.MASK


def operations(ledger: Iterable[Line]) -> list[Operation]:
    """By number, in the order of the ledger."""
    found: dict[int, Operation] = {}
    for line in ledger:
        one = found.setdefault(line.number, Operation(line.act, line.patient, line))
        if line.phase is Phase.SEND:
            one.sends += 1
            one.last_sent = line.at
        elif line.phase is Phase.ACK:
            one.answers.append(line)
        elif line.phase is Phase.REFUSED:
            one.refused.append(line)
        elif line.phase is Phase.STUCK:
            one.stuck = True
    return list(found.values())


def stories(done: Sequence[Operation]) -> list[Story]:
    """Every document that was ever sent, the oldest first; a mask put on one version is on all."""
    told = [Story(one, tuple(dict.fromkeys(a.entry for a in one.answers))) for one in done if one.act in FILED]
    by_entry = {entry: story for story in told for entry in story.entries}
    for story in told:
        if (older := by_entry.get(story.deposit.first.target)) is not None:
            older.replaced, story.chain = story.deposit, older.chain
    for one in done:
        if (named := by_entry.get(one.first.entry)) is None:
            continue
        if one.act is Act.DELETE:
            named.deleted, named.chain.cut = one, True
        elif one.act in MASKINGS:
            named.chain.masks.append(one)
    return told


def looks(done: Sequence[Operation]) -> list[tuple[Operation, Line]]:
    """Every look that was answered, with its answer."""
    return [(one, one.answers[0]) for one in done if one.act in READINGS | SEARCHES and one.answers]
