"""PostgreSQL's own programs, as children of ours: what they write, what they read, what they complain of.

They run under our own account; passwords go by their environment, which nobody else reads.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from espace.kernel.values import replace
from espace.site.engine import binaries
from espace.site.places import Account, Places
from espace.site.terminal import Failed

_CHUNK = 1024 * 1024


def output_of(program: str, *words: str, places: Places, password: str, failure: str) -> Iterator[bytes]:
    """What the program writes, chunk by chunk; Failed with what it said when it fails."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603  the program is PostgreSQL's, the words are ours
            _command(places, program, words), stdout=subprocess.PIPE, stderr=said, env=_environment(password)
        )
        try:
            assert child.stdout is not None
            while chunk := child.stdout.read(_CHUNK):
                yield chunk
            if child.wait() != 0:
                raise Failed(f"{failure}: {_last_line(said)}")
        finally:
            child.kill()
            child.communicate()


def feed(chunks: Iterable[bytes], program: str, *words: str, places: Places, password: str, failure: str) -> None:
    """The chunks to the program; Failed with what it said when it fails."""
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603  the program is PostgreSQL's, the words are ours
            _command(places, program, words),
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            env=_environment(password),
        )
        assert child.stdin is not None
        try:
            with suppress(BrokenPipeError):
                for chunk in chunks:
                    child.stdin.write(chunk)
            with suppress(BrokenPipeError):
                child.stdin.close()
            if child.wait() != 0:
                raise Failed(f"{failure}: {_last_line(said)}")
        finally:
            child.kill()
            child.wait()


def folder(places: Places) -> Path:
    """Of these programs, as our own account finds them."""
    return binaries(replace(places, account=Account(None, None)))


def _command(places: Places, program: str, words: Iterable[str]) -> list[str]:
    found = folder(places) / program
    if not found.exists():
        raise Failed(f"{program} was not found beside PostgreSQL's other programs ({found.parent}): install it.")
    return [str(found), *words]


def _environment(password: str) -> Mapping[str, str]:
    return os.environ | {"PGPASSWORD": password, "LC_ALL": "C.UTF-8"}


def _last_line(said: IO[bytes]) -> str:
    said.seek(0)
    return " ".join(said.read().decode(errors="replace").strip().splitlines()[-1:])
