"""`./espace bench WHAT`: how fast, at what cost, beside what the machine can do; never a pass or a failure."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from espace.site.bench.facts import Asked, What
from espace.site.terminal import Failed, Stopped, say, stop_on_signals

if TYPE_CHECKING:
    from espace.site.bench.house import House

MOST_CLIENTS = 256


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[str(what) for what in What])
    parser.add_argument("--spaces", type=_whole, default=1000, help="people with a space (default 1000)")
    parser.add_argument("--documents", type=_whole, default=20, help="documents of each (default 20)")
    parser.add_argument("--clients", type=_clients, default=(1, 8, 32), help="at once, one run for each (1,8,32)")
    parser.add_argument("--seconds", type=_seconds, default=10.0, help="of each run, after its warm-up (default 10)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="add one JSON object a line to this file")
    parser.epilog = (
        "Makes a throw-away installation in the folder for temporary files (TMPDIR), with fsync on, and deletes it. "
        "Ends with an error when a request was refused, never because it was slow."
    )


def run(options: argparse.Namespace) -> int:
    from espace.site.bench.house import throwaway_house
    from espace.site.bench.machine import machine

    stop_on_signals()
    asked = Asked(What(options.what), options.spaces, options.documents, options.clients, options.seconds)
    if not asked.spaces:
        raise Failed("Nobody to ask for: --spaces must be 1 or more.")
    if asked.what is What.READ and not asked.documents:
        raise Failed("Nothing to read: --documents must be 1 or more.")
    say("Making a throw-away installation…")
    try:
        with throwaway_house() as house:
            return _measured(asked, house, machine(house.config.home), options.json)
    except Stopped:
        say("espace: Stopped before the end by SIGTERM or SIGHUP (a time limit, a closed terminal): nothing is left.")
        raise
    except KeyboardInterrupt:
        say("espace: Interrupted before the end: nothing is left.")
        raise


def _measured(asked: Asked, house: "House", about: dict[str, str | int | float], file: Path | None) -> int:
    from espace.site.bench.measure import measure
    from espace.site.bench.report import line, table

    found = []
    for one in measure(house, asked, say):
        found.append(one)
        if file:
            with file.open("ab") as lines:
                lines.write(line(asked, one, about))
    print(table(found))
    return 1 if any(one.load.errors or not one.load.requests for one in found) else 0


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= 2_000_000):
        raise argparse.ArgumentTypeError("a whole number up to 2000000")
    return int(text[:9])


def _clients(text: str) -> tuple[int, ...]:
    found = tuple(_whole(one) for one in text.split(","))
    if not all(1 <= one <= MOST_CLIENTS for one in found):
        raise argparse.ArgumentTypeError(f"whole numbers from 1 to {MOST_CLIENTS}, separated by commas")
    return found


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 3600:
        raise argparse.ArgumentTypeError("seconds, up to 3600")
    return found
