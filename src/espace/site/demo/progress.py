"""How far the seeding of a home has come, in small files of its own: each is written whole or not at all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from espace import edge
from espace.site.demo.stories.telling import paris

SEED = 7
PARIS = ZoneInfo("Europe/Paris")
STORY = timedelta(days=3 * 366 + 60)
"""Spaces were opened this long before the first attempt: before any document of any story."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The first attempt: its day, from which stories are told; how many people surround the cast, in so many shares."""

    day: date
    people: int
    shares: int

    @property
    def opened(self) -> datetime:
        return paris(self.day - STORY, 8)


def _path(name: str) -> Path:
    return Path(settings.ESPACE_HOME) / "run" / name


def seeded() -> int | None:
    """How many documents there are once everything is in; None before."""
    path = _path("seeded")
    return int(path.read_text(encoding="ascii")) if path.exists() else None


def begin(people: int, shares: int) -> Begun:
    """Begin, or go on with the attempt that was begun: its documents are then the same to the byte."""
    begun = begun_already()
    if begun is None:
        begun = Begun(edge.now().astimezone(PARIS).date(), people, shares)
        _write(_path("seeding"), f"{begun.day} {begun.people} {begun.shares}")
    return begun


def begun_already() -> Begun | None:
    path = _path("seeding")
    if not path.exists():
        return None
    day, people, shares = path.read_text(encoding="ascii").split()
    return Begun(date.fromisoformat(day), int(people), int(shares))


def reached(name: str) -> int:
    """The number that this part has reached, 0 before it begins."""
    path = _path(f"seeding-{name}")
    return int(path.read_text(encoding="ascii")) if path.exists() else 0


def reach(name: str, number: int) -> None:
    _write(_path(f"seeding-{name}"), str(number))


def finish(documents: int) -> None:
    _write(_path("seeded"), str(documents))


def _write(path: Path, text: str) -> None:
    """The whole text or what was there before, whenever it is interrupted."""
    beside = path.with_suffix(".part")
    beside.write_text(text, encoding="ascii")
    beside.replace(path)
