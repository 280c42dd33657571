"""`./espace growth FILE.csv --source WORDS`: bring the curves against which a child's measures are drawn."""

import argparse
from pathlib import Path

from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

SOURCE_MOST = 200


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV: measure,sex,age_months,p3,p50,p97")
    parser.add_argument("--source", required=True, help="whose curves they are, as the pages name them")
    parser.epilog = (
        "One measure (weight, height, head, bmi), sex (F, M) and age a line, in kg, cm and kg/m2, UTF-8. The file is "
        "all the curves: it replaces those before. One wrong line, and nothing is taken. No curves are shipped: bring "
        "those that you may use."
    )


def run(options: argparse.Namespace) -> int:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        raise Failed(f"{options.file} cannot be read: {error.strerror}.") from error
    with opened():
        try:
            return _bring(data, options.source)
        finally:
            close_connections()


def _bring(data: bytes, source: str) -> int:
    from espace.clinical.actions.growth import put_growth
    from espace.site.csv_file import NotTaken
    from espace.site.growth_file import read

    words = " ".join(source.split())
    if not 0 < len(words) <= SOURCE_MOST:
        raise Failed(f"--source: from 1 to {SOURCE_MOST} characters.")
    try:
        found = read(data)
    except NotTaken as error:
        for line in error.lines:
            say(line)
        raise Failed("nothing was taken: curves are taken whole or not at all.") from error
    put_growth(found, source=words)
    say(f"{len(found)} lines of curves.")
    return 0
