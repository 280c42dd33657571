"""What a campaign prints."""

from collections import Counter
from collections.abc import Iterable

from espace.site.bench.crash.campaign import Asked, Outcome
from espace.site.bench.crash.facts import MEANING, Act, Fault, Line, Phase

MOST_TOLD = 20
TOLD = (Phase.SEND, Phase.ACK, Phase.UNKNOWN)


def table(asked: Asked, outcome: Outcome) -> str:
    """The kills, what clients did, and every fault with how often it was found: 0 is said too."""
    ledger = outcome.evidence.ledger if outcome.evidence else ()
    parts = (
        [f"{outcome.kills.total()} kills in {outcome.seconds:.0f} seconds, seed {asked.seed}"],
        _counts(outcome.kills),
        [f"{count:6}  {point}: nobody came to it in time" for point, count in sorted(outcome.missed.items())],
        ["", "what clients did: operations, times sent, answered, outcome unknown"],
        _acts(ledger),
        ["", "what was found"],
        _faults(outcome),
    )
    return "\n".join(line for part in parts for line in part)


def _counts(counted: Counter[str]) -> list[str]:
    return [f"{count:6}  {name}" for name, count in sorted(counted.items())]


def _acts(ledger: Iterable[Line]) -> list[str]:
    numbers: dict[Act, set[int]] = {act: set() for act in Act}
    phases: Counter[tuple[Act, Phase]] = Counter()
    statuses: Counter[int] = Counter()
    for line in ledger:
        numbers[line.act].add(line.number)
        phases[line.act, line.phase] += 1
        if line.phase is Phase.UNKNOWN:
            statuses[line.status] += 1
    rows = [
        f"{len(numbers[act]):6} {' '.join(f'{phases[act, one]:6}' for one in TOLD)}  {act}"
        for act in Act
    ]
    said = ", ".join(f"{status or 'no answer'} × {count}" for status, count in sorted(statuses.items()))
    return [*rows, f"unknown: {said or 'none'}"]


def _faults(outcome: Outcome) -> list[str]:
    counted = Counter(one.fault for one in outcome.found)
    rows = [f"{counted[fault]:6}  {fault}: {MEANING[fault]}" for fault in Fault]
    told = [f"{one.fault}: {one.what}" for one in outcome.found[:MOST_TOLD]]
    more = len(outcome.found) - MOST_TOLD
    return [*rows, *([""] if told else []), *told, *([f"and {more} more"] if more > 0 else [])]
