"""`python begun.py HOME WORDS…`: the command line, whose throw-away installation begins as a copy of HOME.

HOME is migrated already: a new installation takes ten seconds to be made, and is for other tests to see.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from espace.site import cli
from espace.site.bench import house
from running import copy_of


def main(source: Path, *words: str) -> int:
    with patch.object(house, "prepare_home", lambda config: copy_of(source, config.home)):
        return cli.main(words)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
