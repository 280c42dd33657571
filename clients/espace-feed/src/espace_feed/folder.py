"""The folders: what people drop, what is held, what waits, what went, what was refused.

Files go from one to another by a rename, so each is whole in one of them; texts beside them say why, in French.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from espace_feed.facts import State, Why
from espace_feed.sidecar import SUFFIX, with_qualified

INBOX = "inbox"
TEXT = ".pourquoi.txt"
_BEGUN = (".part", ".tmp", ".crdownload", "~")
_PLACES = {
    State.QUARANTINED: "quarantine",
    State.WAITING: "waiting",
    State.SENT: "sent",
    State.REFUSED: "refused",
}
_HEADINGS = {
    State.QUARANTINED: (
        "Ce document n’est pas parti : quelqu’un doit regarder.",
        'Ensuite : espace-feed release DOSSIER "{name}", ou remettez le fichier et sa fiche dans inbox.',
    ),
    State.REFUSED: (
        "Ce document n’a pas été accepté.",
        'La cause corrigée : espace-feed again DOSSIER "{name}", ou remettez le fichier et sa fiche dans inbox.',
    ),
}


@dataclass(frozen=True, slots=True)
class Look:
    """A document and its sidecar as they were at one look: still growing while the next one differs."""

    document: Path
    sidecar: Path | None
    signature: tuple[int, ...]


def plain(name: str) -> str:
    """A name of a file that can be written down, even where the system lets in bytes that are no text."""
    return name.encode("utf-8", "replace").decode()


def passed_over(name: str) -> bool:
    """Whether a file of this name is not a document: hidden, being written, or beside another."""
    return name.startswith(".") or name.lower().endswith((SUFFIX, *_BEGUN))


def text_of(state: State, name: str, why: tuple[Why, ...]) -> str:
    """What is written beside a file that stopped: each reason, its rule, where, and what to do."""
    heading, following = _HEADINGS[state]
    lines = [heading, ""]
    for rank, one in enumerate(why, 1):
        lines.append(f"{rank}. {one.sentence}")
        told = (("Règle", one.code), ("Où", one.place), ("Que faire", one.fix))
        lines += [f"   {label} : {text}" for label, text in told if text]
    return "\n".join([*lines, "", following.format(name=name), ""])


class Folders:
    """The places under one folder; made when absent, for their owner alone. What was sent stays, or goes."""

    def __init__(self, root: Path, *, keep_sent: bool = True) -> None:
        self.root = root
        self._keep_sent = keep_sent
        for place in (root, self.inbox, *(self.place(state) for state in State)):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def inbox(self) -> Path:
        return self.root / INBOX

    def place(self, state: State) -> Path:
        return self.root / _PLACES[state]

    def dropped(self) -> Iterator[Look]:
        """Every document of the inbox, oldest first. A link is not followed: what it names was not dropped here."""
        with os.scandir(self.inbox) as entries:
            files = {one.name: one.stat() for one in entries if one.is_file(follow_symlinks=False)}
        for name in sorted(files, key=lambda one: (files[one].st_mtime_ns, one)):
            if passed_over(name):
                continue
            beside = files.get(name + SUFFIX)
            seen = [(one.st_size, one.st_mtime_ns) for one in (files[name], beside) if one]
            sidecar = self.inbox / (name + SUFFIX) if beside else None
            yield Look(self.inbox / name, sidecar, tuple(number for one in seen for number in one))

    def put(self, name: str, data: bytes, beside: bytes | None) -> Look:
        """A document written into the inbox, its sidecar first, so that no look finds it without."""
        document = self.inbox / name
        sidecar = self.inbox / (name + SUFFIX) if beside is not None else None
        if sidecar is not None and beside is not None:
            _write(sidecar, beside)
        _write(document, data)
        return Look(document, sidecar, ())

    def move(self, look: Look, state: State, name: str) -> None:
        """Out of the inbox, under this name, the document first: none is left there without its sidecar. What is gone
        already was moved by another process."""
        place = self.place(state)
        with suppress(FileNotFoundError):
            look.document.replace(place / name)
        with suppress(FileNotFoundError):
            if look.sidecar is not None:
                look.sidecar.replace(place / (name + SUFFIX))

    def settle(self, name: str, state: State, why: tuple[Why, ...]) -> None:
        """From `waiting` to where its state has it, with the reasons beside."""
        if why:
            self.tell(name, state, why)
        for one in (name + SUFFIX, name):
            with suppress(FileNotFoundError):
                if state is State.SENT and not self._keep_sent:
                    (self.place(State.WAITING) / one).unlink()
                    continue
                (self.place(State.WAITING) / one).replace(self.place(state) / one)

    def tell(self, name: str, state: State, why: tuple[Why, ...]) -> None:
        _write(self.place(state) / (name + TEXT), text_of(state, name, why).encode())

    def free_name(self, state: State, name: str) -> str:
        """A name that no document of this place has yet: letter.pdf, letter-2.pdf…"""
        return self._free(self.place(state), name)

    @staticmethod
    def _free(place: Path, name: str) -> str:
        path, rank, found = Path(name), 1, name
        while (place / found).exists():
            rank += 1
            found = f"{path.stem}-{rank}{path.suffix}"
        return found

    def free_in_inbox(self, name: str) -> str:
        return self._free(self.inbox, name)

    def beside(self, state: State, name: str) -> bytes | None:
        """The sidecar of a document of this place."""
        try:
            return (self.place(state) / (name + SUFFIX)).read_bytes()
        except FileNotFoundError:
            return None

    def put_back(self, state: State, name: str, beside: bytes | None = None) -> None:
        """Into the inbox again, with this sidecar or its own. Raises FileNotFoundError."""
        document, target = self.place(state) / name, self.free_in_inbox(name)
        if Path(name).name != name or not document.is_file():
            raise FileNotFoundError(name)
        if beside is None:
            beside = self.beside(state, name)
        if beside is not None:
            _write(self.inbox / (target + SUFFIX), beside)
        document.replace(self.inbox / target)
        for ending in (SUFFIX, TEXT):
            document.with_name(name + ending).unlink(missing_ok=True)

    def said(self, state: State, name: str) -> str:
        """The text beside a document, "" where there is none."""
        try:
            return (self.place(state) / (name + TEXT)).read_text(encoding="utf-8")
        except (OSError, ValueError):
            return ""

    def documents(self, state: State) -> list[str]:
        """The documents of a place, by name, without what lies beside them."""
        names = {one.name for one in self.place(state).iterdir() if one.is_file()}
        beside = {name + SUFFIX for name in names}
        return sorted(one for one in names - beside if not passed_over(one) and not one.endswith(TEXT))

    def forget_texts(self) -> None:
        """Take away the reasons of documents that somebody moved."""
        for state in _HEADINGS:
            for text in self.place(state).glob("*" + TEXT):
                if not text.with_name(text.name.removesuffix(TEXT)).exists():
                    text.unlink(missing_ok=True)


def release(folders: Folders, name: str) -> None:
    """Out of the quarantine: a person says that the identity is qualified. Raises FileNotFoundError, Held."""
    beside = folders.beside(State.QUARANTINED, name)
    folders.put_back(State.QUARANTINED, name, with_qualified(beside))


def again(folders: Folders, name: str) -> None:
    """A refused document, its cause put right, to the inbox. Raises FileNotFoundError."""
    folders.put_back(State.REFUSED, name)


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk: a file that goes by a name is never half written."""
    begun = path.with_name(f".{path.name}.part")
    with begun.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    begun.replace(path)
