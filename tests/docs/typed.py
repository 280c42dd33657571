"""The commands of a page, as they are typed: taken from its blocks, and run in a folder that has what they name."""

import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SHOWN = "http://localhost:8000"
_BLOCK = re.compile(r"^```sh(?P<note>[^\n]*)\n(?P<commands>.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path, *, note: str = "") -> list[str]:
    """The commands of a page; `note` is what follows « sh » on the first line of their block."""
    text = page.read_text(encoding="utf-8")
    return [found["commands"] for found in _BLOCK.finditer(text) if found["note"].strip() == note]


def notes_of(page: Path) -> set[str]:
    """What its blocks say after « sh »."""
    return {found["note"].strip() for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))}


@dataclass(frozen=True)
class Server:
    """A server of this installation, and how commands of a page reach it."""

    url: str
    environment: dict[str, str]

    def run(self, script: str, folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "-eu", "-c", script.replace(SHOWN, self.url)],
            cwd=folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def program(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def our_curl(folder: Path) -> None:
    """A small curl, for machines that have none."""
    program(folder / "curl", f'exec "{sys.executable}" "{Path(__file__).parent / "curl.py"}" "$@"')


def espace(folder: Path) -> Path:
    """A folder where `./espace` is the command line of this checkout."""
    program(folder / "espace", f'exec "{sys.executable}" -P -m espace "$@"')
    return folder
