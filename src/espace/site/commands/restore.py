"""`./espace restore`."""

import argparse
import time
from datetime import datetime
from pathlib import Path

from espace.site.backup.after import finish
from espace.site.backup.facts import Folders
from espace.site.backup.failures import told
from espace.site.backup.restoring import restore
from espace.site.config import load
from espace.site.terminal import say, stop_on_signals


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "ESPACE_HOME must be empty. Every byte of the back-up is checked first. Keys destroyed since stay destroyed; "
        "everybody signs in again, and software asks for new tokens."
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the data, as given to ./espace backup")
    parser.add_argument("--keys", type=Path, required=True, metavar="FOLDER", help="the keys of this back-up")
    parser.add_argument(
        "--at", type=moment, metavar="TIME", help="the state of this moment: 2026-11-22T06:05:00Z, or with +01:00"
    )


def moment(text: str) -> datetime:
    """An instant with its zone: without one, an hour would be somebody's guess."""
    try:
        at: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment is written 2026-11-22T06:05:00Z, or with its zone: +01:00")
    return at


def run(options: argparse.Namespace) -> int:
    stop_on_signals()
    config = load()
    folders = Folders(options.folder.absolute(), options.keys.absolute())
    begun = time.monotonic()
    with told():
        restored = restore(config, folders, at=options.at)
        # what the home says of itself (its mark) was not there when this process began
        finished = finish(load(), folders, restored.run)
    say(
        f"Restored {config.home} as of {restored.at:%Y-%m-%dT%H:%M:%SZ} in {time.monotonic() - begun:.1f} s: "
        f"{restored.contents} contents, {finished.tombstones} destroyed keys destroyed again. "
        f"{finished.sessions} sessions and {finished.tokens} tokens were ended."
    )
    say("Now run ./espace migrate, then ./espace fsck, and start the server and the worker.")
    return 0
