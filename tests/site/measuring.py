"""Several measurements on one throw-away installation: `python measuring.py FILE WHAT…`, a line of FILE for each.

In a process of its own, for a throw-away installation is all of a process.
"""

import sys
from pathlib import Path

from espace.site.bench.facts import Asked, What
from espace.site.bench.house import throwaway_house
from espace.site.commands.bench import measured
from espace.site.terminal import stop_on_signals

SPACES, DOCUMENTS, SECONDS = 2, 2, 0.5


def main(file: Path, *words: str) -> int:
    stop_on_signals()
    with throwaway_house({"ESPACE_PROCESSES": "1"}) as house:
        asked = (
            Asked(What(what), SPACES, DOCUMENTS, (1,), SECONDS, first=rank * SPACES)
            for rank, what in enumerate(words)
        )
        return max(measured(one, file, house) for one in asked)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
