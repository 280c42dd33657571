"""After the whole suite, every log that its servers and its tests wrote is searched for what no log may hold.

The cast has names, numbers and addresses; tests plant words that nobody would write. None of them may be in a log:
promise « no patient data in logs ». A home that a test made and removes is searched before it goes.
"""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

MOST_FINDINGS = 20
_SHOWN = 240
_LEFT_ALONE = frozenset({"contents", "base", "pg_wal", "node_modules"})
"""Folders that hold no log, and may hold thousands of files."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, and the beginning of the line that holds it: all the people of the tests are invented."""

    what: str
    line: str


@dataclass(frozen=True, slots=True)
class Rule:
    """`hints` are in every line that breaks it, in lower case: looking for a pattern costs a hundred times more."""

    what: str
    pattern: re.Pattern[str]
    hints: tuple[str, ...] = ()
    is_one: Callable[[str], bool] = lambda text: True


def _has_its_key(text: str) -> bool:
    """Whether the last two digits are the key of the thirteen before: 97 − (N mod 97)."""
    return int(text[13:]) == 97 - int(text[:13]) % 97


def _is_random(text: str) -> bool:
    """Whether 43 characters look like 256 random bits, and not like words joined by hyphens."""
    kinds = (str.islower, str.isupper, str.isdigit)
    return len(text) == 43 and all(sum(is_one(letter) for letter in text) >= 3 for is_one in kinds)


def _words(what: str, *words: str) -> Rule:
    return Rule(what, re.compile("|".join(words), re.IGNORECASE), words)


_AFTER = r"(?![0-9A-Za-z_-])"
_BEFORE = r"(?<![0-9A-Za-z_-].)"
"""Not a part of a longer word, number or identifier; looked at once the first character is there, which is quicker."""

RULES = (
    _words("a planted word", "zygomatique", "tréphine", "xylostome", "zworgle", "planted-secret"),
    Rule("a number of the cast", re.compile(rf"[12]{_BEFORE}85037\d{{7}}(?:\d{{2}})?{_AFTER}"), ("85037",)),
    Rule("an INS", re.compile(rf"[12]{_BEFORE}\d{{14}}{_AFTER}"), (), _has_its_key),
    Rule(
        "a name of the cast",
        re.compile(r"\b(?:duval|camille|le ?goff|morel)\b", re.IGNORECASE),
        ("duval", "camille", "goff", "morel"),
    ),
    _words("what a document says", "glycémie", "hémoglobine", "mmol/l", "clinicaldocument"),
    Rule("an e-mail address", re.compile(r"[\w.+-]{1,64}@(?:[\w-]+\.)+(?:fr|org|com|test|example)\b"), ("@",)),
    Rule("a bearer token", re.compile(r"\bbearer +[\w.~+/-]{16,}", re.IGNORECASE), ("bearer ",)),
    Rule("a token", re.compile(r"[\w-]{43,}", re.ASCII), (), _is_random),
    Rule("a signed assertion", re.compile(r"\beyJ[\w-]{10,}\.[\w-]{10,}"), ("eyj",)),
    Rule("a cookie", re.compile(r"\b(?:sessionid|csrftoken)=\w{8,}"), ("sessionid=", "csrftoken=")),
    Rule("an activation link", re.compile(r"/activation/[\w-]{16,}"), ("/activation/",)),
)
_STRANGER = re.compile(r'"logger": ?"mail\.log"')
"""The SMTP servers that tests run in their own process: whoever takes a mail knows to whom it is."""


def findings(text: str) -> Iterator[Finding]:
    """What this log should not hold, one finding a line and rule at most."""
    lowered = text.lower()
    for rule in RULES:
        if rule.hints and not any(hint in lowered for hint in rule.hints):
            continue
        told = -1
        for found in rule.pattern.finditer(text):
            begin = text.rfind("\n", 0, found.start()) + 1
            end = text.find("\n", found.start())
            line = text[begin : end if end >= 0 else len(text)]
            if begin != told and rule.is_one(found[0]) and not _STRANGER.search(line):
                told = begin
                yield Finding(rule.what, line[:_SHOWN].rstrip())


def logs_in(folder: Path) -> Iterator[Path]:
    """Every file of this folder that is a log by its name, turned ones too (`espace.log.1`)."""
    for above, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if one not in _LEFT_ALONE]
        for name in files:
            if ".log" in name and not name.endswith(".lock"):
                yield Path(above, name)


def search(folder: Path) -> list[str]:
    """A sentence for each finding in the logs of this folder, the first ones."""
    said = []
    for path in logs_in(folder):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:  # gone meanwhile, or a pipe
            continue
        said += [f"{path.name}: {one.what}: {one.line}" for one in islice(findings(text), MOST_FINDINGS)]
    return said[:MOST_FINDINGS]


class Watch:
    """The findings of one session, those of homes that are gone included, in a file that its processes share."""

    def __init__(self, notes: Path) -> None:
        self.notes = notes

    def removing(self, home: Path) -> None:
        """A home is about to be removed."""
        if self.notes.parent.is_dir() and home != self.notes.parent and (found := search(home)):
            with self.notes.open("a", encoding="utf-8") as notes:
                notes.writelines(f"{line}\n" for line in found)

    def found(self, *folders: Path) -> list[str]:
        """Everything found in this session."""
        noted = self.notes.read_text(encoding="utf-8").splitlines() if self.notes.exists() else []
        return [*noted, *(line for folder in folders for line in search(folder))]
