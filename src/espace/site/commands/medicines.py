"""`./espace medicines FILE.csv`: bring the list of medicines in which holders find what they take (E07)."""

import argparse
from pathlib import Path

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV: cip13,name[,substance[,atc]]")
    parser.epilog = (
        "One box a line, UTF-8. The file is the whole list: it replaces the one before. One wrong line, and nothing is "
        "taken. No list is shipped: bring the one that you may use."
    )


def run(options: argparse.Namespace) -> int:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}.") from error
    with opened():
        try:
            return _bring(data)
        finally:
            close_connections()


def _bring(data: bytes) -> int:
    from espace.clinical.actions.medicines import put_medicines
    from espace.site.csv_file import NotTaken
    from espace.site.medicines_file import read

    try:
        found = read(data)
    except NotTaken as error:
        for line in error.lines:
            say(line)
        raise Failed("nothing was taken: a list is taken whole or not at all.") from error
    put_medicines(found)
    say(f"{len(found)} medicines.")
    return 0
