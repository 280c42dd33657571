"""Taking the words out of files, in a process of its own with little memory and time and no secret (`bounded_words`).

The worker's own process parses no PDF. A file that ends the process is given up, and those after it go to another one:
whatever is sent, each file gets an answer once, and the worker goes on.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from espace.clinical.facts import Unread
from espace.kernel.json import decode
from espace.kernel.reasons import transport
from espace.kernel.words import Refused
from espace.record.adapters.apart import Turns, answered
from espace.wire.files import PDF, RTF

KINDS = {PDF: "pdf", RTF: "rtf", "text/rtf": "rtf"}
"""The media types of which words are taken here, as the process calls them."""
MEMORY = 512 * 1024 * 1024
"""Of one process, itself and the files that it is given among it."""
SECONDS = 20
"""By the wall, for one process, which has fifteen of its own."""
PATIENCE = 40
"""Seconds after which no other process is begun: less than the lease of an event (`outbox.rules.LEASE`)."""
_PROGRAM = Path(__file__).with_name("bounded_words.py")
_TURNS = Turns(at_once=2, waiting=20, seconds=30)


@dataclass(frozen=True, slots=True)
class File:
    """`kind` is a media type of `KINDS`."""

    kind: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says, or why that is not known."""

    words: str = ""
    fault: Unread | None = None


class _Said(msgspec.Struct, frozen=True):
    words: str = ""
    fault: Unread | None = None


def plain(data: bytes) -> str:
    """A text without anything else: UTF-8, else as old programs of this country write."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def words_of(files: Sequence[File], *, most: int) -> tuple[Words, ...]:
    """What each file says, at most so many letters of it; of the first ones alone where that took too long.

    Raises Refused: TEMPORARILY_UNAVAILABLE where no process comes to read, FILES_BUSY where too many do.
    """
    found, began = list[Words](), time.monotonic()
    while len(found) < len(files) and (not found or time.monotonic() - began < PATIENCE):
        waiting = files[len(found) :]
        said, whole = _run(waiting, most)
        found += said
        if not said:
            found.append(Words(fault=Unread.BROKEN if whole else Unread.TOO_LARGE))
    return tuple(found)


def _run(files: Sequence[File], most: int) -> tuple[list[Words], bool]:
    """What one process answered, and whether it ended by itself: False when it met a bound.

    One that was never ready, for want of memory or of a library, says nothing of the files: Refused, to try again."""
    asked = {"files": [(KINDS[one.kind], len(one.data)) for one in files], "most": most, "memory": MEMORY}
    command = [sys.executable, "-I", str(_PROGRAM)]
    said = (json.dumps(asked).encode(), b"\n", *(one.data for one in files))
    answer, whole = answered(command, said, _TURNS, SECONDS, most=len(files) * (8 * most + 100))
    ready, *lines = answer.split(b"\n")
    if ready != b"{}":
        raise Refused(transport.TEMPORARILY_UNAVAILABLE)
    return list(_told(lines[:-1][: len(files)], most)), whole


def _told(lines: Sequence[bytes], most: int) -> Iterator[Words]:
    """The lines, as long as they are what was asked for."""
    for line in lines:
        try:
            said = decode(line, _Said)
        except msgspec.DecodeError:
            return
        empty = None if said.words.strip() else Unread.NO_WORDS
        yield Words(said.words[:most], said.fault or empty)
