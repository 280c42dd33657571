"""The vocabulary of a measurement."""

from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    DEPOSIT = "deposit"
    SEARCH = "search"
    READ = "read"
    HOME = "home"
    SCREEN = "screen"
    ITI41 = "iti41"
    ITI18 = "iti18"
    ITI43 = "iti43"


TARGETS: dict[What, dict[str, float]] = {
    What.DEPOSIT: {"rate": 600, "ratio": 0.25},
    What.SEARCH: {"rate": 1500, "ratio": 0.25},
    What.READ: {"rate": 2500, "ratio": 0.25},
    What.HOME: {"first_byte_p95_ms": 50},
    What.SCREEN: {"first_byte_p95_ms": 50},
    What.ITI41: {"rate": 600, "ratio": 0.25},
    What.ITI18: {"rate": 1500, "ratio": 0.25},
    What.ITI43: {"rate": 2500, "ratio": 0.25},
}
"""What is promised: requests a second on two cores, share of the bound's rate, milliseconds; by SOAP as by FHIR."""

DOCUMENT_BYTES = 50_000
DEPOSITS, READINGS = frozenset({What.DEPOSIT, What.ITI41}), frozenset({What.READ, What.ITI43})
SOAP = frozenset({What.ITI41, What.ITI18, What.ITI43})
"""By client certificate and assertion, the others by token or session."""
PAGES = frozenset({What.HOME, What.SCREEN})
"""What people look at: asked for at a steady rate, and without a bound."""
MEBIBYTE = 1024 * 1024
PAGE_RATE = 50.0
"""Pages asked for in a second: the promise is about their first byte at that rate, not about the most of them."""

LONG_LIFE_RATE = 1.0
"""The same for records of a long life: few people have one, and what is promised is how long one page takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was asked for; `seconds` is the length of one measurement, after its warm-up. `first` is the
    rank of the first of its people, where others are there already. `facts`: of each document."""

    what: What
    spaces: int
    documents: int
    clients: tuple[int, ...]
    seconds: float
    first: int = 0
    facts: int = 0


@dataclass(frozen=True, slots=True)
class Load:
    """What the load generator saw in the window; times are in milliseconds, of answers that were taken only.

    `errors` are answers of status 300 or more, pages that are not the one asked for, and connections that broke;
    `first_error` says which.
    """

    requests: int
    errors: int
    first_error: str
    rate: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    first_byte_p95_ms: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What it cost: milliseconds of CPU a request, and MiB at their highest, by kind of process."""

    cpu_ms: dict[str, float]
    peak_mib: dict[str, float]


@dataclass(frozen=True, slots=True)
class Bound:
    """What the same machine does in the same run without the platform; `how` says how it was measured."""

    how: str
    rate: float
    postgres_cpu_ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: the platform, its bound, and for a reading a plain file server of the same bytes."""

    what: What
    clients: int
    load: Load
    cost: Cost
    statements: int
    bound: Bound | None
    files: Bound | None


def limits(mebibytes: int) -> dict[str, str]:
    """The settings that let documents of this size through in every form, in one process of the server."""
    size = mebibytes * MEBIBYTE
    return {
        "ESPACE_PROCESSES": "1",
        "ESPACE_MAX_DOCUMENT_BYTES": str(size),
        "ESPACE_MAX_REQUEST_BYTES": str(size * 4 // 3 + MEBIBYTE),
    }
