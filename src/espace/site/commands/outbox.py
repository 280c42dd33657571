"""`./espace outbox`: what waits for the worker, and what it gave up. Never an event's contents, nor whose it is."""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from espace.site.runtime import opened
from espace.site.terminal import Failed, say

if TYPE_CHECKING:
    from espace.outbox.facts import DeadLetter, Line

ALL = "all"
SHOWN = 100
_NO_SUCH = "No dead letter has this id: see ./espace outbox."
_WAITING = ("kind", "count", "since", "due", "attempts", "error")
_DEAD = ("id", "kind", "since", "attempts", "error")

Row = Mapping[str, str | int]


def arguments(parser: argparse.ArgumentParser) -> None:
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--retry", metavar="ID|all", type=_id_or_all, help="put a dead letter, or all, back in the queue")
    one.add_argument("--discard", metavar="ID", type=UUID, help="throw a dead letter away, for good")
    one.add_argument("--json", action="store_true", help="the same for programs")
    parser.epilog = "Exit code 1 while there are dead letters: somebody has to look. Times are in UTC."


def run(options: argparse.Namespace) -> int:
    with opened():
        if options.retry is not None:
            return _retry(options.retry)
        if options.discard is not None:
            return _discard(options.discard)
        return _show(as_json=options.json)


def _id_or_all(text: str) -> UUID | str:
    return ALL if text == ALL else UUID(text)


def _retry(which: UUID | str) -> int:
    from espace import edge
    from espace.outbox import actions

    back = actions.revive_all(at=edge.now()) if isinstance(which, str) else int(actions.revive(which, at=edge.now()))
    if isinstance(which, UUID) and not back:
        raise Failed(_NO_SUCH)
    say(f"Put back in the queue: {back}.")
    return 0


def _discard(which: UUID) -> int:
    from espace.outbox import actions

    if not actions.discard(which):
        raise Failed(_NO_SUCH)
    say("Thrown away: 1.")
    return 0


def _show(*, as_json: bool) -> int:
    from espace import edge
    from espace.outbox import queries

    lines, letters, dead = queries.lines(edge.now()), queries.dead_letters(SHOWN), queries.count_of_dead_letters()
    waiting, leased = [[_line(one) for one in lines if one.leased is held] for held in (False, True)]
    given_up = [_letter(one) for one in letters]
    if as_json:
        print(json.dumps({"waiting": waiting, "leased": leased, "dead": given_up, "dead_count": dead}, indent=2))
    else:
        _print("Waiting for a worker", waiting, _WAITING)
        _print("In the hands of a worker", leased, _WAITING)
        _print(f"Dead letters ({dead})", given_up, _DEAD)
        if dead > SHOWN:
            print(f"The last {SHOWN} are shown.")
    return 1 if dead else 0


def _line(line: "Line") -> Row:
    return {name: _word(value) for name, value in asdict(line).items() if name in _WAITING}


def _letter(letter: "DeadLetter") -> Row:
    told = asdict(letter) | {"since": letter.dead_at}
    return {name: _word(told[name]) for name in _DEAD}


def _word(value: datetime | UUID | str | int) -> str | int:
    """What JSON and people read."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value if isinstance(value, int) else str(value)


def _print(title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    print(f"{title}: none" if not rows else f"{title}:")
    cells = [tuple(columns), *(tuple(str(row[name]) or "-" for name in columns) for row in rows)] if rows else []
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
