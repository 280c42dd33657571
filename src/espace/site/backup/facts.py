"""What a back-up is made of, and the words that its modules share."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

FORMAT = "espace-backup/2"
KEPT = timedelta(days=30)
"""A base and the key that opens it are deleted then: an erased person must not come back from an old back-up."""
BASE_EVERY = timedelta(days=7)
"""A new base after so long: the time that a restoration takes is that of the changes since the base."""
RUNS_KEPT = 2
"""Manifests of one base: the last one holds every moment of those before; another stays in case it is damaged."""
RUNS, BASES, CONTENTS, INDEX = "runs", "bases", "contents", "contents.index"
TOMBSTONES = "tombstones"


class Unusable(Exception):
    """A back-up that is damaged, cut short, altered or of other keys; the message is a sentence."""


class Kind(StrEnum):
    """How the databases are held: the embedded server's files and its log of changes, or a dump of each database."""

    CLUSTER = "cluster"
    DUMP = "dump"


@dataclass(frozen=True, slots=True)
class Held:
    """One file of a back-up: its size and the SHA-256 of its bytes, in hexadecimal."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Wal:
    """The changes held since a base: the segments from `first` to before `next`, of `segment_bytes` each."""

    timeline: int
    segment_bytes: int
    first: int
    next: int


@dataclass(frozen=True, slots=True)
class Run:
    """One back-up that is whole: what its manifest states.

    `since` and `until` are the first and last moment that can be restored from `base` and its changes.
    `files` are paths under the folder; `key_files` paths under the base's folder of the keys, of a dump only;
    `contents` is None where the store keeps its own copies, else the beginning of the index that this back-up vouches
    for. `tombstones` is the same of the list of destroyed keys, which only grows: that of a restoration begins so.
    """

    id: str
    kind: Kind
    base: str
    installation: str
    since: datetime
    until: datetime
    mark: str
    program: str
    postgres: int
    wal: Wal | None
    files: dict[str, Held]
    key_files: dict[str, Held]
    contents: Held | None
    tombstones: Held


@dataclass(frozen=True, slots=True)
class Folders:
    """The two places of a back-up, kept apart: whoever holds one of them reads nothing."""

    data: Path
    keys: Path

    def base(self, base: str) -> Path:
        return self.data / BASES / base

    def of_keys(self, base: str) -> Path:
        return self.keys / base
