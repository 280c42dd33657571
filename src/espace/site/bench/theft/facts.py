"""The vocabulary of a theft, and what the promise says of it (N13; issue « Abuse »)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

MOST_PATIENTS = 200
MOST_SECONDS = 300.0
"""A stolen account is stopped before both."""


class Got(StrEnum):
    """What one number gave; each tells more than the one before."""

    FROZEN = "frozen"
    NOTHING = "nothing"
    """An answer: nobody bears it, or nobody who is told of."""
    TOLD = "told"
    """Its bearer is known to have a space."""
    READ = "read"


_ORDER = tuple(Got)


@dataclass(slots=True)
class Walk:
    """What one account did, until every door was shut or the limits were passed. `asked` are the numbers that were
    answered, of whoever; `told` those of people with a space, `read` those whose record was opened. Seconds count from
    its first request; `alerts` says after how many each kind was raised."""

    account: int
    profession: str
    way: str
    asked: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    read: set[str] = field(default_factory=set)
    seconds: float = 0.0
    stopped: bool = False
    alerts: Mapping[str, float] = field(default_factory=dict)
    feeds: bool = False
    """It is an organisation's software, which reads nothing: it is told of, and stopped by nothing."""

    def note(self, number: str, got: Got) -> None:
        for least, numbers in ((Got.NOTHING, self.asked), (Got.TOLD, self.told), (Got.READ, self.read)):
            if _ORDER.index(got) >= _ORDER.index(least):
                numbers.add(number)

    @property
    def passed(self) -> bool:
        """Whether it went further than is promised."""
        return len(self.asked) >= MOST_PATIENTS or self.seconds >= MOST_SECONDS

    @property
    def wrong(self) -> str:
        """What is not as promised; "" for nothing."""
        if self.passed and not self.feeds:
            return f"{len(self.asked)} patients in {self.seconds:.0f} seconds"
        if not (self.stopped or self.feeds):
            return "it was never stopped"
        return "" if self.alerts else "no alert"


@dataclass(frozen=True, slots=True)
class Theft:
    """All the accounts of one theft; `places` is in how many organisations they act, `people` how many bear the numbers
    that they walk through."""

    places: int
    people: int
    walks: Sequence[Walk]

    @property
    def wrong(self) -> bool:
        return any(one.wrong for one in self.walks)


_HEAD = ("account", "profession", "way", "asked", "told of", "read", "seconds", "alerts, after seconds", "")


def table(theft: Theft) -> str:
    """An account a line, then all of them together."""
    rows: list[tuple[str, ...]] = [_HEAD, *(_row(one) for one in theft.walks)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    told = set[str]().union(*(one.told for one in theft.walks))
    read = set[str]().union(*(one.read for one in theft.walks))
    where = "one organisation" if theft.places == 1 else f"{theft.places} organisations"
    together = (
        f"{len(theft.walks)} accounts of {where}: of {theft.people} people, {len(told)} were told of"
        f" and {len(read)} read."
    )
    return "\n".join([*lines, "", together])


def _row(walk: Walk) -> tuple[str, ...]:
    alerts = ", ".join(f"{kind} {seconds:.1f}" for kind, seconds in sorted(walk.alerts.items(), key=lambda one: one[1]))
    counts = (str(len(numbers)) for numbers in (walk.asked, walk.told, walk.read))
    return (
        str(walk.account + 1), walk.profession, walk.way, *counts, f"{walk.seconds:.1f}", alerts or "none",
        f"not as promised: {walk.wrong}" if walk.wrong else "",
    )  # fmt: skip
