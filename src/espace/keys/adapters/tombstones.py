"""Whose keys were destroyed, written outside the database too: a back-up of it from before brings them back, and
this list destroys them again.

One line for each key, `patient kind instant`, added before the database is told: a line too many destroys what was
going to be destroyed, a line too few would raise the dead. Each is written in one piece between line ends, so that half
a line of a process that was killed spoils no other.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from espace.keys.facts import KeyKind

FILE_NAME = "tombstones"
_LINE = re.compile(rf"([0-9a-f-]{{36}}) ({'|'.join(KeyKind)}) (\S+)")


@dataclass(frozen=True, slots=True, order=True)
class Tombstone:
    """A key that was destroyed; `at` in UTC."""

    patient: UUID
    kind: str
    at: datetime


def append(folder: Path, tombstones: Iterable[Tombstone]) -> None:
    """Add them durably; OSError when they cannot be."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / FILE_NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        data = f"\n{text_of(tombstones)}".encode("ascii")
        if os.write(descriptor, data) != len(data):
            raise OSError("the list of destroyed keys could not be written whole")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def text_of(tombstones: Iterable[Tombstone]) -> str:
    ordered = sorted(tombstones, key=lambda one: (one.at, one.patient, one.kind))
    return "".join(f"{one.patient} {one.kind} {one.at.isoformat()}\n" for one in ordered)


def parse(text: str) -> frozenset[Tombstone]:
    """Every whole line; what is not one is passed over: its key was not destroyed."""
    return frozenset(one for line in text.splitlines() if (one := read_line(line)))


def read_line(line: str) -> Tombstone | None:
    """One line, without its end; None for what is not a whole one."""
    stated = _LINE.fullmatch(line)
    if stated is None:
        return None
    try:
        at = datetime.fromisoformat(stated[3])
        return Tombstone(UUID(stated[1]), stated[2], at) if at.tzinfo else None
    except ValueError:
        return None
