"""`./espace backup`."""

import argparse
import time
from pathlib import Path

from espace.site.backup.facts import Folders
from espace.site.backup.failures import told
from espace.site.backup.making import back_up
from espace.site.runtime import opened
from espace.site.terminal import say, stop_on_signals


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "The first back-up copies everything, the next ones what changed: run it every five minutes. "
        "Keep the two folders apart: whoever holds both reads everything."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the data go, sealed")
    parser.add_argument("--keys", type=Path, required=True, metavar="FOLDER", help="where the keys go, elsewhere")
    parser.add_argument("--full", action="store_true", help="copy the databases whole, whatever is there")


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    folders = Folders(options.folder.absolute(), options.keys.absolute())
    begun = time.monotonic()
    with opened() as config, told():
        made = back_up(config, folders, full=options.full)
    if folders.data.stat().st_dev == folders.keys.stat().st_dev:
        say("Both folders are on the same disk: whoever takes it reads everything. Keep the keys elsewhere.")
    say(
        f"Backed up {'everything' if made.full else 'what changed'} in {time.monotonic() - begun:.1f} s: "
        f"{made.contents} contents added. It can be restored as of {made.run.until:%Y-%m-%dT%H:%M:%SZ}."
    )
    return 0
