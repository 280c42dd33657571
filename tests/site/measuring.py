"""Several measurements on one throw-away installation: `python measuring.py FILE HOME WHAT…`, a line of FILE for each.

In a process of its own, for a throw-away installation is all of a process. It begins as a copy of HOME, which is
migrated already, and one worker stays for all that is measured: that a measurement starts its own is for the page that
tells of it to show (tests/docs/test_measuring.py).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

import msgspec

from espace.site.bench import house as bench
from espace.site.bench.authority import accepted_authority
from espace.site.bench.facts import Asked, What
from espace.site.bench.house import House, background, throwaway_house
from espace.site.commands.bench import measured
from espace.site.terminal import say, stop_on_signals
from running import copy_of

SPACES, DOCUMENTS, SECONDS, WARM_UP = 2, 2, 0.5, 0.2
MEBIBYTES = 24
MEASURE = "espace.site.bench.measure"
"""By its name: it reads programs which the settings of the house must find first."""


@contextmanager
def one_worker(house: House) -> Iterator[None]:
    """One worker, and its mail server, for every measurement of the block."""
    with background(house) as worker, patch(f"{MEASURE}.background", lambda house: nullcontext(worker)):
        yield


def main(file: Path, source: Path, *words: str) -> int:
    stop_on_signals()
    begun = patch.object(bench, "prepare_home", lambda config: copy_of(source, config.home))
    with (
        begun,
        accepted_authority() as accepted,
        throwaway_house({"ESPACE_PROCESSES": "1", **accepted}) as house,
        patch(f"{MEASURE}.WARM_UP_SECONDS", WARM_UP),
    ):
        asked = (
            Asked(What(what), SPACES, DOCUMENTS, (1,), SECONDS, first=rank * SPACES) for rank, what in enumerate(words)
        )
        with one_worker(house):
            failed = max(measured(one, file, house) for one in asked)
        from espace.site.bench.large import WAYS, weigh

        large = list(weigh(house, MEBIBYTES, WAYS[:1], say, first=len(words) * SPACES))
        file.with_suffix(".large").write_bytes(msgspec.json.encode(large))
        return failed


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
