"""`./espace bench WHAT`: how fast, at what cost, beside what the machine can do; never a pass or a failure.

`./espace bench crash` is one: it kills the installation while it is used, and fails when anything was lost.
"""

import argparse
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from espace.site.bench.facts import READINGS, SOAP, Asked, What, limits
from espace.site.terminal import Failed, Stopped, say, stop_on_signals
from espace.site.variables import whole_default

if TYPE_CHECKING:
    from espace.site.bench.crash import campaign as crash
    from espace.site.bench.crash.store import Seaweed
    from espace.site.bench.house import House

MOST_CLIENTS = 256
SPACES, SECONDS = 1000, 10.0
CRASH, CRASH_SPACES, MOST_CRASH_SPACES = "crash", 12, 50
"""A doctor reads the records of a crash campaign, within the budget of their account."""
EXISTENCE = "existence"
THEFT, THEFT_SPACES, MOST_THEFT_SPACES = "theft", 1900, 10_000
"""A hundred numbers in a row for each stolen account: more than any budget of an hour."""
LARGE, MEBIBYTES, MOST_MEBIBYTES = "large", 100, 1000
EXTRACTION, POPULATION = "extraction", whole_default("ESPACE_DEMO_PEOPLE")
LOCAL, S3 = "local", "s3"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=[*(str(what) for what in What), CRASH, EXISTENCE, EXTRACTION, LARGE, THEFT])
    usual = f"{SPACES}; {CRASH}: {CRASH_SPACES}; {THEFT}: {THEFT_SPACES}; {EXTRACTION}: {POPULATION}"
    parser.add_argument("--spaces", type=_whole, help=f"people with a space ({usual})")
    parser.add_argument("--documents", type=_whole, default=20, help="documents of each (default 20)")
    parser.add_argument("--facts", type=_whole, default=0, help=f"of each document, {What.SCREEN} (default 0)")
    parser.add_argument("--clients", type=_clients, default=(1, 8, 32), help="at once, one run for each (1,8,32)")
    parser.add_argument(
        "--seconds", type=_seconds, help=f"of each run, after its warm-up (default 10); {CRASH}: at most (no limit)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="add one JSON object a line to this file")
    parser.add_argument("--kills", type=_whole, default=100, help=f"{CRASH}: how many (default 100)")
    parser.add_argument("--seed", type=_whole, default=1, help=f"{CRASH}: makes the same choices again (default 1)")
    parser.add_argument(
        "--store", choices=[LOCAL, S3], default=LOCAL, help=f"{CRASH}: where contents are; an S3 server is killed too"
    )
    parser.add_argument(
        "--samples", type=_whole, default=10_000, help=f"{EXISTENCE}: answers of each kind (default 10000)"
    )
    parser.add_argument(
        "--mebibytes", type=_whole, default=MEBIBYTES, help=f"{LARGE}: of the document (default {MEBIBYTES})"
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help=f"{CRASH}: where the ledger is kept (nowhere)")
    parser.add_argument(
        "--files", type=Path, metavar="FOLDER", help=f"{EXTRACTION}: CDA files to read (the invented population's)"
    )
    parser.epilog = (
        "Makes a throw-away installation in the folder for temporary files (TMPDIR), with fsync on, and deletes it. "
        "Ends with an error when a request was refused, never because it was slow. "
        f"« {CRASH} » kills the installation while clients use it: an error when anything was lost, altered or shown. "
        f"« {EXISTENCE} » compares the times of refusals about what exists and about nothing. "
        f"« {EXTRACTION} » counts what becomes facts in CDA files, without an installation. "
        f"« {LARGE} » sends and reads one large document each way: an error when its deposit takes too much memory. "
        f"« {THEFT} » has stolen accounts walk through the country: an error when one of them gets too far."
    )


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    work = _OTHERS.get(options.what, _measuring)(options)
    say("Reading…" if options.what == EXTRACTION else "Making a throw-away installation…")
    try:
        return work()
    except Stopped:
        say("espace: Stopped before the end by SIGTERM or SIGHUP (a time limit, a closed terminal): nothing is left.")
        raise
    except KeyboardInterrupt:
        say("espace: Interrupted before the end: nothing is left.")
        raise


def _measuring(options: argparse.Namespace) -> Callable[[], int]:
    spaces, seconds = SPACES if options.spaces is None else options.spaces, options.seconds or SECONDS
    asked = Asked(What(options.what), spaces, options.documents, options.clients, seconds, facts=options.facts)
    if not asked.spaces:
        raise Failed("Nobody to ask for: --spaces must be 1 or more.")
    if asked.what in READINGS and not asked.documents:
        raise Failed("Nothing to read: --documents must be 1 or more.")
    work = partial(measured, asked, options.json)
    return partial(_behind_certificates if asked.what in SOAP else _in_a_house, work)


def _in_a_house(work: Callable[["House"], int]) -> int:
    from espace.site.bench.house import throwaway_house

    with throwaway_house() as house:
        return work(house)


def _behind_certificates(work: Callable[["House"], int]) -> int:
    from espace.site.bench.authority import accepted_authority
    from espace.site.bench.house import throwaway_house

    with accepted_authority() as accepted, throwaway_house(accepted) as house:
        return work(house)


def _beside_s3(work: Callable[["House", "Seaweed"], int]) -> int:
    from espace.site.bench.crash.store import seaweed
    from espace.site.bench.house import throwaway_house

    with seaweed() as store, throwaway_house(store.settings) as house:
        return work(house, store)


def _comparing(options: argparse.Namespace) -> Callable[[], int]:
    if not options.samples:
        raise Failed("Nothing to compare: --samples must be 1 or more.")
    return partial(_in_a_house, partial(_compared, options.samples))


def _compared(samples: int, house: "House") -> int:
    from espace.site.bench.existence import measure, table

    print(table(list(measure(house, samples, say))))
    return 0


def _weighing(options: argparse.Namespace) -> Callable[[], int]:
    if not 1 <= options.mebibytes <= MOST_MEBIBYTES:
        raise Failed(f"--mebibytes must be from 1 to {MOST_MEBIBYTES}.")
    return partial(_weighed, options.mebibytes)


def _weighed(mebibytes: int) -> int:
    from espace.site.bench.authority import accepted_authority
    from espace.site.bench.house import throwaway_house

    more = limits(mebibytes)
    with accepted_authority() as accepted, throwaway_house({**accepted, **more}) as house:
        from espace.site.bench.large import WAYS, table, weigh

        found = list(weigh(house, mebibytes, WAYS, say))
    print(table(found))
    return 1 if any(one.over for one in found) else 0


def _stealing(options: argparse.Namespace) -> Callable[[], int]:
    spaces = THEFT_SPACES if options.spaces is None else options.spaces
    if spaces > MOST_THEFT_SPACES:
        raise Failed(f"--spaces must be at most {MOST_THEFT_SPACES}.")
    return partial(_walked, spaces)


def _walked(spaces: int) -> int:
    """With the budgets that come with the program, whatever the environment says."""
    from espace.site.bench.house import throwaway_house

    wrong = False
    with throwaway_house(budgets={}) as house:
        from espace.site.bench.theft.facts import table
        from espace.site.bench.theft.walking import thefts

        for one in thefts(house, spaces, say):
            print(table(one), flush=True)
            wrong = wrong or one.wrong
    return 1 if wrong else 0


def _crashing(options: argparse.Namespace) -> Callable[[], int]:
    from espace.site.bench.crash import campaign

    spaces = CRASH_SPACES if options.spaces is None else options.spaces
    if not 1 <= spaces <= MOST_CRASH_SPACES:
        raise Failed(f"--spaces must be from 1 to {MOST_CRASH_SPACES}.")
    asked = campaign.Asked(options.kills, options.seconds or 0.0, options.seed, spaces)
    crashed = partial(_crashed, asked, options.keep)
    return partial(_beside_s3, crashed) if options.store == S3 else partial(_in_a_house, crashed)


def _crashed(asked: "crash.Asked", keep: Path | None, house: "House", store: "Seaweed | None" = None) -> int:
    from espace.site.bench.crash import campaign
    from espace.site.bench.crash.preparing import prepared
    from espace.site.bench.crash.report import table

    people = prepared(asked.spaces, say)
    with TemporaryDirectory(prefix="espace-crash-") as folder:
        outcome = campaign.campaign(house, asked, people, Path(folder), say, store=store)
        if keep:
            keep.mkdir(parents=True, exist_ok=True)
            shutil.copy(Path(folder) / "ledger", keep / "ledger.jsonl")
    print(table(asked, outcome))
    return 1 if outcome.found else 0


def _reading(options: argparse.Namespace) -> Callable[[], int]:
    if options.files and not options.files.is_dir():
        raise Failed("--files must be a folder.")
    return partial(_read, options.files, POPULATION if options.spaces is None else options.spaces, options.json)


def _read(folder: Path | None, people: int, file: Path | None) -> int:
    from espace.site.bench.extraction import files_in, line, qualities, table, told

    found = qualities(files_in(folder) if folder else told(people))
    if file:
        with file.open("ab") as lines:
            lines.writelines(map(line, found))
    print(table(found))
    return 0


def measured(asked: Asked, file: Path | None, house: "House") -> int:
    """Print the figures of one measurement, and add them to the file; 1 when a request was refused."""
    from espace.site.bench.machine import machine
    from espace.site.bench.measure import measure
    from espace.site.bench.report import line, table

    about, found = machine(house.config.home), []
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


_OTHERS: dict[str, Callable[[argparse.Namespace], Callable[[], int]]] = {
    CRASH: _crashing,
    EXISTENCE: _comparing,
    EXTRACTION: _reading,
    LARGE: _weighing,
    THEFT: _stealing,
}
