"""`./espace reset`."""

import argparse
import sys

from espace.site.config import Mark, load
from espace.site.postgres import is_running
from espace.site.terminal import Failed, say
from espace.site.testbed import remove_home


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(options: argparse.Namespace) -> int:
    config = load()
    if not config.home.exists():
        say(f"Nothing to delete: {config.home} does not exist.")
        return 0
    if config.mark is Mark.NONE:
        raise Failed(f"{config.home} does not bear the mark of a demonstration: nothing was deleted.")
    if is_running(config):
        raise Failed(f"The demonstration of {config.home} is running: stop it first (Ctrl-C where it runs).")
    if not (options.yes or _agreed(f"Delete the demonstration in {config.home}, people and documents included?")):
        raise Failed("Nothing was deleted: confirm with « yes », or give --yes.")
    remove_home(config)
    say(f"{config.home} was deleted.")
    return 0


def _agreed(question: str) -> bool:
    sys.stderr.write(f"{question} [yes/no] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("yes", "y", "oui", "o")
