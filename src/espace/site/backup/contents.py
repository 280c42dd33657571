"""Sealed contents, each copied once: their names never serve twice and their bytes never change.

The index has one line for each content held, `name sha256 bytes`, and only grows; each back-up vouches for its
beginning. What a run that was interrupted left after the end that the last one states is cut, and copied again.
"""

import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from espace.site.backup import files
from espace.site.backup.facts import CONTENTS, INDEX, Held, Unusable

AT_ONCE, BATCH = 16, 1024
_NAME = re.compile(r"(?!0{32})[0-9a-f]{32}")
"""The mark of the store is no content: a restoration makes its own."""
_LINE = re.compile(r"([0-9a-f]{32}) ([0-9a-f]{64}) ([0-9]{1,15})")


def add(store: Path, data: Path, before: Held | None) -> tuple[Held, int]:
    """Copy what the store has and the back-up has not; the index that is then vouched for, and how many were copied.

    The contents are on the disk before their lines, and those before this returns. One that leaves the store
    meanwhile was named by no committed row: it is passed over. Unusable where one is a link.
    """
    _cut(data / INDEX, before)
    known = {line[0] for line in lines(data, before)} if before else set()
    copied = _copied((path, path_of(data / CONTENTS, path.name)) for path in found_in(store) if path.name not in known)
    _append(data / INDEX, "".join(f"{path.name} {held.sha256} {held.bytes}\n" for path, held in copied))
    return files.measure(data / INDEX), len(copied)


def lines(data: Path, index: Held) -> Iterator[tuple[str, Held]]:
    """The contents that a back-up vouches for; Unusable when the index is not the one that it states."""
    files.check(data / INDEX, index, INDEX, beginning=True)
    left = index.bytes
    with (data / INDEX).open(encoding="ascii") as file:
        for line in file:
            if left <= 0:
                return
            left -= len(line)
            stated = _LINE.fullmatch(line.rstrip("\n"))
            if stated is None:
                raise Unusable(f"The back-up is damaged: {INDEX} has a line that is not one.")
            yield stated[1], Held(int(stated[3]), stated[2])


def check(data: Path, index: Held) -> int:
    """Read every content again; how many. Unusable at the first that is missing or other."""
    count = 0
    for name, held in lines(data, index):
        files.check(path_of(data / CONTENTS, name), held, f"content {name}")
        count += 1
    return count


def put_back(data: Path, index: Held, store: Path) -> int:
    """Every content into the store, checked on the way; those that an interrupted restoration put are kept."""
    stated = dict(lines(data, index))
    wanted = [name for name, held in stated.items() if not _is_there(path_of(store, name), held)]
    copied = _copied((path_of(data / CONTENTS, name), path_of(store, name)) for name in wanted)
    for source, held in copied:
        if held != stated[source.name]:
            raise Unusable(f"The back-up is damaged: content {source.name} is not what was written.")
    if len(copied) != len(wanted):
        raise Unusable("The back-up is damaged: contents are missing.")
    return len(stated)


def _is_there(path: Path, held: Held) -> bool:
    return path.is_file() and not path.is_symlink() and files.measure(path) == held


def _copied(wanted: Iterable[tuple[Path, Path]]) -> list[tuple[Path, Held]]:
    """Copy each to its target, several at once: the disk then writes them together. Those that were there to copy."""
    folders: set[Path] = set()
    found: list[tuple[Path, Held]] = []
    pairs = iter(wanted)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while batch := list(islice(pairs, BATCH)):
            for folder in {target.parent for _, target in batch} - folders:
                files.make_folder(folder)
                folders.add(folder)
            copied = pool.map(_copy, batch)
            found += [(source, held) for (source, _), held in zip(batch, copied, strict=True) if held]
        list(pool.map(files.fsync_folder, folders))
    return found


def _copy(pair: tuple[Path, Path]) -> Held | None:
    try:
        return files.copy_unlinked(*pair)
    except FileNotFoundError:
        return None


def path_of(root: Path, name: str) -> Path:
    """As the store itself spreads them."""
    return root / name[-2:] / name


def found_in(store: Path) -> Iterator[Path]:
    """Contents that were written whole: one under way has another name. Unusable where a folder is a link."""
    for folder in sorted(store.glob("??")):
        if folder.is_symlink():
            raise files.linked(folder)
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if _NAME.fullmatch(entry.name))
        yield from (folder / name for name in names)


def _cut(path: Path, before: Held | None) -> None:
    if before is None:
        path.unlink(missing_ok=True)
        return
    files.check(path, before, INDEX, beginning=True)
    os.truncate(path, before.bytes)


def _append(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        view = memoryview(text.encode("ascii"))
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    files.fsync_folder(path.parent)
